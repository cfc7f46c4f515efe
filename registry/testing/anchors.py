"""Keep anchored roots as `BatchAnchor` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import reverts
from registry.domain.anchor import Anchored
from registry.domain.anchor_events import BatchAnchored, LeafPromoted
from registry.domain.anchor_leaves import MOST_LEAVES, Leaf, Site
from registry.domain.merkle import root_from_proof
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from registry.domain.anchor_operations import Anchor, Promote
    from registry.domain.ids import Address, PartyId
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.products import ProductBook
    from registry.testing.writing import Writing


class AnchorBook:
    """Hold what parties anchored."""

    def __init__(
        self,
        history: History,
        parties: PartyBook,
        products: ProductBook,
        *,
        chain_id: int,
        registry: Address,
    ) -> None:
        """Take where the registry of products is, which every leaf says."""
        self._parties = parties
        self._products = products
        self._chain_id = chain_id
        self._registry = registry
        self._anchors: Timeline[tuple[PartyId, bytes], Anchored | None] = Timeline(history, None)

    def anchor(self, now: Writing, operation: Anchor) -> None:
        """Anchor a root."""
        by, root, leaves = self._parties.writer(now.sender), operation.root, operation.leaves
        if not 0 < leaves <= MOST_LEAVES:
            raise reverts.LeavesOutOfRange(leaves=leaves, most=MOST_LEAVES)
        before = self.anchored(by, root)
        if before is not None:
            raise reverts.AnchorTaken(by=by, root=root, since=before.since)
        kept = Anchored(party=by, root=root, since=now.time, leaves=leaves)
        self._anchors.set((by, root), kept)
        now.emit(BatchAnchored(**now.place, by=by, root=root, leaves=leaves))

    def promote(self, now: Writing, operation: Promote) -> None:
        """Make a product of a leaf."""
        by, root, item = self._parties.writer(now.sender), operation.root, operation.registration
        kept = self.anchored(by, root)
        if kept is None:
            raise reverts.AnchorUnknown(by=by, root=root)
        leaf = Site(chain_id=self._chain_id, registry=self._registry, party=by).leaf_hash(
            Leaf(
                content_root=item.content_root,
                metadata_hash=item.metadata_hash,
                particulars=item.particulars,
            )
        )
        index, proof = operation.index, operation.proof
        if root_from_proof(leaf, index, kept.leaves, proof) != root:
            raise reverts.LeafUnproven(root=root, leaf=leaf, index=index)
        product = self._products.promote(now, by, item, kept.since)
        now.emit(
            LeafPromoted(
                **now.place, product=product, by=by, root=root, index=index, since=kept.since
            )
        )

    def anchored(self, party: PartyId, root: bytes, block: int | None = None) -> Anchored | None:
        """Return what is kept of a root that a party anchored, as of a block."""
        return self._anchors.get((party, root), block)
