"""Write JSON-LD in other syntaxes of RDF, PROV in its own, and hold graphs against SHACL shapes.

rdflib, prov and pyshacl come with the extra `export`. Nothing is fetched: what is read here has its
contexts in it, and imports of shapes are not followed.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from registry.domain.nesting import is_deep
from registry.errors import ExtraMissing, ShapesUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib import Graph

EXTRA: Final = "export"
SYNTAXES: Final[Mapping[str, tuple[str, ...]]] = {
    "dcat": ("json", "turtle", "xml", "ntriples"),
    "prov": ("json", "provn", "xml", "turtle"),
}
"""What each format can be written in beside JSON, which comes first and needs no library."""

_RDFLIB: Final = {"turtle": "turtle", "xml": "pretty-xml", "ntriples": "nt"}
_PLAIN: Final = {
    "Association": ("wasAssociatedWith", "agent"),
    "Attribution": ("wasAttributedTo", "agent"),
    "Delegation": ("actedOnBehalfOf", "agent"),
    "Derivation": ("wasDerivedFrom", "entity"),
    "Generation": ("wasGeneratedBy", "activity"),
    "PrimarySource": ("hadPrimarySource", "entity"),
    "Quotation": ("wasQuotedFrom", "entity"),
    "Revision": ("wasRevisionOf", "entity"),
    "Usage": ("used", "entity"),
}
# What would have rdflib ask another server, or load a graph from one.
_REACHING: Final = re.compile(r"(?<![:\w/#-])(?:SERVICE|FROM|LOAD)\b", re.IGNORECASE)
_QUERIES: Final = ("select", "ask", "construct", "update")
_SHACL: Final = "http://www.w3.org/ns/shacl#"
_SHOWN: Final = 300
_DEPTH: Final = 64


def written_rdf(document: Mapping[str, Any], syntax: str) -> str:
    """Return JSON-LD as Turtle, RDF/XML or N-Triples; raises `ExtraMissing`."""
    graph = graph_of(document)
    with _quiet():
        text: str = graph.serialize(format=_RDFLIB[syntax])
    return text.strip() + "\n"


def written_prov(document: Mapping[str, Any], syntax: str) -> str:
    """Return PROV-JSON as PROV-N, PROV-XML or PROV-O in Turtle; raises `ExtraMissing`."""
    with _needing("prov"):
        from prov.model import ProvDocument  # noqa: PLC0415 (an extra)
    if syntax != "provn":
        with _needing("lxml" if syntax == "xml" else "rdflib"):
            __import__("lxml" if syntax == "xml" else "rdflib")
    with _quiet():
        read = ProvDocument.deserialize(content=json.dumps(document), format="json")
        if syntax == "provn":
            text = str(read.get_provn())
        elif syntax == "xml":
            text = str(read.serialize(format="xml"))
        else:
            text = _with_plain(str(read.serialize(format="rdf", rdf_format="turtle")))
    return text.strip() + "\n"


def _with_plain(turtle: str) -> str:
    """Return PROV-O with each plain property that its qualified form implies.

    The library writes a relation that has an attribute in its qualified form alone.
    """
    import rdflib  # noqa: PLC0415 (an extra)

    graph, prov = rdflib.Graph(), rdflib.PROV
    graph.parse(data=turtle, format="turtle")
    for qualified, (plain, end) in _PLAIN.items():
        for subject, relation in list(graph.subject_objects(prov[f"qualified{qualified}"])):
            for value in graph.objects(relation, prov[end]):
                graph.add((subject, prov[plain], value))
    return graph.serialize(format="turtle")


def graph_of(document: Mapping[str, Any]) -> Graph:
    """Return the graph of a JSON-LD document that has its context in it; raises `ExtraMissing`."""
    with _needing("rdflib"):
        import rdflib  # noqa: PLC0415 (an extra)
    graph = rdflib.Graph()
    with _quiet():
        graph.parse(data=json.dumps(document), format="json-ld")
    return graph


def violations(document: Mapping[str, Any], shapes: bytes, *, file: str) -> tuple[str, ...]:
    """Return how a JSON-LD document departs from SHACL shapes, nothing where it conforms.

    `shapes` are Turtle or JSON-LD; `file` names them in errors. What shapes call a warning or an
    information is no violation. Raises `ExtraMissing`, `ShapesUnreadable`.
    """
    with _needing("pyshacl"):
        import pyshacl  # noqa: PLC0415 (an extra)
        from pyshacl.errors import ShapeLoadError  # noqa: PLC0415 (an extra)
    data, wanted = graph_of(document), _shapes(shapes, file)
    try:
        with _quiet():
            conforms, results, _ = pyshacl.validate(
                data, shacl_graph=wanted, allow_warnings=True, do_owl_imports=False
            )
    except (ShapeLoadError, ValueError, TypeError, RuntimeError) as error:
        raise ShapesUnreadable(file=file, reason=_line(error)) from error
    if isinstance(results, Exception):
        raise ShapesUnreadable(file=file, reason=_line(results)) from results
    return () if conforms else tuple(sorted(_told(results)))


def _shapes(raw: bytes, file: str) -> Graph:
    import rdflib  # noqa: PLC0415 (an extra)
    from rdflib.exceptions import Error  # noqa: PLC0415 (an extra)

    graph = rdflib.Graph()
    form = "json-ld" if raw.lstrip()[:1] in (b"{", b"[") else "turtle"
    if form == "json-ld":
        _require_whole(raw, file)
    try:
        with _quiet():
            graph.parse(data=raw, format=form)
    except (
        *(Error, SyntaxError, ValueError, LookupError),
        *(AttributeError, TypeError, AssertionError, RecursionError),
    ) as error:
        raise ShapesUnreadable(file=file, reason=_line(error)) from error
    if not len(graph):
        raise ShapesUnreadable(file=file, reason="empty")
    shacl = rdflib.Namespace(_SHACL)
    for query in (one for name in _QUERIES for one in graph.objects(None, shacl[name])):
        reaching = _REACHING.search(str(query))
        if reaching is not None:
            raise ShapesUnreadable(file=file, reason=f"SPARQL {reaching[0]}")
    return graph


def _require_whole(raw: bytes, file: str) -> None:
    """Refuse JSON-LD that names a context elsewhere, which rdflib would fetch."""
    if is_deep(raw, _DEPTH):
        raise ShapesUnreadable(file=file, reason=f"deeper than {_DEPTH}")
    try:
        waiting = [json.loads(raw)]
    except ValueError as error:
        raise ShapesUnreadable(file=file, reason=_line(error)) from error
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            given = one.get("@context")
            named = given if isinstance(given, list) else [given]
            remote = [name for name in (*named, one.get("@import")) if isinstance(name, str)]
            if remote:
                raise ShapesUnreadable(file=file, reason=f"@context {remote[0]}")
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _told(results: Any) -> Iterator[str]:  # noqa: ANN401 (a graph, or what pyshacl gives instead)
    """Yield one line for each violation: where, which property, and what is wrong."""
    from rdflib import RDF, Namespace  # noqa: PLC0415 (an extra)

    shacl = Namespace(_SHACL)
    for one in results.subjects(RDF.type, shacl.ValidationResult):
        if results.value(one, shacl.resultSeverity) != shacl.Violation:
            continue
        node, path = results.value(one, shacl.focusNode), results.value(one, shacl.resultPath)
        said = results.value(one, shacl.resultMessage)
        yield " ".join(str(part) for part in (node, path, said) if part is not None)


@contextmanager
def _needing(package: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise ExtraMissing(extra=EXTRA, package=package) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the libraries say of themselves to themselves."""
    for name in ("rdflib", "pyshacl"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:_SHOWN]
