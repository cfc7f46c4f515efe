"""The journal keeps what was signed, through crashes, and says what became of it."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from registry.chain import journal as module
from registry.chain.entries import LIVE, SCHEMA_VERSION
from registry.chain.journal import Chain, Entry, Inclusion, Journal, Status, set_aside
from registry.chain.journal_file import made
from registry.errors import (
    JournalBusy,
    JournalConflict,
    JournalCorrupt,
    JournalTooNew,
    JournalUnusable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CHAIN = Chain(chain_id=31_337, genesis=b"\x01" * 32)
OTHER_CHAIN = Chain(chain_id=31_337, genesis=b"\x02" * 32)
ACCOUNT = b"\xaa" * 20


def entry(name: int, nonce: int, **given: object) -> Entry:
    """Return an entry whose hash is a number."""
    plain = Entry(
        hash=name.to_bytes(32, "big"),
        chain=CHAIN,
        account=ACCOUNT,
        nonce=nonce,
        raw=b"raw" + bytes([name]),
        purpose="test",
        intent=f"intent:{name}",
        created=1_700_000_000,
    )
    return dataclasses.replace(plain, **given)  # type: ignore[arg-type]


def where(block: int, index: int = 0, *, succeeded: bool = True) -> Inclusion:
    """Return a place in a block."""
    return Inclusion(
        block=block,
        block_hash=block.to_bytes(32, "big"),
        index=index,
        time=1_700_000_000 + block,
        gas_used=50_000,
        succeeded=succeeded,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the journal is to be; its directory is not yet there."""
    return tmp_path / "home" / "journal.sqlite3"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    """Return an empty journal."""
    with Journal(path) as opened:
        yield opened


def status(journal: Journal, one: Entry) -> Status:
    """Return where a transaction stands."""
    found = journal.get(one.hash)
    assert found is not None
    return found.status


def test_what_is_recorded_is_read_back_by_another_process(journal: Journal, path: Path) -> None:
    """An entry comes back as it was written, and is there for whoever opens the file."""
    one = entry(1, 7, run="table", replaces=None)
    journal.record([one])
    with Journal(path) as other:
        assert other.get(one.hash) == one
        assert other.unfinished(CHAIN, ACCOUNT) == (one,)


def test_every_commit_reaches_the_disk(journal: Journal) -> None:
    """The file is in write-ahead mode and each commit is synchronised in full."""
    (mode,) = journal._db.execute("PRAGMA journal_mode").fetchone()
    (synchronous,) = journal._db.execute("PRAGMA synchronous").fetchone()
    assert (mode, synchronous) == ("wal", 2)


def test_the_file_is_its_owners_alone(path: Path, journal: Journal) -> None:
    """Directory and file cannot be read by others."""
    journal.record([entry(1, 0)])
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_opened_twice_it_stays_locked_against_other_processes(path: Path, journal: Journal) -> None:
    """A second opening in this process does not let another one delete the log in use."""
    journal.record([entry(1, 0)])
    log = path.with_name(path.name + "-wal")
    before = log.stat().st_ino
    with Journal(path):
        program = "import pathlib, sys; from registry.chain.journal import Journal;"
        program += "journal = Journal(pathlib.Path(sys.argv[1])); journal.claim([b'']);"
        program += "journal.close()"
        subprocess.run([sys.executable, "-c", program, str(path)], check=True)
        assert log.stat().st_ino == before


def test_a_transaction_goes_from_signed_to_landed(journal: Journal) -> None:
    """Sending and settling move it on, and its place in the chain is kept."""
    one = entry(1, 0)
    journal.record([one])
    assert status(journal, one) is Status.SIGNED
    journal.mark_sent([one.hash], at=1_700_000_100)
    sent = journal.get(one.hash)
    assert sent is not None
    assert (sent.status, sent.sent_at) == (Status.SENT, 1_700_000_100)
    journal.settle({one.hash: where(5)})
    landed = journal.get(one.hash)
    assert landed is not None
    assert (landed.status, landed.inclusion) == (Status.LANDED, where(5))
    assert journal.unfinished(CHAIN) == ()


