"""Test the tasks about grants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from registry.client import Dengji
from registry.domain.clauses import Quota
from registry.domain.ids import Address, GrantId, ProductId
from registry.domain.ledger import Receipt
from registry.domain.moment import AtTime
from registry.domain.operations import Issue, Operation
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Purpose, QuotaUnit, Reason
from registry.errors import ClauseRefused
from registry.reverts import GrantorMismatch, GrantUnknown, RightsMissing
from registry.services.grants import Stand
from registry.testing import MemoryLedger

CALLS = Quota(unit=QuotaUnit.CALL, total=1000)


@pytest.fixture
def product(holder: Dengji, data: Path) -> ProductId:
    """Return a product of the holder."""
    return holder.products.register(data).product.id


def _given(buyer: Dengji, product: ProductId, **others: object) -> dict[str, Any]:
    return {
        "product": product,
        "to": buyer.parties.mine().id,
        "actions": [Action.READ, Action.ANALYSE],
        "purposes": Purpose.RESEARCH,
        **others,
    }


def _allowed(
    client: Dengji,
    product: ProductId,
    purpose: Purpose = Purpose.RESEARCH,
    *,
    amount: int = 1,
    at: AtTime | None = None,
) -> Verdict:
    check = client.grants.check(product, "me", Action.READ, purpose, amount=amount, at=at)
    return check.verdict


def test_the_main_job(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, product: ProductId
) -> None:
    """A grant allows what it names until it is revoked, and what it allowed stays answerable."""
    assert _allowed(buyer, product) is Verdict.GRANT_UNKNOWN
    grant = holder.grants.issue(**_given(buyer, product))
    assert grant.stand is Stand.ACTIVE
    assert _allowed(buyer, product) is Verdict.OK
    assert _allowed(buyer, product, Purpose.MARKETING) is Verdict.PURPOSE_NOT_GRANTED
    while_granted = ledger.now
    ledger.advance(100)
    holder.grants.revoke(grant.id, Reason.BREACH)
    assert _allowed(buyer, product) is Verdict.GRANT_REVOKED
    assert holder.grants.get(grant.id).stand is Stand.REVOKED
    assert _allowed(buyer, product, at=AtTime(while_granted)) is Verdict.OK


def test_a_wish_is_told_by_its_words(
    ledger: MemoryLedger,
    holder: Dengji,
    buyer: Dengji,
    product: ProductId,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Equal words are one wish whatever salt and end they come to; any other word is another."""
    submit, wishes = ledger.submit, list[str]()

    def noted(operation: Operation, *, account: Address) -> Receipt:
        assert isinstance(operation, Issue)
        wishes.append(operation.wish)
        return submit(operation, account=account)

    monkeypatch.setattr(ledger, "submit", noted)
    asked: tuple[dict[str, object], ...] = ({}, {"until": "90d"}, {"start": "1d"}, {"quota": CALLS})
    for others in asked:
        for _ in range(2):
            holder.grants.issue(**_given(buyer, product, **others))
            ledger.advance(100)
    assert wishes[0::2] == wishes[1::2]
    holder.grants.issue(**_given(buyer, product, salt=0))
    assert len(set(wishes)) == len(asked) + 1
    holder.grants.issue(**_given(buyer, product), wish="mine")
    holder.grants.issue(holder.grants.clauses(**_given(buyer, product)))
    assert wishes[-2:] == ["mine", ""]


def test_the_grant_that_allows_decides(holder: Dengji, buyer: Dengji, product: ProductId) -> None:
    """Of several grants the one that allows the use is named, whatever the others say."""
    holder.grants.revoke(holder.grants.issue(**_given(buyer, product)).id)
    other = holder.grants.issue(**_given(buyer, product, purposes=Purpose.MARKETING))
    good = holder.grants.issue(**_given(buyer, product))
    answer = buyer.grants.check(product, "me", Action.READ, Purpose.RESEARCH)
    assert (answer.verdict, answer.grant) == (Verdict.OK, good.id)
    near = buyer.grants.check(product, "me", Action.READ, Purpose.INSURANCE)
    assert (near.verdict, near.grant) == (Verdict.PURPOSE_NOT_GRANTED, other.id)


