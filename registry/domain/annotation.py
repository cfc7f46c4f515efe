"""Describe what is noted on a product beside its registration, as the ledger keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.vocabulary import AnnotationKind, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Hold one annotation of a product; `until` is None while it stands, times in seconds.

    `evidence` is the first 12 bytes of the digest of the document it rests on; the event that made
    it has all 32.
    """

    product: ProductId
    index: int
    kind: AnnotationKind
    by: PartyId
    reason: Reason
    evidence: bytes
    since: int
    until: int | None = None

    @property
    def stands(self) -> bool:
        """Tell whether it has not been released."""
        return self.until is None
