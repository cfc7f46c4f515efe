"""Go on with a list after one of its items."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from registry.errors import CursorUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


def beyond(items: Iterator[T], after: T | None) -> Iterator[T]:
    """Return what follows `after`, everything for None; raises `CursorUnknown`."""
    if after is None:
        return items
    for one in items:
        if one == after:
            return items
    raise CursorUnknown(after=str(after))
