"""Give the journal's rows their shape: values, tables, and the way between them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

SCHEMA_VERSION: Final = 1
APPLICATION_ID: Final = 0x44656E67

SCHEMA: Final = f"""
CREATE TABLE transactions (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    chain_id INTEGER NOT NULL,
    genesis BLOB NOT NULL CHECK (length(genesis) = 32),
    account BLOB NOT NULL CHECK (length(account) = 20),
    nonce INTEGER NOT NULL CHECK (nonce >= 0),
    raw BLOB NOT NULL,
    purpose TEXT NOT NULL,
    intent TEXT NOT NULL,
    run TEXT NOT NULL,
    replaces BLOB,
    created INTEGER NOT NULL,
    sent_at INTEGER,
    status TEXT NOT NULL
        CHECK (status IN ('signed', 'sent', 'landed', 'failed', 'replaced', 'lost')),
    claimed INTEGER NOT NULL DEFAULT 0,
    block INTEGER,
    block_hash BLOB,
    tx_index INTEGER,
    block_time INTEGER,
    gas_used INTEGER
);
CREATE UNIQUE INDEX live_nonce ON transactions (chain_id, genesis, account, nonce)
    WHERE status IN ('signed', 'sent', 'landed', 'failed');
CREATE INDEX unfinished ON transactions (chain_id, genesis, account, nonce)
    WHERE status IN ('signed', 'sent');
CREATE INDEX included ON transactions (chain_id, genesis, block, tx_index)
    WHERE status IN ('landed', 'failed');
CREATE INDEX by_nonce ON transactions (chain_id, genesis, account, nonce);
CREATE INDEX by_intent ON transactions (chain_id, genesis, account, intent);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""


class Status(StrEnum):
    """Name where a transaction stands in its life."""

    SIGNED = "signed"
    SENT = "sent"
    LANDED = "landed"
    FAILED = "failed"
    REPLACED = "replaced"
    LOST = "lost"


LIVE: Final = (Status.SIGNED, Status.SENT, Status.LANDED, Status.FAILED)
UNFINISHED: Final = (Status.SIGNED, Status.SENT)
INCLUDED: Final = (Status.LANDED, Status.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Tell one chain from all others, those with the same id included.

    `genesis` is the hash of block 0, 32 bytes.
    """

    chain_id: int
    genesis: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """Say where a transaction stands on the chain; `time` is the block's, in unix seconds."""

    block: int
    block_hash: bytes
    index: int
    time: int
    gas_used: int
    succeeded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one signed transaction and what is known of it.

    `raw` are the bytes that were or will be sent, `hash` their Keccak-256; `account` is the
    sender's 20 bytes. `purpose` names the kind of operation for people, `intent` the wish, `run`
    the named run it belongs to ("" for none). `replaces` is the hash of the transaction whose
    nonce it takes over. `created` and `sent_at` are unix seconds of the local clock.
    """

    hash: bytes
    chain: Chain
    account: bytes
    nonce: int
    raw: bytes
    purpose: str
    intent: str
    run: str = ""
    replaces: bytes | None = None
    created: int = 0
    sent_at: int | None = None
    status: Status = Status.SIGNED
    claimed: bool = False
    inclusion: Inclusion | None = None


COLUMNS: Final = (
    "hash, chain_id, genesis, account, nonce, raw, purpose, intent, run, replaces, created,"
    " sent_at, status, claimed, block, block_hash, tx_index, block_time, gas_used"
)
INSERT: Final = f"INSERT INTO transactions ({COLUMNS}) VALUES (?{', ?' * COLUMNS.count(',')})"  # noqa: S608
RECORD: Final = (
    f"{INSERT} ON CONFLICT (hash) DO UPDATE SET purpose = excluded.purpose,"
    " intent = excluded.intent, run = excluded.run, replaces = excluded.replaces,"
    " created = excluded.created, sent_at = NULL, status = 'signed', claimed = FALSE"
    " WHERE status = 'lost'"
)
"""Signing is repeatable: what no node would have is the same when it is wished for again."""
SAME_CHAIN: Final = "chain_id = ? AND genesis = ?"
SETTLE: Final = (
    "UPDATE transactions SET status = ?, block = ?, block_hash = ?, tx_index = ?, block_time = ?,"
    " gas_used = ?, claimed = claimed OR ? WHERE hash = ?"
)
RETIRE_RIVALS: Final = (
    "UPDATE transactions SET status = 'replaced', block = NULL, block_hash = NULL, tx_index = NULL,"
    " block_time = NULL, gas_used = NULL WHERE (chain_id, genesis, account, nonce) ="
    " (SELECT chain_id, genesis, account, nonce FROM transactions WHERE hash = :hash)"
    " AND hash <> :hash AND status <> 'lost'"
)
VANISH: Final = (
    "UPDATE transactions SET status = 'sent', block = NULL, block_hash = NULL, tx_index = NULL,"
    " block_time = NULL, gas_used = NULL WHERE hash = ? AND status IN ('landed', 'failed')"
)


def place(inclusion: Inclusion) -> tuple[int, bytes, int, int, int]:
    """Return the columns from `block` to `gas_used`."""
    return (
        inclusion.block,
        inclusion.block_hash,
        inclusion.index,
        inclusion.time,
        inclusion.gas_used,
    )


def row(entry: Entry) -> tuple[object, ...]:
    """Return the columns of a new row."""
    inclusion = (None,) * 5 if entry.inclusion is None else place(entry.inclusion)
    return (
        entry.hash,
        entry.chain.chain_id,
        entry.chain.genesis,
        entry.account,
        entry.nonce,
        entry.raw,
        entry.purpose,
        entry.intent,
        entry.run,
        entry.replaces,
        entry.created or int(time.time()),
        entry.sent_at,
        entry.status,
        entry.claimed,
        *inclusion,
    )


def entry(row: sqlite3.Row) -> Entry:
    """Return the value that a row holds."""
    status = Status(row["status"])
    return Entry(
        hash=row["hash"],
        chain=Chain(chain_id=row["chain_id"], genesis=row["genesis"]),
        account=row["account"],
        nonce=row["nonce"],
        raw=row["raw"],
        purpose=row["purpose"],
        intent=row["intent"],
        run=row["run"],
        replaces=row["replaces"],
        created=row["created"],
        sent_at=row["sent_at"],
        status=status,
        claimed=bool(row["claimed"]),
        inclusion=_inclusion(row, status) if status in INCLUDED else None,
    )


def _inclusion(row: sqlite3.Row, status: Status) -> Inclusion:
    return Inclusion(
        block=row["block"],
        block_hash=row["block_hash"],
        index=row["tx_index"],
        time=row["block_time"],
        gas_used=row["gas_used"],
        succeeded=status is Status.LANDED,
    )
