// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RegistrationFlow} from "../../../contracts/libraries/RegistrationFlow.sol";
import {Case} from "../../../contracts/types/Case.sol";
import {Act, CaseKind, Stage} from "../../../contracts/types/Flow.sol";
import {Profile} from "../../../contracts/types/Product.sol";
import {Rules} from "../Rules.sol";
import {vm} from "../Vm.sol";

contract RegistrationFlowTest {
    /// @notice Every profile, kind, stage, act and actor: what may be done is what the rules say, and so is what follows.
    function test_EveryTransition() external pure {
        for (uint8 profile = 0; profile <= uint8(type(Profile).max); ++profile) {
            for (uint8 kind = 0; kind <= uint8(type(CaseKind).max); ++kind) {
                for (uint8 stage = 0; stage <= uint8(type(Stage).max); ++stage) {
                    _everyAct(Profile(profile), CaseKind(kind), Stage(stage));
                }
            }
        }
    }

    /// @notice An actor that is several at once may do what any of them may; nobody may do nothing.
    function testFuzz_ActorsAddUp(uint8 profile, uint8 kind, uint8 stage, uint8 act, uint8 actors) external pure {
        Case memory c;
        c.profile = Profile(profile % (uint8(type(Profile).max) + 1));
        c.kind = CaseKind(kind % (uint8(type(CaseKind).max) + 1));
        c.stage = Stage(stage % (uint8(type(Stage).max) + 1));
        Act done = Act(act % (uint8(type(Act).max) + 1));
        bool any;
        for (uint8 bit = 0; bit < 6; ++bit) {
            if (actors >> bit & 1 == 0) continue;
            (bool one,) = Rules.follows(c.profile, c.kind, c.stage, done, uint8(1) << bit);
            any = any || one;
        }
        (bool allowed,) = RegistrationFlow.next(c, done, actors);
        vm.assertTrue(allowed == any);
    }

    function _everyAct(Profile profile, CaseKind kind, Stage stage) private pure {
        Case memory c;
        (c.profile, c.kind, c.stage) = (profile, kind, stage);
        for (uint8 act = 0; act <= uint8(type(Act).max); ++act) {
            for (uint8 bit = 0; bit < 6; ++bit) {
                (bool expected, Stage after_) = Rules.follows(profile, kind, stage, Act(act), uint8(1) << bit);
                (bool allowed, Stage to) = RegistrationFlow.next(c, Act(act), uint8(1) << bit);
                vm.assertTrue(allowed == expected);
                if (expected) vm.assertTrue(to == after_);
            }
        }
    }
}
