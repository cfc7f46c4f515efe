"""Keep on disk what a replay has come to, so that an audit takes little memory and goes on later.

One SQLite file holds the words of one deployment; what is in it is trusted as far as the block it
was written up to is still on the chain with the same hash, and is compared with storage at each
audit all the same. One process writes at a time.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, Self

from registry.domain.audit import Difference, Finding
from registry.domain.keccak import keccak
from registry.errors import AuditBusy, AuditUnusable
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT: Final = "dengji-replay/1"
_MOST: Final = 50_000
_MANY: Final = 1_000
_BUSY_SECONDS: Final = 1.0
_SCHEMA: Final = (
    """CREATE TABLE IF NOT EXISTS words (
        contract TEXT NOT NULL, hashed BLOB NOT NULL, place BLOB NOT NULL, word BLOB NOT NULL,
        name TEXT NOT NULL, keys BLOB NOT NULL, PRIMARY KEY (contract, hashed)
    ) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS notes (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS findings (number INTEGER PRIMARY KEY, text TEXT NOT NULL)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Hold how far something has come: up to which block, with its hash, over how many events."""

    block: int
    block_hash: bytes
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Hold one word that is kept: of which contract, where, and which one by name and keys."""

    contract: str
    hashed: bytes
    place: bytes
    word: bytes
    name: str
    keys: bytes


class Replays:
    """Hold the words of one deployment in a file, or in a temporary one where no path is given.

    :raises AuditBusy: where another process is writing it.
    :raises AuditUnusable: where it cannot be opened or written.
    """

    def __init__(self, path: Path | None, deployment: str) -> None:
        """Open or create the file; one of another deployment or format is begun anew."""
        self._path = path
        self._words: dict[tuple[str, bytes], bytes] = {}
        self._fresh: dict[tuple[str, bytes], tuple[str, bytes]] = {}
        self._notes: dict[bytes, bytes] = {}
        self._noted: set[bytes] = set()
        with self._translated():
            if path is not None:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            # A database without a name is one on disk that goes with its connection.
            self._db = sqlite3.connect(path or "", timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            with self._translated():
                self._prepare(f"{FORMAT} {deployment}")
        except BaseException:
            # Else its lock would stay for as long as somebody holds the error.
            self._db.close()
            raise

    def _prepare(self, stamp: str) -> None:
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA:
            self._db.execute(statement)
        if self._said("stamp") != stamp:
            self.begin_anew()
            self._say("stamp", stamp)

    def close(self) -> None:
        """Close the file; what was not marked is forgotten."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- what the replay asks ----------------------------------------------------------------

    def word(self, contract: str, place: bytes) -> bytes | None:
        """Return a word that was put, None for none."""
        found = self._words.get((contract, place))
        if found is None:
            with self._translated():
                row = self._db.execute(
                    "SELECT word FROM words WHERE contract=? AND hashed=?",
                    (contract, keccak(place)),
                ).fetchone()
            if row is None:
                return None
            found = self._words[contract, place] = row[0]
        return found

    def put(self, contract: str, place: bytes, word: bytes, name: str, keys: bytes) -> None:
        """Keep a word."""
        self._words[contract, place] = word
        self._fresh[contract, place] = name, keys
        if len(self._words) > _MOST:
            self._flush()

    def note(self, key: bytes) -> bytes | None:
        """Return what was noted under a key, None for nothing."""
        found = self._notes.get(key)
        if found is None:
            with self._translated():
                row = self._db.execute("SELECT value FROM notes WHERE key=?", (key,)).fetchone()
            if row is None:
                return None
            found = self._notes[key] = row[0]
        return found

    def keep(self, key: bytes, value: bytes) -> None:
        """Note something that no word holds."""
        self._notes[key] = value
        self._noted.add(key)
        if len(self._notes) > _MOST:
            self._flush()

    # ---- what the audit asks -----------------------------------------------------------------

    def begin_anew(self) -> None:
        """Forget everything that was kept."""
        for held in (self._words, self._fresh, self._notes, self._noted):
            held.clear()
        stamp = self._said("stamp")
        with self._translated():
            for table in ("words", "notes", "marks", "findings"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 (our own names)
        if stamp is not None:
            self._say("stamp", stamp)

    def forget(self) -> None:
        """Forget everything, on disk too: the next audit begins anew."""
        self.begin_anew()
        with self._translated():
            self._db.execute("COMMIT")
            self._db.execute("BEGIN IMMEDIATE")

    def mark(self, name: str) -> Mark | None:
        """Return how far something has come, None where it has not begun."""
        said = self._said(name)
        if said is None:
            return None
        with self._translated():
            block, digest, events = said.split()
            return Mark(block=int(block), block_hash=bytes.fromhex(digest), events=int(events))

    def set_mark(self, name: str, mark: Mark) -> None:
        """Write down how far something has come, and with it all that was kept until now."""
        self._flush()
        self._say(name, f"{mark.block} {mark.block_hash.hex()} {mark.events}")
        with self._translated():
            self._db.execute("COMMIT")
            self._db.execute("BEGIN IMMEDIATE")

    def words(self) -> Iterator[list[Kept]]:
        """Yield all words, so many at a time, by contract and by the hash of their place."""
        self._flush()
        with self._translated():
            rows = self._db.execute(
                "SELECT contract, hashed, place, word, name, keys FROM words"
                " ORDER BY contract, hashed"
            )
            while found := rows.fetchmany(_MANY):
                yield [
                    Kept(contract=c, hashed=h, place=p, word=w, name=n, keys=k)
                    for c, h, p, w, n, k in found
                ]

    def find(self, difference: Difference) -> None:
        """Keep a difference that was found on the way."""
        plain = {
            name: value.hex() if isinstance(value, bytes) else value
            for name, value in asdict(difference).items()
        }
        with self._translated():
            self._db.execute("INSERT INTO findings (text) VALUES (?)", (json.dumps(plain),))

    def findings(self) -> Iterator[Difference]:
        """Yield the differences that were found on the way, in their order."""
        with self._translated():
            rows = self._db.execute("SELECT text FROM findings ORDER BY number").fetchall()
        for (text,) in rows:
            with self._translated():
                found = _difference(json.loads(text))
            yield found

    # ---- within ------------------------------------------------------------------------------

    def _flush(self) -> None:
        """Write what is new, and keep nothing in memory."""
        words = (
            (contract, keccak(place), place, self._words[contract, place], name, keys)
            for (contract, place), (name, keys) in self._fresh.items()
        )
        with self._translated():
            self._db.executemany(
                "INSERT INTO words VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET word=excluded.word",
                words,
            )
            self._db.executemany(
                "INSERT INTO notes VALUES (?, ?) ON CONFLICT DO UPDATE SET value=excluded.value",
                ((key, self._notes[key]) for key in self._noted),
            )
        for held in (self._words, self._fresh, self._notes, self._noted):
            held.clear()

    def _said(self, name: str) -> str | None:
        with self._translated():
            row = self._db.execute("SELECT value FROM marks WHERE name=?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _say(self, name: str, value: str) -> None:
        with self._translated():
            self._db.execute(
                "INSERT INTO marks VALUES (?, ?) ON CONFLICT DO UPDATE SET value=excluded.value",
                (name, value),
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise AuditBusy(file=str(self._path)) from error
            raise AuditUnusable(file=str(self._path), reason=str(error)) from error
        except (sqlite3.Error, OSError, ValueError) as error:
            # What SQLite says of a damaged file need not be text: then Python cannot tell it.
            raise AuditUnusable(file=str(self._path), reason=str(error)) from error


def _difference(plain: dict[str, Any]) -> Difference:
    """Return a difference as it was kept; raises ValueError where it was kept otherwise."""
    try:
        place = plain.pop("place")
        kind, fields = Finding(plain.pop("kind")), tuple(plain.pop("fields"))
        return Difference(
            kind=kind, fields=fields, place=None if place is None else bytes.fromhex(place), **plain
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no difference: {error}") from error
