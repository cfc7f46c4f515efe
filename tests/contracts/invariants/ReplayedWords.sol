// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Words of storage as events tell of them.
abstract contract ReplayedWords {
    struct Place {
        address target;
        bytes32 slot;
    }

    Place[] internal places;
    mapping(address target => mapping(bytes32 slot => bool)) internal known;
    mapping(address target => mapping(bytes32 slot => uint256)) internal words;

    function _number(bytes memory data, uint256 start, uint256 size) internal pure returns (uint256 value) {
        for (uint256 i = start; i < start + size; ++i) {
            value = value << 8 | uint8(data[i]);
        }
    }

    function _at(uint256 key, uint256 slot) internal pure returns (bytes32) {
        return keccak256(abi.encode(key, slot));
    }

    function _set(address target, bytes32 slot, uint256 word) internal {
        if (!known[target][slot]) {
            known[target][slot] = true;
            places.push(Place({target: target, slot: slot}));
        }
        words[target][slot] = word;
    }
}