def test_a_reverted_transaction_is_failed(journal: Journal) -> None:
    """It is in a block, but its wish is not fulfilled."""
    one = entry(1, 0)
    journal.record([one])
    journal.settle({one.hash: where(5, succeeded=False)})
    assert status(journal, one) is Status.FAILED
    assert journal.find(CHAIN, ACCOUNT, [one.intent]) == {}


def test_of_one_nonce_only_one_transaction_is_live(journal: Journal) -> None:
    """A second one with the same nonce is refused, and nothing of its batch is written."""
    journal.record([entry(1, 4)])
    with pytest.raises(JournalConflict) as caught:
        journal.record([entry(2, 5), entry(3, 4)])
    assert caught.value.transaction == f"0x{3:064x}"
    assert [one.nonce for one in journal.unfinished(CHAIN)] == [4]
    journal.record([entry(4, 4, account=b"\xbb" * 20), entry(5, 4, chain=OTHER_CHAIN)])


def test_a_rival_takes_the_place_of_the_one_before(journal: Journal) -> None:
    """A fee bump makes the first one replaced; both stay known for the nonce."""
    first, second = entry(1, 0), entry(2, 0, replaces=(1).to_bytes(32, "big"))
    journal.record([first])
    journal.mark_sent([first.hash])
    journal.record([second])
    assert (status(journal, first), status(journal, second)) == (Status.REPLACED, Status.SIGNED)
    assert [one.hash for one in journal.rivals(CHAIN, ACCOUNT, 0)] == [first.hash, second.hash]


@pytest.mark.parametrize("winner", [0, 1])
def test_whichever_rival_lands_the_other_is_replaced(journal: Journal, winner: int) -> None:
    """Exactly one of two rivals is ever landed, even if it is the older one."""
    both = [entry(1, 0), entry(2, 0, replaces=(1).to_bytes(32, "big"))]
    for one in both:
        journal.record([one])
    journal.settle({both[winner].hash: where(3)})
    assert status(journal, both[winner]) is Status.LANDED
    assert status(journal, both[1 - winner]) is Status.REPLACED
    assert [one.hash for one in journal.landed_after(CHAIN, 0)] == [both[winner].hash]


def test_what_landed_cannot_be_replaced(journal: Journal) -> None:
    """A bump that comes too late is refused, and leaves no trace."""
    one = entry(1, 0)
    journal.record([one])
    journal.settle({one.hash: where(3)})
    with pytest.raises(JournalConflict):
        journal.record([entry(2, 0, replaces=one.hash)])
    assert journal.get(entry(2, 0).hash) is None


def test_a_reorganised_transaction_is_sent_and_unfinished_again(journal: Journal) -> None:
    """Its place is forgotten; settled again elsewhere, the new place counts."""
    one = entry(1, 0)
    journal.record([one])
    journal.settle({one.hash: where(3)})
    journal.mark_vanished([one.hash])
    (waiting,) = journal.unfinished(CHAIN)
    assert (waiting.status, waiting.inclusion) == (Status.SENT, None)
    journal.settle({one.hash: where(4)})
    journal.settle({one.hash: where(5, 2)})
    (landed,) = journal.landed_after(CHAIN, 0)
    assert landed.inclusion == where(5, 2)


def test_what_is_lost_frees_its_nonce(journal: Journal) -> None:
    """A lost transaction is neither live nor open; a landed one cannot be lost."""
    lost, landed = entry(1, 0), entry(2, 1)
    journal.record([lost, landed])
    journal.settle({landed.hash: where(3)})
    journal.mark_lost([lost.hash, landed.hash])
    assert (status(journal, lost), status(journal, landed)) == (Status.LOST, Status.LANDED)
    assert journal.find(CHAIN, ACCOUNT, [lost.intent]) == {}
    journal.record([entry(3, 0)])


