"""Data packages and Croissant: the files of the manifest, and the way back through an import."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from registry.domain import metadata_documents
from registry.domain.exports.packages import to_croissant, to_datapackage
from registry.domain.manifest import Entry
from registry.domain.metadata import Metadata, metadata_hash
from tests.form_values import descriptions
from tests.recorded import FULL, LEAST, OWN, digest, record

FILES = (
    Entry(path="plots/a.csv", size=1_500_000, digest=digest("a"), further=(digest("sha a"),)),
    Entry(path="readme", size=12, digest=digest("b"), further=(digest("sha b"),)),
)


def exported(form: str, described: Metadata) -> dict[str, Any]:
    """Return a description with two files in one of the two formats."""
    write = to_croissant if form == "croissant" else to_datapackage
    return write(record(described), described, FILES, ("sha256",))


@pytest.mark.parametrize("form", ["datapackage", "croissant"])
@pytest.mark.parametrize("described", [FULL, LEAST], ids=["full", "least"])
def test_an_import_gives_the_same_description(form: str, described: Metadata) -> None:
    """Each format is told by its content, and read as the description that it was written from."""
    found = metadata_documents.read(json.dumps(exported(form, described)).encode(), file="x")
    assert found.format == form
    assert metadata_hash(Metadata.from_mapping(found.mapping)) == metadata_hash(described)


@pytest.mark.parametrize("form", ["datapackage", "croissant"])
@settings(max_examples=60, deadline=None)
@given(described=descriptions())
def test_any_description_comes_back(form: str, described: Metadata) -> None:
    """No description loses a field, or gains one from its files, on its way out and in."""
    raw = json.dumps(exported(form, described)).encode()
    found = metadata_documents.read(raw, file="x", form=form)
    assert Metadata.from_mapping(found.mapping) == described


def test_a_data_package_lists_the_files() -> None:
    """Each file is a resource with its path, size, format and hash."""
    made = exported("datapackage", FULL)
    assert made["name"] == str(OWN)
    assert made["resources"] == [
        {
            "name": "plots/a.csv",
            "path": "plots/a.csv",
            "bytes": 1_500_000,
            "format": "csv",
            "hash": f"sha256:{digest('sha a').hex()}",
        },
        {
            "name": "readme",
            "path": "readme",
            "bytes": 12,
            "hash": f"sha256:{digest('sha b').hex()}",
        },
    ]


def test_croissant_lists_the_files() -> None:
    """Each file is a FileObject with its media type, and the whole says what it conforms to."""
    made = exported("croissant", LEAST)
    assert made["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert made["description"] == LEAST.data_name
    kinds = [(one["@id"], one["encodingFormat"], one["sha256"]) for one in made["distribution"]]
    assert kinds == [
        ("plots/a.csv", "text/csv", digest("sha a").hex()),
        ("readme", "application/octet-stream", digest("sha b").hex()),
    ]


def test_files_without_further_digests_have_none() -> None:
    """A root over chunks is no hash of the bytes, and is not passed off as one."""
    bare = [Entry(path="a.csv", size=1, digest=digest("a"))]
    assert "hash" not in to_datapackage(record(), FULL, bare, ())["resources"][0]
    assert "sha256" not in to_croissant(record(), FULL, bare, ())["distribution"][0]
