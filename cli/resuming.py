"""Say what is kept of an interrupted fingerprint, and how to go on with it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cli.grammar import option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cli.session import Session

_MEGABYTE: Final = 1_000_000

resume_option: Final = option("--resume", is_flag=True)
"""Rely on what an interrupted attempt had read."""


@contextmanager
def resumable(
    session: Session, path: Path, *, resume: bool, digests: Sequence[str] = ()
) -> Iterator[None]:
    """Say what is known before content is read, and after an interruption how to go on."""
    # Imported here for start-up time: few commands read content.
    from registry.archive import Archive  # noqa: PLC0415
    from registry.domain.checkpoint import is_kept  # noqa: PLC0415

    folder = Archive(session.settings.home).checkpoints
    if resume:
        _say_standing(session, folder, path, digests)
    elif is_kept(folder, path, digests):
        session.printer.note("cli.resuming.kept")
    try:
        yield
    except BaseException:
        if is_kept(folder, path, digests):
            session.printer.note("cli.resuming.how")
        raise


def _say_standing(session: Session, folder: Path, path: Path, digests: Sequence[str]) -> None:
    """Say how much need not be read again, and whether what was kept is damaged."""
    from registry.domain.checkpoint import standing  # noqa: PLC0415 (start-up time)

    known = standing(folder, path, digests)
    if known.damaged:
        session.printer.note("cli.resuming.damaged")
    session.printer.note(
        "cli.resuming.known" if known.size or known.files else "cli.resuming.nothing",
        files=known.files,
        megabytes=known.size // _MEGABYTE,
    )
