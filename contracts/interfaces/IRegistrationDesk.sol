// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Case, CaseWord, Docket, Outcome} from "../types/Case.sol";
import {Act, CaseKind, Stage} from "../types/Flow.sol";
import {GrantId} from "../types/GrantId.sol";
import {Interval} from "../types/Interval.sol";
import {PartyId} from "../types/PartyId.sol";
import {ProductState, Profile} from "../types/Product.sol";
import {ProductId} from "../types/ProductId.sol";
import {Verdict} from "../types/Verdict.sol";
import {Reason} from "../types/Vocabulary.sol";
import {IApplicationJudge} from "./IApplicationJudge.sol";
import {ICertificateRegistry} from "./ICertificateRegistry.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";
import {IProductRegistry, Registration, Share} from "./IProductRegistry.sol";
import {IWorkCalendar} from "./IWorkCalendar.sol";

/// @notice A product that another was made of, and by what right.
/// @param product the source
/// @param above for a sub-grant its ancestors, see `IGrantRegistry`; empty else
/// @param clauses the packed clauses of a grant with the action DERIVE; empty where the applicant itself holds USE
struct Origin {
    ProductId product;
    bytes32[] above;
    bytes clauses;
}

/// @notice An application for a first registration.
/// @param registration digests and particulars
/// @param profile `PROPERTY` or `PUBLIC`
/// @param registrar the number of the registrar applied to
/// @param evidence digest of the evidence deposited before; `PUBLIC` asks for one
/// @param shares who holds which rights, at most 16; empty where the applicant holds them all
/// @param origins what derived data was made of, at most 16
/// @param operation the packed clauses of the grant of operation, for data from the operation of public data
struct Application {
    Registration registration;
    Profile profile;
    uint16 registrar;
    bytes32 evidence;
    Share[] shares;
    Origin[] origins;
    bytes operation;
}

/// @notice A case on a registered product.
/// @param kind what it asks for, anything but `INITIAL`
/// @param registrar 0 for the one that has the product; another only where that one is no longer a registrar
/// @param pending what it would change. CHANGE and CORRECTION: the hash of content root and metadata hash, both as 32
/// bytes. TRANSFER: the receiving party in the upper bits, the rights in the lowest 8. Zero for the others
/// @param evidence digest of the documents; `PUBLIC` asks for one
/// @param operation the packed clauses of another grant of operation, from now on the limit of the validity; empty for
/// none
struct Filing {
    CaseKind kind;
    uint16 registrar;
    bytes32 pending;
    bytes32 evidence;
    bytes operation;
}

/// @notice What the registrar enters in the record.
/// @param evidence digest of the evidence deposited, which registration takes effect by
/// @param validUntil seconds since 1970, a 00:00 at UTC+8: for INITIAL and RENEWAL; 0 for the others
/// @param contentRoot root over the files, where the case has a hash of them pending; else zero
/// @param metadataHash hash over the descriptive fields, likewise
struct Entry {
    bytes32 evidence;
    uint40 validUntil;
    bytes32 contentRoot;
    bytes32 metadataHash;
}

/// @title Registration by cases
/// @notice Carries applications under `PROPERTY` and `PUBLIC` from filing to registration and every later case of a
/// product, keeps their time limits and objections. The table of who may do what at which stage is
/// `FlowTable`; days are those of `IWorkCalendar`.
/// @dev Storage, for proofs: slot 0 `dockets` (product → word, see `Case.sol`), slot 1 `cases` (product → index → word,
/// see `Case.sol`), slot 2 `pending` (product → index → 32 bytes, see `Pending.sol`), slot 3 `objections` (product →
/// counts, see `IntervalLog.sol`, then index → word, see `Interval.sol`: kind 0 for one raised in publicity, 1 after
/// registration; reason its `Outcome`), slot 4 `lastObjections` (product → party → the index of its last one, plus one).
/// @dev Every act names the case that it is meant for. Acts of the registrar past a time limit of its own stand, and
/// their event says `overdue`; what lapses or counts as accepted by the passing of time is reckoned whenever a case is
/// touched, and nobody has to write it down.
/// @dev Warning: the desk keeps the procedure. It cannot know whether a description is accurate, a source lawful or a
/// document genuine, and an interested party is whoever says so with evidence.
/// @dev Warning: where the calendar ends before a time limit that an act depends on, the act reverts until the calendar
/// is extended.
interface IRegistrationDesk {
    /// @notice A case was written down as a draft, or filed: its stage is in `word`.
    event CaseFiled(
        ProductId indexed product, PartyId indexed by, uint16 index, bytes32 pending, bytes32 evidence, CaseWord word
    );

