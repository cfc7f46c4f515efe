"""Write and read the frames of a checkpoint's run.

A frame is its length (4 bytes, little-endian), the same with every bit turned, the first 16 bytes
of the BLAKE3 of its body, and the body. So a frame that was cut short is told from one that was
damaged: the file ends in the former. The body begins with a letter:

- `O` opens a run: the format and the names of the further digests.
- `F` holds neighbouring files: their paths, compressed, and their stamps, column by column; then
  for each file its root and the further digests.
- `C` holds neighbouring chunks of one file: the number of the first, the file's stamp and path, and
  the chunks' BLAKE3 digests.
"""

from __future__ import annotations

import os
import struct
import zlib
from bisect import bisect_left
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from blake3 import blake3

from registry.domain.chunks import CHUNK_SIZE, FileHash, FileHashes
from registry.domain.merkle import HASH_SIZE
from registry.domain.stamps import Stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FORMAT: Final = b"dengji-checkpoint/2"
_HEAD: Final = struct.Struct("<II16s")
_FILES: Final = struct.Struct("<II")
_CHUNKS: Final = struct.Struct("<QI5Q")
_ALL_BITS: Final = 0xFFFF_FFFF
_WORD: Final = (1 << 64) - 1
_CHECK_SIZE: Final = 16
_MOST_PLAIN: Final = 1 << 26
_WORD_SIZE: Final = 8
_COLUMNS: Final = len(Stamp._fields)
_SIZE: Final = Stamp._fields.index("size")


class Total(NamedTuple):
    """How many whole files a run has, and their bytes together."""

    files: int
    size: int


class Found(NamedTuple):
    """What a run says of one file.

    :ivar stamp: what the whole file was when it was read, None where it was not read to its end.
    :ivar hashed: what the whole file came to.
    :ivar chunks_at: where in the run the file's chunks begin, None where it has none.
    """

    stamp: Stamp | None = None
    hashed: FileHash | None = None
    chunks_at: int | None = None


class _Frame(NamedTuple):
    """The body of a frame, and where in its file the frame begins."""

    offset: int
    body: bytes


class _Files(NamedTuple):
    """What a frame says of neighbouring files: their stamps by column, their hashes in one."""

    paths: list[bytes]
    columns: list[tuple[int, ...]]
    hashes: bytes


_NO_FILES: Final = _Files([], [()] * _COLUMNS, b"")


def _framed(body: bytes) -> bytes:
    check = blake3(body).digest(_CHECK_SIZE)
    return _HEAD.pack(len(body), len(body) ^ _ALL_BITS, check) + body


def opening(digests: Sequence[str]) -> bytes:
    """Return the frame that opens a run."""
    return _framed(b"O" + _title(digests))


def _title(digests: Sequence[str]) -> bytes:
    return b"\0".join([FORMAT, *(name.encode() for name in digests)])


def of_files(known: Sequence[tuple[bytes, Stamp, FileHash]]) -> bytes:
    """Return the frame of neighbouring files: path, stamp, and what each came to."""
    columns = words_by_column([stamp for _, stamp, _ in known])
    stamps = [struct.pack(f"<{len(known)}Q", *column) for column in columns]
    # Paths are mostly like their neighbours; times are like nothing, and slow to press.
    paths = zlib.compress(b"\0".join([path for path, _, _ in known]), 1)
    hashes = [part for _, _, hashed in known for part in (hashed.digest, *hashed.further)]
    head = b"F" + _FILES.pack(len(known), len(paths))
    return _framed(b"".join([head, paths, *stamps, *hashes]))


def of_chunks(path: bytes, stamp: Stamp, first: int, leaves: Sequence[bytes]) -> bytes:
    """Return the frame of neighbouring chunks of one file, `first` on."""
    head = _CHUNKS.pack(first, len(path), *words(stamp))
    return _framed(b"".join([b"C", head, path, *leaves]))


