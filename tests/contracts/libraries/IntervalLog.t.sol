// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IntervalLog} from "../../../contracts/libraries/IntervalLog.sol";
import {Interval} from "../../../contracts/types/Interval.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {bound, vm} from "../Vm.sol";

contract IntervalLogTest {
    IntervalLog private log;

    /// @notice What was put in comes out, field by field, under the next index.
    function testFuzz_KeepsIntervals(uint40 from, uint64 by, uint8 kind, uint8 reason, bytes12 evidence) external {
        from = uint40(bound(from, 1, type(uint40).max));
        log.open(_interval(1));
        uint256 index = log.open(
            Interval({from: from, to: 0, by: PartyId.wrap(by), kind: kind, reason: reason, evidence: evidence})
        );
        vm.assertEq(index, 1);
        Interval memory kept = log.get(1);
        vm.assertEq(kept.from, from);
        vm.assertEq(kept.to, 0);
        vm.assertTrue(PartyId.unwrap(kept.by) == by && kept.kind == kind && kept.reason == reason);
        vm.assertTrue(kept.evidence == evidence);
        vm.assertTrue(log.lasts(1));
        vm.assertFalse(log.lasts(2));
    }

    /// @notice Closing ends one interval, leaves the others, and says how many last.
    function testFuzz_Closes(uint8 opened, uint8 which, uint40 to) external {
        uint256 count = bound(opened, 1, 20);
        uint256 chosen = which % count;
        to = uint40(bound(to, 1, type(uint40).max));
        for (uint40 i = 0; i < count; ++i) {
            log.open(_interval(i + 1));
        }
        vm.assertEq(log.close(chosen, to), count - 1);
        vm.assertEq(log.live(), count - 1);
        vm.assertEq(log.total(), count);
        for (uint256 i = 0; i < count; ++i) {
            vm.assertTrue(log.lasts(i) == (i != chosen));
            vm.assertEq(log.get(i).from, i + 1);
            vm.assertEq(log.get(i).to, i == chosen ? to : 0);
        }
    }

    /// @notice Pages cover the log in order and stop at its end, wherever they begin.
    function testFuzz_Pages(uint8 opened, uint256 first, uint256 limit) external {
        uint256 count = opened % 20;
        for (uint40 i = 0; i < count; ++i) {
            log.open(_interval(i + 1));
        }
        first = bound(first, 0, 25);
        Interval[] memory page = log.page(first, limit);
        uint256 rest = first < count ? count - first : 0;
        vm.assertEq(page.length, rest < limit ? rest : limit);
        for (uint256 i = 0; i < page.length; ++i) {
            vm.assertEq(page[i].from, first + i + 1);
        }
    }

    function _interval(uint40 from) private pure returns (Interval memory interval) {
        interval.from = from;
        interval.by = PartyId.wrap(7);
    }
}
