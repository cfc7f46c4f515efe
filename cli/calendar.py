"""`dengji calendar`: show, load and correct the calendar of working days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli import moments, shapes, steps
from cli.grammar import argument, command, group, option
from cli.output import Answer
from cli.types import DAY, NumberType

if TYPE_CHECKING:
    from cli.session import Session
    from registry.domain.calendar import WorkCalendar

calendar = group("calendar")

_YEAR: Final = NumberType(1970, 9999)


@command("calendar.show", calendar)
@option("--year", type=_YEAR, metavar="YEAR")
@option("--days", type=NumberType(0, 400), metavar="DAYS")
@option("--start", metavar="WHEN")
@option("--at", metavar="WHEN")
def show(
    session: Session, year: int | None, days: int | None, start: str | None, at: str | None
) -> Answer:
    """Show which days are worked, and when a time limit ends."""
    from registry.domain.calendar import show_day, to_date  # noqa: PLC0415 (start-up time)
    from registry.domain.times import parse_time  # noqa: PLC0415 (start-up time)

    client = session.reading()
    found = client.calendar.get(at=moments.moment(at))
    now = client.ledger.moment().time
    begin = now if start is None else parse_time(start, start=now)
    shown = year or to_date((begin + 28_800) // 86_400)[0]
    return Answer(
        value={
            "first_day": show_day(found.first_day),
            "last_day": show_day(found.end_day - 1),
            "year": shown,
            "holidays": _exceptions(found, shown, working=False),
            "worked_weekends": _exceptions(found, shown, working=True),
            "start": shapes.time(begin) if days is not None else None,
            "deadline": shapes.time(found.deadline(begin, days)) if days is not None else None,
        }
    )


def _exceptions(found: WorkCalendar, year: int, *, working: bool) -> list[str]:
    """Return the loaded days of a year that are not what their weekday says."""
    from registry.domain.calendar import from_date, is_weekday, show_day  # noqa: PLC0415 (start-up)

    first = max(found.first_day, from_date(year, 1, 1))
    end = min(found.end_day, from_date(year + 1, 1, 1))
    return [
        show_day(day)
        for day in range(first, end)
        if found.is_working(day) is working and is_weekday(day) is not working
    ]


@command("calendar.load", calendar)
@option("--until", type=DAY, metavar="DAY")
def load(session: Session, until: int | None) -> Answer:
    """Load the days announced after those loaded."""
    step = session.writing().calendar.load(until=None if until is None else until + 1)
    return steps.answer("calendar.load", step)


@command("calendar.correct", calendar)
@argument("day", type=DAY)
@option("--working/--off", "working", required=True)
def correct(session: Session, day: int, working: bool) -> Answer:
    """Make a day a working day, or one off."""
    from registry.domain.calendar import show_day, to_date  # noqa: PLC0415 (start-up time)

    step = session.writing().calendar.correct(*to_date(day), working=working)
    return steps.answer("calendar.correct", step, day=show_day(day), working=working)
