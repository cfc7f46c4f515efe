// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchAnchor} from "../../../contracts/interfaces/IBatchAnchor.sol";
import {IGrantRegistry} from "../../../contracts/interfaces/IGrantRegistry.sol";
import {ILineage} from "../../../contracts/interfaces/ILineage.sol";
import {IPartyRegistry} from "../../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Registration} from "../../../contracts/interfaces/IProductRegistry.sol";
import {IUsageMeter} from "../../../contracts/interfaces/IUsageMeter.sol";
import {Anchor} from "../../../contracts/types/Anchor.sol";
import {GrantStage, GrantState} from "../../../contracts/types/GrantState.sol";
import {Standing} from "../../../contracts/types/Key.sol";
import {Role} from "../../../contracts/types/Party.sol";
import {ProductHead} from "../../../contracts/types/Product.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Verdict} from "../../../contracts/types/Verdict.sol";
import {Draft, Drafts} from "../Draft.sol";
import {Trees} from "../Trees.sol";
import {vm} from "../Vm.sol";
import {AnchorHandler, Registries} from "./AnchorHandler.sol";
import {BatchHandler} from "./BatchHandler.sol";
import {LedgerHandler} from "./LedgerHandler.sol";
import {LedgerRules} from "./LedgerRules.t.sol";

