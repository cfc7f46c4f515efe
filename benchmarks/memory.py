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
from benchmarks.nodes import HOLDER, world
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
SMALLEST: Final = (20, 500)
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


def operations(route: str, count: int) -> Iterator[Operation]:
    """Yield registrations of so many products, singly or in batches, none kept."""
    if route == "singles":
        yield from map(_registration, range(count))
        return
    for start in range(0, count, ITEMS):
        part = range(start, min(start + ITEMS, count))
        yield RegisterBatch(items=tuple(map(_registration, part)))


def client(route: str, count: int, url: str, directory: Address) -> dict[str, object]:
    """Register so many products; return what they and the process came to."""
    with (
        tempfile.TemporaryDirectory(prefix="dengji-client-") as home,
        Rpc.connect(url) as rpc,
        Journal(Path(home) / "journal.sqlite3") as journal,
    ):
        sender = Sender(rpc, LocalSigner(HOLDER), journal, lock_dir=Path(home))
        ledger = ChainLedger(rpc, find(rpc, directory), senders=lambda _: sender)
        began, made, checksum = time.perf_counter(), 0, 0
        for receipt in ledger.submit_all(operations(route, count), account=sender.address):
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


def measure(route: str, count: int, *, on_sink: bool) -> Taken:
    """Register so many products on a chain of their own by a client of its own.

    :raises AssertionError: not each of them was registered once.
    """
    with world("--prune-history", "16") as on:
        if not on_sink:
            on.mine(every=1)
            return _taken(_run(on, on.url, route, count), count)
        deployment, side = on.ledger.deployment, on.sides[0]
        who = Registrant(
            account=side.key.address,
            party=side.party,
            products=deployment.products,
            chain_id=deployment.chain_id,
        )
        with sink.running(on.url, who) as url, Rpc.connect(url) as rpc:
            said, memory = _run(on, url, route, count)
            counted = rpc.call("sink_counted")
            if not isinstance(counted, dict) or any(
                said[name] != counted[name] for name in ("registrations", "checksum")
            ):
                raise AssertionError(f"the client told {said}, the sink {counted}")
            return _taken((said, memory), count)


def _run(on: World, url: str, route: str, count: int) -> tuple[dict[str, float], float]:
    """Run a client to its end; return what it told, and its greatest anonymous memory in MB."""
    command = [sys.executable, "-m", "benchmarks.memory", "--client", route, str(count), url]
    directory = on.ledger.deployment.directory.hex
    with subprocess.Popen(
        [*command, directory], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        with AnonymousMemory(process.pid) as memory:
            told, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the client ended with {process.returncode}")
    said: dict[str, float] = json.loads(told)
    return said, memory.peak_mb


def _taken(ran: tuple[dict[str, float], float], count: int) -> Taken:
    said, memory = ran
    if said["registrations"] != count:
        raise AssertionError(f"{said['registrations']} of {count} products were registered")
    return Taken(memory=memory, rate=count / said["seconds"])


def section(*, smallest: bool = False) -> Section:
    """Measure each route at each number of products."""
    taken = {
        (route, place, count): measure(route, count, on_sink=place == "sink")
        for place, counts in (("anvil", ON_ANVIL), ("sink", ON_SINK))
        for route in ROUTES
        for count in (SMALLEST if smallest else counts)
    }
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
        yield Figure(name=name, samples=(one.memory,), unit="MB")
        yield Figure(name=name, samples=(one.rate,), unit="registrations/s")


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
        "--client", nargs=4, required=True, metavar=("ROUTE", "COUNT", "URL", "DIRECTORY")
    )
    route, count, url, directory = parser.parse_args(arguments).client
    print(json.dumps(client(route, int(count), url, Address.parse(directory))))


if __name__ == "__main__":
    main()