    /// @notice Something was done with a case, which stands in storage as `word` from then on. `evidence` is the digest
    /// of what it rests on: a list of corrections, a decision's reasons, evidence deposited. `overdue` says that the
    /// actor's own time limit had passed.
    event CaseMoved(
        ProductId indexed product,
        PartyId indexed by,
        uint16 index,
        Act act,
        bool overdue,
        bytes32 evidence,
        CaseWord word
    );

    /// @notice The applicant corrected what a case would enter: its hash is `pending` from now on.
    event PendingReplaced(ProductId indexed product, uint16 index, bytes32 pending);

    /// @notice The applicant named what derived data was made of.
    event OriginsNamed(ProductId indexed product, ProductId[] origins);

    /// @notice The data comes from the operation of the public product `basis` under a grant that ends with `end`.
    event OperationNamed(ProductId indexed product, ProductId indexed basis, GrantId indexed grant, uint24 end);

    /// @notice Somebody objected: in publicity, or after registration.
    event ObjectionRaised(
        ProductId indexed product, PartyId indexed by, uint256 index, bool afterRegistration, bytes32 evidence
    );

    /// @notice An objection was decided, for these reasons.
    event ObjectionDecided(
        ProductId indexed product, PartyId indexed by, uint256 index, Outcome outcome, bool overdue, bytes32 reasons
    );

    /// @notice A registration was ended by its registrar: `act` is CANCEL or REVOKE.
    event RegistrationEnded(ProductId indexed product, PartyId indexed by, Act act, Reason reason, bytes32 evidence);

    /// @notice Rights were moved as a court or arbitrator decided.
    event AwardExecuted(
        ProductId indexed product, PartyId indexed from, PartyId indexed to, PartyId by, uint8 rights, bytes32 evidence
    );

    /// @notice At this stage nobody that the caller is may do that.
    error TransitionForbidden(ProductId product, Profile profile, CaseKind kind, Stage stage, uint8 actors, Act act);

    /// @notice It had to be done before `deadline`.
    error DeadlinePassed(ProductId product, Act act, uint40 deadline);

    /// @notice It can be done from `allowedFrom` on.
    error TooEarly(ProductId product, uint40 allowedFrom);

    /// @notice The product has an open case.
    error CaseOpen(ProductId product, uint16 index);

    /// @notice There is no such case.
    error CaseUnknown(ProductId product, uint16 index);

    /// @notice The case, or the product, is not the caller's to decide on: its registrar is `registrar`.
    error NotRegistrar(ProductId product, PartyId by, uint16 registrar);

    /// @notice There is no registrar of this number.
    error RegistrarUnknown(uint16 registrar);

    /// @notice Later cases go to the registrar that has the product, as long as it is one.
    error RegistrarStays(ProductId product, uint16 registrar);

    /// @notice A registrar does not register what is its own.
    error RegistrarOwnData(PartyId registrar);

    /// @notice The act needs the digest of what it rests on.
    error EvidenceMissing(Act act);

    /// @notice The time limit named must have from `least` to `most` working days.
    error DueOutOfRange(uint8 given, uint8 least, uint8 most);

    /// @notice A case is sent back once.
    error AlreadyReturned(ProductId product, uint16 index);

    /// @notice A review is made longer once.
    error AlreadyExtended(ProductId product, uint16 index, uint8 extension);

    /// @notice Publicity was waived already.
    error PublicityWaived(ProductId product, uint16 index);

    /// @notice Publicity was neither held nor waived.
    error PublicityMissing(ProductId product, uint16 index);

    /// @notice The party has not agreed yet.
    error ConsentMissing(ProductId product, PartyId party);

    /// @notice The party's consent is not missing.
    error ConsentNotAwaited(ProductId product, PartyId party);

    /// @notice A validity is a 00:00 at UTC+8, later than `least` and not later than `most`; a case that changes none names
    /// none, and both are 0.
    error ValidityOutOfRange(ProductId product, uint40 given, uint40 least, uint40 most);

