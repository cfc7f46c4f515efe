"""A node that falls behind while it is written to: what was sent is followed, and lands once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from registry.chain import rpc as module
from registry.chain.journal import Journal
from registry.chain.rpc import HttpTransport, Rpc
from registry.domain.events import ProductRegistered
from registry.domain.operations import Register
from registry.errors import NodeBehind
from tests.faults.sites import lone_site
from tests.faults.trial import CALM, SHORT
from tests.parity.test_memory_ledger import SIGNERS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anvil
HOLDER = SIGNERS[0].address
PRODUCT = Register(content_root=b"\x01" * 32, metadata_hash=b"\x02" * 32)
LIMIT = 600


class Watch:
    """A clock that is far ahead from the first transaction on, as often as it is told to be."""

    def __init__(self, wrong: int) -> None:
        """Be right until the node was given a transaction."""
        self.wrong = wrong
        self.sent = False

    def __call__(self) -> float:
        """Return the time."""
        if self.sent and self.wrong:
            self.wrong -= 1
            return time.time() + 10 * LIMIT
        return time.time()


class Way(HttpTransport):
    """Tell a watch once a transaction was given to the node."""

    watch: Watch

    def send(self, payload: bytes) -> bytes:
        """Send it."""
        received = super().send(payload)
        self.watch.sent = self.watch.sent or b"eth_sendRawTransaction" in payload
        return received


@pytest.mark.parametrize("wrong", [3, 10**9])
def test_what_is_on_its_way_is_followed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: int
) -> None:
    """A while behind it is waited for; where that lasts it is told, and done when given again."""
    monkeypatch.setattr(module, "_BELIEVED_SECONDS", 0.0)
    watch, lasting = Watch(wrong), wrong > 3
    with lone_site(tmp_path) as site, Journal(tmp_path / "own.sqlite3") as journal:
        before = site.nonce(HOLDER)
        way = Way(site.between.url)
        way.watch = watch
        with Rpc(way, max_block_age=LIMIT, clock=watch) as rpc:
            ledger = site.ledger(rpc, journal, SHORT if lasting else CALM)
            if lasting:
                with pytest.raises(NodeBehind):
                    ledger.submit(PRODUCT, account=HOLDER)
                watch.wrong = 0
            receipt = ledger.submit(PRODUCT, account=HOLDER)
        assert watch.sent
        assert watch.wrong == 0
        told = [one for one in receipt.events if isinstance(one, ProductRegistered)]
        assert len(told) == 1
        assert site.nonce(HOLDER) == before + 1
