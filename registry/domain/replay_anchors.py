"""Rebuild the words of the registry of anchors, and what they change of products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.anchor_events import BatchAnchored, LeafPromoted
from registry.domain.layout import variable
from registry.domain.replay_intervals import happened
from registry.domain.replay_products import backdated

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.events import Event
    from registry.domain.replayed import Book

ANCHORS: Final = variable("BatchAnchor", "anchors")


def _anchored(book: Book, event: BatchAnchored) -> None:
    fields = {"since": happened(event), "leaves": event.leaves}
    book.put(ANCHORS, int(event.by), event.root, **fields)


def _promoted(book: Book, event: LeafPromoted) -> None:
    """Give the product that was registered just before the time of the anchor, which must be it."""
    kept = book.fields(ANCHORS, int(event.by), event.root)
    if kept["since"] != event.since or not event.index < kept["leaves"]:
        raise ValueError(f"no anchor since {event.since} has a leaf {event.index}")
    backdated(book, event.product, event.since)


HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    BatchAnchored: _anchored,
    LeafPromoted: _promoted,
}
"""What each event of the registry of anchors does to the words."""
