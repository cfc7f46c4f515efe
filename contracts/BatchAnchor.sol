// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchAnchor} from "./interfaces/IBatchAnchor.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry, Registration} from "./interfaces/IProductRegistry.sol";
import {Merkle} from "./libraries/Merkle.sol";
import {Anchor, AnchorWord, AnchorWordLibrary} from "./types/Anchor.sol";
import {Scope} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductId} from "./types/ProductId.sol";

/// @title The implementation of `IBatchAnchor`
contract BatchAnchor is IBatchAnchor {
    /* CONSTANTS AND IMMUTABLES */

    uint32 internal constant MOST_LEAVES = 1 << 20;

    /// @inheritdoc IBatchAnchor
    IPartyRegistry public immutable parties;

    /// @inheritdoc IBatchAnchor
    IProductRegistry public immutable products;

    /* STORAGE */

    mapping(PartyId party => mapping(bytes32 root => AnchorWord)) private _anchors;

    /* CONSTRUCTOR */

    /// @param parties_ the registry that says who may write
    /// @param products_ the registry of products, which lets this contract enter what it promotes
    constructor(IPartyRegistry parties_, IProductRegistry products_) {
        parties = parties_;
        products = products_;
    }

    /* ANCHORING */

    /// @inheritdoc IBatchAnchor
    function anchor(bytes32 root, uint32 leaves) external {
        PartyId by = parties.writer(msg.sender, Scope.REGISTER);
        if (leaves == 0 || leaves > MOST_LEAVES) revert LeavesOutOfRange(leaves, MOST_LEAVES);
        AnchorWord before = _anchors[by][root];
        if (!before.isNone()) revert AnchorTaken(by, root, before.since());

        _anchors[by][root] = AnchorWordLibrary.make(block.timestamp, leaves);
        emit BatchAnchored(by, root, leaves);
    }

    /// @inheritdoc IBatchAnchor
    function promote(bytes32 root, uint32 index, Registration calldata registration, bytes32[] calldata proof)
        external
        returns (ProductId product)
    {
        PartyId by = parties.writer(msg.sender, Scope.REGISTER);
        AnchorWord kept = _anchors[by][root];
        if (kept.isNone()) revert AnchorUnknown(by, root);
        bytes32 leaf = leafOf(by, registration);
        if (!Merkle.verify(root, leaf, index, kept.leaves(), proof)) revert LeafUnproven(root, leaf, index);

        // Whether it was promoted before is for the registry to say: the id is taken then.
        product = products.promote(by, registration, kept.since());
        emit LeafPromoted(product, by, root, uint256(index) << 40 | kept.since());
    }

    /* VIEWS */

    /// @inheritdoc IBatchAnchor
    function anchorOf(PartyId by, bytes32 root) external view returns (Anchor memory) {
        return _anchors[by][root].unpack();
    }

    /// @inheritdoc IBatchAnchor
    function leafOf(PartyId by, Registration calldata registration) public view returns (bytes32 leaf) {
        IProductRegistry registry = products;
        assembly ("memory-safe") {
            // 0x00 and the six words, beyond what is in use: the registration is three of them as it stands.
            let free := mload(0x40)
            mstore8(free, 0)
            mstore(add(free, 0x01), chainid())
            mstore(add(free, 0x21), registry)
            mstore(add(free, 0x41), by)
            calldatacopy(add(free, 0x61), registration, 0x60)
            if iszero(staticcall(gas(), 2, free, 0xc1, 0, 0x20)) { revert(0, 0) }
            leaf := mload(0)
        }
    }

    /// @inheritdoc IBatchAnchor
    function proves(PartyId by, bytes32 root, uint32 index, bytes32 leaf, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        return Merkle.verify(root, leaf, index, _anchors[by][root].leaves(), proof);
    }
}
