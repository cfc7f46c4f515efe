"""Working days are shown, loaded and corrected, announced before they change."""

from dataclasses import replace

import pytest

from registry import reverts
from registry.client import Dengji
from registry.domain.calendar import from_date, official
from registry.domain.events import CalendarExtended, DayCorrected
from registry.errors import CalendarEnds
from registry.services.restricted import Step
from registry.testing import MemoryLedger, account

DAY = 86_400


@pytest.fixture
def administrator(ledger: MemoryLedger) -> Dengji:
    """Return the client of who made the deployment."""
    return Dengji(ledger, account(0))


def test_a_correction_is_announced_waits_and_is_done(
    ledger: MemoryLedger, administrator: Dengji
) -> None:
    """The same call takes one step after the other, and tells from when on the next one can be."""
    calendar = administrator.calendar
    day = from_date(2026, 3, 2)
    first = calendar.correct(2026, 3, 2, working=False)
    assert (first.step, first.ready) == (Step.ANNOUNCED, first.now + 5 * DAY)
    between = calendar.correct(2026, 3, 2, working=False)
    assert (between.step, between.receipt, between.ready) == (Step.WAITING, None, first.ready)
    assert calendar.get().is_working(day)
    ledger.advance(5 * DAY)
    done = calendar.correct(2026, 3, 2, working=False)
    assert done.step is Step.DONE
    assert done.receipt is not None
    (event,) = done.receipt.events
    assert isinstance(event, DayCorrected)
    assert (event.day, event.working) == (day, False)
    assert not calendar.get().is_working(day)


def test_an_announcement_lapses(ledger: MemoryLedger, administrator: Dengji) -> None:
    """Not carried out within a week, it is announced anew."""
    calendar = administrator.calendar
    first = calendar.correct(2026, 3, 2, working=False)
    ledger.advance(12 * DAY + 1)
    again = calendar.correct(2026, 3, 2, working=False)
    assert again.step is Step.ANNOUNCED
    assert again.ready is not None
    assert first.lapses is not None
    assert again.ready > first.lapses


def test_days_too_near_are_refused(ledger: MemoryLedger, administrator: Dengji) -> None:
    """What tomorrow is cannot be changed any more."""
    administrator.calendar.correct(2026, 1, 7, working=False)
    ledger.advance(5 * DAY)
    with pytest.raises(reverts.DayTooNear):
        administrator.calendar.correct(2026, 1, 7, working=False)


def test_only_the_administration_announces(holder: Dengji) -> None:
    """A party is refused, and nothing is written."""
    with pytest.raises(reverts.AccessManagerUnauthorizedCall):
        holder.calendar.correct(2026, 3, 2, working=False)


def test_later_days_are_loaded_from_where_the_calendar_ends(
    ledger: MemoryLedger, administrator: Dengji
) -> None:
    """The exceptions of the days loaded before stay, those of the new ones are added."""
    known = official()
    end = known.end_day
    holiday = from_date(2027, 1, 1)
    longer = replace(
        known,
        end_day=end + 365,
        exceptions={
            **known.exceptions,
            holiday // 256: known.exceptions.get(holiday // 256, 0) | 1 << holiday % 256,
        },
    )
    administrator.calendar.load(longer)
    ledger.advance(5 * DAY)
    done = administrator.calendar.load(longer)
    assert done.receipt is not None
    (event,) = done.receipt.events
    assert isinstance(event, CalendarExtended)
    loaded = administrator.calendar.get()
    assert loaded.end_day == end + 365
    assert not loaded.is_working(holiday)
    assert all(
        loaded.is_working(day) == known.is_working(day) for day in range(known.first_day, end)
    )


def test_what_is_not_announced_cannot_be_loaded(administrator: Dengji) -> None:
    """Where the official calendar has no further day, that is said and nothing is sent."""
    with pytest.raises(CalendarEnds):
        administrator.calendar.load()
