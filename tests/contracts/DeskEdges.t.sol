// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IWorkCalendar} from "../../contracts/interfaces/IWorkCalendar.sol";
import {CivilDate} from "../../contracts/libraries/CivilDate.sol";
import {Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Reason} from "../../contracts/types/Vocabulary.sol";
import {Calendars} from "./Calendars.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {vm} from "./Vm.sol";

// The casts below are of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice What the desk does where the calendar ends, and what times it leaves on record.
contract DeskEdgesTest is DeskFixture {
    /* THE END OF THE CALENDAR */

    /// @notice Publicity that began is publicity in which anybody can object: it is not held where its end is not known.
    function test_PublicityCanBeObjectedTo() external {
        vm.warp(CivilDate.startOf(Calendars.END - 12) + 9 hours);
        ProductId made = _accepted("shown", Profile.PROPERTY);
        vm.warp(CivilDate.startOf(Calendars.END - 3) + 9 hours);
        (bool shown,) = address(cases).call(abi.encodeCall(cases.publicise, (made, 0)));
        if (!shown) return;
        bool objected;
        for (uint256 day = 0; day < 20 && !objected; ++day) {
            vm.prank(OTHER);
            (objected,) = address(cases).call(abi.encodeCall(cases.object, (made, EVIDENCE)));
            vm.warp(block.timestamp + 1 days);
        }
        bytes memory call = abi.encodeCall(
            IWorkCalendar.extend, (Calendars.END + 300, Calendars.words(Calendars.END, Calendars.END + 300))
        );
        _administer(address(calendar), call);
        vm.prank(OTHER);
        if (!objected) (objected,) = address(cases).call(abi.encodeCall(cases.object, (made, EVIDENCE)));
        // Nobody could, and it is registered all the same.
        if (!objected) cases.register(made, 0, _entry(_years(1)));
        vm.assertTrue(objected);
    }

    /// @notice On the day of its submission an application can be turned away, whatever day the calendar ends on.
    function test_TurnedAwayAtTheEndOfTheCalendar() external {
        vm.warp(CivilDate.startOf(Calendars.END - 2) + 9 hours);
        ProductId made = _submit("late", Profile.PROPERTY);
        cases.returnForCorrection(made, 0, 5, "list");
    }

    /* WHAT THE RECORD SAYS OF EARLIER TIMES */

    /// @notice A registration that lapsed and is cancelled later ended when it lapsed.
    function test_CancellingLapsedKeepsItsEnd() external {
        ProductId made = _registered("lapsed", Profile.PUBLIC);
        uint40 end = products.productRecord(made).until;
        vm.warp(end + 100 days);
        cases.cancel(made, Reason.UNSPECIFIED, EVIDENCE);
        vm.assertEq(products.productRecord(made).until, end);
    }

    /// @notice A draft that is withdrawn was made when it was made, not in 1970.
    function test_WithdrawnDraftsKeepTheirTime() external {
        vm.prank(HOLDER);
        ProductId made = cases.draft(_application("drafted", Profile.PROPERTY));
        vm.warp(GENESIS + 1 days);
        vm.prank(HOLDER);
        cases.withdraw(made, 0);
        vm.assertEq(products.productRecord(made).since, GENESIS);
    }
}
// forge-lint: disable-end(unsafe-typecast)
