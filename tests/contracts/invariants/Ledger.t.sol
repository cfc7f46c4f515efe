// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantStage, GrantState} from "../../../contracts/types/GrantState.sol";
import {Interval} from "../../../contracts/types/Interval.sol";
import {Key, Standing} from "../../../contracts/types/Key.sol";
import {Party} from "../../../contracts/types/Party.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {ProductState} from "../../../contracts/types/Product.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Use, Verdict} from "../../../contracts/types/Verdict.sol";
import {Draft, Drafts} from "../Draft.sol";
import {Fixture} from "../Fixture.sol";
import {vm} from "../Vm.sol";
import {EventReplay} from "./EventReplay.sol";
import {LedgerHandler} from "./LedgerHandler.sol";

contract LedgerInvariants is Fixture {
    using Drafts for Draft;

    LedgerHandler private handler;
    EventReplay private replay;

    function setUp() public override {
        super.setUp();
        replay = new EventReplay(address(parties), address(products), address(grants));
        handler = new LedgerHandler(parties, products, grants, replay);
        vm.recordLogs();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice What the events tell is what storage holds, word by word.
    function invariant_EventsRebuildStorage() external view {
        replay.assertEqualsStorage();
    }

    /// @notice No grant of a retired product is in force, whoever asks.
    function invariant_NothingLivesOnRetiredProducts() external view {
        (,,, uint256 issued,) = handler.counts();
        for (uint256 i = 0; i < issued; ++i) {
            Draft memory d = handler.draft(i);
            if (products.productRecord(d.product).state != ProductState.RETIRED) continue;
            vm.assertTrue(grants.check(d.pack(), _use(d)) != Verdict.OK);
        }
    }

    /// @notice A grant is in force exactly when all that it rests on is.
    function invariant_ChecksTellTheTruth() external view {
        (,,, uint256 issued,) = handler.counts();
        for (uint256 i = 0; i < issued; ++i) {
            Draft memory d = handler.draft(i);
            GrantState memory state = grants.stateOf(handler.issued(i));
            bool over = state.endsAt != 0 && state.endsAt <= block.timestamp;
            bool good = !over && products.productRecord(d.product).state == ProductState.REGISTERED
                && parties.standingOf(d.grantor) == Standing.ACTIVE && parties.standingOf(d.grantee) == Standing.ACTIVE;
            vm.assertTrue((grants.check(d.pack(), _use(d)) == Verdict.OK) == good);
        }
    }

    /// @notice What was revoked never ends later than agreed, nor lives again.
    function invariant_RevokedStaysRevoked() external view {
        (,,,, uint256 revoked) = handler.counts();
        for (uint256 i = 0; i < revoked; ++i) {
            GrantState memory state = grants.stateOf(handler.revoked(i));
            vm.assertTrue(state.stage == GrantStage.REVOKED && state.endsAt != 0);
            vm.assertLe(state.endsAt, block.timestamp + 63 days);
            Verdict verdict = grants.verdictOf(handler.revoked(i), state.endsAt > block.timestamp ? state.endsAt : 0);
            vm.assertTrue(verdict == Verdict.GRANT_REVOKED);
        }
    }

    /// @notice The counts of claims add up to the registrations and versions made, and every claim names its product.
    function invariant_ClaimsAddUp() external view {
        (,, uint256 roots,,) = handler.counts();
        uint256 total;
        for (uint256 i = 0; i < roots; ++i) {
            uint256 count = products.claimCount(handler.roots(i));
            vm.assertEq(products.claims(handler.roots(i), 0, type(uint256).max).length, count);
            total += count;
        }
        vm.assertEq(total, handler.claimed());
    }

    /// @notice Each right of a product has one holder, as long as there is the product.
    function invariant_EachRightHasOneHolder() external view {
        (uint256 count, uint256 made,,,) = handler.counts();
        for (uint256 i = 0; i < made; ++i) {
            ProductId product = handler.registered(i);
            uint256 sum;
            for (uint256 j = 0; j < count; ++j) {
                uint8 held = products.rightsOf(product, parties.partyOf(handler.keys(j)));
                vm.assertEq(sum & held, 0);
                sum += held;
            }
            vm.assertEq(sum, products.productRecord(product).rights);
        }
    }

    /// @notice A party is suspended exactly while a suspension of it lasts, and its key mirrors that.
    function invariant_SuspensionsAddUp() external view {
        (uint256 count,,,,) = handler.counts();
        for (uint256 i = 0; i < count; ++i) {
            PartyId party = parties.partyOf(handler.keys(i));
            (uint256 total, uint256 live) = parties.suspensionCount(party);
            uint256 lasting;
            for (uint256 j = 0; j < total; ++j) {
                Interval memory interval = parties.suspension(party, j);
                if (interval.to == 0) ++lasting;
            }
            vm.assertEq(lasting, live);
            Standing standing = live == 0 ? Standing.ACTIVE : Standing.SUSPENDED;
            (Party memory record,) = parties.partyRecord(party);
            Key memory key = parties.keyRecord(handler.keys(i));
            vm.assertTrue(record.standing == standing && key.standing == standing);
            vm.assertTrue(key.party == party && record.controller == handler.keys(i));
        }
    }

    function _use(Draft memory d) private pure returns (Use memory use) {
        use.user = d.grantee;
        use.environment = 1;
        use.action = 1;
        use.purpose = 1;
    }
}
