"""Write and read manifests: what the files of a data product are, line by line.

A manifest is UTF-8. Its first line is canonical JSON (RFC 8785): `format`, `kind` (`file` or
`folder`), the names of the further `digests`, and the descriptive `metadata`. One canonical line
for each file follows, in byte order of the paths: `digest` (the root of the file's chunks), `path`,
`size` in bytes, and the further digests by name. Every line ends in one line feed.

The content root comes from the lines alone: that of a `file` is its digest, and its name has no
part in it; that of a `folder` is the RFC 6962 root over the lines without their further digests and
line feeds. So a folder's leaf begins with `{"digest":"`, and is never of the 32 bytes that a leaf
of a file's chunks is: no file can be made whose root is a folder's.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Literal, NoReturn

import rfc8785

from registry.domain.digests import ALLOWED
from registry.domain.entries import entry_leaf, json_text
from registry.domain.merkle import Accumulator
from registry.domain.metadata import Metadata, metadata_hash
from registry.domain.nesting import is_deep
from registry.domain.paths import path_problem
from registry.errors import ContentMissing, FileUnreadable, ManifestMalformed, MetadataInvalid
from registry.regular_files import open_given

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMAT: Final = "dengji-manifest/1"
MAX_HEADER_BYTES: Final = 1 << 18
# A path of 4096 bytes, each written as six, and the rest of a line.
MAX_LINE_BYTES: Final = 1 << 15
MAX_SIZE: Final = (1 << 53) - 1
Kind = Literal["file", "folder"]
_MAX_DEPTH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line of a manifest."""

    kind: Kind
    metadata: Metadata
    digests: tuple[str, ...] = ()

    def line(self) -> bytes:
        """Return the canonical line, line feed included."""
        mapping = {
            "format": FORMAT,
            "kind": self.kind,
            "digests": list(self.digests),
            "metadata": self.metadata.to_mapping(),
        }
        return rfc8785.dumps(mapping) + b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of a data product.

    :ivar size: bytes.
    :ivar digest: the root of the file's chunks (32 bytes).
    :ivar further: the further digests, in the order that the header names them.
    """

    path: str
    size: int
    digest: bytes
    further: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a whole manifest says, the lines themselves left out."""

    header: Header
    content_root: bytes
    files: int
    size: int

    @property
    def metadata_hash(self) -> bytes:
        """Return the digest of the descriptive fields (32 bytes)."""
        return metadata_hash(self.header.metadata)


class ManifestReader:
    """Read a manifest line by line, refusing whatever is not the canonical form.

    Iterating yields the entries and, at the end, makes `summary` known.

    :raises ManifestMalformed: a line is not canonical, out of order, double, or too long, or a path
        leads outside.
    """

    __slots__ = (
        "_accumulator",
        "_digest",
        "_file",
        "_line",
        "_order",
        "_pattern",
        "_size",
        "_summary",
        "header",
    )

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._line = 1
        self._accumulator = Accumulator()
        self._digest = b""
        self._size = 0
        self._summary: Manifest | None = None
        self.header = self._read_header()
        self._pattern = _line_pattern(self.header.digests)
        self._order = _PathOrder()

    @property
    def summary(self) -> Manifest:
        """Return what the manifest says as a whole, reading what is still unread.

        :raises ManifestMalformed: as iterating does.
        """
        for _ in self:
            pass
        if self._summary is None:
            raise AssertionError("a reader that ended without a summary")
        return self._summary

    def __iter__(self) -> Iterator[Entry]:
        if self._summary is not None:
            return
        while raw := self._file.readline(MAX_LINE_BYTES + 1):
            self._line += 1
            entry = self._entry(raw)
            self._digest = entry.digest
            self._size += entry.size
            self._accumulator.add(entry_leaf(entry.path, entry.size, entry.digest))
            yield entry
        self._finish()

    def _entry(self, raw: bytes) -> Entry:
        """Return what one line says."""
        if len(raw) > MAX_LINE_BYTES:
            self._refuse(f"line-too-long:{MAX_LINE_BYTES}")
        match = self._pattern.fullmatch(raw)
        if not match:
            self._refuse("not-canonical-entry")
        path = self._path(match["path"])
        size = int(match["size"])
        if size > MAX_SIZE:
            self._refuse("size-too-large")
        further = tuple(bytes.fromhex(match[name].decode()) for name in self.header.digests)
        return Entry(
            path=path, size=size, digest=bytes.fromhex(match["digest"].decode()), further=further
        )

    def _path(self, written: bytes) -> str:
        """Return the path of a line, once it is sure that it stands there canonically."""
        try:
            path: str = json.loads(written)
            canonical = json_text(path).encode()
        except ValueError as error:
            raise ManifestMalformed(line=self._line, reason="path-not-utf-8") from error
        if canonical != written:
            self._refuse("path-not-canonical")
        if problem := path_problem(path) or self._order.problem(path):
            self._refuse(problem)
        return path

    def _finish(self) -> None:
        """Sum up once every line is read."""
        files = self._accumulator.size
        if not files:
            self._refuse("no-file")
        is_file = self.header.kind == "file"
        if is_file and files != 1:
            self._refuse("several-files")
        self._summary = Manifest(
            header=self.header,
            content_root=self._digest if is_file else self._accumulator.root,
            files=files,
            size=self._size,
        )

    def _read_header(self) -> Header:
        raw = self._file.readline(MAX_HEADER_BYTES + 1)
        if len(raw) > MAX_HEADER_BYTES:
            self._refuse(f"line-too-long:{MAX_HEADER_BYTES}")
        if is_deep(raw, _MAX_DEPTH):
            self._refuse("header-not-json")
        try:
            header = _header(json.loads(raw))
        except (ValueError, RecursionError) as error:
            raise ManifestMalformed(line=1, reason="header-not-json") from error
        except MetadataInvalid as error:
            raise ManifestMalformed(line=1, reason=f"header-metadata:{error.field}") from error
        if header is None or header.line() != raw:
            self._refuse(f"header-not-canonical:{FORMAT}")
        return header

    def _refuse(self, reason: str) -> NoReturn:
        raise ManifestMalformed(line=self._line, reason=reason)


