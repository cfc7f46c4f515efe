// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IApplicationJudge} from "./interfaces/IApplicationJudge.sol";
import {ICertificateRegistry} from "./interfaces/ICertificateRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {IRegistrationDesk} from "./interfaces/IRegistrationDesk.sol";
import {IWorkCalendar} from "./interfaces/IWorkCalendar.sol";
import {CivilDate} from "./libraries/CivilDate.sol";
import {IntervalLog} from "./libraries/IntervalLog.sol";
import {Pending} from "./libraries/Pending.sol";
import {RegistrationFlow} from "./libraries/RegistrationFlow.sol";
import {Case, CaseWord, CaseWordLibrary, Docket} from "./types/Case.sol";
import {Act, Actor, CaseKind, Stage} from "./types/Flow.sol";
import {Interval} from "./types/Interval.sol";
import {Scope} from "./types/Key.sol";
import {Role} from "./types/Party.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductHead, ProductState} from "./types/Product.sol";
import {ProductId} from "./types/ProductId.sol";

/// @title What the desk keeps, and where a case stands
/// @notice The storage of the registration desk, its views, and what every act shares: the case as time has moved it,
/// the time limits, the question who the caller is.
abstract contract CaseBook is IRegistrationDesk {
    /* IMMUTABLES */

    /// @inheritdoc IRegistrationDesk
    IPartyRegistry public immutable parties;

    /// @inheritdoc IRegistrationDesk
    IProductRegistry public immutable products;

    /// @inheritdoc IRegistrationDesk
    IWorkCalendar public immutable calendar;

    /// @inheritdoc IRegistrationDesk
    IApplicationJudge public immutable judge;

    /// @inheritdoc IRegistrationDesk
    ICertificateRegistry public immutable certificates;

    /// @dev What is being done with a case: by whom, for what, and the case that comes of it. In memory, so that what
    /// all acts share is compiled once, not once for each act.
    struct Deed {
        ProductId product;
        uint16 index;
        Act act;
        PartyId by;
        bool overdue;
        bytes32 evidence;
        Stage to;
        Case c;
    }

    /* STORAGE */

    mapping(ProductId product => Docket) internal _dockets;
    mapping(ProductId product => mapping(uint16 index => CaseWord)) private _cases;
    mapping(ProductId product => mapping(uint16 index => bytes32)) internal _pending;
    mapping(ProductId product => IntervalLog) internal _objections;
    mapping(ProductId product => mapping(PartyId party => uint256 after_)) internal _lastObjections;

    /* CONSTRUCTOR */

    constructor(
        IPartyRegistry parties_,
        IProductRegistry products_,
        IWorkCalendar calendar_,
        IApplicationJudge judge_,
        ICertificateRegistry certificates_
    ) {
        parties = parties_;
        products = products_;
        calendar = calendar_;
        judge = judge_;
        certificates = certificates_;
    }

    /* VIEWS */

    /// @inheritdoc IRegistrationDesk
    function docketOf(ProductId product) external view returns (Docket memory) {
        return _dockets[product];
    }

    /// @inheritdoc IRegistrationDesk
    function caseRecord(ProductId product, uint16 index) external view returns (Case memory) {
        return _requireCase(product, index);
    }

    /// @inheritdoc IRegistrationDesk
    function stageOf(ProductId product, uint16 index) external view returns (Stage stage, uint40 since) {
        Case memory c = _caseNow(product, index);
        return (c.stage, c.since);
    }

    /// @inheritdoc IRegistrationDesk
    function pendingOf(ProductId product, uint16 index) external view returns (bytes32) {
        return _pending[product][index];
    }

    /// @inheritdoc IRegistrationDesk
    function objectionCount(ProductId product) external view returns (uint256 total, uint256 live) {
        IntervalLog storage log = _objections[product];
        return (log.total(), log.live());
    }

    /// @inheritdoc IRegistrationDesk
    function objections(ProductId product, uint256 first, uint256 limit) external view returns (Interval[] memory) {
        return _objections[product].page(first, limit);
    }

    /* THE CASE AS TIME HAS MOVED IT */

    function _requireCase(ProductId product, uint16 index) internal view returns (Case memory) {
        CaseWord word = _cases[product][index];
        if (word.isNone()) revert CaseUnknown(product, index);
        return word.unpack();
    }

    function _caseNow(ProductId product, uint16 index) internal view returns (Case memory c) {
        c = _requireCase(product, index);
        if (c.stage == Stage.SUBMITTED) _deemAccepted(c);
        else if (c.stage == Stage.RETURNED || c.stage == Stage.SUPPLEMENTING) _lapse(c);
    }

    /// @dev Silence counts from the start of the next working day on: once a further working day has begun. Reckoned
    /// backwards from now, which asks the calendar for no day to come.
    function _deemAccepted(Case memory c) private view {
        (bool moves, Stage to) = _byTime(c, Act.DEEM_ACCEPTED);
        uint16 limit = RegistrationFlow.acceptance(c.profile);
        if (!moves || _spent(c.since, _now()) <= limit) return;
        (c.stage, c.since) = (to, calendar.nextWorkingDay(_deadline(c.since, limit)));
    }

    function _lapse(Case memory c) private view {
        (bool moves, Stage to) = _byTime(c, Act.LAPSE);
        if (!moves || !_passed(c.since, c.dueDays)) return;
        (c.stage, c.since) = (to, _deadline(c.since, c.dueDays));
    }

    function _byTime(Case memory c, Act act) private pure returns (bool, Stage) {
        return RegistrationFlow.next(c, act, Actor.CLOCK);
    }

    /* WHAT IS DONE WITH A CASE */

    /// @dev What is done, and on what evidence, is filled in by each act.
    function _deed(ProductId product, uint16 index) internal pure returns (Deed memory d) {
        (d.product, d.index) = (product, index);
    }

    /// @dev The next stage begins now.
    function _move(Deed memory d) internal view {
        (d.c.stage, d.c.since) = (d.to, _now());
    }

    function _store(Deed memory d) internal returns (CaseWord word) {
        word = CaseWordLibrary.pack(d.c);
        _cases[d.product][d.index] = word;
    }

    /// @dev Writes a case down and tells what was done with it.
    function _record(Deed memory d) internal {
        emit CaseMoved(d.product, d.by, d.index, d.act, d.overdue, d.evidence, _store(d));
    }

    /// @dev An application that ended without registration leaves a product that is none.
    function _decline(Deed memory d) internal {
        if (d.c.kind != CaseKind.INITIAL) return;
        _settle(d.product, ProductState.DECLINED, d.c.registrar, _head(d.product).since(), _now());
    }

    /* TIME LIMITS */

    /// @dev Whether a limit of so many working days from `start` on is over, reckoned backwards from now.
    function _passed(uint40 start, uint256 limit) internal view returns (bool) {
        uint40 yesterday = CivilDate.startOf(CivilDate.dayOf(_now())) - 1;
        return start <= yesterday && _spent(start, yesterday) >= limit;
    }

    /// @dev The review runs from acceptance on, stands still from publicity on, and runs again after it and after the
    /// last objection is decided.
    function _reviewOverdue(Case memory c) internal view returns (bool) {
        uint16 limit = RegistrationFlow.review(c);
        if (c.spentDays > limit) return true;
        uint40 start = c.since;
        if (c.stage == Stage.PUBLICISED) {
            uint40 lastOfPublicity = _publicityEnd(c) - 1;
            if (lastOfPublicity > start) start = lastOfPublicity;
        }
        return _passed(start, limit - c.spentDays);
    }

    function _publicityEnd(Case memory c) internal view returns (uint40) {
        return _deadline(c.publicisedAt, RegistrationFlow.publicity(c.profile));
    }

    /// @dev Puts the working days of the review up to now by.
    function _spend(Case memory c) internal view {
        uint256 spent = uint256(c.spentDays) + _spent(c.since, _now());
        // At most 127.
        // forge-lint: disable-next-line(unsafe-typecast)
        c.spentDays = spent > CaseWordLibrary.MOST_SPENT ? CaseWordLibrary.MOST_SPENT : uint8(spent);
    }

    /* WHO ACTS */

    /// @dev Reverts unless the caller decides for the registrar of this number, and is still one.
    function _requireRegistrar(ProductId product, uint16 registrar) internal view returns (PartyId by) {
        by = _writer(Scope.DECIDE);
        (PartyId party,) = _registrar(registrar);
        if (party != by) revert NotRegistrar(product, by, registrar);
        parties.requireRole(by, Role.REGISTRAR);
    }

    function _actors(Deed memory d) internal pure returns (uint8) {
        return d.c.filer == d.by ? Actor.ANYONE | Actor.APPLICANT : Actor.ANYONE;
    }

    function _requireAllowed(Deed memory d, uint8 actors) internal pure {
        bool allowed;
        (allowed, d.to) = RegistrationFlow.next(d.c, d.act, actors);
        if (!allowed) revert TransitionForbidden(d.product, d.c.profile, d.c.kind, d.c.stage, actors, d.act);
    }

    /// @dev The party whose consent has this place, none for no such place.
    function _consenter(ProductId product, uint16 index, Case memory c, uint256 place)
        internal
        view
        returns (PartyId party)
    {
        if (c.kind == CaseKind.TRANSFER) (party,) = Pending.transferOf(_pending[product][index]);
        else party = judge.holderAt(product, place);
    }

    /* CALLS, EACH IN ONE PLACE */

    function _writer(uint16 scope) internal view returns (PartyId) {
        return parties.writer(msg.sender, scope);
    }

    function _registrar(uint16 number) internal view returns (PartyId, bytes3) {
        return parties.registrar(number);
    }

    function _head(ProductId product) internal view returns (ProductHead) {
        return products.headOf(product);
    }

    function _settle(ProductId product, ProductState state, uint16 registrar, uint40 since, uint40 until) internal {
        products.settle(product, state, registrar, since, until);
    }

    function _spent(uint40 from, uint40 to) internal view returns (uint16) {
        return calendar.spent(from, to);
    }

    function _deadline(uint40 from, uint16 days_) internal view returns (uint40) {
        return calendar.deadline(from, days_);
    }

    /* SMALL THINGS */

    function _refuseState(ProductId product, ProductHead head) internal pure {
        revert IProductRegistry.ProductNotInForce(product, head.state());
    }

    /// @dev Whether a case of this kind can have a hash of content pending.
    function _isContent(CaseKind kind) internal pure returns (bool) {
        return kind <= CaseKind.CORRECTION;
    }

    function _requireEvidence(Deed memory d) internal pure {
        if (d.evidence == 0) revert EvidenceMissing(d.act);
    }

    function _now() internal view returns (uint40) {
        return uint40(block.timestamp);
    }
}
