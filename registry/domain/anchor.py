"""Describe what the ledger keeps of many registrations that were anchored under one root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """Hold what is kept of a root (32 bytes) that a party anchored.

    `since` is in seconds since 1970; `leaves` says how many registrations it is of, as its party
    said. An anchor shows that its leaves existed then. It is no registration of any of them.
    """

    party: PartyId
    root: bytes
    since: int
    leaves: int
