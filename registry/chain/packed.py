"""Hold the logs of a large receipt in little room until they are read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.chain.wire import Json

_QUICK: Final = 1


class PackedLogs(Sequence["Json"]):
    """Hold logs as a node gave them, packed; each reading unpacks all of them.

    As objects they take some twenty times as much, and hundreds of receipts may wait at a time.
    """

    __slots__ = ("_count", "_packed")

    def __init__(self, logs: Sequence[Json]) -> None:
        """Pack logs."""
        text = json.dumps(list(logs), separators=(",", ":"))
        self._count, self._packed = len(logs), zlib.compress(text.encode(), _QUICK)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Json]:
        return iter(self._unpacked())

    @overload
    def __getitem__(self, place: int) -> Json: ...
    @overload
    def __getitem__(self, place: slice) -> list[Json]: ...
    def __getitem__(self, place: int | slice) -> Json | list[Json]:
        return self._unpacked()[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(self._packed)

    def _unpacked(self) -> list[Json]:
        found: list[Json] = json.loads(zlib.decompress(self._packed))
        return found
