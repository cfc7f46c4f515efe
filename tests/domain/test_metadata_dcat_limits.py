"""Descriptions in DCAT at their limits: depth, prefixes that are known, words for how often."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from registry.domain.metadata_documents import read
from registry.domain.metadata_values import UpdateFrequency
from registry.errors import MetadataUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN = "https://www.w3.org/ns/dcat3.jsonld"
DURATIONS = {
    UpdateFrequency.DAILY: "P1D",
    UpdateFrequency.WEEKLY: "P1W",
    UpdateFrequency.MONTHLY: "P1M",
    UpdateFrequency.YEARLY: "P1Y",
}


def fields(**told: object) -> dict[str, Any]:
    """Return what is taken over from a dataset with these terms of the W3C's own context."""
    document = {"@context": KNOWN, "@id": "urn:x", "@type": "dcat:Dataset", "title": "t"} | told
    return dict(read(json.dumps(document).encode(), file="x").mapping)


def turtle(depth: int) -> bytes:
    """Return a dataset in Turtle within which nameless nodes stand so deep."""
    inner = "[ <urn:x:in> " * depth + '"v"' + " ]" * depth
    return (
        "@prefix d: <http://www.w3.org/ns/dcat#> . @prefix t: <http://purl.org/dc/terms/> ."
        f'<urn:x> a d:Dataset ; t:title "t" ; <urn:x:in> {inner} .'
    ).encode()


def xml(depth: int) -> bytes:
    """Return a dataset in RDF/XML whose elements stand so deep."""
    pairs = (depth - 2) // 2
    text = "<x:v>v</x:v>" if depth % 2 else ""
    inner = "<x:in><rdf:Description>" * pairs + text + "</rdf:Description></x:in>" * pairs
    return (
        "<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns:d='http://www.w3.org/ns/dcat#' xmlns:t='http://purl.org/dc/terms/'"
        f" xmlns:x='urn:x:'><d:Dataset rdf:about='urn:x'>{inner}"
        "<t:title>t</t:title></d:Dataset></rdf:RDF>"
    ).encode()


@pytest.mark.parametrize("frequency", DURATIONS)
def test_a_duration_says_how_often_data_is_renewed(frequency: UpdateFrequency) -> None:
    """A duration of ISO 8601 of one day, week, month or year is taken for the word of ours."""
    found = fields(accrualPeriodicity=DURATIONS[frequency])
    assert found["updateFrequency"] == frequency.value


@pytest.mark.parametrize("label", ["skos:prefLabel", "rdfs:label", "dct:title", "foaf:name"])
def test_prefixes_of_the_known_context_are_known(label: str) -> None:
    """What a place is called is found by each of the usual labels, by its usual prefix."""
    assert fields(spatial={label: "河南省"})["regionCode"] == ["410000"]


@pytest.mark.parametrize("document", [turtle, xml])
def test_a_description_is_64_deep_at_most(document: Callable[[int], bytes]) -> None:
    """At the limit it is read, and one deeper it is refused, with the limit."""
    assert read(document(64), file="x").mapping["dataName"] == "t"
    with pytest.raises(MetadataUnreadable) as refused:
        read(document(65), file="x")
    assert refused.value.reason == "too-deep:64"
