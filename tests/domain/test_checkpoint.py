"""An interrupted fingerprint goes on where it was, and comes to what it would have come to."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain import checkpoint as checkpoints
from registry.domain import checkpoint_frames as frames
from registry.domain import progress as reporting
from registry.domain.batches import Batch
from registry.domain.chunks import CHUNK_SIZE, FileHash
from registry.domain.fingerprint import Fingerprint, Progress, fingerprint
from registry.domain.stamps import Stamp, current_stamp

if TYPE_CHECKING:
    from collections.abc import Callable

MIB: Final = 1 << 20
LARGE: Final = 26 * MIB
"""Four ranges, the last one of two chunks."""

FALSE: Final = FileHash(3, b"\xff" * 32)


class Stopped(Exception):
    """Stand for whatever ends a run."""


@pytest.fixture(autouse=True)
def every_step_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Report progress at every step, and keep the chunks of files that are quick to make."""
    monkeypatch.setattr(reporting, "_INTERVAL_SECONDS", 0)
    monkeypatch.setattr(checkpoints, "CHUNKS_WORTH_KEEPING", 8 * MIB)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with small files in several batches, and a large one among them."""
    root = tmp_path_factory.mktemp("content") / "data"
    for number in range(60):
        path = root / f"{number % 3}" / f"{number:02}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%d" % number * number)
    _sparse(root / "1" / "5-large", LARGE, b"end")
    return root


def _sparse(path: Path, size: int, end: bytes) -> Path:
    with path.open("wb") as file:
        file.seek(size - len(end))
        file.write(end)
    return path


def _kept(folder: Path, content: Path, *, resume: bool = True) -> checkpoints.Checkpoint:
    """Return a checkpoint that writes at once."""
    return checkpoints.Checkpoint(folder, content, resume=resume, write_seconds=0, sync_seconds=0)


def _interrupted(folder: Path, content: Path, after: int, *, resume: bool = True) -> None:
    """Fingerprint until so many bytes are done."""

    def stop(progress: Progress) -> None:
        if progress.bytes_done >= after:
            raise Stopped

    with suppress(Stopped), _kept(folder, content, resume=resume) as kept:
        fingerprint(content, checkpoint=kept, progress=stop, workers=2)


def _resumed(folder: Path, content: Path, manifest: Path | None = None) -> Fingerprint:
    with _kept(folder, content) as kept:
        return fingerprint(content, checkpoint=kept, manifest=manifest, workers=2)


def _runs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.run"))


def _remembering(folder: Path, content: Path, path: bytes, stamp: Stamp | None) -> None:
    """Leave a checkpoint that holds something false, to see whether it is relied on."""
    with suppress(Stopped), _kept(folder, content) as kept:
        kept.remember([path], [stamp], [FALSE], ())
        raise Stopped


@settings(max_examples=12)
@given(
    stops=st.lists(st.integers(0, 2 * LARGE), min_size=1, max_size=4),
    touched=st.sets(st.integers(0, 60), max_size=3),
)
def test_any_interruptions_come_to_the_same(
    data: Path, stops: list[int], touched: set[int]
) -> None:
    """Wherever runs are stopped, and whichever files change between, the last one is right."""
    with TemporaryDirectory() as place:
        folder, content = Path(place, "kept"), Path(place, "data")
        shutil.copytree(data, content)
        for after in stops:
            _interrupted(folder, content, after)
        for number, path in enumerate(sorted(content.rglob("*/*"))):
            if number in touched:
                path.write_bytes(path.read_bytes()[:-1] + b"!")
        found = _resumed(folder, content, Path(place, "resumed"))
        assert found == fingerprint(content, manifest=Path(place, "whole"))
        assert Path(place, "resumed").read_bytes() == Path(place, "whole").read_bytes()
        assert not _runs(folder)


@pytest.mark.parametrize("chunks", [0, 1, 8, 9, 25])
def test_a_single_file_goes_on_at_its_chunk(tmp_path: Path, chunks: int) -> None:
    """Chunks that are known are not read again, wherever the known ones end."""
    path, folder = _sparse(tmp_path / "large", LARGE, b"end"), tmp_path / "kept"
    stamp = current_stamp(os.fsencode(path))
    assert stamp is not None
    whole = fingerprint(path)
    false = [b"\xff" * 32] * chunks
    with suppress(Stopped), _kept(folder, path) as kept:
        memory = kept.of_file(b"", stamp)
        assert memory is not None
        if chunks:
            memory.remember(0, false)
        kept.append(frames.of_files([(b"~", stamp, FALSE)]))
        raise Stopped
    assert checkpoints.standing(folder, path).size == chunks * MIB + LARGE
    with _kept(folder, path) as kept:
        resumed = fingerprint(path, checkpoint=kept)
    assert (resumed == whole) is (chunks == 0)


def test_chunks_are_known_up_to_the_first_gap(tmp_path: Path) -> None:
    """Of parts that overlap each chunk comes once, and nothing that stands behind a gap comes."""
    path, folder = _sparse(tmp_path / "large", LARGE, b"end"), tmp_path / "kept"
    stamp = current_stamp(os.fsencode(path))
    assert stamp is not None
    leaves = [bytes([number]) * 32 for number in range(26)]
    with suppress(Stopped), _kept(folder, path) as kept:
        memory = kept.of_file(b"", stamp)
        assert memory is not None
        for first, end in ((0, 4), (1, 3), (2, 6), (8, 12)):
            memory.remember(first, leaves[first:end])
        raise Stopped
    with suppress(Stopped), _kept(folder, path) as kept:
        kept.recall(Batch(os.fsencode(tmp_path), [b""], [b"large"], ()))
        known = kept.of_file(b"", stamp)
        assert known is not None
        assert [leaf for part in known.chunks() for leaf in part] == leaves[:6]
        raise Stopped


def test_chunks_of_several_runs_are_put_together(tmp_path: Path) -> None:
    """Each run goes on where the ones before it ended, and no chunk is read twice."""
    path, folder = _sparse(tmp_path / "large", LARGE, b"end"), tmp_path / "kept"
    read: list[int] = []
    for after in (MIB, 9 * MIB, 17 * MIB):
        _interrupted(folder, path, after)
        read.append(checkpoints.standing(folder, path).size)
    assert read == [8 * MIB, 16 * MIB, 24 * MIB]
    done: list[int] = []
    with _kept(folder, path) as kept:
        found = fingerprint(
            path, checkpoint=kept, progress=lambda progress: done.append(progress.bytes_done)
        )
    assert done == [8 * MIB, 16 * MIB, 24 * MIB, LARGE, LARGE, LARGE]
    assert found == fingerprint(path)


def test_a_checkpoint_is_relied_on_only_when_resuming(tmp_path: Path) -> None:
    """What is kept decides the result with `resume`, and has no part in it without."""
    content, folder = tmp_path / "data", tmp_path / "kept"
    content.mkdir()
    (content / "a").write_bytes(b"abc")
    right = fingerprint(content)
    stamp = current_stamp(os.fsencode(content / "a"))
    _remembering(folder, content, b"a", stamp)
    assert _runs(folder)
    _interrupted(folder, content, 10, resume=False)
    with _kept(folder, content, resume=False) as kept:
        assert fingerprint(content, checkpoint=kept) == right
    assert not _runs(folder)
    _remembering(folder, content, b"a", stamp)
    assert _resumed(folder, content).content_root != right.content_root


def _rewritten(path: Path) -> None:
    path.write_bytes(b"xyz")


def _rewritten_and_backdated(path: Path) -> None:
    before = path.stat()
    path.write_bytes(b"xyz")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"xyz")
    before = path.stat()
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [_rewritten, _rewritten_and_backdated, _replaced, Path.touch])
def test_a_changed_file_is_read_again(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """A file counts as known only while size, times, inode and device are as they were."""
    content, folder = tmp_path / "data", tmp_path / "kept"
    content.mkdir()
    path = content / "a"
    path.write_bytes(b"abc")
    os.utime(path, ns=(10**18, 10**18))
    fingerprint(content)  # waits until a later change is sure to show
    _remembering(folder, content, b"a", current_stamp(os.fsencode(path)))
    change(path)
    assert _resumed(folder, content) == fingerprint(content)


def test_files_that_came_and_went_between(tmp_path: Path, data: Path) -> None:
    """New files are read, and files that are gone have no part, wherever they stood."""
    content, folder = tmp_path / "data", tmp_path / "kept"
    shutil.copytree(data, content)
    _interrupted(folder, content, LARGE)
    (content / "0" / "00").unlink()
    (content / "2" / "59").unlink()
    for name in ("0/000", "1/5-larger", "3"):
        (content / name).write_bytes(b"new")
    assert _resumed(folder, content) == fingerprint(content)


@pytest.fixture
def left(tmp_path: Path, data: Path) -> tuple[Path, bytes]:
    """Leave a run behind; give its file and what stands in it."""
    _interrupted(tmp_path / "kept", data, LARGE)
    (run,) = _runs(tmp_path / "kept")
    return run, run.read_bytes()


def _places(size: int) -> list[int]:
    """Return places all over a run, those in its first frames one by one."""
    return [*range(0, min(size, 90), 7), *range(90, size, max(1, size // 12)), size - 1]


def test_a_damaged_checkpoint_is_ignored_from_there_on(
    tmp_path: Path, data: Path, left: tuple[Path, bytes]
) -> None:
    """A byte that is not what was written is noticed, and what follows it is read again."""
    run, written = left
    right = fingerprint(data)
    for at in _places(len(written)):
        run.parent.mkdir(exist_ok=True)
        run.write_bytes(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])
        assert checkpoints.standing(tmp_path / "kept", data).damaged, at
        assert _resumed(tmp_path / "kept", data) == right


def test_a_checkpoint_that_was_cut_short_is_good_up_to_there(
    tmp_path: Path, data: Path, left: tuple[Path, bytes]
) -> None:
    """A run that ends in the middle of a frame, as after a kill, is no damage."""
    run, written = left
    right = fingerprint(data)
    known = []
    for length in [0, *_places(len(written)), len(written)]:
        run.parent.mkdir(exist_ok=True)
        run.write_bytes(written[:length])
        standing = checkpoints.standing(tmp_path / "kept", data)
        assert not standing.damaged
        known.append(standing.size)
        assert _resumed(tmp_path / "kept", data) == right
    assert known == sorted(known)
    assert known[0] == 0 < known[-1]


def test_a_checkpoint_of_another_format_is_ignored(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another version wrote is told as damaged, and not guessed at."""
    with monkeypatch.context() as earlier:
        earlier.setattr(frames, "FORMAT", b"dengji-checkpoint/0")
        _interrupted(tmp_path / "kept", data, LARGE)
    assert checkpoints.standing(tmp_path / "kept", data) == (1, 0, 0, True)
    assert _resumed(tmp_path / "kept", data) == fingerprint(data)


