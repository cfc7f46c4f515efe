"""State what `--json` prints of checks, uses and who may do what."""

from __future__ import annotations

from typing import Final

from cli.schema.notation import page

SHAPES: Final[dict[str, dict[str, str]]] = {
    "use_line": {
        "grant": "grant",
        "number": "integer?",
        "sequence": "integer?",
        "cumulative": "amount?",
        "settled": "amount?",
        "open": "amount?",
        "remaining": "amount?",
        "complete": "boolean?",
        "time": "time?",
        "verdict": "code?",
        "action": "code?",
        "purpose": "code?",
        "amount": "amount?",
        "block": "integer?",
        "statement": "document?",
    },
    "use_receipt": {
        "grant": "grant",
        "cumulative": "amount",
        "sequence": "integer",
        "actions": "[code]",
        "purposes": "[code]",
        "time": "time",
        "grantor": "address?",
        "grantee": "address?",
        "complete": "boolean",
        "header": "text",
        "file": "text?",
    },
    "settled_use": {"grant": "grant", "cumulative": "amount", "sequence": "integer"},
    "failing_condition": {
        "verdict": "code",
        "clause": "code?",
        "subject": "text?",
        "granted": "text?",
        "asked": "text?",
        "said": "text",
        "needed": "text",
    },
    "judged_grant": {
        "grant": "grant",
        "verdict": "code",
        "holds": "[code]",
        "fails": "[failing_condition]",
    },
    "entitlement": {
        "grant": "grant",
        "product": "product",
        "grantor": "party",
        "grantee": "party",
        "usable": "boolean",
        "verdict": "code",
        "actions": "[code]",
        "purposes": "[code]",
        "since": "time",
        "ends_at": "time?",
        "remaining": "amount?",
        "parent": "grant?",
        "clauses": "clauses",
    },
    "holding": {"party": "party", "rights": "[code]", "since": "time", "until": "time?"},
    "numbered_holding": {
        "id": "integer",
        "party": "party",
        "rights": "[code]",
        "since": "time",
        "until": "time?",
    },
    "quota": {
        "unit": "code",
        "total": "amount",
        "per_period": "amount?",
        "period": "integer?",
    },
}

_ASKED: Final = {
    "product": "product",
    "allowed": "boolean",
    "verdict": "code",
    "grantee": "party",
    "action": "code",
    "purpose": "code",
    "amount": "amount",
    "version": "integer?",
    "environment": "code?",
    "territory": "integer?",
    "at": "moment",
}

RESULTS: Final[dict[str, dict[str, str]]] = {
    "check": {**_ASKED, "deployment": "address?", "grant": "grant?"},
    "explain": {**_ASKED, "grants": "[judged_grant]", "grants_count": "integer"},
    "who": {**page("entitlement"), "at": "moment"},
    "what": {**page("entitlement"), "at": "moment"},
    "usage.record": {
        "grant": "grant",
        "action": "code",
        "purpose": "code",
        "amount": "amount",
        "remaining": "amount?",
        "receipt": "receipt",
    },
    "usage.sign": SHAPES["use_receipt"],
    "usage.take": SHAPES["use_receipt"],
    "usage.settle": {
        "settled": "[settled_use]",
        "unsigned": "[grant]",
        "receipts": "[receipt]",
    },
    "usage.list": page("use_line"),
}
