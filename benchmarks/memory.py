"""Measure how much memory the client takes to register many products, by their number.

    python -m benchmarks --only memory

The client is a process of its own, whose anonymous memory is watched from outside; the node, or the
sink in its place, is another. It takes the registrations one by one from a generator and lets go of
each receipt, or it is the command line, which takes them from a table and writes down its results.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import sink
from benchmarks.curves import Curve
from benchmarks.memory_table import table_client
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
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.nodes import World
    from registry.domain.operations import Operation

TABLE: Final = "table"
_BY_LEDGER: Final = ("singles", "batches")
ROUTES: Final = {"anvil": (*_BY_LEDGER, TABLE), "sink": _BY_LEDGER}
"""What is measured where: a table asks for each of its rows, and the sink asks anvil in turn."""

ON_ANVIL: Final = (10_000, 100_000)
ON_SINK: Final = (10_000, 1_000_000)
PLACES: Final[Mapping[str, tuple[int, int]]] = {"anvil": ON_ANVIL, "sink": ON_SINK}
SMALLEST: Final = (20, 250)
FLAT: Final = 1.1
"""How many times the memory for the fewest the memory for the most may be."""

ITEMS: Final = 240
"""Registrations in one contract batch: some twelve million gas."""

PAUSE: Final = 3.0
"""Seconds between two blocks of anvil: enough for as many to wait as the client has in flight."""

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
            "checksum": checksum,
            "seconds": time.perf_counter() - began,
        }


def measure(
    route: str, counts: Sequence[int], *, on_sink: bool, pause: float = PAUSE
) -> list[Taken]:
    """Register so many products, each time by a client of its own.

    :param pause: seconds between two blocks of anvil, at least.
    :raises AssertionError: not each of them was registered once.
    """
    with world("--prune-history", "16") as on:
        if on_sink:
            return [_on_sink(on, route, count) for count in counts]
        # Others each time: a product is registered once.
        parts = [range(sum(counts[:k]), sum(counts[: k + 1])) for k in range(len(counts))]
        with mined(on.rpc, pause=pause):
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
    told = {"registrations": ran.registrations, "checksum": f"{ran.checksum:x}"}
    if not isinstance(counted, dict) or told != {name: counted[name] for name in told}:
        raise AssertionError(f"the client told {told}, the sink {counted}")
    return _taken(ran)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    """Hold what a client was to register and says it did, the seconds, and its memory in MB.

    :ivar checksum: the sum of the ids of the products, by which each is known to be there once.
    """

    count: int
    registrations: int
    checksum: int
    seconds: float
    memory: float


def _run(on: World, url: str, route: str, numbers: range) -> _Ran:
    """Run a client to its end."""
    deployment = on.ledger.deployment
    if route == TABLE:
        with table_client(url, deployment, map(_registration, numbers)) as client:
            told, memory, seconds = _watched(client.command, client.environ)
            said = client.said(told)
        checksum = said["ids"] % _PRODUCTS
    else:
        given = (route, str(numbers.start), str(numbers.stop), url, deployment.directory.hex)
        command = (sys.executable, "-m", "benchmarks.memory", "--client", *given)
        told, memory, seconds = _watched(command, os.environ)
        said = json.loads(told)
        seconds, checksum = said["seconds"], said["checksum"]
    return _Ran(
        count=len(numbers),
        registrations=said["registrations"],
        checksum=checksum,
        seconds=seconds,
        memory=memory,
    )


def _watched(command: Sequence[str], environ: Mapping[str, str]) -> tuple[str, float, float]:
    """Run a client to its end; return what it printed, its memory in MB, and the seconds."""
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=_ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        with AnonymousMemory(process.pid) as memory:
            told, noted = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the client ended with {process.returncode}: {noted}")
    return told, memory.peak_mb, time.perf_counter() - began


def _taken(ran: _Ran) -> Taken:
    if ran.registrations != ran.count:
        raise AssertionError(f"{ran.registrations} of {ran.count} products were registered")
    return Taken(memory=ran.memory, rate=ran.count / ran.seconds)


def section(*, smallest: bool = False) -> Section:
    """Measure each route at each number of products."""
    taken: _Found = {}
    pause = 0.0 if smallest else PAUSE
    for place, full in PLACES.items():
        counts = SMALLEST if smallest else full
        for route in ROUTES[place]:
            found = measure(route, counts, on_sink=place == "sink", pause=pause)
            taken |= {(route, place, count): one for count, one in zip(counts, found, strict=True)}
    return Section(
        name="memory",
        title="Memory of the client",
        how="Registrations of new content, singly with many in flight and in contract batches of "
        f"{ITEMS}, by `Ledger.submit_all` in a process of its own, from a generator; *table* is "
        "`dengji register --from-table` as a whole, results written to a file. Memory is the "
        "greatest anonymous memory of that process, imports included, read every 20 ms from "
        f"outside. anvil makes a block {PAUSE:g} s after the last one, so that the window of what "
        "is in flight fills whatever the number. The sink is a process in the place of the node: "
        "it takes every transaction, works out the logs from the calldata, makes blocks and "
        "receipts of them and keeps the last 64 blocks; other questions go to an anvil behind it. "
        "At the end its count and the sum of all ids must be the client's.",
        figures=tuple(_figures(taken)),
        curves=tuple(_curve(taken, place) for place in PLACES),
    )


_Found = dict[tuple[str, str, int], Taken]


def _figures(taken: _Found) -> Iterator[Figure]:
    """Yield what the most took to what the fewest took, then what each came to."""
    for place, routes in ROUTES.items():
        for route in routes:
            counts = [count for one, other, count in taken if (one, other) == (route, place)]
            few, many = (taken[route, place, count].memory for count in (counts[0], counts[-1]))
            name = f"{route} on {place}, {counts[-1]:,} ÷ {counts[0]:,}"
            yield Figure(name=name, samples=(many / few,), target=Target(limit=FLAT))
    for (route, place, count), one in taken.items():
        name = f"{route} on {place}, {count:,}"
        yield Figure(name=f"{name}: memory", samples=(one.memory,), unit="MB")
        yield Figure(name=f"{name}: rate", samples=(one.rate,), unit="registrations/s")


def _curve(taken: _Found, place: str) -> Curve:
    at = sorted({count for _, where, count in taken if where == place})
    lines = {
        route: tuple((taken[route, place, count].memory,) for count in at)
        for route in ROUTES[place]
    }
    return Curve(
        name=f"memory-{place}",
        title=f"Memory by the number of products registered, on {place}",
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
