"""Describe parties, their keys, roles and suspensions as the ledger keeps them."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import Address, PartyId
    from registry.domain.vocabulary import Reason


class Enrolment(IntEnum):
    """Say how parties come to be enrolled, fixed for a deployment."""

    OPEN = 0
    REGISTRARS = 1


class KeyKind(IntEnum):
    """Say what a key may do for its party."""

    NONE = 0
    CONTROLLER = 1
    AGENT = 2


class Standing(IntEnum):
    """Say where a key or its party stands."""

    NONE = 0
    ACTIVE = 1
    SUSPENDED = 2
    CLOSED = 3


class Role(IntFlag):
    """Name the domain roles; none of them is a right to write another's record."""

    REGISTRAR = 1 << 0
    REGULATOR = 1 << 1
    ASSESSOR = 1 << 2
    COURT = 1 << 3
    CONNECTOR = 1 << 4
    INTERMEDIARY = 1 << 5
    ALL = (1 << 6) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Hold a party as it stood at a moment.

    `since` is in seconds since 1970, `recovery_at` too, None without an announced recovery;
    `identity_hash` is the salted 32-byte hash of its identity, zero for none.
    """

    id: PartyId
    controller: Address
    standing: Standing
    roles: Role
    since: int
    identity_hash: bytes
    recovery_at: int | None = None

    @property
    def active(self) -> bool:
        """Tell whether the party may write."""
        return self.standing is Standing.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Hold one suspension of a party; `until` is None while it lasts, times in seconds since 1970.

    `evidence` is the first 12 bytes of the digest of the document it rests on.
    """

    party: PartyId
    index: int
    by: PartyId
    reason: Reason
    evidence: bytes
    since: int
    until: int | None = None
