"""Rotate keys, appoint agents and recover parties as `PartyRegistry` does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from registry import reverts
from registry.domain.events import (
    AgentAppointed,
    AgentDismissed,
    KeyRotated,
    PartyRecovered,
    RecoveryAnnounced,
    RecoveryCancelled,
)
from registry.domain.keys import RECOVERY_DELAY, Recovery, agent_consent, controller_consent
from registry.domain.party import KeyKind, Role, Scope
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from registry.domain.ids import Address, PartyId
    from registry.domain.key_operations import (
        AnnounceRecovery,
        AppointAgent,
        CancelRecovery,
        DismissAgent,
        Recover,
        Rotate,
    )
    from registry.domain.party import Party
    from registry.domain.seal import Seal
    from registry.domain.signing import KeyConsent
    from registry.domain.terms import SigningDomain
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.writing import Writing


class KeyMatters:
    """Carry out what is written about the keys of the parties in a book."""

    def __init__(
        self, history: History, parties: PartyBook, domain: SigningDomain, seal: Seal
    ) -> None:
        self._parties = parties
        self._domain = domain
        self._seal = seal
        self._recoveries: Timeline[PartyId, Recovery | None] = Timeline(history, None)

    def rotate(self, now: Writing, operation: Rotate) -> None:
        """Hand the sender's party over to another key."""
        party = self._controller(now.sender)
        consent = controller_consent(
            party=party, key=operation.successor, deadline=operation.deadline
        )
        self._require_consent(now, consent, operation.consent)
        self._replace(now, self._parties.known(party), operation.successor)
        now.emit(KeyRotated(**now.place, party=party, from_=now.sender, to=operation.successor))

    def appoint(self, now: Writing, operation: AppointAgent) -> None:
        """Let a key act for the sender's party within its scopes."""
        party, key = self._controller(now.sender), operation.key
        # Of the numbers: the inverse of a flag has only the bits that have names.
        if not 0 < int(operation.scopes) <= int(Scope.ALL):
            raise reverts.ScopesInvalid(scopes=operation.scopes)
        if operation.valid_until <= now.time:
            raise reverts.AgentExpired(key=key, valid_until=operation.valid_until)
        since = self._parties.known(party).agents_since
        if since is not None and now.time <= since:
            raise reverts.KeyClosed(key=key, ended_at=since)
        consent = agent_consent(
            party=party,
            key=key,
            scopes=operation.scopes,
            valid_until=operation.valid_until,
            deadline=operation.deadline,
        )
        self._require_consent(now, consent, operation.consent)
        self._parties.open_key(
            now,
            party,
            key,
            kind=KeyKind.AGENT,
            scopes=operation.scopes,
            until=operation.valid_until,
        )
        now.emit(
            AgentAppointed(
                **now.place,
                party=party,
                key=key,
                scopes=operation.scopes,
                valid_until=operation.valid_until,
            )
        )

    def dismiss(self, now: Writing, operation: DismissAgent) -> None:
        """End an agent's span, as its party's controller or as the agent itself."""
        by = self._parties.actor(now.sender, Scope.ALL)
        found = self._parties.key(operation.key)
        if found is None or found.kind is not KeyKind.AGENT or found.party != by:
            raise reverts.AgentUnknown(key=operation.key, party=by)
        mine = self._parties.key(now.sender)
        if now.sender != operation.key and (mine is None or not mine.controls):
            raise reverts.ControllerOnly(key=now.sender, party=by)
        self._parties.require_open(operation.key, Scope.ALL)
        self._parties.close_key(now, operation.key)
        now.emit(AgentDismissed(**now.place, party=by, key=operation.key, by=now.sender))

    def announce(self, now: Writing, operation: AnnounceRecovery) -> None:
        """Announce that a key shall control a party."""
        by = self._parties.writer(now.sender, Scope.DECIDE)
        if by == operation.party:
            raise reverts.RecoveryOfOwn(party=by)
        self._require_office(by, self._parties.known(operation.party))
        self._parties.require_fresh(operation.key)
        before = self._recoveries.get(operation.party)
        if before is not None and now.time < before.lapses:
            raise reverts.RecoveryPending(party=before.party, effective_at=before.effective_at)
        effective_at = now.time + RECOVERY_DELAY
        announced = Recovery(
            party=operation.party, key=operation.key, by=by, effective_at=effective_at
        )
        self._recoveries.set(operation.party, announced)
        now.emit(
            RecoveryAnnounced(
                **now.place,
                party=operation.party,
                key=operation.key,
                by=by,
                effective_at=effective_at,
                evidence=operation.evidence,
            )
        )

    def cancel(self, now: Writing, operation: CancelRecovery) -> None:
        """Cancel an announced recovery."""
        announced = self._pending(now, operation.party)
        by = operation.party
        found = self._parties.key(now.sender)
        theirs = found is not None and found.party == by and found.controls and not found.closed
        if not (theirs and self._parties.known(by).active):
            by = self._parties.writer(now.sender, Scope.DECIDE)
            if by == operation.party:
                raise reverts.ControllerOnly(key=now.sender, party=by)
            if by != announced.by and not self._parties.known(by).roles & Role.REGULATOR:
                raise reverts.RecoveryNotYours(party=operation.party, by=by)
        self._recoveries.set(operation.party, None)
        now.emit(RecoveryCancelled(**now.place, party=operation.party, by=by))

    def recover(self, now: Writing, operation: Recover) -> None:
        """Carry out an announced recovery."""
        announced = self._pending(now, operation.party)
        if now.time < announced.effective_at:
            raise reverts.RecoveryTooEarly(
                party=operation.party, allowed_from=announced.effective_at
            )
        self._parties.require_active(announced.by)
        party = self._parties.known(operation.party)
        self._require_office(announced.by, party)
        consent = controller_consent(party=party.id, key=announced.key, deadline=operation.deadline)
        self._require_consent(now, consent, operation.consent)
        self._recoveries.set(party.id, None)
        self._replace(now, replace(party, agents_since=now.time), announced.key)
        now.emit(
            PartyRecovered(**now.place, party=party.id, from_=party.controller, to=announced.key)
        )

    def recovery(self, party: PartyId, block: int | None = None) -> Recovery | None:
        """Return the recovery announced for a party as of a block."""
        return self._recoveries.get(party, block)

    def _controller(self, key: Address) -> PartyId:
        self._parties.require_open(key, Scope.ALL)
        found = self._parties.key(key)
        if found is None:
            raise reverts.KeyUnknown(key=key)
        if not found.controls:
            raise reverts.ControllerOnly(key=key, party=found.party)
        self._parties.require_active(found.party)
        return found.party

    def _require_consent(self, now: Writing, consent: KeyConsent, signature: bytes) -> None:
        self._parties.require_fresh(consent.key)
        if now.time > consent.deadline:
            raise reverts.ConsentExpired(key=consent.key, deadline=consent.deadline)
        digest = consent.digest(self._domain)
        if self._seal.signer_of(digest, signature) != consent.key:
            raise reverts.ConsentInvalid(key=consent.key, digest=digest)

    def _require_office(self, by: PartyId, subject: Party) -> None:
        either = Role.REGISTRAR | Role.REGULATOR
        self._parties.require_role(by, Role.REGULATOR if subject.roles else either)

    def _pending(self, now: Writing, party: PartyId) -> Recovery:
        announced = self._recoveries.get(party)
        if announced is None or now.time >= announced.lapses:
            raise reverts.RecoveryUnknown(party=party)
        return announced

    def _replace(self, now: Writing, party: Party, successor: Address) -> None:
        self._parties.close_key(now, party.controller)
        self._parties.open_key(now, party.id, successor, standing=party.standing)
        self._parties.put(replace(party, controller=successor))
