"""Time fingerprints beside the plainest way to hash the same bytes.

    python -m benchmarks.fingerprint [--size 10G] [--files 100000] [--many 1000000]
        [--leaves 1000000] [--rounds 3] [--folder DIR]

Five questions: whether a large file is fingerprinted at 80% of the speed of BLAKE3 over the same
bytes (the quicker of mapping it and of reading it, with all threads), from the disk and from
memory, in less than 200 MB of anonymous memory; whether verifying it, on a ledger that knows it,
takes at most 1.1 times as long; whether many small files take at most 1.5 times as
long as two processes need that open, read and hash them and do nothing else; whether a million
files, with all that a registration keeps of them, take at most twice as long as that, no longer
where a checkpoint knows them, and less than 200 MB; and whether a Merkle tree of a million leaves
takes at most 8 s. The ways are timed in turn, so that a busy machine slows
them alike; ratios are of medians.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import many_files, plain_hashes
from benchmarks.watching import AnonymousMemory
from registry.client import Dengji
from registry.domain.fingerprint import fingerprint
from registry.domain.merkle import root_of
from registry.services.provenance import Outcome
from registry.testing import MemoryLedger, account

SIZE: Final = 10_000_000_000
FILES: Final = 100_000
MANY: Final = 1_000_000
LEAVES: Final = 1_000_000
ROUNDS: Final = 3
LEAST_SPEED: Final = 0.8
MOST_MEMORY_MB: Final = 200
MOST_TIME: Final = 1.5
MOST_TO_VERIFY: Final = 1.1
MOST_SECONDS: Final = 8.0
MOST_TO_KEEP: Final = 2.0
MOST_TO_RESUME: Final = 1.0
RESUMED: Final = "resumed"
OURS: Final = "fingerprint"
VERIFIED: Final = "verify"
MAPPED: Final = "BLAKE3, mapped"
READ: Final = "BLAKE3, read"
UNHASHED: Final = "read, not hashed"
PLAIN: Final = "BLAKE3, two processes"
_UNITS: Final = {"K": 10**3, "M": 10**6, "G": 10**9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold the answer to one question.

    :ivar ratio: of the medians; `limit` is what it is held against.
    :ivar ratios: those of the rounds.
    :ivar ways: what each way came to in the rounds, in `unit`.
    """

    question: str
    measured: str
    plain: str
    ratio: float
    target: str
    met: bool
    limit: float
    ratios: Sequence[float]
    ways: Mapping[str, Sequence[float]]
    unit: str = "s"


def run(scale: float = 1.0, *, rounds: int = ROUNDS, folder: Path | None = None) -> list[Row]:
    """Answer the five questions at a fraction of their size and return a row for each figure.

    :param folder: where to write the files, some 15 GB of them at scale 1, a million of which take
        four times as long to write as to read; all are removed.
    """
    return measure(
        size=int(SIZE * scale),
        files=max(1, int(FILES * scale)),
        many=max(1, int(MANY * scale)),
        leaves=max(1, int(LEAVES * scale)),
        rounds=rounds,
        folder=folder,
    )


def measure(
    *, size: int, files: int, many: int, leaves: int, rounds: int, folder: Path | None
) -> list[Row]:
    """Answer the five questions for given numbers of bytes, files and leaves."""
    place = Path(tempfile.mkdtemp(prefix="dengji-fingerprint-", dir=folder))
    try:
        return [
            *_large_file(place, size, rounds),
            _small_files(place / "small", files, rounds),
            *_many_files(place / "many", many),
            _merkle(leaves, rounds),
        ]
    finally:
        shutil.rmtree(place, ignore_errors=True)


def report(rows: Sequence[Row]) -> str:
    """Return the rows as a table."""
    lines = [
        "| question | measured | plain | ratio | target | met |",
        "|---|---:|---:|---:|---|---|",
    ]
    lines += [
        f"| {row.question} | {row.measured} | {row.plain} | {row.ratio:.2f} "
        f"| {row.target} | {'yes' if row.met else 'no'} |"
        for row in rows
    ]
    return "\n".join(lines)