def test_content_that_is_soon_done_leaves_no_trace(tmp_path: Path, data: Path) -> None:
    """Nothing is written before the first wait is over, whether the run succeeds or fails."""
    folder = tmp_path / "kept"
    with checkpoints.Checkpoint(folder, data, write_seconds=3600) as kept:
        fingerprint(data, checkpoint=kept)
    with suppress(Stopped), checkpoints.Checkpoint(folder, data, write_seconds=3600) as kept:
        fingerprint(data, checkpoint=kept)
        raise Stopped
    assert not folder.exists()


def test_a_home_that_cannot_be_written_stops_nothing(tmp_path: Path, data: Path) -> None:
    """Where nothing can be kept, the fingerprint is the same."""
    (tmp_path / "kept").write_bytes(b"no folder")
    assert _resumed(tmp_path / "kept", data) == fingerprint(data)
    _interrupted(tmp_path / "kept", data, LARGE)
    assert checkpoints.standing(tmp_path / "kept", data) == (0, 0, 0, False)


def test_two_at_once_leave_each_others_run_alone(tmp_path: Path, data: Path) -> None:
    """Whoever is done first removes nothing that the other is still writing."""
    folder = tmp_path / "kept"
    with suppress(Stopped), _kept(folder, data) as slow:
        slow.remember([b"0/00"], [current_stamp(os.fsencode(data / "0/00"))], [FALSE], ())
        fingerprint(data, checkpoint=slow)
        assert _resumed(folder, data).files == 61
        assert len(_runs(folder)) == 1
        raise Stopped
    assert checkpoints.standing(folder, data).runs == 1
    _resumed(folder, data)
    assert not folder.exists() or not _runs(folder)


