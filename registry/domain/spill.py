"""Sort more byte strings than memory should hold.

Runs of bounded size are sorted in memory and spilled to a temporary file, then merged. Up to one
run, nothing touches the disk.
"""

from __future__ import annotations

import heapq
import struct
import tempfile
from typing import IO, TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RUN_LENGTH: Final = 65_536
_BUFFER: Final = 1 << 16
_LENGTH: Final = struct.Struct("<I")


class SpillingSorter:
    """Take byte strings in any order and give them back ascending, as `sorted()` would.

    Use it as a context manager: leaving it deletes the temporary files. It holds `run_length`
    strings in memory, and one for each spilled run while merging.
    """

    __slots__ = ("_current", "_run_length", "_runs")

    def __init__(self, run_length: int = RUN_LENGTH) -> None:
        self._run_length = run_length
        self._current: list[bytes] = []
        self._runs: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything and delete the temporary files."""
        self._current = []
        while self._runs:
            self._runs.pop().close()

    def add(self, item: bytes) -> None:
        """Take one byte string."""
        self._current.append(item)
        if len(self._current) >= self._run_length:
            self._spill()

    def extend(self, items: Iterable[bytes]) -> None:
        """Take many byte strings."""
        for item in items:
            self.add(item)

    def __iter__(self) -> Iterator[bytes]:
        self._current.sort()
        if not self._runs:
            return iter(self._current)
        return heapq.merge(self._current, *map(_read_run, self._runs))

    def _spill(self) -> None:
        self._current.sort()
        run = tempfile.TemporaryFile(buffering=_BUFFER)  # noqa: SIM115 - closed by close()
        self._runs.append(run)
        for item in self._current:
            run.write(_LENGTH.pack(len(item)))
            run.write(item)
        self._current = []


def _read_run(run: IO[bytes]) -> Iterator[bytes]:
    """Yield the strings of a spilled run from its beginning."""
    run.seek(0)
    while head := run.read(_LENGTH.size):
        yield run.read(_LENGTH.unpack(head)[0])
