"""Reckon working days at UTC+8, by the same arithmetic as the contract of the calendar.

A day is its number from 1970-01-01 on, as people in China live it; times are in seconds since 1970.
A calendar holds the exceptions to Monday–Friday as words of 256 days, in the way that the chain
keeps them: a set bit makes a weekday a holiday and a weekend day a working day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.errors import CalendarEnds, TimeMalformed
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DAY: Final = 86_400
"""The seconds of a day."""
OFFSET: Final = 8 * 3_600
"""By how many seconds UTC+8 is ahead."""
WORD: Final = 256
"""How many days a word holds."""
MOST_DAYS: Final = 400
"""The longest time limit that can be reckoned, in working days."""

FIRST_YEAR: Final = 2024
"""The first year of the calendar that a deployment starts with."""

_WEEKEND: Final = 5
_EPOCH: Final = 719_163  # 1970-01-01 among the ordinals of `datetime.date`
_EPOCH_WEEKDAY: Final = 3  # a Thursday


def day_of(time: int) -> int:
    """Return the day on which a time falls.

    >>> day_of(1790783999), day_of(1790784000)
    (20726, 20727)
    """
    return (time + OFFSET) // DAY


def start_of(day: int) -> int:
    """Return the time at which a day begins."""
    return max(day * DAY - OFFSET, 0)


def from_date(year: int, month: int, day: int) -> int:
    """Return the day with this date.

    >>> from_date(1970, 1, 1), from_date(2026, 10, 1)
    (0, 20727)
    """
    # Imported here for start-up time: most commands reckon no date.
    from datetime import date  # noqa: PLC0415

    return date(year, month, day).toordinal() - _EPOCH


def to_date(day: int) -> tuple[int, int, int]:
    """Return year, month and day of the month.

    >>> to_date(20727)
    (2026, 10, 1)
    """
    from datetime import date  # noqa: PLC0415 (start-up time)

    found = date.fromordinal(day + _EPOCH)
    return found.year, found.month, found.day


def show_day(day: int) -> str:
    """Return a day as ISO 8601 writes it.

    >>> show_day(20727)
    '2026-10-01'
    """
    return "{:04}-{:02}-{:02}".format(*to_date(day))


def parse_day(given: str) -> int:
    """Return the day that ISO 8601 writes so; raises `TimeMalformed`.

    >>> parse_day("2026-10-01")
    20727
    """
    from datetime import date  # noqa: PLC0415 (start-up time)

    try:
        return date.fromisoformat(given.strip()).toordinal() - _EPOCH
    except ValueError as error:
        raise TimeMalformed(given=given) from error


def add_months(day: int, months: int) -> int:
    """Return the same day of the month so many months on, or before where `months` is negative.

    Where that month has no such day it is its last.

    >>> show_day(add_months(from_date(2024, 8, 31), 6)), show_day(add_months(20727, -6))
    ('2025-02-28', '2026-04-01')
    """
    from calendar import monthrange  # noqa: PLC0415 (start-up time)

    year, month, in_month = to_date(day)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    return from_date(year, month + 1, min(in_month, monthrange(year, month + 1)[1]))


def is_weekday(day: int) -> bool:
    """Tell whether a day is one from Monday to Friday."""
    return (day + _EPOCH_WEEKDAY) % 7 < _WEEKEND


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Hold the days known to be working or not, from `first_day` to before `end_day`.

    `exceptions` are words of 256 bits by their number, those of days not loaded of no meaning.
    `stopped_from` and `stopped_until` are the days of the last pause, already among the exceptions.
    """

    first_day: int
    end_day: int
    exceptions: Mapping[int, int]
    stopped_from: int = 0
    stopped_until: int = 0

    def is_working(self, day: int) -> bool:
        """Tell whether a day is a working day; raises `CalendarEnds` for one not loaded."""
        if not self.first_day <= day < self.end_day:
            raise CalendarEnds(day=day, end_day=self.end_day)
        excepted = self.exceptions.get(day // WORD, 0) >> day % WORD & 1
        return is_weekday(day) != bool(excepted)

    def deadline(self, start: int, days: int) -> int:
        """Return when the last of so many working days after the day of `start` is over.

        An act is in time before it. Raises `CalendarEnds`.
        """
        day = day_of(start)
        for _ in range(days):
            day = self._working_from(day + 1)
        return start_of(day + 1)

    def spent(self, start: int, end: int) -> int:
        """Return how many working days follow the day of `start`, up to that of `end`.

        The day of `end` counts; nothing is counted beyond 400. Raises `CalendarEnds`.
        """
        count = 0
        for day in range(day_of(start) + 1, day_of(end) + 1):
            count += self.is_working(day)
            if count == MOST_DAYS:
                break
        return count

    def next_working_day(self, time: int) -> int:
        """Return when the first working day begins that begins at or after a time."""
        day = day_of(time)
        return start_of(self._working_from(day if start_of(day) == time else day + 1))

    def words(self) -> Iterator[int]:
        """Yield the words of exceptions from that of `first_day` to that of the last day."""
        for word in range(self.first_day // WORD, (self.end_day - 1) // WORD + 1):
            yield self.exceptions.get(word, 0)

    def _working_from(self, day: int) -> int:
        while not self.is_working(day):
            day += 1
        return day


def official(first_year: int = FIRST_YEAR) -> WorkCalendar:
    """Return the official calendar from a year on, as far as it has been announced.

    It comes with the package `chinesecalendar` and ends with the last year that the package knows.
    """
    # Imported here for start-up time: only who loads or shows a calendar needs it.
    from chinese_calendar.constants import holidays, workdays  # noqa: PLC0415

    first = from_date(first_year, 1, 1)
    end = from_date(max(holidays).year + 1, 1, 1)
    words: dict[int, int] = {}
    for announced, working in ((holidays, False), (workdays, True)):
        for date in announced:
            day = date.toordinal() - _EPOCH
            if first <= day < end and working != is_weekday(day):
                words[day // WORD] = words.get(day // WORD, 0) | 1 << day % WORD
    return WorkCalendar(first_day=first, end_day=end, exceptions=words)
