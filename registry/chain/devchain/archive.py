"""Keep the blocks of the dev chain outside it, without gaps, so that they can be made again.

The archive is one SQLite file in write-ahead mode with `synchronous=FULL`: what `extend` has
written survives a crash of the process and of the machine. It holds every transaction of every
block up to its head, whoever sent it. Several processes may extend it at once.

A restore begins a new *epoch*. What a process read from the node before it cannot be written after
it: else a block would be archived, and a write reported as done, that the restored chain has not.
"""

from __future__ import annotations

import contextlib
import sqlite3
import struct
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Self

from registry.chain import wire
from registry.chain.devchain.values import Block
from registry.errors import DevChainDamaged, DevChainUnusable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from registry.chain.rpc import Rpc
    from registry.chain.wire import Json

FILE_NAME: Final = "blocks.sqlite3"
_BUSY_SECONDS: Final = 30.0
_CHUNK: Final = 100
_DAMAGE: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""What SQLite says of a file that is no archive; by ERROR, that its table is another."""
_LENGTH: Final = struct.Struct(">I")
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS blocks (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    time INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    transactions BLOB NOT NULL
)
"""


class BlockArchive:
    """Open the archive at `path`, creating it where missing.

    Every method raises DevChainDamaged when the file is damaged, and DevChainUnusable when it
    cannot be read or written: the disk is full, say, or another process holds it.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file."""
        self.path = path
        self._lock = threading.RLock()
        with self._translated():
            self._db = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute(_SCHEMA)
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

    def head(self) -> int:
        """Return the number of the last block; 0, genesis, where there is none."""
        (number,) = self._one("SELECT coalesce(max(number), 0) FROM blocks")
        return int(number)

    def hash_of(self, number: int) -> bytes | None:
        """Return the hash of a block; None where it is not here."""
        found = self._one("SELECT hash FROM blocks WHERE number = ?", number)
        return None if found is None else bytes(found[0])

    def blocks(self, after: int) -> Iterator[Block]:
        """Yield the blocks with higher numbers, in order, without a gap."""
        while page := self._page(after):
            yield from page
            after = page[-1].number

    def extend(
        self, rpc: Rpc, *, upto: int | None = None, known: Callable[[bytes], bytes | None]
    ) -> int:
        """Copy from the node the blocks up to `upto`, or all, that are missing; return how many.

        `known` returns the raw bytes of a transaction by its hash where they are at hand; the node
        is asked for the others. Where a new block does not follow on the last one here, those that
        the chain has given up are forgotten first.
        """
        if upto is None:
            upto = rpc.ask(wire.quantity, "eth_blockNumber")
        added = 0
        while True:
            epoch, head = self.epoch(), self.head()
            if head >= upto:
                return added
            found = _read(rpc, head + 1, min(upto, head + _CHUNK), known)
            if not found:
                return added
            added += self._append(found, epoch)
            if not self._connected(head, found[0][1]):
                self.mend(rpc)

    def mend(self, rpc: Rpc) -> None:
        """Forget the blocks that the chain has given up: cut back to the last that it still has."""
        epoch, head = self.epoch(), self.head()
        orphan = self.hash_of(head)
        number = head
        while number > 0 and not self._is_on(rpc, number):
            number -= 1
        if number == head:
            return
        with self._writing():
            # Another process may have mended and extended it meanwhile.
            if self.epoch() == epoch and self.hash_of(head) == orphan:
                self._db.execute("DELETE FROM blocks WHERE number > ?", (number,))

    def epoch(self) -> int:
        """Return how many restores there have been."""
        (number,) = self._one("PRAGMA user_version")
        return int(number)

    def begin_epoch(self) -> None:
        """Shut out whatever was read from the node before now."""
        with self._writing():
            self._db.execute(f"PRAGMA user_version = {self.epoch() + 1:d}")

    def copy_aside(self) -> Path:
        """Copy the file to a dated name beside it, and return that."""
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        target = self.path.with_name(f"{self.path.name}.{stamp}.{time.time_ns() % 10**9}.aside")
        with self._lock, self._translated():
            self._db.execute("VACUUM INTO ?", (str(target),))
        return target

    def cut(self, after: int) -> None:
        """Forget the blocks with higher numbers."""
        with self._writing():
            self._db.execute("DELETE FROM blocks WHERE number > ?", (after,))

    def _connected(self, head: int, parent: bytes) -> bool:
        return head == 0 or self.hash_of(head) == parent

    def _is_on(self, rpc: Rpc, number: int) -> bool:
        """Tell whether the node has the block that is here."""
        method = "eth_getBlockByNumber"
        block = rpc.call(method, hex(number), False)  # noqa: FBT003
        return block is not None and rpc.shaped(method, block, _hash) == self.hash_of(number)

    def _append(self, found: Sequence[tuple[Block, bytes]], epoch: int) -> int:
        """Write those blocks that continue the chain as it stands here; return how many.

        None is written where a new epoch has begun since they were read.
        """
        added = 0
        with self._writing():
            if self.epoch() != epoch:
                return 0
            head = self.head()
            for block, parent in found:
                if block.number == head + 1 and self._connected(head, parent):
                    packed = _pack(block.transactions)
                    row = (block.number, block.time, block.hash, packed)
                    self._db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?)", row)
                    head, added = block.number, added + 1
        return added

    def _page(self, after: int) -> list[Block]:
        with self._lock, self._translated():
            rows = self._db.execute(
                "SELECT number, time, hash, transactions FROM blocks WHERE number > ?"
                " ORDER BY number LIMIT ?",
                (after, _CHUNK),
            ).fetchall()
        return [
            Block(number=number, time=time, hash=digest, transactions=_unpack(packed))
            for number, time, digest, packed in rows
        ]

    def _one(self, question: str, *values: object) -> Any:  # noqa: ANN401 (a row of any columns)
        with self._lock, self._translated():
            return self._db.execute(question, values).fetchone()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            path, reason = str(self.path), str(error)
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
                raise DevChainDamaged(path=path, reason=reason) from error
            raise DevChainUnusable(path=path, reason=reason) from error


