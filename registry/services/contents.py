"""Fingerprint content, with its manifest and salts at home before anything is sent."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from registry.archive import Archive
    from registry.domain.checkpoint import Checkpoint
    from registry.domain.fingerprint import Fingerprint
    from registry.domain.metadata import Metadata
    from registry.domain.progress import OnProgress
    from registry.services.actor import Actor


def kept_description(
    archive: Archive | None, content_root: bytes, metadata_hash: bytes
) -> Metadata | None:
    """Return the description that was registered with a content, None where it is not kept here.

    Both digests are 32 bytes. Raises `ManifestMalformed` where what is kept was damaged.
    """
    # Imported here for start-up time: few tasks read manifests.
    from registry.domain import metadata as described  # noqa: PLC0415
    from registry.domain.manifest import open_manifest  # noqa: PLC0415

    path = None if archive is None else archive.manifest_path(content_root)
    if path is None or not path.exists():
        return None
    with open_manifest(path) as reader:
        found = reader.header.metadata
    return found if described.metadata_hash(found) == metadata_hash else None


@contextmanager
def fingerprinted(
    actor: Actor,
    content: Path | str | Fingerprint,
    metadata: Metadata | None,
    progress: OnProgress | None,
    *,
    private: bool = False,
    resume: bool = False,
) -> Iterator[Fingerprint]:
    """Yield the fingerprint as the ledger is to hold it, salted where it is private.

    Where there is an archive, the manifest is in it by then; without one, nothing is private:
    raises `ArchiveNeeded`. What was read stays in it until leaving succeeds; `resume` relies on
    what an earlier attempt left there.
    """
    with _measured(actor.archive, content, metadata, progress, resume=resume) as plain:
        if private:
            from registry.services.secrecy import made_private  # noqa: PLC0415 (start-up time)

            yield made_private(actor, plain, described=metadata is not None)
        else:
            yield plain


@contextmanager
def _measured(
    archive: Archive | None,
    content: Path | str | Fingerprint,
    metadata: Metadata | None,
    progress: OnProgress | None,
    *,
    resume: bool,
) -> Iterator[Fingerprint]:
    """Yield the fingerprint; its manifest is in the archive before anything is sent."""
    if not isinstance(content, Path | str):
        yield content
        return
    with _checkpoint(archive, Path(content), resume=resume) as checkpoint:
        with scratch(archive) as folder:
            found = measured(archive, folder, Path(content), metadata, progress, checkpoint)
        if checkpoint is not None:
            checkpoint.keep()
        yield found


def _checkpoint(
    archive: Archive | None, content: Path, *, resume: bool
) -> AbstractContextManager[Checkpoint | None]:
    """Return what keeps that which was read, until what it is for has succeeded."""
    from registry.domain.checkpoint import Checkpoint  # noqa: PLC0415 (start-up time)

    if archive is None:
        return nullcontext()
    return Checkpoint(archive.checkpoints, content, resume=resume)


@contextmanager
def scratch(archive: Archive | None) -> Iterator[Path | None]:
    """Yield a folder for manifests that are being written, None where nothing is kept."""
    # Imported here for start-up time: only what reads content needs it.
    import tempfile  # noqa: PLC0415

    from registry.services import leftovers  # noqa: PLC0415

    if archive is None:
        yield None
        return
    folder = archive.manifest_path(b"").parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    leftovers.clear(folder)
    prefix = leftovers.scratch_prefix()
    with tempfile.TemporaryDirectory(dir=folder, prefix=prefix) as made:
        yield Path(made)


def measured(
    archive: Archive | None,
    folder: Path | None,
    content: Path,
    metadata: Metadata | None,
    progress: OnProgress | None = None,
    checkpoint: Checkpoint | None = None,
) -> Fingerprint:
    """Return the fingerprint of a file or folder, with its manifest in the archive by then.

    `folder` is from `scratch`; several threads may use one.
    """
    # Imported here for start-up time: only what reads content needs it.
    import uuid  # noqa: PLC0415

    from registry.domain.fingerprint import fingerprint  # noqa: PLC0415

    if archive is None or folder is None:
        return fingerprint(content, metadata=metadata, progress=progress)
    written = folder / uuid.uuid4().hex
    found = fingerprint(
        content, metadata=metadata, progress=progress, checkpoint=checkpoint, manifest=written
    )
    kept = archive.manifest_path(found.content_root)
    if metadata is not None or not kept.exists():
        written.chmod(0o600)
        written.replace(kept)
    else:
        written.unlink()
    return found