def test_what_is_lost_may_be_signed_again_to_the_byte(journal: Journal) -> None:
    """The same transaction begins anew under the wish it then stands for; a live one does not."""
    one = entry(1, 0)
    journal.record([one])
    with pytest.raises(JournalConflict):
        journal.record([one])
    journal.mark_sent([one.hash])
    journal.claim([one.hash])
    journal.mark_lost([one.hash])
    journal.record([dataclasses.replace(one, intent="wished again", run="table.csv")])
    again = journal.get(one.hash)
    assert again is not None
    assert (again.status, again.sent_at, again.claimed) == (Status.SIGNED, None, False)
    assert (again.intent, again.run) == ("wished again", "table.csv")
    with pytest.raises(JournalConflict):
        journal.record([one])


def test_an_unknown_transaction_cannot_be_settled(journal: Journal) -> None:
    """A receipt for something never recorded is a contradiction."""
    with pytest.raises(JournalConflict):
        journal.settle({b"\x77" * 32: where(1)})


def test_an_intent_is_open_until_its_outcome_was_handed_over(journal: Journal) -> None:
    """Signed, sent and landed-unclaimed ones stand for their intent; claimed ones do not."""
    one = entry(1, 0)
    asked = [one.intent, "intent:unknown"]
    journal.record([one])
    assert journal.find(CHAIN, ACCOUNT, asked) == {one.intent: one}
    journal.mark_sent([one.hash])
    assert list(journal.find(CHAIN, ACCOUNT, asked)) == [one.intent]
    journal.settle({one.hash: where(3)})
    assert list(journal.find(CHAIN, ACCOUNT, asked)) == [one.intent]
    assert journal.find(OTHER_CHAIN, ACCOUNT, asked) == {}
    assert journal.find(CHAIN, b"\xbb" * 20, asked) == {}
    journal.claim([one.hash])
    assert journal.find(CHAIN, ACCOUNT, asked) == {}


def test_an_outcome_that_was_not_told_is_waited_for_by_the_next_process(
    journal: Journal, path: Path
) -> None:
    """Deferred, a claim counts here at once, and for others once the outcome was told."""
    journal.defer()
    one = entry(1, 1, intent="one")
    journal.record([one])
    journal.settle({one.hash: where(9)})
    journal.claim([one.hash])
    with Journal(path) as other:
        assert list(other.find(CHAIN, one.account, ["one"])) == ["one"]
        assert journal.find(CHAIN, one.account, ["one"]) == {}
        assert [left.hash for left in journal.untold(CHAIN, one.account)] == [one.hash]
        journal.told()
        assert other.find(CHAIN, one.account, ["one"]) == {}
        assert other.untold(CHAIN, one.account) == ()


