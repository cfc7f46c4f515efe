"""Say which state of the chain a question is asked of."""

from __future__ import annotations

from typing import Final, TypeAlias

from registry.errors import BlockOutOfRange
from registry.records import dataclass

_LATEST_BLOCK: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class AtBlock:
    """Ask for the state at the end of the block of this number; raises `BlockOutOfRange`."""

    number: int

    def __post_init__(self) -> None:
        if not 0 <= self.number <= _LATEST_BLOCK:
            raise BlockOutOfRange(given=str(self.number))


@dataclass(frozen=True, slots=True)
class AtTime:
    """Ask for the state at a time, in seconds since 1970: the last block not after it decides.

    A time that the chain has not reached has no answer: what happens until then is not known.
    """

    seconds: int


At: TypeAlias = AtBlock | AtTime
"""A past moment as a person names it; None stands for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Hold one state of the chain: a block, and the time at which expiry is judged.

    `time` is in seconds since 1970, never below the block's timestamp: for a question about now it
    is the time that the next block will have at least, since an idle chain's last block may be old.
    `block_hash` is 32 bytes.
    """

    block: int
    time: int
    block_hash: bytes
