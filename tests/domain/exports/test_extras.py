"""Exports without the extra: JSON is written all the same, and all else says what is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("lxml", "prov", "pyshacl", "rdflib")

# `None` in the table of modules makes an import of that name fail, in a process of its own.
_PROBE = """
import json, sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None
from registry.domain.exports import credentials, dcat, openlineage, packages, prov, rdf
from registry.errors import ExtraMissing
from tests.recorded import FULL, record

made = {
    "dcat": dcat.to_dcat(record(), FULL),
    "prov": prov.to_prov(record()),
    "vc": credentials.of_product(record(), FULL),
    "openlineage": openlineage.to_openlineage(record()),
    "datapackage": packages.to_datapackage(record(), FULL, [], ()),
    "croissant": packages.to_croissant(record(), FULL, [], ()),
}
told = {"json": sorted(made), "missing": {}}
tries = {
    "dcat turtle": lambda: rdf.written_rdf(made["dcat"], "turtle"),
    "prov provn": lambda: rdf.written_prov(made["prov"], "provn"),
    "prov xml": lambda: rdf.written_prov(made["prov"], "xml"),
    "prov turtle": lambda: rdf.written_prov(made["prov"], "turtle"),
    "shapes": lambda: rdf.violations(made["dcat"], b"<urn:x> a <urn:y> .", file="x"),
}
for name, attempt in tries.items():
    try:
        attempt()
    except ExtraMissing as error:
        told["missing"][name] = [error.extra, error.package]
json.dump(told, sys.stdout)
"""


@pytest.mark.parametrize(
    ("blocked", "missing"),
    [
        (("pyshacl",), {"shapes": "pyshacl"}),
        (("lxml",), {"prov xml": "lxml"}),
        (("prov",), {"prov provn": "prov", "prov xml": "prov", "prov turtle": "prov"}),
        (("rdflib",), {"dcat turtle": "rdflib", "prov turtle": "rdflib", "shapes": "pyshacl"}),
        (
            PACKAGES,
            {
                "dcat turtle": "rdflib",
                "prov provn": "prov",
                "prov xml": "prov",
                "prov turtle": "prov",
                "shapes": "pyshacl",
            },
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_missing_is_named_with_its_extra(
    blocked: tuple[str, ...], missing: dict[str, str]
) -> None:
    """Each syntax asks for its own package by name, and none of them is needed for JSON."""
    ran = subprocess.run(
        [sys.executable, "-c", _PROBE, ",".join(blocked)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(ran.stdout)
    assert told["json"] == ["croissant", "datapackage", "dcat", "openlineage", "prov", "vc"]
    assert told["missing"] == {name: ["export", package] for name, package in missing.items()}
