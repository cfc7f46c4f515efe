"""Tests of what the archive says when its file cannot be used."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from registry.chain.devchain.archive import FILE_NAME, BlockArchive
from registry.chain.devchain.starting import Start
from registry.chain.devchain.values import Block
from registry.errors import DevChainDamaged, DevChainUnusable


def _start(folder: Path) -> Start:
    return Start(
        folder=folder, journal=folder / "journal", program=Path("anvil"), port=None, history=1
    )


def test_a_full_disk_is_no_damage(tmp_path: Path) -> None:
    """A block for which there is no room is an error of the place, and the archive stays whole."""
    path = tmp_path / FILE_NAME
    big = Block(number=1, time=7, hash=b"\x01" * 32, transactions=(bytes(100_000),))
    with BlockArchive(path) as archive:
        archive._db.execute("PRAGMA max_page_count = 4")
        with pytest.raises(DevChainUnusable) as caught:
            archive._append([(big, bytes(32))], archive.epoch())
        assert caught.value.path == str(path)
        assert "full" in caught.value.reason
        assert archive.head() == 0


def test_an_archive_that_cannot_be_opened_is_not_put_aside(tmp_path: Path) -> None:
    """What only cannot be opened is left in its place by a start, for it may be whole."""
    (tmp_path / FILE_NAME).mkdir()
    start = _start(tmp_path)
    with pytest.raises(DevChainUnusable) as caught:
        start._archive()
    assert caught.value.exit_code == 3
    assert start.refused == []
    assert [one.name for one in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("foreign", [True, False])
def test_a_file_that_is_no_archive_is_damage(tmp_path: Path, foreign: bool) -> None:  # noqa: FBT001
    """Bytes that are no database, or another program's table, are damage."""
    path = tmp_path / FILE_NAME
    if foreign:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE blocks (name TEXT)")
        other.close()
    else:
        path.write_bytes(b"no database" * 100)
    with pytest.raises(DevChainDamaged), BlockArchive(path) as archive:
        archive.head()
