// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A run of words in memory, to be filled in any order and hashed where it lies.
/// The value is the place of its length, the words follow.
type WordBuffer is uint256;

using Words for WordBuffer global;

/// @title Runs of words in memory
/// @dev Assembly, since Solidity cannot write to memory by place, and `abi.encode` of thirty-six clauses costs three
/// times as much.
/// @dev Warning: no place is checked. Every caller names places below the count it allocated.
library Words {
    /// @notice A buffer of `count` words, all zero.
    function allocate(uint256 count) internal pure returns (WordBuffer buffer) {
        assembly ("memory-safe") {
            buffer := mload(0x40)
            let size := shl(5, count)
            let first := add(buffer, 0x20)
            mstore(buffer, size)
            // Past the end of calldata all is zero.
            calldatacopy(first, calldatasize(), size)
            mstore(0x40, add(first, size))
        }
    }

    /// @notice Sets the word at `index`.
    function put(WordBuffer buffer, uint256 index, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(buffer, 0x20), shl(5, index)), word)
        }
    }

    /// @notice Leaves only the first `count` words.
    function cut(WordBuffer buffer, uint256 count) internal pure {
        assembly ("memory-safe") {
            mstore(buffer, shl(5, count))
        }
    }

    /// @notice The word at `index`.
    function get(WordBuffer buffer, uint256 index) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(buffer, 0x20), shl(5, index)))
        }
    }

    /// @notice The 32 bytes of `data` from `offset` on. Past its end follows whatever the call carries.
    function read(bytes calldata data, uint256 offset) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(data.offset, offset))
        }
    }

    /// @notice The words as bytes, where they lie.
    function asBytes(WordBuffer buffer) internal pure returns (bytes memory data) {
        assembly ("memory-safe") {
            data := buffer
        }
    }

    /// @notice keccak256 of the whole buffer.
    function hash(WordBuffer buffer) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            digest := keccak256(add(buffer, 0x20), mload(buffer))
        }
    }
}
