// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Interval, IntervalWord, IntervalWordLibrary} from "../types/Interval.sol";

/// @notice Intervals in the order in which they began: each is closed once and none is deleted.
/// @param counts how many last and how many there are. Bits from high to low: live 128, total 128
/// @param words the intervals by their index
struct IntervalLog {
    uint256 counts;
    mapping(uint256 index => IntervalWord) words;
}

using IntervalLogLibrary for IntervalLog global;

/// @notice Keeping an `IntervalLog`.
library IntervalLogLibrary {
    uint256 private constant ONE_LIVE = 1 << 128;

    /// @notice Adds an interval that lasts.
    /// @return index names it in this log
    function open(IntervalLog storage log, Interval memory interval) internal returns (uint256 index) {
        uint256 counts = log.counts;
        // The low half counts all.
        // forge-lint: disable-next-line(unsafe-typecast)
        index = uint128(counts);
        log.counts = counts + ONE_LIVE + 1;
        log.words[index] = IntervalWordLibrary.pack(interval);
    }

    /// @notice Ends an interval at `to`. The caller has made sure that it lasts.
    /// @return left how many still last
    function close(IntervalLog storage log, uint256 index, uint40 to) internal returns (uint256 left) {
        log.words[index] = log.words[index].endedAt(to);
        uint256 counts = log.counts - ONE_LIVE;
        log.counts = counts;
        return counts >> 128;
    }

    /// @notice How many last.
    function live(IntervalLog storage log) internal view returns (uint256) {
        return log.counts >> 128;
    }

    /// @notice How many there are, ended ones included.
    function total(IntervalLog storage log) internal view returns (uint256) {
        // The low half counts all.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint128(log.counts);
    }

    /// @notice One interval, all zero where there is none of this index.
    function get(IntervalLog storage log, uint256 index) internal view returns (Interval memory) {
        return log.words[index].unpack();
    }

    /// @notice Whether the log has an interval of this index that has not ended.
    function lasts(IntervalLog storage log, uint256 index) internal view returns (bool) {
        return log.words[index].lasts();
    }

    /// @notice Up to `limit` intervals from the index `first` on.
    function page(IntervalLog storage log, uint256 first, uint256 limit)
        internal
        view
        returns (Interval[] memory intervals)
    {
        uint256 count = log.total();
        uint256 rest = first < count ? count - first : 0;
        intervals = new Interval[](rest < limit ? rest : limit);
        for (uint256 i = 0; i < intervals.length; ++i) {
            intervals[i] = log.get(first + i);
        }
    }
}
