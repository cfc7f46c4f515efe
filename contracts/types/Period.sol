// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The quota of a grant for each period, and what was used of it in the latest period with a use.
/// @param limit units in each period
/// @param used units used in the period `index`
/// @param length seconds of a period
/// @param index which period that is, counted from 0
/// @param firstAt seconds since 1970 at which period 0 began
struct Period {
    uint64 limit;
    uint64 used;
    uint32 length;
    uint32 index;
    uint40 firstAt;
}

/// @notice A `Period` in one storage word. Bits from high to low: spare 24, limit 64, used 64, length 32, index 32,
/// firstAt 40.
type PeriodWord is uint256;

using PeriodWordLibrary for PeriodWord global;

/// @notice Packing and counting of `Period`.
library PeriodWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    uint256 private constant LIMIT_SHIFT = 168;
    uint256 private constant USED_SHIFT = 104;
    uint256 private constant LENGTH_SHIFT = 72;
    uint256 private constant INDEX_SHIFT = 40;
    uint256 private constant COUNTED =
        uint256(type(uint64).max) << USED_SHIFT | uint256(type(uint32).max) << INDEX_SHIFT;

    /// @notice Nothing used yet of `limit` units in each `length` seconds from `firstAt` on.
    function make(uint256 limit, uint256 length, uint256 firstAt) internal pure returns (PeriodWord) {
        return PeriodWord.wrap(limit << LIMIT_SHIFT | length << LENGTH_SHIFT | firstAt);
    }

    /// @notice Unpacks a period.
    function unpack(PeriodWord word) internal pure returns (Period memory period) {
        uint256 bits = PeriodWord.unwrap(word);
        period.limit = uint64(bits >> LIMIT_SHIFT);
        period.used = uint64(bits >> USED_SHIFT);
        period.length = uint32(bits >> LENGTH_SHIFT);
        period.index = uint32(bits >> INDEX_SHIFT);
        period.firstAt = uint40(bits);
    }

    /// @notice Whether `amount` more units may be used at `time`.
    function allows(PeriodWord word, uint256 time, uint256 amount) internal pure returns (bool) {
        (, uint256 used) = _counted(word, time);
        return used + amount <= uint64(PeriodWord.unwrap(word) >> LIMIT_SHIFT);
    }

    /// @notice The same with `amount` more units used at `time`, which it must allow.
    function debited(PeriodWord word, uint256 time, uint256 amount) internal pure returns (PeriodWord) {
        (uint256 index, uint256 used) = _counted(word, time);
        return
            PeriodWord.wrap(PeriodWord.unwrap(word) & ~COUNTED | (used + amount) << USED_SHIFT | index << INDEX_SHIFT);
    }

    /// @dev A use of a period that is past counts in the latest one: periods are never gone back to.
    function _counted(PeriodWord word, uint256 time) private pure returns (uint256 index, uint256 used) {
        uint256 bits = PeriodWord.unwrap(word);
        uint256 firstAt = uint40(bits);
        index = uint32(bits >> INDEX_SHIFT);
        used = uint64(bits >> USED_SHIFT);
        if (time < firstAt) return (index, used);
        // Times have 40 bits and a period at least a second, but from 1970 to 2106 there are no more than 2^32 seconds.
        uint256 current = (time - firstAt) / uint32(bits >> LENGTH_SHIFT);
        if (current > index) (index, used) = (uint32(current), 0);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
