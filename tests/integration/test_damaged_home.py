"""A home that cannot be written, or whose journal is damaged: one error, and nothing is lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from registry.accounts import Accounts
from registry.domain.ids import Address
from registry.settings import Settings
from tests.integration.cli_world import Run, World, make

pytestmark = pytest.mark.anvil
NOBODY = 65_534
PAGE = 4_096


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Give the module one world, in a folder that another user may enter."""
    with tempfile.TemporaryDirectory(prefix="dengji-") as folder:
        Path(folder).chmod(0o755)
        made = make(Path(folder))
        yield made
        made.dengji("chain", "down")


def contents(home: Path) -> dict[str, bytes]:
    """Return what every file of a home holds."""
    return {str(path): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


@contextmanager
def read_only(home: Path) -> Iterator[None]:
    """Let nothing in a home be written, not even by root, which acts as another user meanwhile."""
    paths = [home, *home.rglob("*")]
    modes = {path: path.stat().st_mode & 0o777 for path in paths}
    is_root = os.geteuid() == 0
    for path in paths:
        path.chmod(modes[path] & 0o500)
        if is_root:
            os.chown(path, NOBODY, NOBODY)
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path in paths:
            if is_root:
                os.chown(path, 0, 0)
            path.chmod(modes[path])


def told_once(ran: Run, code: str, exit_code: int) -> str:
    """Assert that a run in prose told one error, and return what it said."""
    assert (ran.code, ran.out) == (exit_code, ""), (code, ran.err)
    assert "Traceback" not in ran.err
    said = [line for line in ran.err.splitlines() if line.startswith("dengji: ")]
    assert len(said) == 1, ran.err
    return said[0]


ELSEWHERE = (
    *("--rpc", "URL", "--directory", "DIRECTORY", "--account", "STRANGER"),
    *("--password-file", "PASSWORD"),
)
WRITING: list[tuple[tuple[str, ...], str]] = [
    (("register", "NEW"), "dev-chain-unusable"),
    (("party", "enrol", *ELSEWHERE), "journal-unusable"),
    (("party", "enrol", "--account", "STRANGER"), "dev-chain-unusable"),
    (("account", "new"), "system-refused"),
]


def typed(world: World, arguments: tuple[str, ...]) -> list[str]:
    """Return arguments with what the world has in place of its names."""
    new = world.data.parent / "new.csv"
    new.write_text("5,6\n")
    stranger = Address.parse(world.stranger_account)
    names = {
        "NEW": str(new),
        "STRANGER": world.stranger_account,
        "URL": world.url,
        "DIRECTORY": world.directory,
        "PASSWORD": str(Accounts(Settings(home=world.home)).password_path(stranger)),
    }
    return [names.get(one, one) for one in arguments]


@pytest.mark.parametrize(("arguments", "code"), WRITING, ids=str)
def test_a_home_that_cannot_be_written(world: World, arguments: tuple[str, ...], code: str) -> None:
    """What writes is refused before anything is sent, with the place that cannot be written."""
    command = typed(world, arguments)
    before, listed = contents(world.home), world.dengji("product", "list", "--json").result
    with read_only(world.home):
        ran = world.dengji(*command, "--json")
        prose = world.dengji(*command)
    assert (ran.code, ran.error["code"]) == (3, code)
    assert str(world.home) in told_once(prose, code, 3)
    assert contents(world.home) == before
    assert world.dengji("product", "list", "--json").result == listed


def test_questions_need_no_home_that_can_be_written(world: World) -> None:
    """Who only asks is answered."""
    with read_only(world.home):
        assert world.dengji("product", "show", world.product, "--json").code == 0
        assert world.dengji("verify", str(world.data), "--json").code == 0
        assert world.dengji("account", "list", "--json").code == 0


def header_lost(raw: bytes) -> bytes:
    """Return a file whose beginning is something else."""
    return b"\0" * 100 + raw[100:]


def pages_lost(raw: bytes) -> bytes:
    """Return a file whose pages after the first are noise."""
    return raw[:PAGE] + b"\xa5" * (len(raw) - PAGE)


def cut(raw: bytes) -> bytes:
    """Return a file that ends amid a page."""
    return raw[: PAGE + PAGE // 2]


def replaced(_: bytes) -> bytes:
    """Return what is no database at all."""
    return b"notes about journals\n" * 400


def emptied(_: bytes) -> bytes:
    """Return nothing."""
    return b""


@pytest.mark.parametrize("damage", [header_lost, pages_lost, cut, replaced, emptied])
def test_a_damaged_journal(world: World, damage: Callable[[bytes], bytes]) -> None:
    """It is left as it is, nothing is sent, and moved aside as the hint says all goes on."""
    journal = world.home / "journal.sqlite3"
    whole = journal.read_bytes()
    damaged = damage(whole)
    journal.write_bytes(damaged)
    new = world.data.parent / f"{damage.__name__}.csv"
    new.write_text(damage.__name__)
    listed = world.dengji("product", "list", "--json").result
    try:
        ran = world.dengji("register", str(new), "--json")
        assert (ran.code, ran.error["code"]) == (5, "journal-corrupt")
        assert "aside" in ran.error["hint"]
        prose = world.dengji("register", str(new))
        assert str(journal) in told_once(prose, "journal-corrupt", 5)
        assert journal.read_bytes() == damaged
        assert world.dengji("product", "list", "--json").result == listed
        for part in world.home.glob("journal.sqlite3*"):
            part.rename(part.with_name(f"aside-{part.name}"))
        assert world.dengji("register", str(new), "--json").code == 0
    finally:
        for part in (*world.home.glob("journal.sqlite3*"), *world.home.glob("aside-*")):
            part.unlink()
        journal.write_bytes(whole)
    assert world.dengji("verify", str(new), "--json").code == 0
