"""Files are read as far as was asked, by as many processes as are allowed, and changes are told."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.domain import hashing
from registry.domain.chunks import hash_in_place, pieces
from registry.domain.hashing import Hasher
from registry.domain.ignore import IGNORE_FILE, MAX_IGNORE_BYTES
from registry.domain.manifest import Header, write_manifest
from registry.domain.metadata import Metadata
from registry.domain.processes import HashingProcess
from registry.domain.stamps import OpenFile
from registry.domain.walk import FolderWalk, measure
from registry.errors import FileChanged, IgnoreMalformed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.batches import Batch, Hashed
    from registry.domain.walk import FoundFile

KIB = 1 << 10
WAIT_SECONDS = 60


class Stopped(Exception):
    """Stand for whatever ends the work."""


def listed(root: Path) -> list[str]:
    """Return the paths that a walk yields."""
    return [path.decode() for path, _ in FolderWalk(bytes(root))]


def filled(root: Path, count: int) -> list[FoundFile]:
    """Write so many small files; return them as a walk does."""
    names = [f"{number:04}" for number in range(count)]
    for name in names:
        (root / name).write_text(name)
    return [(name.encode(), name.encode()) for name in names]


@pytest.mark.parametrize("beyond", [1, 2, KIB])
def test_an_ignore_file_that_is_too_long_is_refused(tmp_path: Path, beyond: int) -> None:
    """Rules are never read in part: a file of more than is allowed is refused."""
    (tmp_path / "a.tmp").write_text("a")
    (tmp_path / IGNORE_FILE).write_text("*.tmp\n#".ljust(MAX_IGNORE_BYTES + beyond, "-"))
    with pytest.raises(IgnoreMalformed) as caught:
        listed(tmp_path)
    assert caught.value.reason == f"too-many-bytes:{MAX_IGNORE_BYTES}"


def test_an_ignore_file_of_just_the_size_allowed_counts_to_its_end(tmp_path: Path) -> None:
    """The last rule of the longest ignore file that is allowed still leaves files out."""
    (tmp_path / "a.csv").write_text("a")
    (tmp_path / "a.tmp").write_text("a")
    rules = "\n*.tmp".rjust(MAX_IGNORE_BYTES, "#")
    (tmp_path / IGNORE_FILE).write_text(rules)
    assert listed(tmp_path) == [IGNORE_FILE, "a.csv"]


def test_totals_leave_out_what_links_lead_to(tmp_path: Path) -> None:
    """A link, which the walk refuses, does not add the bytes of the file that it leads to."""
    outside = tmp_path / "outside"
    outside.write_bytes(bytes(64 * KIB))
    content = tmp_path / "content"
    content.mkdir()
    (content / "a").write_text("a")
    (content / "link").symlink_to(outside)
    assert measure(bytes(content))[1] < 64 * KIB


@pytest.mark.parametrize(
    ("start", "end"), [(0, 1), (3, 10), (0, 256 * KIB + 1), (100, 300 * KIB), (7, 7)]
)
def test_a_range_is_read_from_its_start_to_its_end(tmp_path: Path, start: int, end: int) -> None:
    """The pieces of a range together are its bytes, and none that stand behind them."""
    data = os.urandom(512 * KIB)
    path = tmp_path / "data"
    path.write_bytes(data)
    with OpenFile(os.fsencode(path)) as file:
        assert b"".join(bytes(piece) for piece in pieces(file, start, end)) == data[start:end]


def test_a_file_that_has_more_bytes_than_it_says_is_refused() -> None:
    """A file of the system's own, which says that it is empty and is not, is not taken as empty."""
    with OpenFile(b"/proc/version") as file, pytest.raises(FileChanged) as caught:
        hash_in_place(file)
    assert (caught.value.path, caught.value.change) == ("/proc/version", "grew")


def test_who_may_use_one_core_starts_no_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cores that count are those that the process may use, not those of the machine."""
    started: list[object] = []

    class Noted(HashingProcess):
        """A process whose start is noted."""

        def __init__(self) -> None:
            started.append(self)
            super().__init__()

    monkeypatch.setattr(hashing, "HashingProcess", Noted)
    monkeypatch.setattr(hashing, "_FILES_WORTH_PROCESSES", 16)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    files = filled(tmp_path, 64)
    for cores, wanted in (({0}, False), ({0, 1}, True)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: cores)
        with Hasher() as hasher:
            done = [path for some in hasher.hash_all(bytes(tmp_path), files) for path in some.paths]
        assert done == [path for path, _ in files]
        assert bool(started) is wanted


def test_nothing_is_read_any_more_once_hashing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch whose process ends since hashing was left is dropped, not hashed once more here."""
    busy = threading.Event()
    here: list[Batch] = []

    class Halted(HashingProcess):
        """A process that is halted before its first batch, so that it never ends it."""

        def hash(self, batch: Batch) -> Hashed:
            os.kill(self._child.pid, signal.SIGSTOP)
            busy.set()
            return super().hash(batch)

    def in_this_process(batch: Batch) -> Hashed:
        here.append(batch)
        return []

    def files() -> Iterator[FoundFile]:
        yield from filled(tmp_path, 16)
        assert busy.wait(WAIT_SECONDS)
        raise Stopped

    monkeypatch.setattr(hashing, "HashingProcess", Halted)
    monkeypatch.setattr(hashing, "hash_batch", in_this_process)
    monkeypatch.setattr(hashing, "_FILES_WORTH_PROCESSES", 16)
    with suppress(Stopped), Hasher(workers=2) as hasher:
        list(hasher.hash_all(bytes(tmp_path), files()))
    assert busy.is_set()
    assert here == []


def test_what_ended_the_writing_of_a_manifest_is_told(tmp_path: Path) -> None:
    """The reason stays the reason, also where someone took the unfinished file away meanwhile."""
    path = tmp_path / "kept" / "manifest"
    header = Header(kind="folder", metadata=Metadata(data_name="plots"))

    def stop() -> None:
        with write_manifest(path, header):
            shutil.rmtree(path.parent)
            raise Stopped

    with pytest.raises(Stopped):
        stop()
