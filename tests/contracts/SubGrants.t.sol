// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "../../contracts/interfaces/IProductRegistry.sol";
import {Signatures} from "../../contracts/libraries/Signatures.sol";
import {Approval, Path} from "../../contracts/types/Approval.sol";
import {Clause} from "../../contracts/types/Clauses.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {GrantOrigin} from "../../contracts/types/GrantState.sol";
import {Role} from "../../contracts/types/Party.sol";
import {ProductState} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Use, Verdict} from "../../contracts/types/Verdict.sol";
import {Action, AnnotationKind, Form, Purpose, Reason, SubDelegation} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Grants that rest on grants: what they may be, and that nothing lives on what is dead.
contract SubGrantsTest is AgreementFixture {
    using Drafts for Draft;

    /* MAKING */

    /// @notice A sub-grant that one side issues is refused what every such grant is, by name.
    function test_OneSidedSubGrantsAreJudged() external {
        (Draft[] memory drafts,) = _chain(1);
        Draft[] memory three = new Draft[](3);
        (three[0], three[1]) = (drafts[0], drafts[1]);
        Draft memory d = three[2] = _below(_copy(drafts[1]), 2);
        d.form = uint8(Form.TWO_SIDED);
        _refuseUnder(three, abi.encodeWithSelector(IGrantRegistry.FormNeedsSignatures.selector, Form.TWO_SIDED));
        (d.form, d.noticeDays) = (0, 64);
        _refuseUnder(three, _invalid(Clause.NOTICE_DAYS, 64));
        (d.noticeDays, d.offerUntil) = (0, GENESIS);
        _refuseUnder(three, _invalid(Clause.OFFER_UNTIL, GENESIS));
        (d.offerUntil, d.agreement) = (0, bytes32(uint256(7)));
        _refuseUnder(three, _invalid(Clause.AGREEMENT, 7));
        d.agreement = 0;
        _issueUnder(three, 2);
    }

    /// @notice A sub-grant cannot be used before the grant above it has begun, whatever that has counted.
    function test_NothingIsUsedBeforeItBegins() external {
        Draft[] memory drafts = new Draft[](2);
        drafts[0] = _top();
        drafts[0].validFrom = GENESIS + 100;
        (drafts[0].periodQuota, drafts[0].periodLength) = (50, 1 days);
        vm.prank(accounts[0]);
        GrantId top = grants.issue(drafts[0].pack());
        drafts[1] = _below(_copy(drafts[0]), 1);
        GrantId grant = _issueUnder(drafts, 1);
        bytes32[] memory above = _above(drafts, 1);
        bytes memory packed = drafts[1].pack();
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.UsageRefused.selector, grant, Verdict.NOT_STARTED));
        vm.prank(accounts[1]);
        grants.record(above, packed, _usage(3));
        vm.warp(GENESIS + 100);
        vm.prank(accounts[1]);
        grants.record(above, packed, _usage(3));
        vm.assertEq(grants.periodOf(top).unpack().used, 3);
    }

    function _refuseUnder(Draft[] memory three, bytes memory refusal) private {
        Path memory path = _path(three, 2);
        bytes memory packed = three[2].pack();
        vm.expectRevert(refusal);
        vm.prank(accounts[2]);
        grants.issueUnder(path, packed, _none());
    }

    function _invalid(Clause clause, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IGrantRegistry.ClauseInvalid.selector, clause, value);
    }

    /// @notice Where the parent counts nothing, what is passed on may be counted in any way, or not at all.
    function testFuzz_CountsUnderNoQuota(uint8 unit, uint64 total) external {
        unit = 1 + unit % 5;
        Draft memory top = _top();
        (top.quotaUnit, top.quotaTotal) = (0, 0);
        vm.prank(accounts[0]);
        grants.issue(top.pack());
        Draft[] memory drafts = new Draft[](2);
        drafts[0] = top;
        drafts[1] = _below(_copy(top), 1);
        (drafts[1].quotaUnit, drafts[1].quotaTotal) = (unit, 1 + total % 1_000_000);
        GrantId grant = _issueUnder(drafts, 1);
        vm.assertEq(grants.stateOf(grant).remaining, drafts[1].quotaTotal);
        drafts[1].salt += 1;
        (drafts[1].quotaUnit, drafts[1].quotaTotal) = (0, 0);
        grant = _issueUnder(drafts, 1);
        vm.assertEq(grants.stateOf(grant).remaining, (1 << 52) - 1);
    }

    /// @notice Eight levels may be made below a grant of a product, and not a ninth.
    function test_EightLevelsAndNotNine() external {
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(8);
        vm.assertTrue(grants.stateOf(ids[8]).origin == GrantOrigin.SUB_GRANT);
        vm.assertTrue(_check(drafts, 8) == Verdict.OK);
        Draft[] memory more = new Draft[](10);
        for (uint256 i = 0; i <= 8; ++i) {
            more[i] = drafts[i];
        }
        more[9] = _copy(drafts[8]);
        (more[9].grantor, more[9].grantee) = (members[9], members[10]);
        _expectWider(Clause.SUB_DELEGATION, 0, 0);
        this.issueLevel(more, 9);
    }

    /// @notice Each clause that is wider than the parent's is refused by its name, with both values.
    function test_EachWiderClauseIsNamed() external {
        Draft memory top = _top();
        top.version = 1;
        top.environment = 3;
        top.obligations = 6;
        top.validFrom = GENESIS + 10;
        (top.periodQuota, top.periodLength) = (100, 1 days);
        top.scope = "scope";
        top.derivedRights = 1;
        top.subDelegation = uint8(SubDelegation.CONSENT);
        vm.prank(accounts[0]);
        grants.issue(top.pack());

        Draft memory d = _childOf(top);
        d.product = product;
        _refuse(top, d, Clause.PRODUCT, uint160(ProductId.unwrap(agreed)), uint160(ProductId.unwrap(product)));
        d = _childOf(top);
        d.version = 0;
        _refuse(top, d, Clause.VERSION, 1, 0);
        d = _childOf(top);
        d.rights = 6;
        _refuse(top, d, Clause.RIGHTS, top.rights, 6);
        d = _childOf(top);
        d.actions |= Action.TRAIN;
        _refuse(top, d, Clause.ACTIONS, top.actions, d.actions);
        d = _childOf(top);
        d.purposes |= Purpose.RESALE;
        _refuse(top, d, Clause.PURPOSES, top.purposes, d.purposes);
        d = _childOf(top);
        d.environment = 0;
        _refuse(top, d, Clause.ENVIRONMENT, 3, 0);
        d.environment = 7;
        _refuse(top, d, Clause.ENVIRONMENT, 3, 7);
        d = _childOf(top);
        d.validFrom -= 1;
        _refuse(top, d, Clause.VALID_FROM, top.validFrom, d.validFrom);
        d = _childOf(top);
        d.validUntil += 1;
        _refuse(top, d, Clause.VALID_UNTIL, top.validUntil, d.validUntil);
        d.validUntil = 0;
        _refuse(top, d, Clause.VALID_UNTIL, top.validUntil, 0);
        d = _childOf(top);
        d.quotaUnit = 5;
        _refuse(top, d, Clause.QUOTA_UNIT, top.quotaUnit, 5);
        d = _childOf(top);
        d.quotaTotal += 1;
        _refuse(top, d, Clause.QUOTA_TOTAL, top.quotaTotal, d.quotaTotal);
        d = _childOf(top);
        d.periodQuota += 1;
        _refuse(top, d, Clause.PERIOD, 100, 101);
        d = _childOf(top);
        d.periodLength -= 1;
        _refuse(top, d, Clause.PERIOD, 100, 100);
        (d.periodQuota, d.periodLength) = (0, 0);
        _refuse(top, d, Clause.PERIOD, 100, 0);
        d = _childOf(top);
        d.territory = new uint32[](0);
        _refuse(top, d, Clause.TERRITORY, top.territory[0], 0);
        d.territory = new uint32[](1);
        d.territory[0] = 156_000_000;
        _refuse(top, d, Clause.TERRITORY, top.territory[0], 156_000_000);
        d = _childOf(top);
        d.obligations = 2;
        _refuse(top, d, Clause.OBLIGATIONS, 6, 2);
        d = _childOf(top);
        d.subDelegation = uint8(SubDelegation.FREE);
        _refuse(top, d, Clause.SUB_DELEGATION, 1, 2);
        d = _childOf(top);
        d.depth = 8;
        _refuse(top, d, Clause.DEPTH, 8, 8);
        d = _childOf(top);
        d.scope = "other";
        _refuse(top, d, Clause.SCOPE, uint256(top.scope), uint256(d.scope));
        d = _childOf(top);
        d.derivedRights = 2;
        _refuse(top, d, Clause.DERIVED_RIGHTS, 1, 2);
        grantJudge.requireNarrower(top.pack(), _childOf(top).pack());
    }

    /// @notice Only the grantee of a grant passes it on, in its own name.
    function test_OnlyTheGranteePassesOn() external {
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(1);
        drafts[1].grantor = members[3];
        drafts[1].salt = 9;
        Path memory path = _path(drafts, 1);
        bytes memory packed = drafts[1].pack();
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ParentNotYours.selector, ids[0], members[3]));
        vm.prank(accounts[3]);
        grants.issueUnder(path, packed, _none());
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantorMismatch.selector, members[3], members[1]));
        vm.prank(accounts[1]);
        grants.issueUnder(path, packed, _none());
    }

    /// @notice No ancestor can be invented: a path with any word changed, left out or added names no grant.
    function testFuzz_InventedAncestors(uint256 place, bytes32 word) external {
        (Draft[] memory drafts,) = _chain(4);
        drafts[4].salt = 99;
        Path memory path = _path(drafts, 4);
        bytes memory packed = drafts[4].pack();
        place = bound(place, 0, 2);
        vm.assume(path.above[place] != word);
        path.above[place] = word;
        _expectAncestorUnknown(path, packed, 4);
        path.above = new bytes32[](0);
        _expectAncestorUnknown(path, packed, 4);
        bytes32[] memory above = _above(drafts, 4);
        above[place] = word;
        Use memory use = _use();
        use.user = members[4];
        vm.assertTrue(grantJudge.check(above, drafts[4].pack(), use) == Verdict.GRANT_UNKNOWN);
    }

    /// @notice Where the parent asks for it, its grantor consents to each sub-grant by a signature of its own.
    function test_Consent() external {
        Draft memory top = _top();
        top.subDelegation = uint8(SubDelegation.CONSENT);
        vm.prank(accounts[0]);
        GrantId parent = grants.issue(top.pack());
        Draft[] memory drafts = new Draft[](2);
        drafts[0] = top;
        drafts[1] = _childOf(top);
        GrantId grant = drafts[1].idUnder(address(grants), parent);
        Path memory path = _path(drafts, 1);
        bytes memory packed = drafts[1].pack();
        Approval memory stranger = _signed(1, _consentDigest(grant));
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.SignerMismatch.selector, members[0], accounts[1]));
        vm.prank(accounts[1]);
        grants.issueUnder(path, packed, stranger);
        bytes32 digest = _consentDigest(grant);
        Approval memory another = _signed(0, _consentDigest(parent));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, accounts[0], digest));
        vm.prank(accounts[1]);
        grants.issueUnder(path, packed, another);
        Approval memory consent = _signed(0, digest);
        vm.expectEmit(address(grants));
        emit IGrantRegistry.SubGrantIssued(grant, agreed, members[2], parent, accounts[0], packed);
        vm.prank(accounts[1]);
        grants.issueUnder(path, packed, consent);
    }

    /// @notice Two sides agree on a sub-grant, each by its signature, with the same bounds.
    function test_AgreesUnder() external {
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(1);
        Draft[] memory more = new Draft[](3);
        (more[0], more[1], more[2]) = (drafts[0], drafts[1], _below(_copy(drafts[1]), 2));
        more[2].form = uint8(Form.TWO_SIDED);
        more[2].offerUntil = GENESIS + 1 days;
        GrantId grant = more[2].idUnder(address(grants), ids[1]);
        Path memory path = _path(more, 2);
        bytes memory packed = more[2].pack();
        Approval memory one = _signed(2, grant);
        Approval memory two = _signed(3, grant);
        vm.prank(OTHER);
        vm.assertTrue(grants.agreeUnder(path, packed, one, two, _none()) == grant);
        vm.assertTrue(grants.stateOf(grant).origin == GrantOrigin.SUB_GRANT);
        vm.assertTrue(_check(more, 2) == Verdict.OK);
        more[2].quotaTotal += 1;
        packed = more[2].pack();
        _expectWider(Clause.QUOTA_TOTAL, 10_000, 10_001);
        grants.agreeUnder(path, packed, one, two, _none());
    }

    /// @notice Nothing is passed on of a product that ended, is frozen or disputed, by one side or by both.
    function testFuzz_PassesOnWhatStands(uint8 kind, bool signed) external {
        kind = uint8(bound(kind, 0, 3));
        uint16 office = kind == uint8(AnnotationKind.CONTROL) ? Role.REGULATOR : Role.COURT;
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, office)));
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(1);
        Draft[] memory more = new Draft[](3);
        (more[0], more[1], more[2]) = (drafts[0], drafts[1], _below(_copy(drafts[1]), 2));
        if (signed) (more[2].form, more[2].offerUntil) = (uint8(Form.TWO_SIDED), GENESIS + 30 days);
        bytes memory refusal =
            abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, agreed, ProductState.RETIRED);
        if (kind == 3) {
            vm.prank(accounts[0]);
            products.retire(agreed);
        } else {
            vm.prank(OTHER);
            products.annotate(agreed, AnnotationKind(kind), Reason.AUTHORITY, 0);
            uint8[3] memory counts;
            counts[kind] = 1;
            refusal = abi.encodeWithSelector(
                IProductRegistry.ProductEncumbered.selector, agreed, counts[0], counts[1], counts[2]
            );
        }
        GrantId grant = more[2].idUnder(address(grants), ids[1]);
        Path memory path = _path(more, 2);
        bytes memory packed = more[2].pack();
        Approval memory one = _signed(2, grant);
        Approval memory two = _signed(3, grant);
        vm.expectRevert(refusal);
        vm.prank(accounts[2]);
        if (signed) grants.agreeUnder(path, packed, one, two, _none());
        else grants.issueUnder(path, packed, _none());
    }

    /* WHAT RESTS ON THE DEAD */

    /// @notice One write anywhere above ends all below it at once, and says so; resuming brings back, revoking never.
    function testFuzz_DeadAncestors(uint8 level, bool suspends) external {
        uint256 where = bound(level, 0, 4);
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(5);
        vm.prank(accounts[where]);
        if (suspends) grants.suspend(ids[where], Reason.DISPUTE, "evidence");
        else grants.revoke(ids[where], Reason.BREACH);
        for (uint256 i = 0; i <= 5; ++i) {
            Verdict own = suspends ? Verdict.GRANT_SUSPENDED : Verdict.GRANT_REVOKED;
            Verdict below = suspends ? Verdict.ANCESTOR_SUSPENDED : Verdict.ANCESTOR_REVOKED;
            vm.assertTrue(_check(drafts, i) == (i < where ? Verdict.OK : i == where ? own : below));
        }
        bytes32[] memory above = _above(drafts, 5);
        bytes memory packed = drafts[5].pack();
        bytes memory refusal = abi.encodeWithSelector(
            IGrantRegistry.UsageRefused.selector,
            ids[where],
            suspends ? Verdict.ANCESTOR_SUSPENDED : Verdict.ANCESTOR_REVOKED
        );
        vm.expectRevert(refusal);
        vm.prank(accounts[5]);
        grants.record(above, packed, _usage(1));
        drafts[5].salt = 77;
        vm.expectRevert(
            abi.encodeWithSelector(
                IGrantRegistry.AncestorNotInForce.selector,
                ids[where],
                suspends ? Verdict.ANCESTOR_SUSPENDED : Verdict.ANCESTOR_REVOKED
            )
        );
        this.issueLevel(drafts, 5);
        drafts[5].salt = drafts[4].salt;
        if (!suspends) return;
        vm.prank(accounts[where]);
        grants.resume(ids[where], 0);
        vm.assertTrue(_check(drafts, 5) == Verdict.OK);
    }

    /// @notice A suspended party anywhere above is told, whoever it is.
    function testFuzz_SuspendedPartiesAbove(uint8 level) external {
        uint256 who = bound(level, 0, 5);
        (Draft[] memory drafts,) = _chain(4);
        parties.suspend(members[who], Reason.RISK, 0);
        Verdict expected = Verdict.ANCESTOR_PARTY_SUSPENDED;
        if (who == 4) expected = Verdict.GRANTOR_SUSPENDED;
        if (who == 5) expected = Verdict.GRANTEE_SUSPENDED;
        vm.assertTrue(_check(drafts, 4) == expected);
    }

    /// @notice Revoking costs the same, to one part in a hundred, with one grant below and with five thousand.
    function test_RevokingCostsTheSameForAnySubtree() external {
        uint256[2] memory costs;
        for (uint256 round = 0; round < 2; ++round) {
            Draft[] memory drafts = new Draft[](2);
            drafts[0] = _top();
            drafts[0].salt = uint64(round + 1);
            vm.prank(accounts[0]);
            GrantId top = grants.issue(drafts[0].pack());
            drafts[1] = _below(_copy(drafts[0]), 1);
            Path memory path = _path(drafts, 1);
            for (uint256 i = 0; i < (round == 0 ? 1 : 5000); ++i) {
                drafts[1].salt = uint64(i);
                bytes memory packed = drafts[1].pack();
                vm.prank(accounts[1]);
                grants.issueUnder(path, packed, _none());
            }
            vm.prank(accounts[0]);
            uint256 before = gasleft();
            grants.revoke(top, Reason.BREACH);
            costs[round] = before - gasleft();
            vm.assertTrue(_check(drafts, 1) == Verdict.ANCESTOR_REVOKED);
        }
        vm.assertLe(costs[1] * 100, costs[0] * 101);
    }

    /* DERIVING */

    /// @notice Whoever was granted DERIVE may derive, of that product, as long as the grant stands.
    function test_Derivable() external {
        Draft memory d = _draft();
        GrantId grant = _issue(d);
        bytes32[] memory above = new bytes32[](0);
        (Verdict verdict, ProductId of_) = grants.derivable(above, d.pack(), buyer);
        vm.assertTrue(verdict == Verdict.ACTION_NOT_GRANTED && of_ == product);
        d.actions |= Action.DERIVE;
        (verdict,) = grants.derivable(above, d.pack(), buyer);
        vm.assertTrue(verdict == Verdict.GRANT_UNKNOWN);
        grant = _issue(d);
        (verdict, of_) = grants.derivable(above, d.pack(), buyer);
        vm.assertTrue(verdict == Verdict.OK && of_ == product);
        (verdict,) = grants.derivable(above, d.pack(), other);
        vm.assertTrue(verdict == Verdict.USER_NOT_GRANTEE);
        vm.prank(BUYER);
        grants.revoke(grant, Reason.RENOUNCED);
        (verdict,) = grants.derivable(above, d.pack(), buyer);
        vm.assertTrue(verdict == Verdict.GRANT_REVOKED);
    }

    /* AIDS */

    function issueLevel(Draft[] memory drafts, uint256 level) external {
        Path memory path = _path(drafts, level);
        bytes memory packed = drafts[level].pack();
        vm.prank(accounts[level]);
        grants.issueUnder(path, packed, _none());
    }

    function _childOf(Draft memory top) private view returns (Draft memory) {
        return _below(_copy(top), 1);
    }

    function _refuse(Draft memory top, Draft memory child, Clause clause, uint256 above, uint256 below) private {
        bytes memory one = top.pack();
        bytes memory two = child.pack();
        _expectWider(clause, above, below);
        grantJudge.requireNarrower(one, two);
        Draft[] memory drafts = new Draft[](2);
        (drafts[0], drafts[1]) = (top, child);
        _expectWider(clause, above, below);
        this.issueLevel(drafts, 1);
    }

    function _expectWider(Clause clause, uint256 above, uint256 below) private {
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ClauseWider.selector, clause, above, below));
    }

    function _expectAncestorUnknown(Path memory path, bytes memory packed, uint256 level) private {
        vm.prank(accounts[level]);
        try grants.issueUnder(path, packed, _none()) {
            vm.assertTrue(false, "an invented ancestor was taken");
        } catch (bytes memory refusal) {
            vm.assertEq(bytes32(bytes4(refusal)), bytes32(IGrantRegistry.AncestorNotInForce.selector));
        }
    }

    function _check(Draft[] memory drafts, uint256 level) private view returns (Verdict) {
        Use memory use = _use();
        use.user = drafts[level].grantee;
        return grantJudge.check(_above(drafts, level), drafts[level].pack(), use);
    }
}
// forge-lint: disable-end(unsafe-typecast)
