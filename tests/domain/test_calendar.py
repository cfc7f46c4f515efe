"""Working days are reckoned as people at UTC+8 reckon them."""

from datetime import UTC, date, datetime, timedelta, timezone

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import calendar as days
from registry.domain.calendar import WorkCalendar, day_of, from_date, official, start_of
from registry.errors import CalendarEnds

OFFICIAL = official()
CHINA = timezone(timedelta(hours=8))


def at(text: str) -> int:
    """Return the time that a clock in China shows."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp())


known_times = st.integers(at("2024-01-02T00:00:00"), at("2026-09-01T00:00:00"))
lengths = st.integers(0, 40)


def test_the_official_calendar_is_the_announced_one() -> None:
    """Each day of the loaded years is working or not as announced."""
    for day in range(OFFICIAL.first_day, OFFICIAL.end_day):
        assert OFFICIAL.is_working(day) == chinese_calendar.is_workday(date(*days.to_date(day)))


def test_the_official_calendar_has_no_bits_beyond_its_days() -> None:
    """Days that are not loaded are no exceptions."""
    for word, bits in OFFICIAL.exceptions.items():
        for bit in range(256):
            day = word * 256 + bit
            loaded = OFFICIAL.first_day <= day < OFFICIAL.end_day
            assert loaded or not bits >> bit & 1


@pytest.mark.parametrize(
    ("start", "length", "over"),
    [
        ("2026-09-21T00:00:00", 3, "2026-09-25T00:00:00"),
        ("2026-09-21T23:59:59", 3, "2026-09-25T00:00:00"),
        ("2026-09-20T12:00:00", 1, "2026-09-22T00:00:00"),
        # National Day: off from 1 to 7 October, and 10 October, a Saturday, is worked.
        ("2026-09-30T09:00:00", 3, "2026-10-11T00:00:00"),
        ("2026-10-03T09:00:00", 3, "2026-10-11T00:00:00"),
        ("2026-10-09T09:00:00", 1, "2026-10-11T00:00:00"),
        ("2026-10-09T09:00:00", 2, "2026-10-13T00:00:00"),
        ("2026-10-09T09:00:00", 0, "2026-10-10T00:00:00"),
    ],
)
def test_a_deadline_leaves_out_holidays_and_counts_made_up_days(
    start: str, length: int, over: str
) -> None:
    """The day of the start does not count, and the last day is in time to its last second."""
    assert OFFICIAL.deadline(at(start), length) == at(over)


def test_the_next_working_day_is_that_day_itself_at_its_first_second() -> None:
    """Only a day that has begun already is passed over."""
    monday = at("2026-10-12T00:00:00")
    assert OFFICIAL.next_working_day(monday) == monday
    assert OFFICIAL.next_working_day(monday + 1) == monday + 86_400
    assert OFFICIAL.next_working_day(at("2026-10-01T00:00:00")) == at("2026-10-08T00:00:00")


@given(start=known_times, length=st.integers(1, 40))
def test_a_deadline_is_where_the_days_spent_reach_its_length(start: int, length: int) -> None:
    """One second before a deadline all its days are spent; one day earlier they are not."""
    over = OFFICIAL.deadline(start, length)
    assert OFFICIAL.spent(start, over - 1) == length
    assert OFFICIAL.spent(start, over - 86_401) == length - 1
    assert OFFICIAL.is_working(day_of(over - 1))


@given(start=known_times, first=lengths, second=lengths)
def test_spans_add_up(start: int, first: int, second: int) -> None:
    """A limit of so many days after another one ends where one of both together does."""
    between = OFFICIAL.deadline(start, first) - 1
    assert OFFICIAL.deadline(between, second) == OFFICIAL.deadline(start, first + second)


@given(start=known_times, middle=st.integers(0, 10**7), rest=st.integers(0, 10**7))
def test_no_day_is_counted_twice_over_a_pause(start: int, middle: int, rest: int) -> None:
    """Days up to a time and days from it are days in all."""
    pause, end = start + middle // 4, start + (middle + rest) // 4
    whole = OFFICIAL.spent(start, end)
    assert OFFICIAL.spent(start, pause) + OFFICIAL.spent(pause, end) == whole


@given(start=known_times)
def test_the_next_working_day_is_the_first(start: int) -> None:
    """It is working, begins then, and no working day begins between."""
    found = OFFICIAL.next_working_day(start)
    assert start <= found == start_of(day_of(found))
    assert OFFICIAL.is_working(day_of(found))
    first = day_of(start - 1) + 1
    assert not any(OFFICIAL.is_working(day) for day in range(first, day_of(found)))


def test_a_day_beyond_what_is_loaded_is_refused() -> None:
    """The calendar never guesses; the error names the day and where it ends."""
    with pytest.raises(CalendarEnds) as refused:
        OFFICIAL.deadline(at("2026-12-30T10:00:00"), 2)
    assert refused.value.fields == {
        "day": from_date(2027, 1, 1),
        "end_day": from_date(2027, 1, 1),
    }
    assert OFFICIAL.deadline(at("2026-12-30T10:00:00"), 1) == at("2027-01-01T00:00:00")
    with pytest.raises(CalendarEnds):
        OFFICIAL.is_working(from_date(2023, 12, 31))


def test_no_more_than_four_hundred_days_are_counted() -> None:
    """A long span is counted no further, nor is the calendar asked for more of it."""
    weekdays = WorkCalendar(first_day=0, end_day=600, exceptions={})
    assert weekdays.spent(0, start_of(5_000)) == 400


@given(day=st.integers(1, 30_000), months=st.integers(-11, 60))
def test_months_are_added_by_the_calendar(day: int, months: int) -> None:
    """The day of the month stays, or is the last of a shorter month."""
    year, month, in_month = days.to_date(day + 400)
    later = days.to_date(days.add_months(day + 400, months))
    assert (later[0] - year) * 12 + later[1] - month == months
    assert later[2] == in_month or (
        later[2] < in_month and days.to_date(days.add_months(day + 400, months) + 1)[2] == 1
    )


@given(time=st.integers(86_400, 2**32))
def test_a_day_begins_at_midnight_in_china(time: int) -> None:
    """The day of a time is the date that a clock at UTC+8 shows."""
    shown = datetime.fromtimestamp(time, UTC).astimezone(CHINA)
    assert days.to_date(day_of(time)) == (shown.year, shown.month, shown.day)
    assert start_of(day_of(time)) <= time < start_of(day_of(time) + 1)
