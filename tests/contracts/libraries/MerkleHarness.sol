// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Merkle} from "../../../contracts/libraries/Merkle.sol";

/// @notice Puts the library behind calls, so that proofs come as calldata.
contract MerkleHarness {
    function leafHash(bytes calldata data) external pure returns (bytes32) {
        return Merkle.leafHash(data);
    }

    function nodeHash(bytes32 left, bytes32 right) external pure returns (bytes32) {
        return Merkle.nodeHash(left, right);
    }

    function rootFrom(bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata proof)
        external
        view
        returns (bool fits, bytes32 root)
    {
        return Merkle.rootFrom(leaf, index, size, proof);
    }

    function verify(bytes32 root, bytes32 leaf, uint256 index, uint256 size, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        return Merkle.verify(root, leaf, index, size, proof);
    }
}
