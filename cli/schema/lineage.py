"""State what `--json` prints of lineage."""

from __future__ import annotations

from typing import Final

SHAPES: Final[dict[str, dict[str, str]]] = {
    "pin": {"product": "product", "version": "integer"},
    "source": {"product": "product", "version": "integer", "grant": "grant?"},
    "derivation": {
        "version": "integer",
        "activity": "code",
        "by": "party",
        "agents": "[party]",
        "purposes": "[code]",
        "method": "hex?",
        "time": "time",
        "block": "integer",
        "transaction": "hex",
        "digest": "hex",
    },
    "lineage_node": {
        "product": "product",
        "version": "integer",
        "name": "text?",
        "applicant": "party?",
        "state": "code?",
        "in_force": "boolean",
        "derivation": "derivation?",
        "conditions": "[code]",
        "inherited": "boolean",
        "more": "boolean",
    },
    "lineage_edge": {
        "source": "product",
        "source_version": "integer",
        "product": "product",
        "version": "integer",
        "grant": "grant?",
        "conditions": "[code]",
    },
    "lineage_flag": {
        "condition": "code",
        "product": "product",
        "version": "integer",
        "grant": "grant?",
    },
    "lineage_break": {
        "source": "product",
        "source_version": "integer",
        "product": "product",
        "version": "integer",
        "faults": "[code]",
    },
    "walked_lineage": {
        "versions": "integer",
        "uses": "integer",
        "breaks": "[lineage_break]",
        "flags": "[lineage_flag]",
    },
    "derived_hit": {
        "product": "product",
        "version": "integer",
        "grant": "grant?",
        "applicant": "party?",
        "in_force": "boolean",
    },
}

RESULTS: Final[dict[str, dict[str, str]]] = {
    "trace": {
        "direction": "code",
        "roots": "[pin]",
        "nodes": "[lineage_node]",
        "edges": "[lineage_edge]",
        "flags": "[lineage_flag]",
        "at": "moment",
        "file": "text?",
    },
}
