// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IWorkCalendar} from "../../contracts/interfaces/IWorkCalendar.sol";
import {Calendars} from "./Calendars.sol";
import {Fixture} from "./Fixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
contract CalendarBoundsTest is Fixture {
    /// @notice A stop of no days is told as it is and takes none, from the first day there is on.
    function testFuzz_StopsOfNoDays(uint24 day) external {
        _stopNothing(0);
        _stopNothing(uint24(bound(day, Calendars.FIRST, Calendars.END + 300)));
        _stopNothing(uint24(bound(day, Calendars.FIRST, Calendars.END) / 256 * 256));
    }

    function _stopNothing(uint24 day) private {
        uint256 word = day / 256;
        uint256 held = calendar.exceptions(word);
        vm.expectEmit(address(calendar));
        emit IWorkCalendar.DaysStopped(day, day);
        vm.prank(address(parties));
        calendar.stop(day, day);
        vm.assertEq(calendar.exceptions(word), held);
        (uint24 from, uint24 until) = calendar.stopped();
        vm.assertTrue(from == day && until == day);
    }
}
// forge-lint: disable-end(unsafe-typecast)