def test_of_very_many_outcomes_only_the_last_are_kept_back(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was handed over takes no memory without bound: most of it is written down early."""
    monkeypatch.setattr(module, "_MOST_HELD", 10)
    journal.defer()
    many = [entry(number, number) for number in range(1, 17)]
    journal.record(many)
    journal.settle({one.hash: where(9, one.nonce) for one in many})
    for one in many:
        journal.claim([one.hash])
    with Journal(path) as other:
        assert len(other.untold(CHAIN, many[0].account)) == 5


def test_an_outcome_is_not_waited_for_once_the_account_went_on(journal: Journal) -> None:
    """What landed unclaimed stands for nothing below the first nonce after all handed over."""
    old, new, failed = entry(1, 4), entry(2, 5), entry(3, 6)
    journal.record([old, new, failed])
    assert journal.passed(CHAIN, ACCOUNT) == 0
    journal.settle({old.hash: where(1), new.hash: where(1), failed.hash: where(2, succeeded=False)})
    assert journal.passed(CHAIN, ACCOUNT) == 0
    journal.claim([new.hash, failed.hash])
    assert journal.passed(CHAIN, ACCOUNT) == 6
    assert journal.passed(OTHER_CHAIN, ACCOUNT) == 0
    assert list(journal.find(CHAIN, ACCOUNT, [old.intent], passed=4)) == [old.intent]
    assert journal.find(CHAIN, ACCOUNT, [old.intent], passed=6) == {}


def test_a_named_run_keeps_what_landed_in_it(journal: Journal) -> None:
    """Claimed outcomes stand for their intents in the same run, and in no other."""
    one = entry(1, 0, run="april")
    journal.record([one])
    journal.settle({one.hash: where(3)}, claim=True)
    assert list(journal.find(CHAIN, ACCOUNT, [one.intent], run="april")) == [one.intent]
    assert journal.find(CHAIN, ACCOUNT, [one.intent], run="may") == {}
    assert journal.find(CHAIN, ACCOUNT, [one.intent]) == {}


def test_many_intents_are_found_at_once(journal: Journal) -> None:
    """More intents than one question may name are asked in parts."""
    entries = [entry(1, k, hash=k.to_bytes(32, "big"), intent=f"i{k}") for k in range(999)]
    journal.record(entries)
    found = journal.find(CHAIN, ACCOUNT, [f"i{k}" for k in range(2000)])
    assert len(found) == 999


def test_included_transactions_come_in_the_order_of_the_chain(journal: Journal) -> None:
    """Failed ones are among them, earlier blocks and other chains are not."""
    places = {1: (9, 1), 2: (9, 0), 3: (8, 5), 4: (7, 0), 5: (10, 0)}
    journal.record([entry(name, name) for name in places])
    for name, (block, index) in places.items():
        journal.settle({entry(name, 0).hash: where(block, index, succeeded=name != 2)})
    order = [one.nonce for one in journal.landed_after(CHAIN, 7)]
    assert order == [3, 2, 1, 5]
    assert [one.nonce for one in journal.latest_included(CHAIN, ACCOUNT, 2)] == [5, 1]
    assert list(journal.landed_after(OTHER_CHAIN, 0)) == []


def test_nonces_of_live_transactions_are_taken(journal: Journal) -> None:
    """Replaced and lost ones hold no nonce, landed ones do."""
    journal.record([entry(name, name) for name in range(1, 6)])
    journal.mark_lost([entry(3, 3).hash])
    journal.settle({entry(4, 4).hash: where(1)})
    assert journal.taken(CHAIN, ACCOUNT, 2) == {2, 4, 5}


def test_what_the_node_may_lack_is_doubtful(journal: Journal) -> None:
    """Sent ones that its pool counts are not; signed, landed and later ones are."""
    journal.record([entry(name, name) for name in range(1, 8)])
    journal.mark_sent([entry(name, 0).hash for name in (3, 4, 6)])
    journal.settle({entry(1, 0).hash: where(1), entry(5, 0).hash: where(2)})
    doubtful = journal.doubtful(CHAIN, ACCOUNT, 2, 6)
    assert [one.nonce for one in doubtful] == [2, 5, 6, 7]


def test_no_question_reads_the_whole_journal(journal: Journal) -> None:
    """Every question and every step is answered by an index, however long the journal is."""
    asked: list[str] = []
    journal._db.set_trace_callback(asked.append)
    first, second = entry(1, 0), entry(2, 0, replaces=(1).to_bytes(32, "big"))
    for one in (first, second):
        journal.record([one])
    journal.mark_sent([second.hash])
    journal.settle({second.hash: where(1)})
    journal.claim([second.hash])
    journal.mark_vanished([second.hash])
    journal.mark_lost([second.hash])
    journal.get(first.hash)
    journal.unfinished(CHAIN)
    journal.unfinished(CHAIN, ACCOUNT, below=7)
    journal.taken(CHAIN, ACCOUNT, 0)
    journal.doubtful(CHAIN, ACCOUNT, 0, 1)
    journal.rivals(CHAIN, ACCOUNT, 0)
    list(journal.landed_after(CHAIN, 0))
    journal.latest_included(CHAIN, ACCOUNT, 1)
    journal.find(CHAIN, ACCOUNT, ["x"], run="y")
    journal.passed(CHAIN, ACCOUNT)
    journal.untold(CHAIN, ACCOUNT)
    journal._db.set_trace_callback(None)
    questions = [one for one in asked if one.startswith(("SELECT", "UPDATE"))]
    assert len(questions) >= 15
    for question in questions:
        plan = journal._db.execute(f"EXPLAIN QUERY PLAN {question}").fetchall()
        steps = [row["detail"] for row in plan]
        assert not any(step.startswith("SCAN") for step in steps), (question, steps)


# ---- the file ----------------------------------------------------------------------------------


def test_a_later_schema_is_refused(path: Path) -> None:
    """A journal that a later version wrote is left alone, and the error says both versions."""
    Journal(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(JournalTooNew) as caught:
        Journal(path)
    assert (caught.value.found, caught.value.known) == (SCHEMA_VERSION + 1, SCHEMA_VERSION)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"x" * 9000]
)
def test_a_damaged_file_is_reported_and_kept(path: Path, content: bytes) -> None:
    """The file stays byte for byte; set aside, it makes room for a new one."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(JournalCorrupt) as caught:
        Journal(path)
    assert caught.value.path == str(path)
    assert path.read_bytes() == content
    kept = set_aside(path)
    assert kept.read_bytes() == content
    with Journal(path) as fresh:
        assert fresh.unfinished(CHAIN) == ()


def test_damage_within_is_found(path: Path) -> None:
    """A journal whose pages were overwritten is found out by reading it whole."""
    with Journal(path) as journal:
        journal.record([entry(k, k) for k in range(1, 200)])
        journal._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        journal.check()
    raw = bytearray(path.read_bytes())
    raw[8192:12288] = os.urandom(4096)
    path.write_bytes(raw)
    with Journal(path) as journal, pytest.raises(JournalCorrupt):
        journal.check()


def test_another_programs_database_is_not_touched(path: Path) -> None:
    """A SQLite file that is no journal is refused."""
    path.parent.mkdir()
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE notes (text)")
    raw.close()
    with pytest.raises(JournalCorrupt) as caught:
        Journal(path)
    assert caught.value.reason == "not-a-journal"


def test_an_emptied_journal_is_no_new_one(path: Path) -> None:
    """Cut to nothing it is refused, and what its log still holds stays there."""
    lost = Journal(path)
    lost.record([entry(1, 1)])
    log = path.with_name(f"{path.name}-wal")
    held = log.read_bytes()
    damaged, beside = path.with_name("damaged"), path.with_name("damaged-wal")
    damaged.touch()
    beside.write_bytes(held)
    lost.close()
    with pytest.raises(JournalCorrupt) as caught:
        Journal(damaged)
    assert caught.value.reason == "empty"
    assert damaged.read_bytes() == b""
    assert beside.read_bytes() == held


def test_a_link_to_nowhere_is_no_new_journal(path: Path) -> None:
    """Where the folder that a journal was moved to is gone, none is made in its place."""
    path.parent.mkdir()
    path.symlink_to(path.parent / "gone" / path.name)
    with pytest.raises(JournalUnusable):
        Journal(path)
    assert path.is_symlink()


_HALF = """
import os
import signal
import sys
from pathlib import Path
from registry.chain.journal_file import made
with made(Path(sys.argv[1])) as new:
    new.write_bytes(b"half")
    new.with_name(new.name + "-wal").write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_journal_is_made_whole_or_not_at_all(path: Path) -> None:
    """Killed amid its making, a process leaves nothing that the next one takes for a journal."""
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", _HALF, str(path)], cwd=root, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not path.exists()
    with Journal(path) as journal:
        journal.record([entry(1, 1)])
        journal.check()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_failed_making_leaves_nothing(path: Path) -> None:
    """What cannot be made whole is taken away again."""

    def fail() -> None:
        with made(path) as new:
            assert new is not None
            new.write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(path.parent.iterdir()) == []


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """A file in the directory's place raises JournalUnusable with the path."""
    (tmp_path / "home").write_text("a file")
    with pytest.raises(JournalUnusable) as caught:
        Journal(tmp_path / "home" / "journal.sqlite3")
    assert caught.value.path.endswith("journal.sqlite3")


def test_a_closed_journal_says_so(path: Path) -> None:
    """Using a closed journal is an error of ours, not SQLite's."""
    journal = Journal(path)
    journal.close()
    with pytest.raises(JournalUnusable):
        journal.unfinished(CHAIN)


def test_a_file_held_by_another_process_is_busy(
    path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that another keeps out for too long is told that the journal is busy."""
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.1)
    journal._db.execute("BEGIN IMMEDIATE")
    with Journal(path) as other, pytest.raises(JournalBusy):
        other.record([entry(1, 0)])
    journal._db.execute("ROLLBACK")


def _write_some(path: Path, account: int) -> None:
    with Journal(path) as journal:
        for nonce in range(25):
            name = (account * 1000 + nonce).to_bytes(32, "big")
            journal.record([entry(1, nonce, hash=name, account=bytes([account]) * 20)])


def test_processes_share_one_file(path: Path) -> None:
    """Four processes that open and write a new journal at once all find their rows in it."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_some, args=(path, k)) for k in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    with Journal(path) as journal:
        assert len(journal.unfinished(CHAIN)) == 100


_ENDLESS = """
import sys
import tempfile
from pathlib import Path
from tests.chain.test_journal import Journal, entry
with Journal(Path(sys.argv[1])) as journal:
    for nonce in range(100_000):
        journal.record([entry(1, nonce, hash=nonce.to_bytes(32, "big"))])
        print(nonce, flush=True)
"""


def test_what_was_recorded_survives_the_kill_of_its_writer(path: Path) -> None:
    """After `kill -9` in the midst of writing, every row that was confirmed is there."""
    command = [sys.executable, "-c", _ENDLESS, str(path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as writer:
        assert writer.stdout is not None
        confirmed = [int(writer.stdout.readline()) for _ in range(50)]
        writer.send_signal(signal.SIGKILL)
        confirmed += [int(line) for line in writer.stdout if line.endswith("\n")]
    with Journal(path) as journal:
        journal.check()
        nonces = [one.nonce for one in journal.unfinished(CHAIN)]
    assert nonces[: len(confirmed)] == confirmed


# ---- any sequence ------------------------------------------------------------------------------

NONCES = st.integers(0, 3)


class AnySequence(RuleBasedStateMachine):
    """Whatever is done to the journal, of one nonce at most one transaction is live."""

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        self.journal = Journal(Path(self.home.name) / "journal.sqlite3")
        self.known: list[bytes] = []
        self.made = 0

    def teardown(self) -> None:
        """Remove the file."""
        self.journal.close()
        self.home.cleanup()

    def _record(self, nonce: int, replaces: bytes | None) -> None:
        self.made += 1
        name = self.made.to_bytes(32, "big")
        try:
            self.journal.record([entry(1, nonce, hash=name, replaces=replaces)])
        except JournalConflict:
            assert self.journal.get(name) is None
        else:
            self.known.append(name)

    @rule(nonce=NONCES)
    def sign(self, nonce: int) -> None:
        """Record a new transaction."""
        self._record(nonce, None)

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def bump(self, data: st.DataObject) -> None:
        """Record a rival of any known one."""
        one = self.journal.get(data.draw(st.sampled_from(self.known)))
        assert one is not None
        self._record(one.nonce, one.hash)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), step=st.sampled_from(["sent", "landed", "failed", "vanished", "lost"]))
    def move(self, data: st.DataObject, step: str) -> None:
        """Say something of any known one."""
        one = data.draw(st.sampled_from(self.known))
        match step:
            case "sent":
                self.journal.mark_sent([one])
            case "vanished":
                self.journal.mark_vanished([one])
            case "lost":
                self.journal.mark_lost([one])
            case _:
                self.journal.settle({one: where(1, succeeded=step == "landed")})

    @invariant()
    def one_live(self) -> None:
        """At most one row of a nonce is live, and exactly the included ones have a place."""
        for nonce in range(4):
            rows = self.journal.rivals(CHAIN, ACCOUNT, nonce)
            assert sum(row.status in LIVE for row in rows) <= 1
            for row in rows:
                assert (row.inclusion is not None) == (row.status in ("landed", "failed"))


AnySequence.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestAnySequence = AnySequence.TestCase
