"""Keep receipts of use, and the evidence of uses refused, in one SQLite file under `DENGJI_HOME`.

Of each grant the newest receipt stands for all before it, so that the file does not grow with use.
What a method returns from is on disk (`synchronous=FULL`): a use is counted before it is served.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

from registry.domain.ids import GrantId
from registry.domain.usage import (
    Settled,
    SignedReceipt,
    following,
    latest,
    not_next,
    require_whole,
)
from registry.errors import ReceiptMalformed, ReceiptsUnusable
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.ids import Address
    from registry.domain.signing import UsageReceipt

FILE_NAME: Final = "receipts.sqlite3"
_BUSY_SECONDS: Final = 30.0
_NOTHING: Final = Settled()
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS receipts (
    chain TEXT NOT NULL, meter BLOB NOT NULL, grantid BLOB NOT NULL,
    text TEXT NOT NULL, settled TEXT NOT NULL DEFAULT '0',
    PRIMARY KEY (chain, meter, grantid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS offered (
    chain TEXT NOT NULL, meter BLOB NOT NULL, grantid BLOB NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (chain, meter, grantid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refusals (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    chain TEXT NOT NULL, grantid BLOB NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS refusals_of ON refusals (chain, grantid, at);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Hold the newest receipt of a grant and up to which sum the chain was seen to have it."""

    receipt: SignedReceipt
    settled: int

    @property
    def open(self) -> int:
        """Return how many units are not yet settled."""
        return self.receipt.receipt.cumulative - self.settled


