"""Say where a case stands at a time, what may happen next, by whom, from when and until when.

Pure: everything follows from the stored case, the table of the workflow and the calendar. What
lapses or counts as done by the passing of time is computed here, as the contract computes it on
read; nothing waits for anybody to write it down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.calendar import add_months, day_of, start_of
from registry.domain.flow_table import (
    DAYS,
    ENDS,
    RENEWAL_DAYS,
    RENEWAL_MONTHS,
    VALIDITY_YEARS,
    Act,
    Actor,
    CaseKind,
    Clock,
    Condition,
    Row,
    Stage,
    rows,
)
from registry.errors import CalendarEnds
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from registry.domain.calendar import WorkCalendar
    from registry.domain.case import Case, Objection
    from registry.domain.ids import PartyId
    from registry.domain.product import Profile

_CLOCKS: Final = {
    Stage.SUBMITTED: Clock.ACCEPTANCE,
    Stage.RETURNED: Clock.CORRECTION,
    Stage.ACCEPTED: Clock.REVIEW,
    Stage.SUPPLEMENTING: Clock.SUPPLEMENT,
    Stage.PUBLICISED: Clock.PUBLICITY,
    Stage.OBJECTED: Clock.OBJECTION,
}
"""The time limit that runs at each stage."""

_NEEDED: Final = frozenset(
    {
        Act.SUBMIT,
        Act.ACCEPT,
        Act.RESUBMIT,
        Act.SUPPLEMENT,
        Act.PUBLICISE,
        Act.REGISTER,
        Act.REJECT,
        Act.CONCUR,
    }
)
"""The acts that bring a case on: who may do one of them is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold where a case stands at a time, and since when; `deemed` says the clock moved it."""

    stage: Stage
    since: int
    deemed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Hold as much of an objection as its time limit needs: since when it is open."""

    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Hold one thing that may happen next.

    It may be done from `opens` on and before `closes`, each None where there is no such limit, and
    is overdue from `due` on. `conditions` are all that the table names, `blocked` those known not
    to hold now. `unknown` says that the calendar does not reach to one of the limits, and so the
    ledger refuses the act. `stage` is the one that follows. `kind` is that of a case that may be
    filed, None for an act on the last. `registrar` is who has the product, where that one acts and
    not the registrar of the case.
    """

    act: Act
    actors: Actor
    stage: Stage
    opens: int | None = None
    closes: int | None = None
    due: int | None = None
    conditions: tuple[Condition, ...] = ()
    blocked: tuple[Condition, ...] = ()
    unknown: bool = False
    kind: CaseKind | None = None
    registrar: PartyId | None = None

    @property
    def by_clock(self) -> bool:
        """Tell whether time alone does it."""
        return self.actors is Actor.CLOCK

    def allowed(self, time: int) -> bool:
        """Tell whether it may be done at a time."""
        started = self.opens is None or time >= self.opens
        over = self.closes is not None and time >= self.closes
        return started and not (over or self.blocked or self.unknown or self.by_clock)

    def allowed_but_for(self, time: int) -> bool:
        """Tell whether it might be done at a time, its conditions left aside."""
        started = self.opens is None or time >= self.opens
        return started and not (self.closes is not None and time >= self.closes)

    def overdue(self, time: int) -> bool:
        """Tell whether it would be done too late at a time, though it would stand."""
        return self.due is not None and time >= self.due


def standing(case: Case, calendar: WorkCalendar, time: int) -> Standing:
    """Return where a case stands at a time not before it was last written to.

    A limit beyond the calendar has not run out: the calendar always reaches beyond the present.
    """
    stored = Standing(stage=case.stage, since=case.since)
    for row in _rows_at(case, case.stage, Actor.CLOCK):
        try:
            at = _opening(row, case, calendar, stored)
        except CalendarEnds:
            continue
        if at is not None and row.next is not None and time >= at:
            return Standing(stage=row.next, since=at, deemed=True)
    return stored


def options(
    case: Case, calendar: WorkCalendar, time: int, objections: Sequence[Objection | Raised] = ()
) -> tuple[Option, ...]:
    """Return everything that may happen next to a case that is not over, in the table's order."""
    now = standing(case, calendar, time)
    if now.stage in ENDS:
        return ()
    return tuple(
        _option(row, case, calendar, now, objections) for row in _rows_at(case, now.stage, None)
    )


