"""Break a command off at one of its steps, give it again, and hold against each other what came.

A step is a question to the node, in the order in which the command asks them. It is broken off
before the question leaves, or after the node has answered it and before the answer arrives.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Self
from unittest.mock import patch

from registry.chain import sender
from registry.chain.devchain import processes, record
from registry.chain.rpc import Rpc
from registry.chain.transport import HttpTransport
from registry.chain.wire import Json, header, items, quantity, to_quantity
from registry.domain.times import parse_time
from registry.errors import ConnectionLost
from tests.integration.cli_world import Run, run

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from registry.chain.transport import Pending
    from tests.integration.breakage.stage import Case

PATIENT: Final = 300.0
"""How long, in seconds, a process is waited for that comes at once unless the machine is slow."""
_POLL: Final = 0.002
_LATER: Final = 3_600
_REFUSED: Final = (3, 4)
"""The exit codes of what cannot be done for want of room: bad surroundings, or undecidable."""
_WHOLE: Final = (".jsonl", ".anchor", ".csv", ".html")
"""Files that are there whole or not at all."""
_HORIZON: Final = 400 * 86_400
"""Further than this from the chain's now no command of the stage tells of anything."""
_LIVE: Final = ("chain.json", "anvil.log", "cache")


class Kind(Enum):
    """Say what breaks."""

    NODE = "the node is killed"
    CLIENT = "the client is killed"
    INTERRUPT = "the client is interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Say what breaks at which step; `answered` where the node has acted on it by then."""

    kind: Kind
    step: int
    answered: bool


def grid(kind: Kind, steps: int) -> Iterator[Break]:
    """Yield every way in which a command of so many steps can be broken off."""
    for step in range(1, steps + 1):
        for answered in (False, True):
            yield Break(kind=kind, step=step, answered=answered)


