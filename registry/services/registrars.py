"""Admit registrars, courts and other offices, and keys where registrars decide who enrols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.identity import identity_hash
from registry.domain.key_operations import AdmitRegistrar, SetRoles
from registry.domain.operations import AdmitKey
from registry.domain.party import Role
from registry.services.identities import keep_identity
from registry.services.restricted import carry_out

if TYPE_CHECKING:
    from registry.domain.ids import Address, PartyId
    from registry.domain.keys import Registrar
    from registry.domain.ledger import Receipt
    from registry.domain.moment import At
    from registry.domain.party import Seat
    from registry.services.actor import Actor
    from registry.services.restricted import Progress


class Registrars:
    """Serve the tasks about offices: who holds one, and whom registrars let in."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    def list(self, *, at: At | None = None) -> tuple[Registrar, ...]:
        """Return all registrars by their numbers, delisted ones included."""
        ledger = self._actor.ledger
        return ledger.registrars(at=None if at is None else ledger.moment(at))

    def admit(self, party: PartyId, seat: Seat) -> Progress:
        """Take the next step of admitting a party as a registrar: announce it, or do it."""
        return carry_out(self._actor, AdmitRegistrar(party=party, seat=seat))

    def give(self, party: PartyId, role: Role) -> Progress:
        """Take the next step of giving a party a role beside those that it has."""
        return self._set(party, self._roles(party) | role)

    def take(self, party: PartyId, role: Role) -> Progress:
        """Take the next step of taking a role from a party; a registrar is thereby delisted."""
        return self._set(party, self._roles(party) & ~role)

    def admit_key(self, key: Address, identity: bytes) -> Receipt:
        """Let a key enrol under a salted identity hash of 32 bytes, as a registrar."""
        return self._actor.submit(AdmitKey(key=key, identity_hash=identity))

    def hash_of(self, text: str, salt: bytes | None = None) -> bytes:
        """Return the salted hash of an identity: with the salt given, else with one kept here."""
        if salt is not None:
            return identity_hash(text, salt)
        return keep_identity(self._actor, text)

    def _roles(self, party: PartyId) -> Role:
        found = self._actor.ledger.party(party)
        if found is None:
            from registry.reverts import PartyUnknown  # noqa: PLC0415 (start-up: seldom raised)

            raise PartyUnknown(party=party)
        return found.roles

    def _set(self, party: PartyId, roles: Role) -> Progress:
        return carry_out(self._actor, SetRoles(party=party, roles=roles))