def test_window_is_counted(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, product: ProductId
) -> None:
    """A grant is not started, active and ended as the time goes by."""
    begin = ledger.now + 100
    grant = holder.grants.issue(**_given(buyer, product, start=begin, until=begin + 100))
    stands, verdicts = [], []
    for _ in range(3):
        stands.append(holder.grants.get(grant.id).stand)
        verdicts.append(_allowed(buyer, product))
        ledger.advance(100)
    assert stands == [Stand.NOT_STARTED, Stand.ACTIVE, Stand.ENDED]
    assert verdicts == [Verdict.NOT_STARTED, Verdict.OK, Verdict.GRANT_ENDED]


def test_times_as_people_write_them(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, product: ProductId
) -> None:
    """A duration counts from the chain's now, that of the end from the start; dates are UTC."""
    window = holder.grants.clauses(**_given(buyer, product, start="2d", until="1w")).window
    assert window.start == ledger.now + 2 * 86_400
    assert window.until == ledger.now + 9 * 86_400
    dated = holder.grants.clauses(**_given(buyer, product, until="2030-01-01")).window
    assert (dated.start, dated.until) == (None, 1_893_456_000)


def test_notice_makes_a_revocation_wait(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, product: ProductId
) -> None:
    """With days of notice a revoked grant is ending until they are over."""
    grant = holder.grants.issue(**_given(buyer, product, notice_days=1))
    holder.grants.revoke(grant.id)
    assert holder.grants.get(grant.id).stand is Stand.ENDING
    assert _allowed(buyer, product) is Verdict.OK
    ledger.advance(86_400)
    assert holder.grants.get(grant.id).stand is Stand.REVOKED


def test_quota_is_counted(holder: Dengji, buyer: Dengji, product: ProductId) -> None:
    """More than the quota is refused."""
    quota = Quota(unit=QuotaUnit.CALL, total=10)
    holder.grants.issue(**_given(buyer, product, quota=quota))
    assert _allowed(buyer, product, amount=10) is Verdict.OK
    assert _allowed(buyer, product, amount=11) is Verdict.QUOTA_EXCEEDED


def test_lists_by_side(holder: Dengji, buyer: Dengji, product: ProductId) -> None:
    """Grants are found by grantor, grantee and product, in the order of their issue."""
    made = [holder.grants.issue(**_given(buyer, product)).id for _ in range(2)]
    assert [one.id for one in holder.grants.list(grantor="me")] == made
    assert [one.id for one in buyer.grants.list(grantee="me")] == made
    assert [one.id for one in holder.grants.list(product=product)] == made
    assert list(holder.grants.list(grantee="me")) == []
    assert list(buyer.grants.list(product=ProductId.of(3))) == []


def test_issues_and_revokes_many(holder: Dengji, buyer: Dengji, product: ProductId) -> None:
    """Several grants are issued in one transaction and revoked in another."""
    items = [holder.grants.clauses(**_given(buyer, product)) for _ in range(3)]
    holder.grants.issue_all(items)
    made = [one.id for one in holder.grants.list(grantor="me")]
    assert made == [clauses.digest(holder.grants.domain) for clauses in items]
    holder.grants.revoke_all(made)
    assert {one.stand for one in holder.grants.list()} == {Stand.REVOKED}


def test_another_party_s_product(holder: Dengji, buyer: Dengji, product: ProductId) -> None:
    """Nobody grants on a product in which they hold no rights, nor in another's name."""
    theirs = holder.parties.mine().id
    with pytest.raises(RightsMissing) as caught:
        buyer.grants.issue(**_given(buyer, product) | {"to": theirs})
    assert caught.value.product == product
    with pytest.raises(GrantorMismatch):
        buyer.grants.issue(holder.grants.clauses(**_given(buyer, product)))


def test_inverted_window(holder: Dengji, buyer: Dengji, product: ProductId) -> None:
    """A window that ends before it starts is refused before anything is sent."""
    with pytest.raises(ClauseRefused) as caught:
        holder.grants.issue(**_given(buyer, product, start=2_000_000_000, until=1_999_999_999))
    assert caught.value.problem == "end-before-start"


def test_unknown_grant(holder: Dengji) -> None:
    """An id that names nothing is named."""
    with pytest.raises(GrantUnknown) as caught:
        holder.grants.get(GrantId.of(5))
    assert caught.value.grant == GrantId.of(5)
