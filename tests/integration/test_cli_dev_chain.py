"""The dev chain's troubles, and what is kept at home, by the command line."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.cli_world import Run, run

pytestmark = pytest.mark.anvil
ROOT = Path(__file__).parents[2]
_GONE_SECONDS = 120

Home = Callable[[str], Path]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Return what names homes; their chains are stopped at the end."""
    made: list[Path] = []

    def name(text: str) -> Path:
        made.append(tmp_path / text)
        return made[-1]

    yield name
    for one in made:
        run(one, "chain", "down", "--force")


def crash(home: Path) -> int:
    """Kill the dev chain of a home, as the machine might; return its process number."""
    pid = int(json.loads((home / "dev" / "chain.json").read_text())["pid"])
    os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + _GONE_SECONDS
    while run(home, "chain", "status", "--json").result["state"] == "running":
        assert time.monotonic() < end
    return pid


def in_prose(home: Path, *arguments: str, **variables: str) -> tuple[Run, str, str]:
    """Run without --json; return the run, its sentence and its hint: stderr has both lines only."""
    ran = run(home, *arguments, **variables)
    assert ran.out == ""
    sentence, hint = ran.err.splitlines()
    assert sentence.startswith("dengji: ")
    assert hint.startswith("  hint: ")
    return ran, sentence, hint


def test_a_port_that_is_taken_is_a_matter_of_settings(home: Home) -> None:
    """`chain up --port` with another program's port exits with 3 and starts nothing."""
    mine = home("mine")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        ran = run(mine, "chain", "up", "--port", str(port), "--json")
        assert (ran.code, ran.error["code"]) == (3, "port-taken")
        assert ran.error["fields"] == {"port": port}
        told, sentence, _ = in_prose(mine, "chain", "up", "--port", str(port))
        assert (told.code, str(port) in sentence) == (3, True)
    assert run(mine, "chain", "status").code == 1


def test_a_chain_that_was_killed_is_trouble_with_the_node(home: Home) -> None:
    """`chain down` of a dead chain exits with 4 and says how its writes come back."""
    mine = home("mine")
    assert run(mine, "chain", "up").code == 0
    pid = crash(mine)
    ran = run(mine, "chain", "down", "--json")
    assert (ran.code, ran.error["code"]) == (4, "dev-chain-stale")
    assert ran.error["fields"] == {"pid": pid}
    told, sentence, hint = in_prose(mine, "chain", "down")
    assert (told.code, str(pid) in sentence, "chain up" in hint) == (4, True, True)
    assert run(mine, "chain", "up").code == 0


def test_another_chain_on_the_port_is_trouble_with_the_node(home: Home) -> None:
    """Where another home's chain took the port, asking for that port exits with 4."""
    mine, other = home("mine"), home("other")
    port = run(mine, "chain", "up", "--json").result["endpoint"].rpartition(":")[2]
    crash(mine)
    assert run(other, "chain", "up", "--port", port).code == 0
    ran = run(mine, "chain", "up", "--port", port, "--json")
    assert (ran.code, ran.error["code"]) == (4, "foreign-chain")
    assert ran.error["fields"]["found"] != ran.error["fields"]["expected"]
    told, sentence, _ = in_prose(mine, "chain", "up", "--port", port)
    assert (told.code, ran.error["fields"]["found"] in sentence) == (4, True)
    assert run(other, "chain", "status").code == 0


def test_without_anvil_nothing_is_made(home: Home, tmp_path: Path) -> None:
    """Where anvil is missing a newcomer's command exits with 3, in a line with a hint."""
    mine, file = home("mine"), tmp_path / "a.csv"
    file.write_text("1\n")
    nowhere = str(tmp_path / "nowhere")
    for command in (["chain", "up"], ["register", str(file)]):
        ran = run(mine, *command, "--json", DENGJI_ANVIL=nowhere)
        assert (ran.code, ran.error["code"]) == (3, "anvil-missing")
        told, _, hint = in_prose(mine, *command, DENGJI_ANVIL=nowhere)
        assert (told.code, "DENGJI_ANVIL" in hint) == (3, True)
    assert not (mine / "dev").exists()


def test_what_is_at_home_is_its_owners_alone(home: Home, tmp_path: Path) -> None:
    """With the usual umask every folder of the home is 0700 and every file 0600.

    That the reader of stderr goes away, and that more confirmations are asked for than the dev
    chain makes, does not keep a newcomer's first command from its end.
    """
    mine, file = home("new") / "home", tmp_path / "a.csv"
    file.write_text("1\n")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DENGJI_")}
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [sys.executable, "-m", "cli", "--confirmations", "3", "register", str(file), "--json"],
        cwd=ROOT,
        env={**environ, "DENGJI_HOME": str(mine)},
        stdout=subprocess.PIPE,
        stderr=writer,
        timeout=300,
        check=False,
        umask=0o022,
    )
    os.close(writer)
    try:
        assert (ran.returncode, json.loads(ran.stdout)["ok"]) == (0, True)
        found = {path: path.stat().st_mode & 0o777 for path in (mine, *mine.rglob("*"))}
        loose = {path: mode for path, mode in found.items() if mode & 0o077}
        assert loose == {}
        assert (mine / "dev" / "blocks.sqlite3") in found
    finally:
        run(mine, "chain", "down", "--force")
