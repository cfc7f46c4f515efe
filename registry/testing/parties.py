"""Keep parties, keys and suspensions as `PartyRegistry` does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain.events import (
    KeyAdmitted,
    PartyEnrolled,
    PartyResumed,
    PartySuspended,
    RegistrarAdmitted,
    RolesChanged,
)
from registry.domain.ids import PartyId
from registry.domain.party import DEFAULT_SEAT, Enrolment, Party, Role, Standing, Suspension
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from registry.domain.ids import Address
    from registry.domain.operations import AdmitKey, Enrol, Resume, Suspend
    from registry.testing.history import History
    from registry.testing.writing import Writing

_NO_HASH: Final = bytes(32)
_NOBODY: Final = PartyId.of(0)


class PartyBook:
    """Hold who acts on the ledger.

    A controller's key stands as its party does, so keys have no standing of their own here.
    """

    def __init__(
        self, history: History, *, chain_id: int, registry: Address, enrolment: Enrolment
    ) -> None:
        self._chain_id = chain_id
        self._registry = registry
        self._enrolment = enrolment
        self._keys: Timeline[Address, PartyId | None] = Timeline(history, None)
        self._parties: Timeline[PartyId, Party | None] = Timeline(history, None)
        self._suspensions: Timeline[PartyId, tuple[Suspension, ...]] = Timeline(history, ())
        self._admissions: Timeline[Address, bytes] = Timeline(history, _NO_HASH)

    # Writes

    def found(self, now: Writing, founder: Address, identity_hash: bytes) -> None:
        """Enrol the founder as registrar and regulator, as the genesis does."""
        party = self._enrol(now, founder, identity_hash)
        now.emit(RegistrarAdmitted(**now.place, party=party, number=1, seat=DEFAULT_SEAT))
        roles = Role.REGISTRAR | Role.REGULATOR
        self._parties.set(party, replace(self._known(party), roles=roles))
        now.emit(RolesChanged(**now.place, party=party, roles=roles))

    def enrol(self, now: Writing, operation: Enrol) -> None:
        """Enrol the sender's key as the controller of a new party."""
        if self._enrolment is Enrolment.REGISTRARS:
            admitted = self._admissions.get(now.sender)
            if admitted == _NO_HASH or admitted != operation.identity_hash:
                raise reverts.KeyNotAdmitted(key=now.sender, identity_hash=operation.identity_hash)
        self._enrol(now, now.sender, operation.identity_hash)

    def admit(self, now: Writing, operation: AdmitKey) -> None:
        """Let a key enrol under an identity."""
        by = self.writer(now.sender)
        self.require_role(by, Role.REGISTRAR)
        self._require_fresh(operation.key)
        self._admissions.set(operation.key, operation.identity_hash)
        now.emit(
            KeyAdmitted(
                **now.place, key=operation.key, by=by, identity_hash=operation.identity_hash
            )
        )

    def suspend(self, now: Writing, operation: Suspend) -> None:
        """Suspend a party, beside any suspension that it is under."""
        by = self.writer(now.sender)
        party = self._known(operation.party)
        either = Role.REGISTRAR | Role.REGULATOR
        self.require_role(by, Role.REGULATOR if party.roles else either)

        before = self._suspensions.get(party.id)
        suspension = Suspension(
            party=party.id,
            index=len(before),
            by=by,
            reason=operation.reason,
            evidence=operation.evidence,
            since=now.time,
        )
        self._suspensions.set(party.id, (*before, suspension))
        self._parties.set(party.id, replace(party, standing=Standing.SUSPENDED))
        now.emit(
            PartySuspended(
                **now.place,
                party=party.id,
                by=by,
                index=suspension.index,
                reason=operation.reason,
                evidence=operation.evidence,
            )
        )

    def resume(self, now: Writing, operation: Resume) -> None:
        """End one suspension; the party is active again when none is left."""
        by = self.writer(now.sender)
        party, index = operation.party, operation.index
        suspensions = self._suspensions.get(party)
        if index >= len(suspensions) or suspensions[index].until is not None:
            raise reverts.SuspensionUnknown(party=party, index=index)
        maker = suspensions[index].by
        if maker != by and not self._known(by).roles & Role.REGULATOR:
            raise reverts.SuspensionNotYours(party=party, index=index, by=maker)

        ended = replace(suspensions[index], until=now.time)
        suspensions = (*suspensions[:index], ended, *suspensions[index + 1 :])
        self._suspensions.set(party, suspensions)
        if all(suspension.until is not None for suspension in suspensions):
            self._parties.set(party, replace(self._known(party), standing=Standing.ACTIVE))
        now.emit(PartyResumed(**now.place, party=party, by=by, index=index))

    # Questions of the other books

    def writer(self, key: Address) -> PartyId:
        """Return the party that a key may write for now."""
        party = self.actor(key)
        self.require_active(party)
        return party

    def writer_towards(self, key: Address, counterparty: PartyId) -> PartyId:
        """Return the party that a key may write for now, after making sure of the other side."""
        self.require_active(counterparty)
        return self.writer(key)

    def require_active(self, party: PartyId) -> None:
        """Refuse a party that is unknown or suspended."""
        known = self._known(party)
        if not known.active:
            raise reverts.PartyInactive(party=party, standing=known.standing)

    def require_role(self, party: PartyId, needed: Role) -> None:
        """Refuse a party that has none of these roles."""
        held = self._known(party).roles
        if not held & needed:
            raise reverts.RoleMissing(party=party, held=held, needed=needed)

    def actor(self, key: Address) -> PartyId:
        """Return the party that a key may revoke for: suspension does not count."""
        party = self._keys.get(key)
        if party is None:
            raise reverts.KeyUnknown(key=key)
        return party

    def roles_of(self, party: PartyId) -> Role:
        """Return the domain roles of a party, none for an unknown one."""
        known = self._parties.get(party)
        return Role(0) if known is None else known.roles

    def standing_of(self, party: PartyId, block: int | None = None) -> Standing:
        """Return where a party stands, `NONE` for an unknown one."""
        known = self._parties.get(party, block)
        return Standing.NONE if known is None else known.standing

    # Reads

    def party(self, party: PartyId, block: int | None = None) -> Party | None:
        """Return a party as of a block, the newest for None."""
        return self._parties.get(party, block)

    def party_of(self, key: Address, block: int | None = None) -> PartyId | None:
        """Return the party that a key belongs to."""
        return self._keys.get(key, block)

    def suspensions(self, party: PartyId, block: int | None = None) -> tuple[Suspension, ...]:
        """Return all suspensions of a party, in the order of their index."""
        return self._suspensions.get(party, block)

    # Internal

    def _enrol(self, now: Writing, key: Address, identity_hash: bytes) -> PartyId:
        self._require_fresh(key)
        party = PartyId.derive(self._chain_id, self._registry, key)
        if party == _NOBODY or self._parties.get(party) is not None:
            raise reverts.PartyTaken(party=party, key=key)
        self._keys.set(key, party)
        self._parties.set(
            party,
            Party(
                id=party,
                controller=key,
                standing=Standing.ACTIVE,
                roles=Role(0),
                since=now.time,
                identity_hash=identity_hash,
            ),
        )
        now.emit(PartyEnrolled(**now.place, party=party, key=key, identity_hash=identity_hash))
        return party

    def _known(self, party: PartyId) -> Party:
        known = self._parties.get(party)
        if known is None:
            raise reverts.PartyUnknown(party=party)
        return known

    def _require_fresh(self, key: Address) -> None:
        party = self._keys.get(key)
        if party is not None:
            raise reverts.KeyTaken(key=key, party=party)
