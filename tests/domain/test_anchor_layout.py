"""The archive of an anchor, byte for byte as its page says, read without the reader."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from registry.domain.anchor_layout import index_start, whole_length
from registry.domain.anchor_leaves import Leaf, Site
from registry.domain.anchor_writing import write_archive
from registry.domain.ids import Address, PartyId
from registry.domain.operations import Register

if TYPE_CHECKING:
    from pathlib import Path

SITE = Site(chain_id=31337, registry=Address(bytes(range(20))), party=PartyId(bytes(range(8))))
NODES = {1: 1, 2: 3, 3: 6, 5: 11}
"""How many nodes the tree over so many leaves has: each level pairs those of the one below."""


@pytest.mark.parametrize("count", NODES)
def test_an_archive_is_as_long_as_its_parts(tmp_path: Path, count: int) -> None:
    """Head 1,024 bytes, 96 for a leaf, 32 for a node, and at the end 4 for a leaf's number."""
    rows = [
        Register(content_root=sha256(bytes((n,))).digest(), metadata_hash=bytes(32), salt=n)
        for n in range(count)
    ]
    raw = write_archive(tmp_path, SITE, iter(rows)).read_bytes()
    start = 1_024 + 96 * count + 32 * NODES[count]
    assert index_start(count) == start
    assert whole_length(count) == len(raw) == start + 4 * count
    order = [int.from_bytes(raw[at : at + 4]) for at in range(start, len(raw), 4)]
    assert order == sorted(range(count), key=lambda n: rows[n].content_root)
    leaves = [Leaf.parse(raw[at : at + 96]) for at in range(1_024, 1_024 + 96 * count, 96)]
    assert [leaf.registration for leaf in leaves] == rows
