"""State what `--json` prints of anchors, their archives and their leaves."""

from __future__ import annotations

from typing import Final

from cli.schema.notation import page

SHAPES: Final[dict[str, dict[str, str]]] = {
    "anchored_leaf": {
        "root": "hex",
        "party": "party",
        "leaves": "integer",
        "index": "integer",
        "product": "product",
        "content_root": "hex",
        "metadata_hash": "hex",
        "rights": "[code]",
        "security_class": "code",
        "source": "code",
        "salt": "amount",
    },
    "promoted_leaf": {
        "index": "integer",
        "product": "product",
        "already": "boolean",
        "receipt": "receipt?",
    },
    "kept_anchor": {
        "root": "hex",
        "party": "party",
        "since": "time?",
        "leaves": "integer",
        "file": "text",
    },
    "anchored_content": {
        "root": "hex",
        "party": "party",
        "since": "time",
        "index": "integer",
        "product": "product",
    },
}

RESULTS: Final[dict[str, dict[str, str]]] = {
    "batch.anchor": {
        "root": "hex",
        "party": "party",
        "since": "time",
        "leaves": "integer",
        "already": "boolean",
        "file": "text",
        "receipt": "receipt?",
    },
    "batch.prove": {**SHAPES["anchored_leaf"], "file": "text", "bytes": "integer"},
    "batch.check": {
        "kind": "code",
        **{name: f"{kind}?" for name, kind in SHAPES["anchored_leaf"].items()},
        "since": "time?",
        "promoted": "boolean?",
        "content_checked": "boolean?",
        "file": "text",
        "at": "moment?",
    },
    "batch.promote": {
        "root": "hex",
        "promoted": "integer",
        "recognised": "integer",
        "products": "[promoted_leaf]",
    },
    "batch.show": {**SHAPES["kept_anchor"], "promoted": "integer?"},
    "batch.list": page("kept_anchor"),
}
