"""Say what may happen next to a product: to the case that runs, and beside it.

What a case allows follows from the table alone (`registry.domain.flow`). What stands against an act
for the product's sake, as a seizure or rights that have moved since, is judged here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry.domain import flow
from registry.domain.calendar import start_of
from registry.domain.case import transfer_of
from registry.domain.flow_table import DAYS, ENDS, Actor, CaseKind, Clock, Condition, Stage, rows
from registry.domain.product import ProductState
from registry.domain.vocabulary import Right
from registry.errors import CalendarEnds
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from registry.domain.calendar import WorkCalendar
    from registry.domain.case import Case, Objection
    from registry.domain.flow_table import Row
    from registry.domain.ids import PartyId
    from registry.domain.keys import Registrar
    from registry.domain.lineage import Derivation
    from registry.domain.product import Product, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Hold what of a product, beside its cases, decides what may be done about it.

    `until` is when its validity ends, in seconds since 1970, None while that is open. `filer_holds`
    tells whether whoever filed the last case holds the right that it takes: those to be moved for a
    transfer, HOLD for any other. `longest` is the end of the longest validity that registering that
    case can give, None where it is reckoned from the time of registration. `keeper` is the
    registrar that has the product, None where it is that of the case; `offices` are the parties
    that are registrars now, None where that is not known. `declared` tells whether what the product
    is made of is declared, or need not be, since it is not derived. `suspended` are those whom the
    case names that may write nothing now; whoever else might act is not looked at.
    """

    state: ProductState
    until: int | None
    frozen: bool
    encumbered: bool
    filer_holds: bool
    longest: int | None = None
    keeper: PartyId | None = None
    offices: frozenset[PartyId] | None = None
    declared: bool = True
    suspended: frozenset[PartyId] = frozenset()

    @classmethod
    def of(
        cls,
        product: Product,
        case: Case,
        held: Right,
        pending: bytes,
        operation_end: int | None = None,
        registrars: Sequence[Registrar] | None = None,
        derivation: Derivation | None = None,
        suspended: Iterable[PartyId] = (),
    ) -> Subject:
        """Return what counts of a product for its last case.

        `held` are the rights of whoever filed that case, `pending` what it would change, and
        `operation_end` the day before which every validity of the product ends, None for none.
        `registrars` are all that were ever admitted, None where that is not known. `derivation` is
        what was declared of its first version, None for nothing, and `suspended` are parties that
        may write nothing.
        """
        numbers = {one.number: one.party for one in registrars or ()}
        keeper = numbers.get(product.registrar)
        needed = transfer_of(pending)[1] if case.kind is CaseKind.TRANSFER else Right.HOLD
        return cls(
            state=product.state,
            until=product.until,
            frozen=product.frozen,
            encumbered=product.encumbered,
            filer_holds=needed in held,
            longest=_longest(case, product.until, operation_end),
            keeper=None if keeper == case.registrar else keeper,
            offices=None if registrars is None else _listed(registrars),
            declared=derivation is not None or not product.derived,
            suspended=frozenset(suspended),
        )

    def in_office(self, registrar: PartyId) -> bool:
        """Tell whether a party is a registrar, as far as that is known."""
        return self.offices is None or registrar in self.offices


def prospects(
    case: Case,
    calendar: WorkCalendar,
    time: int,
    subject: Subject,
    objections: Sequence[Objection] = (),
) -> tuple[flow.Option, ...]:
    """Return everything that may happen next, by anyone, to a product with this last case.

    First what may be done about the case, or filed where it is over; then what anyone and the
    registrar may do about a registered product of their own motion, whether a case runs or not.
    """
    beside = _beside(case, calendar, time, subject, objections)
    if flow.standing(case, calendar, time).stage in ENDS:
        found = beside
    else:
        apart = (one for one in beside if one.kind is None)
        found = (*flow.options(case, calendar, time, objections), *apart)
    return tuple(_judged(one, case, subject, time) for one in found)


def _listed(registrars: Sequence[Registrar]) -> frozenset[PartyId]:
    return frozenset(one.party for one in registrars if one.listed)


def _longest(case: Case, until: int | None, operation_end: int | None) -> int | None:
    """Return when the longest validity ends that a case can give, where that is settled."""
    ends = [] if operation_end is None else [start_of(operation_end)]
    if case.kind is CaseKind.RENEWAL and until is not None:
        ends.append(flow.latest_validity(case.profile, until))
    return min(ends, default=None)


