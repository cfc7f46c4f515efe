"""State what `--json` prints: the shape of every command's result.

A type is `text`, `boolean`, `integer`, `amount` (a whole number as a string), `time` (ISO 8601 in
UTC), `day` (ISO 8601), `hex` (0x and digits), `code` (a word that stays the same in every
language), `document` (JSON with a schema of its own in docs/schemas), an id (`party`, `product`,
`grant`, `address`), or the name of a shape. `[T]` is a list of T; `T?` may be null. Fields are only
ever added.
"""

from __future__ import annotations

from typing import Final

from cli.schema import (
    anchors,
    cases,
    common,
    evidence,
    grants,
    lineage,
    parties,
    products,
    uses,
)

__all__ = ["RESULTS", "SHAPES", "VARIANTS", "problems"]

_SUBJECTS: Final = (products, anchors, lineage, grants, uses, parties, cases, evidence, common)

SHAPES: Final[dict[str, dict[str, str]]] = {
    name: fields for subject in _SUBJECTS for name, fields in subject.SHAPES.items()
}
"""The fields of each shape."""

_NO_LEDGER: Final = (
    *("fingerprint", "product.slice"),
    *("metadata.check", "metadata.template", "metadata.words"),
    *("certificate.show", "certificate.export"),  # of a file: no ledger is asked
    "proof.page",
    *("account.new", "account.list", "account.import", "account.connect", "account.disconnect"),
    *("chain.up", "chain.down", "chain.status"),
    *("chain.reset", "deploy", "config.show", "completion"),
)

_LEDGER: Final = dict.fromkeys(
    (
        "grant.show",
        "grant.sign",
        "grant.consent",
        "grant.export",
        "proof.verify",
        "certificate.verify",
    ),
    "ledger?",
)
"""Of an offer in a file, or a proof with a block hash, no ledger need be asked."""

RESULTS: Final[dict[str, dict[str, str]]] = {
    topic: fields if topic in _NO_LEDGER else {**fields, "ledger": _LEDGER.get(topic, "ledger")}
    for subject in _SUBJECTS
    for topic, fields in subject.RESULTS.items()
}
"""The result of each command, by its topic; what rests on a ledger names it."""

VARIANTS: Final[dict[str, dict[str, str]]] = {
    "register --from-table": {**SHAPES["table_registration"], "ledger": "ledger?"},
}
"""The results of commands that answer otherwise with an option."""


def problems(shape: dict[str, str], value: object, where: str = "result") -> list[str]:
    """Return how a value departs from a shape: fields missing, unknown, or of another type."""
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    optional = {name for name, kind in shape.items() if kind.endswith("?")}
    found = [f"{where}.{name} is missing" for name in shape.keys() - optional - value.keys()]
    found += [f"{where}.{name} is unknown" for name in value.keys() - shape.keys()]
    for name in shape.keys() & value.keys():
        found += _problems(shape[name], value[name], f"{where}.{name}")
    return found


_PLAIN: Final[dict[str, type | tuple[type, ...]]] = {
    "boolean": bool,
    "integer": int,
    "value": (str, int),
    "document": dict,
}


def _problems(kind: str, value: object, where: str) -> list[str]:
    if kind.endswith("?"):
        return [] if value is None else _problems(kind[:-1], value, where)
    if kind.startswith("["):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        named = enumerate(value)
        return [one for i, item in named for one in _problems(kind[1:-1], item, f"{where}[{i}]")]
    if kind in SHAPES:
        return problems(SHAPES[kind], value, where)
    if not isinstance(value, _PLAIN.get(kind, str)):
        return [f"{where} is no {kind}"]
    return _misspelt(kind, str(value), where)


_PREFIXES: Final = {
    "hex": "0x",
    "address": "0x",
    "party": "party1",
    "product": "product1",
    "grant": "grant1",
}


def _misspelt(kind: str, value: str, where: str) -> list[str]:
    good = value.startswith(_PREFIXES.get(kind, ""))
    if kind == "time":
        good = len(value) == len("2026-11-22T00:00:00Z") and value.endswith("Z")
    if kind == "amount":
        good = value.isdigit()
    return [] if good else [f"{where} is no {kind}: {value}"]