class Receipts:
    """Open the file at `path`, making it and its folder where missing; threads may share it.

    :raises ReceiptsUnusable: where it cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file, private to its owner."""
        self.path = path
        self._lock = threading.RLock()
        with self._translated():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=FULL")
                self._db.executescript(_SCHEMA)
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- receipts ------------------------------------------------------------------------------

    def newest(self, chain_id: int, meter: Address, grant: GrantId) -> Kept | None:
        """Return the newest receipt of a grant, None for none."""
        with self._asking() as db:
            row = db.execute(
                "SELECT text, settled FROM receipts WHERE chain=? AND meter=? AND grantid=?",
                (str(chain_id), meter.raw, grant.raw),
            ).fetchone()
            return None if row is None else _kept(row)

    def all(self, chain_id: int, meter: Address) -> tuple[Kept, ...]:
        """Return the newest receipt of every grant, in the order of their ids."""
        with self._asking() as db:
            rows = db.execute(
                "SELECT text, settled FROM receipts WHERE chain=? AND meter=? ORDER BY grantid",
                (str(chain_id), meter.raw),
            ).fetchall()
            return tuple(map(_kept, rows))

    def keep(self, signed: SignedReceipt, *, added: int, settled: Settled = _NOTHING) -> None:
        """Keep a receipt that goes beyond the last one of its grant by `added` units.

        The last one is what the chain has settled, where the file knows less: it was lost, or is
        another service's. Of two that come at once, the file takes one and the other is stale.

        :raises ReceiptNotNext: where it does not.
        :raises ReceiptNarrowed: where it leaves out what was done since what is settled.
        """
        with self._writing() as db:
            known = _told(self._last(db, signed))
            last = latest(known, settled)
            if following(last, signed.receipt) != added or signed.receipt.at < last.at:
                raise not_next(last, signed.receipt)
            require_whole(known, settled, signed.receipt)
            self._put(db, signed)

    def complete(self, signed: SignedReceipt) -> None:
        """Keep the newest receipt again with further signatures; an older one changes nothing.

        A newer one takes its place.

        :raises ReceiptNotNext: for a newer one whose sum is smaller.
        """
        with self._writing() as db:
            last = self._last(db, signed)
            if last is not None and last.receipt.sequence >= signed.receipt.sequence:
                if last.receipt == signed.receipt:
                    self._put(db, _merged(last, signed))
                return
            following(_told(last), signed.receipt)
            self._put(db, signed)

    def offer(self, signed: SignedReceipt) -> None:
        """Keep a receipt that was signed for a use which may yet be refused: it does not count."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO offered (chain, meter, grantid, text) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET text=excluded.text",
                (*_key(signed), signed.text()),
            )

    def offered(self, chain_id: int, meter: Address, grant: GrantId) -> SignedReceipt | None:
        """Return the last receipt offered under a grant, whether it was taken or not."""
        with self._asking() as db:
            row = db.execute(
                "SELECT text FROM offered WHERE chain=? AND meter=? AND grantid=?",
                (str(chain_id), meter.raw, grant.raw),
            ).fetchone()
            return None if row is None else SignedReceipt.parse(row[0])

    def settled(self, chain_id: int, meter: Address, grant: GrantId, cumulative: int) -> None:
        """Note up to which sum the chain has settled a grant."""
        with self._writing() as db:
            db.execute(
                "UPDATE receipts SET settled=? WHERE chain=? AND meter=? AND grantid=?",
                (str(cumulative), str(chain_id), meter.raw, grant.raw),
            )

    # ---- refusals ------------------------------------------------------------------------------

    def keep_refusal(self, chain_id: int, grant: GrantId, at: int, text: str) -> int:
        """Keep the signed statement of a refused use; return its number."""
        with self._writing() as db:
            made = db.execute(
                "INSERT INTO refusals (chain, grantid, at, text) VALUES (?, ?, ?, ?)",
                (str(chain_id), grant.raw, at, text),
            )
            return int(made.lastrowid or 0)

    def refusals(self, chain_id: int, grant: GrantId | None = None) -> Iterator[tuple[int, str]]:
        """Yield number and statement of every refusal, or of a grant's, in their order."""
        after = 0
        while True:
            with self._asking() as db:
                page = db.execute(
                    "SELECT number, text FROM refusals WHERE chain=? AND number>?"
                    " AND (? IS NULL OR grantid=?) ORDER BY number LIMIT 500",
                    (str(chain_id), after, *(2 * (None if grant is None else grant.raw,))),
                ).fetchall()
            if not page:
                return
            yield from page
            after = page[-1][0]

    # ---- within --------------------------------------------------------------------------------

    @staticmethod
    def _last(db: sqlite3.Connection, signed: SignedReceipt) -> SignedReceipt | None:
        row = db.execute(
            "SELECT text, settled FROM receipts WHERE chain=? AND meter=? AND grantid=?",
            _key(signed),
        ).fetchone()
        return None if row is None else _kept(row).receipt

    @staticmethod
    def _put(db: sqlite3.Connection, signed: SignedReceipt) -> None:
        db.execute(
            "INSERT INTO receipts (chain, meter, grantid, text) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET text=excluded.text",
            (*_key(signed), signed.text()),
        )

    @contextlib.contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            yield self._db

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the file alone, so that what was read is still so when it is written."""
        with self._lock, self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, ValueError, TypeError, ReceiptMalformed) as error:
            # A row that nobody wrote; or what SQLite says of the damage, which need not be text.
            raise ReceiptsUnusable(file=str(self.path), reason=str(error)) from error


def _key(signed: SignedReceipt) -> tuple[str, bytes, bytes]:
    return str(signed.chain_id), signed.meter.raw, signed.receipt.grant.raw


def _told(signed: SignedReceipt | None) -> UsageReceipt | None:
    return None if signed is None else signed.receipt


def _kept(row: tuple[str, str]) -> Kept:
    text, settled = row
    return Kept(receipt=SignedReceipt.parse(text), settled=int(settled))


def _merged(known: SignedReceipt, given: SignedReceipt) -> SignedReceipt:
    """Return one receipt with the signatures of both, of each side the one given last.

    A signature counts only as long as its key does: who rotated its key signs anew.
    """
    return replace(
        known, grantor=given.grantor or known.grantor, grantee=given.grantee or known.grantee
    )
