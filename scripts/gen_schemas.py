"""Write the JSON Schema of proposals, whose words come from the vocabulary.

`python -m scripts.gen_schemas` writes docs/schemas/proposal.schema.json; with `--check` it writes
nothing and fails where that file is not what it would write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from registry.domain import clauses_json, words
from registry.domain.ancestry import MAX_ANCESTORS
from registry.domain.proposal import MAX_GRANTS, Kind, Over
from registry.domain.proposal_file import FORMAT, MAX_HISTORY, MAX_SIGNATURE

ROOT: Final = Path(__file__).parents[1]
TARGET: Final = ROOT / "docs" / "schemas" / "proposal.schema.json"
_MASKS: Final = {
    "rights": "Right",
    "actions": "Action",
    "purposes": "Purpose",
    "environment": "Environment",
    "obligations": "Obligation",
}
_ENUMS: Final = {
    "form": "Form",
    "template": "Template",
    "mode": "Mode",
    "sub_delegation": "SubDelegation",
    "derived_rights": "DerivedRights",
}
_CHARACTERS: Final = "[023456789acdefghjklmnpqrstuvwxyz]"
Schema = dict[str, Any]


def schema() -> Schema:
    """Return the schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "Dengji proposal",
        "description": "Terms on their way to an agreement. The file is canonical JSON (RFC 8785) "
        "with a line feed at its end; every digest in it is reckoned again when it is read.",
        **_object(
            format={"const": FORMAT},
            kind={"enum": [one.value for one in Kind]},
            domain=_object(chain_id=_integer(2**53 - 1), grants=_ref("address")),
            path=_nullable(_ref("path")),
            texts=_list(_ref("text"), most=MAX_GRANTS * MAX_HISTORY),
            offer=_ref("offer"),
            history=_list(_ref("offer"), most=MAX_HISTORY),
        ),
        "$defs": _definitions(),
    }


def _definitions() -> Schema:
    return {
        "address": {"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"},
        **{
            kind: {"type": "string", "pattern": f"^{kind}1{_CHARACTERS}+$"}
            for kind in ("party", "product", "grant")
        },
        "hash": {"type": "string", "pattern": "^0x[0-9a-f]{64}$"},
        "amount": {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
        "time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "path": _object(
            clauses=_ref("clauses"),
            above=_list(_ref("hash"), most=MAX_ANCESTORS),
        ),
        "text": _object(
            digest=_ref("hash"),
            salt={"type": "string", "pattern": "^0x[0-9a-f]{32}$"},
            name={"type": "string", "maxLength": 200},
        ),
        "offer": _object(
            by=_ref("party"),
            time=_ref("time"),
            answers=_nullable(_ref("hash")),
            digest=_ref("hash"),
            grants=_list(
                _object(id=_ref("grant"), clauses=_ref("clauses")), least=1, most=MAX_GRANTS
            ),
            signatures=_list(_ref("signature"), most=2 * MAX_GRANTS),
        ),
        "signature": _object(
            party=_ref("party"),
            signer=_ref("address"),
            signature={"type": "string", "pattern": f"^0x([0-9a-f]{{2}}){{1,{MAX_SIGNATURE}}}$"},
            time=_ref("time"),
            over={"enum": [one.value for one in Over]},
        ),
        "clauses": _clauses(),
    }


def _clauses() -> Schema:
    members = {
        **{key: _list(_word(kind), unique=True) for key, kind in _MASKS.items()},
        **{key: _word(kind) for key, kind in _ENUMS.items()},
        **{key: _nullable(_ref("hash")) for key in ("text", "agreement", "scope", "filing")},
        **{key: _nullable(_ref("time")) for key in ("valid_from", "valid_until", "offer_until")},
        "product": _ref("product"),
        "version": _integer(2**16 - 1),
        "grantor": _ref("party"),
        "grantee": _ref("party"),
        "quota": _nullable(
            _object(
                unit={"enum": [word for word in words.known("QuotaUnit") if word != "NONE"]},
                total=_ref("amount"),
                per_period=_ref("amount"),
                period=_integer(2**32 - 1),
            )
        ),
        "territory": _list(_integer(2**32 - 1, least=1), most=16, unique=True),
        "depth": _integer(8),
        "notice_days": _integer(63),
        "price": _nullable(
            _object(
                model={"enum": [word for word in words.known("PriceModel") if word != "NONE"]},
                currency=_integer(2**16 - 1),
                unit_price=_ref("amount"),
                cap_price=_ref("amount"),
            )
        ),
        "acceptance_days": _integer(2**16 - 1),
        "service_party": _nullable(_ref("party")),
        "replaces": _nullable(_ref("grant")),
        "salt": _ref("amount"),
    }
    if members.keys() != set(clauses_json.KEYS):
        raise ValueError(f"clauses have other keys: {members.keys() ^ set(clauses_json.KEYS)}")
    return _object(**members)


def _object(**members: Schema) -> Schema:
    return {
        "type": "object",
        "properties": members,
        "required": sorted(members),
        "additionalProperties": False,
    }


def _list(item: Schema, *, most: int | None = None, least: int = 0, unique: bool = False) -> Schema:
    limits: Schema = {"minItems": least} if least else {}
    limits |= {"maxItems": most} if most else {}
    limits |= {"uniqueItems": True} if unique else {}
    return {"type": "array", "items": item, **limits}


def _word(vocabulary: str) -> Schema:
    return {"enum": list(words.known(vocabulary))}


def _integer(most: int, *, least: int = 0) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _nullable(inner: Schema) -> Schema:
    return {"anyOf": [inner, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` compare it."""
    text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if "--check" in arguments:
        fresh = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        if not fresh:
            print(f"{TARGET.relative_to(ROOT)} is stale: run python -m scripts.gen_schemas")
        return 0 if fresh else 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
