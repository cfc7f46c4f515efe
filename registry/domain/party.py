"""Describe parties, their keys, roles and suspensions as the ledger keeps them."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Final

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


class Scope(IntFlag):
    """Name what an agent may do for its party; a controller may do all of it."""

    REGISTER = 1 << 0
    TRANSFER = 1 << 1
    GRANT = 1 << 2
    REVOKE = 1 << 3
    USAGE = 1 << 4
    DECIDE = 1 << 5
    OBJECT = 1 << 6
    ALL = (1 << 7) - 1


class Seat(str):
    """Hold a registrar's seat: the region in two digits, then a digit or capital letter."""

    __slots__ = ()

    @classmethod
    def of(cls, raw: bytes) -> Seat:
        """Return the seat of these three bytes, as the ledger has them."""
        return cls(bytes(raw).decode("ascii", "backslashreplace"))

    @property
    def raw(self) -> bytes:
        """Return the seat's three bytes."""
        return self.encode("ascii")


DEFAULT_SEAT: Final = Seat("001")
"""The founder's seat where none is chosen: of no region, for ledgers that are tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Hold a party as it stood at a moment.

    `since` is in seconds since 1970, `agents_since` too: of its last recovery, None without one;
    `identity_hash` is the salted 32-byte hash of its identity, zero for none.
    """

    id: PartyId
    controller: Address
    standing: Standing
    roles: Role
    since: int
    identity_hash: bytes
    agents_since: int | None = None

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