    /// @notice A renewal is filed from `from` on and before `until`.
    error OutsideWindow(ProductId product, uint40 from, uint40 until);

    /// @notice A case of this kind cannot have this pending.
    error PendingInvalid(ProductId product, CaseKind kind, bytes32 pending);

    /// @notice What is to be entered is not what the case has pending.
    error PendingMismatch(ProductId product, bytes32 pending, bytes32 given);

    /// @notice Derived data names what it was made of.
    error OriginsMissing(PartyId applicant);

    /// @notice There are more origins than an application may have.
    error OriginsTooMany(uint256 given, uint256 most);

    /// @notice The origin is not registered and valid.
    error OriginUnfit(ProductId origin, ProductState state);

    /// @notice The grant shown does not let the applicant derive from the origin, which is of `granted`.
    error OriginNotGranted(ProductId origin, ProductId granted, Verdict verdict);

    /// @notice Whoever operates public data does not develop its own products further.
    error RedevelopmentForbidden(ProductId source);

    /// @notice Data from the operation of public data names the grant of operation.
    error OperationMissing(PartyId applicant);

    /// @notice A grant of operation is named for data not declared as operated, or in a case that renews nothing.
    error OperationUncalled(PartyId by, CaseKind kind);

    /// @notice The grant is no standing grant of operation to the applicant.
    error OperationUnfit(GrantId grant, PartyId grantee, Verdict verdict);

    /// @notice The product operated is not one of public data, registered and valid.
    error BasisUnfit(ProductId basis, Profile profile, ProductState state);

    /// @notice The product has no open objection of this index.
    error ObjectionUnknown(ProductId product, uint256 index);

    /// @notice The party's objection of this index is open; it may object again once that is decided.
    error ObjectionOpen(ProductId product, PartyId by, uint256 index);

    /// @notice As many objections are open as can be counted.
    error ObjectionsFull(ProductId product, uint16 open);

    /// @notice An objection is decided with an outcome.
    error OutcomeMissing(ProductId product, uint256 index);

    /* APPLYING */

    /// @notice Writes an application down, to be submitted later. The claim on its content is made now.
    /// @dev Warning: what the application rests on is judged now, and not again when it is submitted.
    function draft(Application calldata application) external returns (ProductId product);

    /// @notice Applies for a first registration.
    function submit(Application calldata application) external returns (ProductId product);

    /// @notice Submits a draft. For its applicant.
    function submitDraft(ProductId product, bytes32 evidence) external;

    /// @notice Files a case on a registered product. For a holder, of HOLD but for a transfer; CORRECTION for anyone.
    /// @return index names the case
    function file(ProductId product, Filing calldata filing) external returns (uint16 index);

    /// @notice Hands in again what was returned, before the time limit named. For the applicant.
    /// @param pending another hash of content root and metadata hash, 0 where they stay. A first registration may be
    /// corrected so too: what was filed stays version 1, what is registered becomes version 2
    /// @param evidence digest of the documents
    function resubmit(ProductId product, uint16 index, bytes32 pending, bytes32 evidence) external;

    /// @notice Hands in what was asked for, before the time limit named. For the applicant.
    /// @param pending as for `resubmit`
    function supplement(ProductId product, uint16 index, bytes32 pending, bytes32 evidence) external;

    /// @notice Takes the case back. For the applicant.
    function withdraw(ProductId product, uint16 index) external;

    /// @notice Agrees to the registration, as one of the holders named, or to the transfer, as its receiver.
    /// @param place the caller's place among the holdings of the product; 0 for a transfer
    /// @dev Warning: it is to what the case asks for when this is included. What replaces that later asks anew; what
    /// replaced it just before is agreed to.
    function concur(ProductId product, uint16 index, uint8 place) external;

    /* DECIDING: FOR THE REGISTRAR OF THE CASE */

    /// @notice Accepts the case for review.
    function accept(ProductId product, uint16 index) external;

    /// @notice Sends the case back, once. `PROPERTY` leaves three working days for it.
    /// @param dueDays working days to correct it, from 1 to 30
    /// @param list digest of the list of all corrections
    function returnForCorrection(ProductId product, uint16 index, uint8 dueDays, bytes32 list) external;

    /// @notice Does not accept the case. `PROPERTY` leaves three working days for it.
    function notAccept(ProductId product, uint16 index, bytes32 reasons) external;

