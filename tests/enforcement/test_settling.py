"""What a service counted and nobody countersigned yet is signed and settled by its provider."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from registry.domain.clauses import Quota
from registry.domain.vocabulary import Action, Purpose, QuotaUnit
from registry.errors import ReceiptSignerWrong
from registry.testing import account
from registry.testing.clients import memory_client
from tests.enforcement.conftest import Trade


def serve(trade: Trade, count: int = 1) -> None:
    """Have a service of the provider's count calls, and sign none of them."""
    guard = trade.guard_of(trade.provider, countersign=False)
    for _ in range(count):
        served = guard.admit(trade.signed())
        assert not served.complete
        trade.buyer.usages.take(served)


def test_what_was_counted_unsigned_is_signed_and_settled(trade: Trade) -> None:
    """Only where that is asked for; afterwards both signatures are on file."""
    serve(trade, 3)
    usages = trade.provider.usages
    assert list(usages.settle()) == []
    assert len(list(usages.settle(sign=True))) == 1
    assert usages.settled(trade.grant.id).cumulative == 3
    kept = usages.newest(trade.grant.id)
    assert kept is not None
    assert (kept.receipt.complete, kept.open) == (True, 0)
    assert list(usages.settle(sign=True)) == []


def test_what_a_closed_key_signed_is_signed_anew(trade: Trade) -> None:
    """A provider that rotated its key since settles without a file of its receipts."""
    trade.buyer.usages.take(trade.guard.admit(trade.signed()))
    trade.provider.keys.rotate(account(5))
    home = trade.provider.usages.receipts.path.parent
    with memory_client(trade.ledger, number=5, home=home, enrol=False) as provider:
        assert len(list(provider.usages.settle(sign=True))) == 1
        assert provider.usages.settled(trade.grant.id).cumulative == 1


def test_a_key_that_speaks_no_more_is_not_countersigned(trade: Trade, tmp_path: Path) -> None:
    """The receipt of a buyer that rotated its key is refused by name, and holds up no other."""
    serve(trade)
    with memory_client(trade.ledger, number=3, home=tmp_path / "third") as third:
        grant = trade.provider.grants.issue(
            product=trade.grant.clauses.product,
            to=third.parties.mine().id,
            actions=Action.QUERY,
            purposes=Purpose.RESEARCH,
            quota=Quota(unit=QuotaUnit.CALL, total=10),
        )
        other = replace(trade, buyer=third, grant=grant)
        serve(other)
        trade.buyer.keys.rotate(account(5))
        settling = trade.provider.usages.settle(sign=True)
        assert next(settling).events
        with pytest.raises(ReceiptSignerWrong) as refused:
            next(settling)
    assert refused.value.signer == str(account(2))
    usages = trade.provider.usages
    assert (usages.settled(grant.id).cumulative, usages.settled(trade.grant.id).cumulative) == (
        1,
        0,
    )
    kept = usages.newest(trade.grant.id)
    assert kept is not None
    assert kept.receipt.grantor is None


def test_nobody_signs_for_another(trade: Trade, tmp_path: Path) -> None:
    """Neither the buyer nor a service of another party puts a signature of its own there."""
    serve(trade)
    assert list(trade.buyer.usages.settle(sign=True)) == []
    with memory_client(trade.ledger, number=3, home=tmp_path / "third") as third:
        trade.guard_of(third).admit(trade.signed(), 2)
        assert list(third.usages.settle(sign=True)) == []
        for client in (trade.buyer, third):
            kept = client.usages.newest(trade.grant.id)
            assert kept is not None
            assert kept.receipt.grantor is None
