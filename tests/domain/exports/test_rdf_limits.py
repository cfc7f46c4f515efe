"""Shapes that would have the validator ask other servers, in whichever kind of query."""

from __future__ import annotations

import pytest

from registry.domain.exports import rdf
from registry.errors import ShapesUnreadable

DOCUMENT = {"@id": "urn:x:data", "urn:x:p": "v"}
QUERIES = {
    "select": "SELECT $this WHERE { $this ?p ?o }",
    "ask": "ASK { $this ?p ?o }",
    "construct": "CONSTRUCT { $this <urn:x:q> ?o } WHERE { $this ?p ?o }",
    "update": "INSERT { $this <urn:x:q> ?o } WHERE { $this ?p ?o }",
}


def shapes(name: str, query: str) -> bytes:
    """Return shapes with one query."""
    return f'<urn:x:s> <http://www.w3.org/ns/shacl#{name}> "{query}" .'.encode()


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_of_shapes_reaches_another_server(name: str) -> None:
    """Each kind of query is taken as it is, and refused once it asks a service elsewhere."""
    query = QUERIES[name]
    assert rdf.violations(DOCUMENT, shapes(name, query), file="x") == ()
    reaching = query.replace("?p ?o }", "?p ?o SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }")
    with pytest.raises(ShapesUnreadable) as refused:
        rdf.violations(DOCUMENT, shapes(name, reaching), file="x")
    assert refused.value.reason == "SPARQL SERVICE"
