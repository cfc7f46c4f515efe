// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What is kept of an anchored root.
/// @param since seconds since 1970 at which it was anchored
/// @param leaves how many registrations it is of, as its party said
struct Anchor {
    uint40 since;
    uint32 leaves;
}

/// @notice An `Anchor` in one storage word. Bits from high to low: spare 184, since 40, leaves 32.
type AnchorWord is uint256;

using AnchorWordLibrary for AnchorWord global;

/// @notice Packing of `Anchor`.
library AnchorWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    /// @notice Packs an anchor made at `time`, which fits 40 bits for as long as a head's does.
    function make(uint256 time, uint32 leaves_) internal pure returns (AnchorWord) {
        return AnchorWord.wrap(time << 32 | leaves_);
    }

    /// @notice Unpacks an anchor.
    function unpack(AnchorWord word) internal pure returns (Anchor memory) {
        return Anchor({since: word.since(), leaves: word.leaves()});
    }

    /// @notice Whether there is no such anchor.
    function isNone(AnchorWord word) internal pure returns (bool) {
        return AnchorWord.unwrap(word) == 0;
    }

    /// @notice Seconds since 1970 at which it was anchored.
    function since(AnchorWord word) internal pure returns (uint40) {
        return uint40(AnchorWord.unwrap(word) >> 32);
    }

    /// @notice How many registrations it is of.
    function leaves(AnchorWord word) internal pure returns (uint32) {
        return uint32(AnchorWord.unwrap(word));
    }

    // forge-lint: disable-end(unsafe-typecast)
}
