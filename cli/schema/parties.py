"""State what `--json` prints of parties, their keys, registrars and accounts."""

from __future__ import annotations

from typing import Final

from cli.schema import common
from cli.schema.notation import page

SHAPES: Final[dict[str, dict[str, str]]] = {
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
    "account_record": {
        "address": "address",
        "keystore": "text?",
        "password_file": "text?",
        "signer_socket": "text?",
    },
    "listed_account": {
        "address": "address",
        "keystore": "text?",
        "password_file": "text?",
        "signer_socket": "text?",
        "selected": "boolean",
    },
}

_HANDED_OVER: Final = {
    "party": "party",
    "from": "address",
    "to": "address",
    "receipt": "receipt",
}

RESULTS: Final[dict[str, dict[str, str]]] = {
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
    "party.keys": page("key_record"),
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
    "party.agent.list": page("key_record"),
    "party.recover.announce": {**SHAPES["recovery"], "receipt": "receipt"},
    "party.recover.cancel": {"party": "party", "receipt": "receipt"},
    "party.recover.finish": _HANDED_OVER,
    "party.admit": {"party": "party", "role": "code", "seat": "text?", **common.SHAPES["step"]},
    "party.delist": {"party": "party", "role": "code", **common.SHAPES["step"]},
    "party.admit-key": {"key": "address", "identity_hash": "hex", "receipt": "receipt"},
    "registrar.admit": {"party": "party", "role": "code", "seat": "text?", **common.SHAPES["step"]},
    "registrar.delist": {"party": "party", "role": "code", **common.SHAPES["step"]},
    "registrar.suspend": {"party": "party", "reason": "code", "receipt": "receipt"},
    "registrar.list": page("registrar_record"),
    "party.list": page("party_record"),
    "party.suspend": {"party": "party", "reason": "code", "receipt": "receipt"},
    "party.resume": {"party": "party", "receipts": "[receipt]"},
    "account.new": SHAPES["account_record"],
    "account.list": page("listed_account"),
    "account.import": SHAPES["account_record"],
    "account.connect": SHAPES["account_record"],
    "account.disconnect": SHAPES["account_record"],
    "account.show": {**SHAPES["account_record"], "party": "party?", "balance": "amount"},
}
