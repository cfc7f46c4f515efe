"""Test what an audit keeps on disk between two runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.domain.audit import Difference, Finding
from registry.domain.keccak import keccak
from registry.errors import AuditBusy, AuditUnusable
from registry.replays import Mark, Replays

WORD, OTHER, PLACE, KEYS = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32, b"\x04" * 32
MARK = Mark(block=7, block_hash=b"\x05" * 32, events=3)


def kept(path: Path) -> Replays:
    """Open the file of one deployment."""
    return Replays(path, "1:0xabc")


def test_what_was_marked_is_there_again(tmp_path: Path) -> None:
    """Words, notes and marks survive; what came after the last mark does not."""
    path = tmp_path / "audits" / "one.sqlite3"
    with kept(path) as shelf:
        shelf.put("Contract", PLACE, OTHER, "name", KEYS)
        shelf.put("Contract", PLACE, WORD, "name", KEYS)
        shelf.keep(b"grant", b"clauses")
        shelf.set_mark("replayed", MARK)
        shelf.put("Contract", PLACE, OTHER, "name", KEYS)
        shelf.keep(b"later", b"lost")
    assert path.stat().st_mode & 0o777 == 0o600
    with kept(path) as again:
        assert again.mark("replayed") == MARK
        assert again.word("Contract", PLACE) == WORD
        assert (again.note(b"grant"), again.note(b"later")) == (b"clauses", None)
        ((one,),) = list(again.words())
        assert (one.contract, one.hashed, one.name) == ("Contract", keccak(PLACE), "name")


def test_words_come_by_contract_and_hash(tmp_path: Path) -> None:
    """All words come once, in the order in which a storage trie has them."""
    with kept(tmp_path / "one.sqlite3") as shelf:
        for number in range(2500):
            contract = "AB"[number % 2]
            shelf.put(contract, number.to_bytes(32), WORD, "name", b"")
        batches = list(shelf.words())
    assert len(batches) == 3
    order = [(one.contract, one.hashed) for batch in batches for one in batch]
    assert order == sorted(set(order))
    assert len(order) == 2500


def test_another_deployment_begins_anew(tmp_path: Path) -> None:
    """A file of other contracts is not relied on, nor is one that was forgotten."""
    path = tmp_path / "one.sqlite3"
    with kept(path) as shelf:
        shelf.put("Contract", PLACE, WORD, "name", KEYS)
        shelf.set_mark("replayed", MARK)
    with Replays(path, "1:0xdef") as other:
        assert other.mark("replayed") is None
        assert other.word("Contract", PLACE) is None
        other.put("Contract", PLACE, WORD, "name", KEYS)
        other.set_mark("replayed", MARK)
        other.forget()
    with Replays(path, "1:0xdef") as forgotten:
        assert forgotten.mark("replayed") is None


def test_findings_are_kept_whole(tmp_path: Path) -> None:
    """A difference that was found before a break is told after it, with all it says."""
    whole = Difference(
        kind=Finding.WORD,
        contract="GrantRegistry",
        block=3,
        log_index=2,
        what="grants",
        place=PLACE,
        expected="00",
        found="01",
        fields=("stage", "endsAt"),
    )
    bare = Difference(kind=Finding.RECEIPTS)
    with kept(tmp_path / "one.sqlite3") as shelf:
        shelf.find(whole)
        shelf.find(bare)
        shelf.set_mark("proved", MARK)
    with kept(tmp_path / "one.sqlite3") as again:
        assert list(again.findings()) == [whole, bare]


def test_one_process_writes(tmp_path: Path) -> None:
    """A file that is open is refused to a second one, and one that is no database is named."""
    path = tmp_path / "one.sqlite3"
    with kept(path), pytest.raises(AuditBusy) as busy:
        kept(path)
    assert busy.value.file == str(path)
    path.write_bytes(b"no database" * 100)
    with pytest.raises(AuditUnusable) as unusable:
        kept(path)
    assert unusable.value.file == str(path)


def test_without_a_home_nothing_stays() -> None:
    """Without a path the words are kept for the run alone."""
    with Replays(None, "1:0xabc") as shelf:
        shelf.put("Contract", PLACE, WORD, "name", KEYS)
        shelf.set_mark("replayed", MARK)
        assert shelf.word("Contract", PLACE) == WORD
    with Replays(None, "1:0xabc") as other:
        assert other.mark("replayed") is None
