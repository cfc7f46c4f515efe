// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BatchAnchor} from "../../../contracts/BatchAnchor.sol";
import {Lineage} from "../../../contracts/Lineage.sol";
import {PartyRegistry} from "../../../contracts/PartyRegistry.sol";
import {ProductRegistry} from "../../../contracts/ProductRegistry.sol";
import {UsageMeter} from "../../../contracts/UsageMeter.sol";
import {IBatchAnchor} from "../../../contracts/interfaces/IBatchAnchor.sol";
import {IGrants} from "../../../contracts/interfaces/IGrants.sol";
import {IProductRegistry, Registration} from "../../../contracts/interfaces/IProductRegistry.sol";
import {Standing} from "../../../contracts/types/Key.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {Particulars} from "../../../contracts/types/Product.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Rights} from "../../../contracts/types/Vocabulary.sol";
import {Trees} from "../Trees.sol";
import {vm} from "../Vm.sol";
import {EventReplay} from "./EventReplay.sol";
import {LedgerHandler} from "./LedgerHandler.sol";

/// @notice The contracts that batches go to.
struct Registries {
    PartyRegistry parties;
    ProductRegistry products;
    IGrants grants;
    UsageMeter meter;
    Lineage lineage;
    BatchAnchor anchors;
    EventReplay replay;
}

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Anchors trees by the parties of a `LedgerHandler` and promotes their leaves, rightly and wrongly: what must
/// pass passes, what must be refused is refused for its reason.
abstract contract AnchorHandler {
    /// @dev A root that a party anchored, and the number that its leaves are made of. A root seen at another's has none.
    struct Tree {
        PartyId by;
        bytes32 root;
        uint256 since;
        uint256 size;
        uint256 salt;
    }

    uint256 internal constant MOST_PRODUCTS = 60;
    uint256 private constant MOST_TREES = 12;
    uint256 private constant MOST_LEAVES = 9;

    PartyRegistry internal immutable parties;
    ProductRegistry internal immutable products;
    IGrants internal immutable grants;
    BatchAnchor internal immutable anchors;
    LedgerHandler internal immutable ledger;
    EventReplay internal immutable replay;

    uint256 internal salts;
    Tree[] private trees;
    mapping(PartyId party => mapping(bytes32 root => bool)) private anchored;
    ProductId[] public made;
    /// @notice Since when a product must be in the ledger, 0 while it must not be.
    mapping(ProductId product => uint256) public sinceOf;
    /// @notice How often each kind of operation was carried out, or refused as it must be.
    mapping(bytes32 kind => uint256) public reached;

    /// @dev Feeds the replay, and makes sure that no word was written that no event told of.
    modifier replayed() {
        vm.record();
        _;
        replay.take(vm.getRecordedLogs());
        _assertAllTold();
    }

    constructor(Registries memory r, LedgerHandler ledger_) {
        (parties, products, grants, anchors, replay) = (r.parties, r.products, r.grants, r.anchors, r.replay);
        ledger = ledger_;
    }

    /* ANCHORS */

    function anchor(uint256 seed, uint256 size) external replayed {
        (address key, PartyId party) = ledger.activeKey(seed);
        if (key == address(0) || trees.length >= MOST_TREES) return;
        Tree memory tree =
            Tree({by: party, root: 0, since: block.timestamp, size: 1 + size % MOST_LEAVES, salt: ++salts});
        tree.root = Trees.root(_leaves(tree));
        _keepAnchor(key, tree);
        ++reached["anchor"];
    }

    /// @notice A root is anchored once more: not by its party, but by any other, which it says nothing for.
    function anchorAgain(uint256 seed, uint256 by) external replayed {
        if (trees.length == 0) return;
        Tree memory tree = trees[seed % trees.length];
        (address key, PartyId party) = ledger.activeKey(by);
        if (key == address(0)) return;
        if (anchored[party][tree.root]) {
            bytes memory call = abi.encodeCall(anchors.anchor, (tree.root, uint32(tree.size)));
            _refused(key, address(anchors), call, IBatchAnchor.AnchorTaken.selector);
            ++reached["anchor twice"];
        } else {
            (tree.by, tree.since, tree.salt) = (party, block.timestamp, 0);
            _keepAnchor(key, tree);
            ++reached["anchor another's"];
        }
    }

    /// @notice Promotes a leaf, for which it must not be in the ledger yet.
    function promote(uint256 seed, uint256 index) external replayed {
        (Tree memory tree, address key) = _ownTree(seed);
        if (key == address(0)) return;
        index %= tree.size;
        Registration memory leaf = _leafOf(tree, index);
        ProductId product = _idOf(tree.by, leaf);
        bytes32[] memory proof = Trees.path(_leaves(tree), index);
        bytes memory call = abi.encodeCall(anchors.promote, (tree.root, uint32(index), leaf, proof));
        if (sinceOf[product] == 0) {
            _done(key, address(anchors), call);
            _keepMade(product, tree.since);
            ++reached["promote"];
        } else {
            _refused(key, address(anchors), call, IProductRegistry.ProductTaken.selector);
            ++reached["promote twice"];
        }
    }

    /// @notice Registers a leaf by itself, so that it cannot be promoted.
    function registerLeaf(uint256 seed, uint256 index) external replayed {
        // Seldom, so that leaves are left.
        if (seed % 3 != 0) return;
        (Tree memory tree, address key) = _ownTree(seed / 3);
        if (key == address(0)) return;
        Registration memory leaf = _leafOf(tree, index % tree.size);
        ProductId product = _idOf(tree.by, leaf);
        if (sinceOf[product] != 0) return;
        _done(key, address(products), abi.encodeCall(products.register, (leaf)));
        _keepMade(product, block.timestamp);
        ++reached["register a leaf"];
    }

    /// @notice Promotes with another index, field, proof or party, or of a root that was never anchored.
    function promoteWrongly(uint256 seed, uint256 index, uint256 kind, uint256 by) external replayed {
        (Tree memory tree, address key) = _ownTree(seed);
        if (key == address(0)) return;
        index %= tree.size;
        kind %= 6;
        Registration memory leaf = _leafOf(tree, index);
        bytes32[] memory proof = Trees.path(_leaves(tree), index);
        bytes4 refusal = IBatchAnchor.LeafUnproven.selector;
        if (kind == 0) index += 1 + seed % 40;
        if (kind == 1) leaf.metadataHash = keccak256(abi.encode(leaf.metadataHash));
        if (kind == 2) proof = Trees.resized(proof, proof.length + 1);
        if (kind == 3 && proof.length == 0) return;
        if (kind == 3) proof = Trees.resized(proof, proof.length - 1);
        if (kind == 4) (tree.root, refusal) = (keccak256(abi.encode(tree.root)), IBatchAnchor.AnchorUnknown.selector);
        if (kind == 5) {
            PartyId party;
            (key, party) = ledger.activeKey(by);
            if (party == tree.by) return;
            if (!anchored[party][tree.root]) refusal = IBatchAnchor.AnchorUnknown.selector;
        }
        _refused(
            key, address(anchors), abi.encodeCall(anchors.promote, (tree.root, uint32(index), leaf, proof)), refusal
        );
        ++reached[wrongly(kind)];
    }

    /// @notice An inner node is passed for a leaf, at each place.
    function passInnerNode(uint256 seed, uint256 index) external {
        if (trees.length == 0) return;
        Tree memory tree = trees[seed % trees.length];
        if (tree.size < 2 || tree.salt == 0) return;
        bytes32[] memory leaves = _leaves(tree);
        bytes32[] memory proof = Trees.path(leaves, index % tree.size);
        uint256 left = Trees.split(tree.size);
        bytes32 inner = Trees.rootOf(leaves, 0, left);
        // With a single leaf on the left the node is that leaf.
        if (left == 1) inner = tree.root;
        for (uint256 i = 0; i < tree.size; ++i) {
            for (uint256 length = 0; length <= proof.length; ++length) {
                bytes32[] memory part = Trees.resized(proof, length);
                vm.assertFalse(anchors.proves(tree.by, tree.root, uint32(i), inner, part));
            }
            bytes32[] memory upper = new bytes32[](1);
            upper[0] = Trees.rootOf(leaves, left, tree.size - left);
            vm.assertFalse(anchors.proves(tree.by, tree.root, uint32(i), inner, upper));
        }
        ++reached["inner node"];
    }

    /* WHAT THE INVARIANTS ASK */

    function counts() external view returns (uint256 trees_, uint256 made_) {
        return (trees.length, made.length);
    }

    function treeAt(uint256 place) external view returns (Tree memory) {
        return trees[place];
    }

    /// @notice The name of one of the six ways to promote wrongly.
    function wrongly(uint256 kind) public pure returns (bytes32) {
        return keccak256(abi.encode("promote wrongly", kind));
    }

    function leavesOf(uint256 place) external view returns (bytes32[] memory) {
        return _leaves(trees[place]);
    }

    function leafAt(uint256 place, uint256 index) external view returns (Registration memory, ProductId) {
        Registration memory registration = _leafOf(trees[place], index);
        return (registration, _idOf(trees[place].by, registration));
    }

    /* INTERNAL */

    function _assertAllTold() internal view virtual {
        _assertTold(address(parties));
        _assertTold(address(products));
        _assertTold(address(grants));
        _assertTold(address(anchors));
    }

    function _assertTold(address target) internal view {
        (, bytes32[] memory written) = vm.accesses(target);
        replay.assertTold(target, written);
    }

    function _done(address key, address target, bytes memory call) internal {
        vm.prank(key);
        (bool done, bytes memory answer) = target.call(call);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }

    /// @dev What it wrote and told before it was refused was taken back, and yet counts as written and told.
    function _refused(address key, address target, bytes memory call, bytes4 refusal) internal {
        vm.prank(key);
        (bool done, bytes memory answer) = target.call(call);
        vm.assertTrue(!done, "what must be refused was done");
        vm.assertEq(bytes32(bytes4(answer)), bytes32(refusal), "refused for another reason");
        vm.getRecordedLogs();
        vm.record();
    }

    function _keepMade(ProductId product, uint256 since) internal {
        made.push(product);
        sinceOf[product] = since;
    }

    function _registration(string memory kind, uint256 salt, uint256 index)
        internal
        pure
        returns (Registration memory)
    {
        uint256 word = (salt << 8 | index) << 16 | uint256(Rights.ALL) << 8;
        return Registration({
            contentRoot: keccak256(abi.encode(kind, salt, index)),
            metadataHash: keccak256(bytes(kind)),
            particulars: Particulars.wrap(word)
        });
    }

    function _idOf(PartyId party, Registration memory r) internal view returns (ProductId) {
        return products.idOf(party, r.contentRoot, r.metadataHash, r.particulars.salt());
    }

    /// @dev A product made here, whose holder may write, and its key.
    function _ownProduct(uint256 seed) internal view returns (ProductId product, address key, PartyId party) {
        if (made.length == 0) return (product, key, party);
        product = made[seed % made.length];
        party = products.headOf(product).applicant();
        if (_active(party)) key = ledger.keyOf(party);
    }

    function _active(PartyId party) internal view returns (bool) {
        return parties.standingOf(party) == Standing.ACTIVE;
    }

    function _keepAnchor(address key, Tree memory t) private {
        _done(key, address(anchors), abi.encodeCall(anchors.anchor, (t.root, uint32(t.size))));
        trees.push(t);
        anchored[t.by][t.root] = true;
    }

    /// @dev A tree whose leaves are its party's own, and the party's key if it may write.
    function _ownTree(uint256 seed) private view returns (Tree memory found, address key) {
        if (trees.length == 0) return (found, key);
        found = trees[seed % trees.length];
        if (found.salt != 0 && _active(found.by)) key = ledger.keyOf(found.by);
    }

    function _leafOf(Tree memory t, uint256 index) private pure returns (Registration memory) {
        return _registration("leaf", t.salt, index);
    }

    function _leaves(Tree memory t) private view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](t.size);
        for (uint256 i = 0; i < t.size; ++i) {
            Registration memory r = _leafOf(t, i);
            bytes memory words =
                abi.encode(block.chainid, address(products), t.by, r.contentRoot, r.metadataHash, r.particulars);
            leaves[i] = sha256(bytes.concat(hex"00", words));
        }
    }
}
// forge-lint: disable-end(unsafe-typecast)
