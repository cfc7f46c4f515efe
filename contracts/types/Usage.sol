// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A use that took place, in one word. Bits from high to low: spare 88, environment 8, purpose 32, action 32,
/// territory 32, amount 64. Each means what it does in `Use`.
type Usage is uint256;

using UsageLibrary for Usage global;

/// @notice Reading `Usage`.
library UsageLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    /// @notice Whether no bit lacks a meaning.
    function valid(Usage word) internal pure returns (bool) {
        return Usage.unwrap(word) >> 168 == 0;
    }

    /// @notice Where it ran, a mask; 0 where that is not declared.
    function environment(Usage word) internal pure returns (uint8) {
        return uint8(Usage.unwrap(word) >> 160);
    }

    /// @notice What for, a mask.
    function purpose(Usage word) internal pure returns (uint32) {
        return uint32(Usage.unwrap(word) >> 128);
    }

    /// @notice What was done, a mask.
    function action(Usage word) internal pure returns (uint32) {
        return uint32(Usage.unwrap(word) >> 96);
    }

    /// @notice Where, one territory code; 0 where that is not declared.
    function territory(Usage word) internal pure returns (uint32) {
        return uint32(Usage.unwrap(word) >> 64);
    }

    /// @notice How many units of the quota.
    function amount(Usage word) internal pure returns (uint64) {
        return uint64(Usage.unwrap(word));
    }

    // forge-lint: disable-end(unsafe-typecast)
}
