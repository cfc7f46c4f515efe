"""Carry a DCAT description over: Turtle, JSON-LD or RDF/XML, read by rdflib.

Nothing is fetched: a JSON-LD context that stands elsewhere is refused, unless it is one whose terms
stand here, and so is a document type declaration, whose entities could grow without bound.
"""

from __future__ import annotations

import logging
import re
import warnings
from typing import TYPE_CHECKING, Any, Final

from registry.domain.metadata_mapping import OURS, Carrier, size_of
from registry.domain.metadata_values import AccessMode, DeliveryMode, ProductKind, UpdateFrequency
from registry.domain.nesting import is_deep
from registry.errors import ExtraMissing, MetadataUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

_DCAT: Final = "http://www.w3.org/ns/dcat#"
_DCT: Final = "http://purl.org/dc/terms/"
_FOAF: Final = "http://xmlns.com/foaf/0.1/"
_OURS: Final = "urn:dengji:terms:1#fields"
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_CONTEXTS: Final = ("https://www.w3.org/ns/dcat", "http://www.w3.org/ns/dcat")
_KNOWN_TERMS: Final = {
    "@vocab": _DCAT,
    "dcat": _DCAT,
    "dct": _DCT,
    "dcterms": _DCT,
    "foaf": _FOAF,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    **{
        term: _DCT + term
        for term in (
            *("title", "description", "identifier", "license", "accessRights", "spatial"),
            *("temporal", "accrualPeriodicity", "publisher", "creator", "issued", "modified"),
            *("language", "format", "rights"),
        )
    },
}
_PEOPLE: Final = (_DCT + "publisher", _DCT + "creator", _DCAT + "contactPoint")
_LABELS: Final = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    _DCT + "title",
    _FOAF + "name",
    "http://www.w3.org/ns/locn#geographicName",
)
# Names of the EU's frequency authority, Dublin Core's, and ISO 8601 durations.
_FREQUENCIES: Final = {
    UpdateFrequency.REAL_TIME: ("update_cont", "cont", "continuous"),
    UpdateFrequency.DAILY: ("daily", "p1d", "daily_2"),
    UpdateFrequency.WEEKLY: ("weekly", "p1w", "p7d"),
    UpdateFrequency.MONTHLY: ("monthly", "p1m"),
    UpdateFrequency.YEARLY: ("annual", "annually", "p1y"),
    UpdateFrequency.ON_DEMAND: ("as_needed", "irreg", "irregular"),
    UpdateFrequency.OTHER: ("other", "quarterly", "biennial", "triennial"),
}
_ACCESS: Final = {
    "public": AccessMode.OPEN,
    "open": AccessMode.OPEN,
    "restricted": AccessMode.AUTHORISED,
}
_DEPTH: Final = 64
# What holds no brackets of Turtle: strings to the end of their line, addresses, comments.
_QUOTED: Final = re.compile(rb'"(?:[^"\\\n]++|\\[^\n])*+"?|<[^<>\s]*+>|#[^\n]*+')


def carry(raw: bytes, parsed: dict[str, Any] | None, file: str) -> Carrier:
    """Return the fields that the description gives, and what has no place.

    :param parsed: the document as JSON, None where it is Turtle or RDF/XML.
    :raises ExtraMissing: rdflib is not installed.
    :raises MetadataUnreadable: it cannot be read, or describes no dataset, or several.
    """
    graph = _graph(raw, parsed, file)
    carrier = Carrier()
    _Dataset(graph, _described(graph, file), carrier).carry()
    return carrier


def _graph(raw: bytes, parsed: dict[str, Any] | None, file: str) -> Graph:
    try:
        # Imported here since it is an extra, and for start-up time.
        import rdflib  # noqa: PLC0415
        from rdflib.exceptions import Error  # noqa: PLC0415
    except ImportError as error:
        raise ExtraMissing(extra="dcat", package="rdflib") from error
    import json  # noqa: PLC0415 (start-up time)
    from xml.sax import SAXException  # noqa: PLC0415 (rdflib's; no document type passes)

    if parsed is not None:
        form, source = "json-ld", json.dumps(_without_contexts(parsed, file)).encode()
    else:
        form, source = _syntax(raw, file), raw
    # What rdflib says of odd literals is no answer of ours.
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    graph = rdflib.Graph()
    try:
        with warnings.catch_warnings():
            # rdflib warns of what it calls itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            graph.parse(data=source, format=form, publicID="urn:dengji:description")
    except (
        *(SAXException, Error, SyntaxError, ValueError, LookupError),
        *(AttributeError, TypeError, AssertionError, RecursionError),
    ) as error:
        reason = " ".join(str(error).split())[:200]
        raise MetadataUnreadable(file=file, reason=f"not-rdf:{reason}") from error
    return graph


