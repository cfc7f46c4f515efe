"""What a checkpoint holds is asked for where there is any, kept from others, and never guessed."""

from __future__ import annotations

import os
import stat
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from blake3 import blake3

from registry.domain import checkpoint_frames as frames
from registry.domain.batches import Batch
from registry.domain.checkpoint import Checkpoint
from registry.domain.chunks import FileHash
from registry.domain.stamps import current_stamp

HASHED = FileHash(1, b"\xff" * 32)


class Stopped(Exception):
    """Stand for whatever ends a run."""


def framed(body: bytes) -> bytes:
    """Return a frame as its format says: length, the same turned, checksum, body."""
    length = len(body)
    return struct.pack("<II16s", length, length ^ 0xFFFF_FFFF, blake3(body).digest(16)) + body


def frame_of_files(count: int, paths: list[bytes], hashes: int) -> bytes:
    """Return a frame that says it holds `count` files, with these paths and so many digests."""
    pressed = zlib.compress(b"\0".join(paths))
    head = b"F" + struct.pack("<II", count, len(pressed))
    return framed(head + pressed + bytes(8 * 5 * count) + b"\xff" * 32 * hashes)


@pytest.mark.parametrize(
    ("count", "paths", "hashes"),
    [(1, [b"a", b"b"], 1), (2, [b"a"], 2), (2, [b"a", b"b"], 1), (2, [b"a", b"b"], 3)],
    ids=["too-many-paths", "too-few-paths", "too-few-digests", "too-many-digests"],
)
def test_frames_whose_numbers_disagree_say_nothing(
    tmp_path: Path, count: int, paths: list[bytes], hashes: int
) -> None:
    """A whole frame with other paths or digests than files is damage: it says of no file."""
    run = tmp_path / "000000.run"
    run.write_bytes(frames.opening(()) + frame_of_files(count, paths, hashes))
    reader = frames.Reader(run, ())
    assert [reader.find(path) for path in (b"a", b"b")] == [frames.Found()] * 2
    assert reader.damaged
    reader.close()
    again = frames.Reader(run, ())
    assert again.total({}) == (0, 0)
    assert again.damaged
    again.close()


def test_a_frame_whose_numbers_agree_is_read(tmp_path: Path) -> None:
    """The same frame with as many paths and digests as files says what these came to."""
    run = tmp_path / "000000.run"
    run.write_bytes(frames.opening(()) + frame_of_files(2, [b"a", b"b"], 2))
    reader = frames.Reader(run, ())
    assert [found.hashed for found in map(reader.find, (b"a", b"b"))] == [(0, b"\xff" * 32, ())] * 2
    assert not reader.damaged
    reader.close()


@pytest.mark.parametrize("resume", [False, True])
def test_nothing_is_asked_of_the_disk_where_nothing_is_kept(
    tmp_path: Path,
    resume: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """Without an earlier run no file of a batch is known, nor is any looked at beforehand."""
    (tmp_path / "a").write_text("a")
    batch = Batch(os.fsencode(tmp_path), [b"a"], [b"a"])
    with Checkpoint(tmp_path / "kept", tmp_path, resume=resume) as kept:
        assert kept.recall(batch) == ((), ())


def test_a_checkpoint_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Names of files stand in a checkpoint: neither its folder nor its runs are open to others."""
    path = tmp_path / "a"
    path.write_text("a")
    with (
        suppress(Stopped),
        Checkpoint(tmp_path / "kept", path, write_seconds=0, sync_seconds=0) as kept,
    ):
        kept.remember([b"a"], [current_stamp(os.fsencode(path))], [HASHED], ())
        raise Stopped
    (run,) = kept.folder.iterdir()
    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(run.stat().st_mode) == 0o600
