"""Declare the options that say clauses, and turn what was typed into terms."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from cli.files import read_bytes, read_text
from cli.grammar import option, together
from cli.types import FILE, PARTY, QUOTA, SALT, TERRITORY, VERSION, NumberType, WordType
from registry.errors import ArchiveNeeded, OptionsUnfit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from registry.client import Dengji
    from registry.domain.clauses import Clauses
    from registry.domain.ids import GrantId
    from registry.domain.proposal import FullText

_POLICY_DEPTH: Final = 32


def words(*names: str, vocabulary: str, **attributes: Any) -> Any:  # noqa: ANN401 (click's)
    """Declare an option that takes words of a vocabulary, repeated or with commas."""
    return option(*names, type=WordType(vocabulary, many=True), multiple=True, **attributes)


sub_granting: Final = together(
    option("--sub-delegation", type=WordType("SubDelegation"), metavar="KIND"),
    option("--depth", type=NumberType(0, 8), metavar="LEVELS"),
    option("--derived-rights", type=WordType("DerivedRights"), metavar="WHO"),
)

all_clauses: Final = together(
    words("--action", vocabulary="Action", metavar="ACTION"),
    words("--purpose", vocabulary="Purpose", metavar="PURPOSE"),
    option("--from", "start", metavar="WHEN"),
    option("--until", metavar="WHEN"),
    option("--quota", type=QUOTA, metavar="AMOUNT"),
    option("--per-period", metavar="AMOUNT/TIME"),
    words("--rights", vocabulary="Right", metavar="RIGHTS"),
    option("--version", type=VERSION, metavar="NUMBER"),
    words("--environment", vocabulary="Environment", metavar="WHERE"),
    words("--obligation", vocabulary="Obligation", metavar="DUTY"),
    option("--territory", type=TERRITORY, multiple=True, metavar="CODE"),
    sub_granting,
    option("--mode", type=WordType("Mode"), metavar="MODE"),
    option("--scope", type=FILE, metavar="FILE"),
    option("--filing", type=FILE, metavar="FILE"),
    option("--notice-days", type=NumberType(0, 63), metavar="DAYS"),
    option("--acceptance-days", type=NumberType(0, 65_535), metavar="DAYS"),
    option("--service-party", type=PARTY, metavar="PARTY"),
    option("--replaces", metavar="GRANT"),
    option("--price", type=WordType("PriceModel"), metavar="MODEL"),
    option("--unit-price", type=NumberType(min=0), metavar="AMOUNT"),
    option("--cap-price", type=NumberType(min=0), metavar="AMOUNT"),
    option("--currency", type=NumberType(0, 999), metavar="NUMBER"),
    option("--offer-until", metavar="WHEN"),
    option("--text", type=FILE, metavar="FILE"),
    option("--salt", type=SALT, metavar="NUMBER"),
)
"""Every clause, none of them required: templates and files may say them."""

_PLAIN: Final = ("version", "depth", "notice_days", "acceptance_days")
_YUAN: Final = 156
_NAMED: Final = ("sub_delegation", "derived_rights", "mode")
_MASKS: Final = {
    "action": "actions",
    "purpose": "purposes",
    "rights": "rights",
    "environment": "environment",
    "obligation": "obligations",
}
_TIMES: Final = {"start": "valid_from", "until": "valid_until", "offer_until": "offer_until"}


def said(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed under the names of clauses, what was not typed left out."""
    found: dict[str, Any] = {}
    for typed, key in _MASKS.items():
        if given[typed]:
            found[key] = [name for one in given[typed] for name in _names(one)]
    found |= {key: given[typed] for typed, key in _TIMES.items() if given[typed] is not None}
    found |= {key: given[key] for key in _PLAIN if given[key] is not None}
    found |= {key: given[key].name for key in _NAMED if given[key] is not None}
    if given["sub_delegation"] is not None and given["sub_delegation"] and given["depth"] is None:
        found["depth"] = 1
    if given["territory"]:
        from registry.domain import territory  # noqa: PLC0415 (start-up time)

        found["territory"] = list(territory.normal(given["territory"]))
    for key in ("service_party", "replaces", "salt"):
        if given[key] is not None:
            found[key] = str(given[key])
    return {**found, **_quota(given), **_price(given), **_digests(given)}


def _names(mask: Any) -> list[str]:  # noqa: ANN401 (a mask of any vocabulary)
    from registry.domain.words import names  # noqa: PLC0415 (start-up time)

    return names(mask)