def _beside(
    case: Case,
    calendar: WorkCalendar,
    time: int,
    subject: Subject,
    objections: Sequence[Objection],
) -> tuple[flow.Option, ...]:
    """Return what a registration allows; once it has ended, objections may still be answered."""
    if subject.state not in (ProductState.REGISTERED, *_ENDED):
        return ()
    found = tuple(
        replace(one, registrar=subject.keeper)
        for one in _openings(case, calendar, time, subject.until, objections)
    )
    if subject.state is ProductState.REGISTERED:
        return found
    about = (one for one in found if Condition.OBJECTION_OPEN in one.conditions)
    return tuple(one for one in about if not one.blocked)


def _openings(
    case: Case,
    calendar: WorkCalendar,
    time: int,
    until: int | None,
    objections: Sequence[Objection],
) -> tuple[flow.Option, ...]:
    """Return what may happen to a product whose last case is over and that is registered.

    Filings come first, each with its window, then what anyone and the registrar may do of their
    own motion.
    """
    in_force = until is None or time < until
    filings = [
        _filing(row, kind, case.profile, until)
        for row in rows()
        if in_force and row.stages == (Stage.NONE,) and case.profile in row.profiles
        for kind in row.kinds
        if kind is not CaseKind.INITIAL
    ]
    return (*filings, *_later(case.profile, calendar, objections))


def _later(
    profile: Profile, calendar: WorkCalendar, objections: Sequence[Objection]
) -> Iterator[flow.Option]:
    """Yield what may happen after registration, whether a case runs or not."""
    live = [one for one in objections if one.until is None and one.after_registration]
    due = notice_end(live, profile, calendar)
    for row in rows():
        if row.stages == (Stage.REGISTERED,) and profile in row.profiles:
            yield flow.Option(
                act=row.act,
                actors=row.actors,
                stage=Stage.REGISTERED,
                due=due if row.due is Clock.NOTICE else None,
                conditions=row.conditions,
                blocked=tuple(one for one in row.conditions if one in _OF_OBJECTIONS and not live),
            )


def notice_end(
    live: Sequence[Objection | flow.Raised], profile: Profile, calendar: WorkCalendar
) -> int | None:
    """Return by when the oldest open objection to a registration is to be answered, if any is."""
    days = DAYS[Clock.NOTICE][profile]
    try:
        return min((calendar.deadline(one.since, days) for one in live), default=None)
    except CalendarEnds:
        return None


def _filing(row: Row, kind: CaseKind, profile: Profile, until: int | None) -> flow.Option:
    window: tuple[int | None, int | None] = (None, None)
    if kind is CaseKind.RENEWAL and until is not None:
        window = flow.renewal_window(profile, until)
    return flow.Option(
        act=row.act,
        actors=row.actors,
        stage=row.next or Stage.NONE,
        opens=window[0],
        closes=window[1],
        conditions=row.conditions,
        kind=kind,
    )


def _judged(option: flow.Option, case: Case, subject: Subject, time: int) -> flow.Option:
    """Return an option with what the product has against it, open no longer than that allows."""
    against = tuple(
        one for one in option.conditions if one in _HOLDS and not _HOLDS[one](subject, time)
    )
    registrar = option.registrar or case.registrar
    if Actor.REGISTRAR in option.actors and not subject.in_office(registrar):
        against = (*against, Condition.IN_OFFICE)
    named = flow.concerned(option, case)
    # Whoever is suspended may still object, which is for anyone, as are filings for any holder.
    if named and subject.suspended.issuperset(named):
        against = (*against, Condition.ACTIVE)
    limits = {Condition.IN_FORCE: subject.until, Condition.VALIDITY: subject.longest}
    ends = (option.closes, *(limits.get(one) for one in option.conditions))
    closes = min((one for one in ends if one is not None), default=None)
    return replace(option, closes=closes, blocked=(*option.blocked, *against))


_ENDED: Final = (ProductState.CANCELLED, ProductState.REVOKED)
"""The states of a product that was registered and is no more."""

_OF_OBJECTIONS: Final = (Condition.OBJECTION_OPEN,)
"""The conditions that the objections raised since registration decide."""

_HOLDS: Final[dict[Condition, Callable[[Subject, int], bool]]] = {
    Condition.IN_FORCE: lambda subject, time: subject.until is None or time < subject.until,
    Condition.UNFROZEN: lambda subject, _: not subject.frozen,
    Condition.UNENCUMBERED: lambda subject, _: not subject.encumbered,
    Condition.FILER_HOLDS: lambda subject, _: subject.filer_holds,
    Condition.DERIVATION_DECLARED: lambda subject, _: subject.declared,
    Condition.VALIDITY: lambda subject, time: (
        subject.longest is None or max(subject.until or 0, time) < subject.longest
    ),
}
"""How to judge each condition that the product decides."""
