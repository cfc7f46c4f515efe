// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {IRegistrationDesk} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {IUsageMeter, Settlement} from "../../contracts/interfaces/IUsageMeter.sol";
import {Signatures} from "../../contracts/libraries/Signatures.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {Outcome} from "../../contracts/types/Case.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Verdict} from "../../contracts/types/Verdict.sol";
import {Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "./Draft.sol";
import {GriefingScenes, Scene} from "./GriefingScenes.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {bound, vm} from "./Vm.sol";
import {Manner, Wallet} from "./Wallets.sol";

/// @notice A wallet that agrees in every other block.
contract FickleWallet {
    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return block.number % 2 == 0 ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Strangers do all they can to make what somebody is about to do dearer, or impossible. What they can add is
/// stated here, and in docs/threat-model.md.
/// forge-config: default.isolate = true
/// forge-config: default.fuzz.runs = 4
/// forge-config: ci.fuzz.runs = 8
contract GriefingTest is GriefingScenes {
    using Drafts for Draft;
    using KeyConsents for Wanted;

    /// @dev Gas that others' claims on the same content add to a claim: one more word to write, whatever their number.
    uint256 private constant DEARER_CLAIM = 5100;
    /// @dev Gas that others can add to anything else.
    uint256 private constant DEARER = 0;
    /// @dev Gas that a contract wallet can add for each signature that is asked of it.
    uint256 private constant DEARER_WALLET = 210_000;
    /// @dev Gas of one objection more or less open, which is all that others' objections add to one's own or to a
    /// decision.
    uint256 private constant DEARER_OBJECTION = 500;
    /// @dev A key that can sign, and a time that does not come.
    uint256 private constant KEY = 0xacc0;
    uint40 private constant DISTANT = GENESIS + 30_000 days;

    /// @dev How many of the strangers' doings went through.
    uint256 private landed;

    /* COSTS */

    /// @notice Registrations, versions, listings, anchors and promotions cost at most one word more for each claim.
    function testFuzz_ProductsAreNotMadeDearer(uint256 seed) external {
        _besiegeEach(_productScene, PRODUCT_SCENES, seed, DEARER);
    }

    /// @notice Nor do derivations.
    function testFuzz_DerivationsAreNotMadeDearer(uint256 seed) external {
        _besiegeEach(_lineageScene, LINEAGE_SCENES, seed, DEARER);
    }

    /// @notice Grants, agreements, sub-grants, use, receipts, suspensions and endings cost what they cost, whatever is
    /// granted beside, above or below them.
    function testFuzz_GrantsAreNotMadeDearer(uint256 seed) external {
        _besiegeEach(_grantScene, GRANT_SCENES, seed, DEARER);
    }

    /// @notice Applications and decisions cost what they cost, however many objections are raised; others' claims on
    /// what is applied for add one word.
    function testFuzz_CasesAreNotMadeDearer(uint256 seed) external {
        _besiegeEach(_caseScene, CASE_SCENES, seed, DEARER_OBJECTION);
    }

    /// @notice Enrolment, keys, agents, recoveries and suspensions cost what they cost, however many parties there are.
    function testFuzz_PartiesAreNotMadeDearer(uint256 seed) external {
        _besiegeEach(_partyScene, PARTY_SCENES, seed, DEARER);
    }

    /* REPLAY */

    /// @notice What was signed counts once, filed by whomever: agreements, endings, receipts, consents of keys.
    function test_NothingSignedCountsTwice() external {
        uint256[5] memory signed = [uint256(7), 9, 11, 12, 13];
        bytes4[5] memory refusals = [
            IGrantRegistry.GrantTaken.selector,
            IGrantRegistry.GrantEndsAlready.selector,
            IGrantRegistry.GrantTaken.selector,
            IGrantRegistry.GrantTaken.selector,
            IUsageMeter.ReceiptStale.selector
        ];
        for (uint256 i = 0; i < signed.length; ++i) {
            uint256 clean = vm.snapshotState();
            _assertCountsOnce(_grantScene(signed[i]), refusals[i]);
            vm.revertToState(clean);
        }
        bytes4[3] memory ofKeys = [
            IPartyRegistry.KeyClosed.selector, IPartyRegistry.KeyTaken.selector, IPartyRegistry.RecoveryUnknown.selector
        ];
        uint256[3] memory keys = [uint256(1), 2, 6];
        for (uint256 i = 0; i < keys.length; ++i) {
            uint256 clean = vm.snapshotState();
            _assertCountsOnce(_partyScene(keys[i]), ofKeys[i]);
            vm.revertToState(clean);
        }
    }

    function _assertCountsOnce(Scene memory s, bytes4 refusal) private {
        _cost(s);
        vm.prank(s.by);
        (bool done, bytes memory answer) = s.target.call(s.data);
        vm.assertFalse(done);
        vm.assertEq(bytes32(bytes4(answer)), bytes32(refusal));
    }

    /* WALLETS */

    /// @notice Whatever wallet a grantee is, it is asked nothing when its grants are made, suspended, resumed, revoked or
    /// used, alone or in a batch: it holds up nobody, and costs what an account does.
    function testFuzz_HostileGranteesHoldUpNothing(uint8 kind) external {
        Wallet wallet = _wallet(kind);
        Draft[2] memory pair = [_draft(), _draft()];
        pair[1].salt = 8;
        vm.prank(address(wallet));
        pair[1].grantee = parties.enrol("wallet");
        bytes[] memory batch = new bytes[](2);
        GrantId[] memory ids = new GrantId[](2);
        for (uint256 i = 0; i < 2; ++i) {
            (batch[i], ids[i]) = (pair[i].pack(), pair[i].idOf(address(grants)));
        }
        vm.startPrank(HOLDER);
        grants.issueBatch(batch);
        uint256[2] memory costs;
        for (uint256 i = 0; i < 2; ++i) {
            grants.record(new bytes32[](0), batch[i], _usage(1));
            costs[i] = vm.lastCallGas().totalUsed;
            grants.suspend(ids[i], Reason.DISPUTE, "");
            costs[i] += vm.lastCallGas().totalUsed;
            grants.resume(ids[i], 0);
            costs[i] += vm.lastCallGas().totalUsed;
        }
        grants.revokeBatch(ids, Reason.BREACH);
        vm.stopPrank();
        // Bytes of calldata that are zero in one and not in the other, at 12 gas each.
        vm.assertLe(costs[1], costs[0] + 4000);
        for (uint256 i = 0; i < 2; ++i) {
            vm.assertTrue(grants.verdictOf(ids[i], 0) == Verdict.GRANT_REVOKED);
        }
    }

    /// @notice A wallet in a batch of receipts undoes it at a stated cost, and is left out: the others settle.
    function testFuzz_HostileReceiptsAreLeftOut(uint8 kind) external {
        Wallet wallet = _wallet(kind);
        Draft memory d = _top();
        vm.prank(address(wallet));
        d.grantee = parties.enrol("wallet");
        Draft memory good = _top();
        good.salt = 9;
        bytes[] memory packed = new bytes[](2);
        (packed[0], packed[1]) = (good.pack(), d.pack());
        vm.prank(accounts[0]);
        grants.issueBatch(packed);
        Settlement[] memory batch = new Settlement[](2);
        batch[0] = _settled(good, _signed(1, bytes32(0)).signer);
        batch[1] = _settled(d, address(wallet));
        bytes32 digest = _receiptDigest(batch[1].grant, batch[1].receipt);
        if (!_honest(kind)) {
            vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, address(wallet), digest));
        }
        meter.settle(batch);
        if (_honest(kind)) return;
        vm.assertLe(vm.lastCallGas().totalUsed, DEARER_WALLET + 200_000);
        Settlement[] memory one = new Settlement[](1);
        one[0] = batch[0];
        meter.settle(one);
        vm.assertEq(meter.settledOf(batch[0].grant).cumulative(), 5);
    }

    /// @notice A wallet that agrees at one time and not at another is taken at its word once: what it agreed to stands,
    /// and is ended without it.
    function testFuzz_FickleWalletsAreTakenAtTheirWord(uint32 height) external {
        address wallet = address(new FickleWallet());
        Draft memory d = _agreed();
        vm.prank(wallet);
        d.grantee = parties.enrol("fickle");
        GrantId grant = d.idOf(address(grants));
        Approval memory word = Approval({signer: wallet, signature: "whatever"});
        bytes memory packed = d.pack();
        vm.roll(2 * uint256(height) + 1);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, wallet, GrantId.unwrap(grant)));
        grants.agree(packed, _signed(0, grant), word);
        vm.roll(2 * uint256(height) + 2);
        grants.agree(packed, _signed(0, grant), word);
        vm.roll(2 * uint256(height) + 3);
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.OK);
        vm.prank(accounts[0]);
        grants.revoke(grant, Reason.BREACH);
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.GRANT_REVOKED);
    }

    /// @notice A wallet that is to be a party's key, its controller or its agent, is asked at the same stated cost.
    function testFuzz_HostileKeysAreBounded(uint8 kind, bool agent) external {
        address account = vm.addr(KEY);
        uint256 clean = vm.snapshotState();
        uint256 usual = _takeKey(_wantedKey(account, agent), _wantedKey(account, agent).sign(KEY, address(parties)));
        vm.revertToState(clean);
        Wallet wallet = _wallet(kind);
        Wanted memory wanted = _wantedKey(address(wallet), agent);
        bytes32 digest = wanted.digest(address(parties));
        if (!_honest(kind)) {
            vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ConsentInvalid.selector, address(wallet), digest));
        }
        vm.assertLe(_takeKey(wanted, "whatever it takes"), usual + DEARER_WALLET);
        vm.assertTrue(parties.partyOf(address(wallet)) == (_honest(kind) ? holder : PartyId.wrap(0)));
    }

    function _wantedKey(address key, bool agent) private view returns (Wanted memory) {
        return agent
            ? KeyConsents.agent(holder, key, Scope.REGISTER, DISTANT, DISTANT)
            : KeyConsents.controller(holder, key, DISTANT);
    }

    function _takeKey(Wanted memory wanted, bytes memory consent) private returns (uint256) {
        vm.prank(HOLDER);
        if (wanted.kind == 1) parties.rotate(wanted.key, DISTANT, consent);
        else parties.appointAgent(wanted.key, Scope.REGISTER, DISTANT, DISTANT, consent);
        return vm.lastCallGas().totalUsed;
    }

    /// @notice Rights moved to a wallet, by an award or otherwise, ask nothing of it.
    function testFuzz_HostileReceiversAreNotAsked(uint8 kind) external {
        Wallet wallet = _wallet(kind);
        vm.prank(address(wallet));
        PartyId receiver = parties.enrol("wallet");
        ProductId made = _registered("awarded", Profile.PROPERTY);
        cases.executeAward(made, holder, receiver, Rights.OPERATE, EVIDENCE);
        vm.assertEq(products.rightsOf(made, receiver), Rights.OPERATE);
        vm.prank(HOLDER);
        products.transfer(product, receiver, Rights.USE);
        vm.assertEq(products.rightsOf(product, receiver), Rights.USE);
    }

    /// @notice A flood of objections makes work for the registrar, each one decision of the same cost, and a flooder pays
    /// no less for each than deciding it costs.
    function test_ObjectionsCostTheirMakers() external {
        ProductId made = _publicised("flooded", Profile.PROPERTY);
        uint256 raised;
        for (uint256 i = 0; i < 12; ++i) {
            _objectAs(_objector(i), made);
            raised += vm.lastCallGas().totalUsed;
        }
        uint256 decided;
        for (uint256 i = 0; i < 12; ++i) {
            cases.decide(made, i, Outcome.REJECTED, EVIDENCE);
            decided += vm.lastCallGas().totalUsed;
        }
        vm.assertLe(decided, raised);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ObjectionUnknown.selector, made, uint256(0)));
        cases.decide(made, 0, Outcome.REJECTED, EVIDENCE);
    }

    /* THE SIEGE */

    function _besiegeEach(
        function(uint256) internal returns (Scene memory) scene,
        uint256 count,
        uint256 seed,
        uint256 allowed
    ) private {
        for (uint256 i = 0; i < count; ++i) {
            uint256 clean = vm.snapshotState();
            _besiegeAndCompare(scene(i), seed, i, allowed);
            vm.revertToState(clean);
        }
    }

    function _besiegeAndCompare(Scene memory s, uint256 seed, uint256 scene, uint256 allowed) private {
        uint256 ready = vm.snapshotState();
        uint256 quiet = _cost(s);
        vm.revertToState(ready);
        _besiege(seed);
        vm.assertLe(1 + seed % 4, landed);
        uint256 most = quiet + allowed + s.claims * DEARER_CLAIM;
        uint256 besieged = _cost(s);
        vm.assertTrue(
            besieged <= most, string.concat(vm.toString(scene), ": ", vm.toString(besieged), " > ", vm.toString(most))
        );
    }

    function _cost(Scene memory s) private returns (uint256) {
        vm.prank(s.by);
        (bool done, bytes memory answer) = s.target.call(s.data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        return vm.lastCallGas().totalUsed;
    }

    /// @dev What strangers may do, one to four times each.
    function _besiege(uint256 seed) private {
        for (uint256 i = 0; i < 1 + seed % 4; ++i) {
            address stranger = address(uint160(uint256(keccak256(abi.encode(seed, i)))));
            _enrol(stranger);
            vm.startPrank(stranger);
            _registerAround(uint64(i));
            _grantAround(stranger, i);
            vm.stopPrank();
        }
    }

    /// @dev The same contents, roots and applications; rights given away; objections.
    function _registerAround(uint64 salt) private {
        Registration memory same = _wanted(salt);
        products.register(same);
        anchors.anchor(anchors.leafOf(holder, _wanted(0)), 3);
        same.particulars = _particulars(1000 + salt, Rights.ALL, 0);
        ProductId theirs = products.register(same);
        _try(address(products), abi.encodeCall(products.transfer, (theirs, holder, Rights.USE)));
        _try(address(products), abi.encodeCall(products.transfer, (theirs, members[0], Rights.OPERATE)));
        _try(address(cases), abi.encodeCall(cases.object, (subject, EVIDENCE)));
    }

    /// @dev Grants to those about to act, and beside and below the grants that they act on.
    function _grantAround(address stranger, uint256 salt) private {
        ProductId theirs = products.register(_registration(keccak256(abi.encode(stranger))));
        Draft memory d = _top();
        (d.product, d.grantor, d.salt) = (theirs, parties.partyOf(stranger), uint64(salt));
        d.grantee = holder;
        _try(address(grants), abi.encodeCall(grants.issue, (d.pack())));
        d.grantee = members[0];
        _try(address(grants), abi.encodeCall(grants.issue, (d.pack())));
        if (GrantId.unwrap(passedId) == 0) return;
        // Member 2 is with the strangers.
        vm.stopPrank();
        vm.startPrank(accounts[2]);
        Draft[] memory three = new Draft[](3);
        (three[0], three[1]) = (_top(), passed);
        three[2] = _below(_copy(passed), 2);
        (three[2].grantee, three[2].salt) = (parties.partyOf(stranger), uint64(500 + salt));
        _try(address(grants), abi.encodeCall(grants.issueUnder, (_path(three, 2), three[2].pack(), _none())));
    }

    /// @dev Where it can be done: not every scene has a case to object to, or a party to give something to.
    function _try(address target, bytes memory data) private {
        (bool done,) = target.call(data);
        if (done) ++landed;
    }

    /* AIDS */

    function _wallet(uint8 kind) private returns (Wallet) {
        return new Wallet(Manner(bound(kind, 0, uint8(type(Manner).max))), grants);
    }

    function _honest(uint8 kind) private pure returns (bool) {
        Manner manner = Manner(bound(kind, 0, uint8(type(Manner).max)));
        return manner == Manner.AGREES || manner == Manner.RETURNS_TOO_MUCH;
    }

    function _settled(Draft memory d, address grantee) private view returns (Settlement memory one) {
        one.grant = d.idOf(address(grants));
        one.receipt = _receipt(5, 1);
        one.clauses = d.pack();
        bytes32 digest = _receiptDigest(one.grant, one.receipt);
        (one.grantor, one.grantee) = (_signed(0, digest), _signed(1, digest));
        one.grantee.signer = grantee;
    }
}
// forge-lint: disable-end(unsafe-typecast)
