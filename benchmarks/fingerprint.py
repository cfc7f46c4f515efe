"""Time fingerprints beside the plainest way to hash the same bytes.

    python -m benchmarks.fingerprint [--size 10G] [--files 100000] [--leaves 1000000] [--rounds 3]
        [--folder DIR]

Four questions: whether a large file is fingerprinted at 80% of the speed of BLAKE3 over the same
bytes (the quicker of mapping it and of reading it, with all threads), from the disk and from
memory, in less than 200 MB of anonymous memory; whether verifying it, on a ledger that knows it,
takes at most 1.1 times as long; whether many small files take at most 1.5 times as
long as two processes need that open, read and hash them and do nothing else; and whether a Merkle
tree of a million leaves takes at most 8 s. The ways are timed in turn, so that a busy machine slows
them alike; ratios are of medians.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from blake3 import blake3

from registry.client import Dengji
from registry.domain.fingerprint import fingerprint
from registry.domain.merkle import root_of
from registry.services.provenance import Outcome
from registry.testing import MemoryLedger, account

Row = dict[str, Any]

SIZE: Final = 10_000_000_000
FILES: Final = 100_000
LEAVES: Final = 1_000_000
ROUNDS: Final = 3
LEAST_SPEED: Final = 0.8
MOST_MEMORY_MB: Final = 200
MOST_TIME: Final = 1.5
MOST_TO_VERIFY: Final = 1.1
MOST_SECONDS: Final = 8.0
_FILES_A_FOLDER: Final = 1000
_BLOCK: Final = 1 << 24
_UNITS: Final = {"K": 10**3, "M": 10**6, "G": 10**9}
_PLAIN_SMALL: Final = """
import sys
from blake3 import blake3
for path in filter(None, sys.stdin.buffer.read().split(b"\\0")):
    with open(path, "rb") as file:
        blake3(file.read()).digest()
"""


def run(scale: float = 1.0, *, rounds: int = ROUNDS, folder: Path | None = None) -> list[Row]:
    """Answer the four questions at a fraction of their size and return a row for each figure.

    :param folder: where to write the files, some 10.6 GB of them at scale 1; all are removed.
    """
    return measure(
        size=int(SIZE * scale),
        files=max(1, int(FILES * scale)),
        leaves=max(1, int(LEAVES * scale)),
        rounds=rounds,
        folder=folder,
    )


def measure(*, size: int, files: int, leaves: int, rounds: int, folder: Path | None) -> list[Row]:
    """Answer the four questions for given numbers of bytes, files and leaves."""
    place = Path(tempfile.mkdtemp(prefix="dengji-fingerprint-", dir=folder))
    try:
        return [
            *_large_file(place, size, rounds),
            _small_files(place / "small", files, rounds),
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
        f"| {row['question']} | {row['measured']} | {row['plain']} | {row['ratio']:.2f} "
        f"| {row['target']} | {'yes' if row['met'] else 'no'} |"
        for row in rows
    ]
    return "\n".join(lines)


def _large_file(place: Path, size: int, rounds: int) -> list[Row]:
    """Return the rows of a large file: cold, warm, and memory."""
    path = place / "large"
    _write_random(path, size)
    ways: dict[str, Callable[[], object]] = {
        "mapped": lambda: _plain_mapped(path),
        "read": lambda: _plain_read(path),
        "fingerprint": lambda: fingerprint(path, progress=lambda _: None),
    }
    rows = []
    with AnonymousMemory() as memory:
        fingerprint(path, progress=lambda _: None)
    befores: dict[str, Callable[[], object]] = {"cold": lambda: _forget(path), "warm": lambda: None}
    for state, before in befores.items():
        taken = _in_turn(ways, rounds, before)
        seconds = _medians(taken)
        plain = min(seconds["mapped"], seconds["read"])
        rows.append(
            _row(
                f"{size / 1e9:g} GB file, {state}",
                f"{size / seconds['fingerprint'] / 1e6:,.0f} MB/s",
                f"{size / plain / 1e6:,.0f} MB/s",
                plain / seconds["fingerprint"],
                f"≥ {LEAST_SPEED}",
                met=plain / seconds["fingerprint"] >= LEAST_SPEED,
                limit=LEAST_SPEED,
                ratios=[
                    min(mapped, read) / ours
                    for mapped, read, ours in zip(*taken.values(), strict=True)
                ],
            )
        )
    rows.append(_verified(path, size, rounds))
    path.unlink()
    rows.append(
        _row(
            f"{size / 1e9:g} GB file, anonymous memory",
            f"{memory.peak_mb:.0f} MB",
            "",
            memory.peak_mb / MOST_MEMORY_MB,
            f"< {MOST_MEMORY_MB} MB",
            met=memory.peak_mb < MOST_MEMORY_MB,
            limit=1.0,
            ratios=[memory.peak_mb / MOST_MEMORY_MB],
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
        "fingerprint": lambda: fingerprint(path),
        "verify": verify,
    }
    taken = _in_turn(ways, rounds)
    seconds = _medians(taken)
    ratio = seconds["verify"] / seconds["fingerprint"]
    return _row(
        f"{size / 1e9:g} GB file, verified",
        f"{seconds['verify']:.2f} s",
        f"{seconds['fingerprint']:.2f} s",
        ratio,
        f"≤ {MOST_TO_VERIFY}",
        met=ratio <= MOST_TO_VERIFY,
        limit=MOST_TO_VERIFY,
        ratios=[ours / plain for plain, ours in zip(*taken.values(), strict=True)],
    )


def _small_files(place: Path, count: int, rounds: int) -> Row:
    """Return the row of many small files, from memory."""
    paths = _write_small(place, count)
    ways: dict[str, Callable[[], object]] = {
        "plain": lambda: _plain_small(paths),
        "fingerprint": lambda: fingerprint(place),
    }
    _in_turn(ways, 1)
    taken = _in_turn(ways, rounds)
    seconds = _medians(taken)
    ratio = seconds["fingerprint"] / seconds["plain"]
    return _row(
        f"{count:,} small files, warm",
        f"{seconds['fingerprint']:.2f} s",
        f"{seconds['plain']:.2f} s",
        ratio,
        f"≤ {MOST_TIME}",
        met=ratio <= MOST_TIME,
        limit=MOST_TIME,
        ratios=[ours / plain for plain, ours in zip(*taken.values(), strict=True)],
    )


def _merkle(leaves: int, rounds: int) -> Row:
    """Return the row of a Merkle tree of so many leaves of 32 bytes."""

    def build() -> None:
        root_of(number.to_bytes(32, "big") for number in range(leaves))

    taken = _in_turn({"root": build}, rounds)["root"]
    seconds = statistics.median(taken)
    return _row(
        f"Merkle root of {leaves:,} leaves",
        f"{seconds:.2f} s",
        "",
        seconds / MOST_SECONDS,
        f"≤ {MOST_SECONDS:g} s",
        met=seconds <= MOST_SECONDS,
        limit=1.0,
        ratios=[one / MOST_SECONDS for one in taken],
    )


def _row(
    question: str,
    measured: str,
    plain: str,
    ratio: float,
    target: str,
    *,
    met: bool,
    limit: float,
    ratios: Sequence[float],
) -> Row:
    """Return a row; `ratios` are those of the rounds, and `limit` is what they are held against."""
    return {
        "question": question,
        "measured": measured,
        "plain": plain,
        "ratio": ratio,
        "target": target,
        "met": met,
        "limit": limit,
        "ratios": tuple(ratios),
    }


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


def _plain_mapped(path: Path) -> bytes:
    """Hash a file as the package's documentation says is quickest."""
    hasher = blake3(max_threads=blake3.AUTO)
    hasher.update_mmap(path)
    return hasher.digest()


