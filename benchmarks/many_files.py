"""Fingerprint a folder of very many files: the time of each, the memory, and going on again.

    python -m benchmarks.many_files FOLDER HOME [--resume]

measures one fingerprint of what stands in a folder, as registering it takes one: with a manifest
and a checkpoint, which stays in HOME. It runs in a process of its own, so that the memory is the
fingerprint's alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.watching import AnonymousMemory
from registry.domain.checkpoint import Checkpoint, standing
from registry.domain.fingerprint import Fingerprint, fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILES_A_FOLDER: Final = 1000
_MANIFEST: Final = "manifest.jsonl"


class _LeftError(Exception):
    """Stand for an interruption at the very end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Hold what one fingerprint took: seconds, and the most anonymous memory in MB."""

    seconds: float
    peak_mb: float
    files: int
    root: str


def write(place: Path, count: int) -> list[bytes]:
    """Write so many files of some bytes each, a thousand to a folder; return their paths."""
    paths = []
    for number in range(count):
        folder = place / f"{number // _FILES_A_FOLDER:04}"
        if number % _FILES_A_FOLDER == 0:
            folder.mkdir(parents=True)
        path = folder / f"{number:07}.csv"
        path.write_bytes(b"%07d\n" % number)
        paths.append(bytes(path))
    return paths


def measured(place: Path, home: Path, *, resume: bool = False) -> Taken:
    """Fingerprint a folder in a process of its own, and return what that took."""
    program = [sys.executable, "-m", "benchmarks.many_files", str(place), str(home)]
    if resume:
        program.append("--resume")
    ran = subprocess.run(program, capture_output=True, text=True, check=True)
    return Taken(**json.loads(ran.stdout))


def _take(place: Path, home: Path, *, resume: bool) -> Taken:
    """Fingerprint a folder here, and leave its checkpoint as an interruption would."""
    found: Fingerprint | None = None
    seconds = 0.0
    with (
        AnonymousMemory() as memory,
        suppress(_LeftError),
        Checkpoint(home, place, resume=resume, write_seconds=0) as kept,
    ):
        began = time.perf_counter()
        found = fingerprint(place, checkpoint=kept, manifest=home.with_name(_MANIFEST))
        seconds = time.perf_counter() - began
        raise _LeftError
    if found is None or standing(home, place).files != found.files:
        raise RuntimeError("not every file was kept once")
    return Taken(
        seconds=seconds,
        peak_mb=memory.peak_mb,
        files=found.files,
        root=found.content_root.hex(),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one fingerprint and print it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_files")
    parser.add_argument("folder", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--resume", action="store_true")
    given = parser.parse_args(arguments)
    taken = _take(given.folder, given.home, resume=given.resume)
    print(json.dumps({name: getattr(taken, name) for name in Taken.__slots__}))


if __name__ == "__main__":
    main()
