"""Say which state of the chain a question is asked of."""

from __future__ import annotations

from typing import TypeAlias

from registry.records import dataclass


@dataclass(frozen=True, slots=True)
class AtBlock:
    """Ask for the state at the end of the block of this number."""

    number: int


@dataclass(frozen=True, slots=True)
class AtTime:
    """Ask for the state at a time, in seconds since 1970: the last block not after it decides."""

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
