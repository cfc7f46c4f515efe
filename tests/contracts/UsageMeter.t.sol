// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IUsageMeter, Settlement} from "../../contracts/interfaces/IUsageMeter.sol";
import {Signatures} from "../../contracts/libraries/Signatures.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Receipt} from "../../contracts/types/Receipt.sol";
import {Verdict} from "../../contracts/types/Verdict.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {bound, vm} from "./Vm.sol";
import {Manner, Wallet} from "./Wallets.sol";

/// @notice Receipts of several grants settled in one call.
contract UsageMeterTest is AgreementFixture {
    using Drafts for Draft;

    uint64 private constant QUOTA = 10_000;
    uint256 private constant LEVELS = 3;
    uint256 private constant GRANTS = LEVELS + 2;

    /// @dev A chain of sub-grants from its top down, then an agreement: each is of the member `grantor`, to the next.
    struct Standing {
        Draft draft;
        GrantId grant;
        bytes32[] lineage;
        uint256 grantor;
        uint64 used;
        uint32 sequence;
    }

    Standing[] private standings;

    function setUp() public override {
        super.setUp();
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(LEVELS);
        for (uint256 i = 0; i <= LEVELS; ++i) {
            bytes32[] memory lineage = new bytes32[](i == 0 ? 0 : i + 1);
            for (uint256 j = 0; j < lineage.length; ++j) {
                lineage[j] = drafts[j].hash();
            }
            standings.push(
                Standing({draft: drafts[i], grant: ids[i], lineage: lineage, grantor: i, used: 0, sequence: 0})
            );
        }
        Draft memory d = _agreed();
        d.salt = 99;
        standings.push(
            Standing({draft: d, grant: _agree(d), lineage: new bytes32[](0), grantor: 0, used: 0, sequence: 0})
        );
    }

    /// @notice A batch comes to what its receipts come to one by one, whichever grants they are of, in whatever order,
    /// several of one grant included.
    function testFuzz_SettlesTogetherAsApart(uint8[] calldata which, uint16 seed) external {
        uint256 count = which.length > 12 ? 12 : which.length;
        Settlement[] memory batch = new Settlement[](count);
        for (uint256 i = 0; i < count; ++i) {
            batch[i] = _next(which[i] % GRANTS, 1 + uint64(seed) % 50);
        }
        uint256 before = vm.snapshotState();
        meter.settle(batch);
        bytes32 together = _state();
        vm.revertToState(before);
        Settlement[] memory one = new Settlement[](1);
        for (uint256 i = 0; i < count; ++i) {
            one[0] = batch[i];
            meter.settle(one);
        }
        vm.assertEq(together, _state());
        for (uint256 i = 0; i < GRANTS; ++i) {
            vm.assertEq(meter.settledOf(standings[i].grant).cumulative(), standings[i].used);
        }
    }

    /// @notice Whichever receipts of a batch another filed before, it comes to the same: what is settled already is left
    /// out, lineages and all, and what is told and answered is what was new.
    function testFuzz_LeavesOutWhatIsSettled(uint8[] calldata which, uint16 filed) external {
        uint256 count = which.length > 12 ? 12 : which.length;
        Settlement[] memory batch = new Settlement[](count + 2);
        for (uint256 i = 0; i < batch.length; ++i) {
            batch[i] = _next(i < count ? which[i] % GRANTS : i % GRANTS, 1 + uint64(filed) % 50);
        }
        uint256 before = vm.snapshotState();
        vm.assertEq(meter.settle(batch), batch.length);
        bytes32 together = _state();
        vm.revertToState(before);
        Settlement[] memory one = new Settlement[](1);
        for (uint256 i = 0; i < batch.length; ++i) {
            one[0] = batch[i];
            if (filed >> i & 1 == 1) vm.assertEq(meter.settle(one), 1);
        }
        uint256 left = 0;
        for (uint256 i = 0; i < batch.length; ++i) {
            if (batch[i].receipt.sequence() > meter.settledOf(batch[i].grant).sequence()) ++left;
        }
        vm.recordLogs();
        vm.assertEq(meter.settle(batch), left);
        vm.assertEq(vm.getRecordedLogs().length, left);
        vm.assertEq(together, _state());
        vm.assertEq(meter.settle(batch), 0);
        vm.assertEq(together, _state());
    }

    /// @notice A receipt that comes twice in a batch, or after a later one of its grant, counts once.
    function test_LeavesOutRepetitionInABatch() external {
        Settlement[] memory batch = new Settlement[](4);
        (batch[1], batch[0]) = (_next(3, 10), _next(3, 10));
        batch[2] = batch[0];
        batch[3] = _next(2, 5);
        vm.assertEq(meter.settle(batch), 2);
        vm.assertEq(meter.settledOf(standings[3].grant).cumulative(), 20);
        vm.assertEq(grants.stateOf(standings[3].grant).remaining, QUOTA - 20);
        vm.assertEq(grants.stateOf(standings[0].grant).remaining, QUOTA - 25);
    }

    /// @notice What is left out is not asked for signatures or clauses; alone it is refused.
    function test_LeavesOutUnasked() external {
        Settlement[] memory batch = new Settlement[](2);
        Settlement[] memory one = new Settlement[](1);
        one[0] = _next(0, 10);
        meter.settle(one);
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptStale.selector, standings[0].grant, 1, 1));
        meter.settle(one);
        (batch[0].grant, batch[0].receipt) = (one[0].grant, one[0].receipt);
        batch[1] = _next(1, 10);
        vm.assertEq(meter.settle(batch), 1);
    }

    /// @notice A receipt that says more than what is settled under a number that was used, or is no receipt, undoes the
    /// whole batch, and so does any fault of another beside one that is left out.
    function testFuzz_LeavesOutNothingElse(uint32 number, uint64 more, uint56 spare) external {
        Settlement[] memory batch = new Settlement[](2);
        GrantId grant = standings[0].grant;
        number = uint32(bound(number, 0, 1));
        batch[0] = _settlement(0, _receipt(0, 0));
        batch[1] = _next(1, 1);
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptStale.selector, grant, 0, 0));
        meter.settle(batch);
        batch[0] = _next(0, 10);
        meter.settle(batch);
        batch[1] = _settlement(0, _receipt(10 + uint64(bound(more, 1, QUOTA)), number));
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptStale.selector, grant, number, 1));
        meter.settle(batch);
        Receipt odd = Receipt.wrap(Receipt.unwrap(batch[0].receipt) | bound(spare, 1, type(uint56).max) << 200);
        batch[1].receipt = odd;
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptInvalid.selector, grant, odd));
        meter.settle(batch);
        batch[1] = _next(1, 1);
        bytes32 digest = _receiptDigest(batch[1].grant, batch[1].receipt);
        batch[1].grantee = _signed(3, digest);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, batch[1].grant, members[3]));
        meter.settle(batch);
    }

    /// @notice A receipt that says less than the one before it undoes the whole batch.
    function test_RefusesADecreaseInABatch() external {
        Settlement[] memory batch = new Settlement[](2);
        GrantId grant = standings[0].grant;
        batch[0] = _next(0, 10);
        batch[1] = _settlement(0, _receipt(9, 2));
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptDecreased.selector, grant, 9, 10));
        meter.settle(batch);
        vm.assertEq(meter.settledOf(grant).sequence(), 0);
        vm.assertTrue(meter.subjectOf(grant).isNone());
        vm.assertEq(grants.stateOf(grant).remaining, QUOTA);
    }

    /// @notice What one receipt takes beyond a quota, its own grant's or an ancestor's, undoes the whole batch.
    function testFuzz_RefusesABatchBeyondAQuota(uint64 first, uint64 second, bool shared) external {
        first = uint64(bound(first, 1, QUOTA));
        second = uint64(bound(second, 1, QUOTA));
        Settlement[] memory batch = new Settlement[](2);
        batch[0] = _next(0, first);
        // The deepest rests on the first grant, the agreement does not.
        uint256 other = shared ? LEVELS : GRANTS - 1;
        batch[1] = _next(other, second);
        bool good = !shared || first + second <= QUOTA;
        if (!good) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IGrantRegistry.UsageRefused.selector, standings[0].grant, Verdict.ANCESTOR_EXHAUSTED
                )
            );
        }
        meter.settle(batch);
        uint64 taken = good ? first + (shared ? second : 0) : 0;
        vm.assertEq(grants.stateOf(standings[0].grant).remaining, QUOTA - taken);
        vm.assertEq(meter.settledOf(standings[other].grant).cumulative(), good ? second : 0);
    }

    /// @notice Each sub-grant of a batch is debited by the lineage that came with it, and by no other's.
    function test_KeepsLineagesApart() external {
        Settlement[] memory batch = new Settlement[](3);
        (batch[0], batch[1], batch[2]) = (_next(3, 1), _next(4, 1), _next(2, 1));
        meter.settle(batch);
        (batch[0], batch[1], batch[2]) = (_next(3, 1), _next(4, 1), _next(2, 1));
        (batch[0].lineage, batch[2].lineage) = (batch[2].lineage, batch[0].lineage);
        vm.expectRevert(
            abi.encodeWithSelector(IGrantRegistry.LineageMismatch.selector, standings[3].grant, standings[2].grant)
        );
        meter.settle(batch);
        batch[0].lineage = new bytes32[](0);
        vm.expectRevert(
            abi.encodeWithSelector(IGrantRegistry.LineageMismatch.selector, standings[3].grant, GrantId.wrap(0))
        );
        meter.settle(batch);
    }

    /// @notice A grant that rests on no other may be shown with its lineage too, which is its own clauses' hash alone.
    function test_TakesALineageOfOne() external {
        Settlement[] memory batch = new Settlement[](2);
        (batch[0], batch[1]) = (_next(0, 1), _next(3, 1));
        batch[0].lineage = new bytes32[](1);
        Draft memory first = standings[0].draft;
        batch[0].lineage[0] = first.hash();
        meter.settle(batch);
        batch = new Settlement[](1);
        batch[0] = _next(0, 1);
        batch[0].lineage = new bytes32[](1);
        batch[0].lineage[0] = keccak256("another's");
        vm.expectPartialRevert(IGrantRegistry.LineageMismatch.selector);
        meter.settle(batch);
    }

    /// @notice A signer is asked about anew where it changes in a batch, so that nobody signs under another's name.
    function test_ForgetsTheSignersBefore() external {
        Settlement[] memory batch = new Settlement[](2);
        batch[0] = _next(0, 1);
        batch[1] = _next(1, 1);
        bytes32 digest = _receiptDigest(standings[1].grant, batch[1].receipt);
        batch[1].grantor = _signed(0, digest);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, standings[1].grant, members[0]));
        meter.settle(batch);
        // A signature of one is none of the other's.
        batch[1].grantor = Approval({signer: accounts[1], signature: _signed(0, digest).signature});
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, accounts[1], digest));
        meter.settle(batch);
        batch[1].grantor = _none();
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, address(0)));
        meter.settle(batch);
    }

    /// @notice Of each receipt the product is looked at, whichever product the one before it was of.
    function testFuzz_LooksAtEachProduct(uint8[] calldata which, uint8 gone) external {
        for (uint256 i = 0; i < 3; ++i) {
            Draft memory d = _draft();
            (d.grantor, d.grantee) = (members[0], members[1]);
            d.product = _registerBy(accounts[0], _registration(keccak256(abi.encode("product", i))));
            vm.startPrank(accounts[0]);
            GrantId grant = grants.issue(d.pack());
            if (gone % 4 == i) products.retire(d.product);
            vm.stopPrank();
            standings.push(
                Standing({draft: d, grant: grant, lineage: new bytes32[](0), grantor: 0, used: 0, sequence: 0})
            );
        }
        Settlement[] memory batch = new Settlement[](which.length > 8 ? 8 : which.length);
        bool good = true;
        for (uint256 i = 0; i < batch.length; ++i) {
            uint256 place = which[i] % 3;
            batch[i] = _next(GRANTS + place, 1);
            if (place == gone % 4) good = false;
        }
        if (!good) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IGrantRegistry.UsageRefused.selector,
                    standings[GRANTS + gone % 4].grant,
                    Verdict.PRODUCT_NOT_IN_FORCE
                )
            );
        }
        meter.settle(batch);
        for (uint256 i = GRANTS; i < standings.length; ++i) {
            vm.assertEq(meter.settledOf(standings[i].grant).cumulative(), good ? standings[i].used : 0);
        }
    }

    /// @notice A use before the window of its grant is not settled, in the window either.
    function testFuzz_UseBeginsWithTheWindow(bool early, uint16 apart) external {
        // Every other time the very second.
        uint40 off = apart % 2 == 0 ? 0 : apart % 1000;
        Draft memory d = _agreed();
        (d.salt, d.validFrom) = (98, GENESIS + 1000);
        GrantId grant = _agree(d);
        standings.push(Standing({draft: d, grant: grant, lineage: new bytes32[](0), grantor: 0, used: 0, sequence: 0}));
        vm.warp(early ? d.validFrom - 1 - off : d.validFrom + off);
        Settlement[] memory one = new Settlement[](1);
        one[0] = _next(GRANTS, 1);
        vm.warp(d.validFrom + 1 days);
        if (early) {
            vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.UsageRefused.selector, grant, Verdict.NOT_STARTED));
        }
        meter.settle(one);
        vm.assertEq(grants.stateOf(grant).remaining, early ? QUOTA : QUOTA - 1);
    }

    /// @notice A use before the end of a grant above is settled after that end, and one at the end or later is not.
    function testFuzz_UseEndsWithTheGrantsAbove(uint8 level, bool late, uint16 apart) external {
        level = uint8(bound(level, 0, LEVELS - 1));
        // Every other time the second at the end, or before it.
        uint40 off = apart % 2 == 0 ? 0 : apart % 1000;
        uint40 end = GENESIS + 1000;
        vm.warp(end);
        vm.prank(accounts[level]);
        grants.revoke(standings[level].grant, Reason.BREACH);
        vm.warp(late ? end + off : end - 1 - off);
        Settlement[] memory one = new Settlement[](1);
        one[0] = _next(LEVELS, 1);
        vm.warp(end + 1 days);
        if (late) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IGrantRegistry.UsageRefused.selector, standings[level].grant, Verdict.ANCESTOR_REVOKED
                )
            );
        }
        meter.settle(one);
        for (uint256 i = 0; i <= LEVELS; ++i) {
            vm.assertEq(grants.stateOf(standings[i].grant).remaining, late ? QUOTA : QUOTA - 1);
        }
    }

    /// @notice A wallet in a batch signs or does not; whatever else it does harms nothing but the batch it is in.
    function testFuzz_WalletsInABatch(uint8 kind) external {
        Manner manner = Manner(bound(kind, 0, uint8(type(Manner).max)));
        Wallet wallet = new Wallet(manner, grants);
        Draft memory d = _draft();
        d.product = agreed;
        d.grantor = members[0];
        vm.prank(address(wallet));
        d.grantee = parties.enrol("wallet");
        vm.prank(accounts[0]);
        GrantId grant = grants.issue(d.pack());
        Settlement[] memory batch = new Settlement[](2);
        batch[0] = _next(0, 5);
        batch[1].grant = grant;
        batch[1].receipt = _receipt(7, 1);
        batch[1].clauses = d.pack();
        bytes32 digest = _receiptDigest(grant, batch[1].receipt);
        batch[1].grantor = _signed(0, digest);
        batch[1].grantee = Approval({signer: address(wallet), signature: "whatever it takes"});
        bool good = manner == Manner.AGREES || manner == Manner.RETURNS_TOO_MUCH;
        if (!good) {
            vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, address(wallet), digest));
        }
        uint256 before = gasleft();
        meter.settle(batch);
        // What a wallet may spend, what it may make us copy, and the two receipts.
        vm.assertLe(before - gasleft(), 600_000);
        vm.assertEq(grants.stateOf(grant).remaining, QUOTA - (good ? 7 : 0));
        vm.assertEq(grants.stateOf(standings[0].grant).remaining, QUOTA - (good ? 5 : 0));
    }

    /// @notice A batch of nothing settles nothing.
    function test_SettlesNothing() external {
        bytes32 before = _state();
        meter.settle(new Settlement[](0));
        vm.assertEq(before, _state());
    }

    /* AIDS */

    /// @dev The next receipt of a grant, signed by both sides, with the clauses where they are needed.
    function _next(uint256 index, uint64 amount) private returns (Settlement memory) {
        Standing storage standing = standings[index];
        standing.used += amount;
        return _settlement(index, _receipt(standing.used, ++standing.sequence));
    }

    function _settlement(uint256 index, Receipt receipt) private view returns (Settlement memory one) {
        Standing storage standing = standings[index];
        bytes32 digest = _receiptDigest(standing.grant, receipt);
        one.grant = standing.grant;
        one.receipt = receipt;
        one.lineage = standing.lineage;
        if (meter.subjectOf(standing.grant).isNone()) one.clauses = _packed(standing.draft);
        one.grantor = _signed(standing.grantor, digest);
        one.grantee = _signed(standing.grantor + 1, digest);
    }

    function _packed(Draft memory d) private pure returns (bytes memory) {
        return d.pack();
    }

    /// @dev All that settling may change, as one word.
    function _state() private view returns (bytes32 state) {
        for (uint256 i = 0; i < GRANTS; ++i) {
            GrantId grant = standings[i].grant;
            state = keccak256(abi.encode(state, grants.wordOf(grant), meter.settledOf(grant), meter.subjectOf(grant)));
        }
    }
}
