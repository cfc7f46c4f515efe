"""State what `--json` prints: the shape of every command's result.

A type is `text`, `boolean`, `integer`, `amount` (a whole number as a string), `time` (ISO 8601 in
UTC), `day` (ISO 8601), `hex` (0x and digits), `code` (a word that stays the same in every
language), an id (`party`, `product`, `grant`, `address`), a `document` (an object as docs/schemas
has it), or the name of a shape. `[T]` is a list of T; `T?` may be null. Fields are only ever added.
language), `document` (JSON with a schema of its own in docs/schemas), an id (`party`, `product`,
`grant`, `address`), or the name of a shape. `[T]` is a list of T; `T?` may be null. Fields are only
ever added.
"""

from __future__ import annotations

from typing import Final

SHAPES: Final[dict[str, dict[str, str]]] = {
    "moment": {"block": "integer", "time": "time", "block_hash": "hex?"},
    "ledger": {"network": "text", "chain_id": "integer", "directory": "address"},
    "receipt": {
        "transaction": "hex",
        "block": "integer",
        "time": "time",
        "gas_used": "amount",
        "resumed": "boolean",
    },
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
    "step": {"step": "code", "ready": "time?", "lapses": "time?", "receipt": "receipt?"},
    "party_record": {
        "id": "party",
        "controller": "address",
        "standing": "code",
        "roles": "[code]",
        "since": "time",
        "identity_hash": "hex?",
    },
    "key_record": {
        "key": "address",
        "party": "party",
        "kind": "code",
        "standing": "code",
        "scopes": "[code]",
        "since": "time",
        "until": "time?",
        "from_block": "integer",
        "until_block": "integer?",
    },
    "recovery": {
        "party": "party",
        "key": "address",
        "by": "party",
        "effective_at": "time",
        "lapses": "time",
    },
    "registrar_record": {
        "number": "integer",
        "party": "party",
        "seat": "text",
        "listed": "boolean",
    },
    "opening": {
        "party": "party?",
        "identity_hash": "hex?",
        "identity": "text?",
        "salt": "hex?",
    },
    "suspension": {
        "index": "integer",
        "by": "party",
        "reason": "code",
        "evidence": "hex?",
        "since": "time",
        "until": "time?",
    },
    "product_record": {
        "id": "product",
        "applicant": "party",
        "state": "code",
        "in_force": "boolean",
        "latest": "integer",
        "expired": "boolean",
        "profile": "code",
        "registrar": "integer?",
        "security_class": "code",
        "rights": "[code]",
        "moved": "boolean",
        "operated": "boolean",
        "since": "time",
        "until": "time?",
        "seizures": "integer",
        "controls": "integer",
        "disputes": "integer",
        "flags": "[code]",
    },
    "annotation": {
        "index": "integer",
        "kind": "code",
        "by": "party",
        "reason": "code",
        "evidence": "hex?",
        "since": "time",
        "until": "time?",
    },
    "holding": {"party": "party", "rights": "[code]", "since": "time", "until": "time?"},
    "numbered_holding": {
        "id": "integer",
        "party": "party",
        "rights": "[code]",
        "since": "time",
        "until": "time?",
    },
    "version": {
        "version": "integer",
        "content_root": "hex",
        "metadata_hash": "hex?",
        "digest": "hex",
        "by": "party",
        "time": "time",
        "block": "integer",
        "transaction": "hex",
    },
    "claim": {"product": "product", "version": "integer", "first_at": "time"},
    "registration": {
        "product": "product",
        "version": "integer",
        "already": "boolean",
        "applicant": "party",
        "content_root": "hex",
        "metadata_hash": "hex?",
        "files": "integer",
        "bytes": "amount",
        "others": "[claim]",
        "others_count": "integer",
        "manifest": "text?",
        "private": "boolean",
        "salts": "text?",
        "receipt": "receipt?",
    },
    "quota": {
        "unit": "code",
        "total": "amount",
        "per_period": "amount?",
        "period": "integer?",
    },
    "price": {
        "model": "code",
        "currency": "integer",
        "unit_price": "amount",
        "cap_price": "amount",
    },
    "clauses": {
        "actions": "[code]",
        "purposes": "[code]",
        "rights": "[code]",
        "version": "integer?",
        "valid_from": "time?",
        "valid_until": "time?",
        "quota": "quota?",
        "environment": "[code]",
        "territory": "[integer]",
        "obligations": "[code]",
        "form": "code",
        "template": "code",
        "mode": "code",
        "sub_delegation": "code",
        "depth": "integer",
        "notice_days": "integer",
        "derived_rights": "code",
        "price": "price?",
        "offer_until": "time?",
        "acceptance_days": "integer",
        "service_party": "party?",
        "replaces": "grant?",
        "text": "hex?",
        "agreement": "hex?",
        "scope": "hex?",
        "filing": "hex?",
        "salt": "amount",
    },
    "grant_record": {
        "id": "grant",
        "state": "code",
        "product": "product",
        "grantor": "party",
        "grantee": "party",
        "since": "time",
        "ends_at": "time?",
        "remaining": "amount?",
        "parent": "grant?",
        "block": "integer",
        "transaction": "hex",
        "at": "moment",
        "clauses": "clauses",
    },
    "offered_grant": {
        "id": "grant",
        "product": "product",
        "grantor": "party",
        "grantee": "party",
        "clauses": "clauses",
    },
    "signature": {
        "party": "party",
        "signer": "address",
        "over": "code",
        "time": "time",
        "valid": "boolean",
    },
    "unsigned": {"party": "party", "over": "code"},
    "earlier_offer": {"by": "party", "time": "time", "answers": "hex?"},
    "offer": {
        "file": "text?",
        "kind": "code",
        "chain_id": "integer",
        "contract": "address",
        "digest": "hex",
        "parent": "grant?",
        "by": "party",
        "time": "time",
        "answers": "hex?",
        "offer_until": "time?",
        "grants": "[offered_grant]",
        "signatures": "[signature]",
        "missing": "[unsigned]",
        "history": "[earlier_offer]",
    },
    "hit": {
        "grant": "grant",
        "parent": "grant?",
        "grantee": "party",
        "product": "product",
        "state": "code",
        "usable": "boolean",
        "revoked": "grant",
    },
    "revocation": {"grant": "grant", "ends_at": "time"},
    "certificate_holder": {"party": "party", "name": "text?", "rights": "[code]"},
    "certificate_record": {
        "product": "product",
        "certificate": "integer",
        "code": "text",
        "profile": "code",
        "version": "integer",
        "data_name": "text",
        "holders": "[certificate_holder]",
        "annotations": "[code]",
        "registrar": "party",
        "issued": "time",
        "valid_from": "time",
        "valid_until": "time?",
        "digest": "hex",
        "local_chain": "boolean",
        "document": "document",
        "recorded": "time?",
        "files": "[text]?",
    },
    "listed_certificate": {
        "digest": "hex",
        "product": "product",
        "certificate": "integer",
        "version": "integer",
        "registrar": "party",
        "block": "integer",
        "transaction": "hex",
    },
    "match": {
        "product": "product",
        "version": "integer",
        "outcome": "code",
        "applicant": "party",
        "state": "code",
        "latest": "integer",
        "first_at": "time",
        "private": "boolean",
        "deployment": "address?",
    },
    "differences": {
        "changed": "[text]",
        "missing": "[text]",
        "extra": "[text]",
        "count": "integer",
    },
    "account_record": {"address": "address", "keystore": "text?", "password_file": "text?"},
    "listed_account": {
        "address": "address",
        "keystore": "text?",
        "password_file": "text?",
        "selected": "boolean",
    },
    "unmapped": {"where": "text", "value": "text", "reason": "code", "count": "integer"},
    "listed_code": {"code": "code", "zh": "text", "en": "text"},
    "setting": {"setting": "code", "value": "value?", "origin": "text"},
}
"""The fields of each shape."""


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


