"""Manifests are written and read line by line, in one canonical form only."""

import io
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
import rfc8785

from registry.domain import merkle
from registry.domain.entries import entry_leaf, entry_line
from registry.domain.manifest import (
    MAX_LINE_BYTES,
    Entry,
    Header,
    ManifestReader,
    open_manifest,
    read_manifest,
    write_manifest,
)
from registry.domain.metadata import Metadata, metadata_hash
from registry.errors import ContentMissing, ManifestMalformed

HEADER = Header(kind="folder", metadata=Metadata(data_name="x"))
DIGEST = bytes(range(32))


def line(path: str, size: int = 1) -> bytes:
    """Return the line of a file."""
    return entry_line(path, size, DIGEST, (), ())


def text(*paths: str, header: Header = HEADER) -> bytes:
    """Return a manifest that names these files."""
    return header.line() + b"".join(line(path) for path in paths)


def reason(data: bytes) -> tuple[int, str]:
    """Return the line and reason for which a manifest is refused."""
    with pytest.raises(ManifestMalformed) as caught:
        list(ManifestReader(io.BytesIO(data)))
    return caught.value.line, caught.value.reason


def test_lines_are_canonical_json() -> None:
    """Header and entries are what RFC 8785 makes of their members."""
    header = Header(kind="folder", metadata=Metadata(data_name="é"), digests=("sha256", "sm3"))
    assert (
        header.line()
        == rfc8785.dumps(
            {
                "format": "dengji-manifest/1",
                "kind": "folder",
                "digests": ["sha256", "sm3"],
                "metadata": {"dataName": "é"},
            }
        )
        + b"\n"
    )
    members: dict[str, str | int] = {"path": 'a"\n\x7f数', "size": 7, "digest": DIGEST.hex()}
    assert entry_leaf('a"\n\x7f数', 7, DIGEST) == rfc8785.dumps(members)
    further: dict[str, str | int] = {"sha256": "01" * 32, "sm3": "02" * 32}
    assert (
        entry_line('a"\n\x7f数', 7, DIGEST, ("sha256", "sm3"), (b"\1" * 32, b"\2" * 32))
        == rfc8785.dumps(members | further) + b"\n"
    )


def test_reading_gives_back_what_was_written(tmp_path: Path) -> None:
    """Entries, header and root of a written manifest are read again."""
    header = Header(kind="folder", metadata=Metadata(data_name="x"), digests=("sha256",))
    entries = [
        Entry(path=path, size=size, digest=DIGEST, further=(bytes([size]) * 32,))
        for path, size in [("a", 0), ("b-b", 1), ("b/c", 2), ("数", 3)]
    ]
    path = tmp_path / "deep" / "m.jsonl"
    with write_manifest(path, header) as file:
        for entry in entries:
            file.write(entry_line(entry.path, entry.size, entry.digest, ("sha256",), entry.further))
    with open_manifest(path) as reader:
        assert reader.header == header
        assert list(reader) == entries
    manifest = read_manifest(path)
    assert (manifest.files, manifest.size) == (4, 6)
    assert manifest.metadata_hash == metadata_hash(header.metadata)
    leaves = [entry_leaf(entry.path, entry.size, entry.digest) for entry in entries]
    assert manifest.content_root == merkle.root_of(leaves)


def test_root_of_a_single_file_is_its_digest() -> None:
    """The manifest of one file has the file's own root, whatever its name; a folder's has not."""
    file = Header(kind="file", metadata=Metadata(data_name="x"))
    roots = {
        ManifestReader(io.BytesIO(text(name, header=file))).summary.content_root
        for name in ("a", "b")
    }
    assert roots == {DIGEST}
    assert ManifestReader(io.BytesIO(text("a"))).summary.content_root == merkle.leaf_hash(
        line("a")[:-1]
    )


def test_summary_reads_what_is_still_unread() -> None:
    """Asking for the whole after some entries goes on from there, and keeps checking the order."""
    reader = ManifestReader(io.BytesIO(text("a", "b", "c")))
    next(iter(reader))
    assert reader.summary.files == 3
    reader = ManifestReader(io.BytesIO(text("b", "a")))
    next(iter(reader))
    with pytest.raises(ManifestMalformed, match="order"):
        _ = reader.summary


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("b", "a"), (3, "path-out-of-order")),
        (("a", "a"), (3, "path-double")),
        (("a/x", "a-b"), (3, "path-out-of-order")),
        (("a", "a!", "a/x"), (4, "path-through-file")),
        (("a", "a!", "a!/y", "a/x"), (4, "path-through-file")),
        (("a", "a-b", "a.", "a/b/c"), (5, "path-through-file")),
        (("../a",), (2, "path-not-relative")),
        (("/a",), (2, "path-not-relative")),
        (("a//b",), (2, "path-not-relative")),
        (("e\u0301",), (2, "path-not-nfc")),
        ((), (1, "no-file")),
    ],
)
def test_paths_that_may_not_stand_are_refused(
    paths: tuple[str, ...], expected: tuple[int, str]
) -> None:
    """Order, doubles, escapes and impossible trees are refused by line."""
    assert reason(text(*paths)) == expected


