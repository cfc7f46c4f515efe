"""Test that days of the calendar are told as dates, and not by their numbers."""

from __future__ import annotations

import pytest

from registry import messages
from registry.errors import CalendarEnds
from registry.reverts import CalendarMissing, CalendarReaches, DayStopped, DayTooNear

DAY, LATER = 20_727, 20_820


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("error", "dates"),
    [
        (CalendarEnds(day=LATER, end_day=DAY), ("2027-01-02", "2026-10-01")),
        (CalendarMissing(day=LATER, end_day=DAY), ("2027-01-02", "2026-10-01")),
        (CalendarReaches(given=DAY, end_day=LATER), ("2027-01-02", "2026-10-01")),
        (DayTooNear(day=DAY, allowed_from=LATER), ("2027-01-02", "2026-10-01")),
        (DayStopped(day=DAY), ("2026-10-01",)),
    ],
    ids=lambda given: type(given).__name__,
)
def test_days_are_dates(error: messages.Coded, dates: tuple[str, ...], lang: str) -> None:
    """Whoever asks for a limit beyond the calendar reads up to which date it goes."""
    said = messages.render(error, lang)
    assert all(date in said for date in dates)
    assert str(DAY) not in said
    assert str(LATER) not in said


def test_a_day_beyond_all_dates() -> None:
    """A number that no date has, which only a contract could give, is told as it is."""
    assert "16777215" in messages.render(DayStopped(day=2**24 - 1), "en")
