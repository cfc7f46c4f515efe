"""Refuse to anchor what could never be promoted: the contracts would refuse it only then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.anchor_leaves import Leaf
from registry.domain.particulars import packed
from registry.domain.product import ParticularFlag, Profile, within_source
from registry.domain.vocabulary import Right, Source
from registry.errors import LeafListed

if TYPE_CHECKING:
    from registry.domain.anchor_leaves import Site
    from registry.domain.operations import Register

_NO_DIGEST: Final = bytes(32)


def require_promotable(item: Register, site: Site) -> None:
    """Raise the contracts' error for a registration that none can promote, or `LeafListed`."""
    from registry import reverts  # noqa: PLC0415 (start-up: seldom raised)

    if item.listed:
        raise LeafListed(content_root="0x" + item.content_root.hex())
    if item.content_root == _NO_DIGEST:
        raise reverts.ContentRootMissing(metadata_hash=item.metadata_hash)
    if item.rights > Right.ALL or not item.rights & Right.HOLD:
        raise reverts.ParticularsInvalid(particulars=packed(item))
    if item.flags & ParticularFlag.RAW_PUBLIC:
        raise reverts.ProfileUnfit(profile=Profile.OPEN, particulars=packed(item))
    if not within_source(item.source, item.flags, item.rights):
        raise reverts.RightsBeyondSource(source=item.source, rights=item.rights)
    if item.source is Source.DERIVED:
        raise reverts.DerivationMissing(product=site.product(Leaf.of(item)), version=1)
