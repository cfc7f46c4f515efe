"""The terms of a registration, by dates reckoned by hand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from registry.domain import flow
from registry.domain.product import Profile

CHINA = timezone(timedelta(hours=8))


def at(text: str) -> int:
    """Return the midnight that a day in China begins with."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp())


@pytest.mark.parametrize(
    ("profile", "until", "opens"),
    [
        (Profile.PUBLIC, "2027-12-31", "2027-11-01"),
        (Profile.PUBLIC, "2028-03-31", "2028-01-31"),
        (Profile.PUBLIC, "2029-03-31", "2029-01-30"),
        (Profile.PROPERTY, "2029-03-31", "2028-09-30"),
    ],
)
def test_a_renewal_is_asked_for_in_the_last_days(profile: Profile, until: str, opens: str) -> None:
    """Sixty days before the end, a leap day counted with them, or six months by the calendar."""
    assert flow.renewal_window(profile, at(until)) == (at(opens), at(until))


@pytest.mark.parametrize(
    ("profile", "day", "end"),
    [
        (Profile.PUBLIC, "2026-11-23", "2029-11-23"),
        (Profile.PROPERTY, "2026-11-23", "2031-11-23"),
        (Profile.PUBLIC, "2028-02-29", "2031-02-28"),
    ],
)
def test_a_registration_is_valid_for_some_years(profile: Profile, day: str, end: str) -> None:
    """Three years or five by the calendar, whatever the hour of its registration."""
    assert flow.latest_validity(profile, at(day)) == at(end)
    assert flow.latest_validity(profile, at(day) + 86_399) == at(end)
