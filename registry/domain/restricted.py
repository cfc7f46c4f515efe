"""Describe operations of the administration, which are announced before they are carried out."""

from __future__ import annotations

from registry.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """Say whether an account may carry out an operation of the administration, and when.

    `allowed` says that the account has the role; `delay` is how many seconds must lie between
    announcing and doing. `ready` is from when on what was announced can be carried out, None where
    nothing is announced, and `lapses` until when. Times are in seconds since 1970.
    """

    allowed: bool
    delay: int
    ready: int | None = None
    lapses: int | None = None
