// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Working days
/// @notice Says which days count in a time limit, and when a limit of so many working days ends. A day is its number
/// from 1970-01-01 on at UTC+8 (`CivilDate`). It works from Monday to Friday but for the exceptions loaded: holidays,
/// weekend days worked in their place, and days on which a pause stopped all clocks.
/// @dev Storage, for proofs: slot 0 the authority, slot 1 `exceptions` (day / 256 → one bit for each day, the lowest
/// for the first; a set bit makes a day the opposite of what its weekday says), slot 2 the span: bits from high to
/// low spare 184, stoppedUntil 24, stoppedFrom 24, endDay 24. In the last word loaded all bits from `endDay` on are set,
/// and words not loaded are zero, so that most questions need no other slot.
/// @dev What a past day was never changes: a correction is for days two or more ahead, a stop for today and later. So
/// a limit that has run out has run out for good.
interface IWorkCalendar {
    /// @notice The days from `fromDay` up to, not including, `endDay` were loaded. `words` hold the exceptions, see
    /// `extend`.
    event CalendarExtended(uint24 fromDay, uint24 endDay, uint256[] words);

    /// @notice A day was made a working day, or one off.
    event DayCorrected(uint24 indexed day, bool working);

    /// @notice The days from `fromDay` up to, not including, `untilDay` count in no time limit.
    event DaysStopped(uint24 fromDay, uint24 untilDay);

    /// @notice The day is not among those loaded, which end before `endDay`.
    error CalendarMissing(uint24 day, uint24 endDay);

    /// @notice The calendar reaches to `endDay` already.
    error CalendarReaches(uint24 given, uint24 endDay);

    /// @notice The days to be loaded fill `needed` words.
    error WordCountWrong(uint256 given, uint256 needed);

    /// @notice A correction reaches days from `allowedFrom` on.
    error DayTooNear(uint24 day, uint24 allowedFrom);

    /// @notice A pause stopped the day: no correction makes it count again.
    error DayStopped(uint24 day);

    /// @notice A limit has at most `most` working days.
    error DaysOutOfRange(uint16 given, uint16 most);

    /// @notice Only the registry of parties, when it pauses the ledger, stops days.
    error PartyRegistryOnly(address caller);

    /// @notice The authority of this contract is `authority`, for good.
    error AuthorityFixed(address authority);

    /// @notice Loads the days from the end of what is loaded up to, not including, `endDay`. For the authority alone,
    /// with its delay.
    /// @param endDay the first day that will not be loaded
    /// @param words the exceptions, 256 days a word as in storage, from the word of the present `endDay` on up to that
    /// of the last day loaded; bits outside the days loaded do not count
    function extend(uint24 endDay, uint256[] calldata words) external;

    /// @notice Makes one day a working day, or one off. For the authority alone, with its delay.
    /// @param day at least two days ahead, and loaded
    /// @param working whether it works
    function correct(uint24 day, bool working) external;

    /// @notice Makes the days from `fromDay` up to, not including, `untilDay` days that do not count. For the registry
    /// of parties alone, when it pauses the ledger.
    /// @dev Days not loaded yet are stopped when they are loaded; where two pauses reach beyond what is loaded, those of
    /// the later one. Warning: what silence has done on a day is undone where that day is stopped before it ends.
    function stop(uint24 fromDay, uint24 untilDay) external;

    /// @notice Whether a day counts.
    function isWorking(uint24 day) external view returns (bool);

    /// @notice The end of a limit of `days_` working days that begins at `from`: 00:00 after the last of the working
    /// days that follow the day of `from`, which itself does not count. What is done before that time is in time.
    /// @param from seconds since 1970
    /// @param days_ at most 400; with 0 the limit ends with the day of `from`
    /// @return seconds since 1970
    function deadline(uint40 from, uint16 days_) external view returns (uint40);

    /// @notice How many working days lie after the day of `from`, up to and including the day of `to`; at most 400.
    function spent(uint40 from, uint40 to) external view returns (uint16);

    /// @notice The start of the first working day that begins at `time` or later.
    function nextWorkingDay(uint40 time) external view returns (uint40);

    /// @notice 256 days of exceptions, as they stand in storage.
    function exceptions(uint256 word) external view returns (uint256);

    /// @notice The first day loaded.
    function firstDay() external view returns (uint24);

    /// @notice The first day that is not loaded any more.
    function endDay() external view returns (uint24);

    /// @notice The days that the last pause stopped: from `from` up to, not including, `until`.
    function stopped() external view returns (uint24 from, uint24 until);

    /// @notice The registry of parties, which alone stops days.
    function parties() external view returns (address);
}
