"""Write random operations about keys beside all others: rotations, agents, recoveries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from registry.domain.events import AgentAppointed, KeyRotated, PartyRecovered, RecoveryAnnounced
from registry.domain.key_operations import (
    AnnounceRecovery,
    AppointAgent,
    CancelRecovery,
    DismissAgent,
    Recover,
    Rotate,
)
from registry.domain.keys import agent_consent, controller_consent
from registry.domain.party import Scope
from tests.sequences import DAY, ROOTS, Author

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from registry.domain.events import Event
    from registry.domain.ids import Address, PartyId
    from registry.domain.operations import Operation
    from registry.domain.seal import Seal
    from registry.domain.signing import KeyConsent
    from registry.domain.terms import SigningDomain
    from tests.sequences import Step


@dataclass(kw_only=True)
class KeyAuthor(Author):
    """Write sequences in which keys change too; `seal` signs for every account."""

    seal: Seal
    domain: SigningDomain
    agents: dict[Address, PartyId] = field(default_factory=dict)
    announced: dict[PartyId, Address] = field(default_factory=dict)

    def note(self, events: Iterable[Event]) -> None:
        """Take note of keys that came and went, beside all else."""
        told = list(events)
        super().note(told)
        for event in told:
            if isinstance(event, KeyRotated | PartyRecovered):
                self.keys[event.party] = event.to
            elif isinstance(event, AgentAppointed):
                self.agents[event.key] = event.party
            elif isinstance(event, RecoveryAnnounced):
                self.announced[event.party] = event.key

    def writers(self) -> dict[Callable[[], tuple[Operation, PartyId | None]], int]:
        """Return what writes operations, with how often."""
        keys = {self._rotate: 3, self._appoint: 6, self._dismiss: 3}
        return super().writers() | keys | {self._announce: 4, self._cancel: 1, self._recover: 5}

    def step(self) -> Step:
        """Write the next step; a recovery mostly waits until it can take effect."""
        step = super().step()
        if not isinstance(step.operation, Recover) or self.rng.random() < 0.3:
            return step
        announced = self.ledger.recovery(step.operation.party)
        ahead = 0 if announced is None else announced.effective_at - self.ledger.moment().time
        return replace(step, jump=max(1, ahead))

    def _account(self, by: PartyId | None) -> Address:
        """Return an account of the party: mostly its controller, at times an agent."""
        theirs = [key for key, party in self.agents.items() if party == by]
        if theirs and self.rng.random() < 0.4:
            return self.rng.choice(theirs)
        return super()._account(by)

    def _fresh(self) -> Address:
        taken = {*self.keys.values(), *self.agents}
        fresh = [one for one in self.accounts if one not in taken]
        return self._mostly(
            self.rng.choice(fresh or list(self.accounts)),
            lambda: self.rng.choice(list(self.accounts)),
        )

    def _signed(self, message: KeyConsent) -> bytes:
        signer = self._mostly(message.key, lambda: self.rng.choice(list(self.accounts)))
        return self.seal.sign(signer, message, self.domain)

    def _deadline(self) -> int:
        now = self.ledger.moment().time
        return self._mostly(now + 40 * DAY, lambda: self.rng.choice((0, now - 1, now)))

    def _rotate(self) -> tuple[Operation, PartyId]:
        party, key, deadline = self._party(), self._fresh(), self._deadline()
        message = controller_consent(party=party, key=key, deadline=deadline)
        return Rotate(successor=key, deadline=deadline, consent=self._signed(message)), party

    def _appoint(self) -> tuple[Operation, PartyId]:
        party, key, deadline = self._party(), self._fresh(), self._deadline()
        now = self.ledger.moment().time
        scopes = Scope(self.rng.choice((1, 5, 12, 32, int(Scope.ALL), int(Scope.ALL), 0, 200)))
        until = now + self.rng.choice((0, 60, DAY, 3 * DAY, 90 * DAY))
        message = agent_consent(
            party=party, key=key, scopes=scopes, valid_until=until, deadline=deadline
        )
        operation = AppointAgent(
            key=key,
            scopes=scopes,
            valid_until=until,
            deadline=deadline,
            consent=self._signed(message),
        )
        return operation, party

    def _dismiss(self) -> tuple[Operation, PartyId | None]:
        agents = list(self.agents) or list(self.accounts)
        key = self._mostly(self.rng.choice(agents), lambda: self.rng.choice(list(self.accounts)))
        return DismissAgent(key=key), self.agents.get(key)

    def _announce(self) -> tuple[Operation, PartyId]:
        operation = AnnounceRecovery(
            party=self._party(), key=self._fresh(), evidence=self.rng.choice(ROOTS)
        )
        return operation, self.parties[0]

    def _cancel(self) -> tuple[Operation, PartyId]:
        party = self._pending()
        return CancelRecovery(party=party), self.rng.choice((party, self.parties[0]))

    def _recover(self) -> tuple[Operation, PartyId]:
        party, deadline = self._pending(), self._deadline()
        key = self.announced.get(party) or self._fresh()
        message = controller_consent(party=party, key=key, deadline=deadline)
        operation = Recover(party=party, deadline=deadline, consent=self._signed(message))
        return operation, self._party()

    def _pending(self) -> PartyId:
        return self.rng.choice(list(self.announced) or self.parties)
