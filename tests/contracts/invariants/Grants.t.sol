// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "../../../contracts/interfaces/IProductRegistry.sol";
import {IUsageMeter} from "../../../contracts/interfaces/IUsageMeter.sol";
import {GrantId} from "../../../contracts/types/GrantId.sol";
import {GrantState} from "../../../contracts/types/GrantState.sol";
import {Role} from "../../../contracts/types/Party.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {Period} from "../../../contracts/types/Period.sol";
import {Use, Verdict} from "../../../contracts/types/Verdict.sol";
import {Draft, Drafts} from "../Draft.sol";
import {vm} from "../Vm.sol";
import {EventReplay} from "./EventReplay.sol";
import {GrantHandler} from "./GrantHandler.sol";
import {ReplayFixture} from "./ReplayFixture.sol";

/// @notice What holds of trees of grants whatever is done to them.
contract GrantInvariants is ReplayFixture {
    using Drafts for Draft;

    GrantHandler private handler;
    EventReplay private replay;

    function setUp() public override {
        super.setUp();
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, Role.COURT)));
        replay = _newReplay();
        handler = new GrantHandler(parties, products, grants, meter, replay, OTHER);
        uint256 count = handler.PARTIES();
        uint256[] memory secrets = new uint256[](count);
        PartyId[] memory members = new PartyId[](count);
        for (uint256 i = 0; i < count; ++i) {
            secrets[i] = uint256(keccak256(abi.encode("member", i)));
            members[i] = _enrol(vm.addr(secrets[i]));
        }
        handler.begin(secrets, members, _registerBy(vm.addr(secrets[0]), _registration("tree")));
        vm.recordLogs();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice All of them: forge runs a campaign for each function of this kind, and the same calls in each.
    function invariant_AllHold() external view {
        ruleChildrenAreNarrower();
        ruleUseStaysWithinQuota();
        ruleNothingLivesOnTheDead();
        ruleRevokedStaysRevoked();
        ruleSuspensionsAddUp();
    }

    /// @notice At the end of each run every word is compared, not just those that a call wrote.
    function afterInvariant() external view {
        ruleEventsRebuildStorage();
    }

    /// @notice What the events tell is what storage holds, word by word.
    function ruleEventsRebuildStorage() public view {
        replay.assertEqualsStorage(address(grants));
        replay.assertEqualsStorage(address(meter));
    }

    /// @notice No sub-grant exceeds its parent in any clause.
    function ruleChildrenAreNarrower() public view {
        (uint256 made,) = handler.count();
        for (uint256 i = 0; i < made; ++i) {
            uint256 parent = handler.parentOf(i);
            if (parent == type(uint256).max) continue;
            Draft memory above = handler.draft(parent);
            Draft memory below = handler.draft(i);
            vm.assertTrue(below.quotaTotal <= above.quotaTotal && below.validUntil <= above.validUntil);
            vm.assertTrue(below.actions | above.actions == above.actions && below.depth < above.depth);
            vm.assertTrue(below.grantor == above.grantee && below.product == above.product);
            grantJudge.requireNarrower(above.pack(), below.pack());
        }
    }

    /// @notice What was used under a grant and all below it is what its quota lacks, and never more than it.
    function ruleUseStaysWithinQuota() public view {
        (uint256 made,) = handler.count();
        for (uint256 i = 0; i < made; ++i) {
            GrantId grant = handler.made(i);
            uint256 total = handler.draft(i).quotaTotal;
            vm.assertLe(handler.used(i), total);
            vm.assertEq(grants.stateOf(grant).remaining, total - handler.used(i));
            Period memory period = grants.periodOf(grant).unpack();
            vm.assertLe(period.used, period.limit);
        }
    }

    /// @notice A grant whose ancestor cannot be used cannot be used either.
    function ruleNothingLivesOnTheDead() public view {
        (uint256 made,) = handler.count();
        for (uint256 i = 0; i < made; ++i) {
            Verdict verdict = _check(i);
            for (uint256 up = handler.parentOf(i); up != type(uint256).max; up = handler.parentOf(up)) {
                bool dead = grants.verdictOf(handler.made(up), 0) != Verdict.OK;
                if (dead) vm.assertTrue(verdict != Verdict.OK);
            }
            if (grants.verdictOf(handler.made(i), 0) != Verdict.OK) vm.assertTrue(verdict != Verdict.OK);
        }
    }

    /// @notice What was revoked stays so: it ends when that says, or sooner, and never lives after.
    function ruleRevokedStaysRevoked() public view {
        (, uint256 count) = handler.count();
        for (uint256 i = 0; i < count; ++i) {
            GrantState memory state = grants.stateOf(handler.made(handler.revoked(i)));
            vm.assertTrue(state.endsAt != 0);
            vm.assertLe(state.endsAt, block.timestamp + 63 days);
            uint40 after_ = state.endsAt > block.timestamp ? state.endsAt : uint40(block.timestamp);
            vm.assertTrue(grants.verdictOf(handler.made(handler.revoked(i)), after_) != Verdict.OK);
        }
    }

    /// @notice The count of suspensions is that of those that last, and the state says whether any does.
    function ruleSuspensionsAddUp() public view {
        (uint256 made,) = handler.count();
        for (uint256 i = 0; i < made; ++i) {
            GrantId grant = handler.made(i);
            (uint256 total, uint256 live) = grants.suspensionCount(grant);
            uint256 lasting;
            for (uint256 j = 0; j < total; ++j) {
                if (grants.suspension(grant, j).to == 0) ++lasting;
            }
            vm.assertEq(live, lasting);
            vm.assertTrue(grants.wordOf(grant).suspended() == (live != 0));
        }
    }

    /// @notice The handler comes to every kind of operation: what is said above is said of something.
    function test_TheHandlerReachesEverything() external {
        for (uint256 i = 0; i < 900; ++i) {
            uint256 seed = uint256(keccak256(abi.encode("reach", i)));
            _drive(seed >> 8, seed % 12);
        }
        bytes32[9] memory topics = [
            IGrantRegistry.GrantIssued.selector,
            IGrantRegistry.SubGrantIssued.selector,
            IGrantRegistry.GrantAgreed.selector,
            IGrantRegistry.OfferVoided.selector,
            IGrantRegistry.GrantSuspended.selector,
            IGrantRegistry.GrantResumed.selector,
            IGrantRegistry.GrantRevoked.selector,
            IGrantRegistry.GrantEnded.selector,
            IGrantRegistry.UsageRecorded.selector
        ];
        for (uint256 i = 0; i < topics.length; ++i) {
            vm.assertTrue(replay.told(topics[i]) != 0, vm.toString(i));
        }
        vm.assertLe(1, replay.told(IUsageMeter.ReceiptSettled.selector));
        vm.assertLe(1, replay.told(IProductRegistry.AnnotationReleased.selector));
        ruleEventsRebuildStorage();
    }

    // The casts are of numbers drawn for the test.
    // forge-lint: disable-start(unsafe-typecast)
    function _drive(uint256 seed, uint256 which) private {
        bool odd = seed >> 200 & 1 == 1;
        if (which < 2) handler.issue(uint64(seed), uint32(seed >> 64), odd, which == 1, uint8(seed >> 96));
        else if (which < 4) handler.passOn(seed, uint64(seed >> 8), uint8(seed >> 72));
        else if (which == 4) handler.use(seed, uint64(seed >> 8));
        else if (which == 5) handler.settle(seed, uint64(seed >> 8));
        else if (which == 6) handler.suspend(seed, odd);
        else if (which == 7) handler.resume(seed);
        else if (which == 8) handler.revoke(seed, uint8(seed >> 8));
        else if (which == 9) handler.end(seed, uint32(seed >> 8));
        else if (which == 10) handler.void_(uint64(seed));
        else if (odd) handler.annotate(uint8(seed >> 8), seed >> 201 & 3 != 0, seed >> 16);
        else handler.pass(uint24(seed));
    }
    // forge-lint: disable-end(unsafe-typecast)

    function _check(uint256 index) private view returns (Verdict) {
        Use memory use;
        use.user = handler.draft(index).grantee;
        (use.action, use.purpose) = (1, 1);
        return grantJudge.check(handler.above(index), handler.draft(index).pack(), use);
    }
}
