"""Find a description beside the data, and take the digests of the documents that it names.

Where the form wants the SHA-256 of a document, a description may name a file instead: `file` of an
attachment, `proofFile` of a right, `securityRiskAssessmentFile`. Such a file lies in the
description's own folder or below.
"""

from __future__ import annotations

from hashlib import file_digest
from typing import TYPE_CHECKING, Any, Final

from registry.errors import MetadataUnreadable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BESIDE: Final = (
    *("metadata.toml", "metadata.json", "datapackage.json", "croissant.json"),
    *("dcat.ttl", "dcat.jsonld", "dcat.rdf"),
)
"""The names under which a description is looked for."""

_INNER: Final = {"attachments": ("file", "sha256"), "rights": ("proofFile", "proofHash")}
_ASSESSMENT: Final = ("securityRiskAssessmentFile", "securityRiskAssessment")


def find_beside(path: Path) -> Path:
    """Return the one description in a folder, or beside a file.

    :raises MetadataUnreadable: there is none, or there are several.
    """
    folder = path if path.is_dir() else path.parent
    found = [folder / name for name in BESIDE if (folder / name).is_file()]
    if not found:
        raise MetadataUnreadable(file=str(folder), reason=f"none-beside:{', '.join(BESIDE)}")
    if len(found) > 1:
        named = ", ".join(one.name for one in found)
        raise MetadataUnreadable(file=str(folder), reason=f"several-beside:{named}")
    return found[0]


def with_digests(mapping: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the fields with the digests of the documents that are named as files of a folder.

    :raises MetadataUnreadable: a file is missing, no regular file, or not within the folder.
    """
    made: dict[str, Any] = _digested(dict(mapping), *_ASSESSMENT, folder)
    for name, (file, digest) in _INNER.items():
        if isinstance(made.get(name), list):
            made[name] = [_digested(one, file, digest, folder) for one in made[name]]
    return made


def digest_of(named: str, folder: Path) -> str:
    """Return the SHA-256 of a file within a folder, as digits.

    :raises MetadataUnreadable: it is missing, no regular file, or not within the folder.
    """
    path = folder / named
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        if not inside or not path.is_file():
            raise MetadataUnreadable(file=str(folder), reason=f"not-a-file:{named}")
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError, RuntimeError) as error:
        # A name that no file can have; links that lead in a circle.
        raise MetadataUnreadable(file=str(folder), reason=f"not-a-file:{named}") from error


def _digested(given: Any, file: str, digest: str, folder: Path) -> Any:  # noqa: ANN401 (unchecked)
    if not isinstance(given, dict):
        return given
    made = dict(given)
    if isinstance(made.get(file), str) and digest not in made:
        made[digest] = digest_of(made.pop(file), folder)
    return made
