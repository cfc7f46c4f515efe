// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Working days
/// @notice Says which days count in a deadline. Days are numbered from 1970-01-01 at UTC+8.
interface IWorkCalendar {
    /// @notice Makes the days from `fromDay` up to, not including, `untilDay` days that do not count. For the registry
    /// of parties alone, when it pauses the ledger.
    function stop(uint24 fromDay, uint24 untilDay) external;
}
