"""A receipt stands for all that was done since the last settled one, and names all of it."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus

import pytest

from registry import messages
from registry.domain.clauses import Quota
from registry.domain.usage import SignedReceipt
from registry.domain.vocabulary import Action, Purpose, QuotaUnit
from registry.enforcement.responses import Refusal, decide
from registry.errors import ReceiptNarrowed
from tests.enforcement.conftest import Trade


@pytest.fixture
def wide(trade: Trade) -> Trade:
    """Grant two purposes and two actions."""
    grant = trade.provider.grants.issue(
        product=trade.grant.clauses.product,
        to=trade.grant.clauses.grantee,
        actions=Action.QUERY | Action.READ,
        purposes=Purpose.RESEARCH | Purpose.INSURANCE,
        quota=Quota(unit=QuotaUnit.CALL, total=10_000),
    )
    return replace(trade, grant=grant)


def for_insurance(trade: Trade) -> SignedReceipt:
    """Return the buyer's next receipt, of a use for another purpose, as its client makes it."""
    return trade.buyer.usages.sign(trade.grant, action=Action.QUERY, purpose=Purpose.INSURANCE)


def narrowed(trade: Trade) -> SignedReceipt:
    """Return it without the purpose of those before."""
    made = for_insurance(trade)
    told = replace(made.receipt, purpose=Purpose.INSURANCE)
    return trade.buyer.usages.signed(replace(made, receipt=told, grantee=None), "grantee")


def test_no_purpose_is_dropped_on_the_way(wide: Trade) -> None:
    """What leaves out an earlier purpose is told what it lacks and is not counted; all of it is."""
    guard = wide.guard
    wide.buyer.usages.take(guard.admit(wide.signed()))
    refused = decide(guard, narrowed(wide).header(), lambda: 1, "en")
    assert isinstance(refused, Refusal)
    assert refused.status is HTTPStatus.CONFLICT
    told = json.loads(refused.body)["error"]
    assert (told["code"], told["fields"]["missing"]) == ("receipt-narrowed", ["RESEARCH"])
    assert guard.expected(wide.grant.id) == (1, 1)
    counted = guard.admit(for_insurance(wide))
    assert counted.receipt.purpose == Purpose.RESEARCH | Purpose.INSURANCE


def test_no_action_is_dropped_on_the_way(wide: Trade) -> None:
    """An earlier action stays as well, and the refusal is a sentence in both languages."""
    both = wide.buyer.usages.sign(
        wide.grant, action=Action.QUERY | Action.READ, purpose=Purpose.RESEARCH
    )
    wide.buyer.usages.take(wide.guard.admit(both))
    made = wide.signed()
    assert made.receipt.action == Action.QUERY | Action.READ
    told = replace(made.receipt, action=Action.QUERY)
    lacking = wide.buyer.usages.signed(replace(made, receipt=told, grantee=None), "grantee")
    with pytest.raises(ReceiptNarrowed) as refused:
        wide.guard.admit(lacking)
    assert "not settled yet: READ." in str(refused.value)
    assert "尚未结算的行为或用途：READ。" in messages.render(refused.value, "zh")


def test_what_is_settled_is_not_said_again(wide: Trade) -> None:
    """Once settled it is left out by the client, also before a guard that remembers less."""
    guard = wide.guard
    wide.buyer.usages.take(guard.admit(wide.signed()))
    wide.buyer.usages.take(guard.admit(for_insurance(wide)))
    assert len(list(wide.provider.usages.settle())) == 1
    counted = guard.admit(wide.signed())
    assert (counted.receipt.purpose, counted.receipt.cumulative) == (Purpose.RESEARCH, 3)


def test_nothing_narrowed_is_countersigned(wide: Trade) -> None:
    """Nor does a provider sign by hand what leaves out a purpose of what it signed before."""
    first = wide.provider.usages.countersign(wide.signed(), wide.grant)
    wide.buyer.usages.take(first)
    with pytest.raises(ReceiptNarrowed) as refused:
        wide.provider.usages.countersign(narrowed(wide), wide.grant)
    assert refused.value.missing == ["RESEARCH"]
    assert wide.provider.usages.countersign(for_insurance(wide), wide.grant).complete
