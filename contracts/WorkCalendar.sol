// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IWorkCalendar} from "./interfaces/IWorkCalendar.sol";
import {CivilDate} from "./libraries/CivilDate.sol";
import {DayMask} from "./libraries/DayMask.sol";

/// @title The implementation of `IWorkCalendar`
contract WorkCalendar is IWorkCalendar, AccessManaged {
    /* CONSTANTS AND IMMUTABLES */

    uint16 internal constant MOST_DAYS = 400;
    uint24 internal constant NOTICE = 2;

    /// @inheritdoc IWorkCalendar
    address public immutable parties;

    /// @inheritdoc IWorkCalendar
    uint24 public immutable firstDay;

    /* STORAGE */

    /// @inheritdoc IWorkCalendar
    mapping(uint256 word => uint256) public exceptions;

    /// @inheritdoc IWorkCalendar
    uint24 public endDay;

    uint24 private _stoppedFrom;
    uint24 private _stoppedUntil;

    /* CONSTRUCTOR */

    /// @param authority_ the access manager of loading and correcting, for good
    /// @param parties_ the registry of parties, which stops days when it pauses the ledger
    /// @param firstDay_ the first day of the first load
    /// @param endDay_ the first day that it does not have
    /// @param words its exceptions, from the word of `firstDay_` on, see `extend`
    constructor(address authority_, address parties_, uint24 firstDay_, uint24 endDay_, uint256[] memory words)
        AccessManaged(authority_)
    {
        parties = parties_;
        (firstDay, endDay) = (firstDay_, firstDay_);
        _load(endDay_, words);
    }

    /* LOADING */

    /// @inheritdoc IWorkCalendar
    function extend(uint24 endDay_, uint256[] calldata words) external restricted {
        _load(endDay_, words);
    }

    /// @inheritdoc IWorkCalendar
    function correct(uint24 day, bool working) external restricted {
        uint24 allowedFrom = CivilDate.dayOf(uint40(block.timestamp)) + NOTICE;
        if (day < allowedFrom) revert DayTooNear(day, allowedFrom);
        _requireLoaded(day);
        if (day >= _stoppedFrom && day < _stoppedUntil) revert DayStopped(day);
        uint256 word = day / DayMask.DAYS;
        if (DayMask.has(_working(word), day) != working) exceptions[word] ^= DayMask.bit(day);
        emit DayCorrected(day, working);
    }

    /// @inheritdoc IWorkCalendar
    function stop(uint24 fromDay, uint24 untilDay) external {
        if (msg.sender != parties) revert PartyRegistryOnly(msg.sender);
        (_stoppedFrom, _stoppedUntil) = (fromDay, untilDay);
        _stopLoaded(fromDay, untilDay < endDay ? untilDay : endDay);
        emit DaysStopped(fromDay, untilDay);
    }

    /// @notice Refuses every change: the authority is fixed.
    function setAuthority(address) public view override {
        revert AuthorityFixed(authority());
    }

    /* VIEWS */

    /// @inheritdoc IWorkCalendar
    function isWorking(uint24 day) external view returns (bool) {
        _requireLoaded(day);
        return DayMask.has(_working(day / DayMask.DAYS), day);
    }

    /// @inheritdoc IWorkCalendar
    function deadline(uint40 from, uint16 days_) external view returns (uint40) {
        if (days_ > MOST_DAYS) revert DaysOutOfRange(days_, MOST_DAYS);
        uint24 start = CivilDate.dayOf(from) + 1;
        if (days_ == 0) return CivilDate.startOf(start);
        return CivilDate.startOf(_find(start, days_) + 1);
    }

    /// @inheritdoc IWorkCalendar
    function spent(uint40 from, uint40 to) external view returns (uint16) {
        uint24 start = CivilDate.dayOf(from) + 1;
        uint24 end = CivilDate.dayOf(to) + 1;
        if (end <= start) return 0;
        _requireLoaded(start);
        uint256 count;
        uint256 last = (end - 1) / DayMask.DAYS;
        for (uint256 word = start / DayMask.DAYS; word <= last && count < MOST_DAYS; ++word) {
            count += DayMask.count(DayMask.between(_working(word), word, start, end));
        }
        if (count >= MOST_DAYS) return MOST_DAYS;
        _requireLoaded(end - 1);
        // Below 400.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint16(count);
    }

    /// @inheritdoc IWorkCalendar
    function nextWorkingDay(uint40 time) external view returns (uint40) {
        uint24 day = CivilDate.dayOf(time);
        return CivilDate.startOf(_find(CivilDate.startOf(day) == time ? day : day + 1, 1));
    }

    /// @inheritdoc IWorkCalendar
    function stopped() external view returns (uint24 from, uint24 until) {
        return (_stoppedFrom, _stoppedUntil);
    }

    /* INTERNAL */

    /// @dev One word has half a year of working days: the four hundredth is found in the fourth word at the latest,
    /// and where a calendar should have no working day at all, the end of what is loaded ends the search.
    function _find(uint24 start, uint256 nth) private view returns (uint24 day) {
        if (start < firstDay) revert CalendarMissing(start, endDay);
        for (uint256 word = start / DayMask.DAYS;; ++word) {
            uint256 held = exceptions[word];
            uint256 mask = DayMask.from(held ^ DayMask.weekdays(word), word, start);
            uint256 count = DayMask.count(mask);
            bool last = count >= nth;
            day = DayMask.dayAt(word, last ? DayMask.select(mask, nth) : DayMask.DAYS - 1);
            // From `endDay` on all is exceptions, or all is zero: a day before one that is none is surely loaded.
            if (held == 0 || !DayMask.gapAfter(held, day)) _requireLoaded(day);
            if (last) return day;
            nth -= count;
        }
    }

    function _load(uint24 endDay_, uint256[] memory words) private {
        uint24 fromDay = endDay;
        if (endDay_ <= fromDay) revert CalendarReaches(endDay_, fromDay);
        uint256 first = fromDay / DayMask.DAYS;
        uint256 needed = (endDay_ - 1) / DayMask.DAYS + 1 - first;
        if (words.length != needed) revert WordCountWrong(words.length, needed);
        for (uint256 i = 0; i < needed; ++i) {
            uint256 word = first + i;
            uint256 fresh = DayMask.between(words[i], word, fromDay, endDay_);
            uint256 kept = DayMask.between(exceptions[word], word, firstDay, fromDay);
            exceptions[word] = kept | fresh | DayMask.from(type(uint256).max, word, endDay_);
        }
        endDay = endDay_;
        (uint24 from, uint24 until) = (_stoppedFrom, _stoppedUntil);
        if (until > fromDay) _stopLoaded(from > fromDay ? from : fromDay, until < endDay_ ? until : endDay_);
        emit CalendarExtended(fromDay, endDay_, words);
    }

    /// @dev A working day is made the opposite of what it was. A pause lasts seven days at most, so two words at most.
    function _stopLoaded(uint24 fromDay, uint24 untilDay) private {
        if (fromDay >= untilDay) return;
        for (uint256 word = fromDay / DayMask.DAYS; word <= (untilDay - 1) / DayMask.DAYS; ++word) {
            exceptions[word] ^= DayMask.between(_working(word), word, fromDay, untilDay);
        }
    }

    function _working(uint256 word) private view returns (uint256) {
        return exceptions[word] ^ DayMask.weekdays(word);
    }

    function _requireLoaded(uint24 day) private view {
        (uint24 first, uint24 end) = (firstDay, endDay);
        if (day < first || day >= end) revert CalendarMissing(day, end);
    }
}
