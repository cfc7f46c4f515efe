"""Write the schema of proofs of leaves: `python -m scripts.gen_anchor_schema`, or `--check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from registry.domain.anchor_leaves import MOST_LEAVES
from registry.domain.anchor_proof import FORMAT, MOST_CHAIN, MOST_NODES

ROOT: Final = Path(__file__).parents[1]
TARGET: Final = ROOT / "docs" / "schemas" / "anchor-proof.schema.json"
_CHARACTERS: Final = "[023456789acdefghjklmnpqrstuvwxyz]"
Schema = dict[str, Any]


def schema() -> Schema:
    """Return the schema of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "Proof of a leaf of a Dengji anchor",
        "description": "One registration among many that a party anchored under one root. The file "
        "is canonical JSON (RFC 8785) with a line feed at its end; docs/bulk.md says how it is "
        "checked, and that it shows existence at the time of the anchor, not a registration.",
        **_object(
            format={"const": FORMAT},
            chain=_number(MOST_CHAIN),
            registry=_text("0x[0-9a-fA-F]{40}"),
            party=_id("party"),
            root=_hash(),
            leaves=_number(MOST_LEAVES, 1),
            index=_number(MOST_LEAVES - 1),
            leaf=_object(contentRoot=_hash(), metadataHash=_hash(), particulars=_hash()),
            product=_id("product"),
            proof={"type": "array", "items": _hash(), "maxItems": MOST_NODES},
        ),
    }


def _object(**members: Schema) -> Schema:
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def _number(most: int, least: int = 0) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$"}


def _hash() -> Schema:
    return _text("0x[0-9a-f]{64}")


def _id(kind: str) -> Schema:
    return _text(f"{kind}1{_CHARACTERS}+")


def main(arguments: list[str]) -> int:
    """Write the schema, or with `--check` compare it."""
    made = json.dumps(schema(), indent=2) + "\n"
    if TARGET.exists() and TARGET.read_text("utf-8") == made:
        return 0
    if "--check" in arguments:
        print(f"{TARGET.relative_to(ROOT)} is stale: run python -m scripts.gen_anchor_schema")
        return 1
    TARGET.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
