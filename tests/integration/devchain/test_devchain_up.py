"""Tests of starting and stopping the dev chain."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.chain.devchain import DevChain, processes, record, states
from registry.chain.devchain import chain as chain_module
from registry.errors import (
    AnvilFailed,
    AnvilMissing,
    DevChainHanging,
    DevChainStale,
    DevChainStopped,
    DevChainUnusable,
    ForeignChain,
    PortTaken,
    WrongChain,
)

if TYPE_CHECKING:
    from tests.integration.devchain.conftest import Trial

pytestmark = pytest.mark.anvil

UP = """
import json, sys
from pathlib import Path
from registry.chain.devchain import DevChain
found = DevChain(Path(sys.argv[1])).up()
print(json.dumps([found.pid, found.started, found.chain_id]))
"""


def test_a_first_start_makes_a_chain_of_its_own(chain: DevChain) -> None:
    """It has a random id in its range and private files, and the next call finds it."""
    first = chain.up()
    again = chain.up()
    assert first.started
    assert first.restored is None
    assert not again.started
    assert (again.pid, again.url, again.genesis) == (first.pid, first.url, first.genesis)
    assert 2**31 <= first.chain_id < 2**32
    assert chain.folder.stat().st_mode & 0o777 == 0o700
    with chain.rpc() as rpc:
        assert rpc.chain_id() == first.chain_id


def test_two_homes_have_two_chains(new_chain: Callable[..., DevChain]) -> None:
    """Chains of different homes have different ids and ports, and run side by side."""
    one, other = new_chain("one").up(), new_chain("other").up()
    assert one.chain_id != other.chain_id
    assert one.port != other.port


def test_the_chain_outlives_the_process_that_started_it(chain: DevChain) -> None:
    """Several processes that start it at once get one chain, which is there when they are gone."""
    starters = [
        subprocess.Popen([sys.executable, "-c", UP, str(chain.home)], stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [json.loads(starter.communicate(timeout=300)[0]) for starter in starters]
    assert sorted(started for _, started, _ in said) == [False, False, True]
    assert len({(pid, chain_id) for pid, _, chain_id in said}) == 1
    assert chain.endpoint().pid == said[0][0]


def test_everything_is_in_place_after_down_and_up(trial: Trial) -> None:
    """Blocks, hashes, port and chain stay; past blocks can be asked about as before."""
    before = trial.chain.endpoint()
    trial.write(4)
    trial.foreign()
    blocks = trial.blocks()
    old = [trial.ask("eth_getBalance", "0x" + "00" * 19 + "77", hex(one)) for one in range(6)]
    assert trial.chain.down()
    assert not trial.chain.down()
    after = trial.chain.up()
    assert after.pid != before.pid
    assert (after.url, after.chain_id, after.genesis) == (
        before.url,
        before.chain_id,
        before.genesis,
    )
    assert trial.blocks() == blocks
    assert after.restored is not None
    assert after.restored.clean
    assert after.restored.identical
    assert after.restored.recovered_blocks == 0
    assert old == [
        trial.ask("eth_getBalance", "0x" + "00" * 19 + "77", hex(one)) for one in range(6)
    ]
    proof = trial.ask("eth_getProof", "0x" + "00" * 19 + "77", [], "0x2")
    assert proof["balance"] == old[2] == "0x3"


def test_writing_goes_on_after_a_restart(trial: Trial) -> None:
    """Nonces and time go on where they stood, and blocks come by themselves again."""
    first = trial.write()[0]
    trial.chain.down()
    trial.chain.up()
    second = trial.write()[0]
    assert (second.block, second.nonce) == (first.block + 1, first.nonce + 1)
    assert second.time >= first.time


def test_a_dead_process_is_told(trial: Trial) -> None:
    """After a kill `status`, `endpoint` and `down` say so, and `up` starts it again."""
    pid = trial.chain.endpoint().pid
    assert trial.chain.status().state == "running"
    trial.crash()
    with pytest.raises(DevChainStale) as caught:
        trial.chain.endpoint()
    assert caught.value.pid == pid
    with pytest.raises(DevChainStale):
        trial.chain.down()
    status = trial.chain.status()
    assert (status.state, status.pid) == ("crashed", None)
    assert trial.chain.up().started
    assert trial.chain.status().state == "running"


def test_a_reused_pid_is_not_taken_for_the_chain(trial: Trial) -> None:
    """A process that got the number of the dead one is neither believed nor killed."""
    path = trial.chain.folder / "chain.json"
    trial.crash()
    bystander = subprocess.Popen(["/bin/sleep", "60"])
    with bystander:
        known = record.load(path)
        assert known is not None
        record.save(path, replace(known, pid=bystander.pid))
        with pytest.raises(DevChainStale):
            trial.chain.down(force=True)
        assert trial.chain.up().pid != bystander.pid
        assert bystander.poll() is None
        bystander.kill()


def test_a_chain_that_never_ran_or_was_stopped_has_no_endpoint(chain: DevChain) -> None:
    """Asking for it starts nothing, and says that it is stopped."""
    with pytest.raises(DevChainStopped):
        chain.endpoint()
    with pytest.raises(DevChainStopped):
        chain.rpc()
    assert chain.status().state == "absent"
    assert not chain.folder.exists()
    chain.up()
    chain.down()
    with pytest.raises(DevChainStopped):
        chain.endpoint()
    assert chain.status().state == "stopped"


def test_status_tells_what_there_is(trial: Trial) -> None:
    """A running chain shows its block, a stopped one that of its archive, with its state file."""
    trial.write(2)
    status = trial.chain.status()
    assert (status.block, status.state_file) == (2, None)
    assert status.url == trial.chain.endpoint().url
    trial.chain.down()
    status = trial.chain.status()
    assert (status.block, status.state_block) == (2, 2)
    assert status.state_bytes
    assert status.state_age is not None


def test_a_copied_home_leaves_the_chain_of_the_original_alone(
    trial: Trial, new_chain: Callable[..., DevChain]
) -> None:
    """In a copy of its home a running chain is stopped; started there, it is another process."""
    trial.write(2)
    original = trial.chain.endpoint()
    copy = new_chain("copy")
    shutil.copytree(trial.chain.home, copy.home)
    assert copy.status().state == "stopped"
    assert not copy.down(force=True)
    with pytest.raises(DevChainStopped):
        copy.endpoint()
    assert trial.chain.endpoint() == original
    started = copy.up()
    assert (started.started, started.chain_id) == (True, original.chain_id)
    assert started.pid != original.pid
    assert started.port != original.port
    type(trial)(copy).write()
    assert (copy.status().block, trial.chain.status().block) == (3, 2)
    assert copy.down()
    assert trial.write()[0].block == 3


def test_a_port_that_was_asked_for_must_be_free(chain: DevChain) -> None:
    """A program on the port is named as the reason; a free port is taken as asked."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            chain.up(port=port)
        assert caught.value.port == port
    assert chain.up(port=port).port == port


