// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CivilDate} from "../../../contracts/libraries/CivilDate.sol";
import {Case} from "../../../contracts/types/Case.sol";
import {Act, Stage} from "../../../contracts/types/Flow.sol";
import {Interval} from "../../../contracts/types/Interval.sol";
import {ProductState} from "../../../contracts/types/Product.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {vm} from "../Vm.sol";
import {CaseHandler} from "./CaseHandler.sol";
import {DeskReplay} from "./DeskReplay.sol";
import {EventReplay} from "./EventReplay.sol";
import {ReplayFixture} from "./ReplayFixture.sol";

contract CaseInvariants is ReplayFixture {
    CaseHandler private handler;
    DeskReplay private replay;
    EventReplay private ledger;

    function setUp() public override {
        super.setUp();
        replay = new DeskReplay(address(cases), address(certificates), address(calendar));
        ledger = _newReplay();
        handler = new CaseHandler(cases, calendar, [HOLDER, BUYER, OTHER], buyer, replay, ledger);
        vm.recordLogs();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice All of them: forge runs a campaign for each function of this kind, and the same calls in each.
    function invariant_AllHold() external view {
        ruleProductsFollowTheirCases();
        ruleCodesAreUnique();
        ruleOpenObjectionsBlock();
        ruleOneOpenObjectionEach();
        ruleOneOpenCase();
    }

    /// @notice At the end of each run every word is compared, not just those that a call wrote.
    function afterInvariant() external view {
        ruleEventsRebuildStorage();
    }

    /// @notice The handler tries enough to mean something: at random it comes to every act up to registration.
    function test_HandlerReachesEverything() external {
        for (uint256 i = 0; i < 3000; ++i) {
            uint256 drawn = uint256(keccak256(abi.encode(i)));
            // forge-lint: disable-next-line(unsafe-typecast)
            (uint256 seed, uint8 which, uint8 small) = (drawn >> 64, uint8(drawn >> 8), uint8(drawn));
            if (drawn % 9 == 0) handler.submit(small % 2 == 0, small % 5 == 0);
            else if (drawn % 9 == 1) handler.file(seed, which, small);
            else if (drawn % 9 == 2) handler.act(seed, which, small, small);
            else if (drawn % 9 == 3) handler.object(seed, small);
            else if (drawn % 9 == 4) handler.decide(seed, drawn >> 128, small);
            // forge-lint: disable-next-line(unsafe-typecast)
            else if (drawn % 9 == 5) handler.pass(uint32(drawn >> 16));
            else if (drawn % 9 == 6 && small % 8 == 0) handler.ofOffice(seed, which);
            else if (drawn % 9 == 7) handler.lapse(seed);
            else handler.proceed(seed, drawn, small);
        }
        for (uint8 act = uint8(Act.SUBMIT); act <= uint8(Act.REGISTER); ++act) {
            vm.assertTrue(handler.passed(Act(act)) != 0, vm.toString(uint256(act)));
        }
        vm.assertTrue(handler.passed(Act.LAPSE) != 0 && handler.passed(Act.CANCEL) != 0);
        replay.assertEqualsStorage();
        ledger.assertEqualsStorage();
    }

    /// @notice A corrected day, a holiday made a working day and back, is told as it is stored.
    function testFuzz_CorrectionsAreReplayed(uint8 ahead, bool working) external {
        uint24 day = CivilDate.dayOf(uint40(block.timestamp)) + 10 + ahead % 100;
        for (uint256 turn = 0; turn < 2; ++turn) {
            bool made = turn == 0 ? working : !working;
            vm.getRecordedLogs();
            _administer(address(calendar), abi.encodeCall(calendar.correct, (day, made)));
            replay.take(vm.getRecordedLogs());
            vm.assertTrue(calendar.isWorking(day) == made);
            replay.assertEqualsStorage();
            day += 6;
        }
    }

    /// @notice What the events tell is what storage holds, word by word: of desk, certificates, calendar and products.
    function ruleEventsRebuildStorage() public view {
        replay.assertEqualsStorage();
        ledger.assertEqualsStorage();
    }

    /// @notice A product is registered exactly when its first case ended so, until it is ended; it is pending no longer
    /// than that case.
    function ruleProductsFollowTheirCases() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            ProductId product = handler.made(i);
            Stage first = cases.caseRecord(product, 0).stage;
            ProductState state = products.productRecord(product).state;
            bool was =
                state == ProductState.REGISTERED || state == ProductState.CANCELLED || state == ProductState.REVOKED;
            vm.assertTrue(was == (first == Stage.REGISTERED));
            bool gone = first > Stage.REGISTERED;
            vm.assertTrue((state == ProductState.DECLINED) == gone);
            vm.assertTrue((state == ProductState.DRAFT) == (first == Stage.DRAFT));
        }
    }

    /// @notice Every product that was ever registered has a code, and the code finds it and no other.
    function ruleCodesAreUnique() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            ProductId product = handler.made(i);
            bytes15 code = certificates.codeOf(product);
            vm.assertTrue((code != 0) == (cases.caseRecord(product, 0).stage == Stage.REGISTERED));
            if (code != 0) vm.assertTrue(certificates.productOf(code) == product);
        }
    }

    /// @notice As long as objections raised in publicity are open nothing is registered.
    function ruleOpenObjectionsBlock() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            Case memory c = cases.caseRecord(handler.made(i), 0);
            if (c.objections == 0) continue;
            vm.assertTrue(c.stage == Stage.OBJECTED || c.stage == Stage.TERMINATED || c.stage == Stage.WITHDRAWN);
        }
    }

    /// @notice No party has two open objections to a product, and none raised in publicity is open once it is registered.
    function ruleOneOpenObjectionEach() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            ProductId product = handler.made(i);
            bool registered = cases.caseRecord(product, 0).stage == Stage.REGISTERED;
            Interval[] memory raised = cases.objections(product, 0, type(uint256).max);
            for (uint256 j = 0; j < raised.length; ++j) {
                if (raised[j].to != 0) continue;
                vm.assertFalse(registered && raised[j].kind == 0);
                for (uint256 k = 0; k < j; ++k) {
                    vm.assertFalse(raised[k].to == 0 && raised[k].by == raised[j].by);
                }
            }
        }
    }

    /// @notice Only the last case of a product can be open.
    function ruleOneOpenCase() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            ProductId product = handler.made(i);
            for (uint16 index = 0; index < cases.docketOf(product).laterCases; ++index) {
                (Stage stage,) = cases.stageOf(product, index);
                vm.assertTrue(stage >= Stage.REGISTERED);
            }
        }
    }
}
