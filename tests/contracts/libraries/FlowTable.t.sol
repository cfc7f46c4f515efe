// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Act, CaseKind, Stage} from "../../../contracts/types/Flow.sol";
import {FlowTable} from "../../../contracts/types/FlowTable.sol";
import {Profile} from "../../../contracts/types/Product.sol";
import {Rules} from "../Rules.sol";
import {vm} from "../Vm.sol";

contract FlowTableTest {
    /// @notice What is not allowed leads nowhere: the stage that follows is the one there was.
    function testFuzz_ForbiddenActsMoveNothing(uint8 profile, uint8 kind, uint8 stage, uint8 act) external pure {
        Profile under = Profile(profile % (uint8(type(Profile).max) + 1));
        CaseKind asked = CaseKind(kind % (uint8(type(CaseKind).max) + 1));
        Stage from = Stage(stage % (uint8(type(Stage).max) + 1));
        Act done = Act(act % (uint8(type(Act).max) + 1));
        for (uint8 bit = 0; bit < 6; ++bit) {
            (bool expected,) = Rules.follows(under, asked, from, done, uint8(1) << bit);
            if (expected) continue;
            (bool allowed, Stage to) = FlowTable.next(FlowTable.rules(done), under, asked, from, uint8(1) << bit);
            vm.assertTrue(!allowed && to == from);
        }
    }
}