def words(stamp: Stamp) -> Stamp:
    """Return a stamp as it is kept, without signs: times before 1970 have one."""
    if min(stamp) >= 0:
        return stamp
    return Stamp._make(value & _WORD for value in stamp)


def words_by_column(stamps: Sequence[Stamp]) -> list[tuple[int, ...]]:
    """Return stamps as they are kept, column by column: at least one of them."""
    return [
        column if min(column) >= 0 else tuple([value & _WORD for value in column])
        for column in zip(*stamps, strict=True)
    ]


class Reader:
    """Read a run: file by file in the order of the paths, or as a whole.

    :ivar damaged: whether reading came upon a frame that is not what was written; nothing after it
        is read. A run that ends in the middle of a frame is not damaged.
    """

    __slots__ = ("_digests", "_file", "_files", "_frame", "_frames", "_next", "damaged")

    def __init__(self, path: Path, digests: Sequence[str]) -> None:
        self._digests = digests
        self.damaged = False
        self._file: IO[bytes] | None = None
        # Another process may have finished meanwhile, and taken its checkpoint away.
        with suppress(OSError):
            self._file = path.open("rb")
        self._frames = self._opened()
        self._frame = next(self._frames, None)
        self._files: _Files | None = None
        self._next = 0

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def find(self, path: bytes) -> Found:
        """Return what the run says of a file; files are asked for in the order of their paths."""
        chunks_at = None
        while self._frame is not None:
            if self._frame.body[:1] == b"F":
                found = self._find_whole(self._frame, path)
                if found is not None:
                    return found._replace(chunks_at=chunks_at)
            else:
                here = _chunks(self._frame.body)[0]
                if here > path:
                    break
                if here == path and chunks_at is None:
                    chunks_at = self._frame.offset
            self._frame, self._files = next(self._frames, None), None
        return Found(chunks_at=chunks_at)

    def find_together(
        self, paths: Sequence[bytes], columns: Sequence[tuple[int, ...]]
    ) -> FileHashes | None:
        """Return what neighbouring files came to, None unless one frame has them as they are.

        :param columns: their stamps as they are now, by column.
        """
        while self._frame is not None and self._frame.body[:1] == b"F":
            if self._files is None:
                self._files, self._next = self._files_in(self._frame), 0
            known, start = self._files, self._next
            if start < len(known.paths):
                end = start + len(paths)
                wanted = known.paths[start:end] == paths
                if not wanted or [one[start:end] for one in known.columns] != columns:
                    return None
                self._next = end
                return self._hashes(known, start, end)
            self._frame, self._files = next(self._frames, None), None
        return None

    def _hashes(self, known: _Files, start: int, end: int) -> FileHashes:
        """Return what neighbouring files of a frame came to."""
        each = 1 + len(self._digests)
        place = range(start * each * HASH_SIZE, end * each * HASH_SIZE, HASH_SIZE)
        found = [known.hashes[at : at + HASH_SIZE] for at in place]
        further = [tuple(found[at + 1 : at + each]) for at in range(0, len(found), each)]
        return FileHashes.of_columns(known.columns[_SIZE][start:end], found[::each], further)

    def chunks(self, offset: int, path: bytes, stamp: Stamp) -> Iterator[tuple[int, list[bytes]]]:
        """Yield neighbouring chunks of a file, each time the number of the first and the digests.

        :param offset: where in the run the file's chunks begin.
        :param stamp: what the file is now; chunks of what it was before are left out.
        """
        for frame in self._read(offset):
            if frame.body[:1] != b"C":
                return
            here, first, kept, leaves = _chunks(frame.body)
            if here != path:
                return
            if kept == words(stamp):
                yield (
                    first,
                    [leaves[at : at + HASH_SIZE] for at in range(0, len(leaves), HASH_SIZE)],
                )

    def total(self, begun: dict[bytes, int]) -> Total:
        """Return what the run has in whole files, reading it to its end.

        :param begun: bytes of files by path that earlier runs did not finish; brought up to date.
        """
        files = size = 0
        for frame in self._opened():
            if frame.body[:1] == b"F":
                known = self._files_in(frame)
                files += len(known.paths)
                size += sum(known.columns[_SIZE])
                for path in begun.keys() & set(known.paths):
                    del begun[path]
            else:
                path, _, _, leaves = _chunks(frame.body)
                begun[path] = begun.get(path, 0) + len(leaves) // HASH_SIZE * CHUNK_SIZE
        return Total(files, size)

    def _opened(self) -> Iterator[_Frame]:
        """Yield the frames after the one that opens the run."""
        frames = self._read(0)
        first = next(frames, None)
        if first is not None and first.body != b"O" + _title(self._digests):
            self.damaged = True
            return
        yield from frames

    def _read(self, offset: int) -> Iterator[_Frame]:
        """Yield the frames from a place on, up to one that is cut short or damaged."""
        while self._file is not None:
            descriptor = self._file.fileno()
            head = os.pread(descriptor, _HEAD.size, offset)
            if len(head) < _HEAD.size:
                return
            length, turned, check = _HEAD.unpack(head)
            body = b""
            if length ^ turned == _ALL_BITS:
                body = os.pread(descriptor, length, offset + _HEAD.size)
                if len(body) < length:
                    return
            if not body or blake3(body).digest(_CHECK_SIZE) != check or not _is_whole(body):
                self.damaged = True
                return
            yield _Frame(offset, body)
            offset += _HEAD.size + length

    def _find_whole(self, frame: _Frame, path: bytes) -> Found | None:
        """Return what a frame of files says of one, None where that may come in a later frame."""
        if self._files is None:
            self._files, self._next = self._files_in(frame), 0
        paths, columns, _ = self._files
        at = self._next
        # Mostly it is the one after the last one that was asked for.
        if at == len(paths) or paths[at] != path:
            at = self._next = bisect_left(paths, path)
            if at == len(paths):
                return None
            if paths[at] != path:
                return Found()
        self._next = at + 1
        stamp = Stamp._make([column[at] for column in columns])
        return Found(stamp, *self._hashes(self._files, at, at + 1))

    def _files_in(self, frame: _Frame) -> _Files:
        """Return what a frame says of files; nothing, where it says what no writer would."""
        count, length = _FILES.unpack_from(frame.body, 1)
        start = 1 + _FILES.size
        stamps = start + length
        width = count * _WORD_SIZE
        paths: list[bytes] = []
        # A frame holds no more than a batch: what would grow beyond that is no frame of ours.
        with suppress(zlib.error):
            plain = zlib.decompressobj().decompress(frame.body[start:stamps], _MOST_PLAIN)
            paths = plain.split(b"\0")
        hashes = frame.body[stamps + _COLUMNS * width :]
        if len(paths) != count or len(hashes) != count * HASH_SIZE * (1 + len(self._digests)):
            self.damaged = True
            return _NO_FILES
        columns = [
            struct.unpack_from(f"<{count}Q", frame.body, stamps + number * width)
            for number in range(_COLUMNS)
        ]
        return _Files(paths, columns, hashes)


def _is_whole(body: bytes) -> bool:
    """Tell whether a frame is as long as it says of its parts."""
    if body[:1] == b"F" and len(body) >= 1 + _FILES.size:
        return len(body) >= 1 + _FILES.size + int(_FILES.unpack_from(body, 1)[1])
    if body[:1] == b"C" and len(body) >= 1 + _CHUNKS.size:
        rest = len(body) - 1 - _CHUNKS.size - int(_CHUNKS.unpack_from(body, 1)[1])
        return rest >= 0 and rest % HASH_SIZE == 0
    return body[:1] == b"O"


def _chunks(body: bytes) -> tuple[bytes, int, Stamp, bytes]:
    """Return what a frame of chunks has: path, number of the first, stamp, all digests in one."""
    first, length, *stamp = _CHUNKS.unpack_from(body, 1)
    start = 1 + _CHUNKS.size
    end = start + length
    return body[start:end], first, Stamp(*stamp), body[end:]
