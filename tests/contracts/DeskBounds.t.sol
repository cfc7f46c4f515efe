// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertificateRegistry} from "../../contracts/interfaces/ICertificateRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Share} from "../../contracts/interfaces/IProductRegistry.sol";
import {Application, Entry, IRegistrationDesk} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {Outcome} from "../../contracts/types/Case.sol";
import {Act, CaseKind} from "../../contracts/types/Flow.sol";
import {Role} from "../../contracts/types/Party.sol";
import {ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Calendars} from "./Calendars.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {RecordedLog, bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice When the desk is late, to the second, and what it asks for before it acts.
contract DeskBoundsTest is DeskFixture {
    /* TIME LIMITS */

    /// @notice Under PUBLIC the registrar is late to turn a case away once three working days have passed, not before.
    function testFuzz_PublicAcceptanceIsThreeDays(uint32 later) external {
        vm.warp(block.timestamp + later % 100 days);
        ProductId made = _submit("public", Profile.PUBLIC);
        uint256 end = Calendars.deadline(block.timestamp, 3);
        _assertLate(end, abi.encodeCall(cases.notAccept, (made, 0, "reasons")));
    }

    /// @notice A review that spent its very last day in time is not late on that day, only on the next.
    function testFuzz_LastDayOfReview(uint32 later, uint32 ahead) external {
        vm.warp(block.timestamp + later % 100 days);
        ProductId made = _accepted("spent", Profile.PROPERTY);
        uint256 end = Calendars.deadline(block.timestamp, 10);
        vm.warp(end - 1 - ahead % 1 days);
        cases.ask(made, 0, 10, "list");
        vm.assertEq(cases.caseRecord(made, 0).spentDays, 10);
        vm.prank(HOLDER);
        cases.supplement(made, 0, 0, "proof");
        _assertLate(end, abi.encodeCall(cases.refuse, (made, 0, "reasons")));
    }

    /// @notice No day of publicity, nor any until the last objection is decided, is one of the review: its days go on
    /// where they stood, and the registrar is late once they are spent.
    function testFuzz_PublicityIsNoReview(uint32 later, uint8 spent, bool objected, uint32 decided) external {
        vm.warp(block.timestamp + later % 100 days);
        ProductId made = _accepted("shown", Profile.PROPERTY);
        spent = uint8(bound(spent, 0, 10));
        if (spent != 0) vm.warp(Calendars.deadline(block.timestamp, spent) - 1);
        cases.publicise(made, 0);
        vm.assertEq(cases.caseRecord(made, 0).spentDays, spent);
        uint256 goesOn = _publicityEnd(Profile.PROPERTY, block.timestamp) - 1;
        if (objected) {
            uint256 index = _objectAs(OTHER, made);
            vm.warp(block.timestamp + decided % 40 days);
            cases.decide(made, index, Outcome.REJECTED, "reasons");
            if (block.timestamp > goesOn) goesOn = block.timestamp;
        }
        _assertLate(Calendars.deadline(goesOn, 10 - spent), abi.encodeCall(cases.refuse, (made, 0, "reasons")));
    }

    /// @notice An objection in publicity has ten working days to be decided, one after registration five.
    function testFuzz_ObjectionsAreDecidedInTime(bool registered, bool public_, bool late) external {
        Profile profile = public_ ? Profile.PUBLIC : Profile.PROPERTY;
        ProductId made = registered ? _registered("objected", profile) : _publicised("objected", profile);
        uint256 index = _objectAs(OTHER, made);
        uint256 end = Calendars.deadline(block.timestamp, registered ? 5 : 10);
        vm.warp(late ? end : end - 1);
        vm.expectEmit(address(cases));
        emit IRegistrationDesk.ObjectionDecided(made, founding, index, Outcome.REJECTED, late, "reasons");
        cases.decide(made, index, Outcome.REJECTED, "reasons");
    }

    /* WHAT IS ASKED FOR */

    /// @notice Whoever was a registrar and is none any more gets no new cases.
    function testFuzz_FormerRegistrarsTakeNoCases(bool public_) external {
        Application memory application = _application("late", public_ ? Profile.PUBLIC : Profile.PROPERTY);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (founding, Role.REGULATOR)));
        vm.prank(HOLDER);
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, founding, Role.REGULATOR, Role.REGISTRAR)
        );
        cases.submit(application);
    }

    /// @notice An application under PUBLIC rests on evidence, under PROPERTY it need not; a draft never need.
    function testFuzz_PublicApplicationsNeedEvidence(bool public_, bool drafted) external {
        Application memory application = _application("bare", public_ ? Profile.PUBLIC : Profile.PROPERTY);
        application.evidence = 0;
        bool refused = public_ && !drafted;
        if (refused) vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.EvidenceMissing.selector, Act.SUBMIT));
        vm.prank(HOLDER);
        ProductId made = drafted ? cases.draft(application) : cases.submit(application);
        if (!refused) vm.assertTrue(_stateOf(made) == (drafted ? ProductState.DRAFT : ProductState.PENDING));
    }

    /// @notice Publicity is not waived without a cause.
    function test_WaivesForACause() external {
        ProductId made = _accepted("waived", Profile.PROPERTY);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.EvidenceMissing.selector, Act.WAIVE));
        cases.waive(made, 0, 0);
        cases.waive(made, 0, "cause");
        vm.assertTrue(cases.caseRecord(made, 0).waived);
    }

    /// @notice The judge itself takes sixteen holders and no more, whatever else is wrong.
    function testFuzz_JudgesSixteenHolders(uint8 count) external {
        count = uint8(bound(count, 1, 40));
        Application memory application = _application("many", Profile.PROPERTY);
        application.shares = new Share[](count);
        if (count > 16) {
            vm.expectRevert(abi.encodeWithSelector(IProductRegistry.SharesTooMany.selector, count, 16));
        }
        (uint16 awaited,,) = judge.judge(abi.encode(application), holder);
        if (count <= 16) vm.assertEq(awaited, (uint256(1) << count) - 1);
    }

    /* CERTIFICATES */

    /// @notice Whoever was a registrar and is none any more hands out no certificates, of what it registered either.
    function testFuzz_FormerRegistrarsCertifyNothing(bool public_, bytes32 digest) external {
        ProductId made = _registered("former", public_ ? Profile.PUBLIC : Profile.PROPERTY);
        certificates.certify(made, "document");
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (founding, Role.REGULATOR)));
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, founding, Role.REGULATOR, Role.REGISTRAR)
        );
        certificates.certify(made, digest);
        vm.assertEq(certificates.codeRecord(made).certificateCount, 1);
    }

    /// @notice A change that is entered puts the certificates issued before it out of date, and says so.
    function testFuzz_ChangesAmend(uint16 later) external {
        ProductId made = _registered("changed", Profile.PROPERTY);
        uint16 index = _file(made, CaseKind.CHANGE, keccak256(abi.encode(bytes32("root"), bytes32("metadata"))));
        cases.accept(made, index);
        vm.warp(block.timestamp + 1 + later);
        Entry memory entry = _entry(0);
        (entry.contentRoot, entry.metadataHash) = ("root", "metadata");
        vm.expectEmit(address(certificates));
        emit ICertificateRegistry.RecordAmended(made);
        cases.register(made, index, entry);
        vm.assertEq(certificates.codeRecord(made).amendedAt, block.timestamp);
    }

    /// @notice Each certificate is told with its number, its whole digest and the version it is of.
    function testFuzz_CertificatesAreTold(bytes32 digest) external {
        vm.assume(digest != 0);
        ProductId made = _registered("certified", Profile.PROPERTY);
        for (uint16 number = 1; number < 4; ++number) {
            vm.expectEmit(address(certificates));
            emit ICertificateRegistry.CertificateIssued(made, founding, number, digest, 1);
            vm.assertEq(certificates.certify(made, digest), number);
        }
    }

    /* AIDS */

    /// @dev What the desk does is in time until a second before `end`, and late from then on.
    function _assertLate(uint256 end, bytes memory call) private {
        uint256 before = vm.snapshotState();
        vm.warp(end - 1);
        vm.assertFalse(_isLate(call));
        vm.revertToState(before);
        vm.warp(end);
        vm.assertTrue(_isLate(call));
    }

    function _isLate(bytes memory call) private returns (bool late) {
        vm.recordLogs();
        (bool done,) = address(cases).call(call);
        vm.assertTrue(done);
        RecordedLog memory log = vm.getRecordedLogs()[0];
        vm.assertEq(log.topics[0], IRegistrationDesk.CaseMoved.selector);
        (,, late,,) = abi.decode(log.data, (uint256, uint256, bool, bytes32, uint256));
    }
}
// forge-lint: disable-end(unsafe-typecast)
