"""A guard before a ledger in memory: what it refuses, and what it says then."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from registry.archive import Archive
from registry.client import Dengji
from registry.domain.clauses import Quota
from registry.domain.vocabulary import Action, Purpose, QuotaUnit, SubDelegation
from registry.enforcement.responses import Refusal, decide
from registry.errors import ReceiptNotOwn, ReceiptSumWrong, ReceiptTimeWrong
from registry.reverts import KeyClosed
from registry.testing import MemorySeal, account
from registry.testing.clients import memory_client
from tests.enforcement.conftest import HOUR, Trade


@pytest.mark.parametrize("name", ["\ud800", "格式"])
def test_whatever_a_stranger_names_is_answered(trade: Trade, name: str) -> None:
    """A field with half a character for its name is told of as any other that is unknown."""
    word = base64.urlsafe_b64encode(json.dumps({name: 1}).encode()).decode().rstrip("=")
    refused = decide(trade.guard, word, lambda: 1, "zh")
    assert isinstance(refused, Refusal)
    assert refused.status is HTTPStatus.BAD_REQUEST
    assert json.loads(refused.body)["error"]["fields"]["field"] == name


def test_a_period_that_is_over_gives_no_more(trade: Trade) -> None:
    """Its quota settled, a use said to be of its last second would never be: it is not served."""
    period = trade.ledger.period(trade.grant.id)
    assert period is not None
    trade.buyer.usages.take(trade.guard.admit(trade.signed(100), 100))
    assert len(list(trade.provider.usages.settle())) == 1
    turn = period.first_at + HOUR
    trade.ledger.advance(turn + 5 - trade.ledger.now)
    with pytest.raises(ReceiptTimeWrong):
        trade.guard.admit(trade.signed(100, at=turn - 1), 100)
    trade.buyer.usages.take(trade.guard.admit(trade.signed(100, at=turn), 100))
    assert len(list(trade.provider.usages.settle())) == 1
    assert trade.provider.usages.settled(trade.grant.id).cumulative == 200


def test_a_period_above_that_is_over_gives_no_more(trade: Trade, tmp_path: Path) -> None:
    """Nor is one served that a sub-grant's parent would be debited for in a period that is over."""
    asked: dict[str, Any] = {"action": Action.QUERY, "purpose": Purpose.RESEARCH}
    terms: dict[str, Any] = {
        "product": trade.grant.clauses.product,
        "actions": Action.QUERY,
        "purposes": Purpose.RESEARCH,
    }
    hourly = Quota(unit=QuotaUnit.CALL, total=1_000, per_period=100, period=HOUR)
    parent = trade.provider.grants.issue(
        **terms,
        to=trade.grant.clauses.grantee,
        quota=hourly,
        sub_delegation=SubDelegation.FREE,
        depth=1,
    )
    with memory_client(trade.ledger, number=3, home=tmp_path / "third") as third:
        clauses = trade.buyer.grants.clauses(**terms, to=third.parties.mine().id, quota=hourly)
        child = trade.buyer.agreements.issue_under(clauses, parent.id)
        period = trade.ledger.period(parent.id)
        assert period is not None
        turn = period.first_at + HOUR
        trade.ledger.advance(turn + 5 - trade.ledger.now)
        guard = trade.guard_of(trade.buyer)
        third.usages.take(guard.admit(third.usages.sign(child, **asked, at=turn - 1)))
        trade.buyer.usages.record(parent, **asked)
        trade.ledger.advance(turn + HOUR + 5 - trade.ledger.now)
        guard = trade.guard_of(trade.buyer)
        with pytest.raises(ReceiptTimeWrong):
            guard.admit(third.usages.sign(child, **asked, at=turn + HOUR - 1))
        assert guard.admit(third.usages.sign(child, **asked, at=turn + HOUR)).complete


def test_a_receipt_whose_answer_was_lost_is_taken_later(trade: Trade) -> None:
    """Found out by the refusal of the next one, it is taken, and use goes on; no other's is."""
    lost = trade.signed()
    trade.guard.admit(lost)
    with pytest.raises(ReceiptSumWrong):
        trade.guard.admit(trade.signed())
    stranger = trade.provider.usages.signed(replace(lost, grantee=None), "grantee")
    for other in (stranger, replace(lost, grantee=None), replace(lost, grantee=stranger.grantee)):
        with pytest.raises(ReceiptNotOwn):
            trade.buyer.usages.take(other)
    trade.buyer.usages.take(lost)
    assert trade.guard.admit(trade.signed()).receipt.cumulative == 2


def test_a_service_without_an_account_serves_and_refuses(trade: Trade, tmp_path: Path) -> None:
    """It leaves its signature for later, and a refusal says what the ledger says."""
    archive = Archive(tmp_path / "service")
    with Dengji(trade.ledger, None, archive=archive, seal=MemorySeal()) as client:
        guard = trade.guard_of(client)
        served = guard.admit(trade.signed())
        assert (served.complete, guard.expected(trade.grant.id)) == (False, (1, 1))
        trade.buyer.usages.take(served)
        trade.provider.grants.revoke(trade.grant.id)
        refused = decide(trade.guard_of(client), trade.signed().header(), lambda: 1, "en")
        assert isinstance(refused, Refusal)
        assert refused.status is HTTPStatus.FORBIDDEN
        assert json.loads(refused.body)["error"]["fields"]["verdict"] == "GRANT_REVOKED"


def test_a_provider_that_rotated_its_key_signs_anew(trade: Trade) -> None:
    """What its old key countersigned is not settled; signed again with the new one, it is."""
    counted = trade.guard.admit(trade.signed())
    trade.provider.keys.rotate(account(5))
    home = trade.provider.usages.receipts.path.parent
    with memory_client(trade.ledger, number=5, home=home, enrol=False) as provider:
        with pytest.raises(KeyClosed):
            list(provider.usages.settle())
        assert provider.usages.countersign(counted, trade.grant).complete
        assert len(list(provider.usages.settle())) == 1
        assert provider.usages.settled(trade.grant.id).cumulative == 1