def _quota(given: Mapping[str, Any]) -> dict[str, Any]:
    quota = given["quota"]
    if quota is None:
        _require_none(given, "--quota", ("per_period",))
        return {}
    shown: dict[str, Any] = {"unit": quota.unit.name, "total": str(quota.total)}
    if given["per_period"] is not None:
        from registry.domain.times import parse_time  # noqa: PLC0415 (start-up time)

        amount, _, period = str(given["per_period"]).partition("/")
        shown |= {"per_period": amount, "period": parse_time(period, start=1) - 1}
    return {"quota": shown}


def _price(given: Mapping[str, Any]) -> dict[str, Any]:
    if given["price"] is None:
        _require_none(given, "--price", ("unit_price", "cap_price", "currency"))
        return {}
    free = given["price"].name == "FREE"
    currency = _YUAN if given["currency"] is None else given["currency"]
    return {
        "price": {
            "model": given["price"].name,
            "currency": 0 if free else currency,
            "unit_price": str(given["unit_price"] or 0),
            "cap_price": str(given["cap_price"] or 0),
        }
    }


def _require_none(given: Mapping[str, Any], whole: str, parts: tuple[str, ...]) -> None:
    """Refuse options that say nothing without another; raises `OptionsUnfit`."""
    typed = [f"--{one.replace('_', '-')}" for one in parts if given[one] is not None]
    if typed:
        raise OptionsUnfit(rule="together", options=[whole, *typed])


def _digests(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the SHA-256 of the documents that describe the scenario and the filing."""
    from hashlib import sha256  # noqa: PLC0415 (start-up time)

    return {
        key: "0x" + sha256(read_bytes(given[key])).hexdigest()
        for key in ("scope", "filing")
        if given[key] is not None
    }


def kept_text(client: Dengji, text: Path | None) -> FullText | None:
    """Return what opens the salted hash of a full text, which is kept at home, None for none."""
    if text is None:
        return None
    if client.archive is None:
        raise ArchiveNeeded(kind="texts")
    from registry.domain.proposal import FullText  # noqa: PLC0415 (start-up time)

    digest = client.archive.keep_salted("texts", read_bytes(text))
    opening = client.archive.kept("texts", digest)
    salt = b"" if opening is None else opening[0]
    return FullText(digest=digest, salt=salt, name=text.name)


def document(terms: Path | None, odrl: Path | None, template: str | None) -> dict[str, Any]:
    """Return the terms in a TOML file or an ODRL policy, else none but their template."""
    if odrl is not None:
        return {"clauses": _policy(odrl)}
    if terms is None:
        return {} if template is None else {"template": template}
    from registry.domain import terms_file  # noqa: PLC0415 (start-up time)

    found = terms_file.parse(read_text(terms), file=str(terms))
    return found if template is None else {**found, "template": template}


def _policy(file: Path) -> dict[str, Any]:
    from registry.domain import clauses_json  # noqa: PLC0415 (start-up time)

    clauses, _ = policy_in(file, salt=new_salt())
    return clauses_json.to_json(clauses)


def policy_in(file: Path, *, salt: int) -> tuple[Clauses, GrantId | None]:
    """Return the terms of the ODRL policy in a file, and the parent that it names.

    `salt` stands in where the policy has none. Raises `MetadataUnreadable`, `OdrlUnmappable`.
    """
    import json  # noqa: PLC0415 (start-up time)

    from registry.domain import odrl  # noqa: PLC0415 (start-up time)
    from registry.domain.nesting import is_deep  # noqa: PLC0415 (start-up time)
    from registry.errors import MetadataUnreadable  # noqa: PLC0415 (start-up: seldom raised)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # Of two the parser would drop the first.
        made: dict[str, Any] = {}
        for name, value in pairs:
            if name in made:
                raise MetadataUnreadable(file=str(file), reason=f"double-key:{name}")
            made[name] = value
        return made

    raw = read_bytes(file)
    if is_deep(raw, _POLICY_DEPTH):
        raise MetadataUnreadable(file=str(file), reason="not-json")
    try:
        policy = json.loads(raw, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise MetadataUnreadable(file=str(file), reason="not-json") from error
    return odrl.from_odrl(policy, salt=salt)


def new_salt() -> int:
    """Return a random salt."""
    return int.from_bytes(os.urandom(8))


def built(
    client: Dengji, source: Mapping[str, Any], file: Path | None, given: Mapping[str, Any]
) -> tuple[Clauses, ...]:
    """Return the clauses of a document with what was typed above it."""
    from registry.domain import terms_file  # noqa: PLC0415 (start-up time)

    now = client.ledger.moment(None).time
    shown = "" if file is None else str(file)
    return terms_file.build(source, file=shown, now=now, salts=new_salt, given=given)