def _syntax(raw: bytes, file: str) -> str:
    """Return which syntax it is, unless it could make the parser fetch or grow."""
    if raw.lstrip().startswith(b"<") and re.search(rb"<(?:\?xml|rdf:RDF|!)", raw[:4096]):
        _look_through(raw, file)
        return "xml"
    depth = 0
    bare = _QUOTED.sub(b"", raw)
    for mark in re.findall(rb"[\[\]()]", bare):
        depth += 1 if mark in b"[(" else -1
        if depth > _DEPTH:
            raise MetadataUnreadable(file=file, reason=f"too-deep:{_DEPTH}")
    return "turtle"


def _look_through(raw: bytes, file: str) -> None:
    """Refuse XML with a document type, or nested deeper than any description."""
    from xml.parsers import expat  # noqa: PLC0415 (start-up time)

    parser, depth = expat.ParserCreate(), 0

    def refuse(*_: object) -> None:
        raise MetadataUnreadable(file=file, reason="document-type")

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise MetadataUnreadable(file=file, reason=f"too-deep:{_DEPTH}")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(raw, True)  # noqa: FBT003 (expat's)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # The encoding that it names is none, or none of single bytes.
        raise MetadataUnreadable(file=file, reason=f"not-rdf:{error}") from error


def _without_contexts(value: Any, file: str) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return JSON-LD whose contexts all stand in it; refuse one that would be fetched."""
    if isinstance(value, list):
        return [_without_contexts(one, file) for one in value]
    if not isinstance(value, dict):
        return value
    if "@import" in value:
        raise MetadataUnreadable(file=file, reason=f"remote-context:{value['@import']}")
    return {
        key: _context(inner, file) if key == "@context" else _without_contexts(inner, file)
        for key, inner in value.items()
    }


def _context(given: object, file: str) -> object:
    if isinstance(given, list):
        return [_context(one, file) for one in given]
    if isinstance(given, str):
        if given.startswith(_CONTEXTS):
            return _KNOWN_TERMS
        raise MetadataUnreadable(file=file, reason=f"remote-context:{given[:200]}")
    return _without_contexts(given, file)


def _described(graph: Graph, file: str) -> Node:
    """Return the one dataset or service that the graph describes."""
    from rdflib import URIRef  # noqa: PLC0415 (an extra)

    for kind in ("Dataset", "DataService"):
        found = sorted(set(graph.subjects(URIRef(_TYPE), URIRef(_DCAT + kind))), key=str)
        if len(found) > 1:
            raise MetadataUnreadable(file=file, reason=f"several-datasets:{len(found)}")
        if found:
            return found[0]
    raise MetadataUnreadable(file=file, reason="no-dataset")


class _Dataset:
    """Carry one dataset over, property by property."""

    def __init__(self, graph: Graph, subject: Node, carrier: Carrier) -> None:
        self.graph = graph
        self.subject = subject
        self.carrier = carrier

    def carry(self) -> None:
        """Go through all properties, those of the distributions with them."""
        told: dict[str, Callable[[str, list[Node]], None]] = {
            _DCT + "title": lambda key, found: self._text("dataName", key, found),
            _DCT + "description": lambda key, found: self._text("summary", key, found),
            _DCT + "identifier": lambda key, found: self._text("catalogId", key, found),
            _DCT + "spatial": self._places,
            _DCT + "temporal": self._periods,
            _DCT + "accrualPeriodicity": self._frequency,
            _DCT + "accessRights": self._access,
            _DCT + "license": self._licences,
            _DCT + "rights": self._licences,
            _DCAT + "keyword": self._keywords,
            _DCAT + "theme": self._keywords,
            _DCAT + "distribution": self._distributions,
            _TYPE: self._types,
        }
        properties = self._properties(self.subject)
        ours = properties.pop(_OURS, [])
        for key, found in sorted(properties.items()):
            if key in told:
                told[key](key, found)
            else:
                reason = "person" if key in _PEOPLE else "no-field"
                self._leave_all(key, found, reason)
        for value in ours:
            self.carrier.exact(_json(str(value)), OURS)

    def _properties(self, node: Node) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for predicate, value in self.graph.predicate_objects(node):
            found.setdefault(str(predicate), []).append(value)
        return {key: sorted(values, key=str) for key, values in found.items()}

    def _leave_all(self, key: str, found: Iterable[Node], reason: str = "no-field") -> None:
        for value in found:
            self.carrier.leave(_short(key), self._label(value), reason)

    def _text(self, name: str, key: str, found: list[Node]) -> None:
        first, *others = sorted(found, key=_language)
        for called in self._called(key, [first]):
            self.carrier.text(name, called, _short(key))
        other = "other-language" if getattr(first, "language", None) else "one-only"
        self._leave_all(key, others, other)

    def _places(self, key: str, found: list[Node]) -> None:
        for called in self._called(key, found):
            self.carrier.region(called, _short(key))

    def _periods(self, key: str, found: list[Node]) -> None:
        for value in found:
            inner = self._properties(value)
            days = [
                str(one[0]) for name in ("startDate", "endDate") if (one := inner.get(_DCAT + name))
            ]
            for said in ["/".join(days)] if days else self._called(key, [value]):
                self.carrier.text("timeScope", said, _short(key))

    def _frequency(self, key: str, found: list[Node]) -> None:
        for called in self._called(key, found):
            word = _last(called).removeprefix("r/")
            named = (one for one, words in _FREQUENCIES.items() if word in words)
            self.carrier.choice("updateFrequency", next(named, None), called, _short(key))

    def _access(self, key: str, found: list[Node]) -> None:
        for value in found:
            mode = _ACCESS.get(_last(str(value)))
            self.carrier.choice("accessMode", mode, self._label(value), _short(key))

    def _licences(self, key: str, found: list[Node]) -> None:
        for called in self._called(key, found):
            self.carrier.add("restrictions", f"licence: {called}", _short(key))

    def _keywords(self, key: str, found: list[Node]) -> None:
        for called in self._called(key, found):
            self.carrier.keyword(called, _short(key))

    def _types(self, key: str, found: list[Node]) -> None:
        for value in found:
            if str(value) == _DCAT + "DataService":
                self.carrier.text("kind", ProductKind.SERVICE.value, _short(key))
                self.carrier.add("deliveryMode", DeliveryMode.API.value, _short(key))
            elif str(value) != _DCAT + "Dataset":
                self.carrier.leave(_short(key), self._label(value))

    def _distributions(self, key: str, found: list[Node]) -> None:
        del key
        formats: list[str] = []
        sizes: list[int | None] = []
        for value in found:
            inner = self._properties(value)
            sizes.append(size_of(str(inner.get(_DCAT + "byteSize", [""])[0])))
            for name, values in sorted(inner.items()):
                formats += self._distributed(name, values)
        known = [size for size in sizes if size is not None]
        self.carrier.files(formats, sum(known) if len(known) == len(sizes) else None, len(sizes))

    def _distributed(self, name: str, values: list[Node]) -> list[str]:
        """Take over one property of a distribution; return the formats that it names."""
        if name in (_DCAT + "mediaType", _DCT + "format"):
            return list(self._called(name, values))
        if name == _DCT + "license":
            self._licences(name, values)
        elif name == _DCAT + "accessService":
            self.carrier.add("deliveryMode", DeliveryMode.API.value, _short(name))
        elif name not in (_TYPE, _DCAT + "byteSize"):
            for value in values:
                label = self._label(value)
                self.carrier.leave(f"dcat:distribution.{_short(name)}", label, "content")
        return []

    def _called(self, key: str, found: Iterable[Node]) -> Iterator[str]:
        """Yield what nodes are called, in order; those that nothing calls anything are left."""
        names = sorted(map(self._label, found))
        for name in names:
            if name:
                yield name
            else:
                self.carrier.leave(_short(key), name, "no-value")

    def _label(self, value: Node) -> str:
        """Return what a node is called: its label, Chinese before English, its name, or nothing.

        The name of a blank node is made up by whoever reads it, and another one each time.
        """
        inner = self._properties(value)
        labels = [one for name in _LABELS for one in inner.get(name, [])]
        if labels:
            return str(min(labels, key=_language))
        return "" if _is_blank(value) else str(value)


def _json(said: str) -> object:
    """Return the value of a literal of JSON, the text itself where it is none."""
    import json  # noqa: PLC0415 (start-up time)

    if is_deep(said.encode(), _DEPTH):
        return said
    try:
        return json.loads(said)
    except ValueError:
        return said


def _is_blank(node: Node) -> bool:
    from rdflib import BNode  # noqa: PLC0415 (an extra)

    return isinstance(node, BNode)


def _language(value: Node) -> tuple[int, str]:
    order = {"zh": 0, "en": 1, "": 2}
    language = str(getattr(value, "language", None) or "").split("-")[0].lower()
    return order.get(language, 3), str(value)


def _last(iri: str) -> str:
    return re.split(r"[/#:]", iri.strip())[-1].lower().replace(" ", "_")


def _short(iri: str) -> str:
    for prefix, base in (("dcat", _DCAT), ("dct", _DCT), ("foaf", _FOAF)):
        if iri.startswith(base):
            return f"{prefix}:{iri.removeprefix(base)}"
    return "rdf:type" if iri == _TYPE else iri
