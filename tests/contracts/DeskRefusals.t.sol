// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IRegistrationDesk} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {RegistrationFlow} from "../../contracts/libraries/RegistrationFlow.sol";
import {Act, CaseKind} from "../../contracts/types/Flow.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductHead, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Rights} from "../../contracts/types/Vocabulary.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {vm} from "./Vm.sol";

/// @notice What the desk and its judge refuse, and what they answer when they are asked directly.
contract DeskRefusalsTest is DeskFixture {
    /// @notice A case that there is not is neither shown nor decided.
    function testFuzz_UnknownCases(bytes20 product, uint16 index) external {
        ProductId unknown = ProductId.wrap(product);
        bytes memory refusal = abi.encodeWithSelector(IRegistrationDesk.CaseUnknown.selector, unknown, index);
        vm.expectRevert(refusal);
        cases.caseRecord(unknown, index);
        vm.expectRevert(refusal);
        cases.stageOf(unknown, index);
        vm.expectRevert(refusal);
        cases.accept(unknown, index);
        vm.expectRevert(refusal);
        cases.lapse(unknown, index);
    }

    /// @notice A registrar gives as many days as the rules let it, neither fewer nor more.
    function testFuzz_DaysWithinTheRules(uint8 given) external {
        ProductId made = _submit("returned", Profile.PROPERTY);
        _expectDays(Act.RETURN, given);
        cases.returnForCorrection(made, 0, given, "list");
        made = _accepted("asked", Profile.PROPERTY);
        _expectDays(Act.ASK, given);
        cases.ask(made, 0, given, "list");
        made = _accepted("extended", Profile.PROPERTY);
        _expectDays(Act.EXTEND, given);
        cases.extend(made, 0, given, "reasons");
    }

    /// @notice Nothing is registered that was not shown in public, unless that was waived.
    function testFuzz_PublicityComesFirst(bytes32 seed) external {
        ProductId made = _accepted(seed, Profile.PROPERTY);
        uint40 until = _years(5);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.PublicityMissing.selector, made, 0));
        cases.register(made, 0, _entry(until));
        cases.waive(made, 0, "cause");
        cases.register(made, 0, _entry(until));
    }

    /// @notice Publicity is waived once, and not held after that.
    function testFuzz_WaivedOnce(bytes32 seed) external {
        ProductId made = _accepted(seed, Profile.PROPERTY);
        cases.waive(made, 0, "cause");
        bytes memory refusal = abi.encodeWithSelector(IRegistrationDesk.PublicityWaived.selector, made, 0);
        vm.expectRevert(refusal);
        cases.waive(made, 0, "cause");
        vm.expectRevert(refusal);
        cases.publicise(made, 0);
    }

    /// @notice What a case waits to be entered is kept under the case's own index.
    function testFuzz_PendingIsKept(bytes32 root, bytes32 metadata) external {
        vm.assume(root != 0);
        ProductId made = _registered("changed", Profile.PROPERTY);
        bytes32 pending = keccak256(abi.encode(root, metadata));
        uint16 index = _file(made, CaseKind.CHANGE, pending);
        vm.assertEq(cases.pendingOf(made, index), pending);
        vm.assertEq(cases.pendingOf(made, 0), 0);
    }

    /// @notice The judge names holders by their places, and who else holds by bits.
    function testFuzz_PlacesOfHolders(bytes32 seed, uint8 beyond) external {
        ProductId made = _registerBy(HOLDER, _registration(seed));
        vm.assertTrue(PartyId.unwrap(judge.holderAt(made, 0)) == 0);
        vm.assertEq(judge.othersOf(made, holder), 0);
        vm.prank(HOLDER);
        products.transfer(made, buyer, Rights.USE);
        // The holding that ended keeps its place.
        vm.assertTrue(judge.holderAt(made, 0) == holder);
        vm.assertTrue(judge.holderAt(made, 1) == holder);
        vm.assertTrue(judge.holderAt(made, 2) == buyer);
        vm.assertTrue(PartyId.unwrap(judge.holderAt(made, 3 + uint256(beyond))) == 0);
        vm.assertEq(judge.othersOf(made, holder), 4);
        vm.assertEq(judge.othersOf(made, buyer), 3);
    }

    /// @notice Asked directly, the judge allows a validity that ends at midnight, in time, and none else.
    function testFuzz_ValiditiesEndAtMidnight(uint32 off) external {
        ProductId made = _submit("judged", Profile.PROPERTY);
        uint40 until = _years(5);
        judge.requireValidity(made, Profile.PROPERTY, uint40(block.timestamp), 0, until);
        uint40 given = until - off % 5 days;
        uint40 now_ = uint40(block.timestamp);
        if (off % 5 days % 1 days != 0) {
            vm.expectRevert(
                abi.encodeWithSelector(IRegistrationDesk.ValidityOutOfRange.selector, made, given, now_, until)
            );
        }
        judge.requireValidity(made, Profile.PROPERTY, now_, 0, given);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistrationDesk.ValidityOutOfRange.selector, made, until + 1 days, now_, until)
        );
        judge.requireValidity(made, Profile.PROPERTY, now_, 0, until + 1 days);
    }

    /// @notice Asked directly about a filing, the judge answers as the desk would write it down.
    function testFuzz_JudgesFilings(uint8 rights) external {
        rights = rights % Rights.ALL + 1;
        ProductId made = _registered("moved", Profile.PROPERTY);
        ProductHead head = products.headOf(made);
        (uint16 registrar, uint16 awaited,) =
            judge.judgeFiling(made, head, _filing(CaseKind.TRANSFER, _transfer(buyer, rights)), holder, Rights.ALL);
        vm.assertEq(registrar, REGISTRAR);
        vm.assertEq(awaited, 1);
        PartyId nobody = PartyId.wrap(1);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, nobody));
        judge.judgeFiling(made, head, _filing(CaseKind.TRANSFER, _transfer(nobody, rights)), holder, Rights.ALL);
    }

    /// @notice The contracts of a deployment name each other.
    function test_ContractsAreTied() external view {
        vm.assertEq(address(parties.calendar()), address(calendar));
        vm.assertEq(address(cases.calendar()), address(calendar));
        vm.assertEq(certificates.desk(), address(cases));
        vm.assertEq(products.desk(), address(cases));
        vm.assertEq(address(lineage.grantJudge()), address(grantJudge));
        vm.assertLe(1, calendar.firstDay());
        vm.assertLe(calendar.firstDay(), calendar.endDay());
    }

    function _expectDays(Act act, uint8 given) private {
        (uint8 least, uint8 most) = RegistrationFlow.chosen(act);
        if (given >= least && given <= most) return;
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.DueOutOfRange.selector, given, least, most));
    }
}
