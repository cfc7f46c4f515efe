"""Show instants as the days and times of China (UTC+8), in which the rules count.

A deadline is the first second that is too late, so the last day for something that must be done
before it is the day of the second before.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8), "UTC+8")
"""The one time zone of the rules; it has no summer time."""


def day(seconds: int, lang: str) -> str:
    """Return the day of an instant, in seconds since 1970.

    >>> day(1795276800, "zh"), day(1795276799, "en")
    ('2026年11月22日', '21 November 2026')
    """
    at = _moment(seconds)
    if lang == "zh":
        return f"{at.year}年{at.month}月{at.day}日"
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def last_day(deadline: int, lang: str) -> str:
    """Return the last day that is wholly before a deadline at midnight, or the deadline's own day.

    >>> last_day(1795276800, "en"), last_day(1795276801, "en")
    ('21 November 2026', '22 November 2026')
    """
    return day(deadline - 1, lang)


def minute(seconds: int, lang: str) -> str:
    """Return the day and time of an instant.

    >>> minute(1795276805, "en")
    '22 November 2026, 00:00:05 (UTC+8)'
    """
    between = " " if lang == "zh" else ", "
    zone = "（北京时间）" if lang == "zh" else " (UTC+8)"
    return f"{day(seconds, lang)}{between}{_moment(seconds):%H:%M:%S}{zone}"


def _moment(seconds: int) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(CHINA)


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
