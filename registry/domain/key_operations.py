"""Say what is wanted written about keys, agents, recoveries and roles, as values.

What rests on a consent has a `wish`, the words it was asked in, which are not written: each consent
is signed anew with another deadline, and asked for in the same words before its outcome was told,
the operation is the one that was sent before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import Address, PartyId
    from registry.domain.party import Role, Scope, Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotate:
    """Hand the account's party over to another key, which consents by its signature."""

    successor: Address
    deadline: int
    consent: bytes
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointAgent:
    """Let a key act for the account's party within scopes until a time, by its consent."""

    key: Address
    scopes: Scope
    valid_until: int
    deadline: int
    consent: bytes
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissAgent:
    """End an agent's span at once."""

    key: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceRecovery:
    """Announce that a key shall control a party whose own is lost; `evidence` is a digest."""

    party: PartyId
    key: Address
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRecovery:
    """Cancel an announced recovery."""

    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Recover:
    """Carry out an announced recovery, by the new key's consent."""

    party: PartyId
    deadline: int
    consent: bytes
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRoles:
    """Give a party these roles and no others: for the administration."""

    party: PartyId
    roles: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmitRegistrar:
    """Admit a party as a registrar with a seat: for the administration."""

    party: PartyId
    seat: Seat


KeyOperation: TypeAlias = (
    Rotate
    | AppointAgent
    | DismissAgent
    | AnnounceRecovery
    | CancelRecovery
    | Recover
    | SetRoles
    | AdmitRegistrar
)
"""Anything that can be written about keys and roles."""
