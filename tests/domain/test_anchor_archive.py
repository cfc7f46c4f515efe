"""The archive of an anchor: any leaf is proved from one file, and a damaged file is told."""

from __future__ import annotations

import tracemalloc
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain import anchor_archive
from registry.domain.anchor_archive import AnchorArchive, Leaf, Site, write_archive
from registry.domain.ids import Address, PartyId
from registry.domain.merkle import root_from_proof, root_of_hashes
from registry.errors import AnchorArchiveDamaged, AnchorTooLarge, FileUnreadable, LeafUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = Site(
    chain_id=31337,
    registry=Address(bytes(range(20))),
    party=PartyId(bytes(range(8))),
)


def leaf(number: int) -> Leaf:
    """Return one leaf of its own for each number."""
    digest = sha256(number.to_bytes(8)).digest()
    return Leaf(
        content_root=digest,
        metadata_hash=sha256(digest).digest(),
        particulars=number << 16 | 0x700,
    )


def leaves(count: int) -> Iterator[Leaf]:
    """Yield that many leaves."""
    return map(leaf, range(count))


@settings(max_examples=40, deadline=None)
@given(size=st.integers(1, 200), data=st.data())
def test_every_leaf_is_proved_to_the_root_of_the_tree(
    tmp_path_factory: pytest.TempPathFactory, size: int, data: st.DataObject
) -> None:
    """The archive's root is that of RFC 6962 over the leaves, and each proof leads to it."""
    path = tmp_path_factory.mktemp("anchor") / "one.anchor"
    root = write_archive(path, SITE, leaves(size))
    assert root == root_of_hashes(SITE.leaf_hash(one) for one in leaves(size))
    index = data.draw(st.integers(0, size - 1))
    with AnchorArchive(path) as archive:
        assert (archive.root, archive.size, archive.site) == (root, size, SITE)
        proven = archive.prove(index)
        assert proven.leaf == leaf(index)
        reached = root_from_proof(SITE.leaf_hash(proven.leaf), index, size, proven.proof)
        assert reached == root
        assert list(archive.leaves()) == list(leaves(size))


@pytest.mark.parametrize("size", [4095, 4096, 4097, 8193, 20_000])
def test_trees_larger_than_a_block_are_the_same_trees(tmp_path: Path, size: int) -> None:
    """Levels that are written block by block pair the same nodes."""
    root = write_archive(tmp_path / "a", SITE, leaves(size))
    assert root == root_of_hashes(SITE.leaf_hash(one) for one in leaves(size))
    with AnchorArchive(tmp_path / "a") as archive:
        for index in (0, 1, size // 2, size - 2, size - 1):
            proven = archive.prove(index)
            node = SITE.leaf_hash(proven.leaf)
            assert root_from_proof(node, index, size, proven.proof) == root


def test_a_leaf_is_found_by_its_content_and_its_product(tmp_path: Path) -> None:
    """Content may stand in several leaves; a product is one leaf."""
    twin = Leaf(content_root=leaf(3).content_root, metadata_hash=bytes(32), particulars=0x100)
    write_archive(tmp_path / "a", SITE, [*leaves(10), twin])
    with AnchorArchive(tmp_path / "a") as archive:
        assert list(archive.find(leaf(3).content_root)) == [3, 10]
        assert list(archive.find(leaf(3).metadata_hash)) == []
        assert archive.find_product(SITE.product(leaf(7))) == 7
        with pytest.raises(LeafUnknown):
            archive.find_product(SITE.product(leaf(11)))


@pytest.mark.parametrize("index", [-1, 10, 2**40])
def test_an_index_without_a_leaf_is_refused(tmp_path: Path, index: int) -> None:
    """Nothing is proved of a leaf that is not there."""
    write_archive(tmp_path / "a", SITE, leaves(10))
    with AnchorArchive(tmp_path / "a") as archive, pytest.raises(LeafUnknown) as refused:
        archive.prove(index)
    assert refused.value.wanted == str(index)


def test_too_many_leaves_or_none_leave_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An anchor is of one registration up to its limit, and what fails leaves nothing behind."""
    with pytest.raises(AnchorTooLarge):
        write_archive(tmp_path / "a", SITE, [])
    monkeypatch.setattr(anchor_archive, "MOST_LEAVES", 100)
    with pytest.raises(AnchorTooLarge) as refused:
        write_archive(tmp_path / "a", SITE, leaves(101))
    assert refused.value.limit == 100
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    """A file that is shorter, longer, of another size or root, or something else, is refused."""
    path = tmp_path / "a"
    write_archive(path, SITE, leaves(10))
    whole = path.read_bytes()
    head, rest = whole[:1024], whole[1024:]
    broken = {
        "empty": b"",
        "text": b"not an archive",
        "shorter": whole[:-1],
        "longer": whole + b"\0",
        "root": whole[:-1] + bytes([whole[-1] ^ 1]),
        "size": head.replace(b'"leaves":10', b'"leaves":11') + rest,
        "format": head.replace(b"anchor/1", b"anchor/2") + rest,
        "spelling": head.replace(b'"chainId":"31337"', b'"chainId":"031337"')[:1024] + rest,
        "list": b"[]".ljust(1023) + b"\n" + rest,
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(AnchorArchiveDamaged):
            AnchorArchive(tmp_path / name)
    with pytest.raises(FileUnreadable):
        AnchorArchive(tmp_path / "absent")


def test_a_changed_leaf_no_longer_leads_to_the_root(tmp_path: Path) -> None:
    """Whoever alters a leaf in the file alters no anchor: its proof fails."""
    path = tmp_path / "a"
    root = write_archive(path, SITE, leaves(10))
    content = bytearray(path.read_bytes())
    content[1024 + 96 * 4] ^= 1
    path.write_bytes(content)
    with AnchorArchive(path) as archive:
        proven = archive.prove(4)
    assert root_from_proof(SITE.leaf_hash(proven.leaf), 4, 10, proven.proof) != root


def test_writing_takes_the_memory_of_a_few_blocks(tmp_path: Path) -> None:
    """Ten times the leaves take no more memory."""

    def peak(count: int) -> int:
        tracemalloc.start()
        write_archive(tmp_path / str(count), SITE, leaves(count))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(80_000) < 1.1 * peak(16_000)


def test_progress_tells_the_leaves_written(tmp_path: Path) -> None:
    """Progress comes block by block and ends with the number of leaves."""
    told: list[int] = []
    write_archive(tmp_path / "a", SITE, islice(leaves(10_000), 9000), progress=told.append)
    assert told == [4096, 8192, 9000]
