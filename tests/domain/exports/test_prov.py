"""Provenance as PROV: what it says, and what the prov library makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import prov
import pytest
import rdflib
from jsonschema import Draft4Validator
from lxml import etree
from prov.model import ProvDocument

from registry.domain.exports.prov import to_prov
from registry.domain.exports.rdf import written_prov
from tests.recorded import GRANT, HOLDER, LAB, METHOD, OWN, PLOTS, WEATHER, record

# The schemas that W3C publishes for PROV-JSON and PROV-XML come with the library.
SCHEMAS = Path(prov.__file__).with_name("tests") / "schemas"


def relations(document: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the relations of one kind, without their names."""
    return list(document.get(kind, {}).values())


def unnamed(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose relations are a sorted list, and whose times are in one form."""
    same = json.loads(json.dumps(document).replace('+00:00"', 'Z"'))
    kept = ("prefix", "entity", "activity", "agent")
    return {
        kind: found
        if kind in kept
        else sorted(json.dumps(one, sort_keys=True) for one in found.values())
        for kind, found in same.items()
    }


def test_a_derived_version_names_sources_grants_agents_and_the_method() -> None:
    """All that the ledger records of a derivation stands in the document."""
    made = to_prov(record())
    activity = f"registration:{OWN}.2"
    sources = {f"version:{OWN}.1", f"version:{PLOTS}.1"}
    used = [one for one in relations(made, "used") if one["prov:activity"] == activity]
    assert {one["prov:entity"] for one in used} == {*sources, f"grant:{GRANT}"}
    roles = {one["prov:entity"]: one.get("prov:role") for one in used}
    assert roles[f"grant:{GRANT}"] == {"$": "dengji:permission", "type": "xsd:QName"}
    derived = relations(made, "wasDerivedFrom")
    assert sources == {
        one["prov:usedEntity"] for one in derived if one.get("prov:activity") == activity
    }
    assert {
        "prov:activity": activity,
        "prov:agent": f"party:{LAB}",
        "prov:plan": f"method:hash-{METHOD.hex()}",
    } in relations(made, "wasAssociatedWith")
    assert relations(made, "actedOnBehalfOf") == [
        {
            "prov:delegate": f"party:{LAB}",
            "prov:responsible": f"party:{HOLDER}",
            "prov:activity": activity,
        }
    ]
    kinds = [one["$"] for one in made["activity"][activity]["prov:type"]]
    assert kinds == ["dengji:Registration", "dengji:modelTraining"]


def test_the_lineage_goes_up_to_its_roots() -> None:
    """What a source was made of is told as well, back to what was made of nothing registered."""
    made = to_prov(record())
    assert f"version:{WEATHER}.4" in made["entity"]
    assert {
        "prov:generatedEntity": f"version:{PLOTS}.1",
        "prov:usedEntity": f"version:{WEATHER}.4",
        "prov:activity": f"registration:{PLOTS}.1",
        # What was cleaned is a revision of what it was cleaned from.
        "prov:type": {"$": "prov:Revision", "type": "xsd:QName"},
    } in relations(made, "wasDerivedFrom")


def test_a_version_that_was_not_derived_revises_the_one_before() -> None:
    """The third version revises the second; the second, which was derived, revises nothing."""
    derived = relations(to_prov(record()), "wasDerivedFrom")
    revisions = [one for one in derived if "prov:type" in one and "prov:activity" not in one]
    assert [one["prov:generatedEntity"] for one in revisions] == [f"version:{OWN}.3"]
    assert revisions[0]["prov:type"] == {"$": "prov:Revision", "type": "xsd:QName"}


def test_each_thing_stands_once() -> None:
    """No relation is repeated, however often a version is met."""
    made = to_prov(record())
    for kind in made.keys() - {"prefix", "entity", "activity", "agent"}:
        told = [json.dumps(one, sort_keys=True) for one in relations(made, kind)]
        assert len(told) == len(set(told)), kind


@pytest.mark.parametrize("derived", [True, False], ids=["derived", "plain"])
def test_prov_json_survives_the_library(*, derived: bool) -> None:
    """What the prov library reads and writes again says the same, record by record."""
    made = to_prov(record() if derived else record(derivations=()))
    read = ProvDocument.deserialize(content=json.dumps(made), format="json")
    again = json.loads(str(read.serialize(format="json")))
    assert unnamed(again) == unnamed(made)


def test_prov_json_is_as_its_schema_says() -> None:
    """The document is PROV-JSON by the schema of the submission, which finds what is wrong."""
    schema = Draft4Validator(json.loads((SCHEMAS / "prov-json.schema.json").read_bytes()))
    made = to_prov(record())
    assert list(schema.iter_errors(made)) == []
    made["wasGeneratedBy"]["_:wasGeneratedBy1"].pop("prov:entity")
    assert list(schema.iter_errors(made)) != []


def test_prov_xml_is_as_its_schema_says() -> None:
    """The document is PROV-XML by W3C's schema, names of methods included."""
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "prov.xsd"))
    made = etree.fromstring(written_prov(to_prov(record()), "xml").encode())
    assert schema.validate(made), schema.error_log


def test_prov_xml_says_the_same() -> None:
    """The document in XML is the same document."""
    made = to_prov(record())
    read = ProvDocument.deserialize(content=json.dumps(made), format="json")
    text = written_prov(made, "xml")
    assert ProvDocument.deserialize(content=text, format="xml") == read


def test_prov_n_is_the_notation() -> None:
    """PROV-N opens and closes a document and names its records by their prefixes."""
    text = written_prov(to_prov(record()), "provn")
    assert text.startswith("document\n")
    assert text.endswith("endDocument\n")
    assert f"wasDerivedFrom(version:{OWN}.2, version:{PLOTS}.1, registration:{OWN}.2" in text


def test_turtle_is_prov_o() -> None:
    """In RDF the derivation is a triple of PROV-O, beside its qualified form."""
    text = written_prov(to_prov(record()), "turtle")
    graph = rdflib.Graph().parse(data=text, format="turtle")
    version = rdflib.URIRef(f"urn:dengji:version:{OWN}.2")
    activity = rdflib.URIRef(f"urn:dengji:registration:{OWN}.2")
    source = rdflib.URIRef(f"urn:dengji:version:{PLOTS}.1")
    grant = rdflib.URIRef(f"urn:dengji:grant:{GRANT}")
    assert (version, rdflib.PROV.wasDerivedFrom, source) in graph
    assert (version, rdflib.PROV.wasGeneratedBy, activity) in graph
    assert (activity, rdflib.PROV.used, grant) in graph
    assert (version, rdflib.PROV.qualifiedDerivation, None) in graph
