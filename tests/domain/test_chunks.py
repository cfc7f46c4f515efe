"""A file's root is the RFC 6962 tree over its chunks of 1 MiB."""

import hashlib
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from blake3 import blake3

from registry.domain import chunks, merkle
from registry.domain.chunks import (
    CHUNK_SIZE,
    FileHash,
    hash_buffered,
    hash_in_place,
    hash_tiny,
)
from registry.domain.ranges import hash_in_parallel
from registry.domain.stamps import OpenFile
from registry.errors import FileChanged

MIB = 1 << 20
SIZES = [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB, 8 * MIB, 8 * MIB + 1, 33 * MIB + 5]


@pytest.fixture(scope="module")
def executor() -> Iterator[ThreadPoolExecutor]:
    """Return two threads."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


def written(path: Path, size: int) -> bytes:
    """Write and return bytes that no two chunks share."""
    data = hashlib.shake_128(b"seed").digest(size)
    path.write_bytes(data)
    return data


def root_of(data: bytes) -> bytes:
    """Return the root as the documentation words it, sharing nothing but the Merkle tree."""
    parts = [data[start : start + MIB] for start in range(0, len(data), MIB)]
    return merkle.root_of(blake3(part).digest() for part in parts)


@pytest.mark.parametrize("size", SIZES)
def test_root_is_that_of_the_chunks(
    tmp_path: Path, executor: ThreadPoolExecutor, size: int
) -> None:
    """One thread, many threads, and a pass with further digests all come to the chunks' root."""
    path = tmp_path / "a"
    data = written(path, size)
    names = [name for name in ("sha256", "sm3") if name in hashlib.algorithms_available]
    further = tuple(hashlib.new(name, data).digest() for name in names)
    seen: list[int] = []
    with OpenFile(bytes(path)) as file:
        plain = hash_in_place(file)
        assert plain == FileHash(size, root_of(data))
        assert hash_in_place(file, names) == FileHash(size, root_of(data), further)
        assert hash_in_parallel(file, executor, ahead=3, on_bytes=seen.append) == plain
        assert sum(seen) == size
        assert hash_in_parallel(file, executor, ahead=3, digests=names).further == further
        assert hash_in_parallel(file, executor, ahead=1, digests=names).digest == plain.digest


def test_empty_file_has_the_root_of_the_empty_tree(tmp_path: Path) -> None:
    """A file without bytes has no chunk: SHA-256 of nothing."""
    path = tmp_path / "a"
    path.touch()
    with OpenFile(bytes(path)) as file:
        assert hash_in_place(file).digest == sha256(b"").digest()


def test_file_of_one_chunk() -> None:
    """A short file's root is SHA-256(0x00 ‖ BLAKE3(bytes)), which anyone can compute by hand."""
    assert chunks.chunk_leaf(b"abc") == sha256(b"\0" + blake3(b"abc").digest()).digest()
    assert chunks.chunk_leaf(b"abc") == root_of(b"abc")
    assert chunks.chunk_leaf(b"abc").hex() == (
        "57e2817034b593f37fa9bba46438db448338e8fdbfd1f625d25de7967abfb47c"
    )


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize(
    ("size", "change"), [(9 * MIB + 1, "grew"), (2 * MIB, "shrank"), (9 * MIB, "rewritten")]
)
def test_file_that_changes_while_being_read_is_refused(
    tmp_path: Path, executor: ThreadPoolExecutor, size: int, change: str, *, parallel: bool
) -> None:
    """Growing, shrinking and rewriting after the file was opened are each refused by name."""
    path = tmp_path / "a"
    written(path, 9 * MIB)
    with OpenFile(bytes(path)) as file:
        os.truncate(path, size)
        if change == "rewritten":
            with path.open("r+b") as other:
                other.write(b"x")
        hash_file = partial(hash_in_parallel, file, executor, ahead=3)
        if not parallel:
            hash_file = partial(hash_in_place, file)
        with pytest.raises(FileChanged) as caught:
            hash_file()
    assert caught.value.change == change


def test_change_in_the_middle_of_reading_is_refused(
    tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    """A byte written behind the reader's back, while it reads, is noticed at the end."""
    path = tmp_path / "a"
    written(path, 64 * MIB)

    def touch(_: int) -> None:
        with path.open("r+b") as other:
            other.write(b"x")

    with OpenFile(bytes(path)) as file, pytest.raises(FileChanged):
        hash_in_parallel(file, executor, ahead=1, on_bytes=touch)


def test_no_thread_reads_on_after_a_failure(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    """Interrupted between ranges, every thread is done before the file is closed."""
    path = tmp_path / "a"
    written(path, 40 * MIB)
    begun, ended = [], []

    def slow(file: OpenFile, start: int, end: int) -> list[bytes]:
        begun.append(start)
        leaves = hash_buffered(file, start, end)
        if start:
            time.sleep(0.3)
        ended.append(start)
        return leaves

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with OpenFile(bytes(path)) as file, pytest.raises(KeyboardInterrupt):
        hash_in_parallel(file, executor, ahead=4, on_bytes=stop, hash_range=slow)
    assert sorted(begun) == sorted(ended)
    assert len(begun) < 5
    time.sleep(0.1)
    assert sorted(begun) == sorted(ended)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Return a file of ten bytes."""
    path = tmp_path / "tiny"
    path.write_bytes(b"0123456789")
    return path


def test_tiny_file_is_hashed_in_one_go(tiny: Path) -> None:
    """A settled file of at most one chunk has the root of that chunk."""
    before = tiny.stat()
    expected = FileHash(10, root_of(b"0123456789"))
    assert hash_tiny(bytes(tiny), time.time_ns()) == (expected, before)


def test_files_that_need_care_are_not_tiny(tiny: Path) -> None:
    """Fresh, large, missing and special files are left to those who look closer."""
    now = time.time_ns()
    assert hash_tiny(bytes(tiny), tiny.stat().st_ctime_ns - 1) is None
    assert hash_tiny(bytes(tiny) + b".gone", now) is None
    assert hash_tiny(bytes(tiny.parent), now) is None
    os.mkfifo(tiny.with_name("pipe"))
    assert hash_tiny(bytes(tiny.with_name("pipe")), now) is None
    written(tiny, MIB + 1)
    assert hash_tiny(bytes(tiny), time.time_ns()) is None


@pytest.mark.parametrize("change", ["rewrite", "grow", "shrink"])
def test_tiny_file_that_changes_meanwhile_is_not_trusted(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A tiny file that changes between opening and closing is left to those who look closer."""
    real = os.read
    time.sleep(0.03)

    def read(descriptor: int, count: int) -> bytes:
        if change == "rewrite":
            tiny.write_bytes(b"9876543210")
        else:
            os.truncate(tiny, 11 if change == "grow" else 9)
        return real(descriptor, count)

    monkeypatch.setattr(os, "read", read)
    assert hash_tiny(bytes(tiny), time.time_ns()) is None


def test_chunks_are_of_one_mebibyte() -> None:
    """The size of a chunk is part of the format."""
    assert CHUNK_SIZE == MIB