// The casts below are of numbers drawn for the test.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Parties, products, grants, use, derivations, anchors and batches together: one handler drives each by itself,
/// another anchors and sends batches, both with the same parties on the same ledger.
contract LedgerInvariants is LedgerRules {
    using Drafts for Draft;

    BatchHandler private batches;

    function setUp() public override {
        super.setUp();
        replay = _newReplay();
        handler = new LedgerHandler(parties, products, grants, replay);
        batches = new BatchHandler(
            Registries({
                parties: parties,
                products: products,
                grants: grants,
                meter: meter,
                lineage: lineage,
                anchors: anchors,
                replay: replay
            }),
            handler
        );
        _administer(
            address(parties), abi.encodeCall(parties.setRoles, (founding, Role.REGISTRAR | Role.REGULATOR | Role.COURT))
        );
        vm.recordLogs();
        handler.enrol("first");
        handler.enrol("second");
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](2);
        (targets[0], targets[1]) = (address(handler), address(batches));
    }

    /// @notice All of them: forge runs a campaign for each function of this kind, and the same calls in each.
    function invariant_AllHold() external view {
        ruleNothingLivesOnRetiredProducts();
        ruleChecksTellTheTruth();
        ruleRevokedStaysRevoked();
        ruleAnnotationsAddUp();
        ruleClaimsAddUp();
        ruleEachRightHasOneHolder();
        ruleSuspensionsAddUp();
        ruleKeysStayWithTheirParty();
        ruleControllersFollowEachOther();
        ruleKeysActWithinTheirSpans();
        ruleAnchorsAreForGood();
        ruleLeavesAreProvedFromTheirPlaces();
        ruleLeavesAreNoProducts();
        ruleProductsAreThereSinceTheirTime();
        ruleRefusedBatchesLeaveNothing();
        ruleDerivedInBatchesHaveSources();
        ruleBatchGrantsLiveUntilRevoked();
        ruleRevokedInBatchesStaysRevoked();
        ruleQuotasLackWhatWasUsed();
        ruleTheMeterKeepsTheLastReceipt();
    }

    /// @notice At the end of each run every word is compared, not just those that a call wrote.
    function afterInvariant() external view {
        ruleEventsRebuildStorage();
    }

    /* ANCHORS */

    /// @notice An anchor keeps its first time and its number of leaves for good.
    function ruleAnchorsAreForGood() public view {
        (uint256 count,) = batches.counts();
        for (uint256 i = 0; i < count; ++i) {
            AnchorHandler.Tree memory tree = batches.treeAt(i);
            Anchor memory kept = anchors.anchorOf(tree.by, tree.root);
            vm.assertEq(kept.since, tree.since);
            vm.assertEq(kept.leaves, tree.size);
        }
    }

    /// @notice A leaf is proved by its own way from its own place, and for its own party.
    function ruleLeavesAreProvedFromTheirPlaces() public view {
        (uint256 count,) = batches.counts();
        for (uint256 i = 0; i < count; ++i) {
            AnchorHandler.Tree memory tree = batches.treeAt(i);
            if (tree.salt == 0) continue;
            bytes32[] memory leaves = batches.leavesOf(i);
            uint256 index = tree.salt % tree.size;
            (Registration memory leaf,) = batches.leafAt(i, index);
            vm.assertEq(anchors.leafOf(tree.by, leaf), leaves[index]);
            bytes32[] memory proof = Trees.path(leaves, index);
            for (uint32 place = 0; place < tree.size; ++place) {
                bool proved = anchors.proves(tree.by, tree.root, place, leaves[index], proof);
                vm.assertTrue(proved == (place == index));
            }
        }
    }

    /// @notice A leaf that was neither promoted nor registered is no product, and claims nothing.
    function ruleLeavesAreNoProducts() public view {
        (uint256 count,) = batches.counts();
        for (uint256 i = 0; i < count; ++i) {
            AnchorHandler.Tree memory tree = batches.treeAt(i);
            if (tree.salt == 0) continue;
            for (uint256 index = 0; index < tree.size; ++index) {
                (Registration memory leaf, ProductId product) = batches.leafAt(i, index);
                bool entered = batches.sinceOf(product) != 0;
                vm.assertTrue(products.headOf(product).isNone() != entered);
                vm.assertEq(products.claimCount(leaf.contentRoot), entered ? 1 : 0);
            }
        }
    }

    /// @notice What was promoted is there since its anchor, what was registered since its block, and either once.
    function ruleProductsAreThereSinceTheirTime() public view {
        (, uint256 count) = batches.counts();
        for (uint256 i = 0; i < count; ++i) {
            ProductHead head = products.headOf(batches.made(i));
            vm.assertEq(head.since(), batches.sinceOf(batches.made(i)));
            vm.assertLe(head.since(), block.timestamp);
        }
    }

    /* BATCHES */

    /// @notice Of a batch that was refused nothing is left.
    function ruleRefusedBatchesLeaveNothing() public view {
        (, uint256 count,) = batches.batchCounts();
        for (uint256 i = 0; i < count; ++i) {
            vm.assertTrue(products.headOf(batches.refusedProducts(i)).isNone());
        }
    }

    /// @notice What was derived in a batch has its derivation, and no time before its source's.
    function ruleDerivedInBatchesHaveSources() public view {
        (uint256 count,,) = batches.batchCounts();
        for (uint256 i = 0; i < count; ++i) {
            ProductId product = batches.derived(i);
            ProductHead head = products.headOf(product);
            vm.assertTrue(head.derived() && lineage.derivationDigest(product, 1) != 0);
            vm.assertLe(products.headOf(batches.sourceOf(product)).since(), head.since());
        }
    }

    /// @notice A grant made in a batch can be used exactly until it is revoked, while both sides are active.
    function ruleBatchGrantsLiveUntilRevoked() public view {
        (,, uint256 count) = batches.batchCounts();
        for (uint256 i = 0; i < count; ++i) {
            Draft memory d = batches.draft(i);
            bool sides =
                parties.standingOf(d.grantor) == Standing.ACTIVE && parties.standingOf(d.grantee) == Standing.ACTIVE;
            bool live = grants.check(d.pack(), _use(d)) == Verdict.OK;
            vm.assertTrue(live == (sides && !batches.revoked(i)));
        }
    }

    /// @notice What was revoked in a batch stays so.
    function ruleRevokedInBatchesStaysRevoked() public view {
        (,, uint256 count) = batches.batchCounts();
        for (uint256 i = 0; i < count; ++i) {
            GrantState memory state = grants.stateOf(batches.issued(i));
            vm.assertTrue((state.stage == GrantStage.REVOKED) == batches.revoked(i));
            if (batches.revoked(i)) vm.assertLe(state.endsAt, block.timestamp);
        }
    }

    /// @notice A quota lacks what was recorded and settled together, and no more was ever used.
    function ruleQuotasLackWhatWasUsed() public view {
        (,, uint256 count) = batches.batchCounts();
        for (uint256 i = 0; i < count; ++i) {
            uint256 total = batches.draft(i).quotaTotal;
            vm.assertLe(batches.used(i), total);
            vm.assertEq(grants.stateOf(batches.issued(i)).remaining, total - batches.used(i));
        }
    }

    /// @notice The meter keeps the last receipt of each grant: no batch, however refused, moves it by more or less.
    function ruleTheMeterKeepsTheLastReceipt() public view {
        (,, uint256 count) = batches.batchCounts();
        for (uint256 i = 0; i < count; ++i) {
            vm.assertEq(meter.settledOf(batches.issued(i)).cumulative(), batches.settled(i));
            vm.assertEq(meter.settledOf(batches.issued(i)).sequence(), batches.receipts(i));
        }
    }

    /* REACH */

    /// @notice Both handlers come to every kind of operation, and to every refusal that they watch for: what is said
    /// above is said of something.
    function test_TheHandlersReachEverything() external {
        for (uint256 i = 0; i < 2400; ++i) {
            uint256 seed = uint256(keccak256(abi.encode("reach", i)));
            if (i % 4 == 0) _driveParties(seed >> 8, seed % 10);
            else if (i % 4 == 1) _driveProducts(seed >> 8, seed % 9);
            else if (i % 4 == 2) _driveAnchors(seed >> 8, seed % 6);
            else _driveBatches(seed >> 8, seed % 6);
        }
        _assertReached();
        replay.assertEqualsStorage();
    }

    function _assertReached() private view {
        bytes32[23] memory topics = [
            IPartyRegistry.PartyEnrolled.selector,
            IPartyRegistry.KeyRotated.selector,
            IPartyRegistry.AgentAppointed.selector,
            IPartyRegistry.AgentDismissed.selector,
            IPartyRegistry.RecoveryAnnounced.selector,
            IPartyRegistry.RecoveryCancelled.selector,
            IPartyRegistry.PartyRecovered.selector,
            IPartyRegistry.KeyAdmitted.selector,
            IPartyRegistry.PartySuspended.selector,
            IPartyRegistry.PartyResumed.selector,
            IProductRegistry.ProductRegistered.selector,
            IProductRegistry.ProductUpdated.selector,
            IProductRegistry.RightsTransferred.selector,
            IProductRegistry.ProductRetired.selector,
            IProductRegistry.ProductAnnotated.selector,
            IProductRegistry.AnnotationReleased.selector,
            IGrantRegistry.GrantIssued.selector,
            IGrantRegistry.GrantRevoked.selector,
            IGrantRegistry.UsageRecorded.selector,
            IUsageMeter.ReceiptSettled.selector,
            ILineage.ProductDerived.selector,
            IBatchAnchor.BatchAnchored.selector,
            IBatchAnchor.LeafPromoted.selector
        ];
        for (uint256 i = 0; i < topics.length; ++i) {
            vm.assertTrue(replay.told(topics[i]) != 0, vm.toString(i));
        }
        string[19] memory kinds = [
            "anchor",
            "anchor twice",
            "anchor another's",
            "promote",
            "promote twice",
            "register a leaf",
            "inner node",
            "registerBatch",
            "registerBatch refused",
            "deriveBatch",
            "deriveBatch refused",
            "grantBatch",
            "grantBatch refused",
            "revokeBatch",
            "revokeBatch refused",
            "use refused",
            "settleBatch",
            "settleBatch repeated",
            "settleBatch refused"
        ];
        for (uint256 i = 0; i < kinds.length; ++i) {
            vm.assertTrue(batches.reached(bytes32(bytes(kinds[i]))) != 0, kinds[i]);
        }
        for (uint256 kind = 0; kind < 6; ++kind) {
            vm.assertTrue(batches.reached(batches.wrongly(kind)) != 0, "a wrong promotion");
        }
    }

    function _driveParties(uint256 seed, uint256 which) private {
        if (which == 0) handler.enrol(bytes32(seed));
        else if (which == 1) handler.rotate(seed);
        else if (which == 2) handler.appoint(seed, uint16(seed >> 8), uint32(seed >> 24));
        else if (which == 3) handler.dismiss(seed, seed >> 200 & 1 == 0);
        else if (which == 4) handler.announceRecovery(seed, bytes32(seed));
        else if (which == 5) handler.cancelRecovery(seed, seed >> 200 & 1 == 0);
        else if (which == 6) handler.recover(seed, seed >> 200 & 7 == 0);
        else if (which == 7) handler.admit(seed, bytes32(seed));
        else if (which == 8) handler.suspend(seed, bytes12(bytes32(seed)));
        else handler.resume(seed);
    }

    function _driveProducts(uint256 seed, uint256 which) private {
        if (which == 0) handler.register(seed, uint8(seed >> 8), uint8(seed >> 16));
        else if (which == 1) handler.update(seed, bytes32(seed));
        else if (which == 2) handler.transfer(seed, uint8(seed >> 8), seed >> 16);
        else if (which == 3) handler.retire(seed);
        else if (which == 4) handler.annotate(seed, uint8(seed >> 8), uint8(seed >> 16), bytes32(seed));
        else if (which == 5) handler.release(seed, bytes32(seed));
        else if (which == 6) handler.issue(seed, seed >> 8, uint64(seed >> 16), uint8(seed >> 80), uint32(seed >> 88));
        else if (which == 7) handler.revoke(seed, seed >> 200 & 1 == 0, uint8(seed >> 8));
        else handler.pass(uint24(seed), uint8(seed >> 24));
    }

    function _driveAnchors(uint256 seed, uint256 which) private {
        if (which == 0) batches.anchor(seed, seed >> 8);
        else if (which == 1) batches.anchorAgain(seed, seed >> 8);
        else if (which == 2) batches.promote(seed, seed >> 8);
        else if (which == 3) batches.registerLeaf(seed, seed >> 8);
        else if (which == 4) batches.promoteWrongly(seed, seed >> 8, seed >> 16, seed >> 24);
        else batches.passInnerNode(seed, seed >> 8);
    }

    function _driveBatches(uint256 seed, uint256 which) private {
        bool spoiled = seed >> 200 & 3 == 0;
        if (which == 0) batches.registerBatch(seed, seed >> 8, uint8(seed >> 16));
        else if (which == 1) batches.deriveBatch(seed, seed >> 8, spoiled);
        else if (which == 2) batches.grantBatch(seed, seed >> 8, seed >> 16, spoiled);
        else if (which == 3) batches.revokeBatch(seed, seed >> 8, spoiled);
        else if (which == 4) batches.use(seed, uint64(seed >> 8), seed >> 200 & 1 == 0);
        else batches.settleBatch(seed, seed >> 8, uint64(seed >> 16), spoiled);
    }
}
// forge-lint: disable-end(unsafe-typecast)
