"""The data service of the examples, and its caller, before a ledger in memory."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

from examples.data_api.caller import Unanswered, call
from examples.data_api.service import guarded, rows_of
from registry.client import Dengji
from registry.domain.clauses import Quota
from registry.domain.vocabulary import Action, Environment, Purpose, QuotaUnit
from registry.services.grants import Grant
from registry.testing.clients import memory_client
from tests.serving import served


@dataclass
class Trade:
    """A provider whose service loses requests and answers as told, and a buyer with a grant."""

    provider: Dengji
    buyer: Dengji
    grant: Grant
    rows: Path
    kept: Path
    faults: list[str] = field(default_factory=list)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve, and yield where."""
        guard = guarded(rows_of(self.rows), self.provider, self.grant.clauses.product)

        def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            fault = self.faults.pop(0) if self.faults else ""
            if fault == "request":
                raise ConnectionAbortedError
            found = list(guard(environ, start))
            if fault == "answer":
                raise ConnectionAbortedError
            return found

        with served(answer) as address:
            yield address

    def call(self, address: str, path: str = "/rows/1") -> dict[str, Any]:
        """Return what a call is answered."""
        kept = Unanswered(self.kept)
        body = call(self.buyer, address, self.grant.id, Purpose.RESEARCH, path, kept)
        told: dict[str, Any] = json.loads(body)
        return told

    @property
    def counted(self) -> int:
        """Return what the provider has counted."""
        return self.provider.usages.counted(self.grant.id).open


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    """Make a product of three rows, and a grant of ten calls on it."""
    rows = tmp_path / "rows.csv"
    rows.write_text("name\na\nb\nc\n")
    with ExitStack() as opened:
        provider = opened.enter_context(memory_client(home=tmp_path / "provider"))
        buyer = opened.enter_context(
            memory_client(provider.ledger, number=2, home=tmp_path / "buyer")
        )
        grant = provider.grants.issue(
            product=provider.products.register(rows).product.id,
            to=buyer.parties.mine().id,
            actions=Action.QUERY,
            purposes=Purpose.RESEARCH,
            environment=Environment.API,
            quota=Quota(unit=QuotaUnit.CALL, total=10),
        )
        yield Trade(provider, buyer, grant, rows, tmp_path / "unanswered.jsonl")


@pytest.mark.parametrize(
    ("faults", "counted"),
    [
        (["request"], 0),
        (["answer"], 1),
        (["request", "answer"], 1),
        (["answer", "answer"], 1),
        (["answer", "request", "request"], 1),
    ],
    ids=lambda one: "+".join(one) if isinstance(one, list) else str(one),
)
def test_a_call_after_lost_ones_is_served(trade: Trade, faults: list[str], counted: int) -> None:
    """Whatever was lost before, the next call is answered, and both sides count the same."""
    with trade.serving() as address:
        for fault in faults:
            trade.faults.append(fault)
            with pytest.raises(RemoteDisconnected):
                trade.call(address)
        assert trade.counted == counted
        assert stat.S_IMODE(trade.kept.stat().st_mode) == 0o600
        assert trade.call(address) == {"name": "b"}
        assert trade.call(address) == {"name": "b"}
    assert trade.counted == trade.buyer.usages.counted(trade.grant.id).open == counted + 2
    assert trade.kept.read_text() == ""


def test_what_is_refused_is_not_kept(trade: Trade) -> None:
    """A refused call counts nothing, and nothing of it is taken up later."""
    trade.provider.grants.revoke(trade.grant.id)
    with trade.serving() as address:
        for _ in range(2):
            told = trade.call(address)["error"]
            assert told["fields"]["verdict"] == "GRANT_REVOKED"
    assert (trade.counted, trade.kept.read_text()) == (0, "")


@pytest.mark.parametrize(
    "path", ["/rows/" + "1" * 4_301, "/rows/", "/rows/-1", "/rows/1/", "/1", "/rows/%C2%B2"]
)
def test_a_path_of_no_row_counts_nothing(trade: Trade, path: str) -> None:
    """It is not found before anything is counted, and the next call is served."""
    with trade.serving() as address:
        assert trade.call(address, path) == {"error": "there is no such row"}
        assert trade.counted == 0
        assert trade.call(address) == {"name": "b"}
        assert trade.counted == 1
        assert trade.call(address, "/rows/3") == {"error": "there is no such row"}
        assert trade.counted == 2
