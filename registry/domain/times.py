"""Read and show times: seconds since 1970, always in UTC."""

from __future__ import annotations

import re
from typing import Final

from registry.errors import TimeMalformed, TimeOutOfRange

_DURATION: Final = re.compile(r"(\d{1,9})([smhdw])", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LATEST: Final = 2**32 - 1


def parse_time(given: str, *, start: int | None = None) -> int:
    """Return the seconds since 1970 of an ISO 8601 date or time, or of a duration after `start`.

    What has no offset is UTC; a plain date is its first second. A duration is a number with s, m,
    h, d or w, taken only where there is a `start`. Raises `TimeMalformed`, `TimeOutOfRange`.

    >>> parse_time("2026-11-22T08:00:00+08:00"), parse_time("2026-11-22")
    (1795305600, 1795305600)
    >>> parse_time("2d", start=100)
    172900
    """
    text = given.strip()
    duration = _DURATION.fullmatch(text)
    if duration is not None and start is not None:
        seconds = start + int(duration[1]) * _SECONDS[duration[2]]
    else:
        seconds = _instant(text)
    if not 0 < seconds <= _LATEST:
        raise TimeOutOfRange(given=given)
    return seconds


def _instant(text: str) -> int:
    # Imported here for start-up time: most commands show no time and read none.
    from datetime import UTC, datetime  # noqa: PLC0415

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeMalformed(given=text) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return int(moment.timestamp())
    except (OverflowError, ValueError) as error:
        raise TimeOutOfRange(given=text) from error


def show_time(seconds: int) -> str:
    """Return a time as ISO 8601 in UTC.

    >>> show_time(1795305600)
    '2026-11-22T00:00:00Z'
    """
    from datetime import UTC, datetime  # noqa: PLC0415 (start-up time)

    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def show_local(seconds: int) -> str:
    """Return a time as clocks in China show it, to the minute, or to the second where it has some.

    >>> show_local(1790784000), show_local(1790784001)
    ('2026-10-01 00:00', '2026-10-01 00:00:01')
    """
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415 (start-up time)

    shown = datetime.fromtimestamp(seconds, UTC) + timedelta(hours=8)
    return f"{shown:%Y-%m-%d %H:%M:%S}" if seconds % 60 else f"{shown:%Y-%m-%d %H:%M}"
