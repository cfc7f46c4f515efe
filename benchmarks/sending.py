"""Measure registrations a second: by web3.py, pipelined, in contract batches, and pre-signed.

    python -m benchmarks.sending [--count 3000] [--naive 40] [--rounds 3]

All on one anvil, in turn, so that a busy machine slows them alike. *Naive* is web3.py as its
documentation shows it, with its defaults: `transact` fills in, signs and sends, then the receipt is
waited for, one registration after the other, on a node that mines at once. *Pipelined* is
`Ledger.submit_all`: tried out, journalled on disk, sent in batches, receipts and events decoded;
*batches* is the same with 200 registrations in each transaction, and four times as many. The node
makes blocks meanwhile, with pauses twice as long as making one takes, a tenth of a second at
least: what it spends on a block grows with all that it keeps. *Ceiling* is what the node takes of
transactions signed beforehand, given in batches, mined when all are there.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import socket
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import registry
from benchmarks.nodes import mined
from registry.chain.genesis import deploy
from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.operations import call_for
from registry.chain.registrations import registration
from registry.chain.rpc import Rpc
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.chain.transactions import DynamicFee, Transaction
from registry.chain.wire import quantity, to_data
from registry.domain.keccak import keccak
from registry.domain.operations import Register, RegisterBatch
from registry.domain.party import Enrolment
from registry.errors import NodeUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from registry.domain.ledger import Deployment
    from registry.domain.operations import Operation

KEY = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
TARGETS = {"pipelined × naive": 40.0, "pipelined ÷ ceiling": 0.45, "batches ÷ ceiling": 2.5}
ITEMS = 200
"""Registrations in one contract batch: some ten million gas."""
_MORE = 4
_BATCH = 100
_GAS = 200_000
_FEE = DynamicFee(max_fee=10**11, priority=10**9)


@dataclass(slots=True, kw_only=True)
class Setting:
    """Hold the node and the deployment that all ways register with."""

    url: str
    rpc: Rpc
    sender: Sender
    deployment: Deployment
    numbers: Iterator[int]

    def operations(self, count: int) -> list[Register]:
        """Return registrations of content that was never registered before."""
        return [
            Register(
                content_root=keccak(b"root%d" % number), metadata_hash=keccak(b"meta%d" % number)
            )
            for number in itertools.islice(self.numbers, count)
        ]

    def nonce(self) -> int:
        """Return how many transactions of the account are in blocks."""
        account = self.sender.address.hex
        return self.rpc.ask(quantity, "eth_getTransactionCount", account, "latest")

    def mine(self, *, at_once: bool) -> None:
        """Have each transaction mined at once, or none before a block is asked for."""
        self.rpc.call("evm_setAutomine", at_once)

    def mining(self) -> contextlib.AbstractContextManager[None]:
        """Have blocks made one after the other, which takes a third of the time at most."""
        return mined(self.rpc)


@contextlib.contextmanager
def setting() -> Iterator[Setting]:
    """Start anvil, deploy, and end anvil again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # A block of the usual size a second would be the limit: some 380 registrations.
    size = ("--gas-limit", "1000000000")
    command = ["anvil", "--silent", "--port", str(port), "--order", "fifo", *size]
    with subprocess.Popen(command) as node, tempfile.TemporaryDirectory() as home:
        try:
            with (
                Rpc.connect(f"http://127.0.0.1:{port}") as rpc,
                Journal(Path(home) / "journal.sqlite3") as journal,
            ):
                _await(rpc)
                sender = Sender(rpc, LocalSigner(KEY), journal, lock_dir=Path(home))
                deployment = deploy(sender, policy=Enrolment.OPEN)
                url = f"http://127.0.0.1:{port}"
                yield Setting(
                    url=url,
                    rpc=rpc,
                    sender=sender,
                    deployment=deployment,
                    numbers=itertools.count(),
                )
        finally:
            node.terminate()


def naive(using: Setting, count: int) -> float:
    """Return registrations a second through web3.py, one sent and waited for after the other."""
    from eth_account import Account  # noqa: PLC0415 (two seconds that no other way needs)
    from web3 import HTTPProvider, Web3  # noqa: PLC0415
    from web3.middleware import SignAndSendRawMiddlewareBuilder  # noqa: PLC0415

    using.mine(at_once=True)
    web3, account = Web3(HTTPProvider(using.url)), Account.from_key(KEY)
    web3.middleware_onion.inject(SignAndSendRawMiddlewareBuilder.build(account), layer=0)
    web3.eth.default_account = account.address
    products = web3.eth.contract(
        web3.to_checksum_address(using.deployment.products.raw), abi=_abi()
    )
    started = time.perf_counter()
    for item in using.operations(count):
        sent = products.functions.register(registration(item)).transact()
        if web3.eth.wait_for_transaction_receipt(sent)["status"] != 1:
            raise AssertionError("a registration failed")
    return count / (time.perf_counter() - started)