_ENDS: Final = {
    Kind.NODE: (4, {"node-unreachable", "connection-lost"}),
    Kind.INTERRUPT: (130, {"interrupted"}),
}
"""The exit code, and the codes of the errors, that a command ends with where something breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Hold what commands left on the chain: events by emitter and kind, and transactions."""

    events: Counter[tuple[str, str]]
    transactions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Hold how a command goes that nothing disturbs: its questions, its answer, its effect."""

    steps: int
    answer: Run
    effect: Effect


class Counting:
    """Count the questions of a block of code, and do something at one of them."""

    def __init__(
        self, at: int = 0, act: Callable[[], None] | None = None, *, answered: bool
    ) -> None:
        """Act at question number `at`, counted from 1, before it or once it was answered."""
        self.steps = 0
        self._at, self._act, self._answered = at, act, answered
        self._real = HttpTransport.begin

    def __enter__(self) -> Self:
        self._patch = patch.object(HttpTransport, "begin", self._begin())
        self._patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.stop()

    def _begin(self) -> Callable[[HttpTransport, bytes], Pending]:
        def begin(transport: HttpTransport, payload: bytes) -> Pending:
            self.steps += 1
            due = self.steps == self._at and self._act is not None
            if due and self._act is not None and not self._answered:
                self._act()
            pending = self._real(transport, payload)
            if due and self._act is not None and self._answered:
                pending.reply()
                self._act()
                raise ConnectionLost(url=transport.url, reason="ordered")
            return pending

        return begin


class Theatre:
    """Hold a stage as it was built, and play on copies of it that are broken and thrown away."""

    def __init__(self, folder: Path, built: Path, papers: Path) -> None:
        """Play in `folder`; `built` is a home whose chain is stopped, `papers` what cases name."""
        folder.mkdir()
        self.home = folder / "home"
        self._built = built
        self._papers = papers
        self._fixed = {path.name for path in papers.iterdir()}
        self._snapshot: Json = None
        self._head = 0

    # ---- setting the scene ---------------------------------------------------------------------

    def open(self) -> None:
        """Begin on a fresh copy, whose chain runs."""
        self.close()
        shutil.copytree(self._built, self.home)
        self._clean_papers()
        assert run(self.home, "chain", "up").code == 0
        with self._rpc() as rpc:
            self._head = rpc.ask(quantity, "eth_blockNumber")
            self._snapshot = rpc.call("evm_snapshot")

    def rewind(self) -> None:
        """Go back to how it was when it was opened, the chain's process still being the same."""
        if self._known() is None or self._snapshot is None:
            self.open()
            return
        with self._rpc() as rpc:
            assert rpc.call("evm_revert", self._snapshot)
            self._snapshot = rpc.call("evm_snapshot")
        for folder in (self.home, self.home / "dev"):
            _empty(folder, but={"dev", *_LIVE})
        shutil.copytree(
            self._built, self.home, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_LIVE)
        )
        self._clean_papers()

    def close(self) -> None:
        """End the chain and throw its home away."""
        known = self._known()
        if known is not None:
            self._kill_node(known)
        if self.home.exists():
            shutil.rmtree(self.home)
        self._snapshot = None

    def _clean_papers(self) -> None:
        _empty(self._papers, but=self._fixed)

    def _known(self) -> record.Record | None:
        """Return the record of the chain that runs, None where none does."""
        found = record.load(self.home / "dev" / record.FILE_NAME)
        running = found is not None and processes.is_same(found.pid, found.identity)
        return found if running else None

    def _rpc(self) -> Rpc:
        known = self._known()
        assert known is not None
        return Rpc.connect(record.url_of(known.port), chain_id=known.chain_id)

    # ---- playing -------------------------------------------------------------------------------

    def reference(self, case: Case) -> Reference:
        """Run a command undisturbed."""
        self.rewind()
        with Counting(answered=False) as counting:
            answer = run(self.home, *case.arguments)
        assert answer.code == 0, (case, answer)
        return Reference(steps=counting.steps, answer=answer, effect=self.effect())

    def faults(self, case: Case, how: Break, reference: Reference) -> list[str] | None:
        """Break a command off and give it again; return what is not as it should be.

        None where the command came to its end before that step: how often it looks whether a
        block has come is not the same each time.
        """
        first = self._broken(case, how)
        if first.code == 0:
            return None
        found = list(self._untrue(case, how, first))
        return found + self._given_again(case, reference)

    def _given_again(self, case: Case, reference: Reference) -> list[str]:
        """Give a command again that was broken off; return what is not as it should be.

        An hour later by the chain's clock, where its node lives: nobody types in the same second.
        """
        if self._known() is not None:
            with self._rpc() as rpc:
                rpc.call("evm_increaseTime", _LATER)
                rpc.call("evm_mine")
        again = run(self.home, *case.arguments)
        found = [f"given again it ends with {again}"] if again.code else []
        effect = self.effect()
        if effect != reference.effect:
            found.append(f"{effect} where undisturbed it is {reference.effect}")
        return found + self.disagreements()

    def confined(self, case: Case, room: int, reference: Reference) -> list[str]:
        """Run a command where no file may grow beyond some bytes, then where it may.

        Return what is not as it should be. `room` stands for a disk that is full: writing fails
        sooner or later, and what was there before is still there.
        """
        self.rewind()
        before = self._digests()
        said = self._in_child(case, lambda: self._narrow(room))
        found = []
        if said.code not in {0, *_REFUSED} or (said.code and not said.error["message"]):
            found.append(f"it ended with {said}")
        found += [f"{path} is not what it was" for path in self._altered(before)]
        found += [f"{one} was sent and stands in no journal" for one in self._unjournalled()]
        if said.code:
            found += self._given_again(case, reference)
        return found

    def forked(self, case: Case, depth: int, reference: Reference) -> list[str]:
        """Give a command, have its blocks given up, and give it again.

        Return what is not as it should be. On a chain of its own: the node forgets the states of
        old blocks where it has gone back often.
        """
        self.open()
        said = run(self.home, *case.arguments)
        self.give_up(depth)
        found = [] if said.code == 0 else [f"it ended with {said}"]
        return found + self._given_again(case, reference)

    def give_up(self, depth: int) -> None:
        """Put as many empty blocks in the place of the last, none of them older than the scene."""
        with self._rpc() as rpc:
            made = rpc.ask(quantity, "eth_blockNumber") - self._head
            for _ in range(depth - made):
                rpc.call("evm_mine")
            rpc.call("anvil_reorg", depth, [])

    def astray(self, case: Case, seconds: int, reference: Reference) -> list[str]:
        """Run a command where the clock is wrong by so much; return what is not as it should be."""
        self.rewind()
        real = time.time
        with patch.object(time, "time", lambda: real() + seconds):
            said = run(self.home, *case.arguments)
        found = [] if said.code == 0 else [f"it ended with {said}"]
        wrong = [word for word in _times(said.out) - _times(reference.answer.out) if said.code == 0]
        found += [f"it tells of {word}" for word in wrong if not self._is_near(word)]
        effect = self.effect()
        if effect != reference.effect:
            found.append(f"{effect} where undisturbed it is {reference.effect}")
        return found

    def _untrue(self, case: Case, how: Break, said: Run) -> Iterator[str]:
        """Yield what is wrong with the words and the code that a broken command ended with."""
        if how.kind is Kind.CLIENT:
            if said.code != -signal.SIGKILL:
                yield f"it was not killed: {said}"
            return
        code, errors = _ENDS[how.kind]
        if said.code != code or said.error["code"] not in errors or not said.error["hint"]:
            yield f"it ended with {said}"
        left = self._left(case)
        if bool(left) is not ("under way: " in said.err):
            yield f"of {left} it said {said.err!r}"

    def _left(self, case: Case) -> list[str]:
        """Return what a command's account has sent and was not told of."""
        account = bytes.fromhex(case.account.removeprefix("0x"))
        with contextlib.closing(sqlite3.connect(self.home / "journal.sqlite3")) as journal:
            rows = journal.execute(
                "SELECT purpose, status FROM transactions WHERE account = ? AND"
                " (status IN ('signed', 'sent') OR (status = 'landed' AND claimed = 0))"
                " AND (block IS NULL OR block > ?)",
                (account, self._head),
            ).fetchall()
        return [f"{purpose}, {status}" for purpose, status in rows]

    def _broken(self, case: Case, how: Break) -> Run:
        """Break a command off; return what it said."""
        if how.kind is Kind.NODE:
            self.open()
            with _impatient(), Counting(how.step, self._node_dies, answered=how.answered):
                first = run(self.home, *case.arguments)
            self._snapshot = None
            return first
        self.rewind()
        sign = signal.SIGKILL if how.kind is Kind.CLIENT else signal.SIGINT
        return self._in_child(
            case,
            lambda: Counting(
                how.step, functools.partial(os.kill, os.getpid(), sign), answered=how.answered
            ),
        )

    def _node_dies(self) -> None:
        known = self._known()
        if known is not None:
            self._kill_node(known)

    @staticmethod
    def _kill_node(known: record.Record) -> None:
        os.kill(known.pid, signal.SIGKILL)
        _until(lambda: not processes.is_same(known.pid, known.identity))

    def _in_child(
        self, case: Case, breaking: Callable[[], contextlib.AbstractContextManager[object]]
    ) -> Run:
        """Run a command in a process of its own, in a context made there; return what it said.

        Of one that was killed the code is the signal's number, below zero.
        """
        said = self.home.with_name("said.json")
        said.unlink(missing_ok=True)
        child = os.fork()
        if not child:
            with contextlib.suppress(BaseException):
                signal.signal(signal.SIGINT, signal.default_int_handler)
                with breaking():
                    done = run(self.home, *case.arguments)
                said.write_text(json.dumps([done.code, done.out, done.err]))
            os._exit(0)
        status = _ended(child)
        if said.exists():
            return Run(*json.loads(said.read_text()))
        return Run(os.waitstatus_to_exitcode(status), "", "")

    @staticmethod
    @contextlib.contextmanager
    def _narrow(room: int) -> Iterator[None]:
        """Let no file of this process grow beyond some bytes."""
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    def _digests(self) -> dict[Path, bytes]:
        """Return the digests of the files that a command may replace and not change in part."""
        return {
            path: sha256(path.read_bytes()).digest()
            for folder in (self.home, self._papers)
            for path in folder.rglob("*")
            if path.is_file() and path.suffix in _WHOLE and path.name not in _LIVE
        }

    def _altered(self, before: dict[Path, bytes]) -> list[Path]:
        """Return the files that are gone, or neither what they were nor whole."""
        after = self._digests()
        return [
            path
            for path, digest in before.items()
            if after.get(path) != digest and not _is_json(path)
        ]

    def _unjournalled(self) -> list[str]:
        """Return the transactions of blocks since the scene was set that the journal lacks."""
        with (
            self._rpc() as rpc,
            contextlib.closing(sqlite3.connect(self.home / "journal.sqlite3")) as journal,
        ):
            head = rpc.ask(quantity, "eth_blockNumber")
            known = {
                f"0x{row[0].hex()}" for row in journal.execute("SELECT hash FROM transactions")
            }
            blocks = [
                rpc.call("eth_getBlockByNumber", to_quantity(number), False)  # noqa: FBT003
                for number in range(self._head + 1, head + 1)
            ]
        return [one for block in blocks for one in block["transactions"] if one not in known]

    def _is_near(self, told: str) -> bool:
        """Tell whether a time is one of the chain's, and not of the clock that was wrong."""
        with self._rpc() as rpc:
            now = rpc.ask(header, "eth_getBlockByNumber", "latest", False).time  # noqa: FBT003
        return abs(parse_time(told) - now) < _HORIZON

    # ---- holding against each other ------------------------------------------------------------

    def effect(self) -> Effect:
        """Return what was done on the chain since the scene was set."""
        with self._rpc() as rpc:
            head = rpc.ask(quantity, "eth_blockNumber")
            asked = {"fromBlock": to_quantity(self._head + 1), "toBlock": to_quantity(head)}
            logs = rpc.ask(items, "eth_getLogs", asked) if head > self._head else []
            counts = [
                rpc.ask(quantity, "eth_getBlockTransactionCountByNumber", to_quantity(number))
                for number in range(self._head + 1, head + 1)
            ]
        events = Counter((str(one["address"]), str(one["topics"][0])) for one in logs)
        return Effect(events=events, transactions=sum(counts))

    def disagreements(self) -> list[str]:
        """Return what in the journal is unfinished, or not as the chain has it."""
        found = []
        with (
            self._rpc() as rpc,
            contextlib.closing(sqlite3.connect(self.home / "journal.sqlite3")) as journal,
        ):
            rows = journal.execute(
                "SELECT hash, purpose, status, block_hash FROM transactions"
                " WHERE block IS NULL OR block > ?",
                (self._head,),
            ).fetchall()
            for transaction, purpose, status, block_hash in rows:
                receipt = rpc.call("eth_getTransactionReceipt", f"0x{transaction.hex()}")
                there = None if receipt is None else receipt["blockHash"]
                if (status, there) != ("landed", f"0x{(block_hash or b'').hex()}"):
                    found.append(f"{purpose} is {status}, and in block {there}")
        return found


def _ended(child: int) -> int:
    """Wait for a process of ours, and return how it ended."""
    found: list[int] = []

    def is_over() -> bool:
        pid, status = os.waitpid(child, os.WNOHANG)
        found.append(status)
        return pid == child

    _until(is_over)
    return found[-1]


def _is_json(path: Path) -> bool:
    """Tell whether a file is there and whole."""
    try:
        return all(map(json.loads, path.read_text("utf-8").splitlines() or [""]))
    except (OSError, ValueError):
        return False


def _times(text: str) -> set[str]:
    return set(re.findall(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text))


@contextlib.contextmanager
def _impatient() -> Iterator[None]:
    """Have senders wait for a node that is away for no time at all: nobody brings it back."""
    with patch.object(sender, "Patience", functools.partial(sender.Patience, outage=0.0)):
        yield


def _empty(folder: Path, *, but: Collection[str]) -> None:
    for path in folder.iterdir():
        if path.name not in but:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENT
    while not done():
        assert time.monotonic() < end, "it never came"
        time.sleep(_POLL)
