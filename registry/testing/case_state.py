"""Keep where cases stand, who may act on them, and tell what was done, as the desk does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain import flow
from registry.domain.case import (
    Case,
    Docket,
    Objection,
    Record,
    case_of,
    transfer_of,
)
from registry.domain.case_events import (
    CaseFiled,
    CaseMoved,
    PendingReplaced,
)
from registry.domain.case_operations import NO_DIGEST
from registry.domain.flow_table import (
    CHOSEN_DAYS,
    DAYS,
    Act,
    Actor,
    CaseKind,
    Clock,
    Stage,
)
from registry.domain.party import Role, Scope
from registry.domain.product import ProductState, Profile
from registry.domain.vocabulary import Right
from registry.errors import CalendarEnds
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
    from registry.testing.lineage import LineageBook
    from registry.testing.parties import PartyBook
    from registry.testing.products import ProductBook
    from registry.testing.registrars import RegistrarBook
    from registry.testing.writing import Writing

CONTENT: Final = (CaseKind.CHANGE, CaseKind.CORRECTION)
"""The kinds of cases that ask for other content."""
REPLACING: Final = (CaseKind.INITIAL, *CONTENT)
"""The kinds of cases whose form may be handed in anew."""
_CHOSEN: Final = {
    Act.RETURN: CHOSEN_DAYS[Clock.CORRECTION],
    Act.ASK: CHOSEN_DAYS[Clock.SUPPLEMENT],
    Act.EXTEND: range(1, 11),
}


class CaseState:
    """Hold dockets, records, what is pending, objections and codes, and judge who may do what."""

    def __init__(
        self,
        history: History,
        parties: PartyBook,
        products: ProductBook,
        calendar: CalendarBook,
        registrars: RegistrarBook,
        lineage: LineageBook,
    ) -> None:
        self._parties = parties
        self._products = products
        self._calendar = calendar
        self._registrars = registrars
        self._lineage = lineage
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
                self._require_end_of_publicity(now, record.profile)
                return replace(self._spent(now, record), publicised_at=now.time)
        return record

    def _require_end_of_publicity(self, now: Writing, profile: Profile) -> None:
        """Refuse publicity of which nobody could say when it ends."""
        try:
            self._days().deadline(now.time, DAYS[Clock.PUBLICITY][profile])
        except CalendarEnds as error:
            raise reverts.CalendarMissing(day=error.day, end_day=error.end_day) from error

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
            require_evidence(o.evidence, Act.WAIVE)

    def _replace(self, now: Writing, o: ops.Proceed, record: Record) -> Record:
        """Put other content up for registration, to which the other holders have not agreed yet."""
        if o.pending == NO_DIGEST:
            return record
        if record.kind not in REPLACING:
            raise reverts.PendingInvalid(product=o.product, kind=record.kind, pending=o.pending)
        self._pending.set((o.product, o.index), o.pending)
        now.emit(PendingReplaced(**now.place, product=o.product, index=o.index, pending=o.pending))
        if not record.joint:
            return record
        held = self._products.holdings(o.product)
        others = sum(1 << n for n, one in enumerate(held) if one.party != record.filer)
        return replace(record, awaited=others)

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

    def _require_impartial(self, product: Product, by: PartyId) -> None:
        """Refuse a registrar that files itself, or holds a right in the product."""
        office = self._stranger(product.registrar, by)
        if self._products.rights_of(product.id, office):
            raise reverts.RegistrarOwnData(registrar=office)

    def _consenter(self, o: ops.Concur, record: Record) -> PartyId | None:
        if record.kind is CaseKind.TRANSFER:
            return transfer_of(self.pending(o.product, o.index))[0]
        moved = self._products.known(o.product).moved
        held = self._products.holdings(o.product) if moved else ()
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
        require_evidence(evidence, act)
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
            self._products.settle(now, known, ProductState.DECLINED, known.since, now.time)


def require_evidence(evidence: bytes, act: Act) -> None:
    """Refuse an act that rests on no document."""
    if evidence == NO_DIGEST:
        raise reverts.EvidenceMissing(act=act)
