// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CivilDate} from "../../../contracts/libraries/CivilDate.sol";
import {bound, vm} from "../Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
contract CivilDateTest {
    /// @dev 2400-01-01.
    uint24 private constant FAR = 157_054;

    /// @notice A day begins at 16:00 UTC of the day before, and lasts to the second before the next.
    function testFuzz_DaysBeginAtMidnightOfUtc8(uint24 day) external pure {
        day = uint24(bound(day, 1, 12_000_000));
        uint40 start = CivilDate.startOf(day);
        vm.assertEq((uint256(start) + 8 hours) % 1 days, 0);
        vm.assertEq(CivilDate.dayOf(start), day);
        vm.assertEq(CivilDate.dayOf(start - 1), day - 1);
        vm.assertEq(CivilDate.dayOf(start + 1 days - 1), day);
    }

    /// @notice The first day began before 1970 in UTC, and is taken to begin with it.
    function test_FirstDayBeginsAtZero() external pure {
        vm.assertEq(CivilDate.startOf(0), 0);
        vm.assertEq(CivilDate.dayOf(0), 0);
        vm.assertEq(CivilDate.dayOf(16 hours - 1), 0);
        vm.assertEq(CivilDate.dayOf(16 hours), 1);
    }

    /// @notice Dates known from elsewhere: leap days, ends of centuries, the ends of a year.
    function test_KnownDates() external pure {
        _assertDate(0, 1970, 1, 1);
        _assertDate(59, 1970, 3, 1);
        _assertDate(10_957, 2000, 1, 1);
        _assertDate(11_016, 2000, 2, 29);
        _assertDate(11_017, 2000, 3, 1);
        _assertDate(19_723, 2024, 1, 1);
        _assertDate(19_782, 2024, 2, 29);
        _assertDate(20_088, 2024, 12, 31);
        _assertDate(47_540, 2100, 2, 28);
        _assertDate(47_541, 2100, 3, 1);
        _assertDate(157_054, 2400, 1, 1);
    }

    /// @notice Each date is one day after the date before, by the rules of leap years and of the lengths of months.
    function testFuzz_DatesFollowEachOther(uint24 day) external pure {
        day = uint24(bound(day, 0, FAR));
        (uint256 year, uint256 month, uint256 dayOfMonth) = CivilDate.toDate(day);
        vm.assertEq(CivilDate.fromDate(year, month, dayOfMonth), day);
        if (dayOfMonth < _length(year, month)) ++dayOfMonth;
        else (year, month, dayOfMonth) = month == 12 ? (year + 1, 1, 1) : (year, month + 1, 1);
        _assertDate(day + 1, year, month, dayOfMonth);
    }

    /// @notice Months on or before keep the day of the month, or take the month's last where it has no such day.
    function testFuzz_MonthsAreClamped(uint24 day, uint16 months) external pure {
        day = uint24(bound(day, 12_000, FAR));
        months = uint16(bound(months, 0, 120));
        _assertMonths(day, CivilDate.addMonths(day, months), int256(uint256(months)));
        _assertMonths(day, CivilDate.subtractMonths(day, months), -int256(uint256(months)));
    }

    /// @notice The thirty-first has no half year after or before in a short month; leap day has a year in the 28th.
    function test_MonthEnds() external pure {
        uint24 leap = CivilDate.fromDate(2028, 2, 29);
        vm.assertEq(CivilDate.addMonths(leap, 12), CivilDate.fromDate(2029, 2, 28));
        vm.assertEq(CivilDate.addMonths(leap, 60), CivilDate.fromDate(2033, 2, 28));
        vm.assertEq(CivilDate.addMonths(leap, 48), CivilDate.fromDate(2032, 2, 29));
        vm.assertEq(CivilDate.subtractMonths(CivilDate.fromDate(2026, 8, 31), 6), CivilDate.fromDate(2026, 2, 28));
        vm.assertEq(CivilDate.subtractMonths(CivilDate.fromDate(2026, 1, 31), 2), CivilDate.fromDate(2025, 11, 30));
        vm.assertEq(CivilDate.addMonths(CivilDate.fromDate(2026, 12, 31), 2), CivilDate.fromDate(2027, 2, 28));
    }

    /// @notice Year and month read as one number.
    function test_YearMonth() external pure {
        vm.assertEq(CivilDate.yearMonth(CivilDate.fromDate(2026, 7, 31)), 202_607);
        vm.assertEq(CivilDate.yearMonth(CivilDate.fromDate(2026, 12, 1)), 202_612);
    }

    function _assertDate(uint24 day, uint256 year, uint256 month, uint256 dayOfMonth) private pure {
        (uint256 year_, uint256 month_, uint256 dayOfMonth_) = CivilDate.toDate(day);
        vm.assertEq(year_, year);
        vm.assertEq(month_, month);
        vm.assertEq(dayOfMonth_, dayOfMonth);
        vm.assertEq(CivilDate.fromDate(year, month, dayOfMonth), day);
    }

    function _assertMonths(uint24 day, uint24 moved, int256 months) private pure {
        (uint256 year, uint256 month, uint256 dayOfMonth) = CivilDate.toDate(day);
        (uint256 year_, uint256 month_, uint256 dayOfMonth_) = CivilDate.toDate(moved);
        vm.assertTrue(int256(year_ * 12 + month_) - int256(year * 12 + month) == months);
        uint256 length = _length(year_, month_);
        vm.assertEq(dayOfMonth_, dayOfMonth < length ? dayOfMonth : length);
    }

    function _length(uint256 year, uint256 month) private pure returns (uint256) {
        if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }
}
// forge-lint: disable-end(unsafe-typecast)