def stage_limit(
    case: Case,
    calendar: WorkCalendar,
    time: int,
    objections: Sequence[Objection | Raised] = (),
) -> int | None:
    """Return when the time limit that belongs to the present stage runs out, None for none."""
    now = standing(case, calendar, time)
    try:
        return _limit(case, calendar, _CLOCKS.get(now.stage), now, objections)
    except CalendarEnds:
        return None


def due(
    case: Case,
    calendar: WorkCalendar,
    time: int,
    objections: Sequence[Objection | Raised] = (),
) -> int | None:
    """Return by when somebody has to act: the limit of the stage, after publicity the review's."""
    now = standing(case, calendar, time)
    if now.stage is Stage.PUBLICISED and time >= (publicity_end(case, calendar) or 0):
        return _review_end(case, calendar, now)
    return stage_limit(case, calendar, time, objections)


def awaited(case: Case, calendar: WorkCalendar, time: int) -> tuple[PartyId, ...]:
    """Return the parties that a case waits for at a time, none while it waits for time alone.

    Whoever may act but need not, as to withdraw or refuse, is not waited for.
    """
    named: dict[PartyId, None] = {}
    for option in options(case, calendar, time):
        lacking = set(option.blocked) - {Condition.CONCURRED, Condition.PUBLICITY_SETTLED}
        if option.act in _NEEDED and not lacking and option.allowed_but_for(time):
            named.update(dict.fromkeys(concerned(option, case)))
    return tuple(named)


def option_of(row: Row, case: Case, calendar: WorkCalendar, time: int) -> Option:
    """Return one row of the table as it stands for a case at a time."""
    return _option(row, case, calendar, standing(case, calendar, time), ())


def following(case: Case, row: Row, now: Stage) -> Stage:
    """Return the stage after an act of this row."""
    if row.next is None or (row.stays is not None and _HOLDS[row.stays](case)):
        return now
    return row.next


def row_for(profile: Profile, kind: CaseKind, stage: Stage, act: Act, actors: Actor) -> Row | None:
    """Return the row of the table that lets one of `actors` do an act, None where none does."""
    for row in rows():
        fits = profile in row.profiles and kind in row.kinds and stage in row.stages
        if row.act is act and fits and row.actors & actors:
            return row
    return None


def unmet(case: Case, row: Row) -> tuple[Condition, ...]:
    """Return the conditions of a row that do not hold for a case; those of a filing are not asked.

    What a submission must fulfil depends on the product and is judged by the ledger.
    """
    return tuple(one for one in row.conditions if one in _HOLDS and not _HOLDS[one](case))


def review_days(case: Case) -> int:
    """Return how many working days the review has in all."""
    return DAYS[Clock.REVIEW][case.profile] + case.extension


def review_spent(case: Case, calendar: WorkCalendar, now: Standing, time: int) -> int:
    """Return how many working days of the review are spent at a time, paused ones left out.

    The review stands still while material is waited for, during publicity, and while an objection
    is open.
    """
    start = _review_resumed(case, calendar, now)
    if start is None or time <= start:
        return case.spent_days
    return case.spent_days + calendar.spent(start, time)


def publicity_end(case: Case, calendar: WorkCalendar) -> int | None:
    """Return when publicity is over, None where it has not begun."""
    if case.publicised is None:
        return None
    return calendar.deadline(case.publicised, DAYS[Clock.PUBLICITY][case.profile])


def objection_due(objection: Objection | Raised, profile: Profile, calendar: WorkCalendar) -> int:
    """Return by when an objection raised in publicity must be decided."""
    return calendar.deadline(objection.since, DAYS[Clock.OBJECTION][profile])


def renewal_window(profile: Profile, until: int) -> tuple[int, int]:
    """Return from when until when the renewal of what is valid until a time may be asked for."""
    day = day_of(until)
    if profile in RENEWAL_MONTHS:
        return start_of(add_months(day, -RENEWAL_MONTHS[profile])), start_of(day)
    return start_of(day - RENEWAL_DAYS[profile]), start_of(day)


def latest_validity(profile: Profile, time: int) -> int:
    """Return the latest end of the validity of what is registered, or was to end, at a time."""
    return start_of(add_months(day_of(time), 12 * VALIDITY_YEARS[profile]))


