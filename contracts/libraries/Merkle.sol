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
    /// @dev Assembly, since `bytes.concat` leaves each node's bytes in memory and copies them once more: a proof of twenty
    /// nodes costs a third of what it would.
    function nodeHash(bytes32 left, bytes32 right) internal view returns (bytes32 node) {
        assembly ("memory-safe") {
            // Beyond what is in use, where nothing is kept: 0x01, then the two.
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 0x01), left)
            mstore(add(free, 0x21), right)
            // The precompile at 2 fails only for want of gas.
            if iszero(staticcall(gas(), 2, free, 0x41, 0, 0x20)) { revert(0, 0) }
            node := mload(0)
        }
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
        root = leaf;
        uint256 last = size - 1;
        for (uint256 i; i < proof.length; ++i) {
            if (last == 0) return (false, 0);
            // The last node of a level has no sibling where its index is even: it moves up unchanged.
            while (index == last && index & 1 == 0) {
                index >>= 1;
                last >>= 1;
            }
            root = index & 1 == 1 ? nodeHash(proof[i], root) : nodeHash(root, proof[i]);
            index >>= 1;
            last >>= 1;
        }
        fits = last == 0;
    }
}
