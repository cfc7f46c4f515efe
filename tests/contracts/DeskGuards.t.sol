// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Share} from "../../contracts/interfaces/IProductRegistry.sol";
import {Application, Entry, Filing, IRegistrationDesk, Origin} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {CivilDate} from "../../contracts/libraries/CivilDate.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {Outcome} from "../../contracts/types/Case.sol";
import {Basis, Derivation} from "../../contracts/types/Derivation.sol";
import {CaseKind} from "../../contracts/types/Flow.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ParticularFlags, ProductState, Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Verdict} from "../../contracts/types/Verdict.sol";
import {Action, AnnotationKind, Mode, Reason, Rights, Source, Template} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {Fixture} from "./Fixture.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice What a dishonest applicant, co-holder, registrar or bystander would try at the desk.
contract DeskGuardsTest is AgreementFixture, DeskFixture {
    using Drafts for Draft;
    using KeyConsents for Wanted;

    uint256 private constant CLERK_KEY = 0xc1e7;
    uint8 private constant APPLICANT = 1;
    uint8 private constant PARTNER = 2;
    uint8 private constant OFFICE = 4;
    uint8 private constant EVERYBODY = 15;

    /// @dev A call of the desk, who of the five may make it, and the scope that an agent needs for it.
    struct Row {
        bytes call;
        uint8 who;
        uint16 scope;
    }

    function setUp() public override(AgreementFixture, Fixture) {
        super.setUp();
    }

    /* CONSENT */

    /// @notice Who agreed to one content has not agreed to another: after a correction it is asked once more.
    function test_OtherContentNeedsConsentAgain() external {
        ProductId made = _joint("joint");
        vm.prank(BUYER);
        cases.concur(made, 0, 1);
        vm.assertEq(cases.caseRecord(made, 0).awaited, 0);
        cases.returnForCorrection(made, 0, 10, "list");
        bytes32 pending = keccak256(abi.encode(bytes32("root"), bytes32("metadata")));
        vm.prank(HOLDER);
        cases.resubmit(made, 0, pending, "other");
        vm.assertEq(cases.caseRecord(made, 0).awaited, 2);
        cases.accept(made, 0);
        cases.waive(made, 0, "cause");
        vm.prank(BUYER);
        cases.concur(made, 0, 1);
        cases.ask(made, 0, 10, "list");
        vm.prank(HOLDER);
        cases.supplement(made, 0, bytes32(0), "proof");
        vm.assertEq(cases.caseRecord(made, 0).awaited, 0);
        cases.ask(made, 0, 10, "list");
        vm.prank(HOLDER);
        cases.supplement(made, 0, keccak256("third"), "proof");
        uint40 until = _years(1);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ConsentMissing.selector, made, buyer));
        cases.register(made, 0, _entry(until));
    }

    /// @notice Fused data whose holders need nobody's consent needs none after a correction either.
    function test_FusedDataStaysFree() external {
        Application memory application = _shared("fused");
        _sourced(application, Source.FUSED, ParticularFlags.AGREED_RIGHTS, Rights.ALL);
        ProductId made = _apply(application);
        cases.returnForCorrection(made, 0, 10, "list");
        vm.prank(HOLDER);
        cases.resubmit(made, 0, keccak256("other"), "other");
        vm.assertEq(cases.caseRecord(made, 0).awaited, 0);
    }

    /// @notice Naming itself as the one holder gives nobody the right to operate what is fused from others' data.
    function test_FusedDataIsNobodysAlone() external {
        Application memory application = _application("alone", Profile.PROPERTY);
        _sourced(application, Source.FUSED, 0, Rights.ALL);
        application.shares = new Share[](1);
        application.shares[0] = Share({party: holder, rights: Rights.ALL});
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsBeyondSource.selector, Source.FUSED, Rights.ALL));
        cases.submit(application);
    }

    /* OFFICE */

    /// @notice A registrar awards nothing to itself, and decides no case of data in which it holds a right.
    function test_RegistrarsServeOthers() external {
        ProductId made = _registered("served", Profile.PROPERTY);
        bytes memory own = abi.encodeWithSelector(IRegistrationDesk.RegistrarOwnData.selector, founding);
        vm.expectRevert(own);
        cases.executeAward(made, holder, founding, Rights.OPERATE, EVIDENCE);

        // A holder becomes a registrar, the product's own is delisted: the other holder cannot choose that one.
        cases.executeAward(made, holder, other, Rights.USE, EVIDENCE);
        _admitRegistrar(other, "441");
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (founding, Role.REGULATOR)));
        Filing memory filing = _filing(CaseKind.CHANGE, "pending");
        filing.registrar = 2;
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.RegistrarOwnData.selector, other));
        cases.file(made, filing);
    }

    /// @notice No cancellation takes a seized product out of the court's reach; fraud is undone all the same.
    function test_SeizedProductsStay() external {
        ProductId made = _registered("seized", Profile.PUBLIC);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, Role.COURT)));
        vm.prank(OTHER);
        products.annotate(made, AnnotationKind.SEIZURE, Reason.DISPUTE, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductEncumbered.selector, made, 1, 0, 0));
        cases.cancel(made, Reason.DATA_LOST, EVIDENCE);
        cases.revoke(made, Reason.FALSEHOOD, EVIDENCE);
        vm.assertTrue(_stateOf(made) == ProductState.REVOKED);
    }

    /// @notice Who lost the data by an award cannot have its registration ended by a case filed before.
    function test_FormerHoldersDecideNothing() external {
        ProductId made = _registered("awarded", Profile.PROPERTY);
        uint16 index = _file(made, CaseKind.CANCELLATION, 0);
        cases.accept(made, index);
        cases.executeAward(made, holder, buyer, Rights.ALL, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, made, holder, 0, Rights.HOLD));
        cases.register(made, index, _entry(0));
    }

    /// @notice Objections after registration are for the registrar that has the product now, whoever registered it.
    function testFuzz_SuccessorsDecideObjections(uint8 outcome) external {
        _admitRegistrar(other, "441");
        ProductId made = _registered("followed", Profile.PROPERTY);
        uint256 index = _objectAs(BUYER, made);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (founding, Role.REGULATOR)));
        Filing memory filing = _filing(CaseKind.CHANGE, keccak256(abi.encode(bytes32("root"), bytes32("metadata"))));
        filing.registrar = 2;
        vm.prank(HOLDER);
        cases.file(made, filing);
        Entry memory entry = _entry(0);
        (entry.contentRoot, entry.metadataHash) = ("root", "metadata");
        vm.startPrank(OTHER);
        cases.accept(made, 1);
        cases.register(made, 1, entry);
        vm.stopPrank();
        // The former one is admitted again: the product is not its own for that.
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (founding, Role.REGISTRAR)));
        Outcome decided = Outcome(bound(outcome, 1, 4));
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.NotRegistrar.selector, made, founding, 2));
        cases.decide(made, index, decided, "reasons");
        vm.prank(OTHER);
        cases.decide(made, index, decided, "reasons");
        vm.assertEq(cases.objections(made, index, 1)[0].reason, uint8(decided));
    }

    /// @notice A flood of objections, of as many parties, ends at what a case can count, and each decided makes room for
    /// another.
    function test_ObjectionsAreBounded() external {
        ProductId made = _publicised("flooded", Profile.PROPERTY);
        // More than forge lets one test spend.
        vm.pauseGasMetering();
        for (uint256 i = 0; i < 4095; ++i) {
            _objectAs(_objector(i), made);
        }
        vm.resumeGasMetering();
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ObjectionsFull.selector, made, 4095));
        _objectAs(OTHER, made);
        cases.decide(made, 7, Outcome.REJECTED, "reasons");
        _objectAs(OTHER, made);
        vm.assertEq(cases.caseRecord(made, 0).objections, 4095);
    }

    /* OPERATION OF PUBLIC DATA */

    /// @notice The five years of an operation are counted from its start, where that is to come.
    function test_OperationIsCountedFromItsStart() external {
        Draft memory d = _operation(_basis());
        d.validFrom = uint40(block.timestamp + 100 days);
        uint24 day = CivilDate.dayOf(d.validFrom);
        uint40 limit = CivilDate.startOf(CivilDate.addMonths(day, 60)) + d.validFrom - CivilDate.startOf(day);
        d.validUntil = limit + 1;
        GrantId grant = d.idOf(address(grants));
        (bytes memory packed, Approval memory one, Approval memory two) =
            (d.pack(), _signed(0, grant), _signed(1, grant));
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.OperationTooLong.selector, limit + 1, limit));
        grants.agree(packed, one, two);
        d.validUntil = limit;
        _agree(d);
    }

    /// @notice An operation whose public data is no longer in force is none to register under, though its grant lives.
    function test_OperationRestsOnDataInForce() external {
        ProductId basis = _basis();
        vm.warp(block.timestamp + 2 days);
        uint40 until = products.headOf(basis).until();
        Draft memory d = _operation(basis);
        d.validUntil = until + 10 days;
        _agree(d);
        vm.warp(until);
        Application memory application = _application("operated", Profile.PROPERTY);
        _sourced(application, Source.GENERATED, ParticularFlags.OPERATED, Rights.ALL);
        application.operation = d.pack();
        vm.expectRevert(
            abi.encodeWithSelector(
                IRegistrationDesk.BasisUnfit.selector, basis, Profile.PUBLIC, ProductState.REGISTERED
            )
        );
        vm.prank(accounts[1]);
        cases.submit(application);
    }

    /// @notice What an operator registers ends with its grant of operation, and is renewed under another one alone.
    function test_OperationCapsValidity() external {
        ProductId basis = _basis();
        Draft memory d = _operation(basis);
        GrantId grant = _agree(d);
        Application memory application = _operated(basis, d.pack());
        vm.prank(accounts[1]);
        ProductId made = cases.submit(application);
        vm.assertEq(cases.docketOf(made).operationEnd, CivilDate.dayOf(d.validUntil));
        _declare(made, d);
        cases.accept(made, 0);
        cases.waive(made, 0, "cause");
        uint40 end = CivilDate.startOf(CivilDate.dayOf(d.validUntil));
        vm.assertTrue(end <= d.validUntil && grants.verdictOf(grant, 0) == Verdict.OK);
        _expectOutOfRange(made, end + 1 days, uint40(block.timestamp), end);
        cases.register(made, 0, _entry(end + 1 days));
        cases.register(made, 0, _entry(end));

        vm.warp(end - 30 days);
        vm.prank(accounts[1]);
        uint16 index = cases.file(made, _filing(CaseKind.RENEWAL, 0));
        cases.accept(made, index);
        _expectOutOfRange(made, end + 365 days, end, end);
        cases.register(made, index, _entry(end + 365 days));
        cases.refuse(made, index, "no grant");
        d.validUntil = end + 300 days;
        (d.validFrom, d.offerUntil, d.salt) = (uint40(block.timestamp), uint40(block.timestamp + 1 days), 8);
        _agree(d);
        Filing memory filing = _filing(CaseKind.RENEWAL, 0);
        filing.operation = d.pack();
        vm.prank(accounts[1]);
        index = cases.file(made, filing);
        cases.accept(made, index);
        cases.register(made, index, _entry(end + 300 days));
    }

    /// @notice A grant of operation that was revoked, and runs on for its notice, caps by that earlier end.
    function testFuzz_OperationInItsNoticeCapsByIt(uint8 notice) external {
        ProductId basis = _basis();
        Draft memory d = _operation(basis);
        d.noticeDays = uint8(bound(notice, 2, 63));
        GrantId grant = _agree(d);
        vm.prank(accounts[0]);
        grants.revoke(grant, Reason.BREACH);
        Application memory application = _operated(basis, d.pack());
        vm.prank(accounts[1]);
        ProductId made = cases.submit(application);
        _declare(made, d);
        cases.accept(made, 0);
        cases.waive(made, 0, "cause");
        uint40 end = CivilDate.startOf(CivilDate.dayOf(uint40(block.timestamp)) + d.noticeDays);
        _expectOutOfRange(made, end + 1 days, uint40(block.timestamp), end);
        cases.register(made, 0, _entry(end + 1 days));
        cases.register(made, 0, _entry(end));
    }

    /// @notice Nobody names another's grant of operation, an ended one, one it does not declare, or one in other cases.
    function test_OperationMustFit() external {
        ProductId basis = _basis();
        Draft memory d = _operation(basis);
        GrantId grant = _agree(d);
        Application memory application = _operated(basis, d.pack());
        application.origins[0].product = product;
        application.origins[0].clauses = "";
        vm.prank(HOLDER);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistrationDesk.OperationUnfit.selector, grant, members[1], Verdict.OK)
        );
        cases.submit(application);
        application = _application("undeclared", Profile.PROPERTY);
        application.operation = d.pack();
        vm.prank(accounts[1]);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistrationDesk.OperationUncalled.selector, members[1], CaseKind.INITIAL)
        );
        cases.submit(application);

        // A bystander would shorten another's validity by correcting its record.
        Filing memory filing = _filing(CaseKind.CORRECTION, "pending");
        filing.operation = d.pack();
        vm.prank(accounts[1]);
        vm.expectRevert(
            abi.encodeWithSelector(IRegistrationDesk.OperationUncalled.selector, members[1], CaseKind.CORRECTION)
        );
        cases.file(basis, filing);

        cases.revoke(basis, Reason.FALSEHOOD, EVIDENCE);
        application = _operated(basis, d.pack());
        vm.prank(accounts[1]);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.OriginUnfit.selector, basis, ProductState.REVOKED));
        cases.submit(application);
    }

    /// @notice An operator makes no further product of its own operated one.
    function test_RefusesRedevelopment() external {
        ProductId basis = _basis();
        Draft memory d = _operation(basis);
        _agree(d);
        vm.prank(accounts[1]);
        ProductId made = cases.submit(_operated(basis, d.pack()));
        _declare(made, d);
        cases.accept(made, 0);
        cases.waive(made, 0, "cause");
        cases.register(made, 0, _entry(CivilDate.startOf(CivilDate.dayOf(d.validUntil))));
        Application memory application = _application("again", Profile.PROPERTY);
        _sourced(application, Source.DERIVED, 0, Rights.ALL);
        application.origins = new Origin[](1);
        application.origins[0].product = made;
        vm.prank(accounts[1]);
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.RedevelopmentForbidden.selector, made));
        cases.submit(application);
    }

    /// @notice A grant lets its grantee derive from its product alone, as long as it stands and names the action.
    function test_OriginsByGrant() external {
        Draft memory d = _draft();
        d.salt = 8;
        bytes memory barren = d.pack();
        _issue(d);
        d.actions |= Action.DERIVE;
        GrantId grant = _issue(d);
        ProductId elsewhere = _register("elsewhere");
        _expectNotGranted(product, product, Verdict.ACTION_NOT_GRANTED);
        _derive(BUYER, product, barren);
        _expectNotGranted(elsewhere, product, Verdict.OK);
        _derive(BUYER, elsewhere, d.pack());
        _expectNotGranted(product, product, Verdict.USER_NOT_GRANTEE);
        _derive(OTHER, product, d.pack());
        uint256 before = vm.snapshotState();
        _derive(BUYER, product, d.pack());
        vm.revertToState(before);
        vm.prank(HOLDER);
        grants.revoke(grant, Reason.BREACH);
        _expectNotGranted(product, product, Verdict.GRANT_REVOKED);
        _derive(BUYER, product, d.pack());
    }

    /* WHO MAY DO WHAT */

    /// @notice At every stage each act is open to those that the table names and to nobody else.
    function test_OnlyWhoMayActs() external {
        _admitRegistrar(other, "441");
        ProductId made = _joint("matrix");
        _assertMatrix(_submitted(made));
        uint256 start = vm.snapshotState();
        cases.returnForCorrection(made, 0, 10, "list");
        _assertMatrix(_one(abi.encodeCall(cases.resubmit, (made, 0, bytes32(0), EVIDENCE)), APPLICANT, Scope.REGISTER));
        vm.revertToState(start);
        cases.accept(made, 0);
        _assertMatrix(_inReview(made));
        start = vm.snapshotState();
        cases.ask(made, 0, 10, "list");
        _assertMatrix(
            _one(abi.encodeCall(cases.supplement, (made, 0, bytes32(0), EVIDENCE)), APPLICANT, Scope.REGISTER)
        );
        vm.revertToState(start);
        cases.publicise(made, 0);
        _assertMatrix(_one(abi.encodeCall(cases.object, (made, EVIDENCE)), EVERYBODY, Scope.OBJECT));
        vm.prank(OTHER);
        cases.object(made, EVIDENCE);
        _assertMatrix(_one(abi.encodeCall(cases.decide, (made, 0, Outcome.REJECTED, "reasons")), OFFICE, Scope.DECIDE));
        cases.decide(made, 0, Outcome.REJECTED, "reasons");
        vm.prank(BUYER);
        cases.concur(made, 0, 1);
        vm.warp(_publicityEnd(Profile.PROPERTY, block.timestamp));
        cases.register(made, 0, _entry(_years(5)));
        _assertMatrix(_afterwards(made));
    }

    // Tables read better by place than by name.
    // forge-lint: disable-start(named-struct-fields)

    function _submitted(ProductId made) private view returns (Row[] memory rows) {
        rows = new Row[](5);
        rows[0] = Row(abi.encodeCall(cases.accept, (made, 0)), OFFICE, Scope.DECIDE);
        rows[1] = Row(abi.encodeCall(cases.returnForCorrection, (made, 0, 10, "list")), OFFICE, Scope.DECIDE);
        rows[2] = Row(abi.encodeCall(cases.notAccept, (made, 0, "reasons")), OFFICE, Scope.DECIDE);
        rows[3] = Row(abi.encodeCall(cases.withdraw, (made, 0)), APPLICANT, Scope.REGISTER);
        rows[4] = Row(abi.encodeCall(cases.concur, (made, 0, 1)), PARTNER, Scope.REGISTER);
    }

    function _inReview(ProductId made) private view returns (Row[] memory rows) {
        rows = new Row[](7);
        rows[0] = Row(abi.encodeCall(cases.extend, (made, 0, 5, "reasons")), OFFICE, Scope.DECIDE);
        rows[1] = Row(abi.encodeCall(cases.ask, (made, 0, 10, "list")), OFFICE, Scope.DECIDE);
        rows[2] = Row(abi.encodeCall(cases.publicise, (made, 0)), OFFICE, Scope.DECIDE);
        rows[3] = Row(abi.encodeCall(cases.waive, (made, 0, "cause")), OFFICE, Scope.DECIDE);
        rows[4] = Row(abi.encodeCall(cases.refuse, (made, 0, "reasons")), OFFICE, Scope.DECIDE);
        rows[5] = Row(abi.encodeCall(cases.withdraw, (made, 0)), APPLICANT, Scope.REGISTER);
        rows[6] = Row(abi.encodeCall(cases.concur, (made, 0, 1)), PARTNER, Scope.REGISTER);
    }

    function _afterwards(ProductId made) private view returns (Row[] memory rows) {
        rows = new Row[](6);
        rows[0] = Row(abi.encodeCall(cases.cancel, (made, Reason.DATA_LOST, EVIDENCE)), OFFICE, Scope.DECIDE);
        rows[1] = Row(
            abi.encodeCall(cases.executeAward, (made, holder, buyer, Rights.OPERATE, EVIDENCE)), OFFICE, Scope.DECIDE
        );
        rows[2] = Row(abi.encodeCall(cases.object, (made, EVIDENCE)), EVERYBODY, Scope.OBJECT);
        // The partner holds the data as well, but has nothing to transfer of OPERATE.
        rows[3] = Row(
            abi.encodeCall(cases.file, (made, _filing(CaseKind.CHANGE, "pending"))), APPLICANT | PARTNER, Scope.REGISTER
        );
        rows[4] = Row(
            abi.encodeCall(cases.file, (made, _filing(CaseKind.CANCELLATION, 0))), APPLICANT | PARTNER, Scope.REGISTER
        );
        bytes32 moved = _transfer(members[3], Rights.OPERATE);
        rows[5] = Row(abi.encodeCall(cases.file, (made, _filing(CaseKind.TRANSFER, moved))), APPLICANT, Scope.TRANSFER);
    }

    function _one(bytes memory call, uint8 who, uint16 scope) private pure returns (Row[] memory rows) {
        rows = new Row[](1);
        rows[0] = Row(call, who, scope);
    }

    // forge-lint: disable-end(named-struct-fields)

    function _assertMatrix(Row[] memory rows) private {
        address[5] memory keys = [HOLDER, BUYER, founder, OTHER, address(0x57a)];
        for (uint256 i = 0; i < rows.length; ++i) {
            for (uint256 n = 0; n < keys.length; ++n) {
                vm.assertTrue(_succeeds(rows[i].call, keys[n]) == (rows[i].who >> n & 1 == 1));
            }
            uint256 first = rows[i].who & APPLICANT != 0 ? 0 : rows[i].who & PARTNER != 0 ? 1 : 2;
            _assertScope(rows[i], keys[first]);
        }
    }

    /// @dev An agent with this scope alone can do it, one with all others cannot.
    function _assertScope(Row memory row, address principal) private {
        for (uint256 turn = 0; turn < 2; ++turn) {
            uint256 before = vm.snapshotState();
            uint16 scopes = turn == 0 ? row.scope : Scope.ALL & ~row.scope;
            uint40 until = uint40(block.timestamp + 30 days);
            PartyId party = parties.partyOf(principal);
            address clerk = vm.addr(CLERK_KEY);
            bytes memory consent =
                KeyConsents.agent(party, clerk, scopes, until, until).sign(CLERK_KEY, address(parties));
            vm.prank(principal);
            parties.appointAgent(clerk, scopes, until, until, consent);
            vm.assertTrue(_succeeds(row.call, clerk) == (turn == 0));
            vm.revertToState(before);
        }
    }

    function _succeeds(bytes memory call, address key) private returns (bool done) {
        uint256 before = vm.snapshotState();
        vm.prank(key);
        (done,) = address(cases).call(call);
        vm.revertToState(before);
    }

    /* INTERNAL */

    function _shared(bytes32 seed) private view returns (Application memory application) {
        application = _application(seed, Profile.PROPERTY);
        application.shares = new Share[](2);
        application.shares[0] = Share({party: holder, rights: Rights.HOLD | Rights.OPERATE});
        application.shares[1] = Share({party: buyer, rights: Rights.HOLD | Rights.USE});
    }

    function _joint(bytes32 seed) private returns (ProductId) {
        return _apply(_shared(seed));
    }

    /// @dev A product of member 0 in the PUBLIC profile, valid for three years.
    function _basis() private returns (ProductId basis) {
        vm.prank(accounts[0]);
        basis = cases.submit(_application("basis", Profile.PUBLIC));
        cases.accept(basis, 0);
        cases.publicise(basis, 0);
        vm.warp(_publicityEnd(Profile.PUBLIC, block.timestamp));
        cases.register(basis, 0, _entry(_years(3)));
    }

    function _operation(ProductId basis) private view returns (Draft memory d) {
        d = _agreed();
        d.template = uint8(Template.PUBLIC_OPERATION);
        (d.mode, d.scope) = (uint8(Mode.SCENARIO), "winter wheat");
        d.product = basis;
        d.actions = Action.READ | Action.ANALYSE | Action.DERIVE;
        (d.validFrom, d.offerUntil) = (uint40(block.timestamp), uint40(block.timestamp + 1 days));
        d.validUntil = uint40(block.timestamp + 400 days);
    }

    function _operated(ProductId basis, bytes memory clauses) private pure returns (Application memory application) {
        application = _application("operated", Profile.PROPERTY);
        _sourced(application, Source.DERIVED, ParticularFlags.OPERATED, Rights.ALL);
        application.origins = new Origin[](1);
        (application.origins[0].product, application.origins[0].clauses) = (basis, clauses);
        application.operation = clauses;
    }

    /// @dev Says that it is made of what the grant of operation is of.
    function _declare(ProductId made, Draft memory d) private {
        Derivation memory derivation;
        derivation.purposes = d.purposes;
        derivation.sources = new Basis[](1);
        (derivation.sources[0].product, derivation.sources[0].version) = (d.product, 1);
        derivation.sources[0].clauses = d.pack();
        vm.prank(accounts[1]);
        lineage.declare(made, derivation);
    }

    function _derive(address by, ProductId source, bytes memory clauses) private {
        Application memory application = _application("derived", Profile.PROPERTY);
        _sourced(application, Source.DERIVED, 0, Rights.ALL);
        application.origins = new Origin[](1);
        (application.origins[0].product, application.origins[0].clauses) = (source, clauses);
        vm.prank(by);
        cases.submit(application);
    }

    function _expectNotGranted(ProductId source, ProductId granted, Verdict verdict) private {
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.OriginNotGranted.selector, source, granted, verdict));
    }

    function _expectOutOfRange(ProductId made, uint40 given, uint40 least, uint40 most) private {
        vm.expectRevert(abi.encodeWithSelector(IRegistrationDesk.ValidityOutOfRange.selector, made, given, least, most));
    }
}
// forge-lint: disable-end(unsafe-typecast)
