"""Lay out the archive of an anchor: what stands where in the file, by arithmetic alone.

The file begins with one block of 1,024 bytes: a line of canonical JSON that says whose anchor it is
of which registry, padded with spaces. Then come the leaves, 96 bytes each (content root, metadata
hash, particulars), then the levels of the tree from the leaves' hashes to the root, 32 bytes a
node; a level pairs the nodes of the one below, and a last node without a neighbour is carried up as
it is. At the end stand the numbers of the leaves, 4 bytes each, in the order of content root,
metadata hash and salt, so that a content root is found by halving.
"""

from __future__ import annotations

from typing import Final, Self

from registry.domain.anchor_leaves import LEAF, MOST_LEAVES, NODE, Site, level_sizes
from registry.domain.ids import Address, PartyId
from registry.domain.nesting import is_deep
from registry.records import dataclass

FORMAT: Final = "dengji-anchor/1"
SUFFIX: Final = ".anchor"
HEAD: Final = 1024
ENTRY: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Hold what the head of an archive says: whose it is, its number of leaves, its root."""

    site: Site
    size: int
    root: bytes

    def dump(self) -> bytes:
        """Return the block."""
        # Imported here for start-up time.
        import rfc8785  # noqa: PLC0415

        said: dict[str, str | int] = {
            "format": FORMAT,
            "chainId": str(self.site.chain_id),
            "registry": str(self.site.registry),
            "party": str(self.site.party),
            "leaves": self.size,
            "root": self.root.hex(),
        }
        return rfc8785.dumps(said).ljust(HEAD - 1) + b"\n"

    @classmethod
    def load(cls, block: bytes) -> Self:
        """Read the block; raises ValueError, KeyError or TypeError where it is none."""
        import json  # noqa: PLC0415 (start-up time)

        if is_deep(block, 1):
            raise ValueError("the head of an anchor's archive is one object")
        said = json.loads(block)
        if type(said["leaves"]) is not int or type(said["chainId"]) is not str:
            raise TypeError("leaves and chainId")
        site = Site(
            chain_id=int(said["chainId"]),
            registry=Address.parse(said["registry"]),
            party=PartyId.parse(said["party"]),
        )
        head = cls(site=site, size=int(said["leaves"]), root=bytes.fromhex(said["root"]))
        if not 0 < head.size <= MOST_LEAVES or block != head.dump():
            raise ValueError(said["format"])
        return head


def level_starts(size: int) -> list[int]:
    """Return where each level begins, the leaves' hashes first and the root last."""
    starts = [HEAD + LEAF * size]
    for count in level_sizes(size)[:-1]:
        starts.append(starts[-1] + NODE * count)
    return starts


def index_start(size: int) -> int:
    """Return where the numbers of the leaves begin."""
    return level_starts(size)[-1] + NODE


def whole_length(size: int) -> int:
    """Return how long the file is."""
    return index_start(size) + ENTRY * size