def _read(
    rpc: Rpc, first: int, last: int, known: Callable[[bytes], bytes | None]
) -> list[tuple[Block, bytes]]:
    """Ask the node for a run of blocks; return each with its parent's hash."""
    answers = rpc.batch(
        [("eth_getBlockByNumber", (hex(number), False)) for number in range(first, last + 1)]
    )
    method = "eth_getBlockByNumber"
    found = [rpc.shaped(method, one, _outline) for one in answers if one is not None]
    hashes = [one for _, members in found for one in members]
    raws = {one: raw for one in hashes if (raw := known(one)) is not None}
    raws |= _fetch(rpc, [one for one in hashes if one not in raws])
    return [
        (
            Block(
                number=header.number,
                time=header.time,
                hash=header.hash,
                transactions=tuple(raws[one] for one in members),
            ),
            header.parent,
        )
        for header, members in found
    ]


def _fetch(rpc: Rpc, hashes: Sequence[bytes]) -> dict[bytes, bytes]:
    method = "eth_getRawTransactionByHash"
    answers = rpc.batch([(method, (wire.to_data(one),)) for one in hashes])
    return {
        one: rpc.shaped(method, answer, wire.data)
        for one, answer in zip(hashes, answers, strict=True)
    }


def _outline(value: Json) -> tuple[wire.Header, list[bytes]]:
    members = wire.items(wire.member(wire.record(value), "transactions"))
    return wire.header(value), [wire.data(one, wire.HASH_BYTES) for one in members]


def _hash(value: Json) -> bytes:
    return wire.header(value).hash


def _pack(transactions: Sequence[bytes]) -> bytes:
    return b"".join(_LENGTH.pack(len(raw)) + raw for raw in transactions)


def _unpack(packed: bytes) -> tuple[bytes, ...]:
    found = []
    at = 0
    while at < len(packed):
        (length,) = _LENGTH.unpack_from(packed, at)
        at += _LENGTH.size
        found.append(packed[at : at + length])
        at += length
    return tuple(found)
