"""What the READMEs tell a newcomer to type works as it is written there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.published import medians
from tests.integration.cli_world import run

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
COMMANDS = [
    *("register", "account new", "party enrol", "grant issue", "check"),
    *("usage record", "grant revoke", "explain"),
    "verify",
]
# What a command prints that a later one needs, by the command's first word.
PRINTED = {
    "register": r"(product1)\w+",
    "account": r"(0x)\w{40}",
    "--account": r"(party1)\w+",
    "grant": r"(grant1)\w+",
}


def blocks(name: str, kind: str) -> list[str]:
    """Return the code blocks of one kind in a README."""
    return re.findall(rf"(?ms)^```{kind}\n(.*?)^```", (ROOT / name).read_text("utf-8"))


def typed(name: str) -> list[list[str]]:
    """Return the `dengji` commands of the newcomer's path, in order."""
    lines = [line for block in blocks(name, "sh") for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("dengji ")]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Give a test an empty home beside a folder with data."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("1\n")
    yield tmp_path / "home"
    run(tmp_path / "home", "chain", "down", "--force")


@pytest.mark.anvil
def test_the_newcomers_path_and_the_python(home: Path) -> None:
    """Each command as written, ids filled in, does what the README says; so does its Python."""
    known = {"data/": str(home.parent / "data")}
    codes = []
    for arguments in typed("README.md"):
        ran = run(home, *[known.get(argument, argument) for argument in arguments])
        codes.append(ran.code)
        if found := re.search(PRINTED.get(arguments[0], "$^"), ran.out):
            known.setdefault(found[1] + "…", found[0])
    assert codes == [0, 0, 0, 0, 0, 0, 0, 1, 0]
    (script,) = blocks("README.md", "python")
    told = [word for line in re.findall(r"  # (.*)", script) for word in line.split(", ")]
    for name in ("data/", "party1…"):
        script = script.replace(name, known[name])
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DENGJI_")}
    python = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=kept | {"DENGJI_HOME": str(home), "DENGJI_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert python.returncode == 0, python.stderr
    assert python.stdout.split() == told


def test_the_commands_are_those_of_the_path() -> None:
    """The newcomer's path has the main job in order, and is the same in both languages."""
    paths = [typed(name) for name in READMES]
    assert paths[0] == paths[1]
    words = set(" ".join(COMMANDS).split())
    assert [" ".join(filter(words.__contains__, line)) for line in paths[0]] == COMMANDS
    assert blocks(READMES[0], "python") == blocks(READMES[1], "python")


@pytest.mark.parametrize("name", READMES)
def test_the_first_commands(name: str) -> None:
    """The first command is `make demo`, the second `make test`."""
    assert [block.strip() for block in blocks(name, "sh")[:2]] == ["make demo", "make test"]


@pytest.mark.parametrize("name", READMES)
def test_every_link_leads_somewhere(name: str) -> None:
    """Whatever a README links to is in the repository."""
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / name).read_text("utf-8"))
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


BESIDE = (
    ("register", "digests", "product"),
    ("listed", "product", None),
    ("grant", "grant", "order"),
    ("agree", "delegated", None),
    ("revoke", "revoke", None),
    ("register_100", "digests_100", None),
    ("grant_100", "grant_100", None),
    ("revoke_100", "revoke_100", None),
)
"""What the rows of a README's table of gas are called in the report: ours, EAS's, Ocean's."""


@pytest.mark.parametrize("name", READMES)
def test_the_gas_table_is_that_of_the_report(name: str) -> None:
    """A README names the gas that the benchmarks' report does, of the others too."""
    gas = medians("peers")
    expected = []
    for ours, *others in BESIDE:
        least = gas[f"ours: {ours}"]
        found = [
            None if task is None else gas[f"{who}: {task}"]
            for who, task in zip(("eas", "ocean"), others, strict=True)
        ]
        cells = ["–" if one is None else f"{one:,.0f} ({one / least:.1f}×)" for one in found]
        expected.append(" | ".join([f"{least:,.0f}", *cells]))
    rows = re.findall(r"(?m)^\|[^|]+\| ([\d,]+ \| .+) \|$", (ROOT / name).read_text("utf-8"))
    assert rows == expected
