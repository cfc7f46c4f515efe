"""Who may use what, why not, and what changes, on the ledger in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from registry.client import Dengji
from registry.domain.clauses import Clause, Quota
from registry.domain.grant import GrantState
from registry.domain.ids import GrantId
from registry.domain.moment import AtBlock, Moment
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Purpose, QuotaUnit, SubDelegation
from registry.reverts import UsageRefused
from registry.services.grants import Grant
from registry.testing import MemoryLedger, memory_client


@dataclass(frozen=True)
class Trade:
    """A holder and a buyer with a grant of ten calls, for research."""

    holder: Dengji
    buyer: Dengji
    grant: Grant


@pytest.fixture
def trade(tmp_path: Path) -> Trade:
    """Make the two parties and the grant."""
    holder = memory_client(home=tmp_path / "holder")
    buyer = memory_client(holder.ledger, number=2, home=tmp_path / "buyer")
    (tmp_path / "rows.csv").write_text("1")
    product = holder.products.register(tmp_path / "rows.csv").product.id
    grant = holder.grants.issue(
        product=product,
        to=buyer.parties.mine().id,
        actions=Action.QUERY,
        purposes=Purpose.RESEARCH,
        quota=Quota(unit=QuotaUnit.CALL, total=10),
    )
    return Trade(holder, buyer, grant)


def test_explain_names_each_clause_with_both_sides(trade: Trade) -> None:
    """A wrong purpose and too much are both told, with what is granted and what was asked."""
    told = trade.buyer.questions.explain(
        trade.grant.clauses.product, "me", Action.QUERY, Purpose.RESALE, amount=11
    )
    assert not told
    assert told.verdict is Verdict.PURPOSE_NOT_GRANTED
    failing = told.explanations[0].judgement.failing
    assert [(one.clause, one.granted, one.asked) for one in failing] == [
        (Clause.PURPOSES, "RESEARCH", "RESALE"),
        (Clause.QUOTA_TOTAL, "10", "11"),
    ]


def test_who_at_a_past_block_is_what_check_said_then(trade: Trade) -> None:
    """Before and after a revocation the list of who may use agrees with the check of its time."""
    ledger, product = trade.holder.ledger, trade.grant.clauses.product
    before = ledger.moment(None).block
    trade.holder.grants.revoke(trade.grant.id)
    after = ledger.moment(None).block
    user = trade.buyer.parties.mine().id
    for block, allowed in ((before, True), (after, False)):
        at = AtBlock(block)
        check = trade.holder.grants.check(product, user, Action.QUERY, Purpose.RESEARCH, at=at)
        _, whom = trade.holder.questions.who(product, at=at)
        _, what = trade.buyer.questions.what("me", at=at)
        assert bool(check) is allowed
        assert [one.verdict for one in whom] == [one.verdict for one in what] == [check.verdict]
    assert trade.holder.questions.who(product, usable=True)[1] == ()


def test_a_spent_quota_cannot_be_used(trade: Trade) -> None:
    """Neither what is used up itself nor what rests on it, nor, until the next, a spent period."""
    ledger, product = trade.holder.ledger, trade.grant.clauses.product
    assert isinstance(ledger, MemoryLedger)
    use: dict[str, Any] = {"action": Action.QUERY, "purpose": Purpose.RESEARCH}
    third = memory_client(ledger, number=3)
    terms: dict[str, Any] = {
        "product": product,
        "actions": Action.QUERY,
        "purposes": Purpose.RESEARCH,
        "quota": Quota(unit=QuotaUnit.CALL, total=10, per_period=2, period=3600),
    }
    above = trade.holder.grants.issue(
        **terms, to=trade.buyer.parties.mine().id, sub_delegation=SubDelegation.FREE, depth=1
    )
    clauses = trade.buyer.grants.clauses(**terms, to=third.parties.mine().id)
    below = trade.buyer.agreements.issue_under(clauses, above.id)
    trade.buyer.usages.record(trade.grant, amount=10, **use)
    trade.buyer.usages.record(above, amount=2, **use)
    _, all_ = trade.holder.questions.who(product)
    assert {one.grant: one.verdict for one in all_} == {
        trade.grant.id: Verdict.QUOTA_EXCEEDED,
        above.id: Verdict.PERIOD_EXCEEDED,
        below.id: Verdict.ANCESTOR_EXHAUSTED,
    }
    assert trade.holder.questions.who(product, usable=True)[1] == ()
    assert third.questions.what("me", usable=True)[1] == ()
    ledger.advance(3600)
    _, found = trade.holder.questions.who(product, usable=True)
    assert {one.grant for one in found} == {above.id, below.id}


def test_the_states_of_all_grants_are_asked_for_at_once(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many grants there are on a product, none is asked about alone."""
    clauses = trade.grant.clauses
    for salt in range(4):
        trade.holder.grants.issue(
            product=clauses.product,
            to=clauses.grantee,
            actions=Action.READ,
            purposes=Purpose.RESEARCH,
            salt=salt,
        )
    asked: list[int] = []
    kept = MemoryLedger.grants

    def counting(
        self: MemoryLedger, grants: Sequence[GrantId], *, at: Moment | None = None
    ) -> tuple[GrantState | None, ...]:
        asked.append(len(grants))
        return kept(self, grants, at=at)

    monkeypatch.setattr(MemoryLedger, "grants", counting)
    for _, found in (
        trade.holder.questions.who(clauses.product),
        trade.buyer.questions.what("me", usable=True),
    ):
        assert [one.verdict for one in found] == [Verdict.OK] * 5
        assert [one.state.id for one in found] == [one.grant for one in found]
    assert asked == [5, 5]


def test_watch_tells_what_names_the_subject_and_ends_at_its_block(trade: Trade) -> None:
    """Of one grant its birth and its end are told, in order; before the last block nothing more."""
    head = trade.holder.ledger.moment(None).block
    trade.holder.grants.revoke(trade.grant.id)
    told = trade.holder.questions.watch(grant=trade.grant.id, first=0, last=head + 1)
    assert [type(one).__name__ for one in told] == ["GrantIssued", "GrantRevoked"]
    told = trade.holder.questions.watch(grant=trade.grant.id, first=0, last=head)
    assert [type(one).__name__ for one in told] == ["GrantIssued"]


def test_uses_are_counted_and_settled_without_a_chain(trade: Trade) -> None:
    """What is recorded and what is settled by receipts comes off one quota; more is refused."""
    use: dict[str, Any] = {"action": Action.QUERY, "purpose": Purpose.RESEARCH}
    usages = trade.buyer.usages
    assert usages.record(trade.grant, amount=3, **use).remaining == 7
    signed = usages.sign(trade.grant, amount=4, **use)
    complete = trade.holder.usages.countersign(signed, trade.grant)
    usages.take(complete)
    list(trade.holder.usages.settle())
    counted = usages.counted(trade.grant.id)
    assert (counted.settled.cumulative, counted.remaining, counted.open) == (4, 3, 0)
    numbers: list[int] = []
    with pytest.raises(UsageRefused):
        usages.record(trade.grant, amount=4, noticed=numbers.append, **use)
    assert [number for number, _ in usages.refusals(trade.grant.id)] == numbers == [1]
