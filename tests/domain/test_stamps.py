"""Changes to a file while it is read are noticed."""

import os
import time
from pathlib import Path

import pytest

from registry.domain.stamps import TICK_NS, OpenFile
from registry.errors import FileChanged, FileUnreadable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file of ten bytes."""
    file = tmp_path / "a.csv"
    file.write_bytes(b"0123456789")
    return file


def changed(path: Path, file: OpenFile) -> str:
    """Return what an open file says that happened to it."""
    with pytest.raises(FileChanged) as caught:
        file.check_unchanged()
    assert caught.value.path == str(path)
    return caught.value.change


def test_file_left_alone_passes(path: Path) -> None:
    """A file that nobody touches passes, and its size is known."""
    with OpenFile(bytes(path)) as file:
        assert file.size == 10
        file.check_unchanged()


def test_growing_is_noticed(path: Path) -> None:
    """Bytes appended are noticed."""
    with OpenFile(bytes(path)) as file, path.open("ab") as other:
        other.write(b"x")
        other.flush()
        assert changed(path, file) == "grew"


def test_shrinking_is_noticed(path: Path) -> None:
    """Bytes cut off are noticed."""
    with OpenFile(bytes(path)) as file:
        os.truncate(path, 3)
        assert changed(path, file) == "shrank"


def test_rewriting_in_place_is_noticed_at_once(path: Path) -> None:
    """Bytes written over others are noticed even right after the file was written first."""
    for _ in range(20):
        path.write_bytes(b"0123456789")
        with OpenFile(bytes(path)) as file:
            with path.open("r+b") as other:
                other.write(b"x")
            assert changed(path, file) == "rewritten"


def test_setting_the_time_back_is_noticed(path: Path) -> None:
    """A change hidden by setting the time of modification back is noticed."""
    before = path.stat()
    with OpenFile(bytes(path)) as file:
        with path.open("r+b") as other:
            other.write(b"x")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert changed(path, file) == "rewritten"


def test_renaming_another_over_it_is_noticed(path: Path) -> None:
    """A file that another took the place of is noticed."""
    other = path.with_name("other")
    other.write_bytes(b"0123456789")
    with OpenFile(bytes(path)) as file:
        other.replace(path)
        assert changed(path, file) == "rewritten"


def test_fresh_file_is_waited_for(path: Path) -> None:
    """A file written this instant is opened once a later change is sure to show."""
    with OpenFile(bytes(path)) as file:
        assert time.time_ns() - file.stamp.changed_ns >= TICK_NS


def test_missing_file_vanished(tmp_path: Path) -> None:
    """A file that was listed and is gone has vanished."""
    with pytest.raises(FileChanged) as caught:
        OpenFile(bytes(tmp_path / "gone"))
    assert caught.value.change == "vanished"


def test_link_in_place_of_a_file_is_not_followed(path: Path) -> None:
    """A link that took a file's place is not read."""
    link = path.with_name("link")
    link.symlink_to(path)
    with pytest.raises(FileUnreadable):
        OpenFile(bytes(link))


@pytest.mark.timeout(120)
def test_pipe_in_place_of_a_file_does_not_hang(tmp_path: Path) -> None:
    """A pipe that took a file's place is refused without waiting for a writer."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileChanged) as caught:
        OpenFile(bytes(tmp_path / "pipe"))
    assert caught.value.change == "replaced"
