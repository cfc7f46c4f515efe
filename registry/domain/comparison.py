"""Compare content with a manifest and name the files that differ."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from registry.domain.content import kind_of, name_of
from registry.domain.fingerprint import reporter_for
from registry.domain.hashing import Hasher
from registry.domain.manifest import Entry, Kind, ManifestReader, open_manifest
from registry.domain.merkle import Accumulator
from registry.domain.walk import FolderWalk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.manifest import Manifest
    from registry.domain.progress import OnProgress, Reporter

MAX_DIFFERENCES_NAMED: Final = 1000


class DifferenceKind(StrEnum):
    """How a file differs from what the manifest says."""

    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One file that differs; `expected` is the manifest's entry, `actual` the content's."""

    kind: DifferenceKind
    path: str
    expected: Entry | None
    actual: Entry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What comparing came to.

    :ivar content_root: of the content as it is now (32 bytes).
    :ivar manifest: what the manifest says as a whole.
    :ivar differences: the first thousand, in byte order of their paths.
    """

    content_root: bytes
    kind: Kind
    manifest: Manifest
    differences: tuple[Difference, ...]
    changed: int
    missing: int
    extra: int

    @property
    def matches(self) -> bool:
        """Say whether the content is what the manifest describes.

        A file alone and a folder that holds just this file differ, though no file does.
        """
        return self.content_root == self.manifest.content_root

    @property
    def count(self) -> int:
        """Return how many files differ, also beyond those that are named."""
        return self.changed + self.missing + self.extra


def compare(
    path: Path,
    manifest: Path,
    *,
    progress: OnProgress | None = None,
    workers: int | None = None,
    further: bool = False,
) -> Comparison:
    """Compare a file or folder with a manifest, reading every byte of it and trusting no memory.

    The name of a single file does not count.

    :param further: whether to check the manifest's further digests too; no content root covers
        them.
    :raises ManifestMalformed: the manifest is not the canonical form.
    :raises PathsRefused: the content holds names that no content may.
    :raises FileChanged: a file changed while it was being read.
    """
    kind = kind_of(path)
    with open_manifest(manifest) as reader:
        digests = reader.header.digests if further else ()
        reporter = reporter_for(path, kind, progress)
        found = _Found(path, kind, digests, workers, reporter)
        tally = _Tally(further=further)
        expected = iter(reader)
        if kind == reader.header.kind == "file":
            expected = _renamed(reader, name_of(path))
        for pair in _merged(expected, iter(found)):
            tally.take(*pair)
        summary = reader.summary
    reporter.finish()
    return Comparison(
        content_root=found.root,
        kind=kind,
        manifest=summary,
        differences=tuple(tally.named),
        changed=tally.counts[DifferenceKind.CHANGED],
        missing=tally.counts[DifferenceKind.MISSING],
        extra=tally.counts[DifferenceKind.EXTRA],
    )


class _Found:
    """The entries of the content as they are hashed, and their root once they were iterated."""

    def __init__(
        self,
        path: Path,
        kind: Kind,
        digests: tuple[str, ...],
        workers: int | None,
        reporter: Reporter,
    ) -> None:
        self._path = path
        self._kind = kind
        self._digests = digests
        self._workers = workers
        self._reporter = reporter
        self.root = b""

    def __iter__(self) -> Iterator[Entry]:
        hasher = Hasher(
            workers=self._workers,
            digests=self._digests,
            detail=True,
            on_bytes=self._reporter.add_bytes,
        )
        with hasher:
            yield from self._folder(hasher) if self._kind == "folder" else self._file(hasher)

    def _file(self, hasher: Hasher) -> Iterator[Entry]:
        size, digest, further = hasher.hash_file(os.fsencode(self._path))
        self._reporter.add(files=1, size=0)
        self.root = digest
        yield Entry(path=name_of(self._path), size=size, digest=digest, further=further)

    def _folder(self, hasher: Hasher) -> Iterator[Entry]:
        root = os.fsencode(self._path)
        accumulator = Accumulator()
        for paths, segment in hasher.hash_all(root, FolderWalk(root)):
            self._reporter.add(files=segment.files, size=0)
            for node in segment.nodes:
                accumulator.add_subtree(node, segment.height)
            for encoded, hashed in zip(paths, segment.hashes, strict=True):
                size, digest, further = hashed
                path = encoded.decode()
                yield Entry(path=path, size=size, digest=digest, further=further)
        self.root = accumulator.root


class _Tally:
    """Count differences and keep the first of them."""

    def __init__(self, *, further: bool) -> None:
        self._further = further
        self.named: list[Difference] = []
        self.counts = dict.fromkeys(DifferenceKind, 0)

    def take(self, expected: Entry | None, actual: Entry | None) -> None:
        """Compare what should stand at a path with what does."""
        either = expected or actual
        if either is None:
            return
        kind = DifferenceKind.CHANGED
        if expected is None or actual is None:
            kind = DifferenceKind.EXTRA if expected is None else DifferenceKind.MISSING
        elif (expected.size, expected.digest) == (actual.size, actual.digest) and (
            not self._further or expected.further == actual.further
        ):
            return
        self.counts[kind] += 1
        if len(self.named) < MAX_DIFFERENCES_NAMED:
            self.named.append(
                Difference(kind=kind, path=either.path, expected=expected, actual=actual)
            )


def _renamed(reader: ManifestReader, name: str) -> Iterator[Entry]:
    """Yield the one entry of a single file's manifest under the name that the file has now."""
    for entry in reader:
        yield Entry(path=name, size=entry.size, digest=entry.digest, further=entry.further)


def _merged(
    expected: Iterator[Entry], actual: Iterator[Entry]
) -> Iterator[tuple[Entry | None, Entry | None]]:
    """Yield what stands at each path in two streams that both ascend in byte order."""
    left, right = next(expected, None), next(actual, None)
    while left or right:
        order = _order(left, right)
        yield left if order <= 0 else None, right if order >= 0 else None
        if order <= 0:
            left = next(expected, None)
        if order >= 0:
            right = next(actual, None)


def _order(left: Entry | None, right: Entry | None) -> int:
    """Return -1, 0 or 1 as the left path comes first, both are equal, or the right comes first."""
    if left is None or right is None:
        return 1 if left is None else -1
    first, second = left.path.encode(), right.path.encode()
    return (first > second) - (first < second)
