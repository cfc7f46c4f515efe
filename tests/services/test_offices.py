"""What agents of an office may do to grants and annotations, on a ledger in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.client import Dengji
from registry.domain.party import Role, Scope
from registry.domain.vocabulary import Action, AnnotationKind, Purpose
from registry.reverts import ScopeMissing
from registry.testing import account, memory_client
from tests.services.conftest import DAY, given_role

if TYPE_CHECKING:
    from pathlib import Path

    from registry.domain.ids import GrantId, ProductId
    from registry.testing import MemoryLedger

HOLDER, COURT = 1, 3


def clerk_of(of: int, ledger: MemoryLedger, number: int, scopes: Scope) -> Dengji:
    """Return an agent, with some scopes, of the party of an account."""
    party = memory_client(ledger, number=of, enrol=False)
    party.keys.appoint(account(number), scopes, ledger.now + 300 * DAY)
    return memory_client(ledger, number=number, enrol=False)


@pytest.fixture
def product(holder: Dengji, data: Path) -> ProductId:
    """Return a product of the holder."""
    return holder.products.register(data).product.id


@pytest.fixture
def grant(holder: Dengji, buyer: Dengji, product: ProductId) -> GrantId:
    """Return a grant of it."""
    to = buyer.parties.mine().id
    return holder.grants.issue(
        product=product, to=to, actions=Action.READ, purposes=Purpose.RESEARCH
    ).id


@pytest.mark.usefixtures("court")
def test_who_decides_nothing_ends_no_grant_of_others(ledger: MemoryLedger, grant: GrantId) -> None:
    """Revoking by office takes the scope of its decisions beside that of revoking."""
    clerk = clerk_of(COURT, ledger, 6, Scope.REVOKE)
    with pytest.raises(ScopeMissing) as caught:
        clerk.grants.revoke(grant)
    assert caught.value.needed == Scope.DECIDE
    clerk_of(COURT, ledger, 7, Scope.REVOKE | Scope.DECIDE).grants.revoke(grant)


def test_who_decides_nothing_suspends_and_resumes_no_grant_of_others(
    ledger: MemoryLedger, court: Dengji, grant: GrantId
) -> None:
    """So does suspending, and resuming what an office suspended; the grantor's is its own."""
    clerk = clerk_of(COURT, ledger, 6, Scope.GRANT)
    with pytest.raises(ScopeMissing):
        clerk.agreements.suspend(grant)
    court.agreements.suspend(grant)
    with pytest.raises(ScopeMissing):
        clerk.agreements.resume(grant, 0)
    clerk_of(COURT, ledger, 7, Scope.GRANT | Scope.DECIDE).agreements.resume(grant, 0)
    own = clerk_of(HOLDER, ledger, 8, Scope.GRANT)
    own.agreements.suspend(grant)
    own.agreements.resume(grant, 1)


def test_a_limit_is_released_as_it_was_made(
    ledger: MemoryLedger, holder: Dengji, product: ProductId
) -> None:
    """A role that is no office of annotations takes nothing from a holder's agents."""
    given_role(ledger, holder, Role.INTERMEDIARY)
    clerk = clerk_of(HOLDER, ledger, 6, Scope.REGISTER)
    clerk.products.annotate(product, AnnotationKind.LIMIT, evidence=b"\x01" * 32)
    clerk.products.release(product, 0, evidence=b"\x02" * 32)
    assert [one.stands for one in ledger.annotations(product)] == [False]
