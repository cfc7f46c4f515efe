"""Measure how much memory the client takes to register many products, by their number.

    python -m benchmarks --only memory

The client is a process of its own, whose anonymous memory is watched from outside; the node, or the
sink in its place, is another. It takes the registrations one by one from a generator, as it would
from a table, and lets go of each receipt.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import sink
from benchmarks.curves import Curve
from benchmarks.nodes import HOLDER, mined, world
from benchmarks.report import Figure, Section, Target
from benchmarks.sink_chain import Registrant
from benchmarks.watching import AnonymousMemory
from registry.chain.deployment import find
from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.rpc import Rpc
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.domain.events import ProductRegistered
from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.domain.operations import Register, RegisterBatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.nodes import World
    from registry.domain.operations import Operation

ROUTES: Final = ("singles", "batches")
ON_ANVIL: Final = (10_000, 100_000)
ON_SINK: Final = (10_000, 1_000_000)
SMALLEST: Final = (20, 250)
FLAT: Final = 1.1
"""How many times the memory for the fewest the memory for the most may be."""

ITEMS: Final = 240
"""Registrations in one contract batch: some twelve million gas."""

_ROOT: Final = Path(__file__).resolve().parent.parent
_PRODUCTS: Final = 1 << 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Hold what a client came to: its greatest anonymous memory in MB, and items a second."""

    memory: float
    rate: float


def operations(route: str, numbers: range) -> Iterator[Operation]:
    """Yield registrations of the products with these numbers, singly or in batches, none kept."""
    if route == "singles":
        yield from map(_registration, numbers)
        return
    for start in range(0, len(numbers), ITEMS):
        yield RegisterBatch(items=tuple(map(_registration, numbers[start : start + ITEMS])))


def client(route: str, numbers: range, url: str, directory: Address) -> dict[str, object]:
    """Register the products with these numbers; return what they and the process came to."""
    with (
        tempfile.TemporaryDirectory(prefix="dengji-client-") as home,
        Rpc.connect(url) as rpc,
        Journal(Path(home) / "journal.sqlite3") as journal,
    ):
        sender = Sender(rpc, LocalSigner(HOLDER), journal, lock_dir=Path(home))
        ledger = ChainLedger(rpc, find(rpc, directory), senders=lambda _: sender)
        began, made, checksum = time.perf_counter(), 0, 0
        for receipt in ledger.submit_all(operations(route, numbers), account=sender.address):
            for event in receipt.events:
                if isinstance(event, ProductRegistered):
                    made += 1
                    checksum = (checksum + int.from_bytes(event.product.raw)) % _PRODUCTS
        return {
            "registrations": made,
            "checksum": f"{checksum:x}",
            "seconds": time.perf_counter() - began,
            "resident": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        }


def measure(route: str, counts: Sequence[int], *, on_sink: bool) -> list[Taken]:
    """Register so many products, each time by a client of its own.

    :raises AssertionError: not each of them was registered once.
    """
    with world("--prune-history", "16") as on:
        if on_sink:
            return [_on_sink(on, route, count) for count in counts]
        # Others each time: a product is registered once.
        parts = [range(sum(counts[:k]), sum(counts[: k + 1])) for k in range(len(counts))]
        with mined(on.rpc):
            return [_taken(_run(on, on.url, route, part)) for part in parts]


def _on_sink(on: World, route: str, count: int) -> Taken:
    deployment, side = on.ledger.deployment, on.sides[0]
    who = Registrant(
        account=side.key.address,
        party=side.party,
        products=deployment.products,
        chain_id=deployment.chain_id,
    )
    with sink.running(on.url, who) as url, Rpc.connect(url) as rpc:
        ran = _run(on, url, route, range(count))
        counted = rpc.call("sink_counted")
    told = {name: ran.said[name] for name in ("registrations", "checksum")}
    if not isinstance(counted, dict) or told != {name: counted[name] for name in told}:
        raise AssertionError(f"the client told {told}, the sink {counted}")
    return _taken(ran)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    """Hold what a client told of the products with these numbers, and its memory in MB."""

    numbers: range
    said: dict[str, float]
    memory: float


