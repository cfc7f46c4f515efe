"""Start an anvil of one's own, deploy to it, and have two parties there."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.grant_gas import Side
from registry.chain.genesis import deploy
from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.rpc import Rpc
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.domain.events import PartyEnrolled
from registry.domain.keccak import keccak
from registry.domain.operations import Enrol
from registry.domain.party import Enrolment
from registry.errors import NodeUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.ids import Address
    from registry.domain.ledger import Receipt
    from registry.domain.operations import Operation

FUNDS: Final = 10**24
HOLDER: Final = keccak(b"holder")
"""The key of the first side."""

USER: Final = keccak(b"user")
"""The key of the other side."""

_FOUNDER: Final = keccak(b"founder")
_ROOMY: Final = ("--gas-limit", "1000000000")
"""A block of the usual size would hold some 380 registrations."""
_SHARE: Final = 2
_LEAST: Final = 0.05
_TRIES: Final = 800
_PAUSE: Final = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Hold a deployment on a node, and a holder and a user there."""

    url: str
    rpc: Rpc
    ledger: ChainLedger
    senders: dict[Address, Sender]
    sides: tuple[Side, Side]

    def submit(self, operation: Operation, side: int = 0) -> Receipt:
        """Carry out an operation with the key of a side."""
        return self.ledger.submit(operation, account=self.sides[side].key.address)

    def mine(self, *, every: int) -> None:
        """Have a block made every so many seconds, or with 0 for each transaction at once."""
        # In this order: to set the interval ends the mining of each transaction at once.
        self.rpc.call("evm_setIntervalMining", every)
        self.rpc.call("evm_setAutomine", not every)


@contextmanager
def mined(rpc: Rpc, *, pause: float = _SHARE * _LEAST) -> Iterator[None]:
    """Have blocks made one after the other meanwhile, which takes a third of the time at most.

    What anvil spends on a block grows with all that it keeps, and on an interval of its own it
    stalls over many waiting transactions. There are at least `pause` seconds between two blocks.
    """
    rpc.call("evm_setIntervalMining", 0)
    rpc.call("evm_setAutomine", False)  # noqa: FBT003
    end = threading.Event()

    def mine() -> None:
        spent = 0.0
        while not end.wait(max(_SHARE * spent, pause)):
            started = time.perf_counter()
            rpc.call("evm_mine")
            spent = time.perf_counter() - started

    thread = threading.Thread(target=mine)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


@contextmanager
def anvil(*options: str) -> Iterator[str]:
    """Start a node, yield its address, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["anvil", "--silent", "--port", str(port), "--order", "fifo", *_ROOMY, *options]
    with subprocess.Popen(command) as node:
        try:
            url = f"http://127.0.0.1:{port}"
            await_answer(url)
            yield url
        finally:
            node.terminate()


@contextmanager
def world(*options: str) -> Iterator[World]:
    """Start a node, deploy to it, and enrol two parties, the same in every run."""
    with (
        anvil(*options) as url,
        tempfile.TemporaryDirectory(prefix="dengji-world-") as home,
        Rpc.connect(url) as rpc,
        Journal(Path(home) / "journal.sqlite3") as journal,
    ):
        keys = [LocalSigner(key) for key in (_FOUNDER, HOLDER, USER)]
        senders = {key.address: Sender(rpc, key, journal, lock_dir=Path(home)) for key in keys}
        for key in keys:
            rpc.call("anvil_setBalance", key.address.hex, hex(FUNDS))
        deployment = deploy(senders[keys[0].address], policy=Enrolment.OPEN)
        ledger = ChainLedger(rpc, deployment, senders=senders.__getitem__)
        yield World(
            url=url,
            rpc=rpc,
            ledger=ledger,
            senders=senders,
            sides=(_enrolled(ledger, keys[1]), _enrolled(ledger, keys[2])),
        )


def await_answer(url: str) -> None:
    """Wait until a node answers.

    :raises TimeoutError: it does not, for some twenty seconds.
    """
    with Rpc.connect(url) as rpc:
        for _ in range(_TRIES):
            with contextlib.suppress(NodeUnreachable):
                rpc.call("web3_clientVersion")
                return
            time.sleep(_PAUSE)
    raise TimeoutError(f"{url} does not answer")


def _enrolled(ledger: ChainLedger, key: LocalSigner) -> Side:
    receipt = ledger.submit(Enrol(identity_hash=keccak(key.address.raw)), account=key.address)
    (party,) = (event.party for event in receipt.events if isinstance(event, PartyEnrolled))
    return Side(key=key, party=party)
