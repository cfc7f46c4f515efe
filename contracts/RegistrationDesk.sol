// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ApplicationDesk} from "./ApplicationDesk.sol";
import {CaseBook} from "./CaseBook.sol";
import {IApplicationJudge} from "./interfaces/IApplicationJudge.sol";
import {ICertificateRegistry} from "./interfaces/ICertificateRegistry.sol";
import {IPartyRegistry} from "./interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "./interfaces/IProductRegistry.sol";
import {Entry, IRegistrationDesk} from "./interfaces/IRegistrationDesk.sol";
import {IWorkCalendar} from "./interfaces/IWorkCalendar.sol";
import {IntervalLog} from "./libraries/IntervalLog.sol";
import {Pending} from "./libraries/Pending.sol";
import {RegistrationFlow} from "./libraries/RegistrationFlow.sol";
import {Case, CaseWordLibrary, Outcome} from "./types/Case.sol";
import {Act, Actor, CaseKind, Stage} from "./types/Flow.sol";
import {Interval, IntervalWord} from "./types/Interval.sol";
import {Scope, Standing} from "./types/Key.sol";
import {PartyId} from "./types/PartyId.sol";
import {ProductHead, ProductState, Profile} from "./types/Product.sol";
import {ProductId} from "./types/ProductId.sol";
import {AnnotationKind, Reason, Rights} from "./types/Vocabulary.sol";