def test_names_that_begin_alike_are_fine() -> None:
    """A file may share the beginning of its name with a folder's."""
    paths = ["a", "a-b/c", "a.b", "ab/a", "ab/a-"]
    assert [entry.path for entry in ManifestReader(io.BytesIO(text(*paths)))] == paths


@pytest.mark.parametrize(
    "bad",
    [
        line("a").replace(b'"size":1', b'"size":01'),
        line("a").replace(b'"size":1', b'"size":1.0'),
        line("a").replace(b'"size":1', b'"size":-1'),
        line("a").replace(b'"size":1', b'"size":9007199254740992'),
        line("a").replace(b'"size":1', b'"size":1,"size":1'),
        line("a").replace(b'"size":1', b'"size":1,"x":1'),
        line("a").replace(b'"size"', b' "size"'),
        line("a").replace(b"00010203", b"0001020A"),
        line("a").replace(b'"a"', b'"\\u0061"'),
        line("a").replace(b'"a"', b'"\\u0009"'),
        line("a").replace(b'"a"', b'"\\/"'),
        line("a").replace(b'"a"', b'"\\ud800"'),
        line("a").replace(b'"a"', b'"\xff"'),
        line("a").replace(b'"a"', b'"\xed\xa0\x80"'),
        line("a").replace(b'"a"', b'"a\tb"'),
        line("a").replace(b'"a"', b'"a\\u0000b"'),
        line("a")[:-1],
        line("a")[:-1] + b"\r\n",
        b"\n",
        b"{}\n",
        b"[" * 20_000 + b"\n",
        b'{"digest":' + b"1" * 5_000 + b"}\n",
        line("x" * (MAX_LINE_BYTES + 1)),
    ],
)
def test_lines_of_any_other_form_are_refused(bad: bytes) -> None:
    """Whatever is not the one canonical form of a line is refused, on that line."""
    assert reason(HEADER.line() + bad)[0] == 2


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b"null\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b"1" * 300_000,
        HEADER.line()[:-1],
        b" " + HEADER.line(),
        HEADER.line().replace(b"manifest/1", b"manifest/2"),
        HEADER.line().replace(b'"folder"', b'"pile"'),
        HEADER.line().replace(b'"digests":[]', b'"digests":["md5"]'),
        HEADER.line().replace(b'"digests":[]', b'"digests":["sm3","sha256"]'),
        HEADER.line().replace(b'"digests":[]', b'"digests":["sm3","sm3"]'),
        HEADER.line().replace(b'"digests":[]', b'"digests":[["sm3"]]'),
        HEADER.line().replace(b'"digests":[]', b'"digests":{}'),
        HEADER.line().replace(b'"dataName"', b'"dataname"'),
        HEADER.line().replace(b'{"dataName":"x"}', b"[]"),
        HEADER.line().replace(b'"x"', b'" x"'),
        HEADER.line().replace(b'"x"', b'"\\u0078"'),
        HEADER.line().decode().encode("utf-16"),
    ],
)
def test_headers_of_any_other_form_are_refused(bad: bytes) -> None:
    """Whatever is not the one canonical form of a header is refused on line 1."""
    assert reason(bad + line("a"))[0] == 1


def test_a_deep_header_ends_no_process() -> None:
    """Where another package has raised the recursion limit, brackets do not exhaust the stack."""
    script = (
        "import io, sys; sys.setrecursionlimit(10**6)\n"
        "from registry.domain.manifest import ManifestReader\n"
        "from registry.errors import ManifestMalformed\n"
        "try: ManifestReader(io.BytesIO(b'[' * 200_000))\n"
        "except ManifestMalformed as error: print(error.reason)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "header-not-json\n")


def test_single_file_has_one_line() -> None:
    """The manifest of a single file that names two is refused."""
    header = Header(kind="file", metadata=Metadata(data_name="x"))
    assert reason(text("a", "b", header=header))[1] == "several-files"


def test_manifest_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    """After a failure the older manifest stays and nothing else is left behind."""
    path = tmp_path / "m.jsonl"
    path.write_bytes(text("old"))

    def interrupted() -> None:
        with write_manifest(path, HEADER) as file:
            file.write(line("new"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_bytes() == text("old")
    assert [path.name for path in tmp_path.iterdir()] == ["m.jsonl"]


def test_missing_manifest_is_named(tmp_path: Path) -> None:
    """A manifest that is not there is an error that names it."""
    with pytest.raises(ContentMissing):
        read_manifest(tmp_path / "none")


def test_memory_does_not_grow_with_the_files() -> None:
    """Reading a hundred times as many lines takes no more memory."""

    class Lines(io.BytesIO):
        """A manifest of any length, made as it is read."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self._lines = (line(f"{number:09}") for number in range(count))
            self._first = True

        def readline(self, size: int | None = -1) -> bytes:
            """Return the next line."""
            del size
            if self._first:
                self._first = False
                return HEADER.line()
            return next(self._lines, b"")

    peaks = []
    for count in (100, 10_000):
        tracemalloc.start()
        assert ManifestReader(Lines(count)).summary.files == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 20_000
