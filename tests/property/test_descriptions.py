"""Whatever a description of another format holds, it is read or refused by name."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain.application import problems
from registry.domain.metadata_documents import read
from registry.errors import MetadataUnreadable

TEXTS = st.text(max_size=60)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        TEXTS,
        st.sampled_from(["csv", "text/csv", "1.5 MB", "现代农业", "青岛市", "x" * 500, "a\x07b\n"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                TEXTS,
                st.sampled_from(
                    ["@value", "@language", "@id", "name", "title", "zh", "en", "path"]
                ),
                st.sampled_from(["bytes", "format", "encodingFormat", "contentSize", "@type"]),
                st.sampled_from(["dataName", "sector", "attachments", "salt"]),
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)
PACKAGES = st.fixed_dictionaries(
    {"resources": st.lists(VALUES, max_size=3)},
    optional=dict.fromkeys(
        [
            *("title", "name", "description", "keywords", "licenses", "contributors", "profile"),
            *("version", "homepage", "dengji:fields"),
        ],
        VALUES,
    ),
)
CROISSANTS = st.fixed_dictionaries(
    {"@context": st.just({"@vocab": "https://schema.org/"}), "@type": st.just("sc:Dataset")},
    optional=dict.fromkeys(
        [
            *("name", "sc:description", "license", "keywords", "distribution", "recordSet"),
            *("temporalCoverage", "spatialCoverage", "creator", "usageInfo", "url", "@graph"),
            "dengji:fields",
        ],
        VALUES,
    ),
)
DCATS = st.fixed_dictionaries(
    {
        "@context": st.just(
            {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}
        ),
        "@id": st.just("urn:x"),
        "@type": st.just("dcat:Dataset"),
    },
    optional=dict.fromkeys(
        [
            *("dct:title", "dct:description", "dct:spatial", "dct:temporal", "dct:license"),
            *("dct:accrualPeriodicity", "dct:accessRights", "dct:identifier", "dcat:keyword"),
            *("dcat:distribution", "dct:publisher", "urn:dengji:terms:1#fields"),
        ],
        VALUES,
    ),
)


def _read(document: object, form: str) -> None:
    try:
        found = read(json.dumps(document).encode(), file="x", form=form)
    except MetadataUnreadable:
        return
    flaws = problems({"dataName": "x"} | found.mapping, None)
    assert flaws == []
    assert all(one.count >= 1 for one in found.unmapped)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PACKAGES)
def test_any_data_package_is_read_or_refused(document: object) -> None:
    """What is taken over is valid, whatever the package's properties are."""
    _read(document, "datapackage")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CROISSANTS)
def test_any_croissant_is_read_or_refused(document: object) -> None:
    """What is taken over is valid, however the terms are filled."""
    _read(document, "croissant")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DCATS)
def test_any_dcat_is_read_or_refused(document: object) -> None:
    """What is taken over is valid, whatever rdflib makes of the values."""
    _read(document, "dcat")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Bytes that are no document are refused by name, never a crash."""
    try:
        found = read(raw, file="x")
    except MetadataUnreadable:
        return
    assert isinstance(found.mapping, dict)
