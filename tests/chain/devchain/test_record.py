"""Tests of what is kept of the dev chain between runs."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from registry.chain.devchain import gate, processes, record
from registry.errors import DevChainBusy, DevChainDamaged, NodeUnreachable, WrongChain

SOME = record.Record(
    chain_id=2**31 + 5, genesis="ab" * 32, genesis_time=7, options=["--quiet"], anvil="1", port=9
)


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """Written and read again a record is equal, and its file is private."""
    path = tmp_path / "chain.json"
    record.save(path, SOME)
    assert record.load(path) == SOME
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["chain.json"]


def test_a_copied_record_counts_as_stopped(tmp_path: Path) -> None:
    """In a copy of its folder a running chain is none; in the folder itself, moved, it still is."""
    home = tmp_path / "home"
    home.mkdir()
    mine = replace(SOME, pid=7, identity="x", ready=True, clean=False)
    record.save(home / "chain.json", replace(mine, starter=8, starter_identity="y"))
    shutil.copytree(home, tmp_path / "copy")
    home.rename(tmp_path / "moved")
    assert record.load(tmp_path / "copy" / "chain.json") == SOME
    moved = record.load(tmp_path / "moved" / "chain.json")
    assert moved == replace(mine, starter=8, starter_identity="y")
    record.save(tmp_path / "copy" / "chain.json", mine)
    assert record.load(tmp_path / "copy" / "chain.json") == mine


def test_no_file_is_no_record(tmp_path: Path) -> None:
    """Before the first start there is nothing."""
    assert record.load(tmp_path / "chain.json") is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": 1}', '{"format": 2}'])
def test_a_damaged_record_is_refused_and_kept(tmp_path: Path, content: str) -> None:
    """What cannot be understood is an integrity error, and stays where it is."""
    path = tmp_path / "chain.json"
    path.write_text(content)
    with pytest.raises(DevChainDamaged) as caught:
        record.load(path)
    assert caught.value.path == str(path)
    assert caught.value.exit_code == 5
    assert path.read_text() == content


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    """A second holder waits as long as it may, then is told."""
    path = tmp_path / "lock"
    with (
        record.locked(path, seconds=0),
        pytest.raises(DevChainBusy),
        record.locked(path, seconds=0.1),
    ):
        pytest.fail("two held the lock")
    with record.locked(path, seconds=0):
        pass


def gated(path: Path, timeout: float = 0.3) -> gate.GatedTransport:
    """Return a transport by the record at `path`."""
    return gate.GatedTransport(path, chain_id=SOME.chain_id, timeout=timeout)


def test_the_gate_lets_nobody_to_a_chain_that_does_not_run(tmp_path: Path) -> None:
    """Without a record, or with the record of a dead process, a client is told at once."""
    path = tmp_path / "chain.json"
    with pytest.raises(NodeUnreachable, match="not running"):
        gated(path, timeout=120).send(b"{}")
    record.save(path, replace(SOME, ready=True, pid=2**22 + 1, identity="x"))
    with pytest.raises(NodeUnreachable, match="not running"):
        gated(path, timeout=120).send(b"{}")
    record.save(path, replace(SOME, starter=2**22 + 1, starter_identity="x"))
    with pytest.raises(NodeUnreachable, match="not running"):
        gated(path, timeout=120).send(b"{}")


def test_the_gate_waits_while_the_chain_is_being_restored(tmp_path: Path) -> None:
    """A client waits for a start that is under way, and gives up in its time."""
    path = tmp_path / "chain.json"
    mine = processes.identity(os.getpid()) or ""
    record.save(path, replace(SOME, starter=os.getpid(), starter_identity=mine))
    with pytest.raises(NodeUnreachable, match="being restored"):
        gated(path).send(b"{}")


def test_the_gate_opens_when_the_chain_is_whole(tmp_path: Path) -> None:
    """A waiting client goes through as soon as the record says so."""
    path = tmp_path / "chain.json"
    mine = processes.identity(os.getpid()) or ""
    coming = replace(SOME, port=1, starter=os.getpid(), starter_identity=mine)
    record.save(path, coming)
    ready = replace(coming, ready=True, pid=os.getpid(), identity=mine)
    began = time.monotonic()
    threading.Timer(0.2, record.save, (path, ready)).start()
    # Nobody listens on port 1: that the connection is refused shows that the gate has opened.
    with pytest.raises(NodeUnreachable, match="refused"):
        gated(path, timeout=120).send(b"{}")
    assert time.monotonic() - began > 0.1


def test_the_gate_refuses_a_chain_that_took_the_place_of_the_first(tmp_path: Path) -> None:
    """After a reset a client of the old chain is not let to the new one."""
    path = tmp_path / "chain.json"
    mine = processes.identity(os.getpid()) or ""
    record.save(path, replace(SOME, ready=True, pid=os.getpid(), identity=mine, chain_id=2**31))
    with pytest.raises(WrongChain):
        gated(path).send(b"{}")


def test_a_record_is_plain_json(tmp_path: Path) -> None:
    """Other programs may read it."""
    record.save(tmp_path / "chain.json", SOME)
    assert json.loads((tmp_path / "chain.json").read_text())["chain_id"] == 2**31 + 5
