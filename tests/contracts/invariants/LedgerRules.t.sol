// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Product} from "../../../contracts/interfaces/IProductRegistry.sol";
import {GrantStage, GrantState} from "../../../contracts/types/GrantState.sol";
import {Interval} from "../../../contracts/types/Interval.sol";
import {Key, KeyKind, Standing} from "../../../contracts/types/Key.sol";
import {Party} from "../../../contracts/types/Party.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {ProductState} from "../../../contracts/types/Product.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Use, Verdict} from "../../../contracts/types/Verdict.sol";
import {Draft, Drafts} from "../Draft.sol";
import {vm} from "../Vm.sol";
import {EventReplay} from "./EventReplay.sol";
import {LedgerHandler} from "./LedgerHandler.sol";
import {ReplayFixture} from "./ReplayFixture.sol";

/// @notice What holds of parties, products and grants whatever is done to them.
abstract contract LedgerRules is ReplayFixture {
    using Drafts for Draft;

    LedgerHandler internal handler;
    EventReplay internal replay;

    /// @notice What the events tell is what storage holds, word by word.
    function ruleEventsRebuildStorage() public view {
        replay.assertEqualsStorage();
    }

    /// @notice No grant of a retired product is in force, whoever asks.
    function ruleNothingLivesOnRetiredProducts() public view {
        (,,, uint256 issued,) = handler.counts();
        for (uint256 i = 0; i < issued; ++i) {
            Draft memory d = handler.draft(i);
            if (products.productRecord(d.product).state != ProductState.RETIRED) continue;
            vm.assertTrue(grants.check(d.pack(), _use(d)) != Verdict.OK);
        }
    }

    /// @notice A grant is in force exactly when all that it rests on is.
    function ruleChecksTellTheTruth() public view {
        (,,, uint256 issued,) = handler.counts();
        for (uint256 i = 0; i < issued; ++i) {
            Draft memory d = handler.draft(i);
            GrantState memory state = grants.stateOf(handler.issued(i));
            bool over = state.endsAt != 0 && state.endsAt <= block.timestamp;
            bool good = !over && !products.headOf(d.product).frozen()
                && products.productRecord(d.product).state == ProductState.REGISTERED
                && parties.standingOf(d.grantor) == Standing.ACTIVE && parties.standingOf(d.grantee) == Standing.ACTIVE;
            vm.assertTrue((grants.check(d.pack(), _use(d)) == Verdict.OK) == good);
        }
    }

    /// @notice What was revoked never ends later than agreed, nor lives again.
    function ruleRevokedStaysRevoked() public view {
        (,,,, uint256 revoked) = handler.counts();
        for (uint256 i = 0; i < revoked; ++i) {
            GrantState memory state = grants.stateOf(handler.revoked(i));
            vm.assertTrue(state.stage == GrantStage.REVOKED && state.endsAt != 0);
            vm.assertLe(state.endsAt, block.timestamp + 63 days);
            Verdict verdict = grants.verdictOf(handler.revoked(i), state.endsAt > block.timestamp ? state.endsAt : 0);
            vm.assertTrue(verdict == Verdict.GRANT_REVOKED);
        }
    }

    /// @notice The head of a product counts the annotations that stand, kind by kind, and nothing else.
    function ruleAnnotationsAddUp() public view {
        (, uint256 made,,,) = handler.counts();
        for (uint256 i = 0; i < made; ++i) {
            ProductId product = handler.registered(i);
            Interval[] memory all = products.annotations(product, 0, type(uint256).max);
            uint256[4] memory lasting;
            for (uint256 j = 0; j < all.length; ++j) {
                if (all[j].to == 0) ++lasting[all[j].kind];
            }
            Product memory record = products.productRecord(product);
            vm.assertEq(record.seizures, lasting[0]);
            vm.assertEq(record.controls, lasting[1]);
            vm.assertEq(record.disputes, lasting[2]);
            (uint256 total, uint256 live) = products.annotationCount(product);
            vm.assertEq(total, all.length);
            vm.assertEq(live, lasting[0] + lasting[1] + lasting[2] + lasting[3]);
        }
    }

    /// @notice The counts of claims add up to the registrations and versions made, and every claim names its product.
    function ruleClaimsAddUp() public view {
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
    function ruleEachRightHasOneHolder() public view {
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
    function ruleSuspensionsAddUp() public view {
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

    /// @notice A key belongs to one party for ever.
    function ruleKeysStayWithTheirParty() public view {
        for (uint256 i = 0; i < handler.keyCount(); ++i) {
            address key = handler.everyKey(i);
            vm.assertTrue(parties.partyOf(key) == handler.firstParty(key));
        }
    }

    /// @notice The spans of a party's controllers follow each other without a gap or an overlap, and one is open.
    function ruleControllersFollowEachOther() public view {
        (uint256 count,,,,) = handler.counts();
        for (uint256 i = 0; i < count; ++i) {
            PartyId party = parties.partyOf(handler.keys(i));
            uint256 end;
            uint256 open;
            for (uint256 j = 0; j < handler.keyCount(); ++j) {
                Key memory key = parties.keyRecord(handler.everyKey(j));
                if (key.party != party || key.kind != KeyKind.CONTROLLER) continue;
                vm.assertTrue(end == 0 || key.fromTime == end);
                end = key.untilTime;
                if (key.standing != Standing.CLOSED) ++open;
                vm.assertTrue((key.standing == Standing.CLOSED) == (end != 0));
            }
            vm.assertEq(open, 1);
        }
    }

    /// @notice A key acts exactly while its span lasts: a controller's until it is closed, an agent's until it is
    /// closed, expires or a recovery voids it.
    function ruleKeysActWithinTheirSpans() public view {
        for (uint256 i = 0; i < handler.keyCount(); ++i) {
            address holding = handler.everyKey(i);
            Key memory key = parties.keyRecord(holding);
            (Party memory record,) = parties.partyRecord(key.party);
            bool open = key.standing != Standing.CLOSED;
            if (key.kind == KeyKind.AGENT) {
                open = open && block.timestamp < key.untilTime && key.fromTime > record.agentsSince;
            } else {
                vm.assertTrue(open == (record.controller == holding));
            }
            vm.assertTrue(handler.acts(holding) == open);
        }
    }

    function _use(Draft memory d) internal pure returns (Use memory use) {
        use.user = d.grantee;
        use.environment = 1;
        use.action = 1;
        use.purpose = 1;
    }
}