class _PathOrder:
    """Check that paths ascend in byte order and that none is both a file and a folder."""

    __slots__ = ("_prefixes", "_previous")

    def __init__(self) -> None:
        self._previous = b""
        self._prefixes: list[bytes] = []

    def problem(self, path: str) -> str | None:
        """Say what is wrong with a path after those before it."""
        encoded = path.encode()
        if encoded <= self._previous:
            return "path-double" if encoded == self._previous else "path-out-of-order"
        # Only what begins this path can be its folder; once a path differs, so do all later ones.
        while self._prefixes and not encoded.startswith(self._prefixes[-1]):
            self._prefixes.pop()
        if any(encoded[len(prefix) :].startswith(b"/") for prefix in self._prefixes):
            return "path-through-file"
        self._prefixes.append(encoded)
        self._previous = encoded
        return None


def _header(mapping: object) -> Header | None:
    """Return a header by what it says, None where its shape is not that of a header."""
    if not isinstance(mapping, dict) or mapping.keys() != {"format", "kind", "digests", "metadata"}:
        return None
    kind, digests, metadata = mapping["kind"], mapping["digests"], mapping["metadata"]
    if mapping["format"] != FORMAT or kind not in ("file", "folder"):
        return None
    if not isinstance(digests, list) or not isinstance(metadata, dict):
        return None
    if not set(map(str, digests)) <= set(ALLOWED) or sorted(set(digests)) != digests:
        return None
    return Header(kind=kind, digests=tuple(digests), metadata=Metadata.recorded(metadata))


def _line_pattern(digests: Sequence[str]) -> re.Pattern[bytes]:
    """Return what a line with these further digests looks like."""
    members = {
        "digest": '"digest":"(?P<digest>[0-9a-f]{64})"',
        "path": r'"path":(?P<path>"(?:[^"\\\x00-\x1f]|\\["\\bfnrt]|\\u00[01][0-9a-f])*")',
        "size": '"size":(?P<size>0|[1-9][0-9]{0,15})',
    }
    members |= {name: f'"{name}":"(?P<{name}>[0-9a-f]{{64}})"' for name in digests}
    line = r"\{" + ",".join(members[name] for name in sorted(members)) + r"\}\n"
    return re.compile(line.encode())


@contextmanager
def open_manifest(path: Path) -> Iterator[ManifestReader]:
    """Open a manifest for reading.

    :raises ContentMissing: there is no such file.
    :raises FileUnreadable: it cannot be read.
    :raises ManifestMalformed: its first line is not a header.
    """
    try:
        file = open_given(path, buffering=1 << 17)
    except FileNotFoundError as error:
        raise ContentMissing(path=str(path)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileUnreadable(path=str(path), reason=reason) from error
    with file:
        yield ManifestReader(file)


def read_manifest(path: Path) -> Manifest:
    """Read a manifest through and return what it says as a whole.

    :raises ContentMissing: there is no such file.
    :raises ManifestMalformed: it is not the canonical form.
    """
    with open_manifest(path) as reader:
        return reader.summary


@contextmanager
def write_manifest(path: Path, header: Header) -> Iterator[IO[bytes]]:
    """Write a manifest: yield a file for its lines, and put it in place when all is well.

    The file appears whole or not at all, an older one of the name staying until then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb", buffering=1 << 17) as file:
            file.write(header.line())
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
