// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Authority} from "../../contracts/Authority.sol";
import {WorkCalendar} from "../../contracts/WorkCalendar.sol";
import {IWorkCalendar} from "../../contracts/interfaces/IWorkCalendar.sol";
import {Calendars} from "./Calendars.sol";
import {bound, codeOf, create, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
contract WorkCalendarTest {
    uint24 private constant FIRST = Calendars.FIRST;
    uint24 private constant END = Calendars.END;
    /// @dev 2026-01-01.
    uint24 private constant NEW_YEAR = 20_454;
    address private constant PARTIES = address(0x9A47);

    Authority private authority;
    WorkCalendar private calendar;

    function setUp() external {
        vm.warp(_start(NEW_YEAR));
        authority = Authority(create(codeOf("Authority"), abi.encode(address(this))));
        calendar = _load(FIRST, END);
    }

    /* DAYS OF 2026 */

    /// @notice The days around the national holiday of 2026 are as they were announced.
    function test_NationalHoliday() external view {
        // 2026-09-30 is a Wednesday; 1 to 7 October are off, Saturday the 10th is worked.
        uint24 september30 = NEW_YEAR + 272;
        vm.assertTrue(calendar.isWorking(september30));
        for (uint24 day = 1; day <= 7; ++day) {
            vm.assertFalse(calendar.isWorking(september30 + day));
        }
        vm.assertTrue(calendar.isWorking(september30 + 8));
        vm.assertTrue(calendar.isWorking(september30 + 10));
        vm.assertFalse(calendar.isWorking(september30 + 11));
    }

    /// @notice Three working days from the eve of the holiday end at midnight after the make-up Saturday, wherever in
    /// that day they begin, and a second later they begin a day later.
    function test_DeadlineAcrossHolidayAndMakeUpDay() external view {
        uint40 day = _start(NEW_YEAR + 272);
        // 8, 9 and 10 October.
        uint40 end = _start(NEW_YEAR + 283);
        vm.assertEq(calendar.deadline(day, 3), end);
        vm.assertEq(calendar.deadline(day + 1 days - 1, 3), end);
        vm.assertEq(calendar.deadline(day + 1 days, 3), end);
        vm.assertEq(calendar.deadline(day - 1, 3), _start(NEW_YEAR + 282));
        // Past the Sunday and the year's end, 60 and 80 on.
        vm.assertEq(calendar.deadline(day, 4), _start(NEW_YEAR + 285));
        vm.assertEq(calendar.spent(day, end - 1), 3);
        vm.assertEq(calendar.spent(day, end), 3);
        vm.assertEq(calendar.spent(day, _start(NEW_YEAR + 284)), 4);
    }

    /// @notice From the last working day of a year the first of the next follows New Year's days off.
    function test_YearsEnd() external view {
        // Wednesday 2025-12-31; off on Thursday and Friday, off on Saturday, the Sunday worked.
        uint40 last = _start(NEW_YEAR - 1);
        vm.assertEq(calendar.deadline(last, 1), _start(NEW_YEAR + 4));
        vm.assertEq(calendar.nextWorkingDay(last + 1), _start(NEW_YEAR + 3));
    }

    /// @notice The next working day is the day itself at its first second, else a later one.
    function test_NextWorkingDayToTheSecond() external view {
        uint40 monday = _start(NEW_YEAR + 11);
        vm.assertEq(calendar.nextWorkingDay(monday), monday);
        vm.assertEq(calendar.nextWorkingDay(monday - 1), monday);
        vm.assertEq(calendar.nextWorkingDay(monday + 1), monday + 1 days);
        vm.assertEq(calendar.nextWorkingDay(monday - 2 days), monday);
    }

    /// @notice A limit of no days ends with its day, holiday or not.
    function testFuzz_NoDays(uint40 from) external view {
        from = uint40(bound(from, _start(FIRST), _start(END - 1)));
        vm.assertEq(calendar.deadline(from, 0), (from + 8 hours) / 1 days * 1 days + 1 days - 8 hours);
    }

    /* AGAINST THE ORACLE */

    /// @notice Each limit ends where going through the days one by one ends it.
    function testFuzz_Deadlines(uint40 from, uint16 days_) external view {
        days_ = uint16(bound(days_, 1, 60));
        from = uint40(bound(from, _start(FIRST), _start(END - 200)));
        uint40 end = calendar.deadline(from, days_);
        vm.assertEq(end, Calendars.deadline(from, days_));
        vm.assertEq(calendar.spent(from, end - 1), days_);
        vm.assertEq(calendar.spent(from, end - 1 - 1 days), days_ - 1);
    }

    /// @notice So does the longest limit there is, from anywhere.
    function testFuzz_LongDeadlines(uint40 from) external view {
        from = uint40(bound(from, _start(FIRST), _start(END - 700)));
        uint40 end = calendar.deadline(from, 400);
        uint256 day = (from + 8 hours) / 1 days;
        uint256 count;
        while ((day + 1) * 1 days - 8 hours < end) {
            if (calendar.isWorking(uint24(++day))) ++count;
        }
        vm.assertEq(count, 400);
        vm.assertEq(calendar.spent(from, end), 400);
        vm.assertEq(calendar.spent(from, end + 50 days), 400);
        vm.assertTrue(calendar.isWorking(uint24(day)));
    }

    /// @notice What was spent of a limit is what going through the days counts; nothing backwards.
    function testFuzz_Spent(uint40 from, uint40 lasts) external view {
        lasts = uint40(bound(lasts, 0, 90 days));
        from = uint40(bound(from, _start(FIRST), _start(END - 92)));
        vm.assertEq(calendar.spent(from, from + lasts), Calendars.spent(from, from + lasts));
        vm.assertEq(calendar.spent(from + lasts + 1 days, from), 0);
    }

    /// @notice So is the next working day.
    function testFuzz_NextWorkingDay(uint40 time) external view {
        time = uint40(bound(time, _start(FIRST), _start(END - 60)));
        vm.assertEq(calendar.nextWorkingDay(time), Calendars.nextWorkingDay(time));
    }

    /// @notice Each day is what going through the words says.
    function testFuzz_IsWorking(uint24 day) external view {
        day = uint24(bound(day, FIRST, END - 1));
        vm.assertTrue(calendar.isWorking(day) == Calendars.works(day));
    }

    /// @notice A limit has at most 400 working days.
    function testFuzz_RefusesLongerLimits(uint16 days_) external {
        vm.assume(days_ > 400);
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.DaysOutOfRange.selector, days_, 400));
        calendar.deadline(_start(NEW_YEAR), days_);
    }

    /* WHAT IS NOT LOADED */

    /// @notice Loads that end anywhere answer up to their last day, and not beyond, to the day.
    function testFuzz_CalendarEnds(uint24 length, uint16 days_) external {
        uint24 end = uint24(bound(length, FIRST + 1, FIRST + 600));
        days_ = uint16(bound(days_, 1, 20));
        calendar = _load(FIRST, end);
        vm.assertTrue(calendar.isWorking(end - 1) == Calendars.works(end - 1));
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.CalendarMissing.selector, end, end));
        calendar.isWorking(end);

        // From so many working days before the end on the limit just fits, one more does not.
        uint24 from = end - 1;
        uint256 count;
        while (count < days_ && from > FIRST) if (Calendars.works(from--)) ++count;
        if (count < days_) return;
        vm.assertTrue(calendar.deadline(_start(from), days_) <= _start(end));
        _expectMissing();
        calendar.deadline(_start(from), days_ + 1);
        _expectMissing();
        calendar.nextWorkingDay(_start(end));
        _expectMissing();
        calendar.spent(_start(from), _start(end));
        vm.assertEq(calendar.spent(_start(from), _start(end) - 1), days_);
    }

    /// @notice Nothing is said of the days before the first, though they share its word.
    function testFuzz_CalendarBegins(uint24 day) external {
        day = uint24(bound(day, FIRST - 300, FIRST - 1));
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.CalendarMissing.selector, day, END));
        calendar.isWorking(day);
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.CalendarMissing.selector, day, END));
        calendar.deadline(_start(day - 1), 1);
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.CalendarMissing.selector, day, END));
        calendar.spent(_start(day - 1), _start(day + 5));
    }

    /* LOADING */

    /// @notice Loads that follow each other, cut anywhere, are one load.
    function testFuzz_Extends(uint24 cut, uint24 end) external {
        cut = uint24(bound(cut, FIRST + 1, FIRST + 600));
        end = uint24(bound(end, cut + 1, FIRST + 900));
        calendar = _load(FIRST, cut);
        uint256[] memory words = Calendars.words(cut, end);
        bytes memory call = abi.encodeCall(IWorkCalendar.extend, (end, words));
        _schedule(call);
        vm.expectEmit(address(calendar));
        emit IWorkCalendar.CalendarExtended(cut, end, words);
        authority.execute(address(calendar), call);

        WorkCalendar whole = _load(FIRST, end);
        vm.assertEq(calendar.endDay(), end);
        for (uint256 word = FIRST / 256; word <= end / 256 + 1; ++word) {
            vm.assertEq(calendar.exceptions(word), whole.exceptions(word));
        }
    }

    /// @notice A load reaches further than the one before, and has as many words as its days need.
    function testFuzz_RefusesMisfitLoads(uint24 end) external {
        end = uint24(bound(end, 0, END));
        bytes memory call = abi.encodeCall(IWorkCalendar.extend, (end, new uint256[](1)));
        _schedule(call);
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.CalendarReaches.selector, end, END));
        authority.execute(address(calendar), call);

        call = abi.encodeCall(IWorkCalendar.extend, (END + 300, Calendars.words(END, END + 600)));
        _schedule(call);
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.WordCountWrong.selector, 3, 2));
        authority.execute(address(calendar), call);
    }

    /// @notice Loading and correcting are for the authority, which cannot be replaced.
    function testFuzz_RefusesOthers(address caller) external {
        vm.assume(caller != address(authority) && caller != address(this));
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        calendar.extend(END + 1, new uint256[](1));
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        calendar.correct(NEW_YEAR + 100, true);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.AuthorityFixed.selector, authority));
        calendar.setAuthority(caller);
    }

    /* CORRECTIONS */

    /// @notice A correction changes its day alone, to what it says, whatever the day was.
    function testFuzz_Corrects(uint24 day, bool working) external {
        day = uint24(bound(day, NEW_YEAR + 7, NEW_YEAR + 600));
        bytes memory call = abi.encodeCall(IWorkCalendar.correct, (day, working));
        _schedule(call);
        vm.expectEmit(address(calendar));
        emit IWorkCalendar.DayCorrected(day, working);
        authority.execute(address(calendar), call);
        for (uint24 other = day - 3; other < day + 4; ++other) {
            vm.assertTrue(calendar.isWorking(other) == (other == day ? working : Calendars.works(other)));
        }
    }

    /// @notice The day after tomorrow is the first that a correction reaches, to the second.
    function testFuzz_CorrectsNoNearDay(uint24 now_, uint24 back, bool working) external {
        now_ = uint24(bound(now_, NEW_YEAR + 10, END - 10));
        back = uint24(bound(back, 0, 5));
        bytes memory call = abi.encodeCall(IWorkCalendar.correct, (now_ + 2 - back, working));
        vm.warp(_start(now_) - 5 days);
        authority.schedule(address(calendar), call, 0);
        if (back == 0) {
            vm.warp(_start(now_ + 1));
            vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.DayTooNear.selector, now_ + 2, now_ + 3));
            authority.execute(address(calendar), call);
            vm.warp(_start(now_ + 1) - 1);
            authority.execute(address(calendar), call);
        } else {
            vm.warp(_start(now_));
            vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.DayTooNear.selector, now_ + 2 - back, now_ + 2));
            authority.execute(address(calendar), call);
        }
    }

    /// @notice A day that is not loaded cannot be corrected.
    function test_CorrectsNoMissingDay() external {
        bytes memory call = abi.encodeCall(IWorkCalendar.correct, (END, true));
        _schedule(call);
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.CalendarMissing.selector, END, END));
        authority.execute(address(calendar), call);
    }

    /* STOPS */

    /// @notice Stopped days do not work, whatever they were, and the others are as before.
    function testFuzz_Stops(uint24 from, uint24 lasts) external {
        from = uint24(bound(from, FIRST + 5, END - 20));
        lasts = uint24(bound(lasts, 1, 8));
        vm.expectEmit(address(calendar));
        emit IWorkCalendar.DaysStopped(from, from + lasts);
        vm.prank(PARTIES);
        calendar.stop(from, from + lasts);
        for (uint24 day = from - 4; day < from + lasts + 4; ++day) {
            bool stopped = day >= from && day < from + lasts;
            vm.assertTrue(calendar.isWorking(day) == (!stopped && Calendars.works(day)));
        }
        (uint24 from_, uint24 until) = calendar.stopped();
        vm.assertEq(from_, from);
        vm.assertEq(until, from + lasts);
    }

    /// @notice A stop moves the end of a limit that it falls into by the working days it takes.
    function test_StopMovesDeadlines() external {
        uint40 from = _start(NEW_YEAR + 10);
        uint40 before = calendar.deadline(from, 10);
        vm.prank(PARTIES);
        calendar.stop(NEW_YEAR + 12, NEW_YEAR + 19);
        vm.assertEq(calendar.deadline(from, 10), before + 7 days);
        vm.assertEq(calendar.spent(from, before - 1), 5);
    }

    /// @notice Stopped days that are not loaded yet do not work once they are, and no correction revives any.
    function testFuzz_StopReachesLaterLoads(uint24 end, uint24 from) external {
        end = uint24(bound(end, NEW_YEAR + 40, NEW_YEAR + 300));
        from = uint24(bound(from, end - 8, end + 3));
        calendar = _load(FIRST, end);
        vm.prank(PARTIES);
        calendar.stop(from, from + 8);
        _administer(abi.encodeCall(IWorkCalendar.extend, (end + 20, Calendars.words(end, end + 20))));
        for (uint24 day = end - 9; day < end + 20; ++day) {
            bool stopped = day >= from && day < from + 8;
            vm.assertTrue(calendar.isWorking(day) == (!stopped && Calendars.works(day)));
        }
        bytes memory call = abi.encodeCall(IWorkCalendar.correct, (from + 7, true));
        vm.warp(_start(from) - 10 days);
        _schedule(call);
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.DayStopped.selector, from + 7));
        authority.execute(address(calendar), call);
    }

    /// @notice Only the registry of parties stops days.
    function testFuzz_RefusesOthersStops(address caller) external {
        vm.assume(caller != PARTIES);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IWorkCalendar.PartyRegistryOnly.selector, caller));
        calendar.stop(NEW_YEAR, NEW_YEAR + 1);
    }

    /* INTERNAL */

    function _load(uint24 first, uint24 end) private returns (WorkCalendar) {
        uint256[] memory words = Calendars.words(first, end);
        return WorkCalendar(create(codeOf("WorkCalendar"), abi.encode(authority, PARTIES, first, end, words)));
    }

    function _schedule(bytes memory call) private {
        authority.schedule(address(calendar), call, 0);
        vm.warp(block.timestamp + 5 days);
    }

    function _administer(bytes memory call) private {
        _schedule(call);
        authority.execute(address(calendar), call);
    }

    /// @dev The day named is the one asked for or the last of its word, never one that is loaded.
    function _expectMissing() private {
        vm.expectPartialRevert(IWorkCalendar.CalendarMissing.selector);
    }

    function _start(uint24 day) private pure returns (uint40) {
        return uint40(day) * 1 days - 8 hours;
    }
}
// forge-lint: disable-end(unsafe-typecast)
