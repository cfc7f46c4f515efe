// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../../contracts/interfaces/IPartyRegistry.sol";
import {GrantId} from "../../../contracts/types/GrantId.sol";
import {GrantState} from "../../../contracts/types/GrantState.sol";
import {Role} from "../../../contracts/types/Party.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {Period} from "../../../contracts/types/Period.sol";
import {Use, Verdict} from "../../../contracts/types/Verdict.sol";
import {Draft, Drafts} from "../Draft.sol";
import {Fixture} from "../Fixture.sol";
import {vm} from "../Vm.sol";
import {EventReplay} from "./EventReplay.sol";
import {GrantHandler} from "./GrantHandler.sol";

/// @notice What holds of trees of grants whatever is done to them.
contract GrantInvariants is Fixture {
    using Drafts for Draft;

    GrantHandler private handler;
    EventReplay private replay;

    function setUp() public override {
        super.setUp();
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, Role.COURT)));
        replay = new EventReplay(address(parties), address(products), address(grants), address(meter), address(lineage));
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

    /// @notice What the events tell is what storage holds, word by word.
    function invariant_EventsRebuildStorage() external view {
        replay.assertEqualsStorage(address(grants));
        replay.assertEqualsStorage(address(meter));
    }

    /// @notice No sub-grant exceeds its parent in any clause.
    function invariant_ChildrenAreNarrower() external view {
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
    function invariant_UseStaysWithinQuota() external view {
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
    function invariant_NothingLivesOnTheDead() external view {
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
    function invariant_RevokedStaysRevoked() external view {
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
    function invariant_SuspensionsAddUp() external view {
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

    function _check(uint256 index) private view returns (Verdict) {
        Use memory use;
        use.user = handler.draft(index).grantee;
        (use.action, use.purpose) = (1, 1);
        return grantJudge.check(handler.above(index), handler.draft(index).pack(), use);
    }
}
