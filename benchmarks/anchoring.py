"""Measure how many registrations a second are anchored, and what memory that takes.

    python -m benchmarks.anchoring [--count 100000] [--most 1000000] [--rounds 3]

From `Register` values to a confirmed root: leaves encoded and hashed, the tree and the order of
contents built, the archive that proves every leaf on the disk, the root signed, journalled, sent
and mined by an anvil that mines at once, the anchor read back. Then proofs of leaves here and
there, each taken from the archive and held against the root. Memory is the greatest anonymous
memory of the process while it writes archives of registrations that are made as they are needed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.report import Figure, Section, Target
from benchmarks.sending import Setting, setting
from benchmarks.watching import AnonymousMemory
from registry.archive import Archive
from registry.chain.ledger import ChainLedger
from registry.domain.anchor_archive import AnchorArchive
from registry.domain.anchor_writing import write_archive
from registry.domain.operations import Register
from registry.services.actor import Actor
from registry.services.anchors import Anchors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.anchor_leaves import Site

COUNT: Final = 100_000
MOST: Final = 1_000_000
FEWEST: Final = 10_000
PROOFS: Final = 1_000
TARGET: Final = 50_000
GROWTH: Final = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Hold one round: leaves a second to a confirmed root, of it the archive alone, and proofs.

    `memory` is in MB by the number of leaves.
    """

    confirmed: float
    archived: float
    proved: float
    memory: dict[int, float]


def measure(count: int, most: int, fewest: int = FEWEST) -> Taken:
    """Anchor `count` registrations, and write archives of `fewest` to `most`."""
    with setting() as using, tempfile.TemporaryDirectory(prefix="dengji-anchors-") as place:
        using.mine(at_once=True)
        home = Path(place)
        anchors = _anchors(using, home)
        site = anchors.site()
        # Less first: what is freed is not given back to the system.
        memory = {size: _memory(home, site, size) for size in (fewest, count, most)}
        items = list(registrations(count))
        started = time.perf_counter()
        path = write_archive(home / "alone", site, items)
        archived = count / (time.perf_counter() - started)
        path.unlink()
        started = time.perf_counter()
        made = anchors.anchor(items)
        confirmed = count / (time.perf_counter() - started)
        if made.already or made.anchored.leaves != count:
            raise AssertionError("the root was not anchored now, or not of all leaves")
        return Taken(
            confirmed=confirmed,
            archived=archived,
            proved=_proved(made.archive, count),
            memory=memory,
        )


def section(*, smallest: bool = False) -> Section:
    """Measure how many registrations a second are anchored."""
    fewest, count, most = (10, 20, 40) if smallest else (FEWEST, COUNT, MOST)
    taken = [measure(count, most, fewest) for _ in range(1 if smallest else 3)]
    growth = tuple(one.memory[most] / max(one.memory[fewest], 1e-9) for one in taken)
    rates = {
        "anchored and confirmed": tuple(one.confirmed for one in taken),
        "archive alone": tuple(one.archived for one in taken),
    }
    target = Target(limit=TARGET, at_least=True)
    figures = [
        Figure(name=name, samples=samples, unit="leaves/s", target=target if index == 0 else None)
        for index, (name, samples) in enumerate(rates.items())
    ]
    figures += [
        Figure(name="proofs", samples=tuple(one.proved for one in taken), unit="proofs/s"),
        Figure(
            name=f"memory of {most:,} ÷ of {fewest:,} leaves",
            samples=growth,
            target=Target(limit=GROWTH),
        ),
        *(
            Figure(
                name=f"memory, {size:,} leaves",
                samples=tuple(one.memory[size] for one in taken),
                unit="MB",
            )
            for size in taken[0].memory
        ),
    ]
    return Section(
        name="anchoring",
        title="Anchoring",
        how=f"{count:,} registrations under one root, from values in memory to the anchor read "
        "back from an anvil that mines at once: leaves encoded and hashed, tree and order of "
        "contents built, the archive with the proof of every leaf on the disk, the root signed, "
        "journalled, sent and confirmed. Proofs: found by content, taken from the archive and led "
        "to the root. Memory: the greatest anonymous memory of the process while it writes an "
        "archive of registrations that are made as they are needed.",
        figures=tuple(figures),
    )


def registrations(count: int) -> Iterator[Register]:
    """Yield that many registrations of contents of their own."""
    for number in range(count):
        digest = sha256(number.to_bytes(8)).digest()
        yield Register(content_root=digest, metadata_hash=sha256(digest).digest())


def _anchors(using: Setting, home: Path) -> Anchors:
    ledger = ChainLedger(using.rpc, using.deployment, senders=lambda _: using.sender)
    address = using.sender.address
    return Anchors(Actor(ledger=ledger, choose=lambda: address, archive=Archive(home)))


def _memory(home: Path, site: Site, count: int) -> float:
    """Return the greatest memory, in MB, while an archive is written."""
    with AnonymousMemory() as memory:
        write_archive(home / "alone", site, registrations(count)).unlink()
    return memory.peak_mb


def _proved(archive: Path, count: int) -> float:
    """Return proofs a second; each is found by its content, and leads to the root."""
    wanted = [one.content_root for one in registrations(count)][:: max(1, count // PROOFS)]
    with AnchorArchive(archive) as kept:
        started = time.perf_counter()
        for content in wanted:
            (index,) = kept.find(content)
            kept.prove(index)
        return len(wanted) / (time.perf_counter() - started)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anchoring", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    taken = [measure(given.count, given.most) for _ in range(given.rounds)]
    rate = statistics.median(one.confirmed for one in taken)
    print(f"confirmed: {rate:,.0f} leaves/s (target ≥ {TARGET:,})")
    print(f"archive:   {statistics.median(one.archived for one in taken):,.0f} leaves/s")
    print(f"proofs:    {statistics.median(one.proved for one in taken):,.0f} /s")
    for size in taken[0].memory:
        peak = statistics.median(one.memory[size] for one in taken)
        print(f"memory at {size:,}: {peak:.1f} MB")


if __name__ == "__main__":
    main()
