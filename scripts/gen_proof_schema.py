"""Write the JSON Schema of proofs: `python -m scripts.gen_proof_schema`, `--check` to compare."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from registry.domain import header, layout
from registry.domain.ancestry import MAX_ANCESTORS
from registry.domain.lineage import MOST_SOURCES
from registry.domain.proof import FORMAT
from registry.domain.vocabulary import Activity, Purpose
from registry.domain.words import names

ROOT: Final = Path(__file__).parents[1]
TARGET: Final = ROOT / "docs" / "schemas" / "proof.schema.json"
_CHARACTERS: Final = "[023456789acdefghjklmnpqrstuvwxyz]"
_CONTRACTS: Final = ("GrantOffice", *dict.fromkeys(one.contract for one in layout.VARIABLES))
Schema = dict[str, Any]


def schema() -> Schema:
    """Return the schema of the file; of the statement it says only which fields there are."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "Dengji proof",
        "description": "What a ledger keeps as of one block, for whoever trusts the block's hash. "
        "The file is canonical JSON (RFC 8785) with a line feed at its end; every value in it is "
        "computed again when it is checked, as docs/proofs.md says.",
        **_object(
            format={"const": FORMAT},
            subject={"oneOf": _subjects()},
            chain={"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
            directory=_text("0x[0-9a-fA-F]{40}"),
            header=_ref("header"),
            asked=_nullable(_ref("time")),
            neighbour=_nullable(_ref("header")),
            accounts=_list(_ref("account")),
            preimages=_object(
                versions=_list(_ref("version"), most=2),
                grant=_nullable(
                    _object(clauses=_ref("bytes"), above=_list(_ref("hash"), most=MAX_ANCESTORS))
                ),
            ),
            shown={"type": "object"},
        ),
        "$defs": _definitions(),
    }


def _subjects() -> list[Schema]:
    return [
        _object(kind={"const": "product"}, id=_id("product")),
        _object(kind={"const": "version"}, id=_id("product"), version=_number(2**16 - 1, 1)),
        _object(kind={"const": "grant"}, id=_id("grant")),
        _object(kind={"const": "absence"}, of={"const": "product"}, id=_id("product")),
        _object(kind={"const": "absence"}, of={"const": "grant"}, id=_id("grant")),
        _object(kind={"const": "absence"}, of={"const": "content"}, id=_ref("hash")),
    ]


def _definitions() -> Schema:
    fields = {name: _field(kind) for name, kind in (*header.MANDATORY, *header.LATER)}
    return {
        "bytes": _text("0x([0-9a-f]{2})*"),
        "hash": _text("0x[0-9a-f]{64}"),
        "quantity": _text("0x(0|[1-9a-f][0-9a-f]{0,63})"),
        "time": _text("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"),
        "header": _object(
            profile={"const": header.PROFILE},
            hash=_ref("hash"),
            fields={
                "type": "object",
                "properties": fields,
                "required": [name for name, _ in header.MANDATORY],
                "additionalProperties": False,
            },
        ),
        "account": _object(
            name={"enum": sorted(_CONTRACTS)},
            address=_text("0x[0-9a-fA-F]{40}"),
            nonce=_ref("quantity"),
            balance=_ref("quantity"),
            storageHash=_ref("hash"),
            codeHash=_ref("hash"),
            code=_ref("bytes"),
            proof=_list(_ref("bytes")),
            storage=_list(_ref("word")),
        ),
        "word": _object(
            name={"enum": sorted({one.name for one in layout.VARIABLES})},
            keys=_list(_ref("hash"), most=2),
            value=_ref("hash"),
            proof=_list(_ref("bytes")),
        ),
        "version": _object(
            number=_number(2**16 - 1, 1),
            contentRoot=_ref("hash"),
            metadataHash=_ref("hash"),
            claim=_number(2**53 - 1),
            salt=_text("0|[1-9][0-9]{0,19}"),
            derivation=_nullable(_derivation()),
        ),
    }


def _derivation() -> Schema:
    source = _object(
        product=_id("product"), version=_number(2**16 - 1), grant=_nullable(_id("grant"))
    )
    return _object(
        by=_id("party"),
        at=_ref("time"),
        activity={"enum": [one.name for one in Activity]},
        purposes={"type": "array", "items": {"enum": names(Purpose.ALL)}, "uniqueItems": True},
        method=_nullable(_ref("hash")),
        agents=_list(_id("party"), most=MOST_SOURCES),
        sources=_list(source, most=MOST_SOURCES),
    )


def _field(kind: int) -> Schema:
    if kind == header.QUANTITY:
        return _ref("quantity")
    return _ref("bytes") if kind == header.ANY else _text(f"0x[0-9a-f]{{{2 * kind}}}")


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema, *, most: int | None = None) -> Schema:
    return {"type": "array", "items": items, **({} if most is None else {"maxItems": most})}


def _nullable(inner: Schema) -> Schema:
    return {"oneOf": [{"type": "null"}, inner]}


def _number(most: int, least: int = 0) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def _id(kind: str) -> Schema:
    return _text(f"{kind}1{_CHARACTERS}+")


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def main(arguments: list[str]) -> int:
    """Write the schema, or with `--check` compare it."""
    made = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if TARGET.exists() and TARGET.read_text("utf-8") == made:
        return 0
    if "--check" in arguments:
        print(f"{TARGET.relative_to(ROOT)} is stale: run python -m scripts.gen_proof_schema")
        return 1
    TARGET.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
