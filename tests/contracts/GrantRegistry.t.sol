// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Clause} from "../../contracts/types/Clauses.sol";
import {GrantId, NO_GRANT} from "../../contracts/types/GrantId.sol";
import {GrantOrigin, GrantStage, GrantState, UNLIMITED} from "../../contracts/types/GrantState.sol";
import {Standing} from "../../contracts/types/Key.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductState} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Verdict} from "../../contracts/types/Verdict.sol";
import {Environment, Reason, Rights, SecurityClass, Template} from "../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "./Draft.sol";
import {GrantFixture} from "./GrantFixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
contract GrantRegistryTest is GrantFixture {
    using Drafts for Draft;

    GrantId private constant NOTHING = GrantId.wrap("nothing");

    /* ISSUING */

    /// @notice A grant is kept under the digest of its terms, with its state, and its event carries the clauses.
    function testFuzz_Issues(uint64 salt, uint64 quota, uint32 lasts, uint8 notice) external {
        Draft memory d = _draft();
        d.salt = salt;
        d.quotaTotal = uint64(bound(quota, 1, UNLIMITED - 1));
        d.validUntil = GENESIS + 1 + uint40(bound(lasts, 0, 2_000_000_000));
        d.noticeDays = uint8(bound(notice, 0, 63));
        GrantId expected = d.idOf(address(grants));
        vm.expectEmit(address(grants));
        emit IGrantRegistry.GrantIssued(expected, product, buyer, d.pack());
        vm.assertTrue(_issue(d) == expected);

        GrantState memory state = grants.stateOf(expected);
        vm.assertTrue(state.grantor == holder && state.grantee == buyer);
        vm.assertEq(state.since, GENESIS);
        vm.assertEq(state.endsAt, d.validUntil);
        vm.assertEq(state.remaining, d.quotaTotal);
        vm.assertEq(state.noticeDays, d.noticeDays);
        vm.assertTrue(state.stage == GrantStage.ISSUED && state.origin == GrantOrigin.ONE_SIDED);
        vm.assertFalse(state.periodic);
        vm.assertTrue(grants.idOf(NO_GRANT, d.pack()) == expected);
    }

    /// @notice A grant without a quota has no end of units; one with a quota for each period is marked.
    function testFuzz_KeepsKindOfQuota(uint64 total, uint64 period) external {
        Draft memory d = _draft();
        d.quotaUnit = 0;
        d.quotaTotal = 0;
        vm.assertEq(grants.stateOf(_issue(d)).remaining, UNLIMITED);
        d = _draft();
        d.quotaTotal = uint64(bound(total, 1, UNLIMITED - 1));
        d.periodQuota = uint64(bound(period, 1, d.quotaTotal));
        d.periodLength = 86_400;
        vm.assertTrue(grants.stateOf(_issue(d)).periodic);
    }

    /// @notice A batch is as many grants by themselves, whoever they are for.
    function testFuzz_IssuesBatch(uint256 seed, uint8 count) external {
        count = uint8(bound(count, 0, 12));
        bytes[] memory batch = new bytes[](count);
        GrantId[] memory ids = new GrantId[](count);
        for (uint256 i = 0; i < count; ++i) {
            Draft memory d = _draft();
            d.salt = uint64(i);
            d.grantee = (seed >> i) & 1 == 0 ? buyer : other;
            batch[i] = d.pack();
            ids[i] = d.idOf(address(grants));
        }
        vm.prank(HOLDER);
        grants.issueBatch(batch);
        for (uint256 i = 0; i < count; ++i) {
            vm.assertTrue(grants.stateOf(ids[i]).grantor == holder);
        }
    }

    /// @notice A suspended grantee anywhere in a batch refuses the whole of it.
    function testFuzz_BatchAsksForEachGrantee(uint8 bad) external {
        bad = uint8(bound(bad, 0, 5));
        bytes[] memory batch = new bytes[](6);
        GrantId first;
        for (uint256 i = 0; i < 6; ++i) {
            Draft memory d = _draft();
            d.salt = uint64(i);
            if (i == bad) d.grantee = other;
            batch[i] = d.pack();
            if (i == (bad + 1) % 6) first = d.idOf(address(grants));
        }
        parties.suspend(other, Reason.RISK, 0);
        vm.expectRevert(_inactive(other));
        vm.prank(HOLDER);
        grants.issueBatch(batch);
        vm.assertTrue(grants.verdictOf(first, 0) == Verdict.GRANT_UNKNOWN);
    }

    /// @notice Nobody is no grantee, wherever it stands in a batch.
    function testFuzz_BatchRefusesNobody(uint8 place) external {
        bytes[] memory batch = new bytes[](3);
        for (uint256 i = 0; i < 3; ++i) {
            Draft memory d = _draft();
            d.salt = uint64(i);
            if (i == place % 3) d.grantee = PartyId.wrap(0);
            batch[i] = d.pack();
        }
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, PartyId.wrap(0)));
        vm.prank(HOLDER);
        grants.issueBatch(batch);
    }

    /// @notice The same terms cannot be issued twice, nor after they were revoked.
    function testFuzz_RefusesTheSameAgain(bool revoked) external {
        GrantId grant = _issue(_draft());
        if (revoked) {
            vm.prank(HOLDER);
            grants.revoke(grant, Reason.MISTAKE);
        }
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantTaken.selector, grant));
        _issue(_draft());
    }

    /// @notice Nobody grants in another's name.
    function testFuzz_RefusesAnothersName(uint64 named) external {
        Draft memory d = _draft();
        d.grantor = PartyId.wrap(named);
        vm.assume(d.grantor != holder);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantorMismatch.selector, d.grantor, holder));
        _issue(d);
    }

    /// @notice Only enrolled and active parties grant and are granted to.
    function testFuzz_OnlyActiveParties(address stranger, uint64 nobody) external {
        vm.assume(PartyId.unwrap(parties.partyOf(stranger)) == 0);
        Draft memory d = _draft();
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, stranger));
        vm.prank(stranger);
        grants.issue(d.pack());

        d.grantee = PartyId.wrap(nobody);
        vm.assume(parties.standingOf(d.grantee) == Standing.NONE);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, d.grantee));
        _issue(d);

        parties.suspend(buyer, Reason.RISK, 0);
        vm.expectRevert(_inactive(buyer));
        _issue(_draft());
        parties.resume(buyer, 0);
        parties.suspend(holder, Reason.RISK, 0);
        vm.expectRevert(_inactive(holder));
        _issue(_draft());
    }

    /// @notice Nobody grants to itself.
    function test_RefusesSelf() external {
        Draft memory d = _draft();
        d.grantee = holder;
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GranteeIsGrantor.selector, holder));
        _issue(d);
    }

    /// @notice A service party must be a party.
    function testFuzz_ServicePartyIsKnown(uint64 named) external {
        Draft memory d = _draft();
        d.serviceParty = PartyId.wrap(named);
        vm.assume(named != 0 && parties.standingOf(d.serviceParty) == Standing.NONE);
        _expectInvalid(Clause.SERVICE_PARTY, named);
        _issue(d);
        d.serviceParty = other;
        _issue(d);
    }

    /// @notice A grant is of a product that stands, in a version it has.
    function testFuzz_GrantsWhatStands(bytes20 nothing, uint16 version) external {
        Draft memory d = _draft();
        d.product = ProductId.wrap(nothing);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductUnknown.selector, d.product));
        _issue(d);
        d = _draft();
        d.version = uint16(bound(version, 2, type(uint16).max));
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.VersionUnknown.selector, product, d.version, uint16(1)));
        _issue(d);
        vm.prank(HOLDER);
        products.retire(product);
        vm.expectRevert(
            abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, product, ProductState.RETIRED)
        );
        _issue(_draft());
    }

    /// @notice A grantor holds OPERATE and every right it grants; for an entrustment HOLD or USE will do.
    function testFuzz_GrantorHoldsWhatItGrants(uint8 held, uint8 granted, bool entrusted) external {
        held = (held & Rights.ALL) | Rights.HOLD;
        granted = uint8(bound(granted, entrusted ? 0 : 1, Rights.ALL));
        Registration memory registration = _registration("rights");
        registration.particulars = _particulars(0, held, 0);
        Draft memory d = _draft();
        d.product = _registerBy(HOLDER, registration);
        d.rights = granted;
        if (entrusted) d.template = uint8(Template.ENTRUSTMENT);
        bool allowed = (entrusted || held & Rights.OPERATE != 0) && granted & ~held == 0;
        if (!allowed) {
            uint8 needed = granted | (entrusted ? Rights.HOLD : Rights.OPERATE);
            vm.expectRevert(
                abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, d.product, holder, held, needed)
            );
        }
        _issue(d);
    }

    /// @notice Granting follows rights that moved, and someone else's product is not for granting.
    function test_GrantingFollowsRights() external {
        Draft memory d = _draft();
        d.grantor = other;
        d.grantee = buyer;
        bytes memory packed = d.pack();
        vm.expectRevert(_rightsMissing(other, 0));
        vm.prank(OTHER);
        grants.issue(packed);

        vm.prank(HOLDER);
        products.transfer(product, other, Rights.USE | Rights.OPERATE);
        vm.prank(OTHER);
        grants.issue(packed);
        vm.expectRevert(_rightsMissing(holder, Rights.HOLD));
        _issue(_draft());
    }

    /// @notice Important and core data go to guarded environments only.
    function testFuzz_GuardsSensitiveData(uint8 class, uint8 environment) external {
        class = uint8(bound(class, 1, 2));
        environment = environment & Environment.ALL;
        Registration memory registration = _registration("guarded");
        registration.particulars = _particulars(0, Rights.ALL, class);
        Draft memory d = _draft();
        d.product = _registerBy(HOLDER, registration);
        d.environment = environment;
        uint8 guarded = Environment.SANDBOX | Environment.TEE | Environment.MPC;
        if (environment == 0 || environment & ~guarded != 0) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IGrantRegistry.EnvironmentTooOpen.selector, d.product, SecurityClass(class), environment
                )
            );
        }
        _issue(d);
    }

    /* REVOKING */

    /// @notice The grantor revokes after the notice agreed, the grantee renounces at once; the event says which.
    function testFuzz_Revokes(bool byGrantor, uint8 notice, uint8 why, uint32 later) external {
        Reason reason = Reason(bound(why, 0, uint256(type(Reason).max)));
        Draft memory d = _draft();
        d.noticeDays = uint8(bound(notice, 0, 63));
        d.validUntil = 0;
        GrantId grant = _issue(d);
        vm.warp(GENESIS + bound(later, 0, 1_000_000_000));
        uint40 end = uint40(block.timestamp) + (byGrantor ? uint40(d.noticeDays) * 1 days : 0);
        vm.expectEmit(address(grants));
        emit IGrantRegistry.GrantRevoked(grant, byGrantor ? holder : buyer, end, reason);
        vm.prank(byGrantor ? HOLDER : BUYER);
        grants.revoke(grant, reason);

        GrantState memory state = grants.stateOf(grant);
        vm.assertEq(state.endsAt, end);
        vm.assertTrue(state.stage == GrantStage.REVOKED);
        vm.assertTrue(state.grantor == holder && state.grantee == buyer);
        vm.assertEq(state.since, GENESIS);
        vm.assertEq(state.remaining, d.quotaTotal);
        if (end > block.timestamp) {
            vm.assertTrue(grants.verdictOf(grant, end - 1) == Verdict.OK);
        }
        vm.assertTrue(grants.verdictOf(grant, end) == Verdict.GRANT_REVOKED);
    }

    /// @notice Revocation is final: no call makes a grant end later than it would.
    function testFuzz_RevocationIsFinal(uint8 notice, uint32 later) external {
        Draft memory d = _draft();
        d.noticeDays = uint8(bound(notice, 0, 63));
        GrantId grant = _issue(d);
        vm.prank(BUYER);
        grants.revoke(grant, Reason.RENOUNCED);
        vm.warp(GENESIS + uint256(later));
        bytes memory refusal = abi.encodeWithSelector(IGrantRegistry.GrantEndsAlready.selector, grant, GENESIS);
        vm.expectRevert(refusal);
        vm.prank(HOLDER);
        grants.revoke(grant, Reason.BREACH);
        vm.expectRevert(refusal);
        vm.prank(BUYER);
        grants.revoke(grant, Reason.BREACH);
    }

    /// @notice A notice that runs past the end of the window changes nothing and is refused.
    function test_NoticePastTheEndIsRefused() external {
        Draft memory d = _draft();
        d.noticeDays = 30;
        d.validUntil = GENESIS + 29 days;
        GrantId grant = _issue(d);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantEndsAlready.selector, grant, d.validUntil));
        vm.prank(HOLDER);
        grants.revoke(grant, Reason.BREACH);
    }

    /// @notice During the notice the grantee may still leave at once.
    function test_RenouncesDuringNotice() external {
        Draft memory d = _draft();
        d.noticeDays = 30;
        GrantId grant = _issue(d);
        vm.prank(HOLDER);
        grants.revoke(grant, Reason.BREACH);
        vm.prank(BUYER);
        grants.revoke(grant, Reason.RENOUNCED);
        vm.assertEq(grants.stateOf(grant).endsAt, GENESIS);
    }

    /// @notice Suspension and pause do not stand in the way of revoking.
    function test_SuspendedRevokesDuringPause() external {
        GrantId grant = _issue(_draft());
        parties.suspend(holder, Reason.RISK, 0);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (GENESIS + 6 days)));
        vm.prank(HOLDER);
        grants.revoke(grant, Reason.LEGAL_DUTY);
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.GRANT_REVOKED);
    }

    /// @notice Nobody but the two sides revokes, and nothing that does not exist is revoked.
    function testFuzz_RefusesOthers(address stranger) external {
        vm.assume(PartyId.unwrap(parties.partyOf(stranger)) == 0);
        GrantId grant = _issue(_draft());
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, stranger));
        vm.prank(stranger);
        grants.revoke(grant, Reason.BREACH);
        vm.startPrank(OTHER);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, other));
        grants.revoke(grant, Reason.BREACH);
        bytes memory refusal = abi.encodeWithSelector(IGrantRegistry.GrantUnknown.selector, NOTHING);
        vm.expectRevert(refusal);
        grants.revoke(NOTHING, Reason.BREACH);
        vm.expectRevert(refusal);
        grants.stateOf(NOTHING);
        vm.stopPrank();
        vm.assertTrue(grants.verdictOf(NOTHING, 0) == Verdict.GRANT_UNKNOWN);
    }

    /// @notice A batch revokes all of its grants or none.
    function testFuzz_RevokesBatch(uint8 count, uint8 bad) external {
        count = uint8(bound(count, 1, 10));
        GrantId[] memory batch = new GrantId[](count);
        for (uint256 i = 0; i < count; ++i) {
            Draft memory d = _draft();
            d.salt = uint64(i);
            batch[i] = _issue(d);
        }
        GrantId kept = batch[bound(bad, 0, count - 1)];
        batch[bound(bad, 0, count - 1)] = NOTHING;
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantUnknown.selector, NOTHING));
        vm.prank(HOLDER);
        grants.revokeBatch(batch, Reason.RISK);
        batch[bound(bad, 0, count - 1)] = kept;
        vm.prank(HOLDER);
        grants.revokeBatch(batch, Reason.RISK);
        for (uint256 i = 0; i < count; ++i) {
            vm.assertTrue(grants.verdictOf(batch[i], 0) == Verdict.GRANT_REVOKED);
        }
    }

    /// @notice The registry names the registries it asks, and the domain its ids are bound to.
    function test_NamesItsDomain() external view {
        vm.assertEq(address(grants.parties()), address(parties));
        vm.assertEq(address(grants.products()), address(products));
        vm.assertEq(address(products.parties()), address(parties));
        (, string memory name, string memory version, uint256 chain, address verifier,,) = grants.eip712Domain();
        vm.assertEq(keccak256(bytes(name)), keccak256("Dengji"));
        vm.assertEq(keccak256(bytes(version)), keccak256("1"));
        vm.assertEq(chain, block.chainid);
        vm.assertEq(verifier, address(grants));
    }

    function _inactive(PartyId party) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, party, Standing.SUSPENDED);
    }

    function _rightsMissing(PartyId party, uint8 held) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            IProductRegistry.RightsMissing.selector, product, party, held, Rights.USE | Rights.OPERATE
        );
    }

    function _expectInvalid(Clause clause, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ClauseInvalid.selector, clause, value));
    }
}
// forge-lint: disable-end(unsafe-typecast)
