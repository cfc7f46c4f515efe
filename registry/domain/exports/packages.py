"""Write a description with its files as a Frictionless data package, or as Croissant.

Paths are those of the manifest, relative to the registered folder. Fields that the formats have no
exact term for stand in `dengji:fields`, from which an import takes them again.
"""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from registry.domain.exports.dcat import fields_beside
from registry.domain.exports.record import PREFIX, TERMS, hexed, urn
from registry.domain.metadata_mapping import OURS
from registry.domain.times import show_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.exports.record import Record
    from registry.domain.manifest import Entry
    from registry.domain.metadata import Metadata

_EXACT: Final = ("dataName", "summary")
_PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_CROISSANT: Final = "http://mlcommons.org/croissant/1.0"
_CONTEXT: Final = {
    # In what language a description is, nobody has said.
    "@language": "und",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    PREFIX: TERMS,
    OURS: {"@id": TERMS + "fields", "@type": "@json"},
}
_BINARY: Final = "application/octet-stream"


def to_datapackage(
    record: Record, metadata: Metadata, files: Iterable[Entry], digests: tuple[str, ...]
) -> dict[str, Any]:
    """Return a data package (version 2); `digests` names the further digests of the files."""
    made: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": str(record.product.id),
        "id": urn(record.product.id),
        "title": metadata.data_name,
        "version": str(record.version.number),
        "created": show_time(record.version.time),
        "resources": [_resource(one, digests) for one in files],
        f"{PREFIX}:contentRoot": hexed(record.version.content_root),
        OURS: fields_beside(metadata, _EXACT),
    }
    if metadata.summary is not None:
        made["description"] = metadata.summary
    if metadata.sector:
        made["keywords"] = [one.value for one in metadata.sector]
    return made


def to_croissant(
    record: Record, metadata: Metadata, files: Iterable[Entry], digests: tuple[str, ...]
) -> dict[str, Any]:
    """Return a Croissant description (1.0) of the files; what their columns are, it leaves open."""
    made: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": urn(record.product.id),
        "conformsTo": _CROISSANT,
        "name": metadata.data_name,
        # The format asks for a description; the name is all there is where none was given.
        "description": metadata.summary or metadata.data_name,
        "url": urn(record.product.id),
        "version": f"{record.version.number}.0.0",
        "datePublished": show_time(record.version.time),
        "creator": {"@type": "sc:Organization", "name": str(record.product.applicant)},
        "distribution": [_file_object(one, digests) for one in files],
        f"{PREFIX}:contentRoot": hexed(record.version.content_root),
        OURS: fields_beside(metadata, _EXACT),
    }
    if metadata.sector:
        made["keywords"] = [one.value for one in metadata.sector]
    return made


def _resource(entry: Entry, digests: tuple[str, ...]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": entry.path, "path": entry.path, "bytes": entry.size}
    suffix = PurePosixPath(entry.path).suffix
    if suffix:
        made["format"] = suffix[1:].lower()
    said = dict(zip(digests, entry.further, strict=True))
    if "sha256" in said:
        made["hash"] = f"sha256:{said['sha256'].hex()}"
    return made


def _file_object(entry: Entry, digests: tuple[str, ...]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "@type": "cr:FileObject",
        "@id": entry.path,
        "name": entry.path,
        "contentUrl": entry.path,
        "contentSize": f"{entry.size} B",
        "encodingFormat": guess_type(entry.path)[0] or _BINARY,
    }
    said = dict(zip(digests, entry.further, strict=True))
    if "sha256" in said:
        made["sha256"] = said["sha256"].hex()
    return made
