"""Keep cases of registration as `RegistrationDesk` does, by the same table and calendar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain import flow
from registry.domain.calendar import day_of, start_of, to_date
from registry.domain.case import (
    Case,
    Docket,
    Objection,
    Outcome,
    Record,
    case_of,
    change_pending,
    transfer_of,
)
from registry.domain.case_events import (
    AwardExecuted,
    CaseFiled,
    CaseMoved,
    CertificateIssued,
    CodeGiven,
    ObjectionDecided,
    ObjectionRaised,
    PendingReplaced,
    RegistrationEnded,
)
from registry.domain.case_operations import NO_DIGEST
from registry.domain.flow_table import (
    CHOSEN_DAYS,
    DAYS,
    ENDS,
    Act,
    Actor,
    CaseKind,
    Clock,
    Stage,
)
from registry.domain.party import Role, Scope, Standing
from registry.domain.product import ParticularFlag, ProductState, Profile
from registry.domain.vocabulary import Right, Source
from registry.testing.annotations import encumbered
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from registry.domain import case_operations as ops
    from registry.domain.calendar import WorkCalendar
    from registry.domain.flow_table import Row
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.product import Product
    from registry.testing.calendar import CalendarBook
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.products import ProductBook
    from registry.testing.registrars import RegistrarBook
    from registry.testing.writing import Writing

_MOST_SERIAL: Final = 9_999
_CONTENT: Final = (CaseKind.CHANGE, CaseKind.CORRECTION)
_REPLACING: Final = (CaseKind.INITIAL, *_CONTENT)
_CHOSEN: Final = {
    Act.RETURN: CHOSEN_DAYS[Clock.CORRECTION],
    Act.ASK: CHOSEN_DAYS[Clock.SUPPLEMENT],
    Act.EXTEND: range(1, 11),
}
_OUTCOMES: Final = {
    Outcome.REJECTED: Act.REJECT,
    Outcome.UPHELD: Act.UPHOLD,
    Outcome.SETTLED: Act.SETTLE,
    Outcome.REFERRED: Act.REFER,
}
_BY_APPLICANT: Final = (Act.RESUBMIT, Act.SUPPLEMENT, Act.WITHDRAW)


class CaseBook:
    """Hold cases, objections and codes.

    What rests on grants, the origins of derived data and the operation of public data, is not
    judged here: an application that names a grant is taken as it is.
    """

    def __init__(
        self,
        history: History,
        parties: PartyBook,
        products: ProductBook,
        calendar: CalendarBook,
        registrars: RegistrarBook,
    ) -> None:
        self._parties = parties
        self._products = products
        self._calendar = calendar
        self._registrars = registrars
        self._dockets: Timeline[ProductId, Docket | None] = Timeline(history, None)
        self._words: Timeline[tuple[ProductId, int], int] = Timeline(history, 0)
        self._pending: Timeline[tuple[ProductId, int], bytes] = Timeline(history, NO_DIGEST)
        self._objections: Timeline[ProductId, tuple[Objection, ...]] = Timeline(history, ())
        self._serials: Timeline[tuple[int, int, Profile], int] = Timeline(history, 0)
        self._codes: Timeline[str, ProductId | None] = Timeline(history, None)

    # ---- reads -------------------------------------------------------------------------------

    def docket(self, product: ProductId, block: int | None = None) -> Docket:
        """Return what is kept of a product."""
        found = self._dockets.get(product, block)
        return found or Docket(product=product, profile=Profile.NONE, cases=0)

    def product_of(self, code: str, block: int | None = None) -> ProductId | None:
        """Return the product with a code."""
        return self._codes.get(code, block)

    def cases(self, product: ProductId, block: int | None = None) -> tuple[Case, ...]:
        """Return all cases of a product."""
        count = self.docket(product, block).cases
        return tuple(self._case(product, index, block) for index in range(count))

    def pending(self, product: ProductId, index: int, block: int | None = None) -> bytes:
        """Return what a case would change."""
        return self._pending.get((product, index), block)

    def objections(self, product: ProductId, block: int | None = None) -> tuple[Objection, ...]:
        """Return all objections to a product."""
        return self._objections.get(product, block)

    # ---- filing ------------------------------------------------------------------------------

    def apply(self, now: Writing, o: ops.Apply) -> None:
        """Apply for a first registration, or draft it."""
        act = Act.DRAFT if o.draft else Act.SUBMIT
        if o.profile is Profile.PUBLIC and not o.draft:
            _require_evidence(o.evidence, act)
        filer = self._parties.writer(now.sender)
        registrar = self._stranger(o.registrar, filer)
        if any(share.party == registrar for share in o.shares):
            raise reverts.RegistrarOwnData(registrar=registrar)
        awaited = _awaited(o, filer)
        item = o.registration
        if item.source is Source.DERIVED and not o.origins:
            raise reverts.OriginsMissing(applicant=filer)
        operated = bool(item.flags & ParticularFlag.OPERATED)
        if operated and o.profile is Profile.PROPERTY and not o.operation:
            raise reverts.OperationMissing(applicant=filer)
        product = self._products.open_case(now, filer, o)
        record = Record(
            filer=filer,
            registrar=o.registrar,
            submitted_at=0 if o.draft else now.time,
            since=now.time,
            publicised_at=0,
            kind=CaseKind.INITIAL,
            stage=Stage.DRAFT if o.draft else Stage.SUBMITTED,
            profile=o.profile,
            returned=False,
            waived=False,
            due_days=0,
            extension=0,
            spent_days=0,
            objections=0,
            awaited=awaited,
        )
        self._dockets.set(product, Docket(product=product, profile=o.profile, cases=1))
        self._filed(now, product, 0, record, NO_DIGEST, o.evidence)

    def submit_draft(self, now: Writing, o: ops.SubmitDraft) -> None:
        """Submit a draft."""
        by = self._parties.writer(now.sender)
        record, row = self._proceeding(now, o.product, 0, Act.SUBMIT, by)
        if record.profile is Profile.PUBLIC:
            _require_evidence(o.evidence, Act.SUBMIT)
        moved = replace(self._moved(now, record, row), submitted_at=now.time)
        self._told(now, o.product, 0, moved, by, Act.SUBMIT, o.evidence)
        known = self._products.known(o.product)
        self._products.settle(now, known, ProductState.PENDING, now.time, None)

    def file(self, now: Writing, o: ops.FileCase) -> None:
        """File a case on a registered product."""
        scope = Scope.TRANSFER if o.kind is CaseKind.TRANSFER else Scope.REGISTER
        by = self._parties.writer(now.sender, scope)
        product = self._products.known(o.product)
        held = self._products.rights_of(o.product, by)
        holds = bool(held) if o.kind is CaseKind.TRANSFER else bool(held & Right.HOLD)
        actors = Actor.ANYONE | Actor.HOLDER if holds else Actor.ANYONE
        row = flow.row_for(product.profile, o.kind, Stage.NONE, Act.SUBMIT, actors)
        if row is None:
            raise self._forbidden(product, o.kind, Stage.NONE, actors, Act.SUBMIT)
        index = self.docket(o.product).cases
        last = flow.standing(self._case(o.product, index - 1), self._days(), now.time)
        if last.stage not in ENDS:
            raise reverts.CaseOpen(product=o.product, index=index - 1)
        if not product.as_of(now.time).in_force:
            raise reverts.ProductNotInForce(product=o.product, state=product.state)
        if o.registrar not in (0, product.registrar):
            raise reverts.RegistrarStays(product=o.product, registrar=product.registrar)
        self._stranger(product.registrar, by)
        if product.profile is Profile.PUBLIC:
            _require_evidence(o.evidence, Act.SUBMIT)
        if o.kind is CaseKind.RENEWAL:
            start, until = flow.renewal_window(product.profile, product.until or 0)
            if not start <= now.time < until:
                raise reverts.OutsideWindow(product=o.product, from_=start, until=until)
        if o.kind is CaseKind.TRANSFER:
            self._require_transferable(product, by, held, o.pending)
        elif (o.kind in _CONTENT) != (o.pending != NO_DIGEST):
            raise reverts.PendingInvalid(product=o.product, kind=o.kind, pending=o.pending)
        record = Record(
            filer=by,
            registrar=product.registrar,
            submitted_at=now.time,
            since=now.time,
            publicised_at=0,
            kind=o.kind,
            stage=Stage.SUBMITTED,
            profile=product.profile,
            returned=False,
            waived=False,
            due_days=0,
            extension=0,
            spent_days=0,
            objections=0,
            awaited=1 if o.kind is CaseKind.TRANSFER else 0,
        )
        self._dockets.set(o.product, replace(self.docket(o.product), cases=index + 1))
        self._pending.set((o.product, index), o.pending)
        self._filed(now, o.product, index, record, o.pending, o.evidence)

    # ---- proceeding --------------------------------------------------------------------------

    def proceed(self, now: Writing, o: ops.Proceed) -> None:
        """Do one act with a case."""
        if o.act is Act.LAPSE:
            self._lapse(now, o)
            return
        if o.act in _BY_APPLICANT:
            by = self._parties.writer(now.sender)
            record, row = self._proceeding(now, o.product, o.index, o.act, by)
            self._replace(now, o, record)
        else:
            record, row, by = self._deciding(now, o.product, o.index, o.act)
        case = self._as_case(o.product, o.index, record)
        overdue = self._in_time(now, case, row)
        self._require_unused(o, record)
        moved = self._moved(now, self._changed(now, record, o), row)
        self._told(now, o.product, o.index, moved, by, o.act, o.evidence, overdue=overdue)
        if moved.stage in ENDS:
            self._decline(now, o.product, moved)

    def concur(self, now: Writing, o: ops.Concur) -> None:
        """Agree to a case."""
        by = self._parties.writer(now.sender)
        record = self._now(now, o.product, o.index)
        actors = self._actors(record, by)
        if self._consenter(o, record) == by:
            actors |= Actor.COUNTERPARTY
        self._row(o.product, record, Act.CONCUR, actors)
        if not record.awaited >> o.place & 1:
            raise reverts.ConsentNotAwaited(product=o.product, party=by)
        moved = replace(record, awaited=record.awaited ^ 1 << o.place)
        self._told(now, o.product, o.index, moved, by, Act.CONCUR, NO_DIGEST)

    def enter(self, now: Writing, o: ops.EnterCase) -> None:
        """Enter what a case asks for in the record."""
        record, row, by = self._deciding(now, o.product, o.index, Act.REGISTER)
        _require_evidence(o.evidence, Act.REGISTER)
        case = self._as_case(o.product, o.index, record)
        if record.kind is CaseKind.INITIAL and record.stage is Stage.ACCEPTED and not record.waived:
            raise reverts.PublicityMissing(product=o.product, index=o.index)
        overdue = self._in_time(now, case, row)
        if case.missing:
            raise reverts.ConsentMissing(product=o.product, party=case.missing[0])
        moved = self._moved(now, record, row)
        self._told(now, o.product, o.index, moved, by, Act.REGISTER, o.evidence, overdue=overdue)
        if record.kind is CaseKind.INITIAL:
            self._enter_first(now, record, o)
        else:
            self._enter_later(now, record, o)
        self._enter_content(now, record, o)

    # ---- objections --------------------------------------------------------------------------

    def object(self, now: Writing, o: ops.Object) -> None:
        """Object to an application in publicity, or to a registration."""
        by = self._parties.actor(now.sender, Scope.OBJECT)
        _require_evidence(o.evidence, Act.OBJECT)
        record = self._stored(o.product, 0)
        row = self._row(o.product, record, Act.OBJECT, self._actors(record, by))
        registered = record.stage is Stage.REGISTERED
        if registered:
            self._require_registered(o.product)
        else:
            self._in_time(now, self._as_case(o.product, 0, record), row)
        before = self._objections.get(o.product)
        objection = Objection(
            product=o.product,
            index=len(before),
            by=by,
            since=now.time,
            evidence=o.evidence[:12],
            after_registration=registered,
        )
        self._objections.set(o.product, (*before, objection))
        now.emit(
            ObjectionRaised(
                **now.place,
                product=o.product,
                by=by,
                index=objection.index,
                after_registration=registered,
                evidence=o.evidence,
            )
        )
        if not registered:
            moved = replace(self._moved(now, record, row), objections=record.objections + 1)
            self._told(now, o.product, 0, moved, by, Act.OBJECT, o.evidence)

    def decide(self, now: Writing, o: ops.Decide) -> None:
        """Decide an objection."""
        found = self._objections.get(o.product)
        if o.index >= len(found) or found[o.index].until is not None:
            raise reverts.ObjectionUnknown(product=o.product, index=o.index)
        if o.outcome is Outcome.OPEN:
            raise reverts.OutcomeMissing(product=o.product, index=o.index)
        objection, record = found[o.index], self._stored(o.product, 0)
        registered = objection.after_registration
        number = self._products.known(o.product).registrar if registered else record.registrar
        by = self._require_registrar(now, o.product, number)
        act = _OUTCOMES[o.outcome]
        row = self._row(o.product, record, act, self._actors(record, by) | Actor.REGISTRAR)
        clock = Clock.NOTICE if registered else Clock.OBJECTION
        due = self._days().deadline(objection.since, DAYS[clock][record.profile])
        decided = replace(objection, until=now.time, outcome=o.outcome)
        kept = (*found[: o.index], decided, *found[o.index + 1 :])
        self._objections.set(o.product, kept)
        now.emit(
            ObjectionDecided(
                **now.place,
                product=o.product,
                by=by,
                index=o.index,
                outcome=o.outcome,
                overdue=now.time >= due,
                reasons=o.reasons,
            )
        )
        if registered:
            return
        left = replace(record, objections=record.objections - 1)
        if not left.objections or row.next is Stage.TERMINATED:
            left = self._moved(now, left, row)
        overdue = now.time >= due
        self._told(now, o.product, 0, left, by, act, o.reasons, overdue=overdue)
        if left.stage is Stage.TERMINATED:
            self._decline(now, o.product, left)

    # ---- after registration ------------------------------------------------------------------

    def certify(self, now: Writing, o: ops.Certify) -> None:
        """Record a certificate."""
        product = self._products.known(o.product)
        by = self._require_registrar(now, o.product, product.registrar)
        self._require_registered(o.product)
        docket = self.docket(o.product)
        number = docket.certificates + 1
        self._dockets.set(o.product, replace(docket, certificates=number))
        now.emit(
            CertificateIssued(
                **now.place,
                product=o.product,
                by=by,
                number=number,
                digest=o.digest,
                version=product.latest,
            )
        )

    def end(self, now: Writing, o: ops.EndRegistration) -> None:
        """End a registration as its registrar."""
        product, by = self._ex_officio(now, o.product, o.act, o.evidence)
        now.emit(
            RegistrationEnded(
                **now.place,
                product=o.product,
                by=by,
                act=o.act,
                reason=o.reason,
                evidence=o.evidence,
            )
        )
        index = self.docket(o.product).cases - 1
        record = self._now(now, o.product, index)
        if record.stage not in ENDS:
            ended = replace(record, stage=Stage.TERMINATED, since=now.time)
            self._told(now, o.product, index, ended, by, o.act, o.evidence)
        state = ProductState.REVOKED if o.act is Act.REVOKE else ProductState.CANCELLED
        self._products.settle(now, product, state, product.since, now.time)

    def award(self, now: Writing, o: ops.ExecuteAward) -> None:
        """Move rights as a court or arbitrator decided."""
        _, by = self._ex_officio(now, o.product, Act.AWARD, o.evidence)
        if self._parties.standing_of(o.to) is Standing.NONE:
            raise reverts.PartyUnknown(party=o.to)
        self._dockets.set(o.product, replace(self.docket(o.product), amended=now.time))
        now.emit(
            AwardExecuted(
                **now.place,
                product=o.product,
                from_=o.from_,
                to=o.to,
                by=by,
                rights=o.rights,
                evidence=o.evidence,
            )
        )
        self._products.move(now, o.product, o.from_, o.to, o.rights)

    # ---- entering ----------------------------------------------------------------------------

    def _enter_first(self, now: Writing, record: Record, o: ops.EnterCase) -> None:
        self._require_validity(record, o, now.time, now.time)
        year, month, _ = to_date(day_of(now.time))
        place = (record.registrar, year * 100 + month, record.profile)
        serial = self._serials.get(place) + 1
        if serial > _MOST_SERIAL:
            raise reverts.CodesExhausted(registrar=record.registrar, month=place[1])
        prefix = "SJ" if record.profile is Profile.PROPERTY else "GG"
        seat = next(
            one.seat for one in self._registrars.registrars() if one.number == record.registrar
        )
        code = f"{prefix}{seat}{place[1]}{serial:04}"
        self._serials.set(place, serial)
        self._codes.set(code, o.product)
        docket = replace(self.docket(o.product), code=code, amended=now.time)
        self._dockets.set(o.product, docket)
        now.emit(
            CodeGiven(
                **now.place,
                product=o.product,
                code=code.encode(),
                registrar=record.registrar,
                month=place[1],
                serial=serial,
                profile=record.profile,
            )
        )
        known = self._products.known(o.product)
        self._products.settle(now, known, ProductState.REGISTERED, now.time, o.valid_until)

    def _enter_later(self, now: Writing, record: Record, o: ops.EnterCase) -> None:
        product = self._products.known(o.product)
        expired = record.kind is not CaseKind.RENEWAL and product.as_of(now.time).expired
        if product.state is not ProductState.REGISTERED or expired:
            raise reverts.ProductNotInForce(product=o.product, state=product.state)
        self._dockets.set(o.product, replace(self.docket(o.product), amended=now.time))
        state: ProductState = product.state
        until = product.until
        if record.kind is CaseKind.RENEWAL:
            self._require_validity(record, o, product.until or 0, now.time)
            until = o.valid_until
        elif o.valid_until:
            raise reverts.ValidityOutOfRange(
                product=o.product, given=o.valid_until, least=0, most=0
            )
        if record.kind is CaseKind.CANCELLATION:
            if product.frozen:
                raise encumbered(product)
            state, until = ProductState.CANCELLED, now.time
        if (state, until) != (product.state, product.until):
            self._products.settle(now, product, state, product.since, until)
        if record.kind is CaseKind.TRANSFER:
            if product.encumbered:
                raise encumbered(product)
            to, rights = transfer_of(self.pending(o.product, o.index))
            self._products.move(now, o.product, record.filer, to, rights)

    def _enter_content(self, now: Writing, record: Record, o: ops.EnterCase) -> None:
        pending = NO_DIGEST
        if record.kind in _REPLACING:
            pending = self.pending(o.product, o.index)
        given = o.content_root != NO_DIGEST or o.metadata_hash != NO_DIGEST
        hashed = change_pending(o.content_root, o.metadata_hash) if given else NO_DIGEST
        if hashed != pending:
            raise reverts.PendingMismatch(product=o.product, pending=pending, given=hashed)
        if given:
            self._products.advance(now, o.product, record.filer, o.content_root, o.metadata_hash)

    def _require_validity(self, record: Record, o: ops.EnterCase, start: int, later: int) -> None:
        limit = flow.latest_validity(record.profile, start)
        end = self.docket(o.product).operation_end
        limit = limit if end is None else min(limit, start_of(end))
        after = max(start, later)
        midnight = start_of(day_of(o.valid_until)) == o.valid_until
        if not midnight or not after < o.valid_until <= limit:
            raise reverts.ValidityOutOfRange(
                product=o.product, given=o.valid_until, least=after, most=limit
            )

    # ---- the case as time has moved it -------------------------------------------------------

    def _days(self) -> WorkCalendar:
        return self._calendar.calendar()

    def _stored(self, product: ProductId, index: int, block: int | None = None) -> Record:
        word = self._words.get((product, index), block)
        if not word:
            raise reverts.CaseUnknown(product=product, index=index)
        return Record.of(word)

    def _as_case(
        self, product: ProductId, index: int, record: Record, block: int | None = None
    ) -> Case:
        missing: tuple[PartyId, ...] = ()
        if record.awaited and record.kind is CaseKind.TRANSFER:
            missing = (transfer_of(self.pending(product, index, block))[0],)
        elif record.awaited:
            held = [one.party for one in self._products.holdings(product, block)]
            missing = tuple(one for n, one in enumerate(held) if record.awaited >> n & 1)
        registrar = self._registrar(record.registrar)
        assert registrar is not None  # noqa: S101 (a case is filed with one that there is)
        return case_of(product, index, record, registrar=registrar, missing=missing)

    def _case(self, product: ProductId, index: int, block: int | None = None) -> Case:
        return self._as_case(product, index, self._stored(product, index, block), block)

    def _now(self, now: Writing, product: ProductId, index: int) -> Record:
        record = self._stored(product, index)
        case = self._as_case(product, index, record)
        found = flow.standing(case, self._days(), now.time)
        return replace(record, stage=found.stage, since=found.since)

    def _moved(self, now: Writing, record: Record, row: Row) -> Record:
        if row.next is None:
            return record
        return replace(record, stage=row.next, since=now.time)

    def _changed(self, now: Writing, record: Record, o: ops.Proceed) -> Record:
        """Return the record with what an act changes beside the stage."""
        match o.act:
            case Act.RETURN:
                return replace(record, returned=True, due_days=o.days)
            case Act.EXTEND:
                return replace(record, extension=o.days)
            case Act.WAIVE:
                return replace(record, waived=True)
            case Act.ASK:
                return replace(self._spent(now, record), due_days=o.days)
            case Act.PUBLICISE:
                return replace(self._spent(now, record), publicised_at=now.time)
        return record

    def _spent(self, now: Writing, record: Record) -> Record:
        spent = record.spent_days + self._days().spent(record.since, now.time)
        return replace(record, spent_days=min(spent, 127))

    def _in_time(self, now: Writing, case: Case, row: Row) -> bool:
        """Refuse an act that is too early or too late; return whether it is merely overdue."""
        option = flow.option_of(row, case, self._days(), now.time)
        if option.opens is not None and now.time < option.opens:
            raise reverts.TooEarly(product=case.product, allowed_from=option.opens)
        if option.closes is not None and now.time >= option.closes:
            raise reverts.DeadlinePassed(product=case.product, act=row.act, deadline=option.closes)
        return option.overdue(now.time)

    def _require_unused(self, o: ops.Proceed, record: Record) -> None:
        """Refuse what can be done once, a number of days out of range, and a missing cause."""
        if o.act is Act.RETURN and record.returned:
            raise reverts.AlreadyReturned(product=o.product, index=o.index)
        if o.act is Act.EXTEND and record.extension:
            raise reverts.AlreadyExtended(
                product=o.product, index=o.index, extension=record.extension
            )
        if o.act in (Act.PUBLICISE, Act.WAIVE) and record.waived:
            raise reverts.PublicityWaived(product=o.product, index=o.index)
        span = _CHOSEN.get(o.act)
        if span is not None and o.days not in span:
            raise reverts.DueOutOfRange(given=o.days, least=span.start, most=span.stop - 1)
        if o.act is Act.WAIVE:
            _require_evidence(o.evidence, Act.WAIVE)

    def _replace(self, now: Writing, o: ops.Proceed, record: Record) -> None:
        if o.pending == NO_DIGEST:
            return
        if record.kind not in _REPLACING:
            raise reverts.PendingInvalid(product=o.product, kind=record.kind, pending=o.pending)
        self._pending.set((o.product, o.index), o.pending)
        now.emit(PendingReplaced(**now.place, product=o.product, index=o.index, pending=o.pending))

    def _lapse(self, now: Writing, o: ops.Proceed) -> None:
        stored = self._stored(o.product, o.index)
        self._row(o.product, stored, Act.LAPSE, Actor.CLOCK)
        record = self._now(now, o.product, o.index)
        if record.stage is not Stage.LAPSED:
            limit = self._days().deadline(stored.since, stored.due_days)
            raise reverts.TooEarly(product=o.product, allowed_from=limit)
        by = self._parties.actor(now.sender)
        self._told(now, o.product, o.index, record, by, Act.LAPSE, NO_DIGEST)
        self._decline(now, o.product, record)

    # ---- who acts ----------------------------------------------------------------------------

    def _proceeding(
        self, now: Writing, product: ProductId, index: int, act: Act, by: PartyId
    ) -> tuple[Record, Row]:
        record = self._now(now, product, index)
        return record, self._row(product, record, act, self._actors(record, by))

    def _deciding(
        self, now: Writing, product: ProductId, index: int, act: Act
    ) -> tuple[Record, Row, PartyId]:
        record = self._now(now, product, index)
        by = self._require_registrar(now, product, record.registrar)
        actors = self._actors(record, by) | Actor.REGISTRAR
        return record, self._row(product, record, act, actors), by

    def _row(self, product: ProductId, record: Record, act: Act, actors: Actor) -> Row:
        row = flow.row_for(record.profile, record.kind, record.stage, act, actors)
        if row is None:
            known = self._products.known(product)
            raise self._forbidden(known, record.kind, record.stage, actors, act)
        return row

    def _forbidden(
        self, product: Product, kind: CaseKind, stage: Stage, actors: Actor, act: Act
    ) -> reverts.TransitionForbidden:
        return reverts.TransitionForbidden(
            product=product.id,
            profile=product.profile,
            kind=kind,
            stage=stage,
            actors=actors,
            act=act,
        )

    def _actors(self, record: Record, by: PartyId) -> Actor:
        return Actor.ANYONE | Actor.APPLICANT if record.filer == by else Actor.ANYONE

    def _require_registrar(self, now: Writing, product: ProductId, number: int) -> PartyId:
        by = self._parties.writer(now.sender, Scope.DECIDE)
        if self._registrar(number) != by:
            raise reverts.NotRegistrar(product=product, by=by, registrar=number)
        self._parties.require_role(by, Role.REGISTRAR)
        return by

    def _registrar(self, number: int) -> PartyId | None:
        found = self._registrars.registrars()
        return next((one.party for one in found if one.number == number), None)

    def _stranger(self, number: int, by: PartyId) -> PartyId:
        party = self._registrar(number)
        if party is None:
            raise reverts.RegistrarUnknown(registrar=number)
        self._parties.require_role(party, Role.REGISTRAR)
        if party == by:
            raise reverts.RegistrarOwnData(registrar=party)
        return party

    def _consenter(self, o: ops.Concur, record: Record) -> PartyId | None:
        if record.kind is CaseKind.TRANSFER:
            return transfer_of(self.pending(o.product, o.index))[0]
        held = self._products.holdings(o.product)
        return held[o.place].party if o.place < len(held) else None

    def _require_transferable(
        self, product: Product, by: PartyId, held: Right, pending: bytes
    ) -> None:
        to, rights = transfer_of(pending)
        if not rights:
            raise reverts.PendingInvalid(
                product=product.id, kind=CaseKind.TRANSFER, pending=pending
            )
        if held & rights != rights:
            raise reverts.RightsMissing(product=product.id, party=by, held=held, needed=rights)
        if to == by:
            raise reverts.TransferToSelf(product=product.id, party=to)
        if product.encumbered:
            raise encumbered(product)
        self._parties.require_active(to)
        self._stranger(product.registrar, to)

    def _require_registered(self, product: ProductId) -> Product:
        known = self._products.known(product)
        if known.state is not ProductState.REGISTERED:
            raise reverts.ProductNotInForce(product=product, state=known.state)
        return known

    def _ex_officio(
        self, now: Writing, product: ProductId, act: Act, evidence: bytes
    ) -> tuple[Product, PartyId]:
        known = self._products.known(product)
        by = self._require_registrar(now, product, known.registrar)
        self._require_registered(product)
        _require_evidence(evidence, act)
        record = self._stored(product, 0)
        self._row(product, record, act, self._actors(record, by) | Actor.REGISTRAR)
        return known, by

    # ---- telling -----------------------------------------------------------------------------

    def _filed(
        self,
        now: Writing,
        product: ProductId,
        index: int,
        record: Record,
        pending: bytes,
        evidence: bytes,
    ) -> None:
        self._words.set((product, index), record.word)
        now.emit(
            CaseFiled(
                **now.place,
                product=product,
                by=record.filer,
                index=index,
                pending=pending,
                evidence=evidence,
                word=record.word,
            )
        )

    def _told(
        self,
        now: Writing,
        product: ProductId,
        index: int,
        record: Record,
        by: PartyId,
        act: Act,
        evidence: bytes,
        *,
        overdue: bool = False,
    ) -> None:
        self._words.set((product, index), record.word)
        now.emit(
            CaseMoved(
                **now.place,
                product=product,
                by=by,
                index=index,
                act=act,
                overdue=overdue,
                evidence=evidence,
                word=record.word,
            )
        )

    def _decline(self, now: Writing, product: ProductId, record: Record) -> None:
        """Leave an application that ended without registration a product that is none."""
        if record.kind is CaseKind.INITIAL:
            known = self._products.known(product)
            since = record.submitted_at
            self._products.settle(now, known, ProductState.DECLINED, since, now.time)


def _awaited(o: ops.Apply, applicant: PartyId) -> int:
    """Return whose consent is needed, as a mask of places."""
    item = o.registration
    if item.source is Source.FUSED:
        if item.flags & ParticularFlag.AGREED_RIGHTS or not item.rights & Right.OPERATE:
            return 0
        if not o.shares:
            raise reverts.RightsBeyondSource(source=item.source, rights=item.rights)
    return sum(1 << n for n, share in enumerate(o.shares) if share.party != applicant)


def _require_evidence(evidence: bytes, act: Act) -> None:
    if evidence == NO_DIGEST:
        raise reverts.EvidenceMissing(act=act)
