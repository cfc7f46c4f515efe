// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Days and dates at UTC+8, where every statutory time limit of the ledger is reckoned.
/// @dev A day is its number from 1970-01-01 on. Dates are those of the proleptic Gregorian calendar, computed in eras
/// of 400 years whose years begin in March, so that the leap day is a year's last.
library CivilDate {
    uint40 private constant OFFSET = 8 hours;
    uint256 private constant ERA_DAYS = 146_097;
    /// @dev Days from 0000-03-01 to 1970-01-01.
    uint256 private constant TO_EPOCH = 719_468;

    // Quotients are multiplied again where whole eras are meant.
    // forge-lint: disable-start(divide-before-multiply)
    // Times have 40 bits and days 24, which last for 34,000 years; months and days of a month are small.
    // forge-lint: disable-start(unsafe-typecast)

    /// @notice The day on which a time falls.
    function dayOf(uint40 time) internal pure returns (uint24) {
        return uint24((uint256(time) + OFFSET) / 1 days);
    }

    /// @notice The time at which a day begins, 0 for the first.
    function startOf(uint24 day) internal pure returns (uint40) {
        uint256 local = uint256(day) * 1 days;
        return local < OFFSET ? 0 : uint40(local - OFFSET);
    }

    /// @notice The day with this date.
    /// @param year from 1970 on
    /// @param month from 1 to 12
    /// @param dayOfMonth from 1 on; one beyond the month's end counts on into the next
    function fromDate(uint256 year, uint256 month, uint256 dayOfMonth) internal pure returns (uint24) {
        uint256 shifted = month <= 2 ? year - 1 : year;
        uint256 inYear = (153 * (month <= 2 ? month + 9 : month - 3) + 2) / 5 + dayOfMonth - 1;
        uint256 ofEra = shifted % 400;
        return uint24((shifted / 400) * ERA_DAYS + ofEra * 365 + ofEra / 4 - ofEra / 100 + inYear - TO_EPOCH);
    }

    /// @notice The date of a day.
    function toDate(uint24 day) internal pure returns (uint256 year, uint256 month, uint256 dayOfMonth) {
        uint256 shifted = uint256(day) + TO_EPOCH;
        uint256 inEra = shifted % ERA_DAYS;
        uint256 ofEra = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365;
        uint256 inYear = inEra - (365 * ofEra + ofEra / 4 - ofEra / 100);
        uint256 fromMarch = (5 * inYear + 2) / 153;
        dayOfMonth = inYear - (153 * fromMarch + 2) / 5 + 1;
        month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
        year = (shifted / ERA_DAYS) * 400 + ofEra + (month <= 2 ? 1 : 0);
    }

    /// @notice The same day of the month so many months on, or the month's last day where it has no such day.
    function addMonths(uint24 day, uint256 months) internal pure returns (uint24) {
        (uint256 year, uint256 month, uint256 dayOfMonth) = toDate(day);
        return _inMonth(year * 12 + month - 1 + months, dayOfMonth);
    }

    /// @notice The same day of the month so many months before, or the month's last day where it has no such day.
    /// @dev The date must lie in 1970 or later.
    function subtractMonths(uint24 day, uint256 months) internal pure returns (uint24) {
        (uint256 year, uint256 month, uint256 dayOfMonth) = toDate(day);
        return _inMonth(year * 12 + month - 1 - months, dayOfMonth);
    }

    /// @notice Year and month of a day as one decimal number: 202607.
    function yearMonth(uint24 day) internal pure returns (uint24) {
        (uint256 year, uint256 month,) = toDate(day);
        return uint24(year * 100 + month);
    }

    /// @param count months since the year 0
    function _inMonth(uint256 count, uint256 dayOfMonth) private pure returns (uint24) {
        uint24 first = fromDate(count / 12, count % 12 + 1, 1);
        uint24 next = fromDate((count + 1) / 12, (count + 1) % 12 + 1, 1);
        uint256 wanted = first + dayOfMonth - 1;
        return wanted < next ? uint24(wanted) : next - 1;
    }

    // forge-lint: disable-end(unsafe-typecast)
    // forge-lint: disable-end(divide-before-multiply)
}
