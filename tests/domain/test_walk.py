"""Folders are walked in byte order of whole paths, and names that machines mix up are refused."""

import os
import random
import unicodedata
from pathlib import Path

import pytest

from registry.domain import spill, walk
from registry.domain.walk import FolderWalk, FoundFile, measure
from registry.errors import FileChanged, FileUnreadable, FolderEmpty, PathsRefused

NFC = unicodedata.normalize("NFC", "é")
NFD = unicodedata.normalize("NFD", "é")


def write(root: Path, *names: str) -> None:
    """Write a file of each name, holding the name."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def listed(root: Path) -> list[str]:
    """Return the paths that a walk yields."""
    return [path.decode() for path, _ in FolderWalk(bytes(root))]


def refused(root: Path) -> list[str]:
    """Return what a walk refuses."""
    with pytest.raises(PathsRefused) as caught:
        listed(root)
    assert caught.value.count == len(caught.value.offences)
    return caught.value.offences


def test_order_is_that_of_whole_paths(tmp_path: Path) -> None:
    """`a-b` and `a.txt` come before `a/x`, and `a0` after, since `/` stands between them."""
    names = ["a/x", "a-b", "a.txt", "a0", "ab", "a/y/z", "a/y-", "a/y.", ".a", "Z", "é", "数"]
    write(tmp_path, *names)
    assert listed(tmp_path) == sorted(names, key=str.encode)


def test_order_of_random_trees(tmp_path: Path) -> None:
    """The walk of any tree equals its sorted paths, with names spilled to disk or not."""
    chance = random.Random(5)
    alphabet = ["a", "b", "a-", "a.", "a0", "-", ".x", "~", "é", "b b", "\x01", "\n"]
    names = {
        "/".join(chance.choice(alphabet) for _ in range(chance.randint(1, 4))) for _ in range(300)
    }
    prefixes = {name[:at] for name in names for at in range(len(name)) if name[at] == "/"}
    write(tmp_path, *(names - prefixes))
    assert listed(tmp_path) == sorted(names - prefixes, key=str.encode)


def test_large_folders_are_sorted_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of more names than memory should hold is walked, and checked for twins, alike."""
    names = [f"{number * 7919 % 1000:03}é" for number in range(1000)]
    write(tmp_path, *names)
    spilled = []

    class SmallRuns(spill.SpillingSorter):
        """A sorter that spills after a hundred names."""

        def __init__(self) -> None:
            super().__init__(run_length=100)

        def _spill(self) -> None:
            spilled.append(self)
            super()._spill()

    monkeypatch.setattr(walk, "SpillingSorter", SmallRuns)
    monkeypatch.setattr(walk, "RUN_LENGTH", 100)
    assert listed(tmp_path) == sorted(names)
    assert len(spilled) == 20
    assert len(set(spilled)) == 2
    write(tmp_path, "777É", "aa/x", "AA/x")
    assert refused(tmp_path) == [f"{name}: same-name" for name in ("777É", "777é", "AA", "aa")]


def test_hidden_files_and_odd_names_count(tmp_path: Path) -> None:
    """Nothing is left out by itself: hidden files, back-ups and odd names are content."""
    names = [".git/config", ".hidden", "a~", "a b", "back\\slash", "new\nline", "Thumbs.db"]
    write(tmp_path, *names)
    assert listed(tmp_path) == sorted(names)


def test_empty_folders_are_no_content(tmp_path: Path) -> None:
    """A folder without files changes nothing."""
    write(tmp_path, "a")
    (tmp_path / "empty" / "deep").mkdir(parents=True)
    assert listed(tmp_path) == ["a"]


