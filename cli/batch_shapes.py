"""Give anchors, their archives and their leaves their JSON shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli import shapes
from cli.shapes import Shape
from registry.domain.words import names

if TYPE_CHECKING:
    from registry.domain.anchor_proof import AnchorProof
    from registry.services.anchors import Anchoring, Kept, Promoted, Standing

NO_LEAF: Final[Shape] = {
    **dict.fromkeys(("index", "product", "content_root", "metadata_hash", "security_class")),
    **dict.fromkeys(("source", "salt", "promoted", "content_checked", "at")),
    "rights": [],
}
"""What stands in place of a leaf where an archive is told of."""


def anchored_shape(value: Anchoring) -> Shape:
    """Shape what anchoring came to."""
    found = value.anchored
    return {
        "root": "0x" + found.root.hex(),
        "party": str(found.party),
        "since": shapes.time(found.since),
        "leaves": found.leaves,
        "already": value.already,
        "file": str(value.archive),
        "receipt": shapes.receipt(value.receipt),
    }


def kept_shape(value: Kept) -> Shape:
    """Shape an archive; without a time its root is not anchored on this ledger."""
    return {
        "root": "0x" + value.root.hex(),
        "party": str(value.site.party),
        "since": None if value.anchored is None else shapes.time(value.anchored.since),
        "leaves": value.leaves,
        "file": str(value.path),
    }


def leaf_shape(proof: AnchorProof) -> Shape:
    """Shape a leaf: what it registers, and where it stands."""
    item = proof.proven.leaf.registration
    return {
        "root": "0x" + proof.root.hex(),
        "party": str(proof.site.party),
        "leaves": proof.leaves,
        "index": proof.proven.index,
        "product": str(proof.product),
        "content_root": "0x" + item.content_root.hex(),
        "metadata_hash": "0x" + item.metadata_hash.hex(),
        "rights": names(item.rights),
        "security_class": item.security_class.name,
        "source": item.source.name,
        "salt": str(item.salt),
    }


def promoted_shape(value: Promoted) -> Shape:
    """Shape what became of a leaf."""
    return {
        "index": value.index,
        "product": str(value.product),
        "already": value.receipt is None,
        "receipt": shapes.receipt(value.receipt),
    }


def standing_shape(value: Standing) -> Shape:
    """Shape an anchored leaf that a content was found as."""
    return {
        "root": "0x" + value.anchored.root.hex(),
        "party": str(value.anchored.party),
        "since": shapes.time(value.anchored.since),
        "index": value.proof.proven.index,
        "product": str(value.proof.product),
    }