def _large_file(place: Path, size: int, rounds: int) -> list[Row]:
    """Return the rows of a large file: cold, warm, and memory."""
    path = place / "large"
    plain_hashes.write_random(path, size)
    ways: dict[str, Callable[[], object]] = {
        MAPPED: lambda: plain_hashes.mapped(path),
        READ: lambda: plain_hashes.read(path),
        OURS: lambda: fingerprint(path, progress=lambda _: None),
        UNHASHED: lambda: plain_hashes.skimmed(path),
    }
    rows = []
    with AnonymousMemory() as memory:
        fingerprint(path, progress=lambda _: None)
    befores: dict[str, Callable[[], object]] = {
        "cold": lambda: plain_hashes.forget(path),
        "warm": lambda: None,
    }
    for state, before in befores.items():
        taken = _in_turn(ways, rounds, before)
        seconds = _medians(taken)
        plain = min(seconds[MAPPED], seconds[READ])
        rows.append(
            Row(
                question=f"{size / 1e9:g} GB file, {state}",
                measured=f"{size / seconds[OURS] / 1e6:,.0f} MB/s",
                plain=f"{size / plain / 1e6:,.0f} MB/s",
                ratio=plain / seconds[OURS],
                target=f"≥ {LEAST_SPEED}",
                met=plain / seconds[OURS] >= LEAST_SPEED,
                limit=LEAST_SPEED,
                ratios=[
                    min(mapped, read) / ours
                    for mapped, read, ours, _ in zip(*taken.values(), strict=True)
                ],
                unit="MB/s",
                ways={name: [size / one / 1e6 for one in times] for name, times in taken.items()},
            )
        )
    rows.append(_verified(path, size, rounds))
    path.unlink()
    rows.append(
        Row(
            question=f"{size / 1e9:g} GB file, anonymous memory",
            measured=f"{memory.peak_mb:.0f} MB",
            plain="",
            ratio=memory.peak_mb / MOST_MEMORY_MB,
            target=f"< {MOST_MEMORY_MB} MB",
            met=memory.peak_mb < MOST_MEMORY_MB,
            limit=1.0,
            ratios=[memory.peak_mb / MOST_MEMORY_MB],
            unit="MB",
            ways={OURS: [memory.peak_mb]},
        )
    )
    return rows


def _verified(path: Path, size: int, rounds: int) -> Row:
    """Return the row of verifying a large file that is registered, beside fingerprinting it."""
    client = Dengji(MemoryLedger(), account(1))
    client.parties.enrol()
    client.products.register(fingerprint(path))

    def verify() -> None:
        if client.provenance.verify(path).outcome is not Outcome.IN_FORCE:
            raise RuntimeError("what was registered is not in force")

    ways: dict[str, Callable[[], object]] = {
        OURS: lambda: fingerprint(path),
        VERIFIED: verify,
    }
    taken = _in_turn(ways, rounds)
    seconds = _medians(taken)
    ratio = seconds[VERIFIED] / seconds[OURS]
    return Row(
        question=f"{size / 1e9:g} GB file, verified",
        measured=f"{seconds[VERIFIED]:.2f} s",
        plain=f"{seconds[OURS]:.2f} s",
        ratio=ratio,
        target=f"≤ {MOST_TO_VERIFY}",
        met=ratio <= MOST_TO_VERIFY,
        limit=MOST_TO_VERIFY,
        ratios=[ours / plain for plain, ours in zip(*taken.values(), strict=True)],
        ways=taken,
    )


def _small_files(place: Path, count: int, rounds: int) -> Row:
    """Return the row of many small files, from memory."""
    paths = plain_hashes.write_small(place, count)
    ways: dict[str, Callable[[], object]] = {
        PLAIN: lambda: plain_hashes.small(paths),
        OURS: lambda: fingerprint(place),
    }
    _in_turn(ways, 1)
    taken = _in_turn(ways, rounds)
    seconds = _medians(taken)
    ratio = seconds[OURS] / seconds[PLAIN]
    return Row(
        question=f"{count:,} small files, warm",
        measured=f"{seconds[OURS]:.2f} s",
        plain=f"{seconds[PLAIN]:.2f} s",
        ratio=ratio,
        target=f"≤ {MOST_TIME}",
        met=ratio <= MOST_TIME,
        limit=MOST_TIME,
        ratios=[ours / plain for plain, ours in zip(*taken.values(), strict=True)],
        ways=taken,
    )