def _optional(shape: dict[str, str]) -> dict[str, str]:
    """Return a shape whose fields may all be absent."""
    return {name: kind if kind.endswith("?") else f"{kind}?" for name, kind in shape.items()}


def _page(of: str) -> dict[str, str]:
    return {"items": f"[{of}]", "after": "text?"}


_HANDED_OVER: Final = {
    "party": "party",
    "from": "address",
    "to": "address",
    "receipt": "receipt",
}
_GRANT_OR_OFFER: Final = {
    **SHAPES["offer"],
    **SHAPES["grant_record"],
    "deployment": "address",
    "path": "[grant]?",
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

_RESULTS: Final[dict[str, dict[str, str]]] = {
    "register": SHAPES["registration"],
    "check": {**_ASKED, "deployment": "address?", "grant": "grant?"},
    "explain": {**_ASKED, "grants": "[judged_grant]", "grants_count": "integer"},
    "who": {**_page("entitlement"), "at": "moment"},
    "what": {**_page("entitlement"), "at": "moment"},
    "watch": {
        "event": "code",
        "block": "integer",
        "log_index": "integer",
        "transaction": "hex",
        "time": "time",
        "fields": "document",
    },
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
    "usage.list": _page("use_line"),
    "verify": {
        "outcome": "code",
        "content_root": "hex",
        "products": "[match]",
        "products_count": "integer",
        "compared_with": "text?",
        "differences": "differences?",
        "forgotten": "boolean",
        "at": "moment",
    },
    "product.show": {
        **SHAPES["product_record"],
        "code": "text?",
        "holders": "[holding]",
        "annotations": "[annotation]",
        "former_holders": "integer",
        "released": "integer",
        "deployment": "address?",
    },
    "product.holders": _page("numbered_holding"),
    "product.annotate": {
        "product": "product",
        "index": "integer",
        "kind": "code",
        "reason": "code",
        "evidence": "hex?",
        "receipt": "receipt",
    },
    "product.release": {
        "product": "product",
        "index": "integer",
        "evidence": "hex?",
        "receipt": "receipt",
    },
    "product.list": _page("product_record"),
    "product.versions": _page("version"),
    "product.update": SHAPES["registration"],
    "product.transfer": {
        "product": "product",
        "to": "party",
        "rights": "[code]",
        "receipt": "receipt",
    },
    "product.forget": {
        "product": "product",
        "versions": "[integer]",
        "erased": "integer",
        "index": "integer",
        "record": "text",
        "evidence": "hex",
        "receipt": "receipt?",
    },
    "product.retire": {"product": "product", "receipt": "receipt"},
    "metadata.check": {
        "profile": "code",
        "format": "code",
        "metadata_hash": "hex",
        "evidence": "hex",
        "public": "document",
        "kept_back": "[code]",
        "unmapped": "[unmapped]",
    },
    "metadata.template": {"profile": "code", "template": "text"},
    "metadata.words": _page("listed_code"),
    "certificate.issue": {**SHAPES["certificate_record"], "receipt": "receipt?"},
    "certificate.show": {**SHAPES["certificate_record"], "ledger": "ledger?"},
    "certificate.list": _page("listed_certificate"),
    "certificate.verify": {
        "outcome": "code",
        "paper": "code",
        "product": "product",
        "code": "text",
        "digest": "hex",
        "chain_id": "amount",
        "certificate": "integer?",
        "version": "integer?",
        "recorded": "time?",
        "differing": "[text]",
        "superseded_by": "integer?",
        "compared": "boolean",
        "state": "code?",
        "until": "time?",
        "registrar_admitted": "boolean?",
        "local_chain": "boolean",
        "at": "moment",
    },
    "grant.issue": {**SHAPES["grant_record"], "resumed": "boolean"},
    "grant.show": {name: f"{kind.removesuffix('?')}?" for name, kind in _GRANT_OR_OFFER.items()},
    "grant.list": _page("grant_record"),
    "grant.revoke": {
        "grants": "[revocation]?",
        "reason": "code?",
        "receipt": "receipt?",
        "hits": "[hit]?",
    },
    "grant.propose": SHAPES["offer"],
    "grant.sign": SHAPES["offer"],
    "grant.consent": SHAPES["offer"],
    "grant.counter": SHAPES["offer"],
    "grant.submit": {"grants": "[grant_record]"},
    "grant.void": {"digest": "hex", "receipt": "receipt"},
    "grant.suspend": {
        "grant": "grant",
        "index": "integer",
        "reason": "code",
        "evidence": "hex?",
        "receipt": "receipt",
    },
    "grant.resume": {"grant": "grant", "receipts": "[receipt]"},
    "grant.end": {
        "grant": "grant",
        "ends_at": "time?",
        "deadline": "time",
        "signer": "address",
        "file": "text",
        "receipt": "receipt?",
    },
    "grant.export": {"odrl": "document?", "typed_data": "document?", "vc": "document?"},
    "product.export": {
        "product": "product",
        "format": "code",
        "syntax": "code",
        "documents": "[document]",
        "text": "text?",
        "file": "text?",
        "conforms": "boolean?",
    },
    "certificate.export": {"document": "document", "file": "text?", "ledger": "ledger?"},
    "credential.verify": {
        "status": "code",
        "kind": "code",
        "product": "product?",
        "grant": "grant?",
        "version": "integer?",
        "latest": "integer?",
        "until": "time?",
        "verdict": "code?",
        "differing": "[text]",
        "compared": "boolean",
        "local_chain": "boolean",
        "at": "moment",
    },
    "party.enrol": {**SHAPES["party_record"], "receipt": "receipt?"},
    "party.show": {
        **SHAPES["party_record"],
        "suspensions": "[suspension]",
        "recovery": "recovery?",
        "deployment": "address?",
    },
    "party.identity.show": SHAPES["opening"],
    "party.identity.prepare": SHAPES["opening"],
    "party.identity.verify": {"party": "party", "matches": "boolean"},
    "party.keys": _page("key_record"),
    "party.signer": {
        **{name: kind.rstrip("?") + "?" for name, kind in SHAPES["key_record"].items()},
        "key": "address",
        "spoke": "boolean",
        "at": "moment",
    },
    "party.consent": {
        "format": "text",
        "chain_id": "integer",
        "parties": "address",
        "party": "party",
        "key": "address",
        "kind": "code",
        "scopes": "[code]",
        "valid_until": "time?",
        "deadline": "time",
        "signature": "hex",
        "file": "text?",
    },
    "party.rotate": _HANDED_OVER,
    "party.agent.add": {**SHAPES["key_record"], "receipt": "receipt"},
    "party.agent.remove": {"key": "address", "receipt": "receipt"},
    "party.agent.list": _page("key_record"),
    "party.recover.announce": {**SHAPES["recovery"], "receipt": "receipt"},
    "party.recover.cancel": {"party": "party", "receipt": "receipt"},
    "party.recover.finish": _HANDED_OVER,
    "party.admit": {"party": "party", "role": "code", "seat": "text?", **SHAPES["step"]},
    "party.delist": {"party": "party", "role": "code", **SHAPES["step"]},
    "party.admit-key": {"key": "address", "identity_hash": "hex", "receipt": "receipt"},
    "registrar.admit": {"party": "party", "role": "code", "seat": "text?", **SHAPES["step"]},
    "registrar.delist": {"party": "party", "role": "code", **SHAPES["step"]},
    "registrar.suspend": {"party": "party", "reason": "code", "receipt": "receipt"},
    "registrar.list": _page("registrar_record"),
    "party.list": _page("party_record"),
    "party.suspend": {"party": "party", "reason": "code", "receipt": "receipt"},
    "party.resume": {"party": "party", "receipts": "[receipt]"},
    **{
        f"case.{name}": SHAPES["case_act"]
        for name in (
            *("submit", "resubmit", "supplement", "change", "correct", "transfer", "concur"),
            *("withdraw", "object", "accept", "return", "not-accept", "ask", "extend"),
            *("publicise", "waive", "decide", "refuse", "finalise", "cancel", "revoke", "award"),
        )
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
    "case.list": _page("case_pending"),
    "product.renew": {**_optional(SHAPES["case_act"]), "product": "product", "until": "time?"},
    "product.cancel": {**_optional(SHAPES["case_act"]), "product": "product"},
    "calendar.show": {
        "first_day": "day",
        "last_day": "day",
        "year": "integer",
        "holidays": "[day]",
        "worked_weekends": "[day]",
        "start": "time?",
        "deadline": "time?",
    },
    "calendar.load": SHAPES["step"],
    "calendar.correct": {"day": "day", "working": "boolean", **SHAPES["step"]},
    "account.new": SHAPES["account_record"],
    "account.list": _page("listed_account"),
    "account.import": SHAPES["account_record"],
    "account.show": {**SHAPES["account_record"], "party": "party?", "balance": "amount"},
    "chain.up": {
        "endpoint": "text",
        "port": "integer",
        "pid": "integer",
        "chain_id": "integer",
        "genesis": "hex",
        "started": "boolean",
    },
    "chain.down": {"stopped": "boolean", "state_kept": "boolean"},
    "chain.status": {
        "running": "boolean",
        "state": "code",
        "endpoint": "text?",
        "pid": "integer?",
        "chain_id": "integer?",
        "genesis": "hex?",
        "head": "integer?",
        "home": "text",
    },
    "chain.reset": {"copy": "text?"},
    "deploy": {
        "network": "text",
        "chain_id": "integer",
        "directory": "address",
        "parties": "address",
        "products": "address",
        "grants": "address",
        "interface_version": "integer",
        "block": "integer",
        "predecessor": "address?",
        "local": "boolean",
    },
    "config.show": _page("setting"),
    "completion": {"shell": "code", "script": "text"},
}

_NO_LEDGER: Final = (
    *("metadata.check", "metadata.template", "metadata.words"),
    *("certificate.show", "certificate.export"),  # of a file: no ledger is asked
    *("account.new", "account.list", "account.import", "chain.up", "chain.down", "chain.status"),
    *("chain.reset", "deploy", "config.show", "completion"),
)

_LEDGER: Final = dict.fromkeys(
    ("grant.show", "grant.sign", "grant.consent", "grant.export"), "ledger?"
)
"""Of an offer in a file no ledger need be asked."""

RESULTS: Final[dict[str, dict[str, str]]] = {
    topic: fields if topic in _NO_LEDGER else {**fields, "ledger": _LEDGER.get(topic, "ledger")}
    for topic, fields in _RESULTS.items()
}
"""The result of each command, by its topic; what rests on a ledger names it."""


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
