"""Tests of telling processes apart."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from registry.chain.devchain import processes


def test_a_process_has_one_identity_all_its_life() -> None:
    """Asked twice, the same process is the same."""
    mine = processes.identity(os.getpid())
    time.sleep(0.02)
    assert mine is not None
    assert processes.is_same(os.getpid(), mine)


def test_another_process_with_the_number_is_not_taken_for_the_first() -> None:
    """A reused pid is recognised by the start of its process."""
    assert not processes.is_same(os.getpid(), "boot/1")
    assert processes.stop(os.getpid(), "boot/1", signal.SIGKILL, seconds=1)


def test_no_process_has_no_identity() -> None:
    """The number 0 names no process, and one that was never given neither."""
    assert processes.identity(0) is None
    assert not processes.is_same(0, "")
    assert processes.identity(2**22 + 1) is None


def test_a_started_program_has_its_own_session_and_logs(tmp_path: Path) -> None:
    """It does not die with our terminal, reads nothing, and its output is appended to the log."""
    log = tmp_path / "log"
    log.write_text("before\n")
    pid = processes.spawn(
        Path("/bin/sh"), ["-c", "cat; ps -o sid= -p $$; echo $$ >&2; sleep 600"], log
    )
    known = processes.identity(pid)
    assert known is not None
    deadline = time.monotonic() + 120
    while log.read_text().count("\n") < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert log.read_text().split() == ["before", str(pid), str(pid)]
    assert processes.stop(pid, known, signal.SIGTERM, seconds=120)
    assert processes.identity(pid) is None


def test_a_started_program_is_handed_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its environment, which outlives ours, has neither our settings nor other programs' keys."""
    monkeypatch.setenv("DENGJI_RPC", "https://node.example/planted-token")
    monkeypatch.setenv("SOME_CLOUD_KEY", "planted-key")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    log = tmp_path / "log"
    pid = processes.spawn(Path("/bin/sh"), ["-c", "env; echo whole"], log)
    known = processes.identity(pid)
    deadline = time.monotonic() + 120
    while "whole" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    said = log.read_text()
    assert "LC_ALL=C.UTF-8" in said
    assert f"PATH={os.environ['PATH']}" in said
    assert "planted" not in said
    if known is not None:
        processes.stop(pid, known, signal.SIGKILL, seconds=120)


def test_a_dead_child_does_not_pass_for_alive() -> None:
    """A child that has ended, and whose status nobody took, is not running."""
    pid = processes.spawn(Path("/bin/sh"), ["-c", "exec sleep 600"], Path(os.devnull))
    known = processes.identity(pid)
    assert known is not None
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 120
    while processes.identity(pid) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not processes.is_same(pid, known)


def test_a_process_that_heeds_no_signal_is_told() -> None:
    """`stop` says no when the process is still there after the time given."""
    child = subprocess.Popen(
        ["/bin/sh", "-c", "trap '' TERM; echo; sleep 600 & wait; wait"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdout is not None
    with child:
        child.stdout.readline()
        known = processes.identity(child.pid)
        assert known is not None
        assert not processes.stop(child.pid, known, signal.SIGTERM, seconds=0.1)
        os.killpg(child.pid, signal.SIGKILL)
