"""Read the moments that commands take."""

from __future__ import annotations

from typing import Final

from registry.domain.moment import At, AtBlock, AtTime
from registry.domain.times import parse_time
from registry.errors import BlockOutOfRange

# Longer numbers are no block's, and Python refuses to read the longest.
_DIGITS: Final = 32


def moment(given: str | None) -> At | None:
    """Return the moment of `--at`: a block number, or a time; None for now."""
    if given is None:
        return None
    if given.isascii() and given.isdigit():
        if len(given) > _DIGITS:
            raise BlockOutOfRange(given=given)
        return AtBlock(int(given))
    return AtTime(parse_time(given))
