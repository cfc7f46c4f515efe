"""Go through lists: on from one of their items, and in parts that are asked about at once."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from registry.errors import CursorUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

_FIRST: Final = 10
_MOST: Final = 250


def beyond(items: Iterator[T], after: T | None) -> Iterator[T]:
    """Return what follows `after`, everything for None; raises `CursorUnknown`."""
    if after is None:
        return items
    for one in items:
        if one == after:
            return items
    raise CursorUnknown(after=str(after))


def parts(items: Iterator[T]) -> Iterator[list[T]]:
    """Yield items in parts that grow: who wants few waits for few, who wants all asks seldom."""
    size = _FIRST
    while part := list(islice(items, size)):
        yield part
        size = min(2 * size, _MOST)