@pytest.mark.only_anvil("connections linger on the port that hardhat had")
def test_a_port_of_last_time_that_is_taken_is_given_up(trial: Trial) -> None:
    """The chain finds another port, clients follow it there."""
    with trial.chain.rpc() as rpc, socket.socket() as listener:
        port = trial.chain.endpoint().port
        block = rpc.call("eth_blockNumber")
        trial.chain.down()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        assert trial.chain.up().port != port
        assert rpc.call("eth_blockNumber") == block


def test_another_chain_on_the_port_is_told(
    trial: Trial, new_chain: Callable[..., DevChain]
) -> None:
    """Where another chain answers, both chains are named, whoever asks."""
    ours, foreign = trial.chain, new_chain("foreign")
    endpoint = ours.endpoint()
    trial.crash()
    other = foreign.up(port=endpoint.port)
    with pytest.raises(ForeignChain) as caught:
        ours.endpoint()
    assert caught.value.expected == str(endpoint.chain_id)
    assert caught.value.found == str(other.chain_id)
    with pytest.raises(ForeignChain):
        ours.up(port=other.port)
    assert ours.up().port != other.port


def test_without_anvil_a_line_says_so(tmp_path: Path) -> None:
    """Where it is not installed nothing is laid down, and the exit code is 3."""
    chain = DevChain(tmp_path / "home", environ={"DENGJI_ANVIL": str(tmp_path / "none")})
    with pytest.raises(AnvilMissing) as caught:
        chain.up()
    assert caught.value.exit_code == 3
    assert not chain.folder.exists()


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where a file stands in the way of the home, the error names it."""
    (tmp_path / "file").touch()
    chain = DevChain(tmp_path / "file" / "home")
    with pytest.raises(DevChainUnusable) as caught:
        chain.up()
    assert caught.value.exit_code == 3
    assert str(tmp_path / "file") in caught.value.path


def test_an_anvil_that_ends_shows_its_last_words(tmp_path: Path) -> None:
    """What it wrote last stands in the error, and its log is named."""
    program = tmp_path / "anvil"
    program.write_text('#!/bin/sh\n[ "$1" = --version ] && exit 0\necho no memory >&2\nexit 3\n')
    program.chmod(0o755)
    chain = DevChain(tmp_path / "home", environ={"DENGJI_ANVIL": str(program)})
    with pytest.raises(AnvilFailed) as caught:
        chain.up()
    assert caught.value.lines == ["no memory"]
    assert Path(caught.value.log).read_text() == "no memory\n"


def test_a_chain_that_hangs_is_killed_only_with_force(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that does not answer is left alone and stays known, unless force is asked for."""
    monkeypatch.setattr(chain_module, "_ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(chain_module, "_STOP_SECONDS", 0.2)
    pid = trial.chain.endpoint().pid
    trial.write(3)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(DevChainHanging) as caught:
        trial.chain.down()
    assert caught.value.pid == pid
    status = trial.chain.status()
    assert (status.pid, status.state, status.block) == (pid, "hanging", None)
    assert trial.chain.down(force=True)
    assert not trial.chain.stopped_in_order()
    assert processes.identity(pid) is None
    # One that does not hang is given its time.
    monkeypatch.undo()
    restored = trial.chain.up().restored
    assert restored is not None
    assert restored.recovered_transactions == 3


def test_a_state_that_cannot_be_written_leaves_the_chain_running(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk `down` fails, and the chain goes on as before."""
    landed = trial.write()[0]
    pid = trial.chain.endpoint().pid

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(states, "take", full)
    with pytest.raises(DevChainUnusable) as caught:
        trial.chain.down()
    assert caught.value.reason == "no space left"
    assert trial.chain.endpoint().pid == pid
    assert trial.write()[0].block == landed.block + 1
    assert trial.chain.down(force=True)
    assert len(trial.chain.up().restored.missing) == 0  # type: ignore[union-attr]


def test_a_half_started_chain_is_started_anew(trial: Trial) -> None:
    """A process whose starter died before the chain was whole is replaced."""
    trial.write(2)
    blocks = trial.blocks()
    half = trial.chain.endpoint().pid
    path = trial.chain.folder / "chain.json"
    known = record.load(path)
    assert known is not None
    record.save(path, replace(known, ready=False, starter=2**22 + 1, starter_identity="x"))
    assert trial.chain.status().state == "starting"
    assert trial.chain.up().pid != half
    assert processes.identity(half) is None
    assert trial.blocks() == blocks


def test_reset_keeps_a_copy_and_begins_a_new_chain(trial: Trial) -> None:
    """Old files lie beside, journal rows stay with the old chain, its clients are refused."""
    landed = trial.write()[0]
    old = trial.chain.endpoint()
    with trial.chain.rpc() as rpc:
        rpc.chain_id()
        copy = trial.chain.reset()
        assert copy is not None
        assert copy.name.startswith("dev.2")
        assert (copy / "blocks.sqlite3").exists()
        assert trial.chain.status().state == "absent"
        new = trial.chain.up()
        assert new.chain_id != old.chain_id
        assert new.restored is None
        with pytest.raises(WrongChain):
            rpc.call("eth_blockNumber")
    with trial.chain.journal() as journal:
        entry = journal.get(landed.transaction)
        assert entry is not None
        assert (entry.chain.chain_id, entry.chain.genesis) == (old.chain_id, old.genesis)
    assert trial.write()[0].block == 1
    copy.rename(copy.with_name("kept"))
    assert trial.chain.reset() is not None
    assert trial.chain.reset() is None


def test_a_chain_moved_aside_by_reset_comes_back_when_moved_back(trial: Trial) -> None:
    """The copy is a whole chain."""
    trial.write(3)
    blocks = trial.blocks()
    copy = trial.chain.reset()
    assert copy is not None
    copy.rename(trial.chain.folder)
    trial.chain.up()
    assert trial.blocks() == blocks
