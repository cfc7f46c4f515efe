"""State what `--json` prints of what all commands share, of the chain, settings and the shell."""

from __future__ import annotations

from typing import Final

from cli.schema.notation import page

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
    "step": {"step": "code", "ready": "time?", "lapses": "time?", "receipt": "receipt?"},
    "setting": {"setting": "code", "value": "value?", "origin": "text"},
}

RESULTS: Final[dict[str, dict[str, str]]] = {
    "watch": {
        "event": "code",
        "block": "integer",
        "log_index": "integer",
        "transaction": "hex",
        "time": "time",
        "fields": "document",
    },
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
    "config.show": page("setting"),
    "completion": {"shell": "code", "script": "text"},
}