def _plain_read(path: Path) -> bytes:
    """Hash a file by reading it in large blocks."""
    hasher = blake3(max_threads=blake3.AUTO)
    block = bytearray(_BLOCK)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            hasher.update(memoryview(block)[:count])
    return hasher.digest()


def _plain_small(paths: Sequence[bytes]) -> None:
    """Have two processes open, read and hash every second file each."""
    children = [
        subprocess.Popen([sys.executable, "-c", _PLAIN_SMALL], stdin=subprocess.PIPE)
        for _ in range(2)
    ]
    for number, child in enumerate(children):
        if child.stdin:
            child.stdin.write(b"\0".join(paths[number::2]))
            child.stdin.close()
    for child in children:
        child.wait()
    if any(child.returncode for child in children):
        raise RuntimeError("a plain process failed")


def _write_random(path: Path, size: int) -> None:
    with path.open("wb") as file:
        while (rest := size - file.tell()) > 0:
            file.write(os.urandom(min(_BLOCK, rest)))
        file.flush()
        os.fsync(file.fileno())


def _write_small(place: Path, count: int) -> list[bytes]:
    """Write files of 1 to 8 KiB and return their paths."""
    chance = random.Random(count)
    pool = chance.randbytes(1 << 16)
    paths = []
    for number in range(count):
        folder = place / f"{number // _FILES_A_FOLDER:03}"
        if number % _FILES_A_FOLDER == 0:
            folder.mkdir(parents=True)
        path = folder / f"{number:06}.csv"
        start = chance.randrange(1 << 15)
        path.write_bytes(pool[start : start + chance.randint(1 << 10, 1 << 13)])
        paths.append(bytes(path))
    return paths


def _forget(path: Path) -> None:
    """Drop a file from the system's cache."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class AnonymousMemory:
    """Watch the anonymous memory of this process and its children while it is entered.

    :ivar peak_mb: the most at one time, in MB.
    """

    _INTERVAL: Final = 0.02

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(self._INTERVAL):
            self.peak_mb = max(self.peak_mb, sum(map(_anonymous_mb, _family())))


def _family() -> list[str]:
    """Return this process and its children."""
    own = str(os.getpid())
    children = [
        child
        for task in Path("/proc/self/task").iterdir()
        for child in _read(task / "children").split()
    ]
    return [own, *children]


def _anonymous_mb(process: str) -> float:
    """Return a process's anonymous memory, 0 where it is gone."""
    for line in _read(Path("/proc", process, "status")).splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _size(text: str) -> int:
    """Return a number of bytes, given as digits with K, M or G (powers of ten) at the end."""
    unit = _UNITS.get(text[-1:].upper())
    return int(float(text[:-1]) * unit) if unit else int(text)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fingerprint")
    parser.add_argument("--size", type=_size, default=SIZE, help="bytes of the large file")
    parser.add_argument("--files", type=int, default=FILES, help="how many small files")
    parser.add_argument("--leaves", type=int, default=LEAVES, help="leaves of the Merkle tree")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path, help="where to write the files")
    given = parser.parse_args(arguments)
    rows = measure(
        size=given.size,
        files=given.files,
        leaves=given.leaves,
        rounds=given.rounds,
        folder=given.folder,
    )
    print(report(rows))


if __name__ == "__main__":
    main()
