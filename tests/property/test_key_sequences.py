"""Test that the random sequences about keys reach what they are for, and the laws of keys."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from registry.domain.events import KEY_EVENTS, AgentDismissed, RecoveryAnnounced, RecoveryCancelled
from registry.domain.terms import SigningDomain
from registry.errors import ContractRevert
from registry.testing import MemoryLedger, MemorySeal, account
from tests.key_sequences import KeyAuthor

if TYPE_CHECKING:
    from registry.domain.ids import Address, PartyId

REFUSALS: Final = {
    *("KeyClosed", "ScopeMissing", "ControllerOnly", "AgentUnknown", "ScopesInvalid"),
    *("AgentExpired", "ConsentExpired", "ConsentInvalid", "KeyTaken", "RecoveryPending"),
    *("RecoveryUnknown", "RecoveryOfOwn", "PartyInactive"),
}


def played(seed: int, steps: int) -> tuple[KeyAuthor, Counter[str]]:
    """Play a sequence, and return its author with what happened and what was refused."""
    ledger = MemoryLedger()
    domain = SigningDomain(chain_id=ledger.chain_id, verifying_contract=ledger.deployment.parties)
    author = KeyAuthor(
        rng=Random(seed),
        accounts=[account(number) for number in range(12)],
        ledger=ledger,
        seal=MemorySeal(),
        domain=domain,
    )
    author.note(ledger.events())
    told: Counter[str] = Counter()
    for _ in range(steps):
        step = author.step()
        ledger.advance(step.jump)
        try:
            receipt = ledger.submit(step.operation, account=step.account)
        except ContractRevert as refusal:
            told[type(refusal).__name__] += 1
        else:
            author.learn(receipt)
            told.update(type(event).__name__ for event in receipt.events)
    return author, told


@pytest.mark.slow
def test_every_change_and_refusal_of_keys_is_reached() -> None:
    """Sixty sequences together meet every event about keys, and most reasons to refuse one."""
    total: Counter[str] = Counter()
    for seed in range(60):
        total += played(seed, 150)[1]
    changes = (*KEY_EVENTS, AgentDismissed, RecoveryAnnounced, RecoveryCancelled)
    assert {kind.__name__ for kind in changes} | REFUSALS <= set(total), total


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_keys_stay_with_their_party_and_controllers_follow_each_other(seed: int) -> None:
    """No key is in two parties, and a party's controllers speak one after the other, gapless."""
    author, _ = played(seed, 150)
    owners: dict[Address, PartyId] = {}
    for party in author.parties:
        end: int | None = None
        for key in author.ledger.keys(party):
            assert owners.setdefault(key.address, party) == party
            if not key.controls:
                continue
            assert end is None or key.since == end
            end = key.until
        known = author.ledger.party(party)
        assert known is not None
        assert end is None
        assert author.ledger.keys(party)[-1] is not None
        assert owners[known.controller] == party
