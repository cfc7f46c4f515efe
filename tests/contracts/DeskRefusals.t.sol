// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "../../contracts/interfaces/IProductRegistry.sol";
import {Entry, IRegistrationDesk} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {CivilDate} from "../../contracts/libraries/CivilDate.sol";
import {RegistrationFlow} from "../../contracts/libraries/RegistrationFlow.sol";
import {Act, CaseKind, Stage} from "../../contracts/types/Flow.sol";
import {Standing} from "../../contracts/types/Key.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductHead, ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {AnnotationKind, Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {Calendars} from "./Calendars.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {RecordedLog, vm} from "./Vm.sol";

// The casts below are of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
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

    /// @notice A hash of content waits in cases about content, and in each of them.
    function testFuzz_PendingIsForContent(bytes32 pending) external {
        vm.assume(pending != 0);
        ProductId made = _registered("pending", Profile.PROPERTY);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistrationDesk.PendingInvalid.selector, made, CaseKind.CHANGE, bytes32(0))
        );
        vm.prank(HOLDER);
        cases.file(made, _filing(CaseKind.CHANGE, 0));
        bytes memory refusal =
            abi.encodeWithSelector(IRegistrationDesk.PendingInvalid.selector, made, CaseKind.CANCELLATION, pending);
        vm.expectRevert(refusal);
        vm.prank(HOLDER);
        cases.file(made, _filing(CaseKind.CANCELLATION, pending));
        uint16 index = _file(made, CaseKind.CANCELLATION, 0);
        cases.accept(made, index);
        cases.ask(made, index, 10, "list");
        vm.expectRevert(refusal);
        vm.prank(HOLDER);
        cases.supplement(made, index, pending, "proof");
    }

    /// @notice A product that there is not has no later case, and no code.
    function testFuzz_UnknownProducts(bytes20 product) external {
        ProductId unknown = ProductId.wrap(product);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductUnknown.selector, unknown));
        vm.prank(HOLDER);
        cases.file(unknown, _filing(CaseKind.CANCELLATION, 0));
        vm.assertEq(bytes32(certificates.codeOf(unknown)), 0);
    }

    /// @notice What has expired is neither changed nor cancelled any more, even where that was filed in time.
    function test_LaterCasesEndWithTheValidity() external {
        ProductId made = _publicised("short", Profile.PROPERTY);
        vm.warp(_publicityEnd(Profile.PROPERTY, block.timestamp));
        cases.register(made, 0, _entry(CivilDate.startOf(CivilDate.dayOf(uint40(block.timestamp)) + 30)));
        uint16 index = _file(made, CaseKind.CANCELLATION, 0);
        cases.accept(made, index);
        vm.warp(block.timestamp + 31 days);
        vm.expectRevert(
            abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, made, ProductState.REGISTERED)
        );
        cases.register(made, index, _entry(0));
    }

    /// @notice A later case that comes to nothing, however it ends, leaves the registration as it was, and room for the
    /// next.
    function testFuzz_FailedCasesChangeNothing(uint8 kind, uint8 end, bool public_) external {
        ProductId made = _registered("kept", public_ ? Profile.PUBLIC : Profile.PROPERTY);
        CaseKind[4] memory kinds = [CaseKind.CHANGE, CaseKind.TRANSFER, CaseKind.RENEWAL, CaseKind.CANCELLATION];
        if (public_) kinds[1] = CaseKind.CORRECTION;
        bytes32[4] memory pending =
            [bytes32("pending"), public_ ? bytes32("pending") : _transfer(buyer, Rights.USE), 0, 0];
        kind %= 4;
        vm.warp(products.productRecord(made).until - 50 days);
        bytes32 before = keccak256(abi.encode(products.headOf(made), certificates.codeRecord(made)));
        uint16 index = _file(made, kinds[kind], pending[kind]);
        if (end % 4 == 0) {
            vm.prank(HOLDER);
            cases.withdraw(made, index);
        } else if (end % 4 == 1) {
            cases.notAccept(made, index, "reasons");
        } else if (end % 4 == 2) {
            cases.accept(made, index);
            cases.refuse(made, index, "reasons");
        } else {
            cases.returnForCorrection(made, index, 1, "list");
            vm.warp(Calendars.deadline(block.timestamp, 1));
            cases.lapse(made, index);
        }
        vm.assertEq(keccak256(abi.encode(products.headOf(made), certificates.codeRecord(made))), before);
        vm.assertEq(_file(made, CaseKind.RENEWAL, 0), index + 1);
    }

    /// @notice Only a renewal brings another validity.
    function testFuzz_OnlyRenewalsProlong(uint40 until) external {
        vm.assume(until != 0);
        ProductId made = _registered("cancelled", Profile.PROPERTY);
        uint16 index = _file(made, CaseKind.CANCELLATION, 0);
        cases.accept(made, index);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ValidityOutOfRange.selector, made, until, 0, 0));
        cases.register(made, index, _entry(until));
    }

    /// @notice What came to be disputed while its transfer was decided does not move.
    function testFuzz_DisputedMeanwhile(bytes32 evidence) external {
        ProductId made = _registered("disputed", Profile.PROPERTY);
        uint16 index = _file(made, CaseKind.TRANSFER, _transfer(buyer, Rights.USE));
        cases.accept(made, index);
        vm.prank(BUYER);
        cases.concur(made, index, 0);
        products.annotate(made, AnnotationKind.DISPUTE, Reason.DISPUTE, evidence);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductEncumbered.selector, made, 0, 0, 1));
        cases.register(made, index, _entry(0));
    }

    /// @notice Whatever the registrar enters, ends or moves rests on evidence.
    function test_DecisionsRestOnEvidence() external {
        ProductId made = _accepted("bare", Profile.PROPERTY);
        cases.waive(made, 0, "cause");
        Entry memory entry = _entry(_years(1));
        entry.evidence = 0;
        _expectMissing(Act.REGISTER);
        cases.register(made, 0, entry);
        made = _registered("ended", Profile.PUBLIC);
        _expectMissing(Act.CANCEL);
        cases.cancel(made, Reason.DATA_LOST, 0);
        _expectMissing(Act.REVOKE);
        cases.revoke(made, Reason.FALSEHOOD, 0);
        _expectMissing(Act.AWARD);
        cases.executeAward(made, holder, buyer, Rights.USE, 0);
        uint16 index = _file(made, CaseKind.CANCELLATION, 0);
        cases.accept(made, index);
        (entry.evidence, entry.validUntil) = (0, 0);
        _expectMissing(Act.REGISTER);
        cases.register(made, index, entry);
        vm.assertTrue(_stateOf(made) == ProductState.REGISTERED);
    }

    function _expectMissing(Act act) private {
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.EvidenceMissing.selector, act));
    }

    /// @notice An award moves rights to parties alone.
    function testFuzz_AwardsGoToParties(uint64 nobody) external {
        vm.assume(parties.standingOf(PartyId.wrap(nobody)) == Standing.NONE);
        ProductId made = _registered("awarded", Profile.PROPERTY);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyUnknown.selector, PartyId.wrap(nobody)));
        cases.executeAward(made, holder, PartyId.wrap(nobody), Rights.USE, EVIDENCE);
    }

    /// @notice An application is turned away until its third working day is over, and not after, even before it counts as
    /// accepted.
    function test_TurnedAwayInTime() external {
        uint256 late;
        for (uint256 i = 0; i < 7; ++i) {
            ProductId made = _submit(bytes32(i + 1), Profile.PROPERTY);
            uint40 end = calendar.deadline(uint40(block.timestamp), 3);
            uint256 submitted = block.timestamp;
            vm.warp(end);
            (Stage stage,) = cases.stageOf(made, 0);
            if (stage == Stage.SUBMITTED) {
                ++late;
                vm.expectRevert(
                    abi.encodeWithSelector(IRegistrationDesk.DeadlinePassed.selector, made, Act.NOT_ACCEPT, end)
                );
                cases.notAccept(made, 0, "reasons");
            }
            vm.warp(end - 1);
            cases.notAccept(made, 0, "reasons");
            vm.warp(submitted + 1 days);
        }
        vm.assertLe(1, late);
    }

    /// @notice What is ended stays so: it is neither ended again nor objected to.
    function testFuzz_EndedOnce(bytes32 evidence) external {
        vm.assume(evidence != 0);
        ProductId made = _registered("ended", Profile.PROPERTY);
        cases.cancel(made, Reason.DATA_LOST, evidence);
        bytes memory refusal =
            abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, made, ProductState.CANCELLED);
        vm.expectRevert(refusal);
        cases.cancel(made, Reason.DATA_LOST, evidence);
        vm.expectRevert(refusal);
        vm.prank(OTHER);
        cases.object(made, evidence);
    }

    /// @notice A review whose days were spent before something was asked for is overdue as soon as it goes on.
    function test_SpentReviewsStayOverdue() external {
        ProductId made = _accepted("spent", Profile.PROPERTY);
        vm.warp(block.timestamp + 70 days);
        cases.ask(made, 0, 10, "list");
        vm.prank(HOLDER);
        cases.supplement(made, 0, 0, "proof");
        vm.recordLogs();
        cases.publicise(made, 0);
        RecordedLog[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], IRegistrationDesk.CaseMoved.selector);
        (, uint256 act, bool overdue,,) = abi.decode(logs[0].data, (uint256, uint256, bool, bytes32, uint256));
        vm.assertTrue(overdue && act == uint256(Act.PUBLICISE));
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
// forge-lint: disable-end(unsafe-typecast)
