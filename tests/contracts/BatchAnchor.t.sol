// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchAnchor} from "../../contracts/interfaces/IBatchAnchor.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Product, Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Anchor} from "../../contracts/types/Anchor.sol";
import {Claim} from "../../contracts/types/Claim.sol";
import {Standing} from "../../contracts/types/Key.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Particulars, ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Reason, Rights, Source} from "../../contracts/types/Vocabulary.sol";
import {Fixture} from "./Fixture.sol";
import {Trees} from "./Trees.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
contract BatchAnchorTest is Fixture {
    uint32 private constant MOST_LEAVES = 1 << 20;

    /* ANCHORING */

    /// @notice An anchor keeps its time and its number of leaves, and is told.
    function testFuzz_Anchors(bytes32 root, uint32 leaves, uint40 time) external {
        leaves = uint32(bound(leaves, 1, MOST_LEAVES));
        time = uint40(bound(time, GENESIS, type(uint40).max));
        vm.warp(time);
        vm.expectEmit(address(anchors));
        emit IBatchAnchor.BatchAnchored(holder, root, leaves);
        _anchor(HOLDER, root, leaves);
        Anchor memory kept = anchors.anchorOf(holder, root);
        vm.assertEq(kept.since, time);
        vm.assertEq(kept.leaves, leaves);
    }

    /// @notice The same root is anchored once by a party, and then keeps its time.
    function testFuzz_AnchorsOnce(bytes32 root, uint32 leaves, uint32 again) external {
        leaves = uint32(bound(leaves, 1, MOST_LEAVES));
        again = uint32(bound(again, 1, MOST_LEAVES));
        _anchor(HOLDER, root, leaves);
        vm.warp(GENESIS + 9);
        vm.expectRevert(abi.encodeWithSelector(IBatchAnchor.AnchorTaken.selector, holder, root, GENESIS));
        _anchor(HOLDER, root, again);
        vm.assertEq(anchors.anchorOf(holder, root).leaves, leaves);
    }

    /// @notice Whoever sees a root before it is anchored and anchors it first takes nothing from its party.
    function testFuzz_NobodyTakesAnothersRoot(bytes32 seed) external {
        (bytes32 root, bytes32[] memory proof, Registration memory registration) = _pair(holder, seed);
        _anchor(BUYER, root, 2);
        _anchor(HOLDER, root, 2);
        vm.expectPartialRevert(IBatchAnchor.LeafUnproven.selector);
        vm.prank(BUYER);
        anchors.promote(root, 0, registration, proof);
        vm.prank(HOLDER);
        ProductId product = anchors.promote(root, 0, registration, proof);
        vm.assertTrue(products.productRecord(product).applicant == holder);
    }

    /// @notice An anchor of no leaf, or of more than a tree may have, is refused.
    function testFuzz_RefusesNumbersOfLeaves(bytes32 root, uint32 leaves) external {
        vm.assume(leaves == 0 || leaves > MOST_LEAVES);
        vm.expectRevert(abi.encodeWithSelector(IBatchAnchor.LeavesOutOfRange.selector, leaves, MOST_LEAVES));
        _anchor(HOLDER, root, leaves);
    }

    /// @notice Strangers, suspended parties and anyone during a pause neither anchor nor promote.
    function testFuzz_OnlyWritersWrite(address stranger, bytes32 seed) external {
        vm.assume(PartyId.unwrap(parties.partyOf(stranger)) == 0);
        (bytes32 root, bytes32[] memory proof, Registration memory registration) = _pair(holder, seed);
        _anchor(HOLDER, root, 2);
        _assertRefused(
            stranger, abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, stranger), root, proof, registration
        );
        parties.suspend(holder, Reason.RISK, 0);
        bytes memory refusal = abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, holder, Standing.SUSPENDED);
        _assertRefused(HOLDER, refusal, root, proof, registration);
        parties.resume(holder, 0);
        uint40 until = GENESIS + 6 days;
        _administer(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (until)));
        refusal = abi.encodeWithSelector(IPartyRegistry.WritesArePaused.selector, until);
        _assertRefused(HOLDER, refusal, root, proof, registration);
    }

    /* PROMOTION */

    /// @notice Any leaf of any tree becomes the product that registering it would have made, since the anchor's time.
    function testFuzz_Promotes(bytes32 seed, uint256 size, uint256 index, uint40 later) external {
        size = bound(size, 1, 40);
        index = bound(index, 0, size - 1);
        (bytes32 root, bytes32[] memory proof, Registration memory registration) = _tree(holder, seed, size, index);
        _anchor(HOLDER, root, uint32(size));
        vm.warp(bound(later, GENESIS, type(uint40).max));
        ProductId expected =
            products.idOf(holder, registration.contentRoot, registration.metadataHash, registration.particulars.salt());
        vm.expectEmit(address(products));
        emit IProductRegistry.ProductRegistered(
            expected, holder, registration.contentRoot, registration.metadataHash, registration.particulars
        );
        vm.expectEmit(address(anchors));
        emit IBatchAnchor.LeafPromoted(expected, holder, root, index << 40 | GENESIS);
        vm.prank(HOLDER);
        ProductId product = anchors.promote(root, uint32(index), registration, proof);

        vm.assertTrue(product == expected);
        Product memory record = products.productRecord(product);
        vm.assertTrue(record.profile == Profile.OPEN && record.state == ProductState.REGISTERED);
        vm.assertTrue(record.applicant == holder);
        vm.assertEq(record.since, GENESIS);
        vm.assertEq(record.latest, 1);
        Claim[] memory claims = products.claims(registration.contentRoot, 0, 9);
        vm.assertEq(claims.length, 1);
        vm.assertEq(claims[0].firstAt, GENESIS);
    }

    /// @notice A leaf is promoted once, and not at all where its registration was made by itself.
    function testFuzz_PromotesOnce(bytes32 seed, bool registered) external {
        (bytes32 root, bytes32[] memory proof, Registration memory registration) = _pair(holder, seed);
        _anchor(HOLDER, root, 2);
        if (registered) {
            _registerBy(HOLDER, registration);
        } else {
            vm.prank(HOLDER);
            anchors.promote(root, 0, registration, proof);
        }
        ProductId product =
            products.idOf(holder, registration.contentRoot, registration.metadataHash, registration.particulars.salt());
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductTaken.selector, product));
        vm.prank(HOLDER);
        anchors.promote(root, 0, registration, proof);
        vm.assertEq(products.claimCount(registration.contentRoot), 1);
    }

    /// @notice A claim that is promoted stands behind those made meanwhile, with its earlier time.
    function testFuzz_PriorityIsByTime(bytes32 seed) external {
        (bytes32 root, bytes32[] memory proof, Registration memory registration) = _pair(holder, seed);
        _anchor(HOLDER, root, 2);
        vm.warp(GENESIS + 5);
        _registerBy(BUYER, registration);
        vm.warp(GENESIS + 9);
        vm.prank(HOLDER);
        ProductId product = anchors.promote(root, 0, registration, proof);
        Claim[] memory claims = products.claims(registration.contentRoot, 0, 9);
        vm.assertEq(claims.length, 2);
        vm.assertEq(claims[0].firstAt, GENESIS + 5);
        vm.assertTrue(claims[1].product == product);
        vm.assertEq(claims[1].firstAt, GENESIS);
    }

    /// @notice A root that the party did not anchor proves nothing.
    function testFuzz_RefusesUnknownRoots(bytes32 seed) external {
        (bytes32 root, bytes32[] memory proof, Registration memory registration) = _pair(holder, seed);
        vm.expectRevert(abi.encodeWithSelector(IBatchAnchor.AnchorUnknown.selector, holder, root));
        vm.prank(HOLDER);
        anchors.promote(root, 0, registration, proof);
    }

    /// @notice Another index, another field, another sibling, one sibling more or less, or another number of leaves: none
    /// is proved.
    function testFuzz_RefusesWrongProofs(bytes32 seed, uint256 size, uint256 index, uint256 kind, uint256 noise)
        external
    {
        size = bound(size, 2, 40);
        index = bound(index, 0, size - 1);
        (bytes32 root, bytes32[] memory proof, Registration memory registration) = _tree(holder, seed, size, index);
        uint32 leaves = uint32(size);
        kind = bound(kind, 0, 6);
        if (kind == 0) index = (index + bound(noise, 1, size - 1)) % size;
        if (kind == 1) registration.contentRoot = keccak256(abi.encode(noise));
        if (kind == 2) registration.metadataHash = keccak256(abi.encode(noise));
        if (kind == 3) registration.particulars = _particulars(uint64(noise), Rights.HOLD | Rights.USE, 1);
        if (kind == 4) proof[noise % proof.length] ^= bytes32(uint256(1) << (noise % 256));
        if (kind == 5) proof = Trees.resized(proof, proof.length + 1);
        if (kind == 6) proof = Trees.resized(proof, proof.length - 1);
        _anchor(HOLDER, root, leaves);
        bytes32 leaf = anchors.leafOf(holder, registration);
        vm.assertFalse(anchors.proves(holder, root, uint32(index), leaf, proof));
        vm.expectRevert(abi.encodeWithSelector(IBatchAnchor.LeafUnproven.selector, root, leaf, uint32(index)));
        vm.prank(HOLDER);
        anchors.promote(root, uint32(index), registration, proof);
    }

    /// @notice What was anchored for one chain proves nothing on another that the ledger was copied to.
    function testFuzz_OtherChainsAnchorsProveNothing(bytes32 seed, uint64 chain) external {
        vm.assume(chain != 0 && chain != block.chainid);
        (bytes32 root, bytes32[] memory proof, Registration memory registration) = _pair(holder, seed);
        _anchor(HOLDER, root, 2);
        vm.chainId(chain);
        vm.expectPartialRevert(IBatchAnchor.LeafUnproven.selector);
        vm.prank(HOLDER);
        anchors.promote(root, 0, registration, proof);
    }

    /// @notice Data that was made of other data is promoted by nobody: it is registered with what it was made of.
    function testFuzz_RefusesDerivedData(bytes32 seed) external {
        Registration memory registration = _registration(seed);
        uint256 derived = uint256(Source.DERIVED) << 80;
        registration.particulars = Particulars.wrap(Particulars.unwrap(registration.particulars) | derived);
        bytes32 root = anchors.leafOf(holder, registration);
        _anchor(HOLDER, root, 1);
        vm.expectPartialRevert(IProductRegistry.DerivationMissing.selector);
        vm.prank(HOLDER);
        anchors.promote(root, 0, registration, new bytes32[](0));
    }

    /// @notice An inner node, or the root itself, cannot be passed as a leaf: no registration hashes to it.
    function testFuzz_InnerNodesAreNoLeaves(bytes32 seed) external {
        (bytes32 root,, Registration memory registration) = _tree(holder, seed, 4, 0);
        _anchor(HOLDER, root, 4);
        bytes32 left = Trees.node(_leaf(holder, seed, 0), _leaf(holder, seed, 1));
        bytes32 right = Trees.node(_leaf(holder, seed, 2), _leaf(holder, seed, 3));
        vm.assertTrue(Trees.node(left, right) == root);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = right;
        // Even asked with the node's own hash, the number of leaves tells that the way is too short.
        vm.assertFalse(anchors.proves(holder, root, 0, left, proof));
        vm.expectPartialRevert(IBatchAnchor.LeafUnproven.selector);
        vm.prank(HOLDER);
        anchors.promote(root, 0, registration, proof);
    }

    /// @notice What no registration may say, no leaf may say either.
    function testFuzz_RefusesWhatRegisteringRefuses(bytes32 seed, uint256 word) external {
        word |= 1 << 200;
        Registration memory registration = _registration(seed);
        registration.particulars = Particulars.wrap(word);
        bytes32 root = anchors.leafOf(holder, registration);
        _anchor(HOLDER, root, 1);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ParticularsInvalid.selector, word));
        vm.prank(HOLDER);
        anchors.promote(root, 0, registration, new bytes32[](0));
    }

    /// @notice Nobody but this contract enters promoted products.
    function testFuzz_OnlyTheAnchorEnters(address stranger, bytes32 seed) external {
        vm.assume(stranger != address(anchors));
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.AnchorOnly.selector, stranger));
        vm.prank(stranger);
        products.promote(holder, _registration(seed), GENESIS);
    }

    /* TREES */

    function _anchor(address key, bytes32 root, uint32 leaves) private {
        vm.prank(key);
        anchors.anchor(root, leaves);
    }

    function _assertRefused(
        address key,
        bytes memory refusal,
        bytes32 root,
        bytes32[] memory proof,
        Registration memory registration
    ) private {
        vm.expectRevert(refusal);
        _anchor(key, keccak256(abi.encode(root)), 2);
        vm.expectRevert(refusal);
        vm.prank(key);
        anchors.promote(root, 0, registration, proof);
    }

    function _pair(PartyId by, bytes32 seed)
        private
        view
        returns (bytes32 root, bytes32[] memory proof, Registration memory registration)
    {
        return _tree(by, seed, 2, 0);
    }

    /// @dev A tree and the path of one leaf.
    function _tree(PartyId by, bytes32 seed, uint256 size, uint256 index)
        private
        view
        returns (bytes32 root, bytes32[] memory proof, Registration memory registration)
    {
        registration = _registration(keccak256(abi.encode(seed, index)));
        bytes32[] memory leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = _leaf(by, seed, i);
        }
        (root, proof) = (Trees.root(leaves), Trees.path(leaves, index));
    }

    function _leaf(PartyId by, bytes32 seed, uint256 index) private view returns (bytes32) {
        Registration memory registration = _registration(keccak256(abi.encode(seed, index)));
        return sha256(
            abi.encodePacked(
                uint8(0),
                abi.encode(
                    block.chainid,
                    address(products),
                    by,
                    registration.contentRoot,
                    registration.metadataHash,
                    registration.particulars
                )
            )
        );
    }
}
// forge-lint: disable-end(unsafe-typecast)
