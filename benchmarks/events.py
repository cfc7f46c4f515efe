"""Measure how many events a second are read, beside web3.py's `get_logs` and the bytes themselves.

    python -m benchmarks.events [--count 100000] [--sample 5000] [--rounds 3]

An anvil is filled with registrations, 500 in each block, as many as a block of 30,000,000 gas
takes. In every round, in turn, so that a busy machine slows all alike, and all over HTTP:

- *web3.py* reads a sample by `contract.events.ProductRegistered.get_logs`, ten blocks at a time;
- *ours* reads every event, from the question to the event of the domain, in order and with times;
- *bytes* takes the same logs off the socket, eight blocks at a time, and does nothing with them;
- *parse* makes JSON values of these bytes with the standard library, and takes no other time;
- *cryo* reads the same events into a Parquet file, where it is on the PATH, starting included.

The memory is the peak of a process that reads a tenth of the events, and of one that reads all.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import registry
from benchmarks.report import Target
from benchmarks.sending import KEY, setting
from registry.chain.deployment import find
from registry.chain.events import filters_for
from registry.chain.operations import call_for
from registry.chain.reader import ChainReader
from registry.chain.rpc import Rpc
from registry.chain.signer import LocalSigner
from registry.chain.transactions import DynamicFee, Transaction
from registry.chain.transport import HttpTransport
from registry.chain.wire import quantity, to_data
from registry.domain.events import ProductRegistered
from registry.domain.ids import Address
from registry.domain.operations import RegisterBatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from benchmarks.sending import Setting

COUNT: Final = 100_000
SAMPLE: Final = 5_000
TARGETS: Final = {
    "ours × web3.py": Target(limit=25, at_least=True),
    "ours ÷ cryo": Target(limit=0.5, at_least=True),
    "memory, all ÷ a tenth": Target(limit=1.1),
}
_ITEMS: Final = 250
_OF_A_BLOCK: Final = 2
_GAS: Final = 15_000_000
_FEE: Final = DynamicFee(max_fee=10**11, priority=10**9)
_WEB3_BLOCKS: Final = 10
_BYTES_BLOCKS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Hold a chain that is full of registrations: which blocks have how many, all together."""

    using: Setting
    blocks: range
    count: int

    def parts(self, size: int, count: int) -> Iterator[tuple[int, int]]:
        """Yield first and last of so many blocks at a time, until they have `count` events."""
        enough = -(-count * len(self.blocks) // self.count)
        for first in self.blocks[:enough:size]:
            yield first, min(first + size, self.blocks[0] + enough) - 1


def fill(using: Setting, count: int) -> Filled:
    """Register so many products, in full blocks."""
    using.mine(at_once=False)
    signer, nonce = LocalSigner(KEY), using.nonce()
    first = using.rpc.ask(quantity, "eth_blockNumber") + 1
    items = iter(using.operations(count))
    batches = iter(lambda: tuple(itertools.islice(items, _ITEMS)), ())
    while part := list(itertools.islice(batches, _OF_A_BLOCK)):
        raws = []
        for batch in part:
            call = call_for(using.deployment, RegisterBatch(items=batch))
            transaction = Transaction(
                chain_id=using.deployment.chain_id,
                nonce=nonce,
                gas=_GAS,
                fee=_FEE,
                to=using.deployment.products.raw,
                data=call.data,
            )
            raws.append(signer.sign_transaction(transaction))
            nonce += 1
        using.rpc.batch([("eth_sendRawTransaction", (to_data(raw),)) for raw in raws])
        using.rpc.call("evm_mine")
    last = using.rpc.ask(quantity, "eth_blockNumber")
    return Filled(using=using, blocks=range(first, last + 1), count=count)


def by_web3(filled: Filled, sample: int) -> float:
    """Return the events a second that web3.py's `get_logs` gives, over a sample."""
    from web3 import HTTPProvider, Web3  # noqa: PLC0415 (two seconds that no other way needs)

    web3 = Web3(HTTPProvider(filled.using.url))
    address = web3.to_checksum_address(filled.using.deployment.products.raw)
    contract: Any = web3.eth.contract(address, abi=contract_abi("ProductRegistry"))
    web3.eth.get_block_number()
    found, started = 0, time.perf_counter()
    for first, last in filled.parts(_WEB3_BLOCKS, sample):
        told = contract.events.ProductRegistered.get_logs(from_block=first, to_block=last)
        found += sum(1 for one in told if one["args"]["product"])
    return _rate(found, min(sample, filled.count), started)


def contract_abi(name: str) -> list[dict[str, Any]]:
    """Return what web3.py needs to know of a contract."""
    artifact = Path(registry.__file__).with_name("artifacts") / f"{name}.json"
    found: list[dict[str, Any]] = json.loads(artifact.read_bytes())["abi"]
    return found


def by_ours(filled: Filled) -> float:
    """Return the events a second that our reader gives, over all of them."""
    with Rpc.connect(filled.using.url) as rpc:
        reader = ChainReader(rpc, filled.using.deployment)
        started = time.perf_counter()
        found = sum(1 for _ in reader.events([ProductRegistered]))
        return _rate(found, filled.count, started)


def by_socket(filled: Filled) -> tuple[float, float]:
    """Return how many logs a second come off the socket, and how many JSON makes values of."""
    (wanted,) = filters_for(filled.using.deployment, [ProductRegistered], ())
    way = HttpTransport(filled.using.url)
    read = parsed = 0.0
    found = 0
    for number, part in enumerate(filled.parts(_BYTES_BLOCKS, filled.count)):
        method, params = wanted.request(*part)
        asked = {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
        payload = json.dumps(asked).encode()
        started = time.perf_counter()
        reply = way.send(payload)
        taken = time.perf_counter()
        found += len(json.loads(reply)["result"])
        parsed += time.perf_counter() - taken
        read += taken - started
    way.close()
    if found != filled.count:
        raise AssertionError("logs are missing")
    return found / read, found / parsed


def by_cryo(filled: Filled) -> float:
    """Return the events a second that cryo writes to a file, from its start to its end."""
    (wanted,) = filters_for(filled.using.deployment, [ProductRegistered], ())
    topics = wanted.topics[0] or ()
    with tempfile.TemporaryDirectory() as home:
        command = ["cryo", "logs", "--rpc", filled.using.url, "--output-dir", home, "--no-report"]
        span = ["--blocks", f"{filled.blocks[0]}:{filled.blocks[-1] + 1}", "--chunk-size", "1000"]
        chosen = ["--contract", wanted.addresses[0].hex, "--topic0", to_data(topics[0])]
        started = time.perf_counter()
        subprocess.run([*command, *span, *chosen], check=True, capture_output=True)
        return filled.count / (time.perf_counter() - started)


def peak(filled: Filled, count: int) -> float:
    """Return the peak memory, in MB, of a process that reads so many events."""
    *_, (_, last) = filled.parts(len(filled.blocks), count)
    given = (filled.using.url, filled.using.deployment.directory.hex, str(last), str(count))
    command = [sys.executable, "-m", "benchmarks.events", "--peak", *given]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(ran.stdout)


def _peak(url: str, directory: str, last: str, count: str) -> float:
    """Read events up to a block, and return this process's peak memory in MB."""
    with Rpc.connect(url) as rpc:
        deployment = find(rpc, Address.parse(directory))
        told = ChainReader(rpc, deployment).events([ProductRegistered], last=int(last))
        # The last one alone is kept.
        kept = deque(enumerate(told, start=1), maxlen=1)
    if kept[0][0] < int(count):
        raise AssertionError("events are missing")
    # Not getrusage's peak, which a process takes over from the one that started it.
    status = Path("/proc/self/status").read_text("ascii")
    return (
        int(next(one for one in status.splitlines() if one.startswith("VmHWM")).split()[1]) / 1024
    )


def measure(count: int, sample: int, rounds: int) -> dict[str, tuple[float, ...]]:
    """Return events a second by each way and MB of memory, in each of some rounds."""
    with setting() as using:
        filled = fill(using, count)
        taken = [_round(filled, sample) for _ in range(rounds)]
    return {name: tuple(one[name] for one in taken) for name in taken[0]}


def _round(filled: Filled, sample: int) -> dict[str, float]:
    taken = {"web3.py": by_web3(filled, sample), "ours": by_ours(filled)}
    taken["bytes"], taken["parse"] = by_socket(filled)
    others: Mapping[str, Callable[[Filled], float]] = {"cryo": by_cryo}
    taken |= {name: way(filled) for name, way in others.items() if shutil.which(name)}
    few, many = peak(filled, -(-filled.count // 10)), peak(filled, filled.count)
    return {
        **taken,
        "memory, a tenth": few,
        "memory, all": many,
        "ours × web3.py": taken["ours"] / taken["web3.py"],
        "ours ÷ bytes": taken["ours"] / taken["bytes"],
        **({"ours ÷ cryo": taken["ours"] / taken["cryo"]} if "cryo" in taken else {}),
        "memory, all ÷ a tenth": many / few,
    }


def unit(name: str) -> str:
    """Return the unit of a figure, empty for a ratio."""
    if "×" in name or "÷" in name:
        return ""
    return "MB" if name.startswith("memory") else "events/s"


def _rate(found: int, wanted: int, started: float) -> float:
    """Return events a second since a moment; raises where some are missing."""
    seconds = time.perf_counter() - started
    if found < wanted:
        raise AssertionError(f"{wanted - found} events are missing")
    return found / seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peak", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peak:
        print(_peak(*given.peak))
        return
    for name, samples in measure(given.count, given.sample, given.rounds).items():
        shown = ", ".join(f"{one:,.2f}" for one in samples)
        print(f"{name:24} {statistics.median(samples):12,.2f} {unit(name):9} ({shown})")


if __name__ == "__main__":
    main()
