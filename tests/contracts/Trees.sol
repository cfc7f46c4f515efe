// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Trees as RFC 6962 defines them, by recursion, apart from the contracts' own way.
library Trees {
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        return rootOf(leaves, 0, leaves.length);
    }

    /// @notice The root of `size` leaves from `first` on.
    function rootOf(bytes32[] memory leaves, uint256 first, uint256 size) internal pure returns (bytes32) {
        if (size == 1) return leaves[first];
        uint256 left = split(size);
        return node(rootOf(leaves, first, left), rootOf(leaves, first + left, size - left));
    }

    /// @notice What is beside the way from a leaf up, from the lowest on.
    function path(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory) {
        return _path(leaves, 0, leaves.length, index);
    }

    /// @notice The greatest power of two below `size`.
    function split(uint256 size) internal pure returns (uint256 left) {
        left = 1;
        while (left * 2 < size) left *= 2;
    }

    function node(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(uint8(1), left, right));
    }

    /// @notice The same words, cut off or filled up with zeros.
    function resized(bytes32[] memory words, uint256 size) internal pure returns (bytes32[] memory copy) {
        copy = new bytes32[](size);
        for (uint256 i = 0; i < size && i < words.length; ++i) {
            copy[i] = words[i];
        }
    }

    function _path(bytes32[] memory leaves, uint256 first, uint256 size, uint256 index)
        private
        pure
        returns (bytes32[] memory way)
    {
        if (size == 1) return way;
        uint256 left = split(size);
        bool inLeft = index < left;
        way = inLeft ? _path(leaves, first, left, index) : _path(leaves, first + left, size - left, index - left);
        way = resized(way, way.length + 1);
        way[way.length - 1] = inLeft ? rootOf(leaves, first + left, size - left) : rootOf(leaves, first, left);
    }
}
