"""Test the tasks about keys: rotations, agents, recoveries, who spoke when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from registry import reverts
from registry.client import Dengji
from registry.domain.ids import Address, PartyId
from registry.domain.key_operations import Rotate
from registry.domain.moment import AtBlock
from registry.domain.party import KeyKind, Scope, Standing
from registry.errors import (
    AccountUnknown,
    ConsentElsewhere,
    ConsentForged,
    ConsentForOther,
    KeyConsentNeeded,
)
from registry.testing import MemoryLedger, MemorySeal, account, memory_client

DAY = 86_400


class Elsewhere(MemorySeal):
    """Sign for no account: its keys are on other machines."""

    def sign(self, account: Address, message: object, domain: object) -> bytes:
        """Refuse."""
        del message, domain
        raise AccountUnknown(address=str(account), directory="")


@pytest.fixture
def ledger() -> MemoryLedger:
    """Return a fresh ledger."""
    return MemoryLedger()


@pytest.fixture
def party(ledger: MemoryLedger) -> Dengji:
    """Return a client whose party is enrolled, as account 1."""
    return memory_client(ledger, number=1)


def as_account(ledger: MemoryLedger, number: int) -> Dengji:
    """Return a client of an account, enrolled or not."""
    return memory_client(ledger, number=number, enrol=False)


def test_rotates_and_keeps_who_spoke_when(ledger: MemoryLedger, party: Dengji) -> None:
    """After a rotation the party is the other key's, and the old span stays provable."""
    known = party.parties.mine()
    ledger.advance(DAY)
    receipt = party.keys.rotate(account(5))
    assert as_account(ledger, 5).parties.mine().id == known.id
    with pytest.raises(reverts.KeyClosed) as caught:
        party.keys.rotate(account(6))
    assert caught.value.ended_at == receipt.time
    old = party.keys.record(account(1))
    assert old is not None
    assert old.closed
    assert [old.spoke_at(known.since), old.spoke_at(receipt.time)] == [True, False]
    before, after = party.keys.list(known.id)
    assert (before.address, after.address) == (account(1), account(5))
    assert before.until == after.since == receipt.time
    assert [one.address for one in party.keys.list(known.id, at=AtBlock(receipt.block - 1))] == [
        account(1)
    ]


def test_an_agent_acts_within_its_scopes(ledger: MemoryLedger, party: Dengji) -> None:
    """An agent is its party's for what it was given, and is listed with its span."""
    until = ledger.now + DAY
    party.keys.appoint(account(5), Scope.DECIDE | Scope.REVOKE, until)
    agent = as_account(ledger, 5)
    assert agent.parties.mine().id == party.parties.mine().id
    with pytest.raises(reverts.ScopeMissing) as caught:
        agent.products.register(__file__)
    assert caught.value.needed == Scope.REGISTER
    (listed,) = party.keys.agents()
    assert (listed.kind, listed.scopes) == (KeyKind.AGENT, Scope.DECIDE | Scope.REVOKE)
    assert listed.until == until
    with pytest.raises(reverts.ControllerOnly):
        agent.keys.rotate(account(6))


def test_an_agent_leaves(ledger: MemoryLedger, party: Dengji) -> None:
    """Party and agent can both end the span, and it never begins again."""
    party.keys.appoint(account(5), Scope.ALL, ledger.now + DAY)
    as_account(ledger, 5).keys.dismiss(account(5))
    (listed,) = party.keys.agents()
    assert listed.standing is Standing.CLOSED
    with pytest.raises(reverts.KeyTaken):
        party.keys.appoint(account(5), Scope.ALL, ledger.now + DAY)


def test_consents_from_another_machine(ledger: MemoryLedger, party: Dengji) -> None:
    """A key that is not at home consents in a file; without one the step is refused."""
    mine = party.parties.mine().id
    here = Dengji(ledger, account(1), seal=Elsewhere())
    with pytest.raises(KeyConsentNeeded) as caught:
        here.keys.rotate(account(5))
    assert caught.value.account == str(account(5))
    there = as_account(ledger, 5)
    here.keys.rotate(there.keys.consent(mine, account(5)))
    assert there.parties.mine().id == mine


