"""The archive of an anchor: any leaf is proved from one file, and a damaged file is told."""

from __future__ import annotations

import os
import tracemalloc
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain import anchor_writing
from registry.domain.anchor_archive import AnchorArchive, is_archive
from registry.domain.anchor_leaves import Leaf, Site
from registry.domain.anchor_writing import write_archive
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.merkle import root_of_hashes
from registry.domain.operations import Register
from registry.errors import (
    AnchorArchiveDamaged,
    AnchorTooLarge,
    FileUnreadable,
    LeafTwice,
    LeafUnknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = Site(
    chain_id=31337,
    registry=Address(bytes(range(20))),
    party=PartyId(bytes(range(8))),
)


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no disk: no power fails here, and one test alone asks what is waited for."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def item(number: int) -> Register:
    """Return one registration of its own for each number."""
    digest = sha256(number.to_bytes(8)).digest()
    return Register(
        content_root=digest, metadata_hash=sha256(digest).digest(), salt=number % 3 * number
    )


def items(count: int) -> Iterator[Register]:
    """Yield that many registrations."""
    return map(item, range(count))


def root_of(count: int) -> bytes:
    """Return the root over that many leaves, by the plain construction."""
    return root_of_hashes(SITE.leaf_hash(Leaf.of(one)) for one in items(count))


@settings(max_examples=40, deadline=None)
@given(size=st.integers(1, 200), data=st.data())
def test_every_leaf_is_proved_to_the_root_of_the_tree(
    tmp_path_factory: pytest.TempPathFactory, size: int, data: st.DataObject
) -> None:
    """The archive's root is that of RFC 6962 over the leaves, and each proof leads to it."""
    path = write_archive(tmp_path_factory.mktemp("anchor"), SITE, items(size))
    index = data.draw(st.integers(0, size - 1))
    with AnchorArchive(path) as archive:
        assert (archive.root, archive.size, archive.site) == (root_of(size), size, SITE)
        assert path.name == archive.root.hex() + ".anchor"
        proven = archive.prove(index)
        assert proven.leaf.registration == item(index)
        assert proven.root(SITE, size) == archive.root
        assert [leaf.registration for leaf in archive.leaves()] == list(items(size))
        archive.check()


@pytest.mark.parametrize("size", [4095, 4096, 4097, 8193, 20_000])
def test_trees_larger_than_a_block_are_the_same_trees(tmp_path: Path, size: int) -> None:
    """Levels that are written block by block pair the same nodes, and every content is found."""
    with AnchorArchive(write_archive(tmp_path, SITE, items(size))) as archive:
        assert archive.root == root_of(size)
        for index in (0, 1, size // 2, size - 2, size - 1):
            assert archive.prove(index).root(SITE, size) == archive.root
            assert list(archive.find(item(index).content_root)) == [index]
        archive.check()


def test_a_leaf_is_found_by_its_content_and_its_product(tmp_path: Path) -> None:
    """Content may stand in several leaves; a product is one leaf."""
    twin = Register(content_root=item(3).content_root, metadata_hash=bytes(32))
    with AnchorArchive(write_archive(tmp_path, SITE, [*items(10), twin])) as archive:
        assert sorted(archive.find(item(3).content_root)) == [3, 10]
        assert list(archive.find(item(3).metadata_hash)) == []
        assert list(archive.find(b"\xff" * 32)) == []
        for index in range(10):
            one = item(index)
            product = ProductId.derive(
                chain_id=SITE.chain_id,
                registry=SITE.registry,
                party=SITE.party,
                content_root=one.content_root,
                metadata_hash=one.metadata_hash,
                salt=one.salt,
            )
            assert SITE.product(Leaf.of(one)) == product
            assert archive.find_product(product) == index
        with pytest.raises(LeafUnknown):
            archive.find_product(SITE.product(Leaf.of(item(11))))


def test_proving_and_finding_read_little_of_a_large_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reads of a search and a proof grow with the logarithm of the leaves alone."""
    reads = 0

    read = os.pread

    def counting(descriptor: int, length: int, offset: int) -> bytes:
        nonlocal reads
        reads += 1
        return read(descriptor, length, offset)

    def counted(size: int) -> int:
        nonlocal reads
        with AnchorArchive(write_archive(tmp_path, SITE, items(size))) as archive:
            monkeypatch.setattr(os, "pread", counting)
            reads = 0
            (index,) = archive.find(item(size // 3).content_root)
            archive.prove(index)
        return reads

    # Each doubling costs one node of the proof and one step of the search, of two reads.
    assert counted(8192) - counted(1024) <= 3 * (1 + 2)
    assert counted(8192) < 60


@pytest.mark.parametrize(
    "said", ['"leaves":1e999', '"leaves":Infinity', '"leaves":7.0', '"leaves":"7"', "[" * 900, "1"]
)
def test_a_head_of_other_values_is_no_archive(tmp_path: Path, said: str) -> None:
    """Numbers without bounds, and brackets without end, are refused as any other damage is."""
    path = tmp_path / "given.anchor"
    written = write_archive(tmp_path, SITE, items(7)).read_bytes()
    head = (
        written[:1024].replace(b'"leaves":7', said.encode()) if "leaves" in said else said.encode()
    )
    path.write_bytes(head[:1023].rstrip().ljust(1023) + b"\n" + written[1024:])
    with pytest.raises(AnchorArchiveDamaged):
        AnchorArchive(path)


def test_an_archive_that_is_cut_short_meanwhile_is_damaged(tmp_path: Path) -> None:
    """Whoever truncates a file that is being read gets an error out of us, not the process down."""
    with AnchorArchive(write_archive(tmp_path, SITE, items(500))) as archive:
        os.truncate(archive.path, 1024)
        with pytest.raises(AnchorArchiveDamaged):
            archive.check()
        with pytest.raises(AnchorArchiveDamaged):
            archive.prove(3)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes into the pipe: it is refused at once."""
    pipe = tmp_path / "pipe.anchor"
    os.mkfifo(pipe)
    for read in (AnchorArchive, is_archive):
        with pytest.raises(FileUnreadable) as refused:
            read(pipe)
        assert refused.value.reason == "not-regular"


@pytest.mark.parametrize("index", [-1, 10, 2**40])
def test_an_index_without_a_leaf_is_refused(tmp_path: Path, index: int) -> None:
    """Nothing is proved of a leaf that is not there."""
    with (
        AnchorArchive(write_archive(tmp_path, SITE, items(10))) as archive,
        pytest.raises(LeafUnknown) as refused,
    ):
        archive.prove(index)
    assert refused.value.wanted == str(index)


def test_too_many_leaves_or_none_leave_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An anchor is of one registration up to its limit, and what fails leaves nothing behind."""
    with pytest.raises(AnchorTooLarge):
        write_archive(tmp_path, SITE, [])
    monkeypatch.setattr(anchor_writing, "MOST_LEAVES", 100)
    with pytest.raises(AnchorTooLarge) as refused:
        write_archive(tmp_path, SITE, items(101))
    assert refused.value.limit == 100
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("first", "second"), [(1, 2), (17, 9_000), (8_192, 8_193), (4_097, 9_500)])
def test_a_product_twice_is_refused_by_both_places(tmp_path: Path, first: int, second: int) -> None:
    """Two leaves of one product are refused however far apart, though they declare other rights."""
    rows = list(items(9_500))
    one = rows[first - 1]
    rows[second - 1] = Register(
        content_root=one.content_root,
        metadata_hash=one.metadata_hash,
        salt=one.salt,
        rights=type(one.rights)(1),
    )
    with pytest.raises(LeafTwice) as refused:
        write_archive(tmp_path, SITE, rows)
    assert (refused.value.first, refused.value.second) == (first, second)
    assert list(tmp_path.iterdir()) == []


def test_a_product_twice_is_refused_wherever_runs_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where one of the two ends what is merged at a time, and the other begins the next."""
    monkeypatch.setattr(anchor_writing, "_BLOCK", 2)
    monkeypatch.setattr(anchor_writing, "_RUN", 2)
    for first in range(9):
        for second in range(first + 1, 9):
            rows = list(items(9))
            rows[second] = rows[first]
            with pytest.raises(LeafTwice) as refused:
                write_archive(tmp_path, SITE, rows)
            assert (refused.value.first, refused.value.second) == (first + 1, second + 1)
    with AnchorArchive(write_archive(tmp_path, SITE, items(9))) as archive:
        archive.check()


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    """A file that is shorter, longer, of another size or root, or something else, is refused."""
    path = write_archive(tmp_path, SITE, items(10))
    whole = path.read_bytes()
    head, rest = whole[:1024], whole[1024:]
    broken = {
        "empty": b"",
        "text": b"not an archive",
        "shorter": whole[:-1],
        "longer": whole + b"\0",
        "size": head.replace(b'"leaves":10', b'"leaves":11') + rest,
        "format": head.replace(b"anchor/1", b"anchor/2") + rest,
        "spelling": head.replace(b'"chainId":"31337"', b'"chainId":"031337"')[:1024] + rest,
        "party": head.replace(b'"party":"party1', b'"party":"party2') + rest,
        "list": b"[]".ljust(1023) + b"\n" + rest,
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(AnchorArchiveDamaged):
            AnchorArchive(tmp_path / name)
    with pytest.raises(FileUnreadable):
        AnchorArchive(tmp_path / "absent")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_flipped_bit_anywhere_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A check reads every byte; and a proof never leads to the root over a byte that changed."""
    folder = tmp_path_factory.mktemp("anchor")
    path = write_archive(folder, SITE, items(21))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    with pytest.raises(AnchorArchiveDamaged), AnchorArchive(path) as archive:
        archive.check()
    if 1024 <= place < 1024 + 96 * 21:
        with AnchorArchive(path) as archive, pytest.raises(AnchorArchiveDamaged):
            archive.prove((place - 1024) // 96)


def test_an_archive_takes_the_place_of_a_damaged_one(tmp_path: Path) -> None:
    """Writing again from the same registrations makes the same file anew."""
    path = write_archive(tmp_path, SITE, items(10))
    whole = path.read_bytes()
    path.write_bytes(whole[:2000])
    assert write_archive(tmp_path, SITE, items(10)) == path
    assert path.read_bytes() == whole
    assert path.stat().st_mode & 0o777 == 0o600


def test_writing_takes_the_memory_of_a_few_blocks(tmp_path: Path) -> None:
    """Twice the leaves take no more memory."""

    def peak(count: int) -> int:
        tracemalloc.start()
        write_archive(tmp_path, SITE, items(count))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(36_000) < 1.1 * peak(18_000)


def test_progress_tells_the_leaves_written(tmp_path: Path) -> None:
    """Progress comes block by block and ends with the number of leaves."""
    told: list[int] = []
    write_archive(tmp_path, SITE, islice(items(10_000), 9000), progress=told.append)
    assert told == [4096, 8192, 9000]


def test_an_interrupted_writing_leaves_no_archive(tmp_path: Path) -> None:
    """What ends in the middle of the registrations leaves nothing in the folder."""

    def broken() -> Iterator[Register]:
        yield from items(5_000)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_archive(tmp_path, SITE, broken())
    assert list(tmp_path.iterdir()) == []


def test_the_archive_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content is made durable before the name, and the name before writing is done."""
    seen: list[tuple[str, bool]] = []

    def noted(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        seen.append((name, any(tmp_path.glob("*.anchor"))))

    monkeypatch.setattr(os, "fsync", noted)
    write_archive(tmp_path, SITE, items(3))
    assert seen == [(f".archive.{os.getpid()}.part", False), (tmp_path.name, True)]
