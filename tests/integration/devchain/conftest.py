"""Dev chains in homes of their own, and writes to them."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.chain.calls import Call, Landed
from registry.chain.devchain import FAUCET_KEY, DevChain, processes
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.domain.ids import Address
from registry.errors import RegistryError

_WHOLE = True
SOMEONE = Address(bytes(19) + b"\x77")


class Trial:
    """Drive one dev chain: write to it, kill it, look at it."""

    def __init__(self, chain: DevChain) -> None:
        self.chain = chain
        self.wishes = 0

    def write(self, count: int = 1) -> list[Landed]:
        """Send `count` transactions, each its own wish, one by one."""
        landed = []
        with self.chain.rpc() as rpc, self.chain.journal() as journal:
            sender = Sender(
                rpc, LocalSigner(FAUCET_KEY), journal, lock_dir=self.chain.home / "locks"
            )
            for _ in range(count):
                self.wishes += 1
                call = Call(to=SOMEONE, value=self.wishes, intent=f"wish:{self.wishes}")
                landed.append(sender.send(call))
        return landed

    def ask(self, method: str, *params: Any) -> Any:  # noqa: ANN401 (any JSON)
        """Ask the node one question."""
        with self.chain.rpc() as rpc:
            return rpc.call(method, *params)

    def blocks(self) -> list[dict[str, Any]]:
        """Return all blocks with their transactions."""
        head = int(self.ask("eth_blockNumber"), 16)
        return [self.ask("eth_getBlockByNumber", hex(one), _WHOLE) for one in range(head + 1)]

    def foreign(self, **transaction: str) -> str:
        """Have the node itself sign and send, as other tools do; wait until it is mined."""
        account = self.ask("eth_accounts")[0]
        given = {"from": account, "to": SOMEONE.hex, "value": "0x1", **transaction}
        digest: str = self.ask("eth_sendTransaction", given)
        deadline = time.monotonic() + 120
        while self.ask("eth_getTransactionReceipt", digest) is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return digest

    def crash(self) -> None:
        """Kill the node without warning, and wait until it is gone."""
        pid = self.chain.endpoint().pid
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 120
        while processes.identity(pid) is not None:
            assert time.monotonic() < deadline
            time.sleep(0.005)


@pytest.fixture
def new_chain(tmp_path: Path) -> Iterator[Callable[..., DevChain]]:
    """Make dev chains, each in a home of its own, that are gone after the test."""
    made: list[DevChain] = []

    def make(name: str = "home", **options: Any) -> DevChain:  # noqa: ANN401 (as of DevChain)
        made.append(DevChain(tmp_path / name, start=Path(__file__), **options))
        return made[-1]

    yield make
    for chain in made:
        with contextlib.suppress(RegistryError):
            chain.down(force=True)


@pytest.fixture
def chain(new_chain: Callable[..., DevChain]) -> DevChain:
    """Return a dev chain that was never started."""
    return new_chain()


@pytest.fixture
def trial(chain: DevChain) -> Trial:
    """Return a running dev chain to drive."""
    chain.up()
    return Trial(chain)
