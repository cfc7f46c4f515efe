"""One process at a time chooses nonces for a key."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from registry.chain.locks import AccountLock
from registry.domain.ids import Address
from registry.errors import AccountBusy, JournalUnusable

ADDRESS = Address(b"\x11" * 20)
_HOLDER = """
import sys, time
from pathlib import Path
from registry.chain.locks import AccountLock
from registry.domain.ids import Address
lock = AccountLock(Path(sys.argv[1]), 7, Address(b"\\x11" * 20))
with lock.held(timeout=120, waiting=lambda: None):
    print("held", flush=True)
    time.sleep(600)
"""


def nobody_waits() -> None:
    """Fail where the lock says that somebody waits."""
    pytest.fail("nobody has to wait")


def test_a_lock_is_free_again_after_use(tmp_path: Path) -> None:
    """One after the other takes it without waiting; its file names chain and address."""
    lock = AccountLock(tmp_path / "locks", 7, ADDRESS)
    for _ in range(2):
        with lock.held(timeout=0, waiting=nobody_waits):
            assert lock.path.name == f"7-{ADDRESS.hex}.lock"


def test_other_keys_and_chains_do_not_wait(tmp_path: Path) -> None:
    """The lock is for one address on one chain."""
    others = [(8, ADDRESS), (7, Address(b"\x12" * 20))]
    with AccountLock(tmp_path, 7, ADDRESS).held(timeout=0, waiting=nobody_waits):
        for chain, address in others:
            with AccountLock(tmp_path, chain, address).held(timeout=0, waiting=nobody_waits):
                pass


def test_threads_exclude_one_another(tmp_path: Path) -> None:
    """A second holder in the same process waits for the first."""
    order: list[str] = []
    inside = threading.Event()

    def first() -> None:
        with AccountLock(tmp_path, 7, ADDRESS).held(timeout=120, waiting=nobody_waits):
            inside.set()
            time.sleep(0.1)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait()
    with AccountLock(tmp_path, 7, ADDRESS).held(timeout=120, waiting=nobody_waits):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    """While it lives others give up with AccountBusy; once it is killed the lock is free."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _HOLDER, str(tmp_path)]
    lock = AccountLock(tmp_path, 7, ADDRESS)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        told: list[str] = []
        with (
            pytest.raises(AccountBusy) as caught,
            lock.held(timeout=3, waiting=lambda: told.append("waiting")),
        ):
            pytest.fail("the lock is held")
        assert (caught.value.address, told) == (str(ADDRESS), ["waiting"])
        holder.kill()
    with lock.held(timeout=0, waiting=nobody_waits):
        pass


def test_a_directory_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    """The error names the file that could not be opened."""
    (tmp_path / "locks").write_text("a file")
    lock = AccountLock(tmp_path / "locks", 7, ADDRESS)
    with (
        pytest.raises(JournalUnusable) as caught,
        lock.held(timeout=0, waiting=nobody_waits),
    ):
        pytest.fail("there is no lock")
    assert caught.value.path == str(lock.path)
