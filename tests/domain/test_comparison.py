"""Content is compared with its manifest, and the files that differ are named."""

import os
from pathlib import Path

import pytest

from registry.domain import comparison
from registry.domain.comparison import Comparison, DifferenceKind, compare
from registry.domain.fingerprint import Progress, fingerprint
from registry.errors import ManifestMalformed, PathsRefused

FILES = {"a/x": b"1", "a-b": b"2", "b": b"3", "数": b"4"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder of four files, whose manifest stands beside it as `m.jsonl`."""
    root = tmp_path / "data"
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    fingerprint(root, manifest=tmp_path / "m.jsonl", digests=["sha256"])
    return root


def compared(data: Path, *, further: bool = False) -> Comparison:
    """Compare a folder with the manifest beside it."""
    return compare(data, data.parent / "m.jsonl", further=further)


def named(found: Comparison) -> list[tuple[str, str]]:
    """Return kind and path of the differences."""
    return [(difference.kind.value, difference.path) for difference in found.differences]


def test_unchanged_content_matches(data: Path) -> None:
    """Content that is as it was has the manifest's root and no difference."""
    found = compared(data, further=True)
    assert found.matches
    assert found.content_root == found.manifest.content_root == fingerprint(data).content_root
    assert (found.count, found.differences) == (0, ())


def test_changed_byte_is_named(data: Path) -> None:
    """One byte changed in a file names that file alone, size and time being the same."""
    before = (data / "b").stat()
    (data / "b").write_bytes(b"9")
    os.utime(data / "b", ns=(before.st_atime_ns, before.st_mtime_ns))
    found = compared(data)
    assert not found.matches
    assert named(found) == [("changed", "b")]
    (difference,) = found.differences
    assert difference.expected is not None
    assert difference.actual is not None
    assert difference.expected.digest != difference.actual.digest
    assert found.content_root == fingerprint(data).content_root


def test_every_kind_of_difference_is_named_in_order(data: Path) -> None:
    """Changed, missing and extra files are told apart, in byte order of their paths."""
    (data / "a/x").unlink()
    (data / "b").write_bytes(b"33")
    (data / "0").write_bytes(b"")
    (data / "z").write_bytes(b"")
    (data / "数").rename(data / "据")
    found = compared(data)
    assert named(found) == [
        ("extra", "0"),
        ("missing", "a/x"),
        ("changed", "b"),
        ("extra", "z"),
        ("extra", "据"),
        ("missing", "数"),
    ]
    assert (found.changed, found.missing, found.extra, found.count) == (1, 2, 3, 6)
    first = found.differences[0]
    assert first.expected is None
    assert first.actual is not None


def test_files_swapped_are_both_changed(data: Path) -> None:
    """Two files that took each other's place both differ."""
    (data / "b").write_bytes(b"4")
    (data / "数").write_bytes(b"3")
    assert named(compared(data)) == [("changed", "b"), ("changed", "数")]


def test_differences_are_bounded_and_all_counted(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the bound differences are counted and not kept."""
    monkeypatch.setattr(comparison, "MAX_DIFFERENCES_NAMED", 2)
    for number in range(5):
        (data / f"new{number}").write_bytes(b"")
    found = compared(data)
    assert (len(found.differences), found.extra) == (2, 5)


def test_single_file_is_compared_by_its_bytes(tmp_path: Path) -> None:
    """The name of a single file does not count, its bytes do."""
    (tmp_path / "a").write_bytes(b"1")
    fingerprint(tmp_path / "a", manifest=tmp_path / "m.jsonl")
    (tmp_path / "a").rename(tmp_path / "renamed")
    assert compare(tmp_path / "renamed", tmp_path / "m.jsonl").matches
    (tmp_path / "renamed").write_bytes(b"2")
    found = compare(tmp_path / "renamed", tmp_path / "m.jsonl")
    assert not found.matches
    assert named(found) == [("changed", "renamed")]


def test_folder_is_not_the_file_it_holds(tmp_path: Path) -> None:
    """A folder that holds just the file of a manifest does not match it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a").write_bytes(b"1")
    fingerprint(tmp_path / "data" / "a", manifest=tmp_path / "m.jsonl")
    found = compare(tmp_path / "data", tmp_path / "m.jsonl")
    assert not found.matches
    assert (found.kind, found.manifest.header.kind) == ("folder", "file")


def test_false_further_digest_is_found_when_asked_for(data: Path) -> None:
    """A further digest that is not the file's is noticed by a comparison that computes them."""
    manifest = data.parent / "m.jsonl"
    lines = manifest.read_text().splitlines(keepends=True)
    at = lines[1].index('"sha256":"') + 10
    lines[1] = lines[1][:at] + ("0" if lines[1][at] != "0" else "1") + lines[1][at + 1 :]
    manifest.write_text("".join(lines))
    assert compared(data).count == 0
    found = compared(data, further=True)
    assert found.matches
    assert [difference.kind for difference in found.differences] == [DifferenceKind.CHANGED]


def test_refused_names_are_named(data: Path) -> None:
    """Content that gained a link is refused by name, as it is when it is registered."""
    (data / "link").symlink_to("b")
    with pytest.raises(PathsRefused):
        compared(data)


def test_broken_manifest_is_refused(data: Path) -> None:
    """A manifest that breaks off in a line is no manifest, though the content would match."""
    manifest = data.parent / "m.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-1])
    with pytest.raises(ManifestMalformed):
        compared(data)


def test_many_files_through_processes(tmp_path: Path) -> None:
    """A folder large enough for processes is compared file by file."""
    data = tmp_path / "data"
    data.mkdir()
    for number in range(1300):
        (data / f"{number:04}").write_bytes(b"%d" % number)
    (data / "large").write_bytes(b"x" * (5 << 20))
    fingerprint(data, manifest=tmp_path / "m.jsonl")
    (data / "0777").write_bytes(b"other")
    (data / "1299").unlink()
    seen: list[Progress] = []
    found = compare(data, tmp_path / "m.jsonl", workers=2, progress=seen.append)
    assert named(found) == [("changed", "0777"), ("missing", "1299")]
    assert seen[-1].files_done == 1300
