// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Share} from "../../contracts/interfaces/IProductRegistry.sol";
import {Application, Filing, IRegistrationDesk, Origin} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {CivilDate} from "../../contracts/libraries/CivilDate.sol";
import {Outcome} from "../../contracts/types/Case.sol";
import {Act, CaseKind, Stage} from "../../contracts/types/Flow.sol";
import {ParticularFlags, ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Rights, Source} from "../../contracts/types/Vocabulary.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {RecordedLog, vm} from "./Vm.sol";

/// @notice What the desk writes down, and whose agreement its judge waits for.
contract DeskRecordsTest is DeskFixture {
    /// @notice A case begins when it is submitted, not when it is drafted.
    function testFuzz_SubmissionTimes(uint16 later) external {
        ProductId made = _submit("at once", Profile.PROPERTY);
        vm.assertEq(cases.caseRecord(made, 0).submittedAt, GENESIS);
        vm.prank(HOLDER);
        ProductId drafted = cases.draft(_application("drafted", Profile.PROPERTY));
        vm.assertEq(cases.caseRecord(drafted, 0).submittedAt, 0);
        vm.warp(GENESIS + 1 + later);
        vm.prank(HOLDER);
        cases.submitDraft(drafted, EVIDENCE);
        vm.assertEq(cases.caseRecord(drafted, 0).submittedAt, block.timestamp);
        ProductId other_ = _registered("filed", Profile.PROPERTY);
        uint16 index = _file(other_, CaseKind.CANCELLATION, 0);
        vm.assertEq(cases.caseRecord(other_, index).submittedAt, block.timestamp);
    }

    /// @notice What a product comes from is told with its application, and nothing where it comes from nothing.
    function testFuzz_OriginsAreNamed(uint8 count) external {
        count = count % 4;
        Application memory application = _application("derived", Profile.PROPERTY);
        if (count != 0) _sourced(application, Source.DERIVED, 0, Rights.ALL);
        application.origins = new Origin[](count);
        ProductId[] memory named = new ProductId[](count);
        for (uint256 i = 0; i < count; ++i) {
            named[i] = application.origins[i].product = _register(keccak256(abi.encode("origin", i)));
        }
        vm.recordLogs();
        ProductId made = _apply(application);
        RecordedLog[] memory logs = vm.getRecordedLogs();
        uint256 told;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IRegistrationDesk.OriginsNamed.selector) continue;
            ++told;
            vm.assertEq(logs[i].topics[1], bytes32(ProductId.unwrap(made)));
            vm.assertEq(logs[i].data, abi.encode(named));
        }
        vm.assertEq(told, count == 0 ? 0 : 1);
    }

    /// @notice In the PUBLIC profile a later case rests on evidence as the first one does.
    function test_LaterCasesNeedEvidence() external {
        ProductId made = _registered("public", Profile.PUBLIC);
        Filing memory filing = _filing(CaseKind.CANCELLATION, 0);
        filing.evidence = 0;
        vm.startPrank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.EvidenceMissing.selector, Act.SUBMIT));
        cases.file(made, filing);
        filing.evidence = EVIDENCE;
        cases.file(made, filing);
        vm.stopPrank();
    }

    /// @notice An award changes who holds a product, so that the certificates issued before it are out of date.
    function testFuzz_AwardsAmend(uint16 later) external {
        ProductId made = _registered("awarded", Profile.PROPERTY);
        vm.warp(block.timestamp + 1 + later);
        cases.executeAward(made, holder, buyer, Rights.USE, EVIDENCE);
        vm.assertEq(certificates.codeRecord(made).amendedAt, block.timestamp);
    }

    /// @notice Whatever turns a first case away ends it at a stage of its own, and declines the product.
    function test_TurnedAwayIsDeclined() external {
        ProductId made = _submit("not accepted", Profile.PROPERTY);
        cases.notAccept(made, 0, "reasons");
        _assertDeclined(made, Stage.NOT_ACCEPTED);
        made = _accepted("refused", Profile.PROPERTY);
        cases.refuse(made, 0, "reasons");
        _assertDeclined(made, Stage.REFUSED);
        made = _submit("withdrawn", Profile.PROPERTY);
        vm.prank(HOLDER);
        cases.withdraw(made, 0);
        _assertDeclined(made, Stage.WITHDRAWN);
        made = _publicised("upheld", Profile.PROPERTY);
        vm.prank(OTHER);
        cases.object(made, EVIDENCE);
        cases.decide(made, 0, Outcome.UPHELD, "reasons");
        _assertDeclined(made, Stage.TERMINATED);
    }

    function _assertDeclined(ProductId made, Stage stage) private view {
        (Stage found,) = cases.stageOf(made, 0);
        vm.assertEq(uint256(found), uint256(stage));
        vm.assertTrue(_stateOf(made) == ProductState.DECLINED);
    }

    /// @notice A validity lasts: one that ends where the one before ended is refused.
    function testFuzz_ValiditiesLast(uint8 day) external {
        ProductId made = _submit("renewed", Profile.PROPERTY);
        uint40 from = CivilDate.startOf(CivilDate.dayOf(GENESIS) + 1 + day);
        vm.expectPartialRevert(IRegistrationDesk.ValidityOutOfRange.selector);
        judge.requireValidity(made, Profile.PROPERTY, from, 0, from);
        judge.requireValidity(made, Profile.PROPERTY, from, 0, from + 1 days);
    }

    /// @notice Each other holder has to agree, whatever the rights are; for fused data only where it can be operated
    /// and nothing else was agreed.
    function testFuzz_WhoseAgreementIsAwaited(bool fused, bool agreed, bool operable) external view {
        Application memory application = _application("shared", Profile.PROPERTY);
        uint8 rights = operable ? Rights.ALL : Rights.HOLD | Rights.USE;
        uint8 flags = agreed ? ParticularFlags.AGREED_RIGHTS : 0;
        _sourced(application, fused ? Source.FUSED : Source(0), flags, rights);
        application.shares = new Share[](3);
        application.shares[0] = Share({party: buyer, rights: Rights.HOLD});
        application.shares[1] = Share({party: holder, rights: Rights.HOLD});
        application.shares[2] = Share({party: other, rights: Rights.HOLD});
        (uint16 awaited,,) = judge.judge(abi.encode(application), holder);
        vm.assertEq(awaited, fused && (agreed || !operable) ? 0 : 5);
    }
}