def concerned(option: Option, case: Case) -> tuple[PartyId, ...]:
    """Return the parties that an option waits for, none where it is open to others as well."""
    named: list[PartyId] = []
    if Actor.APPLICANT in option.actors:
        named.append(case.filer)
    if Actor.REGISTRAR in option.actors:
        named.append(option.registrar or case.registrar)
    if Actor.COUNTERPARTY in option.actors:
        named += case.missing
    return tuple(named)


def _rows_at(case: Case, stage: Stage, actor: Actor | None) -> Iterator[Row]:
    for row in rows():
        fits = case.profile in row.profiles and case.kind in row.kinds and stage in row.stages
        if fits and (actor is None or actor in row.actors):
            yield row


def _option(
    row: Row,
    case: Case,
    calendar: WorkCalendar,
    now: Standing,
    objections: Sequence[Objection | Raised],
) -> Option:
    """Return a row as it stands for a case, its limits as times."""
    unknown = False
    opens = closes = due = None
    try:
        opens = _opening(row, case, calendar, now)
        closes = _limit(case, calendar, row.before, now)
    except CalendarEnds:
        unknown = True
    try:
        due = _limit(case, calendar, row.due, now, objections)
    except CalendarEnds:
        due = None
    return Option(
        act=row.act,
        actors=row.actors,
        stage=following(case, row, now.stage),
        opens=opens,
        closes=closes,
        due=due,
        conditions=row.conditions,
        blocked=unmet(case, row),
        unknown=unknown,
    )


def _opening(row: Row, case: Case, calendar: WorkCalendar, now: Standing) -> int | None:
    """Return from when on an act is possible, or when the clock does it; None for at once."""
    at = _limit(case, calendar, row.after, now)
    if at is not None and row.act is Act.DEEM_ACCEPTED:
        return calendar.next_working_day(at)
    return at


def _limit(
    case: Case,
    calendar: WorkCalendar,
    clock: Clock | None,
    now: Standing,
    objections: Sequence[Objection | Raised] = (),
) -> int | None:
    """Return when a time limit runs out, None where none is set."""
    match clock:
        case Clock.ACCEPTANCE:
            return calendar.deadline(now.since, DAYS[clock][case.profile])
        case Clock.CORRECTION | Clock.SUPPLEMENT:
            return calendar.deadline(now.since, case.due_days)
        case Clock.PUBLICITY:
            return publicity_end(case, calendar)
        case Clock.REVIEW:
            return _review_end(case, calendar, now)
        case Clock.OBJECTION:
            open_ = [
                objection_due(one, case.profile, calendar) for one in objections if not one.until
            ]
            return min(open_, default=None)
        case _:
            return None


def _review_resumed(case: Case, calendar: WorkCalendar, now: Standing) -> int | None:
    """Return since when the review runs on, None while it stands still."""
    if now.stage is Stage.ACCEPTED:
        return now.since
    if now.stage is Stage.PUBLICISED:
        # The last day of publicity is not counted, the first one after it is.
        return max((publicity_end(case, calendar) or 1) - 1, now.since)
    return None


def _review_end(case: Case, calendar: WorkCalendar, now: Standing) -> int | None:
    """Return from when on the review is overdue, None while it stands still."""
    start = _review_resumed(case, calendar, now)
    if start is None:
        return None
    left = review_days(case) - case.spent_days
    return now.since if left < 0 else calendar.deadline(start, left)


_HOLDS: Final[dict[Condition, Callable[[Case], bool]]] = {
    Condition.NOT_RETURNED: lambda case: not case.returned,
    Condition.NOT_EXTENDED: lambda case: not case.extension,
    Condition.NOT_PUBLICISED: lambda case: case.publicised is None and not case.waived,
    Condition.PUBLICITY_SETTLED: lambda case: case.waived,
    Condition.CONCURRED: lambda case: not case.missing,
    Condition.CONSENT_MISSING: lambda case: bool(case.missing),
    Condition.OBJECTIONS_DECIDED: lambda case: case.objections == 0,
    Condition.OBJECTION_OPEN: lambda case: case.objections > 0,
    Condition.OTHERS_OPEN: lambda case: case.objections > 1,
}
"""How to judge each condition that the case alone decides."""
