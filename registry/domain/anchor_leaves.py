"""Make the leaves of an anchor of registrations, and of leaves the levels of their tree.

A leaf is SHA-256(0x00 ‖ chain id ‖ registry ‖ party ‖ content root ‖ metadata hash ‖ particulars),
each a word of 32 bytes: `BatchAnchor.leafOf` is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.keccak import keccak
from registry.domain.merkle import root_from_proof, sha256
from registry.domain.particulars import LEAF, SALT, raw_registrations, registration
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.operations import Register

MOST_LEAVES: Final = 1 << 20
"""How many registrations one anchor can be of."""

NODE: Final = 32
_DIGESTS: Final = 64
_NO_SALT: Final = bytes(24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Hold what one leaf registers: two 32-byte digests and the particulars as one number."""

    content_root: bytes
    metadata_hash: bytes
    particulars: int

    @property
    def raw(self) -> bytes:
        """Return its 96 bytes."""
        return self.content_root + self.metadata_hash + self.particulars.to_bytes(32)

    @property
    def registration(self) -> Register:
        """Return what it registers; raises ValueError where a bit has no meaning."""
        return registration(self.raw)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the 96 bytes of a leaf."""
        return cls(
            content_root=raw[:32],
            metadata_hash=raw[32:64],
            particulars=int.from_bytes(raw[64:]),
        )

    @classmethod
    def of(cls, item: Register) -> Self:
        """Return the leaf of a registration; raises ValueError where a field does not fit."""
        return cls.parse(raw_registrations([item])[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Say where the leaves of an anchor are registrations of whom."""

    chain_id: int
    registry: Address
    party: PartyId

    @property
    def prefix(self) -> bytes:
        """Return what each leaf's data begins with: 0x00 and three words."""
        words = (self.chain_id, int.from_bytes(self.registry.raw), int.from_bytes(self.party.raw))
        return b"\0" + b"".join(word.to_bytes(32) for word in words)

    def leaf_hash(self, leaf: Leaf) -> bytes:
        """Return the hash of a leaf, 32 bytes."""
        return sha256(self.prefix + leaf.raw).digest()

    def product(self, leaf: Leaf) -> ProductId:
        """Return the product that a leaf becomes when it is promoted."""
        return ProductId(self.products([leaf.raw])[0])

    def products(self, leaves: Sequence[bytes]) -> list[bytes]:
        """Return the 20 bytes of the product of each leaf, which are given as 96 bytes each."""
        words = self.prefix[1:]
        return [
            keccak(words + raw[:_DIGESTS] + _NO_SALT + raw[SALT])[: ProductId.length]
            for raw in leaves
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Hold a leaf, its place, and its siblings from the lowest to the highest, 32 bytes each."""

    index: int
    leaf: Leaf
    proof: tuple[bytes, ...]

    def root(self, site: Site, size: int) -> bytes | None:
        """Return the root that the proof leads to in a tree of `size`, None where it fits none."""
        return root_from_proof(site.leaf_hash(self.leaf), self.index, size, self.proof)


def leaf_hashes(prefix: bytes, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes of leaves, given as 96 bytes each and what their data begins with."""
    first = sha256(prefix)
    hashes = []
    for raw in leaves:
        # The prefix fills a block of the hash, which is worked through once.
        one = first.copy()
        one.update(raw)
        hashes.append(one.digest())
    return hashes


def above(block: bytes) -> list[bytes]:
    """Return the nodes above a run of neighbouring ones; a last one alone is carried up."""
    pairs = range(0, len(block) - NODE, 2 * NODE)
    nodes = [sha256(b"\x01" + block[at : at + 2 * NODE]).digest() for at in pairs]
    if len(block) // NODE & 1:
        nodes.append(block[-NODE:])
    return nodes


def level_sizes(size: int) -> list[int]:
    """Return how many nodes each level has, from the leaves to the root."""
    counts = [size]
    while counts[-1] > 1:
        counts.append((counts[-1] + 1) // 2)
    return counts


__all__ = [
    "LEAF",
    "MOST_LEAVES",
    "NODE",
    "Leaf",
    "Proven",
    "Site",
    "above",
    "leaf_hashes",
    "level_sizes",
]
