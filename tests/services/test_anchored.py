"""Test what is told of a product that was promoted from an anchor, now and as of before."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.client import Dengji
from registry.domain.anchor_operations import Anchor
from registry.domain.ids import PartyId
from registry.domain.moment import AtBlock, AtTime
from registry.domain.operations import Register
from registry.domain.vocabulary import Right
from registry.reverts import LeafUnproven, LocatorUnprintable, ProductTaken, RightsMissing
from registry.services.provenance import Outcome
from registry.testing import MemoryLedger, account
from tests.anchor_sequences import Planned, planned, promotion

DAY = 86_400
HOLDER, BUYER = account(1), account(2)


def party_of(client: Dengji) -> PartyId:
    """Return the party that a client speaks for."""
    return client.parties.mine().id


def anchored(ledger: MemoryLedger, client: Dengji, content: Path) -> Planned:
    """Anchor the registration of a content among others, and let a day pass."""
    found = client.products.fingerprint(content)
    item = Register(content_root=found.content_root, metadata_hash=found.metadata_hash)
    others = [Register(content_root=bytes([n]) * 32, metadata_hash=bytes(32)) for n in range(1, 5)]
    plan = planned(ledger, party_of(client), [*others[:2], item, *others[2:]])
    ledger.submit(Anchor(root=plan.tree.root, leaves=5), account=HOLDER)
    ledger.advance(DAY)
    return plan


def test_a_promoted_leaf_is_told_with_both_times(
    holder: Dengji, buyer: Dengji, ledger: MemoryLedger, data: Path
) -> None:
    """Its record says the anchor's time; as of any block before the promotion there is none."""
    since = ledger.now
    plan = anchored(ledger, holder, data)
    rival = buyer.products.register(data)
    ledger.advance(DAY)
    assert holder.provenance.verify(data, code=rival.product.id).outcome is Outcome.IN_FORCE
    before = ledger.moment()
    receipt = ledger.submit(promotion(plan, 2), account=HOLDER)
    product = next(event.product for event in receipt.events if hasattr(event, "product"))

    known = holder.products.get(product)
    assert (known.since, receipt.time) == (since, since + 2 * DAY + 2)
    (version,) = holder.products.versions(product)
    assert (version.time, version.block) == (receipt.time, receipt.block)
    # It was claimed last, and existed first.
    claims = ledger.claims(version.content_root)
    assert [claim.product for claim in claims] == [rival.product.id, product]
    assert claims[1].first_at == since < claims[0].first_at
    matches = holder.provenance.verify(data).matches
    assert [match.product.id for match in matches] == [product, rival.product.id]
    assert [match.first_at for match in matches] == [since, claims[0].first_at]

    # Its time is no word on what the ledger held then.
    for at in (AtBlock(before.block), AtTime(receipt.time - 1), AtTime(since)):
        assert ledger.product(product, at=ledger.moment(at)) is None
        assert ledger.rights_of(product, plan.party, at=ledger.moment(at)) == Right(0)
        found = holder.provenance.verify(data, code=product, at=at)
        assert found.outcome is Outcome.UNKNOWN
        assert product not in [match.product.id for match in found.matches]


def test_nobody_loses_by_a_promotion(
    holder: Dengji, buyer: Dengji, ledger: MemoryLedger, data: Path
) -> None:
    """What others registered meanwhile keeps its record, its claim's place and its time."""
    plan = anchored(ledger, holder, data)
    rival = buyer.products.register(data)
    record, claims = ledger.product(rival.product.id), ledger.claims(plan.items[2].content_root)
    ledger.submit(promotion(plan, 2), account=HOLDER)
    assert ledger.product(rival.product.id) == record
    assert ledger.claims(plan.items[2].content_root)[:1] == claims
    assert buyer.provenance.verify(data, code=rival.product.id).outcome is Outcome.IN_FORCE


def test_no_leaf_is_promoted_twice_nor_by_another(
    holder: Dengji, buyer: Dengji, ledger: MemoryLedger, data: Path
) -> None:
    """A second promotion is refused, and so is that of another who anchored the same root."""
    plan = anchored(ledger, holder, data)
    ledger.submit(Anchor(root=plan.tree.root, leaves=5), account=BUYER)
    with pytest.raises(LeafUnproven):
        ledger.submit(promotion(plan, 2), account=BUYER)
    ledger.submit(promotion(plan, 2), account=HOLDER)
    with pytest.raises(ProductTaken):
        ledger.submit(promotion(plan, 2), account=HOLDER)
    kept = ledger.anchor(party_of(buyer), plan.tree.root)
    assert kept is not None
    assert kept.leaves == 5
    assert ledger.anchor(party_of(buyer), bytes(32)) is None


def test_a_listing_is_told_with_the_registration(holder: Dengji, data: Path) -> None:
    """Series and locator are told of the product that names them, not of its series."""
    series = holder.products.register(data / "a.csv").product.id
    locator = "https://data.example/b"
    made = holder.products.register(data / "b.csv", series=series, locator=locator).product.id
    told = holder.products.listing(made)
    assert told is not None
    assert (told.product, told.series, told.locator) == (made, series, locator)
    assert holder.products.listing(series) is None


def test_a_listing_that_cannot_be_told_registers_nothing(
    holder: Dengji, buyer: Dengji, data: Path
) -> None:
    """A locator that hides something, or another's series, is refused with the registration."""
    series = holder.products.register(data / "a.csv").product.id
    with pytest.raises(LocatorUnprintable):
        holder.products.register(data / "b.csv", locator="https://data.example/a b")
    with pytest.raises(RightsMissing):
        buyer.products.register(data / "b.csv", series=series)
    assert holder.provenance.verify(data / "b.csv").outcome is Outcome.UNKNOWN
