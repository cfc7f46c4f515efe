"""Fingerprint a file or folder: its content root, and the digest of its description.

The content root depends on the bytes alone, and for a folder on the paths of its files; where it
stands, its times and its permissions have no part in it, nor do empty folders. `manifest` says how
it is made, `paths` what is refused, `ignore` what may be left out.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from registry.domain.content import kind_of, name_of, refuse_inside
from registry.domain.digests import wanted
from registry.domain.entries import entry_line
from registry.domain.hashing import Hasher
from registry.domain.manifest import Header, Kind, write_manifest
from registry.domain.merkle import Accumulator
from registry.domain.metadata import Metadata, metadata_hash
from registry.domain.progress import OnProgress, Progress, Reporter
from registry.domain.walk import FolderWalk, measure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from registry.domain.cache import FingerprintCache
    from registry.domain.checkpoint import Checkpoint

__all__ = ["Fingerprint", "Progress", "fingerprint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What identifies one version of a data product.

    :ivar content_root: 32 bytes, over the files alone.
    :ivar metadata_hash: 32 bytes, over the descriptive fields alone.
    :ivar files: how many files there are.
    :ivar size: their bytes together.
    """

    content_root: bytes
    metadata_hash: bytes
    files: int
    size: int
    kind: Kind


def fingerprint(
    path: Path,
    *,
    metadata: Metadata | None = None,
    digests: Sequence[str] = (),
    progress: OnProgress | None = None,
    workers: int | None = None,
    cache: FingerprintCache | None = None,
    checkpoint: Checkpoint | None = None,
    manifest: Path | None = None,
) -> Fingerprint:
    """Fingerprint a file or folder, reading each byte once.

    :param metadata: the description; without it, the content is described by its name alone.
    :param digests: further digests for the manifest, of `sha256` and `sm3`.
    :param progress: told how far it is, about ten times a second and at the end.
    :param workers: how many cores to use; without it, all.
    :param cache: a memory of unchanged files to rely on; without it, every byte is read.
    :param checkpoint: where to keep what was read, and where to find it when resuming; it takes the
        place of a cache, and is made for the same content and digests.
    :param manifest: where to write the manifest, which appears whole or not at all.
    :raises ContentMissing: nothing stands at the path.
    :raises FolderEmpty: the folder holds no file.
    :raises PathsRefused: some names are refused.
    :raises FileChanged: a file changed while it was being read.
    :raises FileUnreadable: a file cannot be read.
    :raises ManifestInsideContent: the manifest would become part of the content.
    """
    kind = kind_of(path)
    described = metadata or Metadata.named_after(path)
    header = Header(kind=kind, metadata=described, digests=wanted(digests))
    writer: AbstractContextManager[IO[bytes] | None] = nullcontext()
    if manifest is not None:
        refuse_inside(manifest, path)
        writer = write_manifest(manifest, header)
    reporter = reporter_for(path, kind, progress)
    hasher = Hasher(
        workers=workers,
        digests=header.digests,
        lines=manifest is not None,
        cache=cache,
        checkpoint=checkpoint,
        on_bytes=reporter.add_bytes,
    )
    with writer as file, hasher:
        one = _fingerprint_folder if kind == "folder" else _fingerprint_file
        root, files, size = one(path, hasher, header, file, reporter)
    reporter.finish()
    return Fingerprint(
        content_root=root,
        metadata_hash=metadata_hash(described),
        files=files,
        size=size,
        kind=kind,
    )


def reporter_for(path: Path, kind: Kind, progress: OnProgress | None) -> Reporter:
    """Return a reporter that knows how much there is to do, counted only for a listener."""
    if progress is None:
        return Reporter(None, files=0, size=0)
    files, size = (1, path.stat().st_size) if kind == "file" else measure(os.fsencode(path))
    return Reporter(progress, files=files, size=size)


def _fingerprint_file(
    path: Path, hasher: Hasher, header: Header, manifest: IO[bytes] | None, reporter: Reporter
) -> tuple[bytes, int, int]:
    """Return the root, number and bytes of a single file."""
    size, digest, further = hasher.hash_file(os.fsencode(path))
    reporter.add(files=1, size=0)
    if manifest:
        manifest.write(entry_line(name_of(path), size, digest, header.digests, further))
    return digest, 1, size


def _fingerprint_folder(
    path: Path, hasher: Hasher, header: Header, manifest: IO[bytes] | None, reporter: Reporter
) -> tuple[bytes, int, int]:
    """Return the root, number and bytes of a folder's files."""
    del header
    root = os.fsencode(path)
    accumulator = Accumulator()
    size = 0
    for _, segment in hasher.hash_all(root, FolderWalk(root)):
        for node in segment.nodes:
            accumulator.add_subtree(node, segment.height)
        size += segment.size
        if manifest:
            manifest.write(segment.lines)
        reporter.add(files=segment.files, size=0)
    return accumulator.root, accumulator.size, size
