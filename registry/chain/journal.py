"""Keep every signed transaction on disk before it is sent, and what became of it.

The journal is one SQLite file in write-ahead mode with `synchronous=FULL`: when a method returns,
what it wrote survives a crash of the process and of the machine. Several processes may share the
file; every write is one short transaction.

The life of a transaction (`Status`):

    signed ──mark_sent──▶ sent ──settle──▶ landed | failed
                          ▲  │                     │
                          │  └──mark_lost──▶ lost  │
                          └─────mark_vanished──────┘

`lost`: another program's transaction took the nonce, or no node will have it. `mark_vanished`: the
block was reorganised away. `replaced`: a rival with the same nonce was signed (a fee bump, recorded
with `replaces`). A node may still include the replaced one; then `settle` exchanges the two. So of
one nonce at most one row is *live*: signed, sent, landed or failed.

What an intent is: a caller names each wish (`intent`) within an account on a chain. From its
signing until its outcome has been handed to a caller who asked for it (`claim`), the intent is
*open*: asked for again, it is the same transaction. Once claimed, the same words are a new wish,
except within a named `run`, which remembers its outcomes for ever. An outcome that nobody has asked
for again before the account did something else is no longer waited for: `find` leaves it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

from registry.chain import entries
from registry.chain.entries import (
    APPLICATION_ID,
    INCLUDED,
    LIVE,
    SCHEMA_VERSION,
    UNFINISHED,
    Chain,
    Entry,
    Inclusion,
    Status,
)
from registry.chain.journal_file import made, set_aside
from registry.errors import (
    JournalBusy,
    JournalConflict,
    JournalCorrupt,
    JournalTooNew,
    JournalUnusable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["Chain", "Entry", "Inclusion", "Journal", "Status", "set_aside"]

BUSY_SECONDS: Final = 30.0
_NO_NONCE: Final = 2**63 - 1
_CHUNK: Final = 500
"""How many hashes or intents one question names; SQLite allows 32,766 variables."""
_CACHE_KIB: Final = 512
_MOST_HELD: Final = 1_000


class Journal:
    """Open the journal at `path`, creating it and its directory where missing.

    One object may be used by several threads, the file by several processes.

    Raises JournalTooNew when a later version wrote the file, JournalCorrupt when it is damaged or
    no journal (it is left as it is; see `set_aside`), JournalUnusable when it cannot be opened or
    written, JournalBusy when another process holds it for longer than half a minute.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file."""
        self.path = path
        self._lock = threading.RLock()
        self._deferred, self._held = False, set[bytes]()
        with self._translated():
            self._require_file()
            self._db = _connected(path)
            self._db.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; everything written is already on disk."""
        with self._lock:
            self._db.close()

    # ---- writing -------------------------------------------------------------------------------

    def record(self, signed: Sequence[Entry]) -> None:
        """Write newly signed transactions, all or none, before any of them is sent.

        An entry with `replaces` moves the named one to `replaced` in the same step; one that was
        lost begins anew. Raises JournalConflict when a live transaction holds one of the nonces.
        """
        with self._write() as db:
            for entry in signed:
                if entry.replaces is not None:
                    _replace(db, entry.replaces)
                shown = _shown(entry.hash)
                try:
                    if not db.execute(entries.RECORD, entries.row(entry)).rowcount:
                        raise JournalConflict(transaction=shown, reason="signed before")
                except sqlite3.IntegrityError as error:
                    raise JournalConflict(transaction=shown, reason=str(error)) from error

    def mark_sent(self, hashes: Iterable[bytes], *, at: int | None = None) -> None:
        """Note that a node was given these transactions at the local time `at`."""
        moment = int(time.time()) if at is None else at
        with self._write() as db:
            db.executemany(
                "UPDATE transactions SET status = 'sent', sent_at = ?"
                " WHERE hash = ? AND status IN ('signed', 'sent')",
                [(moment, one) for one in hashes],
            )

    def settle(self, found: Mapping[bytes, Inclusion], *, claim: bool = False) -> None:
        """Write where transactions were included: `landed`, or `failed` when they reverted.

        Written again with another block, the later writing counts (a reorganisation moved it).
        Rivals with the same nonce become `replaced`. With `claim` the outcomes count as handed
        over.
        """
        with self._write() as db:
            db.executemany(entries.RETIRE_RIVALS, [{"hash": one} for one in found])
            for one, inclusion in found.items():
                status = Status.LANDED if inclusion.succeeded else Status.FAILED
                values = (status, *entries.place(inclusion), claim, one)
                if db.execute(entries.SETTLE, values).rowcount != 1:
                    raise JournalConflict(transaction=_shown(one), reason="no such transaction")

    def claim(self, hashes: Iterable[bytes]) -> None:
        """Note that the outcomes of these transactions were handed to whoever asked for them."""
        self._held.update(hashes)
        if not self._deferred or len(self._held) > _MOST_HELD:
            self.told()

    def defer(self) -> None:
        """From now on write no claim down before `told`: who asked has not been told by then.

        Within this process they count as claimed. Of very many only the last are kept back.
        """
        self._deferred = True

    def told(self) -> None:
        """Write down the claims that were kept back."""
        with self._lock:
            if self._held:
                claims = [(one,) for one in self._held]
                with self._write() as db:
                    db.executemany("UPDATE transactions SET claimed = 1 WHERE hash = ?", claims)
                self._held.clear()

    def mark_vanished(self, hashes: Iterable[bytes]) -> None:
        """Note that the blocks of these transactions are no longer on the chain: back to `sent`."""
        with self._write() as db:
            db.executemany(entries.VANISH, [(one,) for one in hashes])

    def mark_lost(self, hashes: Iterable[bytes]) -> None:
        """Note that these can never land, or that no node will have them; landed ones stay so."""
        with self._write() as db:
            db.executemany(
                "UPDATE transactions SET status = 'lost'"
                " WHERE hash = ? AND status IN ('signed', 'sent', 'replaced')",
                [(one,) for one in hashes],
            )

    # ---- reading -------------------------------------------------------------------------------

    def get(self, transaction: bytes) -> Entry | None:
        """Return the entry of one transaction hash."""
        return next(iter(self._select("hash = ?", (transaction,))), None)

    def unfinished(
        self, chain: Chain, account: bytes | None = None, *, below: int = _NO_NONCE
    ) -> tuple[Entry, ...]:
        """Return what is signed or sent and not yet included, by account and nonce.

        With `below` only those with a lower nonce.
        """
        rest = "AND nonce < ? ORDER BY account, nonce"
        return self._of(chain, account, UNFINISHED, rest, below)

    def taken(self, chain: Chain, account: bytes, first: int) -> frozenset[int]:
        """Return the nonces from `first` on that live transactions of an account hold."""
        where, values = self._where(chain, account, LIVE)
        rows = self._rows("nonce", f"{where} AND nonce >= ?", (*values, first))
        return frozenset(row["nonce"] for row in rows)

    def doubtful(
        self, chain: Chain, account: bytes, latest: int, pending: int
    ) -> tuple[Entry, ...]:
        """Return live transactions that the node, by its counts, lacks, or may lack.

        `latest` is the first nonce that is in no block, `pending` the first that its pool lacks.
        Those are all from `pending` on; and from `latest` on what was never marked as sent, and
        what was included once.
        """
        rest = "AND nonce >= ? AND (nonce >= ? OR status <> 'sent') ORDER BY nonce"
        return self._of(chain, account, LIVE, rest, latest, pending)

    def rivals(self, chain: Chain, account: bytes, nonce: int) -> tuple[Entry, ...]:
        """Return every transaction ever signed for one nonce, the oldest first."""
        return self._of(chain, account, tuple(Status), "AND nonce = ? ORDER BY rowid", nonce)

    def latest_included(self, chain: Chain, account: bytes, limit: int) -> tuple[Entry, ...]:
        """Return the account's last included transactions, the latest first."""
        rest = "ORDER BY block DESC, tx_index DESC LIMIT ?"
        return self._of(chain, account, INCLUDED, rest, limit)

    def landed_after(self, chain: Chain, block: int) -> Iterator[Entry]:
        """Yield what was included in later blocks, failed ones too, by block and place in it."""
        return iter(
            self._of(chain, None, INCLUDED, "AND block > ? ORDER BY block, tx_index", block)
        )

    def passed(self, chain: Chain, account: bytes) -> int:
        """Return the first nonce after all whose landing was handed over; 0 where there is none."""
        where = f"{entries.SAME_CHAIN} AND account = ? AND status = 'landed' AND claimed = 1"
        values = (chain.chain_id, chain.genesis, account)
        rows = self._rows("nonce", f"{where} ORDER BY nonce DESC LIMIT 1", values)
        return int(rows[0]["nonce"]) + 1 if rows else 0

    def find(
        self,
        chain: Chain,
        account: bytes,
        intents: Iterable[str],
        *,
        run: str = "",
        passed: int = 0,
    ) -> dict[str, Entry]:
        """Return, by intent, the transaction that already stands for it.

        That is an open one; or one that landed with a nonce from `passed` on and was never claimed;
        or, when `run` is named, one that landed in that run. Failed and lost ones stand for
        nothing: the wish is unfulfilled.
        """
        found: dict[str, Entry] = {}
        wanted = list(dict.fromkeys(intents))
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            rows = self._select(
                f"{entries.SAME_CHAIN} AND account = ? AND intent IN ({_marks(part)})"
                " AND (status IN ('signed', 'sent') OR (status = 'landed' AND"
                " ((claimed = 0 AND nonce >= ?) OR (run = ? AND run <> '')))) ORDER BY rowid",
                (chain.chain_id, chain.genesis, account, *part, passed, run),
            )
            # One may have been handed over though that is not written down yet.
            held = (one.claimed and one.status is Status.LANDED for one in rows)
            found.update(
                (one.intent, one)
                for one, over in zip(rows, held, strict=True)
                if not over or (run and one.run == run)
            )
        return found

    def untold(self, chain: Chain, account: bytes) -> tuple[Entry, ...]:
        """Return what is on its way, or landed and was never told, by nonce."""
        where, values = self._where(chain, account, (*UNFINISHED, Status.LANDED))
        rest = "AND (status <> 'landed' OR (claimed = 0 AND nonce >= ?)) ORDER BY nonce"
        return self._select(f"{where} {rest}", (*values, self.passed(chain, account)))

    def check(self) -> None:
        """Read the whole file and raise JournalCorrupt where SQLite finds it damaged."""
        with self._lock, self._translated():
            (verdict,) = self._db.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise JournalCorrupt(path=str(self.path), reason=str(verdict))

    # ---- within --------------------------------------------------------------------------------

    def _require_file(self) -> None:
        """Make the file where there is none; refuse one that was cut to nothing."""
        if not os.path.lexists(self.path):
            with made(self.path) as new:
                if new is not None:
                    _create(new)
        elif not self.path.stat().st_size:
            # SQLite would take it for a new one, and throw away what its companions still hold.
            raise JournalCorrupt(path=str(self.path), reason="empty")

    def _prepare(self) -> None:
        with self._translated():
            (application,) = self._db.execute("PRAGMA application_id").fetchone()
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            raise JournalCorrupt(path=str(self.path), reason="not-a-journal")
        if version > SCHEMA_VERSION:
            raise JournalTooNew(path=str(self.path), found=version, known=SCHEMA_VERSION)
        with self._translated():
            # The default differs between builds; without FULL the last commits die with the power.
            self._db.execute("PRAGMA synchronous = FULL")
            # Pages are written in order and seldom read again: more of them in memory helps nobody.
            self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")

    @contextlib.contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn SQLite's errors into ours; the file is never touched on the way."""
        path = str(self.path)
        try:
            yield
        except sqlite3.Error as error:
            # Absent on errors that Python's module itself raises, such as a closed database.
            reason = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if reason in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise JournalBusy(path=path, seconds=int(BUSY_SECONDS)) from error
            if reason in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise JournalCorrupt(path=path, reason=str(error)) from error
            raise JournalUnusable(path=path, reason=str(error)) from error
        except UnicodeError as error:
            # What SQLite says of a damaged file need not be text.
            raise JournalCorrupt(path=path, reason=str(error)) from error
        except OSError as error:
            raise JournalUnusable(path=path, reason=error.strerror or str(error)) from error

    @staticmethod
    def _where(
        chain: Chain, account: bytes | None, statuses: Sequence[Status]
    ) -> tuple[str, tuple[object, ...]]:
        # Written out rather than bound, so that SQLite sees which partial index covers them.
        where = f"{entries.SAME_CHAIN} AND status IN ({', '.join(map(repr, map(str, statuses)))})"
        if account is None:
            return where, (chain.chain_id, chain.genesis)
        return f"{where} AND account = ?", (chain.chain_id, chain.genesis, account)

    def _of(
        self, chain: Chain, account: bytes | None, statuses: Sequence[Status], rest: str, *more: int
    ) -> tuple[Entry, ...]:
        where, values = self._where(chain, account, statuses)
        return self._select(f"{where} {rest}", (*values, *more))

    def _select(self, where: str, values: Sequence[object]) -> tuple[Entry, ...]:
        try:
            found = tuple(map(entries.entry, self._rows(entries.COLUMNS, where, values)))
        except (ValueError, TypeError) as error:
            # A word that nobody wrote, in a row that SQLite takes for whole.
            raise JournalCorrupt(path=str(self.path), reason=str(error)) from error
        return tuple(replace(e, claimed=True) if e.hash in self._held else e for e in found)

    def _rows(self, columns: str, where: str, values: Sequence[object]) -> list[sqlite3.Row]:
        question = f"SELECT {columns} FROM transactions WHERE {where}"  # noqa: S608 (no input in it)
        with self._lock, self._translated():
            return self._db.execute(question, values).fetchall()


def _connected(path: Path) -> sqlite3.Connection:
    """Open a file that is there: without `mode=rw` SQLite would make one that is gone by now."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        uri=True,
    )


def _create(path: Path) -> None:
    """Write an empty journal into a file of no bytes."""
    with contextlib.closing(_connected(path)) as db:
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(f"BEGIN;{entries.SCHEMA}COMMIT;")
        db.execute("PRAGMA journal_mode = WAL")


def _replace(db: sqlite3.Connection, transaction: bytes) -> None:
    changed = db.execute(
        "UPDATE transactions SET status = 'replaced'"
        " WHERE hash = ? AND status IN ('signed', 'sent')",
        (transaction,),
    ).rowcount
    if changed != 1:
        raise JournalConflict(transaction=_shown(transaction), reason="it is no longer unfinished")


def _shown(transaction: bytes) -> str:
    return f"0x{transaction.hex()}"


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
