"""Read the moments that commands take."""

from __future__ import annotations

from registry.domain.moment import At, AtBlock, AtTime
from registry.domain.times import parse_time


def moment(given: str | None) -> At | None:
    """Return the moment of `--at`: a block number, or a time; None for now."""
    if given is None:
        return None
    if given.isascii() and given.isdigit():
        return AtBlock(int(given))
    return AtTime(parse_time(given))
