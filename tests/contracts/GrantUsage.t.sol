// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IUsageMeter, Settlement} from "../../contracts/interfaces/IUsageMeter.sol";
import {Signatures} from "../../contracts/libraries/Signatures.sol";
import {Debit, DebitLibrary} from "../../contracts/types/Debit.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {UNLIMITED} from "../../contracts/types/GrantState.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Period} from "../../contracts/types/Period.sol";
import {Receipt} from "../../contracts/types/Receipt.sol";
import {Usage} from "../../contracts/types/Usage.sol";
import {Use, Verdict} from "../../contracts/types/Verdict.sol";
import {Action, AnnotationKind, Purpose, Reason} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Use that is recorded, and use that is settled by receipts.
contract GrantUsageTest is AgreementFixture {
    using Drafts for Draft;

    uint64 private constant QUOTA = 10_000;

    /* RECORDING */

    /// @notice At 9,999 of 10,000 a record of two is refused and one is taken, and then nothing more.
    function test_TheLastUnit() external {
        Draft memory d = _draft();
        GrantId grant = _issue(d);
        _record(HOLDER, d, _usage(9999));
        _expectRefused(grant, Verdict.QUOTA_EXCEEDED);
        _record(HOLDER, d, _usage(2));
        _record(BUYER, d, _usage(1));
        vm.assertEq(grants.stateOf(grant).remaining, 0);
        _expectRefused(grant, Verdict.QUOTA_EXCEEDED);
        _record(HOLDER, d, _usage(1));
    }

    /// @notice Every ancestor is debited, and the least of what is left decides.
    function testFuzz_DebitsEveryAncestor(uint8 level, uint64 amount, uint64 least) external {
        uint256 depth = bound(level, 0, 5);
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(5);
        least = uint64(bound(least, 1, QUOTA));
        // Use by others leaves `least` at the top.
        bytes memory top = drafts[0].pack();
        if (least < QUOTA) {
            vm.prank(accounts[0]);
            grants.record(new bytes32[](0), top, _usage(QUOTA - least));
        }
        amount = uint64(bound(amount, 1, QUOTA));
        bool good = amount <= least;
        bytes32[] memory above = _above(drafts, depth);
        bytes memory packed = drafts[depth].pack();
        if (!good) _expectRefused(ids[0], depth == 0 ? Verdict.QUOTA_EXCEEDED : Verdict.ANCESTOR_EXHAUSTED);
        vm.prank(accounts[depth]);
        grants.record(above, packed, _usage(amount));
        for (uint256 i = 0; i <= 5; ++i) {
            uint64 used = good && i <= depth ? amount : 0;
            vm.assertEq(grants.stateOf(ids[i]).remaining, (i == 0 ? least : QUOTA) - used);
        }
    }

    /// @notice A record is taken exactly when the same use is allowed, with the same reason where it is not.
    function testFuzz_RecordsWhatIsAllowed(
        uint32 action,
        uint32 purpose,
        uint8 environment,
        uint32 place,
        uint64 amount
    ) external {
        Draft memory d = _draft();
        d.environment = 5;
        GrantId grant = _issue(d);
        amount = uint64(bound(amount, 1, 2 * QUOTA));
        if (place % 2 == 0) place = 156_410_100;
        Use memory use = _use();
        (use.action, use.purpose, use.environment) = (action & 7, purpose & Purpose.ALL, environment & 7);
        (use.territory, use.amount) = (place, amount);
        Verdict verdict = grants.check(d.pack(), use);
        if (verdict != Verdict.OK) _expectRefused(grant, verdict);
        _record(
            HOLDER,
            d,
            Usage.wrap(
                uint256(use.environment) << 160 | uint256(use.purpose) << 128 | uint256(use.action) << 96
                    | uint256(place) << 64 | amount
            )
        );
    }

    /// @notice The two sides and the service party record, and nobody else, and only while both sides are active.
    function test_WhoRecords() external {
        Draft memory d = _draft();
        d.serviceParty = members[5];
        GrantId grant = _issue(d);
        _record(HOLDER, d, _usage(1));
        _record(BUYER, d, _usage(1));
        _record(accounts[5], d, _usage(1));
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, other));
        _record(OTHER, d, _usage(1));
        parties.suspend(holder, Reason.RISK, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, holder, 2));
        _record(BUYER, d, _usage(1));
        parties.resume(holder, 0);
        parties.suspend(buyer, Reason.RISK, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, buyer, 2));
        _record(HOLDER, d, _usage(1));
    }

    /// @notice A use has an amount and no bits beyond its fields; one without a quota is noted all the same.
    function testFuzz_UsageIsWhole(uint256 bits) external {
        Draft memory d = _draft();
        d.quotaUnit = 0;
        d.quotaTotal = 0;
        GrantId grant = _issue(d);
        Usage usage = Usage.wrap(bits);
        if (bits >> 168 != 0 || uint64(bits) == 0) {
            vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.UsageInvalid.selector, usage));
            _record(HOLDER, d, usage);
        }
        vm.expectEmit(address(grants));
        emit IGrantRegistry.UsageRecorded(grant, holder, _usage(5));
        _record(HOLDER, d, _usage(5));
        vm.assertEq(grants.stateOf(grant).remaining, UNLIMITED);
    }

    /// @notice Before its start, while the product is seized, and after its end nothing is recorded.
    function test_RecordsInItsTimeOnly() external {
        Draft memory d = _draft();
        d.validFrom = GENESIS + 10;
        GrantId grant = _issue(d);
        _expectRefused(grant, Verdict.NOT_STARTED);
        _record(HOLDER, d, _usage(1));
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, Role.COURT)));
        vm.prank(OTHER);
        products.annotate(product, AnnotationKind.SEIZURE, Reason.AUTHORITY, 0);
        _expectRefused(grant, Verdict.PRODUCT_SEIZED);
        _record(HOLDER, d, _usage(1));
        vm.prank(OTHER);
        products.release(product, 0, 0);
        _record(HOLDER, d, _usage(1));
        vm.warp(d.validUntil);
        _expectRefused(grant, Verdict.GRANT_ENDED);
        _record(HOLDER, d, _usage(1));
    }

    /// @notice In a pause uses are recorded, with the time at which they take place; receipts have a time of their own
    /// and are settled after it.
    function test_RecordsInAPause() external {
        Draft memory d = _agreed();
        GrantId grant = _agree(d);
        Settlement[] memory one = _settlement(d, _receipt(100, 1));
        uint40 until = GENESIS + 6 days;
        _administer(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (until)));
        bytes memory refusal = abi.encodeWithSelector(IPartyRegistry.WritesArePaused.selector, until);
        vm.expectRevert(refusal);
        parties.writer(accounts[0], Scope.USAGE);
        _record(accounts[0], d, _usage(3));
        _record(accounts[1], d, _usage(2));
        vm.assertEq(grants.stateOf(grant).remaining, QUOTA - 5);
        vm.expectRevert(refusal);
        meter.settle(one);
        vm.warp(until);
        meter.settle(one);
        vm.assertEq(grants.stateOf(grant).remaining, QUOTA - 105);
    }

    /// @notice Whoever may record is told together with both sides: each must be active, a pause does not count.
    function testFuzz_SidesOfARecordAreActive(uint8 suspended, uint8 by) external {
        PartyId[3] memory three = [members[0], members[1], members[2]];
        uint256 out = suspended % 3;
        uint256 caller = by % 3;
        parties.suspend(three[out], Reason.RISK, 0);
        if (out != 2 || caller == 2) {
            vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, three[out], 2));
        }
        PartyId told = parties.recorder(accounts[caller], Scope.USAGE, members[0], members[1]);
        vm.assertTrue(told == three[caller] || PartyId.unwrap(told) == 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, address(1)));
        parties.recorder(address(1), Scope.USAGE, members[0], members[1]);
        PartyId nobody = PartyId.wrap(7);
        if (caller != out) {
            vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, nobody));
            parties.recorder(accounts[caller], Scope.USAGE, nobody, three[caller]);
        }
    }

    /* PERIODS */

    /// @notice A period's quota is whole again in the first second of the next period, and not in the last of this.
    function testFuzz_PeriodsToTheSecond(uint32 length, uint16 skipped) external {
        Draft memory d = _draft();
        d.validFrom = 0;
        (d.periodQuota, d.periodLength) = (10, uint32(bound(length, 2, 30 days)));
        GrantId grant = _issue(d);
        _record(HOLDER, d, _usage(10));
        uint256 next = GENESIS + uint256(d.periodLength) * (1 + skipped % 5);
        if (next >= d.validUntil) return;
        vm.warp(GENESIS + d.periodLength - 1);
        _expectRefused(grant, Verdict.PERIOD_EXCEEDED);
        _record(HOLDER, d, _usage(1));
        vm.warp(next);
        _record(HOLDER, d, _usage(10));
        Period memory period = grants.periodOf(grant).unpack();
        vm.assertEq(period.index, 1 + skipped % 5);
        vm.assertEq(period.used, 10);
        vm.assertEq(period.firstAt, GENESIS);
        _expectRefused(grant, Verdict.PERIOD_EXCEEDED);
        _record(HOLDER, d, _usage(1));
        vm.assertEq(grants.stateOf(grant).remaining, QUOTA - 20);
    }

    /// @notice Periods are counted from the start of a window that is still to come, not from the day of the grant.
    function testFuzz_PeriodsCountFromTheWindow(uint32 length, uint32 wait) external {
        Draft memory d = _draft();
        d.validFrom = GENESIS + uint40(bound(wait, 1, 30 days));
        (d.periodQuota, d.periodLength) = (10, uint32(bound(length, 2, 30 days)));
        GrantId grant = _issue(d);
        vm.assertEq(grants.periodOf(grant).unpack().firstAt, d.validFrom);
        vm.warp(d.validFrom);
        _record(HOLDER, d, _usage(10));
        vm.warp(d.validFrom + d.periodLength - 1);
        _expectRefused(grant, Verdict.PERIOD_EXCEEDED);
        _record(HOLDER, d, _usage(1));
        vm.warp(d.validFrom + d.periodLength);
        _record(HOLDER, d, _usage(10));
        vm.assertEq(grants.periodOf(grant).unpack().index, 1);
    }

    /* RECEIPTS */

    /// @notice What a receipt says beyond the last one is debited, whatever was lost in between, and nothing twice.
    function testFuzz_SettlesTheDifference(uint16 first, uint16 more) external {
        uint64 one = uint64(bound(first, 1, QUOTA / 2));
        uint64 two = one + uint64(bound(more, 1, QUOTA / 2));
        Draft memory d = _agreed();
        GrantId grant = _agree(d);
        _settle(d, _receipt(one, 1));
        vm.assertEq(grants.stateOf(grant).remaining, QUOTA - one);
        vm.warp(GENESIS + 60);
        _settle(d, _receipt(two, 7));
        vm.assertEq(grants.stateOf(grant).remaining, QUOTA - two);
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptStale.selector, grant, 7, 7));
        this.settleAsSigned(d, _receipt(two + 1, 7));
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptDecreased.selector, grant, two, two));
        this.settleAsSigned(d, _receipt(two, 8));
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptDecreased.selector, grant, one, two));
        this.settleAsSigned(d, _receipt(one, 8));
        _expectRefused(grant, Verdict.QUOTA_EXCEEDED);
        this.settleAsSigned(d, _receipt(QUOTA + 1, 8));
        vm.assertEq(meter.settledOf(grant).cumulative(), two);
        vm.assertEq(meter.settledOf(grant).sequence(), 7);
    }

    /// @notice A receipt's time lies between the last one's and now, within the grant's own time.
    function test_ReceiptsInTheirTime() external {
        Draft memory d = _agreed();
        d.validFrom = 0;
        vm.warp(GENESIS + 100);
        d.offerUntil += 100;
        GrantId grant = _agree(d);
        Receipt late = Receipt.wrap(Receipt.unwrap(_receipt(1, 1)) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IUsageMeter.ReceiptTimeInvalid.selector, grant, GENESIS + 101, 0, GENESIS + 100)
        );
        this.settleAsSigned(d, late);
        _expectRefused(grant, Verdict.NOT_STARTED);
        this.settleAsSigned(d, Receipt.wrap(Receipt.unwrap(_receipt(1, 1)) - 1));
        _settle(d, _receipt(1, 1));
        vm.warp(GENESIS + 200);
        vm.prank(accounts[0]);
        grants.revoke(grant, Reason.BREACH);
        vm.warp(GENESIS + 300);
        // Use before the end is settled after it, use at the end is not.
        _settle(d, Receipt.wrap(Receipt.unwrap(_receipt(2, 2)) - 101));
        _expectRefused(grant, Verdict.GRANT_REVOKED);
        this.settleAsSigned(d, Receipt.wrap(Receipt.unwrap(_receipt(3, 3)) - 100));
        // Nor does time run backwards from one receipt to the next.
        Receipt early = Receipt.wrap(Receipt.unwrap(_receipt(3, 3)) - 150);
        vm.expectRevert(
            abi.encodeWithSelector(
                IUsageMeter.ReceiptTimeInvalid.selector, grant, GENESIS + 150, GENESIS + 199, GENESIS + 300
            )
        );
        this.settleAsSigned(d, early);
    }

    /// @notice Nothing is settled of a product that is no longer in force, until it is looked into elsewhere.
    function test_ReceiptsAreOfProductsInForce() external {
        Draft memory d = _agreed();
        GrantId grant = _agree(d);
        vm.prank(accounts[0]);
        products.retire(agreed);
        _expectRefused(grant, Verdict.PRODUCT_NOT_IN_FORCE);
        this.settleAsSigned(d, _receipt(1, 1));
        vm.assertEq(meter.settledOf(grant).sequence(), 0);
    }

    /// @notice Purpose and action are those granted, and a receipt has no bits beyond its fields.
    function test_ReceiptsDeclareTheirUse() external {
        Draft memory d = _agreed();
        GrantId grant = _agree(d);
        uint256 plain = Receipt.unwrap(_receipt(1, 1));
        _expectRefused(grant, Verdict.PURPOSE_NOT_GRANTED);
        this.settleAsSigned(d, Receipt.wrap(plain | uint256(Purpose.RESALE) << 72));
        _expectRefused(grant, Verdict.ACTION_NOT_GRANTED);
        this.settleAsSigned(d, Receipt.wrap(plain | uint256(Action.TRAIN) << 40));
        Receipt odd = Receipt.wrap(plain | 1 << 200);
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptInvalid.selector, grant, odd));
        this.settleAsSigned(d, odd);
    }

    /// @notice Both sides sign each receipt, and no field of it can be changed after that.
    function testFuzz_ReceiptsAreCountersigned(uint8 bit) external {
        Draft memory d = _agreed();
        GrantId grant = _agree(d);
        Receipt receipt = _receipt(100, 5);
        Settlement[] memory one = _settlement(d, receipt);
        uint256 bent = Receipt.unwrap(receipt) ^ (uint256(1) << bound(bit, 0, 199));
        one[0].receipt = Receipt.wrap(bent);
        try meter.settle(one) {
            vm.assertTrue(false, "a bent receipt was settled");
        } catch {}
        one = _settlement(d, receipt);
        (one[0].grantor, one[0].grantee) = (one[0].grantee, one[0].grantor);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, members[1]));
        meter.settle(one);
        one = _settlement(d, receipt);
        one[0].grantee = _signed(1, _receiptDigest(GrantId.wrap("another"), receipt));
        bytes32 digest = _receiptDigest(grant, receipt);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, accounts[1], digest));
        meter.settle(one);
        one[0].grantee = _signed(2, digest);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, members[2]));
        meter.settle(one);
    }

    /// @notice A sub-grant's receipts come with all it rests on, and debit it.
    function test_ReceiptsDebitAncestors() external {
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(3);
        Receipt receipt = _receipt(40, 1);
        bytes32 digest = _receiptDigest(ids[3], receipt);
        Settlement[] memory one = new Settlement[](1);
        one[0].grant = ids[3];
        one[0].receipt = receipt;
        one[0].clauses = drafts[3].pack();
        one[0].grantor = _signed(3, digest);
        one[0].grantee = _signed(4, digest);
        _expectMismatch(ids[3], drafts[3].idOf(address(grants)));
        meter.settle(one);
        one[0].lineage = _above(drafts, 3);
        _expectMismatch(ids[3], drafts[3].idUnder(address(grants), ids[1]));
        meter.settle(one);
        bytes32[] memory lineage = new bytes32[](4);
        for (uint256 i = 0; i < 4; ++i) {
            lineage[i] = drafts[i].hash();
        }
        one[0].lineage = lineage;
        meter.settle(one);
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertEq(grants.stateOf(ids[i]).remaining, QUOTA - 40);
        }
        // Later the clauses are left out, but not what it rests on.
        receipt = _receipt(41, 2);
        digest = _receiptDigest(ids[3], receipt);
        one[0].receipt = receipt;
        one[0].clauses = "";
        one[0].lineage = new bytes32[](0);
        one[0].grantor = _signed(3, digest);
        one[0].grantee = _signed(4, digest);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.LineageMismatch.selector, ids[3], GrantId.wrap(0)));
        meter.settle(one);
        one[0].lineage = lineage;
        meter.settle(one);
        vm.assertEq(grants.stateOf(ids[0]).remaining, QUOTA - 41);
    }

    /// @notice The clauses of a first receipt are those of its grant, and nobody but the meter debits.
    function test_NothingElseDebits() external {
        Draft memory d = _agreed();
        GrantId grant = _agree(d);
        Settlement[] memory one = _settlement(d, _receipt(1, 1));
        d.salt += 1;
        one[0].clauses = d.pack();
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.GrantMismatch.selector, grant, d.idOf(address(grants))));
        meter.settle(one);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.MeterOnly.selector, address(this)));
        Debit debit = DebitLibrary.make(members[0], members[1], 0, GENESIS, 1);
        grants.debit(abi.encode(grant, debit), new bytes32[](0));
    }

    /* AIDS */

    function settleAsSigned(Draft memory d, Receipt receipt) external {
        _settle(d, receipt);
    }

    function _settle(Draft memory d, Receipt receipt) private {
        meter.settle(_settlement(d, receipt));
    }

    function _settlement(Draft memory d, Receipt receipt) private view returns (Settlement[] memory one) {
        one = new Settlement[](1);
        GrantId grant = d.idOf(address(grants));
        bytes32 digest = _receiptDigest(grant, receipt);
        one[0].grant = grant;
        one[0].receipt = receipt;
        if (meter.subjectOf(grant).isNone()) one[0].clauses = d.pack();
        one[0].grantor = _signed(0, digest);
        one[0].grantee = _signed(1, digest);
    }

    function _record(address key, Draft memory d, Usage usage) private {
        bytes memory packed = d.pack();
        vm.prank(key);
        grants.record(new bytes32[](0), packed, usage);
    }

    function _expectMismatch(GrantId stated, GrantId computed) private {
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.GrantMismatch.selector, stated, computed));
    }

    function _expectRefused(GrantId grant, Verdict verdict) private {
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.UsageRefused.selector, grant, verdict));
    }
}
// forge-lint: disable-end(unsafe-typecast)
