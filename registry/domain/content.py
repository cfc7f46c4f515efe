"""Tell what kind of content stands at a path."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from registry.domain.paths import Offences, Refusal, normal, printable
from registry.domain.stamps import unreadable
from registry.errors import ContentMissing, ManifestInsideContent

if TYPE_CHECKING:
    from registry.domain.manifest import Kind


def kind_of(path: Path) -> Kind:
    """Return whether a file or a folder stands at a path.

    :raises ContentMissing: nothing stands there.
    :raises PathsRefused: a link or a special file does, or a file whose name is not UTF-8.
    """
    raw = os.fsencode(path)
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ContentMissing(path=printable(raw)) from error
    except OSError as error:
        raise unreadable(raw, error) from error
    if stat.S_ISDIR(mode):
        return "folder"
    offences = Offences()
    if stat.S_ISLNK(mode):
        offences.add(printable(raw), Refusal.SYMLINK)
    elif not stat.S_ISREG(mode):
        offences.add(printable(raw), Refusal.SPECIAL_FILE)
    elif not _is_utf_8(raw):
        offences.add(printable(raw), Refusal.NOT_UTF_8)
    offences.raise_if_any()
    return "file"


def name_of(path: Path) -> str:
    """Return the name under which a single file stands in its manifest."""
    return normal(os.fsencode(path.resolve().name).decode())


def _is_utf_8(name: bytes) -> bool:
    """Tell whether a name is UTF-8, whatever the locale takes names for."""
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def refuse_inside(manifest: Path, content: Path) -> None:
    """Refuse to write a manifest into, or over, the content that it describes.

    :raises ManifestInsideContent: that was asked for.
    """
    # Unlike a path's own way, this takes links that lead in a circle for what they are called.
    target, described = (Path(os.path.realpath(one)) for one in (manifest, content))
    if target == described or described in target.parents:
        raise ManifestInsideContent(path=str(manifest))
