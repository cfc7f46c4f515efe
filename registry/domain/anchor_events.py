"""Mirror the events of the anchors one to one: same names, fields in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.events import Event
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import PartyId, ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnchored(Event):
    """A party anchored a root over so many registrations."""

    by: PartyId
    root: bytes
    leaves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafPromoted(Event):
    """A leaf became a product, whose record and first claim say the anchor's time, `since`.

    The `ProductRegistered` before it, in the same transaction, says what the product is.
    """

    product: ProductId
    by: PartyId
    root: bytes
    index: int
    since: int


ANCHOR_EVENTS: Final[tuple[type[Event], ...]] = (BatchAnchored, LeafPromoted)
"""Every kind of event of the anchors."""
