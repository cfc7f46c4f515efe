"""Under PUBLIC an application is due so many working days after operation began."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from registry.domain.calendar import from_date, official
from registry.domain.case import Case
from registry.domain.flow_table import CaseKind, Stage
from registry.domain.ids import PartyId, ProductId
from registry.domain.product import Profile
from registry.domain.submission import Submission, submission

CALENDAR = official(2026)
CHINA = timezone(timedelta(hours=8))
BEGAN = date(2026, 9, 28)


def at(text: str) -> int:
    """Return the time that a clock in China shows."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp())


# National Day: off from 1 to 7 October, and 10 October, a Saturday, is worked.
DUE = at("2026-10-31T00:00:00")
CASE = Case(
    product=ProductId(bytes(20)),
    index=0,
    profile=Profile.PUBLIC,
    kind=CaseKind.INITIAL,
    stage=Stage.SUBMITTED,
    filer=PartyId(b"\x01" * 8),
    registrar=PartyId(b"\x02" * 8),
    since=DUE,
    submitted=DUE,
)


@pytest.mark.parametrize(("submitted", "late"), [(DUE - 1, False), (DUE, True)])
def test_the_last_second_is_in_time(submitted: int, *, late: bool) -> None:
    """It counts when it was submitted, whatever has happened since."""
    told = submission(replace(CASE, submitted=submitted), BEGAN, CALENDAR, DUE + 9)
    since = from_date(2026, 9, 28)
    assert told == Submission(since=since, due=DUE, submitted=True, late=late)


@pytest.mark.parametrize(("time", "late"), [(DUE - 1, False), (DUE, True)])
def test_a_draft_is_late_once_its_time_is_over(time: int, *, late: bool) -> None:
    """Until it is submitted the present decides."""
    draft = replace(CASE, stage=Stage.DRAFT, submitted=None)
    told = submission(draft, BEGAN, CALENDAR, time)
    assert told is not None
    assert (told.due, told.submitted, told.late) == (DUE, False, late)


def test_nothing_else_has_such_a_limit() -> None:
    """Neither the other profile, nor a later case, nor a form that names no day."""
    assert submission(replace(CASE, profile=Profile.PROPERTY), BEGAN, CALENDAR, DUE) is None
    assert submission(replace(CASE, kind=CaseKind.CHANGE), BEGAN, CALENDAR, DUE) is None
    assert submission(CASE, None, CALENDAR, DUE) is None


def test_what_began_before_the_ledgers_calendar_is_reckoned_all_the_same() -> None:
    """The official calendar has the years before, holidays at the turn of the year included."""
    told = submission(CASE, date(2025, 12, 22), CALENDAR, DUE)
    assert told is not None
    # Off from 1 to 3 January, and 4 January, a Sunday, is worked.
    assert told.due == at("2026-01-21T00:00:00")
    assert told.late


def test_beyond_the_calendar_nothing_is_told() -> None:
    """A year that is not announced is not guessed at."""
    assert submission(CASE, date(2026, 12, 21), CALENDAR, DUE) is None
