"""Read the small files that commands are given."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from registry.errors import ContentMissing, FileUnreadable, MetadataUnreadable

if TYPE_CHECKING:
    from pathlib import Path

    from registry.domain.metadata import Metadata


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; raises `ContentMissing`, `FileUnreadable`."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ContentMissing(path=str(path)) from error
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or str(error)) from error


def look_at(path: Path) -> None:
    """Refuse what holds nothing to hash: `ContentMissing`, `FolderEmpty`, `PathsRefused`."""
    # Imported here for start-up time: few commands read content.
    from registry.domain.content import kind_of  # noqa: PLC0415
    from registry.domain.walk import FolderWalk  # noqa: PLC0415

    if kind_of(path) == "folder":
        next(iter(FolderWalk(os.fsencode(path))))


def read_metadata(path: Path | None) -> Metadata | None:
    """Return the descriptive fields in a JSON file; raises `MetadataUnreadable` and its own."""
    if path is None:
        return None
    # Imported here for start-up time: few commands read metadata.
    from registry.domain.metadata import Metadata  # noqa: PLC0415

    try:
        mapping = json.loads(read_bytes(path))
    except ValueError as error:
        raise MetadataUnreadable(file=str(path), reason=str(error)) from error
    if not isinstance(mapping, dict):
        raise MetadataUnreadable(file=str(path), reason="it is not a JSON object")
    return Metadata.from_mapping(mapping)
