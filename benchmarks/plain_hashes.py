"""Hash and read files as plainly as can be, which fingerprints are timed beside."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from blake3 import blake3

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_FILES_A_FOLDER: Final = 1000
_BLOCK: Final = 1 << 24
_SMALL: Final = """
import sys
from blake3 import blake3
for path in filter(None, sys.stdin.buffer.read().split(b"\\0")):
    with open(path, "rb") as file:
        blake3(file.read()).digest()
"""


def mapped(path: Path) -> bytes:
    """Hash a file as the package's documentation says is quickest."""
    hasher = blake3(max_threads=blake3.AUTO)
    hasher.update_mmap(path)
    return hasher.digest()


def read(path: Path) -> bytes:
    """Hash a file by reading it in large blocks."""
    hasher = blake3(max_threads=blake3.AUTO)
    for block in _blocks(path):
        hasher.update(block)
    return hasher.digest()


def skimmed(path: Path) -> int:
    """Read a file in large blocks and do nothing with them; return its size."""
    return sum(map(len, _blocks(path)))


def small(paths: Sequence[bytes]) -> None:
    """Have two processes open, read and hash every second file each."""
    children = [
        subprocess.Popen([sys.executable, "-c", _SMALL], stdin=subprocess.PIPE) for _ in range(2)
    ]
    for number, child in enumerate(children):
        if child.stdin:
            child.stdin.write(b"\0".join(paths[number::2]))
            child.stdin.close()
    for child in children:
        child.wait()
    if any(child.returncode for child in children):
        raise RuntimeError("a plain process failed")


def write_random(path: Path, size: int) -> None:
    """Write a file of so many random bytes, through to the disk."""
    with path.open("wb") as file:
        while (rest := size - file.tell()) > 0:
            file.write(os.urandom(min(_BLOCK, rest)))
        file.flush()
        os.fsync(file.fileno())


def write_small(place: Path, count: int) -> list[bytes]:
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


def forget(path: Path) -> None:
    """Drop a file from the system's cache."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _blocks(path: Path) -> Iterator[memoryview]:
    block = bytearray(_BLOCK)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            yield memoryview(block)[:count]