def _many_files(place: Path, count: int) -> list[Row]:
    """Return the rows of very many files: the time of each, the memory, and going on again."""
    content, home = place / "content", place / "home"
    paths = many_files.write(content, count)
    ways: dict[str, Callable[[], object]] = {PLAIN: lambda: plain_hashes.small(paths)}
    before = _in_turn(ways, 1)[PLAIN]
    whole = many_files.measured(content, home)
    # Before and after, so that a machine that gets busier slows both.
    plains = [seconds / count * 1e6 for seconds in (*before, *_in_turn(ways, 1)[PLAIN])]
    plain = statistics.mean(plains)
    again = many_files.measured(content, home, resume=True)
    if again.root != whole.root:
        raise RuntimeError("what was resumed is not what was read")
    each, resumed = whole.seconds / count * 1e6, again.seconds / count * 1e6
    peak = max(whole.peak_mb, again.peak_mb)
    return [
        Row(
            question=f"{count:,} files, each",
            measured=f"{each:.0f} µs",
            plain=f"{plain:.0f} µs",
            ratio=each / plain,
            target=f"≤ {MOST_TO_KEEP:g}",
            met=each <= MOST_TO_KEEP * plain,
            limit=MOST_TO_KEEP,
            ratios=[each / plain],
            unit="µs",
            ways={OURS: [each], PLAIN: plains},
        ),
        Row(
            question=f"{count:,} files, all known, each",
            measured=f"{resumed:.0f} µs",
            plain=f"{each:.0f} µs",
            ratio=resumed / each,
            target=f"≤ {MOST_TO_RESUME:g}",
            met=resumed <= MOST_TO_RESUME * each,
            limit=MOST_TO_RESUME,
            ratios=[resumed / each],
            unit="µs",
            ways={RESUMED: [resumed]},
        ),
        Row(
            question=f"{count:,} files, anonymous memory",
            measured=f"{peak:.0f} MB",
            plain="",
            ratio=peak / MOST_MEMORY_MB,
            target=f"< {MOST_MEMORY_MB} MB",
            met=peak < MOST_MEMORY_MB,
            limit=1.0,
            ratios=[peak / MOST_MEMORY_MB],
            unit="MB",
            ways={OURS: [whole.peak_mb], RESUMED: [again.peak_mb]},
        ),
    ]


def _merkle(leaves: int, rounds: int) -> Row:
    """Return the row of a Merkle tree of so many leaves of 32 bytes."""

    def build() -> None:
        root_of(number.to_bytes(32, "big") for number in range(leaves))

    taken = _in_turn({"root": build}, rounds)["root"]
    seconds = statistics.median(taken)
    return Row(
        question=f"Merkle root of {leaves:,} leaves",
        measured=f"{seconds:.2f} s",
        plain="",
        ratio=seconds / MOST_SECONDS,
        target=f"≤ {MOST_SECONDS:g} s",
        met=seconds <= MOST_SECONDS,
        limit=1.0,
        ratios=[one / MOST_SECONDS for one in taken],
        ways={"root": taken},
    )


def _in_turn(
    ways: Mapping[str, Callable[[], object]], rounds: int, before: Callable[[], object] = lambda: 0
) -> dict[str, list[float]]:
    """Return the seconds of each way, timed one after the other in every round."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            before()
            began = time.perf_counter()
            way()
            taken[name].append(time.perf_counter() - began)
    return taken


def _medians(taken: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def _size(text: str) -> int:
    """Return a number of bytes, given as digits with K, M or G (powers of ten) at the end."""
    unit = _UNITS.get(text[-1:].upper())
    return int(float(text[:-1]) * unit) if unit else int(text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fingerprint")
    parser.add_argument("--size", type=_size, default=SIZE, help="bytes of the large file")
    parser.add_argument("--files", type=int, default=FILES, help="how many small files")
    parser.add_argument("--many", type=int, default=MANY, help="how many files of some bytes")
    parser.add_argument("--leaves", type=int, default=LEAVES, help="leaves of the Merkle tree")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path, help="where to write the files")
    given = parser.parse_args(arguments)
    rows = measure(
        size=given.size,
        files=given.files,
        many=given.many,
        leaves=given.leaves,
        rounds=given.rounds,
        folder=given.folder,
    )
    print(report(rows))


if __name__ == "__main__":
    main()