def pipelined(using: Setting, count: int) -> float:
    """Return registrations a second through the ledger, with many in flight."""
    return count / _submitted(using, using.operations(count))


def batches(using: Setting, count: int) -> float:
    """Return registrations a second through the ledger, many in each transaction."""
    items = using.operations(_MORE * count)
    parts = [
        RegisterBatch(items=tuple(items[start : start + ITEMS]))
        for start in range(0, len(items), ITEMS)
    ]
    return len(items) / _submitted(using, parts)


def _submitted(using: Setting, operations: Sequence[Operation]) -> float:
    """Return how many seconds operations took to be carried out, their events counted."""
    ledger = ChainLedger(using.rpc, using.deployment, senders=lambda _: using.sender)
    with using.mining():
        started = time.perf_counter()
        receipts = ledger.submit_all(operations, account=using.sender.address)
        events = sum(len(receipt.events) for receipt in receipts)
        seconds = time.perf_counter() - started
    wanted = sum(len(getattr(one, "items", "1")) for one in operations)
    if events != wanted:
        raise AssertionError("registrations are missing")
    return seconds


def ceiling(using: Setting, count: int) -> float:
    """Return signed transactions a second that the node takes and mines, given in batches."""
    using.mine(at_once=False)
    first = using.nonce()
    raws = [
        _signed(using, item, first + index) for index, item in enumerate(using.operations(count))
    ]
    started = time.perf_counter()
    for start in range(0, count, _BATCH):
        part = raws[start : start + _BATCH]
        using.rpc.batch([("eth_sendRawTransaction", (to_data(raw),)) for raw in part])
    while using.nonce() < first + count:
        using.rpc.call("evm_mine")
    return count / (time.perf_counter() - started)


_WAYS: Final[Mapping[str, Callable[[Setting, int], float]]] = {
    "naive": naive,
    "pipelined": pipelined,
    "ceiling": ceiling,
    "batches": batches,
}


def measure(count: int, naive_count: int, rounds: int) -> dict[str, float]:
    """Return the medians of some rounds of all ways, and the medians of their ratios."""
    taken = [_round(count, naive_count) for _ in range(rounds)]
    return {name: statistics.median(one[name] for one in taken) for name in taken[0]}


def _round(count: int, naive_count: int) -> dict[str, float]:
    with setting() as using:
        rates = {
            name: way(using, naive_count if way is naive else count) for name, way in _WAYS.items()
        }
    return {
        **rates,
        "pipelined × naive": rates["pipelined"] / rates["naive"],
        "pipelined ÷ ceiling": rates["pipelined"] / rates["ceiling"],
        "batches ÷ ceiling": rates["batches"] / rates["ceiling"],
    }


def report(figures: Mapping[str, float]) -> str:
    """Return the figures as a table, each beside its target."""
    lines = ["| way | registrations/s or ratio | target |", "| --- | ---: | ---: |"]
    for name, figure in figures.items():
        target = f"≥ {TARGETS[name]:g}" if name in TARGETS else ""
        lines.append(f"| {name} | {figure:.2f} | {target} |")
    return "\n".join(lines)


def _await(rpc: Rpc) -> None:
    for _ in range(400):
        with contextlib.suppress(NodeUnreachable):
            rpc.call("web3_clientVersion")
            return
        time.sleep(0.025)
    raise AssertionError("anvil does not answer")


def _signed(using: Setting, item: Register, nonce: int) -> bytes:
    call = call_for(using.deployment, item)
    transaction = Transaction(
        chain_id=using.deployment.chain_id,
        nonce=nonce,
        gas=_GAS,
        fee=_FEE,
        to=using.deployment.products.raw,
        data=call.data,
    )
    return LocalSigner(KEY).sign_transaction(transaction)


def _abi() -> list[dict[str, Any]]:
    """Return what web3.py needs to know of the contract."""
    artifact = Path(registry.__file__).with_name("artifacts") / "ProductRegistry.json"
    found: list[dict[str, Any]] = json.loads(artifact.read_bytes())["abi"]
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--naive", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(report(measure(given.count, given.naive, given.rounds)))


if __name__ == "__main__":
    main()
