// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IWorkCalendar} from "../../contracts/interfaces/IWorkCalendar.sol";

/// @notice Keeps the last stop that a pause asked of the calendar.
contract CalendarRecorder is IWorkCalendar {
    uint24 public fromDay;
    uint24 public untilDay;

    function stop(uint24 fromDay_, uint24 untilDay_) external {
        (fromDay, untilDay) = (fromDay_, untilDay_);
    }
}