def test_folder_without_files_is_refused(tmp_path: Path) -> None:
    """Folders alone are nothing to register."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(FolderEmpty) as caught:
        listed(tmp_path)
    assert caught.value.path == str(tmp_path)


def test_names_are_composed(tmp_path: Path) -> None:
    """A decomposed name on disk has its composed path, and is found under its own."""
    write(tmp_path, f"{NFD}/{NFD}.csv", "z")
    first = list(FolderWalk(bytes(tmp_path)))[-1]
    assert first[0].decode() == f"{NFC}/{NFC}.csv"
    assert (tmp_path / os.fsdecode(first[1])).read_text() == f"{NFD}/{NFD}.csv"


def test_links_and_special_files_are_refused_by_name(tmp_path: Path) -> None:
    """Links, also dangling and to folders, and pipes are all named, in order."""
    write(tmp_path, "a", "deep/b")
    (tmp_path / "deep" / "link").symlink_to("b")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "folder").symlink_to("deep")
    os.mkfifo(tmp_path / "pipe")
    assert sorted(refused(tmp_path)) == [
        "dangling: symlink",
        "deep/link: symlink",
        "folder: symlink",
        "pipe: special-file",
    ]


def test_names_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    """A name in another encoding is shown with its bytes escaped."""
    (tmp_path / os.fsdecode(b"caf\xe9.csv")).write_text("x")
    assert refused(tmp_path) == ["caf\\xe9.csv: not-utf-8"]


@pytest.mark.parametrize(
    ("one", "other"), [("Data.csv", "data.csv"), (NFC, NFD), ("Straße", "STRASSE")]
)
def test_names_that_machines_mix_up_are_refused(tmp_path: Path, one: str, other: str) -> None:
    """Of names that are equal after normalising and folding, all are named."""
    write(tmp_path, f"deep/{one}", f"deep/{other}")
    offences = refused(tmp_path)
    assert len(offences) == 2
    assert all(offence.endswith(": same-name") for offence in offences)


def test_folders_and_files_of_one_folded_name_are_refused(tmp_path: Path) -> None:
    """A folder and a file whose names differ in case alone are refused too."""
    write(tmp_path, "A/x", "a")
    assert refused(tmp_path) == ["A: same-name", "a: same-name"]


def test_same_names_in_different_folders_are_fine(tmp_path: Path) -> None:
    """Only names of one folder are compared."""
    write(tmp_path, "a/Data", "b/data")
    assert listed(tmp_path) == ["a/Data", "b/data"]


def test_nothing_is_yielded_after_a_refusal(tmp_path: Path) -> None:
    """Files after the first refused name are not handed on, and later offences are still named."""
    write(tmp_path, "a/x", "b/x", "c/x")
    (tmp_path / "b" / "link").symlink_to("x")
    (tmp_path / "c" / "link").symlink_to("x")
    found: list[FoundFile] = []
    with pytest.raises(PathsRefused) as caught:
        found.extend(FolderWalk(bytes(tmp_path)))
    assert [path for path, _ in found] == [b"a/x"]
    assert caught.value.count == 2


def test_ignore_file_is_content_and_keeps_others_out(tmp_path: Path) -> None:
    """What it names is left out, refused kinds too; the ignore file itself is in."""
    write(tmp_path, "a.csv", "a.tmp", "cache/x", "sub/.dengjiignore")
    (tmp_path / "cache" / "link").symlink_to("x")
    (tmp_path / ".dengjiignore").write_text("*.tmp\ncache/\n")
    (tmp_path / "sub" / "b.tmp").symlink_to("nowhere")
    assert listed(tmp_path) == [".dengjiignore", "a.csv", "sub/.dengjiignore"]
    assert measure(bytes(tmp_path))[0] == 3


def test_ignore_file_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """A linked ignore file is refused like any link, and says nothing."""
    write(tmp_path, "a.tmp", "rules")
    (tmp_path / "rules").write_text("*.tmp")
    (tmp_path / ".dengjiignore").symlink_to("rules")
    assert refused(tmp_path) == [".dengjiignore: symlink"]


@pytest.mark.parametrize("action", ["add", "remove", "replace"])
def test_folder_that_changes_during_the_walk_is_refused(tmp_path: Path, action: str) -> None:
    """A file added to, or removed from, a folder that was listed already is noticed."""
    write(tmp_path, "sub/a", "sub/b", "z")
    files = iter(FolderWalk(bytes(tmp_path)))
    next(files)
    if action == "add":
        write(tmp_path, "sub/c")
    elif action == "remove":
        (tmp_path / "sub" / "b").unlink()
    else:
        (tmp_path / "sub").rename(tmp_path / "old")
        write(tmp_path, "sub/b")
    with pytest.raises(FileChanged):
        list(files)


def test_ignore_file_that_changes_during_the_walk_is_refused(tmp_path: Path) -> None:
    """The rules that were applied are those that are fingerprinted."""
    write(tmp_path, ".dengjiignore", "a", "b")
    files = iter(FolderWalk(bytes(tmp_path)))
    next(files)
    (tmp_path / ".dengjiignore").write_text("other")
    with pytest.raises(FileChanged):
        list(files)


def test_folder_that_cannot_be_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that the system keeps closed is named (patched, since root may read all)."""
    write(tmp_path, "secret/a")
    real = os.scandir

    def scandir(path: bytes) -> object:
        if path.endswith(b"secret"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(FileUnreadable) as caught:
        listed(tmp_path)
    assert caught.value.path == str(tmp_path / "secret")
    assert caught.value.reason == "Permission denied"


def test_measure_counts_what_the_walk_yields(tmp_path: Path) -> None:
    """The totals for progress are those of the files that are walked."""
    write(tmp_path, "a", "b/c", "d/e/f")
    assert measure(bytes(tmp_path)) == (3, 9)
