"""Mirror the events of the lineage one to one: same names, fields in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.events import Event
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.lineage import Source
    from registry.domain.vocabulary import Activity, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDerived(Event):
    """What a version of a product was made of; `method` is 32 bytes, all zero for none."""

    product: ProductId
    by: PartyId
    version: int
    activity: Activity
    purposes: Purpose
    method: bytes
    agents: tuple[PartyId, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUsed(Event):
    """A version of a product became a source of another; `grant` is None for one's own."""

    unindexed = frozenset({"grant"})

    source: ProductId
    product: ProductId
    source_version: int
    version: int
    grant: GrantId | None


LINEAGE_EVENTS: Final[tuple[type[Event], ...]] = (ProductDerived, SourceUsed)
"""Every kind of event of the lineage."""
