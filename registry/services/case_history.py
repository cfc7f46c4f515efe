"""Put together from events what became of cases, and which of them somebody has to deal with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain import flow
from registry.domain.case import Outcome, Record, case_of, transfer_of
from registry.domain.case_events import (
    AwardExecuted,
    CaseFiled,
    CaseMoved,
    ObjectionDecided,
    ObjectionRaised,
    PendingReplaced,
    RegistrationEnded,
)
from registry.domain.events import HoldersNamed, RegistrarAdmitted
from registry.domain.flow_table import Act, CaseKind, Stage
from registry.domain.ids import PartyId
from registry.domain.prospects import notice_end
from registry.domain.timeline import Entry, Pending
from registry.services.standing import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.calendar import WorkCalendar
    from registry.domain.case import Case
    from registry.domain.events import Event
    from registry.domain.ids import ProductId
    from registry.domain.ledger import Ledger
    from registry.domain.moment import Moment

_NOBODY: Final = PartyId.of(0)
_HISTORY: Final = (
    CaseFiled,
    CaseMoved,
    ObjectionRaised,
    ObjectionDecided,
    RegistrationEnded,
    AwardExecuted,
)
_ACTS: Final = {
    Outcome.REJECTED: Act.REJECT,
    Outcome.UPHELD: Act.UPHOLD,
    Outcome.SETTLED: Act.SETTLE,
    Outcome.REFERRED: Act.REFER,
}


def entries(
    ledger: Ledger, product: ProductId, calendar: WorkCalendar, moment: Moment
) -> tuple[Entry, ...]:
    """Return what happened to a product's cases up to a moment, time's own doings among it."""
    told: list[Entry] = []
    last: Case | None = None
    found = ledger.events(_HISTORY, product=product, last=moment.block)
    for event in until(ledger, moment, found):
        time = event.time or 0
        told += _by_clock(last, calendar, time)
        if isinstance(event, CaseFiled | CaseMoved):
            last = _case(event)
            told.append(_entry(event, last, calendar, time))
        elif (entry := _apart(event, last, time)) is not None:
            told.append(entry)
    told += _by_clock(last, calendar, moment.time)
    return tuple(told)


def desk(ledger: Ledger) -> Iterator[Pending]:
    """Yield the last case of each product, in the order of their first filing."""
    moment, calendar = ledger.moment(), ledger.calendar()
    book = _Book()
    kinds = (
        CaseFiled,
        CaseMoved,
        PendingReplaced,
        ObjectionRaised,
        ObjectionDecided,
        HoldersNamed,
        RegistrarAdmitted,
    )
    for event in until(ledger, moment, ledger.events(kinds, last=moment.block)):
        book.note(event)
    for product in book.last:
        case = book.case(product)
        objections = tuple(book.objections.get(product, {}).values())
        notices = tuple(book.notices.get(product, {}).values())
        awaiting = flow.awaited(case, calendar, moment.time)
        if notices and case.registrar not in awaiting:
            awaiting = (*awaiting, case.registrar)
        limits = (
            flow.due(case, calendar, moment.time, objections),
            notice_end(notices, case.profile, calendar),
        )
        yield Pending(
            case=case,
            standing=flow.standing(case, calendar, moment.time),
            awaiting=awaiting,
            due=min((one for one in limits if one is not None), default=None),
            time=moment.time,
            objections=len(notices),
        )


class _Book:
    """Keep the last word on each product while its events go by."""

    def __init__(self) -> None:
        self.last: dict[ProductId, CaseFiled | CaseMoved] = {}
        self.objections: dict[ProductId, dict[int, flow.Raised]] = {}
        self.notices: dict[ProductId, dict[int, flow.Raised]] = {}
        self._holders: dict[ProductId, tuple[PartyId, ...]] = {}
        self._pending: dict[ProductId, bytes] = {}
        self._registrars: dict[int, PartyId] = {}

    def note(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case CaseFiled():
                self.last[event.product] = event
                self._pending[event.product] = event.pending
            case CaseMoved():
                self.last[event.product] = event
            case PendingReplaced():
                self._pending[event.product] = event.pending
            case ObjectionRaised():
                raised = flow.Raised(since=event.time or 0)
                book = self.notices if event.after_registration else self.objections
                book.setdefault(event.product, {})[event.index] = raised
            case ObjectionDecided():
                for book in (self.notices, self.objections):
                    book.get(event.product, {}).pop(event.index, None)
            case HoldersNamed():
                self._holders[event.product] = tuple(one.party for one in event.shares)
            case RegistrarAdmitted():
                self._registrars[event.number] = event.party

    def case(self, product: ProductId) -> Case:
        """Return the last case of a product, its parties named."""
        event = self.last[product]
        record = Record.of(event.word)
        return case_of(
            product,
            event.index,
            record,
            registrar=self._registrars.get(record.registrar, _NOBODY),
            missing=self._missing(product, record),
        )

    def _missing(self, product: ProductId, record: Record) -> tuple[PartyId, ...]:
        if not record.awaited:
            return ()
        if record.kind is CaseKind.TRANSFER:
            return (transfer_of(self._pending[product])[0],)
        holders = self._holders.get(product, ())
        return tuple(one for place, one in enumerate(holders) if record.awaited >> place & 1)


def _case(event: CaseFiled | CaseMoved) -> Case:
    """Return the case that an event tells of, which is enough to reckon its times."""
    return case_of(event.product, event.index, Record.of(event.word), registrar=_NOBODY)


def _by_clock(last: Case | None, calendar: WorkCalendar, time: int) -> list[Entry]:
    """Return what time did to a case before something else happened."""
    if last is None:
        return []
    now = flow.standing(last, calendar, time)
    if not now.deemed:
        return []
    act = Act.DEEM_ACCEPTED if now.stage is Stage.ACCEPTED else Act.LAPSE
    return [Entry(case=last.index, act=act, stage=now.stage, time=now.since)]


def _entry(event: CaseFiled | CaseMoved, case: Case, calendar: WorkCalendar, time: int) -> Entry:
    filed = Act.DRAFT if case.stage is Stage.DRAFT else Act.SUBMIT
    return Entry(
        case=event.index,
        act=event.act if isinstance(event, CaseMoved) else filed,
        stage=case.stage,
        time=time,
        by=event.by,
        due=flow.stage_limit(case, calendar, time),
        overdue=isinstance(event, CaseMoved) and event.overdue,
        digest=event.evidence if any(event.evidence) else None,
        block=event.block,
        transaction=event.transaction,
    )


def _apart(event: Event, last: Case | None, time: int) -> Entry | None:
    """Return what is told of a product, and by no event of a case as well."""
    number = 0 if last is None else last.index
    index: int | None = None
    match event:
        case ObjectionRaised(after_registration=True):
            act, by, digest, index = Act.OBJECT, event.by, event.evidence, event.index
        case ObjectionDecided() if last is None or last.over:
            act, by, digest, index = _ACTS[event.outcome], event.by, event.reasons, event.index
        case RegistrationEnded():
            act, by, digest = event.act, event.by, event.evidence
        case AwardExecuted():
            act, by, digest = Act.AWARD, event.by, event.evidence
        case _:
            return None
    return Entry(
        case=number,
        act=act,
        stage=Stage.REGISTERED,
        time=time,
        by=by,
        overdue=bool(getattr(event, "overdue", False)),
        digest=digest if any(digest) else None,
        index=index,
        block=event.block,
        transaction=event.transaction,
    )
