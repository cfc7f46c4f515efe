"""A provider and a buyer before a ledger in memory, for tests of guards and of settling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from registry.client import Dengji
from registry.domain.clauses import Quota
from registry.domain.usage import SignedReceipt
from registry.domain.vocabulary import Action, Environment, Purpose, QuotaUnit
from registry.enforcement import Guard
from registry.enforcement.ledger_book import LedgerBook
from registry.services.grants import Grant
from registry.testing import MemoryLedger
from registry.testing.clients import memory_client

HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Trade:
    """A provider, a buyer with a grant of 100 calls in each hour, and their ledger."""

    ledger: MemoryLedger
    provider: Dengji
    buyer: Dengji
    grant: Grant

    @property
    def guard(self) -> Guard:
        """Return a guard of the provider's, which remembers nothing yet."""
        return self.guard_of(self.provider)

    def guard_of(self, client: Dengji, *, countersign: bool = True) -> Guard:
        """Return a guard that asks a client."""
        book = LedgerBook(client, environment=Environment.API, countersign=countersign)
        return Guard(book, client.usages.receipts, self.grant.clauses.product, Action.QUERY)

    def signed(self, amount: int = 1, *, at: int | None = None) -> SignedReceipt:
        """Return the buyer's next receipt."""
        return self.buyer.usages.sign(
            self.grant, action=Action.QUERY, purpose=Purpose.RESEARCH, amount=amount, at=at
        )


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    """Make a product, and a grant on it."""
    with ExitStack() as opened:
        provider = opened.enter_context(memory_client(home=tmp_path / "provider"))
        assert isinstance(provider.ledger, MemoryLedger)
        buyer = opened.enter_context(
            memory_client(provider.ledger, number=2, home=tmp_path / "buyer")
        )
        rows = tmp_path / "rows.csv"
        rows.write_text("name,value\n")
        grant = provider.grants.issue(
            product=provider.products.register(rows).product.id,
            to=buyer.parties.mine().id,
            actions=Action.QUERY,
            purposes=Purpose.RESEARCH,
            quota=Quota(unit=QuotaUnit.CALL, total=10_000, per_period=100, period=HOUR),
        )
        yield Trade(ledger=provider.ledger, provider=provider, buyer=buyer, grant=grant)
