// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Merkle trees of RFC 6962 over SHA-256: a leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right),
/// and a tree of n leaves splits at the largest power of two below n. `registry/domain/merkle.py` is the same.
/// @dev Warning: a root does not say how many leaves it has. A proof is sound only with a size that the caller knows
/// from elsewhere; with a size that the prover chooses, a leaf can be shown at an index that is not its own.
library Merkle {
    /// @notice The root of the tree without leaves: SHA-256 of nothing.
    bytes32 internal constant EMPTY_ROOT = 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;

    /// @notice Hashes a leaf.
    function leafHash(bytes memory data) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"00", data));
    }

    /// @notice Hashes an inner node.
    function nodeHash(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"01", left, right));
    }

    /// @notice Says whether a leaf stands at `index` in the tree of `size` leaves that has this root.
    /// @param leaf hash of the leaf
    /// @param proof the siblings on the way to the root, the leaf's own first; false where there is one too few or many
    function verify(bytes32 root, bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata proof)
        internal
        view
        returns (bool)
    {
        (bool fits, bytes32 reached) = rootFrom(leaf, index, size, proof);
        return fits && reached == root;
    }

    /// @notice Walks from a leaf to the root that the proof leads to.
    /// @return fits whether the proof has exactly the siblings that this index has in a tree of this size
    /// @return root the root reached; it means nothing unless the proof fits
    function rootFrom(bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata proof)
        internal
        view
        returns (bool fits, bytes32 root)
    {
        if (index >= size) return (false, 0);
        // Assembly, since `nodeHash` leaves each node's bytes in memory and copies them once more: a proof of twenty nodes
        // costs half of what it would.
        assembly ("memory-safe") {
            // A node is 0x01 at 0x1f, the left one at 0x20, the right one at 0x40, where the end of the memory in use is
            // kept, which is put back below. Each node is hashed to where the next one wants it.
            let kept := mload(0x40)
            mstore8(0x1f, 1)
            let place := shl(and(index, 1), 0x20)
            mstore(place, leaf)
            let sibling := proof.offset
            // Up to where the ways of this leaf and of the last one meet, every node has a sibling. Siblings are not
            // counted on the way: what a short proof lacks is read from whatever follows it, and comes to nothing, since
            // `sibling` then ends beyond the proof. A hash that failed is not counted, so that nothing comes of it either.
            for { let apart := xor(index, sub(size, 1)) } apart { apart := shr(1, apart) } {
                mstore(xor(place, 0x60), calldataload(sibling))
                index := shr(1, index)
                place := shl(and(index, 1), 0x20)
                sibling := add(sibling, shl(5, staticcall(gas(), 2, 0x1f, 0x41, place, 0x20)))
            }
            root := mload(place)
            // From there on the node is the last of its level: without a sibling where its index is even, when it moves
            // up unchanged, and right of it where it is odd.
            for {} index { index := shr(1, index) } {
                if and(index, 1) {
                    mstore(0x20, calldataload(sibling))
                    mstore(0x40, root)
                    sibling := add(sibling, shl(5, staticcall(gas(), 2, 0x1f, 0x41, 0x20, 0x20)))
                    root := mload(0x20)
                }
            }
            mstore(0x40, kept)
            fits := eq(sibling, add(proof.offset, shl(5, proof.length)))
        }
    }
}