def _run(on: World, url: str, route: str, numbers: range) -> _Ran:
    """Run a client to its end."""
    given = (route, str(numbers.start), str(numbers.stop), url, on.ledger.deployment.directory.hex)
    command = [sys.executable, "-m", "benchmarks.memory", "--client", *given]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        with AnonymousMemory(process.pid) as memory:
            told, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the client ended with {process.returncode}")
    return _Ran(numbers=numbers, said=json.loads(told), memory=memory.peak_mb)


def _taken(ran: _Ran) -> Taken:
    count = len(ran.numbers)
    if ran.said["registrations"] != count:
        raise AssertionError(f"{ran.said['registrations']} of {count} products were registered")
    return Taken(memory=ran.memory, rate=count / ran.said["seconds"])


def section(*, smallest: bool = False) -> Section:
    """Measure each route at each number of products."""
    taken: _Found = {}
    for place, full in (("anvil", ON_ANVIL), ("sink", ON_SINK)):
        counts = SMALLEST if smallest else full
        for route in ROUTES:
            found = measure(route, counts, on_sink=place == "sink")
            taken |= {(route, place, count): one for count, one in zip(counts, found, strict=True)}
    return Section(
        name="memory",
        title="Memory of the client",
        how="Registrations of new content, singly with many in flight and in contract batches of "
        f"{ITEMS}, by `Ledger.submit_all` in a process of its own, from a generator. Memory is the "
        "greatest anonymous memory of that process, imports included, read every 20 ms from "
        "outside. The sink is a process in the place of the node: it takes every transaction, "
        "works out the logs from the calldata, makes blocks and receipts of them and keeps the "
        "last 64 blocks; other questions go to an anvil behind it. At the end its count and the "
        "sum of all ids must be the client's.",
        figures=tuple(_figures(taken)),
        curves=(_curve(taken),),
    )


_Found = dict[tuple[str, str, int], Taken]


def _figures(taken: _Found) -> Iterator[Figure]:
    """Yield what the most took to what the fewest took, then what each came to."""
    for route in ROUTES:
        for place in ("anvil", "sink"):
            counts = [count for one, other, count in taken if (one, other) == (route, place)]
            few, many = (taken[route, place, count].memory for count in (counts[0], counts[-1]))
            name = f"{route} on {place}, {counts[-1]:,} ÷ {counts[0]:,}"
            yield Figure(name=name, samples=(many / few,), target=Target(limit=FLAT))
    for (route, place, count), one in taken.items():
        name = f"{route} on {place}, {count:,}"
        yield Figure(name=f"{name}: memory", samples=(one.memory,), unit="MB")
        yield Figure(name=f"{name}: rate", samples=(one.rate,), unit="registrations/s")


def _curve(taken: _Found) -> Curve:
    at = sorted({count for _, _, count in taken})
    lines = {
        f"{route} on {place}": tuple(
            (taken[route, place, count].memory,) if (route, place, count) in taken else ()
            for count in at
        )
        for route in ROUTES
        for place in ("anvil", "sink")
    }
    return Curve(
        name="memory",
        title="Memory by the number of products registered",
        along="products registered in one run",
        axis="MB, the greatest anonymous memory of the client",
        at=tuple(at),
        lines=lines,
    )


def _registration(number: int) -> Register:
    return Register(
        content_root=keccak(b"root %d" % number), metadata_hash=keccak(b"meta %d" % number)
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Be the client, and print what was done."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument(
        "--client",
        nargs=5,
        required=True,
        metavar=("ROUTE", "FROM", "TO", "URL", "DIRECTORY"),
    )
    route, start, stop, url, directory = parser.parse_args(arguments).client
    numbers = range(int(start), int(stop))
    print(json.dumps(client(route, numbers, url, Address.parse(directory))))


if __name__ == "__main__":
    main()
