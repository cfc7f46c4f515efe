"""Keep values by block, so that any past block can be read and a refused write leaves nothing."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")


class History:
    """The block that is being built, and how to undo what was written into it."""

    __slots__ = ("_undo", "block")

    def __init__(self) -> None:
        self.block = 0
        self._undo: list[Callable[[], None]] = []

    def begin(self, block: int) -> None:
        """Start writing into `block`, which is not below any earlier one."""
        self.block = block
        self._undo.clear()

    def rollback(self) -> None:
        """Undo everything written since `begin`, the latest first."""
        while self._undo:
            self._undo.pop()()

    def record(self, undo: Callable[[], None]) -> None:
        """Remember how to undo one write."""
        self._undo.append(undo)


class Timeline(Generic[K, V]):
    """A mapping whose every value is kept with the block that wrote it.

    A key that was never written reads as `default`, as a storage slot reads as zero.
    """

    __slots__ = ("_default", "_history", "_kept")

    def __init__(self, history: History, default: V) -> None:
        self._history = history
        self._default = default
        self._kept: dict[K, tuple[list[int], list[V]]] = {}

    def get(self, key: K, block: int | None = None) -> V:
        """Return the value as of the end of `block`, or the newest one."""
        kept = self._kept.get(key)
        if kept is None:
            return self._default
        blocks, values = kept
        if block is None:
            return values[-1]
        place = bisect_right(blocks, block)
        return values[place - 1] if place else self._default

    def set(self, key: K, value: V) -> None:
        """Write a value into the block that is being built."""
        if key not in self._kept:
            self._kept[key] = ([], [])
            self._history.record(lambda: self._drop(key))
        blocks, values = self._kept[key]
        blocks.append(self._history.block)
        values.append(value)
        self._history.record(lambda: self._pop(key))

    def _pop(self, key: K) -> None:
        blocks, values = self._kept[key]
        blocks.pop()
        values.pop()

    def _drop(self, key: K) -> None:
        del self._kept[key]