/// @title The implementation of `IRegistrationDesk`
/// @dev Applications are taken by `ApplicationDesk`; here they are decided.
contract RegistrationDesk is ApplicationDesk {
    /* CONSTANTS */

    /// @dev The kinds of an objection's interval.
    uint8 private constant IN_PUBLICITY = 0;
    uint8 private constant AFTER_REGISTRATION = 1;
    /// @dev Where an interval keeps its reason.
    uint256 private constant REASON_SHIFT = 96;

    /* CONSTRUCTOR */

    /// @param parties_ the registry of parties
    /// @param products_ the registry of products, which this desk alone moves
    /// @param calendar_ the calendar of working days
    /// @param judge_ the judge of what applications rest on
    /// @param certificates_ codes and certificates
    constructor(
        IPartyRegistry parties_,
        IProductRegistry products_,
        IWorkCalendar calendar_,
        IApplicationJudge judge_,
        ICertificateRegistry certificates_
    ) CaseBook(parties_, products_, calendar_, judge_, certificates_) {}

    /* ACCEPTANCE */

    /// @inheritdoc IRegistrationDesk
    function accept(ProductId product, uint16 index) external {
        Deed memory d = _deed(product, index);
        d.act = Act.ACCEPT;
        _decide(d);
        d.overdue = _passed(d.c.since, RegistrationFlow.acceptance(d.c.profile));
        _move(d);
        _record(d);
    }

    /// @inheritdoc IRegistrationDesk
    function returnForCorrection(ProductId product, uint16 index, uint8 dueDays, bytes32 list) external {
        Deed memory d = _deed(product, index);
        (d.act, d.evidence) = (Act.RETURN, list);
        _decide(d);
        if (d.c.returned) revert AlreadyReturned(product, index);
        _requireAcceptanceOpen(d);
        d.c.dueDays = _chosen(d.act, dueDays);
        d.c.returned = true;
        _move(d);
        _record(d);
    }

    /// @inheritdoc IRegistrationDesk
    function notAccept(ProductId product, uint16 index, bytes32 reasons) external {
        Deed memory d = _deed(product, index);
        (d.act, d.evidence) = (Act.NOT_ACCEPT, reasons);
        _decide(d);
        _requireAcceptanceOpen(d);
        _move(d);
        _record(d);
        _decline(d);
    }

    /* REVIEW */

    /// @inheritdoc IRegistrationDesk
    function extend(ProductId product, uint16 index, uint8 days_, bytes32 reasons) external {
        Deed memory d = _deed(product, index);
        (d.act, d.evidence) = (Act.EXTEND, reasons);
        _review(d);
        if (d.c.extension != 0) revert AlreadyExtended(product, index, d.c.extension);
        d.c.extension = _chosen(d.act, days_);
        _record(d);
    }

    /// @inheritdoc IRegistrationDesk
    function ask(ProductId product, uint16 index, uint8 dueDays, bytes32 list) external {
        Deed memory d = _deed(product, index);
        (d.act, d.evidence) = (Act.ASK, list);
        _review(d);
        d.c.dueDays = _chosen(d.act, dueDays);
        _spend(d.c);
        _move(d);
        _record(d);
    }

    /// @inheritdoc IRegistrationDesk
    function publicise(ProductId product, uint16 index) external {
        Deed memory d = _deed(product, index);
        d.act = Act.PUBLICISE;
        _review(d);
        if (d.c.waived) revert PublicityWaived(product, index);
        _spend(d.c);
        d.c.publicisedAt = _now();
        // It begins only where it is known when it ends: else nobody could object.
        _publicityEnd(d.c);
        _move(d);
        _record(d);
    }

    /// @inheritdoc IRegistrationDesk
    function waive(ProductId product, uint16 index, bytes32 cause) external {
        Deed memory d = _deed(product, index);
        (d.act, d.evidence) = (Act.WAIVE, cause);
        _review(d);
        if (d.c.waived) revert PublicityWaived(product, index);
        _requireEvidence(d);
        d.c.waived = true;
        _record(d);
    }

    /// @inheritdoc IRegistrationDesk
    function refuse(ProductId product, uint16 index, bytes32 reasons) external {
        Deed memory d = _deed(product, index);
        (d.act, d.evidence) = (Act.REFUSE, reasons);
        _review(d);
        _move(d);
        _record(d);
        _decline(d);
    }

    /* REGISTRATION */

    /// @inheritdoc IRegistrationDesk
    function register(ProductId product, uint16 index, Entry calldata entry) external {
        Deed memory d = _deed(product, index);
        (d.act, d.evidence) = (Act.REGISTER, entry.evidence);
        _review(d);
        _requireEvidence(d);
        Case memory c = d.c;
        if (c.kind == CaseKind.INITIAL) _requirePublicity(product, index, c);
        if (c.awaited != 0) revert ConsentMissing(product, _firstAwaited(product, index, c));
        _move(d);
        _record(d);
        if (c.kind == CaseKind.INITIAL) _enterFirst(product, c, entry);
        else _enterLater(product, index, c, entry);
        _enterContent(product, index, c, entry);
    }

    function _requirePublicity(ProductId product, uint16 index, Case memory c) private view {
        if (c.stage == Stage.ACCEPTED) {
            if (!c.waived) revert PublicityMissing(product, index);
            return;
        }
        uint40 end = _publicityEnd(c);
        if (_now() < end) revert TooEarly(product, end);
    }

    function _enterFirst(ProductId product, Case memory c, Entry calldata entry) private {
        _requireValidity(product, c, _now(), entry.validUntil);
        certificates.enter(product, c.registrar, c.profile);
        _settle(product, ProductState.REGISTERED, c.registrar, _now(), entry.validUntil);
    }

    function _enterLater(ProductId product, uint16 index, Case memory c, Entry calldata entry) private {
        ProductHead head = _head(product);
        bool renewal = c.kind == CaseKind.RENEWAL;
        _requireRegistered(product, head);
        // A renewal that was filed in time may be decided after the end.
        if (!renewal && head.expired(block.timestamp)) _refuseState(product, head);
        (ProductState state, uint40 until) = (ProductState.REGISTERED, head.until());
        if (renewal) {
            _requireValidity(product, c, until, entry.validUntil);
            until = entry.validUntil;
        } else if (entry.validUntil != 0) {
            revert ValidityOutOfRange(product, entry.validUntil, 0, 0);
        }
        if (c.kind == CaseKind.CANCELLATION) {
            if (head.frozen()) _refuseEncumbered(product, head);
            (state, until) = (ProductState.CANCELLED, _now());
        }
        if (c.kind != CaseKind.CORRECTION && c.kind != CaseKind.TRANSFER) _requireHolder(product, c.filer);
        certificates.amend(product);
        _settle(product, state, c.registrar, head.since(), until);
        if (c.kind == CaseKind.TRANSFER) {
            if (head.encumbered()) _refuseEncumbered(product, head);
            (PartyId to, uint8 rights) = Pending.transferOf(_pending[product][index]);
            products.move(product, c.filer, to, rights);
        }
    }

    /// @dev An award may have moved the rights of whoever filed since.
    function _requireHolder(ProductId product, PartyId filer) private view {
        uint8 held = products.rightsOf(product, filer);
        if (held & Rights.HOLD == 0) revert IProductRegistry.RightsMissing(product, filer, held, Rights.HOLD);
    }

    function _requireValidity(ProductId product, Case memory c, uint40 from, uint40 given) private view {
        judge.requireValidity(product, c.profile, from, _dockets[product].operationEnd, given);
    }

    /// @dev What is entered must be what was filed: a hash that was shown to all before.
    function _enterContent(ProductId product, uint16 index, Case memory c, Entry calldata entry) private {
        bytes32 pending = _isContent(c.kind) ? _pending[product][index] : bytes32(0);
        bool given = entry.contentRoot != 0 || entry.metadataHash != 0;
        bytes32 hash = given ? Pending.content(entry.contentRoot, entry.metadataHash) : bytes32(0);
        if (hash != pending) revert PendingMismatch(product, pending, hash);
        if (given) products.advance(product, c.filer, entry.contentRoot, entry.metadataHash);
    }

    /* OBJECTIONS */

    /// @inheritdoc IRegistrationDesk
    function object(ProductId product, bytes32 evidence) external returns (uint256 index) {
        Deed memory d = _deed(product, 0);
        (d.act, d.evidence) = (Act.OBJECT, evidence);
        d.by = parties.actor(msg.sender, Scope.OBJECT);
        _requireEvidence(d);
        d.c = _requireCase(product, 0);
        _requireAllowed(d, _actors(d));
        bool registered = d.c.stage == Stage.REGISTERED;
        if (registered) _requireRegistered(product, _head(product));
        else _countObjection(d);
        _requireNoneOpen(product, d.by);

        index = _objections[product].open(
            Interval({
                from: _now(),
                to: 0,
                by: d.by,
                kind: registered ? AFTER_REGISTRATION : IN_PUBLICITY,
                reason: uint8(Outcome.OPEN),
                // The first bytes are kept; the event has them all.
                // forge-lint: disable-next-line(unsafe-typecast)
                evidence: bytes12(evidence)
            })
        );
        _lastObjections[product][d.by] = index + 1;
        emit ObjectionRaised(product, d.by, index, registered, evidence);
        if (!registered) _record(d);
    }

    /// @inheritdoc IRegistrationDesk
    function decide(ProductId product, uint256 index, Outcome outcome, bytes32 reasons) external {
        IntervalLog storage log = _objections[product];
        if (!log.lasts(index)) revert ObjectionUnknown(product, index);
        Interval memory objection = log.get(index);
        Deed memory d = _deed(product, 0);
        (d.act, d.evidence) = (_actOf(product, index, outcome), reasons);
        d.c = _requireCase(product, 0);
        bool registered = objection.kind == AFTER_REGISTRATION;
        d.by = _requireRegistrar(product, registered ? _head(product).registrar() : d.c.registrar);
        _requireAllowed(d, _actors(d) | Actor.REGISTRAR);

        Profile profile = d.c.profile;
        uint16 limit = registered ? RegistrationFlow.notice(profile) : RegistrationFlow.objection(profile);
        d.overdue = _passed(objection.from, limit);
        log.words[index] = IntervalWord.wrap(IntervalWord.unwrap(log.words[index]) | uint256(outcome) << REASON_SHIFT);
        log.close(index, _now());
        emit ObjectionDecided(product, d.by, index, outcome, d.overdue, reasons);
        if (registered) return;

        // The stage stays as long as another objection is open, unless this one ends the case.
        if (--d.c.objections == 0 || outcome == Outcome.UPHELD) _move(d);
        _record(d);
        if (outcome == Outcome.UPHELD) _decline(d);
    }

    /// @dev Only the party's last one can be open. One that was open when its case ended stays so, and is in nobody's way:
    /// to such a product nobody objects any more.
    function _requireNoneOpen(ProductId product, PartyId by) private view {
        uint256 after_ = _lastObjections[product][by];
        if (after_ != 0 && _objections[product].lasts(after_ - 1)) revert ObjectionOpen(product, by, after_ - 1);
    }

    function _countObjection(Deed memory d) private view {
        if (_passed(d.c.publicisedAt, RegistrationFlow.publicity(d.c.profile))) {
            revert DeadlinePassed(d.product, d.act, _publicityEnd(d.c));
        }
        if (d.c.objections == CaseWordLibrary.MOST_OBJECTIONS) revert ObjectionsFull(d.product, d.c.objections);
        ++d.c.objections;
        _move(d);
    }

    function _actOf(ProductId product, uint256 index, Outcome outcome) private pure returns (Act) {
        if (outcome == Outcome.REJECTED) return Act.REJECT;
        if (outcome == Outcome.UPHELD) return Act.UPHOLD;
        if (outcome == Outcome.SETTLED) return Act.SETTLE;
        if (outcome == Outcome.REFERRED) return Act.REFER;
        revert OutcomeMissing(product, index);
    }

    /* AFTER REGISTRATION */

    /// @inheritdoc IRegistrationDesk
    function cancel(ProductId product, Reason reason, bytes32 evidence) external {
        Deed memory d = _deed(product, 0);
        (d.act, d.evidence) = (Act.CANCEL, evidence);
        _end(d, reason);
    }

    /// @inheritdoc IRegistrationDesk
    function revoke(ProductId product, Reason reason, bytes32 evidence) external {
        Deed memory d = _deed(product, 0);
        (d.act, d.evidence) = (Act.REVOKE, evidence);
        _end(d, reason);
    }

    /// @inheritdoc IRegistrationDesk
    function executeAward(ProductId product, PartyId from, PartyId to, uint8 rights, bytes32 evidence) external {
        Deed memory d = _deed(product, 0);
        (d.act, d.evidence) = (Act.AWARD, evidence);
        _exOfficio(d);
        if (parties.standingOf(to) == Standing.NONE) revert IPartyRegistry.PartyUnknown(to);
        if (to == d.by) revert RegistrarOwnData(to);
        emit AwardExecuted(product, from, to, d.by, rights, evidence);
        certificates.amend(product);
        products.move(product, from, to, rights);
    }

    /// @inheritdoc IRegistrationDesk
    function lapse(ProductId product, uint16 index) external {
        Deed memory d = _deed(product, index);
        d.act = Act.LAPSE;
        d.by = parties.partyOf(msg.sender);
        d.c = _requireCase(product, index);
        _requireAllowed(d, Actor.CLOCK);
        d.c = _caseNow(product, index);
        if (d.c.stage != d.to) revert TooEarly(product, _deadline(d.c.since, d.c.dueDays));
        _record(d);
        _decline(d);
    }

    function _exOfficio(Deed memory d) private view returns (ProductHead head) {
        head = _head(d.product);
        d.by = _requireRegistrar(d.product, head.registrar());
        _requireRegistered(d.product, head);
        _requireEvidence(d);
        d.c = _requireCase(d.product, 0);
        _requireAllowed(d, _actors(d) | Actor.REGISTRAR);
    }

    function _end(Deed memory d, Reason reason) private {
        ProductHead head = _exOfficio(d);
        // A registration that was got by fraud is undone all the same.
        if (d.act == Act.CANCEL && head.frozen()) _refuseEncumbered(d.product, head);
        ProductState state = d.act == Act.REVOKE ? ProductState.REVOKED : ProductState.CANCELLED;
        emit RegistrationEnded(d.product, d.by, d.act, reason, d.evidence);
        d.index = _dockets[d.product].laterCases;
        d.c = _caseNow(d.product, d.index);
        if (!RegistrationFlow.ended(d.c.stage)) {
            d.to = Stage.TERMINATED;
            _move(d);
            _record(d);
        }
        uint40 until = head.expired(block.timestamp) ? head.until() : _now();
        _settle(d.product, state, head.registrar(), head.since(), until);
    }

    /* INTERNAL */

    /// @dev What every decision begins with: the case as it stands now, and who decides it.
    function _decide(Deed memory d) private view {
        d.c = _caseNow(d.product, d.index);
        d.by = _requireRegistrar(d.product, d.c.registrar);
        _requireAllowed(d, _actors(d) | Actor.REGISTRAR);
    }

    function _review(Deed memory d) private view {
        _decide(d);
        d.overdue = _reviewOverdue(d.c);
    }

    /// @dev `PROPERTY` allows a case to be turned away only in time; elsewhere it is merely late.
    function _requireAcceptanceOpen(Deed memory d) private view {
        uint16 limit = RegistrationFlow.acceptance(d.c.profile);
        if (d.c.profile == Profile.PUBLIC) {
            d.overdue = _passed(d.c.since, limit);
            return;
        }
        if (!_passed(d.c.since, limit)) return;
        revert DeadlinePassed(d.product, d.act, _deadline(d.c.since, limit));
    }

    /// @dev The working days that the registrar names with the act.
    function _chosen(Act act, uint8 given) private pure returns (uint8) {
        (uint8 least, uint8 most) = RegistrationFlow.chosen(act);
        if (given < least || given > most) revert DueOutOfRange(given, least, most);
        return given;
    }

    function _requireRegistered(ProductId product, ProductHead head) private pure {
        if (head.state() != ProductState.REGISTERED) _refuseState(product, head);
    }

    function _firstAwaited(ProductId product, uint16 index, Case memory c) private view returns (PartyId) {
        uint256 place;
        while (c.awaited >> place & 1 == 0) {
            ++place;
        }
        return _consenter(product, index, c, place);
    }

    function _refuseEncumbered(ProductId product, ProductHead head) private pure {
        revert IProductRegistry.ProductEncumbered(
            product,
            head.annotated(AnnotationKind.SEIZURE),
            head.annotated(AnnotationKind.CONTROL),
            head.annotated(AnnotationKind.DISPUTE)
        );
    }
}
