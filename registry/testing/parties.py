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
)
from registry.domain.ids import PartyId
from registry.domain.keys import PartyKey
from registry.domain.party import (
    Enrolment,
    KeyKind,
    Party,
    Role,
    Scope,
    Standing,
    Suspension,
)
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.ids import Address
    from registry.domain.operations import AdmitKey, Enrol, Resume, Suspend
    from registry.testing.history import History
    from registry.testing.writing import Writing

_NO_HASH: Final = bytes(32)
_NOBODY: Final = PartyId.of(0)


class PartyBook:
    """Hold who acts on the ledger; `clock` tells the ledger's time."""

    def __init__(
        self,
        history: History,
        *,
        chain_id: int,
        registry: Address,
        enrolment: Enrolment,
        clock: Callable[[], int],
    ) -> None:
        self._chain_id = chain_id
        self._registry = registry
        self._enrolment = enrolment
        self._clock = clock
        self._keys: Timeline[Address, PartyKey | None] = Timeline(history, None)
        self._parties: Timeline[PartyId, Party | None] = Timeline(history, None)
        self._suspensions: Timeline[PartyId, tuple[Suspension, ...]] = Timeline(history, ())
        self._admissions: Timeline[Address, bytes] = Timeline(history, _NO_HASH)

    # Writes

    def found(self, now: Writing, founder: Address, identity_hash: bytes) -> PartyId:
        """Enrol the founder, whatever the policy."""
        return self._enrol(now, founder, identity_hash)

    def enrol(self, now: Writing, operation: Enrol) -> None:
        """Enrol the sender's key as the controller of a new party."""
        if self._enrolment is Enrolment.REGISTRARS:
            admitted = self._admissions.get(now.sender)
            if admitted == _NO_HASH or admitted != operation.identity_hash:
                raise reverts.KeyNotAdmitted(key=now.sender, identity_hash=operation.identity_hash)
        self._enrol(now, now.sender, operation.identity_hash)

    def admit(self, now: Writing, operation: AdmitKey) -> None:
        """Let a key enrol under an identity."""
        by = self.writer(now.sender, Scope.DECIDE)
        self.require_role(by, Role.REGISTRAR)
        self.require_fresh(operation.key)
        self._admissions.set(operation.key, operation.identity_hash)
        now.emit(
            KeyAdmitted(
                **now.place, key=operation.key, by=by, identity_hash=operation.identity_hash
            )
        )

    def suspend(self, now: Writing, operation: Suspend) -> None:
        """Suspend a party, beside any suspension that it is under."""
        by = self.writer(now.sender, Scope.DECIDE)
        party = self.known(operation.party)
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
        self._stand(party, Standing.SUSPENDED)
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
        by = self.writer(now.sender, Scope.DECIDE)
        party, index = operation.party, operation.index
        suspensions = self._suspensions.get(party)
        if index >= len(suspensions) or suspensions[index].until is not None:
            raise reverts.SuspensionUnknown(party=party, index=index)
        maker = suspensions[index].by
        if maker != by and not self.known(by).roles & Role.REGULATOR:
            raise reverts.SuspensionNotYours(party=party, index=index, by=maker)

        ended = replace(suspensions[index], until=now.time)
        suspensions = (*suspensions[:index], ended, *suspensions[index + 1 :])
        self._suspensions.set(party, suspensions)
        if all(suspension.until is not None for suspension in suspensions):
            self._stand(self.known(party), Standing.ACTIVE)
        now.emit(PartyResumed(**now.place, party=party, by=by, index=index))

    # Questions of the other books

    def writer(self, key: Address, scope: Scope = Scope.REGISTER) -> PartyId:
        """Return the party that a key may do `scope` for now."""
        party = self.actor(key, scope)
        self.require_active(party)
        return party

    def writer_towards(
        self, key: Address, counterparty: PartyId, scope: Scope = Scope.TRANSFER
    ) -> PartyId:
        """Return the party that a key may write for now, after making sure of the other side."""
        self.require_active(counterparty)
        return self.writer(key, scope)

    def recorder(self, key: Address, grantor: PartyId, grantee: PartyId) -> PartyId:
        """Return the party that a key may record a use for, after making sure of both sides."""
        by = self.writer(key, Scope.USAGE)
        for side in (grantor, grantee):
            self.require_active(side)
        return by

    def require_active(self, party: PartyId) -> None:
        """Refuse a party that is unknown or suspended."""
        known = self.known(party)
        if not known.active:
            raise reverts.PartyInactive(party=party, standing=known.standing)

    def actor(self, key: Address, scope: Scope = Scope.REVOKE) -> PartyId:
        """Return the party that a key may do `scope` for where suspension does not count."""
        self.require_open(key, scope)
        found = self._keys.get(key)
        if found is None:
            raise reverts.KeyUnknown(key=key)
        return found.party

    def require_open(self, key: Address, scope: Scope) -> None:
        """Refuse a key of nobody, one that is closed, and an agent beyond its scopes."""
        found = self._keys.get(key)
        if found is None:
            raise reverts.KeyUnknown(key=key)
        if found.closed:
            raise reverts.KeyClosed(key=key, ended_at=found.until or 0)
        if found.kind is not KeyKind.AGENT:
            return
        if found.until is not None and found.until <= self._clock():
            raise reverts.KeyClosed(key=key, ended_at=found.until or 0)
        since = self.known(found.party).agents_since
        if since is not None and found.since <= since:
            raise reverts.KeyClosed(key=key, ended_at=since)
        if not found.scopes & scope:
            raise reverts.ScopeMissing(key=key, held=found.scopes, needed=scope)

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
        found = self._keys.get(key, block)
        return None if found is None else found.party

    def key(self, key: Address, block: int | None = None) -> PartyKey | None:
        """Return the record of a key as of a block, voided where a recovery did that."""
        found = self._keys.get(key, block)
        if found is None:
            return None
        party = self._parties.get(found.party, block)
        return found if party is None else found.voided_by(party.agents_since)

    def admission(self, key: Address, block: int | None = None) -> bytes:
        """Return the identity hash that a registrar admitted a key with."""
        return self._admissions.get(key, block)

    def suspensions(self, party: PartyId, block: int | None = None) -> tuple[Suspension, ...]:
        """Return all suspensions of a party, in the order of their index."""
        return self._suspensions.get(party, block)

    # Keys

    def open_key(
        self,
        now: Writing,
        party: PartyId,
        key: Address,
        *,
        kind: KeyKind = KeyKind.CONTROLLER,
        standing: Standing = Standing.ACTIVE,
        scopes: Scope = Scope.ALL,
        until: int | None = None,
    ) -> None:
        """Begin the span of a key."""
        record = PartyKey(
            address=key,
            party=party,
            kind=kind,
            standing=standing,
            scopes=scopes,
            since=now.time,
            until=until,
            from_block=now.block,
            until_block=None,
        )
        self._keys.set(key, record)

    def close_key(self, now: Writing, key: Address) -> None:
        """End the span of a key."""
        found = self._keys.get(key)
        if found is not None:
            ended = replace(found, standing=Standing.CLOSED, until=now.time, until_block=now.block)
            self._keys.set(key, ended)

    def put(self, party: Party) -> None:
        """Keep a party's record."""
        self._parties.set(party.id, party)

    # Internal

    def _stand(self, party: Party, standing: Standing) -> None:
        """Let a party stand so, and its controller's key with it."""
        self.put(replace(party, standing=standing))
        found = self._keys.get(party.controller)
        if found is not None:
            self._keys.set(party.controller, replace(found, standing=standing))

    def _enrol(self, now: Writing, key: Address, identity_hash: bytes) -> PartyId:
        self.require_fresh(key)
        party = PartyId.derive(self._chain_id, self._registry, key)
        if party == _NOBODY or self._parties.get(party) is not None:
            raise reverts.PartyTaken(party=party, key=key)
        self.open_key(now, party, key)
        self.put(
            Party(
                id=party,
                controller=key,
                standing=Standing.ACTIVE,
                roles=Role(0),
                since=now.time,
                identity_hash=identity_hash,
            )
        )
        now.emit(PartyEnrolled(**now.place, party=party, key=key, identity_hash=identity_hash))
        return party

    def known(self, party: PartyId) -> Party:
        """Return a party; raises the contracts' `PartyUnknown`."""
        known = self._parties.get(party)
        if known is None:
            raise reverts.PartyUnknown(party=party)
        return known

    def require_fresh(self, key: Address) -> None:
        """Refuse a key that is a party's already."""
        found = self._keys.get(key)
        if found is not None:
            raise reverts.KeyTaken(key=key, party=found.party)

    def require_role(self, party: PartyId, needed: Role) -> None:
        """Refuse a party that has none of the roles."""
        held = self.known(party).roles
        if not held & needed:
            raise reverts.RoleMissing(party=party, held=held, needed=needed)
