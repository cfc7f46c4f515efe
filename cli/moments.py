"""Read the moments and windows that commands take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.moment import At, AtBlock, AtTime
from registry.domain.times import parse_time

if TYPE_CHECKING:
    from registry.domain.ledger import Ledger


def moment(given: str | None) -> At | None:
    """Return the moment of `--at`: a block number, or a time; None for now."""
    if given is None:
        return None
    if given.isascii() and given.isdigit():
        return AtBlock(int(given))
    return AtTime(parse_time(given))


def window(ledger: Ledger, start: str | None, until: str | None) -> tuple[int | None, int | None]:
    """Return the times of `--from` and `--until`: durations count from now, then from the start.

    Now is the chain's: the time that its next block will have at least.
    """
    if start is None and until is None:
        return None, None
    now = ledger.moment(None).time
    begin = None if start is None else parse_time(start, start=now)
    return begin, None if until is None else parse_time(until, start=begin or now)
