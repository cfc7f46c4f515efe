// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The calendar that the tests load, and an oracle that goes through it day by day.
/// @dev 2026 is as it was announced; the other years have a made-up exception every month or so.
library Calendars {
    /// @dev 2024-01-01 up to, not including, 2044-01-01.
    uint24 internal constant FIRST = 19_723;
    uint24 internal constant END = 27_028;
    /// @dev 2026-01-01.
    uint256 private constant NEW_YEAR_2026 = 20_454;
    uint256 private constant NEW_YEAR_2027 = 20_819;

    /// @notice The exceptions, from the word of the first day on.
    function words() internal pure returns (uint256[] memory all) {
        return words(FIRST, END);
    }

    /// @notice The exceptions of the days from `first` up to, not including, `end`, noise outside them.
    function words(uint256 first, uint256 end) internal pure returns (uint256[] memory all) {
        uint256 from = first / 256;
        all = new uint256[]((end - 1) / 256 - from + 1);
        for (uint256 i = 0; i < all.length; ++i) {
            all[i] = word(from + i);
        }
    }

    /// @notice The exceptions of the 256 days of one word.
    function word(uint256 index) internal pure returns (uint256 bits) {
        for (uint256 day = index * 256; day < (index + 1) * 256; ++day) {
            if (isException(day)) bits |= uint256(1) << (day % 256);
        }
    }

    /// @notice Whether a day is the opposite of what its weekday says.
    function isException(uint256 day) internal pure returns (bool) {
        if (day >= NEW_YEAR_2026 && day < NEW_YEAR_2027) return announced(day - NEW_YEAR_2026);
        return uint256(keccak256(abi.encode(day))) % 25 == 0;
    }

    /// @notice The exceptions of 2026, by the number of days since New Year: from new year's day to the make-up
    /// Saturday after the national holiday.
    function announced(uint256 day) internal pure returns (bool) {
        uint16[25] memory days_ = [
            uint16(0),
            1,
            3,
            44,
            46,
            47,
            48,
            49,
            50,
            53,
            58,
            95,
            120,
            123,
            124,
            128,
            169,
            262,
            267,
            273,
            274,
            277,
            278,
            279,
            282
        ];
        for (uint256 i = 0; i < days_.length; ++i) {
            if (days_[i] == day) return true;
        }
        return false;
    }

    /// @notice Whether a day works.
    function works(uint256 day) internal pure returns (bool) {
        bool weekday = (day + 3) % 7 < 5;
        return weekday != isException(day);
    }

    /// @notice The first day after the n-th working day that follows the day of `from`, as a time.
    function deadline(uint256 from, uint256 count) internal pure returns (uint256) {
        uint256 day = (from + 8 hours) / 1 days;
        while (count != 0) {
            if (works(++day)) --count;
        }
        return (day + 1) * 1 days - 8 hours;
    }

    /// @notice The working days after the day of `from`, up to and including that of `to`.
    function spent(uint256 from, uint256 to) internal pure returns (uint256 count) {
        for (uint256 day = (from + 8 hours) / 1 days + 1; day <= (to + 8 hours) / 1 days; ++day) {
            if (works(day)) ++count;
        }
    }

    /// @notice The start of the first working day at `time` or later.
    function nextWorkingDay(uint256 time) internal pure returns (uint256) {
        uint256 day = (time + 8 hours + 1 days - 1) / 1 days;
        while (!works(day)) ++day;
        return day * 1 days - 8 hours;
    }
}
