"""`dengji fingerprint`: compute a content root, without a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import progress, shapes
from cli.files import look_at
from cli.grammar import argument, command, option
from cli.output import Answer
from cli.resuming import resumable, resume_option
from cli.types import FILE

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session


@command("fingerprint")
@argument("path", type=FILE)
@option("--manifest", type=FILE, metavar="FILE")
@option("--digest", "digests", multiple=True, metavar="NAME")
@resume_option
def fingerprint(
    session: Session, path: Path, manifest: Path | None, digests: tuple[str, ...], resume: bool
) -> Answer:
    """Fingerprint the content at a path."""
    from registry.archive import Archive  # noqa: PLC0415 (start-up time)
    from registry.domain.checkpoint import Checkpoint  # noqa: PLC0415 (start-up time)
    from registry.domain.digests import wanted  # noqa: PLC0415 (start-up time)
    from registry.domain.fingerprint import fingerprint as computed  # noqa: PLC0415 (start-up time)

    session.long()
    further = wanted(digests)
    look_at(path)
    folder = Archive(session.settings.home).checkpoints
    with (
        resumable(session, path, resume=resume, digests=further),
        progress.shown(session) as show,
        Checkpoint(folder, path, further, resume=resume) as checkpoint,
    ):
        found = computed(
            path, digests=further, progress=show, checkpoint=checkpoint, manifest=manifest
        )
    return Answer(
        headline="cli.fingerprint.done",
        value={
            "content_root": shapes.hexed(found.content_root),
            "kind": found.kind,
            "files": found.files,
            "bytes": str(found.size),
            "manifest": None if manifest is None else str(manifest),
        },
    )
