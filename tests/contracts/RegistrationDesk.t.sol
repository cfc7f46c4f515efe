// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertificateRegistry} from "../../contracts/interfaces/ICertificateRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Share} from "../../contracts/interfaces/IProductRegistry.sol";
import {Application, Entry, Filing, IRegistrationDesk, Origin} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {CivilDate} from "../../contracts/libraries/CivilDate.sol";
import {Case, Outcome} from "../../contracts/types/Case.sol";
import {Certificate} from "../../contracts/types/Certificate.sol";
import {Act, Actor, CaseKind, Stage} from "../../contracts/types/Flow.sol";
import {Standing} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {ParticularFlags, ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {AnnotationKind, Reason, Rights, Source} from "../../contracts/types/Vocabulary.sol";
import {Calendars} from "./Calendars.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice The procedure of both profiles, each limit to the second, each refusal by its name.
contract RegistrationDeskTest is DeskFixture {
    /* FROM SUBMISSION TO CERTIFICATE */

    /// @notice A first registration goes through acceptance, review and publicity, gets its code and its certificate.
    function testFuzz_FirstRegistration(bytes32 seed, bool open) external {
        Profile profile = open ? Profile.PUBLIC : Profile.PROPERTY;
        ProductId product = _submit(seed, profile);
        vm.assertTrue(_stateOf(product) == ProductState.PENDING);
        _assertStage(product, 0, Stage.SUBMITTED);
        cases.accept(product, 0);
        _assertStage(product, 0, Stage.ACCEPTED);
        cases.publicise(product, 0);
        vm.warp(_publicityEnd(profile, block.timestamp));
        uint40 until = _years(open ? 3 : 5);
        cases.register(product, 0, _entry(until));

        _assertStage(product, 0, Stage.REGISTERED);
        vm.assertTrue(_stateOf(product) == ProductState.REGISTERED);
        vm.assertEq(products.productRecord(product).until, until);
        vm.assertEq(products.productRecord(product).since, block.timestamp);
        bytes15 code = certificates.codeOf(product);
        vm.assertTrue(certificates.productOf(code) == product);
        // Five working days end in January, ten in February.
        vm.assertEq(bytes32(code), open ? bytes32("GG0012027020001") : bytes32("SJ0012027010001"));
        vm.assertEq(certificates.certify(product, keccak256("document")), 1);
        vm.assertEq(certificates.certify(product, keccak256("newer")), 2);
        Certificate memory second = certificates.certificate(product, 2);
        vm.assertTrue(second.digest == bytes24(keccak256("newer")) && second.issuedAt == block.timestamp);
        vm.assertEq(second.version, 1);
    }

    /// @notice A draft claims its content and waits; submitted, it is an application like others; withdrawn, nothing.
    function test_Drafts() external {
        vm.startPrank(HOLDER);
        ProductId product = cases.draft(_application("draft", Profile.PUBLIC));
        vm.assertTrue(_stateOf(product) == ProductState.DRAFT);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.EvidenceMissing.selector, Act.SUBMIT));
        cases.submitDraft(product, 0);
        cases.submitDraft(product, EVIDENCE);
        vm.assertTrue(_stateOf(product) == ProductState.PENDING);
        _assertStage(product, 0, Stage.SUBMITTED);
        ProductId other_ = cases.draft(_application("other", Profile.PROPERTY));
        cases.withdraw(other_, 0);
        vm.stopPrank();
        vm.assertTrue(_stateOf(other_) == ProductState.DECLINED);
        _expectForbidden(other_, CaseKind.INITIAL, Stage.WITHDRAWN, Actor.ANYONE | Actor.APPLICANT, Act.SUBMIT);
        vm.prank(HOLDER);
        cases.submitDraft(other_, EVIDENCE);
    }

    /* TIME LIMITS */

    /// @notice Silence accepts a case under PROPERTY when the next working day after the three begins, to the second.
    function testFuzz_SilenceAccepts(uint32 after_) external {
        vm.warp(GENESIS + after_ % (400 days));
        ProductId product = _submit("silent", Profile.PROPERTY);
        uint256 end = Calendars.deadline(block.timestamp, 3);
        uint256 deemed = Calendars.nextWorkingDay(end);
        vm.warp(deemed - 1);
        _assertStage(product, 0, Stage.SUBMITTED);
        vm.warp(deemed + after_ % 3 days);
        (Stage stage, uint40 since) = cases.stageOf(product, 0);
        vm.assertTrue(stage == Stage.ACCEPTED);
        vm.assertEq(since, deemed);
        _expectForbidden(product, CaseKind.INITIAL, Stage.ACCEPTED, Actor.ANYONE | Actor.REGISTRAR, Act.NOT_ACCEPT);
        cases.notAccept(product, 0, "late");
        cases.publicise(product, 0);
        _assertStage(product, 0, Stage.PUBLICISED);
    }

    /// @notice Under PROPERTY a case can be turned away until the third working day is over, and not a second later.
    function testFuzz_TurningAwayEnds(uint32 after_) external {
        vm.warp(GENESIS + after_ % (400 days));
        ProductId product = _submit("late", Profile.PROPERTY);
        uint256 end = Calendars.deadline(block.timestamp, 3);
        vm.warp(end - 1);
        uint256 before = vm.snapshotState();
        cases.returnForCorrection(product, 0, 10, "list");
        vm.revertToState(before);
        vm.warp(end);
        if (Calendars.nextWorkingDay(end) != end) {
            vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.DeadlinePassed.selector, product, Act.RETURN, end));
            cases.returnForCorrection(product, 0, 10, "list");
            vm.expectRevert(
                abi.encodeWithSelector(IRegistrationDesk.DeadlinePassed.selector, product, Act.NOT_ACCEPT, end)
            );
            cases.notAccept(product, 0, "reasons");
            cases.accept(product, 0);
        } else {
            _expectForbidden(product, CaseKind.INITIAL, Stage.ACCEPTED, Actor.ANYONE | Actor.REGISTRAR, Act.RETURN);
            cases.returnForCorrection(product, 0, 10, "list");
        }
    }

    /// @notice Under PUBLIC silence accepts nothing: the registrar is overdue, and what it does stands.
    function testFuzz_PublicWaits(uint32 later) external {
        ProductId product = _submit("public", Profile.PUBLIC);
        uint256 end = Calendars.deadline(block.timestamp, 3);
        vm.warp(end + later % 300 days);
        _assertStage(product, 0, Stage.SUBMITTED);
        cases.returnForCorrection(product, 0, 1, "list");
        vm.prank(HOLDER);
        cases.resubmit(product, 0, 0, "corrected");
        _assertStage(product, 0, Stage.SUBMITTED);
    }

    /// @notice What is not handed in in time counts as never filed, from the second at which the limit ends.
    function testFuzz_Lapses(uint8 dueDays, bool supplement) external {
        dueDays = uint8(bound(dueDays, 1, 30));
        ProductId product = supplement ? _accepted("lapse", Profile.PROPERTY) : _submit("lapse", Profile.PROPERTY);
        if (supplement) cases.ask(product, 0, dueDays, "list");
        else cases.returnForCorrection(product, 0, dueDays, "list");
        uint256 end = Calendars.deadline(block.timestamp, dueDays);
        vm.warp(end - 1);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.TooEarly.selector, product, end));
        cases.lapse(product, 0);
        uint256 before = vm.snapshotState();
        vm.prank(HOLDER);
        if (supplement) cases.supplement(product, 0, 0, "more");
        else cases.resubmit(product, 0, 0, "corrected");
        _assertStage(product, 0, supplement ? Stage.ACCEPTED : Stage.SUBMITTED);
        vm.revertToState(before);

        vm.warp(end);
        (Stage stage, uint40 since) = cases.stageOf(product, 0);
        vm.assertTrue(stage == Stage.LAPSED && since == end);
        Act act = supplement ? Act.SUPPLEMENT : Act.RESUBMIT;
        _expectForbidden(product, CaseKind.INITIAL, Stage.LAPSED, Actor.ANYONE | Actor.APPLICANT, act);
        vm.prank(HOLDER);
        if (supplement) cases.supplement(product, 0, 0, "more");
        else cases.resubmit(product, 0, 0, "corrected");
        vm.prank(address(0xdead));
        cases.lapse(product, 0);
        vm.assertTrue(_stateOf(product) == ProductState.DECLINED);
    }

    /// @notice Publicity lasts its working days to the second: before their end objections, after it registration.
    function testFuzz_PublicityEnds(uint32 after_, bool open) external {
        Profile profile = open ? Profile.PUBLIC : Profile.PROPERTY;
        vm.warp(GENESIS + after_ % (400 days));
        ProductId product = _publicised("shown", profile);
        uint256 end = _publicityEnd(profile, block.timestamp);
        vm.warp(end - 1);
        uint40 until = _years(1);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.TooEarly.selector, product, end));
        cases.register(product, 0, _entry(until));
        uint256 before = vm.snapshotState();
        vm.prank(OTHER);
        cases.object(product, EVIDENCE);
        vm.revertToState(before);
        vm.warp(end);
        vm.prank(OTHER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.DeadlinePassed.selector, product, Act.OBJECT, end));
        cases.object(product, EVIDENCE);
        cases.register(product, 0, _entry(until));
    }

    /// @notice The review is overdue from the end of its working days on, those of waiting for material left out.
    function testFuzz_ReviewOverdue(uint8 waited, bool open, uint8 extension) external {
        Profile profile = open ? Profile.PUBLIC : Profile.PROPERTY;
        ProductId product = _accepted("review", profile);
        uint256 limit = open ? 20 : 10;
        if (!open) {
            extension = uint8(bound(extension, 1, 10));
            cases.extend(product, 0, extension, "reasons");
            limit += extension;
            vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.AlreadyExtended.selector, product, 0, extension));
            cases.extend(product, 0, 1, "again");
        }
        // Three days of review, then the wait.
        uint256 asked = Calendars.deadline(block.timestamp, 3) - 1;
        vm.warp(asked);
        cases.ask(product, 0, 30, "list");
        vm.assertEq(cases.caseRecord(product, 0).spentDays, 3);
        vm.warp(Calendars.deadline(asked, bound(waited, 1, 29)) + 1);
        vm.prank(HOLDER);
        cases.supplement(product, 0, 0, "more");
        uint256 end = Calendars.deadline(block.timestamp, limit - 3);
        _assertOverdue(product, end - 1, false);
        _assertOverdue(product, end, true);
    }

    /// @notice A pause of the ledger stops the clocks: what would have lapsed does not.
    function test_PauseStopsClocks() external {
        uint256 start = block.timestamp;
        bytes memory call = abi.encodeCall(IPartyRegistry.pauseWrites, (uint40(start + 9 days)));
        authority.schedule(address(parties), call, 0);
        vm.warp(start + 5 days);
        ProductId product = _submit("paused", Profile.PROPERTY);
        cases.returnForCorrection(product, 0, 2, "list");
        uint40 before = calendar.deadline(uint40(block.timestamp), 2);
        authority.execute(address(parties), call);
        uint40 after_ = calendar.deadline(uint40(block.timestamp), 2);
        vm.assertTrue(after_ > before);
        vm.warp(after_ - 1);
        vm.prank(HOLDER);
        cases.resubmit(product, 0, 0, "corrected");
    }

    /* OBJECTIONS */

    /// @notice Each objection must be decided before registration; rejected ones let it go on.
    function testFuzz_ObjectionsBlock(uint8 count) external {
        count = uint8(bound(count, 1, 6));
        ProductId product = _publicised("contested", Profile.PROPERTY);
        uint256 end = _publicityEnd(Profile.PROPERTY, block.timestamp);
        for (uint256 i = 0; i < count; ++i) {
            vm.assertEq(_objectAs(_objector(i), product), i);
        }
        vm.warp(end);
        uint40 until = _years(1);
        for (uint256 i = 0; i < count; ++i) {
            _expectForbidden(product, CaseKind.INITIAL, Stage.OBJECTED, Actor.ANYONE | Actor.REGISTRAR, Act.REGISTER);
            cases.register(product, 0, _entry(until));
            cases.decide(product, i, Outcome.REJECTED, "reasons");
        }
        cases.register(product, 0, _entry(until));
        (uint256 total, uint256 live) = cases.objectionCount(product);
        vm.assertTrue(total == count && live == 0);
        vm.assertEq(cases.objections(product, 0, 10)[count - 1].reason, uint8(Outcome.REJECTED));
    }

    /// @notice One objection upheld ends the case, however many are open; in publicity there is no other outcome.
    function test_UpheldEndsTheCase() external {
        ProductId product = _publicised("contested", Profile.PUBLIC);
        _objectAs(OTHER, product);
        _objectAs(BUYER, product);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.OutcomeMissing.selector, product, 1));
        cases.decide(product, 1, Outcome.OPEN, "reasons");
        _expectForbidden(product, CaseKind.INITIAL, Stage.OBJECTED, Actor.ANYONE | Actor.REGISTRAR, Act.SETTLE);
        cases.decide(product, 1, Outcome.SETTLED, "reasons");
        cases.decide(product, 1, Outcome.UPHELD, "reasons");
        _assertStage(product, 0, Stage.TERMINATED);
        vm.assertTrue(_stateOf(product) == ProductState.DECLINED);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ObjectionUnknown.selector, product, 1));
        cases.decide(product, 1, Outcome.REJECTED, "reasons");
    }

    /// @notice After registration anybody may object, and any outcome leaves the record as it is.
    function testFuzz_ObjectionsAfterRegistration(uint8 outcome) external {
        ProductId product = _registered("settled", Profile.PROPERTY);
        parties.suspend(other, Reason.RISK, "evidence");
        vm.prank(OTHER);
        cases.object(product, EVIDENCE);
        vm.assertEq(cases.objections(product, 0, 1)[0].kind, 1);
        cases.decide(product, 0, Outcome(bound(outcome, 1, 4)), "reasons");
        vm.assertTrue(_stateOf(product) == ProductState.REGISTERED);
        vm.assertEq(cases.caseRecord(product, 0).objections, 0);
    }

    /// @notice An objection costs the next party what it cost the first, however many were made.
    function test_ObjectionsStayCheap() external {
        ProductId product = _publicised("flooded", Profile.PROPERTY);
        _objectAs(OTHER, product);
        uint256 second;
        uint256 last;
        for (uint256 i = 0; i < 200; ++i) {
            address key = _objector(i);
            vm.prank(key);
            uint256 left = gasleft();
            cases.object(product, EVIDENCE);
            last = left - gasleft();
            if (i == 0) second = last;
        }
        vm.assertLe(last, second + 500);
        uint256 spent = gasleft();
        cases.decide(product, 100, Outcome.UPHELD, "reasons");
        vm.assertLe(spent - gasleft(), 150_000);
    }

    /* RIGHTS */

    /// @notice Each holder named must agree before registration, and only those asked can.
    function test_HoldersConcur() external {
        Application memory application = _application("joint", Profile.PROPERTY);
        application.shares = new Share[](2);
        application.shares[0] = Share({party: holder, rights: Rights.HOLD | Rights.OPERATE});
        application.shares[1] = Share({party: buyer, rights: Rights.HOLD | Rights.USE});
        ProductId product = _apply(application);
        cases.accept(product, 0);
        cases.waive(product, 0, "cause");
        uint40 until = _years(1);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ConsentMissing.selector, product, buyer));
        cases.register(product, 0, _entry(until));
        _expectForbidden(product, CaseKind.INITIAL, Stage.ACCEPTED, Actor.ANYONE, Act.CONCUR);
        vm.prank(OTHER);
        cases.concur(product, 0, 1);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ConsentNotAwaited.selector, product, holder));
        cases.concur(product, 0, 0);
        vm.prank(BUYER);
        cases.concur(product, 0, 1);
        cases.register(product, 0, _entry(until));
        vm.assertEq(products.rightsOf(product, buyer), Rights.HOLD | Rights.USE);
    }

    /// @notice Fused data needs nobody's consent where nobody operates it or the rights were agreed, else everybody's.
    function testFuzz_FusedData(bool operate, bool agreed, bool named) external {
        Application memory application = _application("fused", Profile.PROPERTY);
        uint8 rights = operate ? Rights.ALL : Rights.HOLD | Rights.USE;
        _sourced(application, Source.FUSED, agreed ? ParticularFlags.AGREED_RIGHTS : 0, rights);
        if (named) {
            application.shares = new Share[](2);
            application.shares[0] = Share({party: holder, rights: rights});
            application.shares[1] = Share({party: buyer, rights: Rights.HOLD | Rights.USE});
        }
        vm.prank(HOLDER);
        if (operate && !agreed && !named) {
            vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsBeyondSource.selector, Source.FUSED, rights));
            cases.submit(application);
            return;
        }
        ProductId product = cases.submit(application);
        vm.assertEq(cases.caseRecord(product, 0).awaited, operate && !agreed ? 2 : 0);
    }

    /// @notice Derived data rests on sources in which the applicant holds USE, which are registered and valid.
    function test_DerivedData() external {
        ProductId source = _register("source");
        Application memory application = _application("derived", Profile.PROPERTY);
        _sourced(application, Source.DERIVED, 0, Rights.ALL);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.OriginsMissing.selector, holder));
        cases.submit(application);
        application.origins = new Origin[](1);
        application.origins[0].product = source;
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, source, buyer, 0, Rights.USE));
        cases.submit(application);
        uint256 before = vm.snapshotState();
        _apply(application);
        vm.revertToState(before);
        vm.prank(HOLDER);
        products.retire(source);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.OriginUnfit.selector, source, ProductState.RETIRED));
        cases.submit(application);
        application.origins = new Origin[](17);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.OriginsTooMany.selector, 17, 16));
        cases.submit(application);
    }

    /// @notice Data from the operation of public data names its grant of operation.
    function test_OperatedData() external {
        Application memory application = _application("operated", Profile.PROPERTY);
        _sourced(application, Source.DERIVED, ParticularFlags.OPERATED, Rights.ALL);
        application.origins = new Origin[](1);
        application.origins[0].product = _register("source");
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.OperationMissing.selector, holder));
        cases.submit(application);
    }

    /// @notice More holders than sixteen are refused.
    function test_RefusesManyShares() external {
        Application memory application = _application("many", Profile.PROPERTY);
        application.shares = new Share[](17);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.SharesTooMany.selector, 17, 16));
        cases.submit(application);
    }

    /* LATER CASES */

    /// @notice A change enters exactly what was filed, as a new version; nothing else.
    function testFuzz_Change(bytes32 root, bytes32 metadata) external {
        vm.assume(root != 0);
        ProductId product = _registered("changed", Profile.PROPERTY);
        uint16 index = _file(product, CaseKind.CHANGE, keccak256(abi.encode(root, metadata)));
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.CaseOpen.selector, product, index));
        cases.file(product, _filing(CaseKind.CANCELLATION, 0));
        cases.accept(product, index);
        Entry memory entry = _entry(0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRegistrationDesk.PendingMismatch.selector, product, keccak256(abi.encode(root, metadata)), bytes32(0)
            )
        );
        cases.register(product, index, entry);
        (entry.contentRoot, entry.metadataHash) = (root, metadata);
        cases.register(product, index, entry);
        vm.assertEq(products.productRecord(product).latest, 2);
        vm.assertEq(certificates.codeRecord(product).amendedAt, block.timestamp);
    }

    /// @notice An application corrected before registration is registered with what it was corrected to.
    function test_CorrectedApplication() external {
        ProductId product = _submit("corrected", Profile.PROPERTY);
        cases.returnForCorrection(product, 0, 10, "list");
        vm.prank(HOLDER);
        cases.resubmit(product, 0, keccak256(abi.encode(bytes32("root"), bytes32("metadata"))), "corrected");
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.AlreadyReturned.selector, product, 0));
        cases.returnForCorrection(product, 0, 10, "list");
        cases.accept(product, 0);
        cases.waive(product, 0, "cause");
        Entry memory entry = _entry(_years(1));
        (entry.contentRoot, entry.metadataHash) = ("root", "metadata");
        cases.register(product, 0, entry);
        vm.assertEq(products.productRecord(product).latest, 2);
    }

    /// @notice A transfer needs the receiver's consent and leaves the transferor none of what moved.
    function testFuzz_Transfer(uint8 rights) external {
        rights = uint8(bound(rights, 1, 7));
        ProductId product = _registered("moved", Profile.PROPERTY);
        uint16 index = _file(product, CaseKind.TRANSFER, _transfer(buyer, rights));
        cases.accept(product, index);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ConsentMissing.selector, product, buyer));
        cases.register(product, index, _entry(0));
        vm.prank(BUYER);
        cases.concur(product, index, 0);
        cases.register(product, index, _entry(0));
        vm.assertEq(products.rightsOf(product, holder), Rights.ALL & ~rights);
        vm.assertEq(products.rightsOf(product, buyer), rights);
    }

    /// @notice A transfer moves rights that the transferor holds, to another party that is active.
    function test_RefusesMisfitTransfers() external {
        ProductId product = _registered("moved", Profile.PROPERTY);
        bytes32 pending = _transfer(buyer, 8);
        vm.startPrank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, product, holder, 7, 8));
        cases.file(product, _filing(CaseKind.TRANSFER, pending));
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.TransferToSelf.selector, product, holder));
        cases.file(product, _filing(CaseKind.TRANSFER, _transfer(holder, 1)));
        pending = bytes32(uint256(1) << 200);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistrationDesk.PendingInvalid.selector, product, CaseKind.TRANSFER, pending)
        );
        cases.file(product, _filing(CaseKind.TRANSFER, pending));
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.RegistrarOwnData.selector, founding));
        cases.file(product, _filing(CaseKind.TRANSFER, _transfer(founding, 1)));
        vm.stopPrank();
        parties.suspend(buyer, Reason.RISK, "evidence");
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, buyer, Standing.SUSPENDED));
        cases.file(product, _filing(CaseKind.TRANSFER, _transfer(buyer, 1)));
    }

    /// @notice A renewal is filed in its window to the second, may be decided after the end, and runs on from it.
    function testFuzz_Renewal(bool open, bool late) external {
        Profile profile = open ? Profile.PUBLIC : Profile.PROPERTY;
        ProductId product = _registered("renewed", profile);
        uint40 end = products.productRecord(product).until;
        uint24 day = CivilDate.dayOf(end);
        uint40 from = CivilDate.startOf(open ? day - 60 : CivilDate.subtractMonths(day, 6));
        bytes memory outside = abi.encodeWithSelector(IRegistrationDesk.OutsideWindow.selector, product, from, end);
        vm.warp(from - 1);
        vm.prank(HOLDER);
        vm.expectRevert(outside);
        cases.file(product, _filing(CaseKind.RENEWAL, 0));
        vm.warp(end);
        vm.prank(HOLDER);
        vm.expectRevert(
            abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, product, ProductState.REGISTERED)
        );
        cases.file(product, _filing(CaseKind.RENEWAL, 0));

        vm.warp(late ? end - 1 : from);
        uint16 index = _file(product, CaseKind.RENEWAL, 0);
        cases.accept(product, index);
        if (late) vm.warp(end + 3 days);
        uint40 longest = CivilDate.startOf(CivilDate.addMonths(day, open ? 36 : 60));
        uint40 least = late ? end + 3 days : end;
        bytes memory outOfRange = abi.encodeWithSelector(
            IRegistrationDesk.ValidityOutOfRange.selector, product, longest + 1 days, least, longest
        );
        vm.expectRevert(outOfRange);
        cases.register(product, index, _entry(longest + 1 days));
        cases.register(product, index, _entry(longest));
        vm.assertEq(products.productRecord(product).until, longest);
    }

    /// @notice A validity ends at a midnight of UTC+8, after now and within the years of the profile.
    function testFuzz_Validity(bool open, uint40 given) external {
        Profile profile = open ? Profile.PUBLIC : Profile.PROPERTY;
        ProductId product = _publicised("valid", profile);
        vm.warp(_publicityEnd(profile, block.timestamp));
        uint40 longest = _years(open ? 3 : 5);
        given = uint40(bound(given, block.timestamp - 1 days, longest + 3 days));
        bool midnight = (uint256(given) + 8 hours) % 1 days == 0;
        if (!midnight || given <= block.timestamp || given > longest) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IRegistrationDesk.ValidityOutOfRange.selector, product, given, block.timestamp, longest
                )
            );
        }
        cases.register(product, 0, _entry(given));
    }

    /// @notice The holder has the registration cancelled; no further case follows.
    function test_Cancellation() external {
        ProductId product = _registered("cancelled", Profile.PROPERTY);
        uint16 index = _file(product, CaseKind.CANCELLATION, 0);
        cases.accept(product, index);
        cases.register(product, index, _entry(0));
        vm.assertTrue(_stateOf(product) == ProductState.CANCELLED);
        vm.prank(HOLDER);
        vm.expectRevert(
            abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, product, ProductState.CANCELLED)
        );
        cases.file(product, _filing(CaseKind.CHANGE, "pending"));
    }

    /// @notice A seizure stands in the way of transfer and cancellation, when it is filed and when it is decided.
    function test_EncumberedProducts() external {
        ProductId product = _registered("seized", Profile.PROPERTY);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, Role.COURT)));
        uint16 index = _file(product, CaseKind.CANCELLATION, 0);
        cases.accept(product, index);
        vm.prank(OTHER);
        products.annotate(product, AnnotationKind.SEIZURE, Reason.DISPUTE, EVIDENCE);
        bytes memory encumbered = abi.encodeWithSelector(IProductRegistry.ProductEncumbered.selector, product, 1, 0, 0);
        vm.expectRevert(encumbered);
        cases.register(product, index, _entry(0));
        cases.refuse(product, index, "seized");
        vm.prank(HOLDER);
        vm.expectRevert(encumbered);
        cases.file(product, _filing(CaseKind.TRANSFER, _transfer(buyer, Rights.USE)));
        // An award is carried out all the same.
        cases.executeAward(product, holder, buyer, Rights.OPERATE, EVIDENCE);
        vm.assertEq(products.rightsOf(product, buyer), Rights.OPERATE);
    }

    /* OF OFFICE */

    /// @notice The registrar ends a registration; an open case ends with it. Undoing is for PUBLIC alone.
    function testFuzz_EndsOfOffice(bool open, bool undo) external {
        Profile profile = open ? Profile.PUBLIC : Profile.PROPERTY;
        ProductId product = _registered("ended", profile);
        uint16 index = _file(product, CaseKind.CHANGE, "pending");
        if (undo && !open) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IRegistrationDesk.TransitionForbidden.selector,
                    product,
                    Profile.PROPERTY,
                    CaseKind.INITIAL,
                    Stage.REGISTERED,
                    Actor.ANYONE | Actor.REGISTRAR,
                    Act.REVOKE
                )
            );
            cases.revoke(product, Reason.FALSEHOOD, EVIDENCE);
            return;
        }
        if (undo) cases.revoke(product, Reason.FALSEHOOD, EVIDENCE);
        else cases.cancel(product, Reason.DATA_LOST, EVIDENCE);
        vm.assertTrue(_stateOf(product) == (undo ? ProductState.REVOKED : ProductState.CANCELLED));
        _assertStage(product, index, Stage.TERMINATED);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, product, _stateOf(product)));
        certificates.certify(product, "document");
    }

    /* WHO MAY CALL */

    /// @notice What a registrar does is for the case's own registrar, while it is one and not suspended.
    function test_OtherRegistrarsAreRefused() external {
        _admitRegistrar(other, "441");
        ProductId product = _submit("mine", Profile.PROPERTY);
        bytes memory notYours =
            abi.encodeWithSelector(IRegistrationDesk.NotRegistrar.selector, product, other, REGISTRAR);
        bytes[14] memory calls = _registrarCalls(product);
        for (uint256 i = 0; i < 9; ++i) {
            vm.prank(OTHER);
            (bool done, bytes memory answer) = address(cases).call(calls[i]);
            vm.assertFalse(done);
            vm.assertEq(answer, notYours);
        }
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (founding, Role.REGULATOR)));
        ProductId late = product;
        vm.expectRevert(
            abi.encodeWithSelector(IPartyRegistry.RoleMissing.selector, founding, Role.REGULATOR, Role.REGISTRAR)
        );
        cases.publicise(late, 0);
    }

    /// @notice A registrar takes neither its own data nor that in which it would hold rights; nobody applies to none.
    function test_OwnDataIsRefused() external {
        bytes memory own = abi.encodeWithSelector(IRegistrationDesk.RegistrarOwnData.selector, founding);
        vm.expectRevert(own);
        cases.submit(_application("own", Profile.PROPERTY));
        Application memory application = _application("shared", Profile.PROPERTY);
        application.shares = new Share[](1);
        application.shares[0] = Share({party: founding, rights: Rights.ALL});
        vm.startPrank(HOLDER);
        vm.expectRevert(own);
        cases.submit(application);
        application = _application("nowhere", Profile.PROPERTY);
        application.registrar = 7;
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.RegistrarUnknown.selector, 7));
        cases.submit(application);
        vm.stopPrank();
    }

    /// @notice Later cases stay with the registrar of the product until it is delisted, then they go to another.
    function test_RegistrarsFollowEachOther() external {
        _admitRegistrar(other, "441");
        ProductId product = _registered("followed", Profile.PROPERTY);
        Filing memory filing = _filing(CaseKind.CANCELLATION, 0);
        filing.registrar = 2;
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.RegistrarStays.selector, product, REGISTRAR));
        cases.file(product, filing);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (founding, Role.REGULATOR)));
        vm.prank(HOLDER);
        uint16 index = cases.file(product, filing);
        vm.startPrank(OTHER);
        cases.accept(product, index);
        cases.register(product, index, _entry(0));
        vm.stopPrank();
        vm.assertEq(products.productRecord(product).registrar, 2);
    }

    /// @notice Suspended applicants and registrars, and everybody in a pause, are stopped; objecting never is.
    function test_SuspensionAndPause() external {
        ProductId product = _publicised("stopped", Profile.PROPERTY);
        parties.suspend(holder, Reason.RISK, "evidence");
        vm.startPrank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, holder, Standing.SUSPENDED));
        cases.withdraw(product, 0);
        cases.object(product, EVIDENCE);
        vm.stopPrank();
        bytes memory call = abi.encodeCall(IPartyRegistry.pauseWrites, (uint40(block.timestamp + 6 days)));
        _administer(address(parties), call);
        vm.expectPartialRevert(IPartyRegistry.WritesArePaused.selector);
        cases.decide(product, 0, Outcome.REJECTED, "reasons");
    }

    /// @notice Keys of no party can do nothing here.
    function testFuzz_StrangersAreRefused(address caller) external {
        vm.assume(parties.partyOf(caller).isNone());
        ProductId product = _submit("strange", Profile.PROPERTY);
        bytes memory unknown = abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, caller);
        bytes[14] memory calls = _registrarCalls(product);
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(caller);
            (bool done, bytes memory answer) = address(cases).call(calls[i]);
            vm.assertFalse(done);
            vm.assertEq(answer, unknown);
        }
    }

    /// @notice Codes and amendments are the desk's, certificates those of the product's registrar.
    function testFuzz_CertificatesAreGuarded(address caller) external {
        vm.assume(caller != desk);
        ProductId product = _registered("guarded", Profile.PROPERTY);
        vm.startPrank(caller);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.DeskOnly.selector, caller));
        certificates.enter(product, 1, Profile.PROPERTY);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.DeskOnly.selector, caller));
        certificates.amend(product);
        vm.stopPrank();
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.NotRegistrar.selector, product, buyer, REGISTRAR));
        certificates.certify(product, "document");
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.DigestMissing.selector, product));
        certificates.certify(product, 0);
    }

    /* CODES */

    /// @notice Codes count up for each registrar, month and profile by itself, and no two are the same.
    function testFuzz_Codes(uint8 count) external {
        count = uint8(bound(count, 1, 8));
        for (uint256 i = 1; i <= count; ++i) {
            ProductId product = _waived(keccak256(abi.encode(i)));
            uint24 month = CivilDate.yearMonth(CivilDate.dayOf(uint40(block.timestamp)));
            vm.assertEq(certificates.serialOf(REGISTRAR, month, Profile.PROPERTY), i);
            vm.assertEq(certificates.serialOf(REGISTRAR, month, Profile.PUBLIC), 0);
            vm.assertTrue(certificates.productOf(certificates.codeOf(product)) == product);
        }
        vm.warp(block.timestamp + 31 days);
        uint24 next = CivilDate.yearMonth(CivilDate.dayOf(uint40(block.timestamp)));
        _waived("next month");
        vm.assertEq(certificates.serialOf(REGISTRAR, next, Profile.PROPERTY), 1);
    }

    /// @notice The ten-thousandth code of a month is refused, and leaves those of the other profile alone.
    function test_CodesEnd() external {
        bytes32 slot = keccak256(abi.encode(uint256(202_701), keccak256(abi.encode(uint256(REGISTRAR), uint256(1)))));
        vm.store(address(certificates), slot, bytes32(uint256(9998)));
        ProductId product = _waived("last");
        vm.assertEq(bytes32(certificates.codeOf(product)), bytes32("SJ0012027019999"));
        product = _accepted("none", Profile.PROPERTY);
        cases.waive(product, 0, "cause");
        uint40 until = _years(1);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CodesExhausted.selector, REGISTRAR, 202_701));
        cases.register(product, 0, _entry(until));
        vm.assertEq(certificates.serialOf(REGISTRAR, 202_701, Profile.PUBLIC), 0);
    }

    /* INTERNAL */

    function _waived(bytes32 seed) private returns (ProductId product) {
        product = _accepted(seed, Profile.PROPERTY);
        cases.waive(product, 0, "cause");
        cases.register(product, 0, _entry(_years(1)));
    }

    function _registrarCalls(ProductId product) private view returns (bytes[14] memory calls) {
        calls[0] = abi.encodeCall(cases.accept, (product, 0));
        calls[1] = abi.encodeCall(cases.returnForCorrection, (product, 0, 10, "list"));
        calls[2] = abi.encodeCall(cases.notAccept, (product, 0, "reasons"));
        calls[3] = abi.encodeCall(cases.extend, (product, 0, 5, "reasons"));
        calls[4] = abi.encodeCall(cases.ask, (product, 0, 10, "list"));
        calls[5] = abi.encodeCall(cases.publicise, (product, 0));
        calls[6] = abi.encodeCall(cases.waive, (product, 0, "cause"));
        calls[7] = abi.encodeCall(cases.refuse, (product, 0, "reasons"));
        calls[8] = abi.encodeCall(cases.register, (product, 0, _entry(_years(1))));
        calls[9] = abi.encodeCall(cases.submit, (_application("other", Profile.PROPERTY)));
        calls[10] = abi.encodeCall(cases.draft, (_application("other", Profile.PROPERTY)));
        calls[11] = abi.encodeCall(cases.withdraw, (product, 0));
        calls[12] = abi.encodeCall(cases.concur, (product, 0, 0));
        calls[13] = abi.encodeCall(cases.object, (product, EVIDENCE));
    }

    function _assertStage(ProductId product, uint16 index, Stage expected) private view {
        (Stage stage,) = cases.stageOf(product, index);
        vm.assertEq(uint8(stage), uint8(expected));
    }

    function _assertOverdue(ProductId product, uint256 time, bool overdue) private {
        uint256 before = vm.snapshotState();
        vm.warp(time);
        vm.recordLogs();
        cases.refuse(product, 0, "reasons");
        (,, bool told,,) = abi.decode(vm.getRecordedLogs()[0].data, (uint16, Act, bool, bytes32, uint256));
        vm.assertTrue(told == overdue);
        vm.revertToState(before);
    }

    function _expectForbidden(ProductId product, CaseKind kind, Stage stage, uint8 actors, Act act) private {
        Case memory c = cases.caseRecord(product, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRegistrationDesk.TransitionForbidden.selector, product, c.profile, kind, stage, actors, act
            )
        );
    }
}
// forge-lint: disable-end(unsafe-typecast)
