"""Say what a party wants written about anchors, as values that any ledger carries out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.operations import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Anchor the root (32 bytes) of a tree of so many registrations, 1 to 2**20 of them."""

    root: bytes
    leaves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote:
    """Make a product of the leaf `index` of a root that one's party anchored.

    The product's record and its claim say the time of the anchor. `proof` are the leaf's siblings
    from the lowest to the highest, 32 bytes each. A registration with a series or a locator is no
    leaf.
    """

    root: bytes
    index: int
    registration: Register
    proof: tuple[bytes, ...]


AnchorOperation: TypeAlias = Anchor | Promote
"""Anything that can be written about anchors."""
