"""Read terms that a person wrote in TOML: one grant or the several of a joint agreement.

    template = "FUSION"                 # or NONE
    [clauses]                           # what all grants have in common
    actions = ["AGGREGATE", "DERIVE"]
    valid_until = "2027-11-22"          # ISO 8601, or a duration such as 365d
    [[grants]]                          # what each has of its own
    product = "product1…"
    grantor = "party1…"
    grantee = "party1…"

The keys are those of the clauses in a proposal's file; what is left out comes from the template,
else it is not agreed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from registry import toml_text
from registry.domain import clauses_json, model_contracts, words
from registry.domain.documents import Node
from registry.domain.times import parse_time, show_time
from registry.domain.vocabulary import Template
from registry.errors import ProposalMalformed, RegistryError, TemplateMalformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from registry.domain.clauses import Clauses

MAX_GRANTS: Final = 16
_MASKS: Final = {
    "rights": "Right",
    "actions": "Action",
    "purposes": "Purpose",
    "environment": "Environment",
    "obligations": "Obligation",
}
_ENUMS: Final = ("form", "template", "mode", "sub_delegation", "derived_rights")
_TIMES: Final = ("valid_from", "valid_until", "offer_until")
_AMOUNTS: Final = ("total", "per_period", "unit_price", "cap_price")
_BLANK: Final[Mapping[str, Any]] = {
    **{key: [] for key in _MASKS},
    **dict.fromkeys(_ENUMS, "NONE"),
    **dict.fromkeys(("text", "agreement", "scope", "filing", *_TIMES)),
    "form": "TWO_SIDED",
    "rights": ["USE"],
    "version": 0,
    "quota": None,
    "territory": [],
    "depth": 0,
    "notice_days": 0,
    "price": None,
    "acceptance_days": 0,
    "service_party": None,
    "replaces": None,
}


def parse(raw: str, *, file: str) -> dict[str, Any]:
    """Return what a TOML file says, which `build` makes clauses of; raises `TemplateMalformed`."""
    try:
        return toml_text.parse(raw.encode())
    except toml_text.TomlRefused as error:
        raise TemplateMalformed(file=file, where="/", reason=error.reason) from error


def build(
    document: Mapping[str, Any],
    *,
    file: str = "",
    now: int,
    salts: Callable[[], int],
    given: Mapping[str, Any],
) -> tuple[Clauses, ...]:
    """Return the clauses of a document; `given` are keys that stand above all that it says.

    Durations count from `now`, in seconds since 1970, and those of an end from the start; `salts`
    makes a salt where none is said. Raises `TemplateMalformed`, `ClauseRefused`.
    """
    for key in document:
        if key not in ("template", "clauses", "grants"):
            raise TemplateMalformed(file=file, where=key, reason="proposal-unknown-key")
    try:
        return tuple(_read(document, now, salts, given))
    except ProposalMalformed as error:
        raise TemplateMalformed(file=file, where=error.where, reason=error.reason) from error


def _read(
    document: Mapping[str, Any], now: int, salts: Callable[[], int], given: Mapping[str, Any]
) -> Iterator[Clauses]:
    name = str(document.get("template", "NONE")).upper()
    if name not in Template.__members__:
        raise Node(name, "template").refused("proposal-word")
    defaults = dict(_defaults(Template[name]))
    common = _table(document.get("clauses", {}), "clauses")
    grants = document.get("grants", [{}])
    if not isinstance(grants, list) or not 1 <= len(grants) <= MAX_GRANTS:
        raise Node(None, "grants").refused("proposal-count")
    for place, own in enumerate(grants):
        where = f"grants/{place}"
        said = {**common, **_table(own, where), **given}
        for key, start in (("valid_from", now), ("offer_until", now), ("valid_until", None)):
            if said.get(key) is not None:
                begins = start or parse_time(said.get("valid_from") or show_time(now))
                said[key] = _time(str(said[key]), begins, f"{where}/{key}")
        merged = {
            **_BLANK,
            **defaults,
            "template": name,
            "salt": str(salts()),
            **{key: _written(key, value, where) for key, value in said.items()},
        }
        yield clauses_json.from_json(Node(merged, where))


def _defaults(template: Template) -> Iterator[tuple[str, Any]]:
    if template is Template.NONE:
        return
    for key, value in model_contracts.load(template).defaults.items():
        if key in _MASKS:
            yield key, words.names(value)
        else:
            yield key, value.name if key in _ENUMS else value


def _table(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Node(None, where).refused("proposal-not-object")
    return value


def _written(key: str, value: Any, where: str) -> Any:  # noqa: ANN401 (whatever TOML has)
    """Return a value as the proposal's JSON has it, from the freer ways that people write."""
    if key in _MASKS and isinstance(value, (str, list)):
        text = value if isinstance(value, str) else ",".join(map(str, value))
        try:
            return words.names(words.parse(_MASKS[key], text, many=True)) if text else []  # type: ignore[arg-type]
        except RegistryError as error:
            raise Node(text, f"{where}/{key}").refused("proposal-word") from error
    if key in _ENUMS and isinstance(value, str):
        return value.upper().replace("-", "_")
    if key in ("quota", "price") and isinstance(value, dict):
        blank = {"per_period": "0", "period": 0} if key == "quota" else _NO_PRICE
        return {**blank, **{k: str(v) if k in _AMOUNTS else v for k, v in value.items()}}
    return str(value) if key == "salt" else json.loads(json.dumps(value, default=str))


_NO_PRICE: Final = {"currency": 156, "unit_price": "0", "cap_price": "0"}


def _time(said: str, now: int, where: str) -> str:
    try:
        return show_time(parse_time(said, start=now))
    except RegistryError as error:
        raise Node(said, where).refused("proposal-not-time") from error
