"""Carry a Croissant description over: JSON-LD in the words of schema.org, and its own beside them.

The document is read by its terms as Croissant's context names them, whatever prefix they carry; no
context is fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.metadata_mapping import OURS, Carrier, size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PEOPLE: Final = ("creator", "publisher", "author", "contributor", "maintainer", "funder")
_PREFIXES: Final = ("https://schema.org/", "http://schema.org/", "schema:", "sc:")
_SAID: Final = ("@context", "@type", "conformsTo", "dct:conformsTo")
_FILE_SAID: Final = ("encodingFormat", "contentSize", "@type", "name", "@id")


def carry(document: Mapping[str, Any]) -> Carrier:
    """Return the fields that the description gives, and what has no place."""
    carrier, dataset = Carrier(), _dataset(document)
    for written, value in sorted(dataset.items()):
        key = _term(written)
        if key in _TOLD:
            _TOLD[key](value, carrier, key)
        elif key not in (*_SAID, OURS):
            carrier.leave(written, value, "person" if key in _PEOPLE else "no-field")
    if OURS in dataset:
        carrier.exact(_literal(dataset[OURS]), OURS)
    return carrier


def _dataset(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the node that describes the dataset, of a graph the first such one."""
    graph = document.get("@graph")
    nodes = [one for one in _listed(graph) if isinstance(one, dict)]
    named = (one for one in nodes if "Dataset" in str(one.get("@type", "")))
    return next(named, document)


def _literal(value: object) -> object:
    """Return what JSON-LD wraps as a literal of JSON."""
    return value.get("@value") if isinstance(value, dict) and "@value" in value else value


def _say(name: str, value: object, carrier: Carrier, where: str) -> None:
    """Take one text over, and name those in other languages that are left."""
    chosen = _text(value)
    carrier.text(name, chosen, where)
    versions = value.values() if isinstance(value, dict) else _listed(value)
    for other in map(_text, versions):
        if other != chosen and isinstance(value, dict | list) and "@value" not in value:
            carrier.leave(where, other, "other-language")


def _name(value: object, carrier: Carrier, where: str) -> None:
    _say("dataName", value, carrier, where)


def _description(value: object, carrier: Carrier, where: str) -> None:
    _say("summary", value, carrier, where)


def _times(value: object, carrier: Carrier, where: str) -> None:
    for one in _listed(value):
        carrier.text("timeScope", _text(one), where)


def _places(value: object, carrier: Carrier, where: str) -> None:
    for one in _listed(value):
        carrier.region(_text(one), where)


def _licences(value: object, carrier: Carrier, where: str) -> None:
    for one in _listed(value):
        carrier.add("restrictions", f"licence: {_text(one)}", where)


def _records(value: object, carrier: Carrier, where: str) -> None:
    # What the columns are, the files say; that there are columns, the form can.
    carrier.files(["table"], None, 0)
    carrier.leave(where, value, "content")


def _keywords(value: object, carrier: Carrier, where: str) -> None:
    for one in _listed(value):
        said = _text(one)
        words = said.split(",") if isinstance(said, str) else [said]
        for word in words:
            carrier.keyword(word.strip() if isinstance(word, str) else word, where)


def _files(value: object, carrier: Carrier, where: str) -> None:
    files = _listed(value)
    formats: list[str] = []
    sizes: list[int | None] = []
    for i, one in enumerate(files):
        if not isinstance(one, dict):
            carrier.leave(f"{where}[{i}]", one, "no-value")
            continue
        said = {_term(key): value for key, value in one.items()}
        formats += [
            t for t in map(_text, _listed(said.get("encodingFormat"))) if isinstance(t, str)
        ]
        if "containedIn" not in said:
            sizes.append(size_of(_text(said.get("contentSize"))))
        for key, inner in said.items():
            if key not in _FILE_SAID:
                carrier.leave(f"{where}[{i}].{key}", inner, "content")
    known = [size for size in sizes if size is not None]
    whole = sum(known) if known and len(known) == len(sizes) else None
    carrier.files(formats, whole, len(sizes))


def _term(written: str) -> str:
    """Return a term without the prefix that stands for schema.org."""
    found = next((prefix for prefix in _PREFIXES if written.startswith(prefix)), "")
    return written.removeprefix(found)


def _text(value: object) -> object:
    """Return the text of a value, however JSON-LD wraps it; Chinese is preferred, then English."""
    if isinstance(value, list) and value:
        tagged = {str(one.get("@language", "")): one for one in value if isinstance(one, dict)}
        return _text(tagged.get("zh") or tagged.get("en") or value[0])
    if isinstance(value, dict):
        keys = ("@value", "zh", "en", "name", "sc:name", "schema:name", "url", "@id")
        return next((_text(value[key]) for key in keys if key in value), str(value))
    return value


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


_TOLD: Final[Mapping[str, Callable[[object, Carrier, str], None]]] = {
    "name": _name,
    "description": _description,
    "temporalCoverage": _times,
    "spatialCoverage": _places,
    "license": _licences,
    "usageInfo": _licences,
    "keywords": _keywords,
    "distribution": _files,
    "recordSet": _records,
}
