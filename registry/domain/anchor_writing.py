"""Write the archive of an anchor in the memory of a few blocks, however many leaves it has."""

from __future__ import annotations

import os
from bisect import bisect_right
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final

from registry.domain.anchor_layout import ENTRY, HEAD, SUFFIX, Head, level_starts
from registry.domain.anchor_leaves import MOST_LEAVES, NODE, above, leaf_hashes, level_sizes
from registry.domain.particulars import SALT, raw_registrations
from registry.errors import AnchorTooLarge, LeafTwice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from registry.domain.anchor_leaves import Site
    from registry.domain.operations import Register

_BLOCK: Final = 4096
_RUN: Final = 8192
_DIGESTS: Final = 64
# Content root, metadata hash and salt make a product what it is; the leaf's number follows.
_NAME: Final = _DIGESTS + 8
_KEY: Final = _NAME + ENTRY
_NONE: Final[list[bytes]] = []


def write_archive(
    folder: Path,
    site: Site,
    registrations: Iterable[Register],
    *,
    check: Callable[[Register], object] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Path:
    """Write the archive of an anchor into a folder, named by its root, and return its path.

    The file appears whole or not at all, readable by its owner alone, and is on the disk when this
    returns. `check` is as in `raw_registrations`; `progress` is told how many leaves are written.

    :raises AnchorTooLarge: there are more leaves than an anchor can be of, or none.
    :raises LeafTwice: two registrations would make the same product.
    :raises ValueError: a registration does not fit its leaf.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = folder / f".archive.{os.getpid()}.part"
    descriptor = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            root = _Writer(file, folder, site).write(_blocks(registrations, check), progress)
            file.flush()
            os.fsync(descriptor)
        path = folder / (root.hex() + SUFFIX)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _settle(folder)
    return path


def _settle(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Writer:
    """Write leaves, then levels, then the order of the leaves, then the head, which names all."""

    def __init__(self, file: BinaryIO, folder: Path, site: Site) -> None:
        self._file = file
        self._folder = folder
        self._site = site

    def write(self, blocks: Iterable[list[bytes]], progress: Callable[[int], None] | None) -> bytes:
        """Write all, and return the root."""
        file = self._file
        file.seek(HEAD)
        # What stands behind the leaves waits for their number to be known.
        with TemporaryFile(dir=self._folder) as hashes, TemporaryFile(dir=self._folder) as runs:
            size = self._leaves(hashes, runs, blocks, progress)
            hashes.seek(0)
            while block := hashes.read(NODE * _BLOCK):
                file.write(block)
            starts = level_starts(size)
            for start, count in zip(starts[:-1], level_sizes(size), strict=False):
                self._level(start, count)
            file.seek(starts[-1])
            root = file.read(NODE)
            self._order(runs, size)
        file.seek(0)
        file.write(Head(site=self._site, size=size, root=root).dump())
        return root

    def _leaves(
        self,
        hashes: BinaryIO,
        runs: BinaryIO,
        blocks: Iterable[list[bytes]],
        progress: Callable[[int], None] | None,
    ) -> int:
        prefix, size = self._site.prefix, 0
        keys: list[bytes] = []
        for block in blocks:
            if size + len(block) > MOST_LEAVES:
                raise AnchorTooLarge(limit=MOST_LEAVES)
            self._file.write(b"".join(block))
            hashes.write(b"".join(leaf_hashes(prefix, block)))
            keys += _keys(block, size)
            size += len(block)
            if len(keys) >= _RUN:
                runs.write(_sorted(keys))
                keys = []
            if progress is not None:
                progress(size)
        if not size:
            raise AnchorTooLarge(limit=MOST_LEAVES)
        runs.write(_sorted(keys))
        return size

    def _level(self, start: int, count: int) -> None:
        """Write the level above the one of `count` nodes that begins at `start`."""
        file = self._file
        reading, writing = start, start + NODE * count
        end = writing
        while reading < end:
            file.seek(reading)
            block = file.read(min(2 * NODE * _BLOCK, end - reading))
            reading += len(block)
            nodes = above(block)
            file.seek(writing)
            file.write(b"".join(nodes))
            writing += NODE * len(nodes)

    def _order(self, runs: BinaryIO, size: int) -> None:
        """Write the numbers of the leaves in the order of their keys; raises `LeafTwice`."""
        count = -(-size // _RUN)
        share = max(1, _RUN // count)
        parts = [
            _run(runs, start, min(start + _RUN, size), share) for start in range(0, size, _RUN)
        ]
        last = b""
        for keys in _merged(parts):
            _require_distinct([last, *keys])
            last = keys[-1]
            self._file.write(b"".join([key[_NAME:] for key in keys]))


def _blocks(
    registrations: Iterable[Register], check: Callable[[Register], object] | None
) -> Iterator[list[bytes]]:
    """Yield the bytes of registrations, a block at a time."""
    rest = iter(registrations)
    while block := raw_registrations(islice(rest, _BLOCK), check):
        yield block


def _keys(block: Sequence[bytes], first: int) -> list[bytes]:
    return [
        raw[:_DIGESTS] + raw[SALT] + number.to_bytes(ENTRY)
        for number, raw in enumerate(block, first)
    ]


def _sorted(keys: list[bytes]) -> bytes:
    keys.sort()
    return b"".join(keys)


def _run(runs: BinaryIO, start: int, end: int, share: int) -> Iterator[list[bytes]]:
    """Yield the keys of a sorted run, a share of them at a time."""
    for at in range(start, end, share):
        runs.seek(_KEY * at)
        block = runs.read(_KEY * (min(at + share, end) - at))
        yield [block[place : place + _KEY] for place in range(0, len(block), _KEY)]


def _merged(parts: Iterable[Iterator[list[bytes]]]) -> Iterator[list[bytes]]:
    """Yield the keys of sorted runs in their order, as many at a time as are sure to come next."""
    heads = [(keys, rest) for rest in parts if (keys := next(rest, _NONE))]
    while heads:
        # Whatever is still to be read of a run is greater than what was read of it.
        bound = min(keys[-1] for keys, _ in heads)
        sure: list[bytes] = []
        later = []
        for keys, rest in heads:
            cut = bisect_right(keys, bound)
            sure += keys[:cut]
            if left := keys[cut:] or next(rest, _NONE):
                later.append((left, rest))
        # Sorting merges the runs that are in it.
        sure.sort()
        yield sure
        heads = later


def _require_distinct(keys: Sequence[bytes]) -> None:
    names = [key[:_NAME] for key in keys]
    if len(set(names)) == len(names):
        return
    for name, key, before in zip(names[1:], keys[1:], keys, strict=False):
        if name == before[:_NAME]:
            raise LeafTwice(
                first=int.from_bytes(before[_NAME:]) + 1, second=int.from_bytes(key[_NAME:]) + 1
            )
