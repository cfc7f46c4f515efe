"""Carry out one write through a misbehaving network, and see that it was done exactly once."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.entries import Status
from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.rpc import HttpTransport, Rpc
from registry.chain.sender import Patience, Sender
from registry.errors import RegistryError
from registry.messages import LANGUAGES, has, hint, render
from tests.faults.control import EVER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from registry.chain.signer import LocalSigner
    from registry.chain.transport import Transport
    from registry.chain.wire import Json
    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment, Receipt
    from registry.domain.operations import Operation
    from tests.faults.control import Proxy

DONE: Final = "done"
# A slow machine ends no wait of these; what helps along is harmless when it comes too early.
CALM: Final = Patience(timeout=120, resend=0.1, bump=300, lock=120, outage=20)
# What never ends is given up soon.
SHORT: Final = Patience(timeout=0.6, resend=0.1, bump=300, lock=120, outage=0.3)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Name a fault: what befalls which question, and whether from the `nth` on for ever."""

    kind: str
    method: str
    nth: int = 1
    ever: bool = False

    def __str__(self) -> str:
        turn = "ever" if self.ever else str(self.nth)
        return f"{self.kind} of {self.method}, {turn}"

    def arm(self, between: Proxy) -> None:
        """Order it of a proxy."""
        between.arm(self.kind, self.method, nth=self.nth, times=EVER if self.ever else 1)


@dataclass(slots=True)
class Site:
    """Hold a chain with contracts, a proxy before it, and the keys that act there.

    `began` sets the clock for the next block, where a test has one of its own; `way` makes what
    carries payloads, of an address and the seconds after which a node counts as gone.
    """

    rpc: Rpc
    deployment: Deployment
    between: Proxy
    signers: Mapping[Address, LocalSigner]
    folder: Path
    began: Callable[[], None] = field(default=lambda: None)
    way: Callable[[str, float], Transport] = field(
        default=lambda url, seconds: HttpTransport(url, timeout=seconds)
    )
    trials: int = 0

    def ledger(self, rpc: Rpc, journal: Journal, patience: Patience) -> ChainLedger:
        """Return the ledger as one process has it."""

        def sender(account: Address) -> Sender:
            signer, locks = self.signers[account], journal.path.parent / "locks"
            return Sender(rpc, signer, journal, lock_dir=locks, patience=patience)

        return ChainLedger(rpc, self.deployment, senders=sender)

    def nonce(self, account: Address) -> int:
        """Return how many transactions of an account are in blocks."""
        return self.rpc.ask(wire.quantity, "eth_getTransactionCount", account.hex, "latest")

    def head(self) -> int:
        """Return the number of the newest block."""
        return self.rpc.ask(wire.quantity, "eth_blockNumber")

    def told(self, after: int) -> list[tuple[str, ...]]:
        """Return which events the contracts told in blocks after one."""
        asked = {"fromBlock": hex(after + 1), "toBlock": "latest"}
        logs: list[Json] = self.rpc.call("eth_getLogs", asked)
        return [(log["address"], *log["topics"][:1]) for log in logs]


@dataclass(frozen=True, slots=True)
class Came:
    """Say what one run came to: `done` or the code of an error, and the error's messages."""

    code: str
    receipt: Receipt | None = None
    messages: tuple[str, ...] = ()


class Trial:
    """Try one operation under faults, each time from the same state of the chain.

    :ivar plainly: what it comes to where nothing goes wrong; only what is then done can be tried.
    """

    def __init__(self, site: Site, operation: Operation, account: Address) -> None:
        """Note how things stand, and what the operation comes to where nothing goes wrong."""
        self._site = site
        self._operation, self._account = operation, account
        self._state = site.rpc.call("evm_snapshot")
        self._head, self._nonce = site.head(), site.nonce(account)
        site.began()
        with Journal(self._home() / "journal.sqlite3") as journal:
            self.plainly = self._run(site.rpc, journal, CALM).code
        self._events = site.told(self._head) if self.plainly == DONE else []
        self.back()

    def back(self) -> None:
        """Put the chain back to where it was before the operation."""
        assert self._site.rpc.call("evm_revert", self._state) is True
        self._state = self._site.rpc.call("evm_snapshot")

    def under(self, *faults: Fault) -> Came:
        """Carry it out under faults; where that fails, again without; it was done once by then."""
        home = self._home()
        try:
            return self._tried(home, faults)
        finally:
            shutil.rmtree(home)
            self.back()

    def _tried(self, home: Path, faults: tuple[Fault, ...]) -> Came:
        site = self._site
        site.between.calm()
        for fault in faults:
            fault.arm(site.between)
        site.began()
        patience = SHORT if any(fault.ever for fault in faults) else CALM
        seconds = 3 if any(fault.kind == "silence" for fault in faults) else 60
        with closing(Journal(home / "journal.sqlite3")) as journal:
            came = self._through(journal, patience, seconds)
            met = site.between.calm().done
            assert met, f"nothing met {faults}"
            last = came if came.code == DONE else self._run(site.rpc, journal, CALM)
            assert last.code == DONE, (faults, came, last)
            self._check(journal, last, faults)
        return came

    def _through(self, journal: Journal, patience: Patience, seconds: float) -> Came:
        way = self._site.way(self._site.between.url, seconds)
        chain_id = self._site.deployment.chain_id
        with Rpc(way, chain_id=chain_id, sleep=lambda _: None) as rpc:
            return self._run(rpc, journal, patience)

    def _run(self, rpc: Rpc, journal: Journal, patience: Patience) -> Came:
        ledger = self._site.ledger(rpc, journal, patience)
        try:
            receipt = ledger.submit(self._operation, account=self._account)
        except RegistryError as error:
            return Came(error.code, messages=said(error))
        return Came(DONE, receipt)

    def _check(self, journal: Journal, last: Came, faults: tuple[Fault, ...]) -> None:
        """Hold journal and chain against each other: one transaction, its events, no rest."""
        site = self._site
        assert last.receipt is not None
        sender = Sender(
            site.rpc,
            site.signers[self._account],
            journal,
            lock_dir=journal.path.parent / "locks",
            patience=CALM,
        )
        sender.resume()
        assert site.nonce(self._account) == self._nonce + 1, faults
        assert site.told(self._head) == self._events, faults
        rows = journal.rivals(sender.submission.chain(), self._account.raw, self._nonce)
        (row,) = [one for one in rows if one.status is Status.LANDED]
        assert {one.status for one in rows} <= {Status.LANDED, Status.REPLACED, Status.LOST}
        assert row.hash == last.receipt.transaction, faults
        found = sender.submission.receipts([row.hash])
        assert row.inclusion == found[row.hash].inclusion, faults
        assert not journal.unfinished(sender.submission.chain())
        assert not journal.rivals(sender.submission.chain(), self._account.raw, self._nonce + 1)

    def _home(self) -> Path:
        self._site.trials += 1
        home = self._site.folder / f"trial-{self._site.trials}"
        home.mkdir(parents=True)
        return home


def said(error: RegistryError) -> tuple[str, ...]:
    """Return what a person is told of an error, in each language: its sentence and a hint."""
    for language in LANGUAGES:
        assert has(f"error.{error.code}", language), error.code
        assert hint(error, language), error.code
    return tuple(render(error, language) for language in LANGUAGES)