def test_a_file_system_without_locks_is_good_enough(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no file can be locked, a checkpoint is kept, used and removed all the same."""

    def unlocked(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", unlocked)
    _interrupted(tmp_path / "kept", data, LARGE)
    assert checkpoints.standing(tmp_path / "kept", data).size > 0
    assert _resumed(tmp_path / "kept", data) == fingerprint(data)
    assert not _runs(tmp_path / "kept")


def test_further_digests_have_a_checkpoint_of_their_own(tmp_path: Path, data: Path) -> None:
    """Whole files go on with their further digests; what was kept without them is of no use."""
    folder = tmp_path / "kept"
    _interrupted(folder, data, LARGE // 2)
    assert checkpoints.is_kept(folder, data)
    assert not checkpoints.is_kept(folder, data, ["sha256"])

    def stop(progress: Progress) -> None:
        if progress.bytes_done >= LARGE:
            raise Stopped

    def kept() -> checkpoints.Checkpoint:
        return checkpoints.Checkpoint(folder, data, ["sha256"], resume=True, write_seconds=0)

    with suppress(Stopped), kept() as own:
        fingerprint(data, digests=["sha256"], checkpoint=own, progress=stop)
    assert checkpoints.standing(folder, data, ["sha256"]).files >= 20
    with kept() as own:
        fingerprint(data, digests=["sha256"], checkpoint=own, manifest=tmp_path / "resumed")
    fingerprint(data, digests=["sha256"], manifest=tmp_path / "whole")
    assert (tmp_path / "resumed").read_bytes() == (tmp_path / "whole").read_bytes()
    with kept() as own, pytest.raises(ValueError, match="other further digests"):
        fingerprint(data, checkpoint=own)


@pytest.mark.timeout(300)
def test_whatever_ends_a_large_file_ends_its_threads(tmp_path: Path) -> None:
    """An exception between two ranges comes out at once, though others are still under way."""
    path = _sparse(tmp_path / "large", 8 * LARGE, b"end")

    def stop(_: Progress) -> None:
        raise Stopped

    for workers in (1, 2, 4):
        with pytest.raises(Stopped):
            fingerprint(path, progress=stop, workers=workers)


_words = st.integers(-(1 << 63), (1 << 64) - 1)
_stamps = st.builds(Stamp, *([_words] * 5))
_hashes = st.builds(
    FileHash, st.just(0), st.binary(min_size=32, max_size=32), st.just((bytes(32),))
)
_paths = st.binary(min_size=1, max_size=20).filter(lambda path: b"\0" not in path)


@settings(max_examples=40)
@given(st.dictionaries(_paths, st.tuples(_stamps, _hashes), min_size=1, max_size=40), st.data())
def test_what_is_written_is_read(
    known: dict[bytes, tuple[Stamp, FileHash]], draw: st.DataObject
) -> None:
    """Any files come back by their paths, in any frames, with their stamps taken modulo 2^64."""
    files = [(path, *known[path]) for path in sorted(known)]
    cut = draw.draw(st.integers(0, len(files)))
    parts = [part for part in (files[:cut], files[cut:]) if part]
    with TemporaryDirectory() as place:
        run = Path(place, "run")
        run.write_bytes(frames.opening(["sha256"]) + b"".join(map(frames.of_files, parts)))
        reader = frames.Reader(run, ["sha256"])
        for path, stamp, hashed in files:
            found = reader.find(path)
            assert found.stamp == frames.words(stamp)
            assert found.hashed == hashed._replace(size=frames.words(stamp).size)
            assert reader.find(path + b"\0") == frames.Found()
        assert not reader.damaged
        reader.close()


@settings(max_examples=20)
@given(_paths, _stamps, st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=9))
def test_chunks_are_read_as_written(path: bytes, stamp: Stamp, leaves: list[bytes]) -> None:
    """The chunks of a file come back as long as its stamp is the same."""
    with TemporaryDirectory() as place:
        run = Path(place, "run")
        body = frames.of_chunks(path, stamp, 7, leaves)
        run.write_bytes(frames.opening([]) + body + frames.of_chunks(path, stamp, 9, leaves))
        reader = frames.Reader(run, [])
        found = reader.find(path)
        assert found.hashed is None
        assert found.chunks_at == len(frames.opening([]))
        assert list(reader.chunks(found.chunks_at, path, stamp)) == [(7, leaves), (9, leaves)]
        other = stamp._replace(changed_ns=stamp.changed_ns ^ 1)
        assert list(reader.chunks(found.chunks_at, path, other)) == []
        assert reader.total({}) == (0, 0)
        begun: dict[bytes, int] = {}
        reader.total(begun)
        assert begun == {path: 2 * len(leaves) * CHUNK_SIZE}
        reader.close()
