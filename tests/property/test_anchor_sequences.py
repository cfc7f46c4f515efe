"""Test that the random sequences about anchors and listings reach what they are for."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Final

from registry import reverts
from registry.domain.anchor_events import ANCHOR_EVENTS
from registry.domain.events import ProductListed
from registry.domain.terms import SigningDomain
from registry.errors import ContractRevert
from registry.testing import MemoryLedger, MemorySeal, account
from tests.anchor_sequences import AnchorAuthor

SEQUENCES: Final = 30
STEPS: Final = 80
REFUSALS: Final = {
    *(reverts.AnchorTaken, reverts.AnchorUnknown, reverts.LeavesOutOfRange, reverts.LeafUnproven),
    *(reverts.LocatorTooLong, reverts.LocatorUnprintable, reverts.ProductTaken),
    *(reverts.ProductNotInForce, reverts.ProductUnknown, reverts.RightsMissing),
    *(reverts.DerivationMissing, reverts.ParticularsInvalid, reverts.PartyInactive),
}


def test_the_sequences_reach_every_event_and_refusal() -> None:
    """Some sequence anchors, promotes and lists, and meets each refusal of these."""
    told: Counter[type] = Counter()
    for seed in range(SEQUENCES):
        ledger = MemoryLedger()
        parties = ledger.deployment.parties
        author = AnchorAuthor(
            rng=Random(seed),
            accounts=[account(number) for number in range(12)],
            ledger=ledger,
            seal=MemorySeal(),
            domain=SigningDomain(chain_id=ledger.chain_id, verifying_contract=parties),
        )
        author.note(ledger.events())
        for _ in range(STEPS):
            step = author.step()
            ledger.advance(step.jump)
            try:
                receipt = ledger.submit(step.operation, account=step.account)
            except ContractRevert as refusal:
                told[type(refusal)] += 1
            else:
                author.learn(receipt)
                told.update(type(event) for event in receipt.events)
    assert {*ANCHOR_EVENTS, ProductListed} | REFUSALS <= set(told), told
