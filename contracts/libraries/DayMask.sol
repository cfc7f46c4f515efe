// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Sets of days, 256 to a word
/// @notice Day d is bit d % 256, counted from the lowest, of word d / 256.
library DayMask {
    uint24 internal constant DAYS = 256;

    /// @dev Five bits set, two clear, and so on from the lowest: a week that begins at bit 0 on a Monday.
    uint256 private constant WEEKS = 0xf3e7cf9f3e7cf9f3e7cf9f3e7cf9f3e7cf9f3e7cf9f3e7cf9f3e7cf9f3e7cf9f;
    /// @dev 1970-01-01, day 0, was a Thursday.
    uint256 private constant FIRST_WEEKDAY = 3;

    uint256 private constant ONES = 0x5555555555555555555555555555555555555555555555555555555555555555;
    uint256 private constant TWOS = 0x3333333333333333333333333333333333333333333333333333333333333333;
    uint256 private constant FOURS = 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f;
    uint256 private constant EIGHTS = 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
    uint256 private constant SUM = 0x0001000100010001000100010001000100010001000100010001000100010001;

    /// @notice The days of a word that are Monday to Friday.
    function weekdays(uint256 word) internal pure returns (uint256) {
        uint256 phase = (word * DAYS + FIRST_WEEKDAY) % 7;
        // The second shift fills the bits that the first leaves empty; where both have a bit they agree.
        return WEEKS >> phase | WEEKS << (7 - phase);
    }

    /// @notice The set of this one day, in its word.
    function bit(uint24 day) internal pure returns (uint256) {
        return uint256(1) << (day % DAYS);
    }

    /// @notice Whether a day is in the set of its word.
    function has(uint256 mask, uint24 day) internal pure returns (bool) {
        return mask & bit(day) != 0;
    }

    /// @notice What the set of a word has from `day` on.
    function from(uint256 mask, uint256 word, uint24 day) internal pure returns (uint256) {
        uint256 start = word * DAYS;
        if (day <= start) return mask;
        uint256 skipped = day - start;
        return skipped >= DAYS ? 0 : mask >> skipped << skipped;
    }

    /// @notice What the set of a word has from `start` up to, not including, `end`.
    function between(uint256 mask, uint256 word, uint24 start, uint24 end) internal pure returns (uint256) {
        uint256 rest = from(mask, word, start);
        return rest ^ from(rest, word, end);
    }

    /// @notice How many days a set has.
    function count(uint256 mask) internal pure returns (uint256) {
        // Sums of neighbours, in fields that double; none can overflow its field, nor the last its sixteen bits.
        unchecked {
            mask = mask - (mask >> 1 & ONES);
            mask = (mask & TWOS) + (mask >> 2 & TWOS);
            mask = (mask + (mask >> 4)) & FOURS;
            mask = (mask & EIGHTS) + (mask >> 8 & EIGHTS);
            return (mask * SUM) >> 240;
        }
    }

    /// @notice The place in the word of the n-th day of a set, from 1, which has as many.
    function select(uint256 mask, uint256 nth) internal pure returns (uint256) {
        // Each turn takes the lowest day out. `nth` is counted down to 1, and a mask without a day is never reached.
        unchecked {
            for (; nth > 1; --nth) {
                mask &= mask - 1;
            }
            return Math.log2(mask & (~mask + 1));
        }
    }

    /// @notice The day at a place of a word.
    function dayAt(uint256 word, uint256 place) internal pure returns (uint24) {
        // Words are made of 24-bit days.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint24(word * DAYS + place);
    }

    /// @notice Whether the set of its word has a day missing at `day` or later.
    function gapAfter(uint256 mask, uint24 day) internal pure returns (bool) {
        return ~mask >> (day % DAYS) != 0;
    }
}
