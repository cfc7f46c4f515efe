"""Rebuild the words of the registry of derivations, and what they change of products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.layout import variable
from registry.domain.lineage import Derivation
from registry.domain.lineage_events import ProductDerived, SourceUsed
from registry.domain.replay_intervals import happened
from registry.domain.replay_products import HEADS

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.events import Event
    from registry.domain.replayed import Book

DERIVATIONS: Final = variable("Lineage", "derivations")


def _derived(book: Book, event: ProductDerived) -> None:
    """Keep the digest; with its first version a product is confined to the purposes declared."""
    made = Derivation(
        product=event.product,
        version=event.version,
        by=event.by,
        time=happened(event),
        activity=event.activity,
        purposes=event.purposes,
        method=event.method if any(event.method) else None,
        agents=event.agents,
        sources=event.sources,
        block=event.block,
        transaction=event.transaction,
    )
    book.write(DERIVATIONS, event.product, event.version, word=made.digest())
    head = {"derived": 1}
    if event.version == 1:
        head["purposes"] = int(event.purposes)
    book.change(HEADS, event.product, fields=head)


def _used(book: Book, event: SourceUsed) -> None:
    """Change nothing: the digest of the derivation holds its sources."""
    del book, event


HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    ProductDerived: _derived,
    SourceUsed: _used,
}
"""What each event of the registry of derivations does to the words."""