def test_refuses_consents_that_do_not_fit(ledger: MemoryLedger, party: Dengji) -> None:
    """A consent for another party, purpose, scope or deployment is refused before it is sent."""
    mine, there = party.parties.mine().id, as_account(ledger, 5)
    controller = there.keys.consent(mine, account(5))
    agent = there.keys.consent(mine, account(5), scopes=Scope.GRANT, valid_until=ledger.now + DAY)
    attempts: dict[str, Callable[[], object]] = {
        "kind": lambda: party.keys.rotate(agent),
        "party": lambda: party.keys.rotate(there.keys.consent(PartyId.of(7), account(5))),
        "scopes": lambda: party.keys.appoint(agent, Scope.ALL),
        "valid_until": lambda: party.keys.appoint(agent, Scope.GRANT, ledger.now + 2 * DAY),
    }
    for field, attempt in attempts.items():
        with pytest.raises(ConsentForOther) as caught:
            attempt()
        assert caught.value.field == field
    with pytest.raises(ConsentForged):
        party.keys.rotate(replace(controller, signature=agent.signature))
    elsewhere = replace(controller.domain, chain_id=1)
    with pytest.raises(ConsentElsewhere):
        party.keys.rotate(replace(controller, domain=elsewhere))


def test_recovers_a_party_after_the_delay(ledger: MemoryLedger, party: Dengji) -> None:
    """Announced by a registrar, a recovery takes effect after seven days and voids agents."""
    mine = party.parties.mine().id
    party.keys.appoint(account(6), Scope.ALL, ledger.now + 90 * DAY)
    registrar = Dengji(ledger, ledger.founder, seal=MemorySeal())
    registrar.keys.announce_recovery(mine, account(5), b"\x01" * 32)
    announced = party.keys.recovery()
    assert announced is not None
    assert (announced.key, announced.by) == (account(5), registrar.parties.mine().id)
    anyone = as_account(ledger, 5)
    with pytest.raises(reverts.RecoveryTooEarly):
        anyone.keys.recover(mine)
    ledger.advance(7 * DAY)
    receipt = anyone.keys.recover(mine)
    assert anyone.parties.mine().id == mine
    assert anyone.parties.mine().agents_since == receipt.time
    assert anyone.keys.recovery() is None
    for number in (1, 6):
        with pytest.raises(reverts.KeyClosed):
            as_account(ledger, number).products.register(__file__)


def test_a_recovery_can_be_cancelled_and_lapses(ledger: MemoryLedger, party: Dengji) -> None:
    """The controller cancels what it did not ask for; what nobody finishes lapses."""
    mine = party.parties.mine().id
    registrar = Dengji(ledger, ledger.founder, seal=MemorySeal())
    registrar.keys.announce_recovery(mine, account(5))
    party.keys.cancel_recovery()
    assert party.keys.recovery() is None
    with pytest.raises(reverts.RecoveryUnknown):
        registrar.keys.recover(mine)
    registrar.keys.announce_recovery(mine, account(5))
    ledger.advance(38 * DAY)
    assert party.keys.recovery() is None
    with pytest.raises(reverts.RecoveryUnknown):
        registrar.keys.recover(mine)


def test_asks_in_the_same_words_each_time() -> None:
    """A rotation asked for again is the same wish, though its consent has another deadline."""
    asked = []
    for wait in (0, 60):
        ledger = MemoryLedger()
        party = memory_client(ledger, number=1)
        ledger.advance(wait)
        operation = party.keys.rotate(account(5)).operation
        assert isinstance(operation, Rotate)
        asked.append(operation)
    first, second = asked
    assert first.wish == second.wish
    assert first.deadline < second.deadline
