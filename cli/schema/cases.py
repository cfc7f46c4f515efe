"""State what `--json` prints of cases and calendars."""

from __future__ import annotations

from typing import Final

from cli.schema import common
from cli.schema.notation import optional, page

SHAPES: Final[dict[str, dict[str, str]]] = {
    "case_record": {
        "case": "integer",
        "profile": "code",
        "kind": "code",
        "applicant": "party",
        "registrar_party": "party",
        "submitted": "time?",
        "missing": "[party]",
    },
    "case_entry": {
        "case": "integer",
        "act": "code",
        "stage": "code",
        "time": "time",
        "by": "party?",
        "due": "time?",
        "overdue": "boolean",
        "digest": "hex?",
        "objection": "integer?",
        "block": "integer?",
        "transaction": "hex?",
    },
    "case_option": {
        "act": "code",
        "kind": "code?",
        "actors": "[code]",
        "parties": "[party]",
        "stage": "code",
        "from": "time?",
        "before": "time?",
        "due": "time?",
        "allowed": "boolean",
        "overdue": "boolean",
        "needs": "[code]",
    },
    "case_objection": {
        "index": "integer",
        "by": "party",
        "since": "time",
        "until": "time?",
        "outcome": "code",
        "after_registration": "boolean",
        "evidence": "hex?",
    },
}
SHAPES["case_act"] = {
    "product": "product",
    "act": "code",
    "stage": "code",
    "since": "time",
    "due": "time?",
    "overdue": "boolean",
    "code": "text?",
    "objection": "integer?",
    **SHAPES["case_record"],
    "submission_due": "time?",
    "submission_late": "boolean",
    "notice": "text?",
    "receipt": "receipt",
}
SHAPES["case_pending"] = {
    "product": "product",
    "stage": "code",
    "since": "time",
    "due": "time?",
    "overdue": "boolean",
    "awaiting": "[party]",
    "objections": "integer",
    **SHAPES["case_record"],
}

RESULTS: Final[dict[str, dict[str, str]]] = {
    **{
        f"case.{name}": SHAPES["case_act"]
        for name in (
            *("submit", "resubmit", "supplement", "change", "correct", "transfer", "concur"),
            *("withdraw", "object", "accept", "return", "not-accept", "ask", "extend"),
            *("publicise", "waive", "decide", "refuse", "finalise", "cancel", "revoke", "award"),
        )
    },
    "case.declare": {
        "product": "product",
        "version": "integer",
        "sources": "[source]",
        "receipt": "receipt",
    },
    "case.timeline": {
        "product": "product",
        "code": "text?",
        **SHAPES["case_record"],
        "submission_due": "time?",
        "submission_late": "boolean",
        "stage": "code",
        "since": "time",
        "deemed": "boolean",
        "due": "time?",
        "overdue": "boolean",
        "happened": "[case_entry]",
        "next": "[case_option]",
        "objections": "[case_objection]",
        "at": "moment",
    },
    "case.list": page("case_pending"),
    "product.renew": {**optional(SHAPES["case_act"]), "product": "product", "until": "time?"},
    "product.cancel": {**optional(SHAPES["case_act"]), "product": "product"},
    "calendar.show": {
        "first_day": "day",
        "last_day": "day",
        "year": "integer",
        "holidays": "[day]",
        "worked_weekends": "[day]",
        "start": "time?",
        "deadline": "time?",
    },
    "calendar.load": common.SHAPES["step"],
    "calendar.correct": {"day": "day", "working": "boolean", **common.SHAPES["step"]},
}