    /// @notice Makes the review longer, once, by at most ten working days. `PROPERTY` only.
    function extend(ProductId product, uint16 index, uint8 days_, bytes32 reasons) external;

    /// @notice Asks for more material; the review stands still.
    /// @param dueDays working days to hand it in, from 1 to 30
    /// @param list digest of what is asked for
    function ask(ProductId product, uint16 index, uint8 dueDays, bytes32 list) external;

    /// @notice Publicises an initial application, for 5 working days under `PROPERTY` and 10 under `PUBLIC`.
    /// @dev Only where the calendar reaches to its end, so that everybody knows how long to object.
    function publicise(ProductId product, uint16 index) external;

    /// @notice Waives publicity for a cause. `PROPERTY` only.
    function waive(ProductId product, uint16 index, bytes32 cause) external;

    /// @notice Refuses what the case asks for.
    function refuse(ProductId product, uint16 index, bytes32 reasons) external;

    /// @notice Enters what the case asks for in the record. What derived data was made of must have been declared by then,
    /// see `ILineage.declare`.
    function register(ProductId product, uint16 index, Entry calldata entry) external;

    /* OBJECTING */

    /// @notice Objects to an application while it is publicised, or to a registration. For any enrolled party, also
    /// while it is suspended or writes are paused, that has no open objection to the product, by whichever of its keys.
    /// @param evidence digest of the evidence
    /// @return index names the objection
    /// @dev Warning: whoever has more evidence before the decision brings it to the registrar, or has another party object.
    function object(ProductId product, bytes32 evidence) external returns (uint256 index);

    /// @notice Decides an objection. For the registrar: in publicity with REJECTED or UPHELD, which ends the case.
    /// @param reasons digest of the decision
    /// @dev Warning: after registration an outcome by itself changes nothing; `cancel` or `executeAward` may follow.
    function decide(ProductId product, uint256 index, Outcome outcome, bytes32 reasons) external;

    /* AFTER REGISTRATION: FOR THE REGISTRAR OF THE PRODUCT */

    /// @notice Ends a registration: loss, waiver, dissolution, an objection's result, lapse. An open case ends with it.
    /// @dev One that had lapsed keeps its end.
    function cancel(ProductId product, Reason reason, bytes32 evidence) external;

    /// @notice Undoes a registration for falsehood, tampering or misuse. `PUBLIC` only. An open case ends with it.
    /// @dev As `cancel`.
    function revoke(ProductId product, Reason reason, bytes32 evidence) external;

    /// @notice Moves rights as a court or arbitrator decided, whatever annotations stand.
    function executeAward(ProductId product, PartyId from, PartyId to, uint8 rights, bytes32 evidence) external;

    /// @notice Writes down that the applicant let a time limit pass: the case counts as never filed. For everybody;
    /// nothing depends on it.
    function lapse(ProductId product, uint16 index) external;

    /* VIEWS */

    /// @notice What the desk keeps of a product.
    function docketOf(ProductId product) external view returns (Docket memory);

    /// @notice A case as it was last written; reverts for an unknown one.
    function caseRecord(ProductId product, uint16 index) external view returns (Case memory);

    /// @notice Where a case stands now, and since when, all that time did counted.
    function stageOf(ProductId product, uint16 index) external view returns (Stage stage, uint40 since);

    /// @notice What a case would change, see `Filing`.
    function pendingOf(ProductId product, uint16 index) external view returns (bytes32);

    /// @notice How many objections a product has had, and how many are open.
    function objectionCount(ProductId product) external view returns (uint256 total, uint256 live);

    /// @notice At most `limit` objections, from the `first` on. `kind` is 1 for one raised after registration, `reason`
    /// its `Outcome`.
    function objections(ProductId product, uint256 first, uint256 limit) external view returns (Interval[] memory);

    /// @notice The registry of parties.
    function parties() external view returns (IPartyRegistry);

    /// @notice The registry of products.
    function products() external view returns (IProductRegistry);

    /// @notice The calendar of working days.
    function calendar() external view returns (IWorkCalendar);

    /// @notice Codes and certificates of registrations.
    function certificates() external view returns (ICertificateRegistry);

    /// @notice The judge of what applications rest on.
    function judge() external view returns (IApplicationJudge);
}
