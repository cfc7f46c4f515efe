"""The parts of the assurance run at their smallest, and the report holds what they came to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assurance import __main__ as command
from assurance import interruption
from assurance.edition import ASSURANCE
from assurance.interruption import interruptible
from assurance.parts import PARTS
from benchmarks.report import Figure, Report, Section, Target
from tests import second_node

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

Figures = dict[str, dict[str, Any]]


def counts(names: dict[str, int | None]) -> Callable[[Figures], None]:
    """Require figures of these names, and of these values where there is one."""

    def require(figures: Figures) -> None:
        assert set(figures) == set(names)
        expected = {name: count for name, count in names.items() if count is not None}
        assert {name: figures[name]["median"] for name in expected} == expected

    return require


MUTANTS: dict[str, int | None] = {
    "mutants there are": 3,
    "judged and valid": 3,
    "first sample: mutants drawn": 3,
    "first sample: of these judged and valid": 3,
    "first sample: not valid: refused by the compiler or not to be loaded": 0,
    "first sample: not valid: the compiler makes the same code": 0,
    "first sample: killed by a test that failed": 2,
    "first sample: killed by the time they took": 0,
    "first sample: living": 1,
    "first sample: living without an argument": 0,
    "first sample: score": None,
}
"""Of three mutants two are killed, and the third makes no difference."""

SHOWN: dict[str, Callable[[Figures], None]] = {
    "analysis": counts(
        {
            "findings of slither explained": None,
            "excuses in the sources without a reason": 0,
        }
    ),
    "coverage": counts(
        {
            "lines and branches of `registry/` reached": None,
            "lines and branches of `cli/` reached": 100,
            "Python modules measured": 1,
            "lines that can run": None,
            "of these reached": None,
            "branches": None,
            "of the branches reached": None,
            "parts of the tests that failed": 0,
        }
    ),
    "coverage_solidity": counts(
        {
            "sources measured": 1,
            "lines that can run": None,
            "of these reached": None,
            "branches": 2,
            "of the branches reached": 2,
            "lines not reached, or left by fewer ways, and argued": None,
            "lines not reached, or left by fewer ways, and not argued": 0,
        }
    ),
    "faults": counts(
        {
            "writes": 40,
            "writes lost": 0,
            "writes doubled": 0,
            "rows of the journal that differ from the chain": 0,
            "kills of the client": 1,
            "kills of the chain": 1,
            "requests": None,
            "faults met": None,
            "kinds of faults met": None,
            "transactions that a restored chain got from the journal": None,
            "errors told to the client, which then began again": None,
        }
    ),
    "fuzzing": counts(
        {
            "inputs tried": None,
            "of them chosen by coverage": 0,
            "readers": 102,
            "promises broken": 0,
            "inputs accepted": None,
            "inputs refused": None,
            "kinds of refusals": None,
            "longest execution": None,
            "most memory": None,
        }
    ),
    "invariants": counts(
        {
            "Lineage: runs": 2,
            "Lineage: calls": 20,
            "Lineage: reverts": 0,
            "invariants held": 37,
        }
    ),
    "keys": counts(
        {
            "commands run": 39,
            "commands of the tree whose examples were run": 4,
            "processes that crashed with a key unlocked": 1,
            "outputs searched: files": None,
            "outputs searched: handed to programs, or of files that vanished": None,
            "outputs searched: processes": None,
            "outputs searched: streams": 78,
            "bytes searched": None,
            "secrets planted": 6,
            "forms of them searched for": 84,
            "places where one was found": 0,
            "core files": 0,
        }
    ),
    "breakage": counts(
        {
            "commands that write, with their variants": 2,
            "the node is killed": None,
            "the client is killed": None,
            "the client is interrupted": None,
            "no file may grow beyond some bytes": 2,
            "the clock is wrong": 2,
            "blocks are given up, or another home sends with the key": 0,
            "cases in all": None,
            "cases in which something was lost, twice, or not told": 0,
        }
    ),
    "mutants_python": counts(MUTANTS),
    "mutants_solidity": counts(MUTANTS),
    "nodes": counts(
        {
            "files of tests": 4,
            "tests that passed": 31,
            "tests that failed": 0,
            "tests left out, since only anvil can": 0,
            "tests left out for another reason": 0,
        }
    ),
    "proofs": counts({"properties": None, "planted bugs": None}),
    "supply": counts(
        {
            "Python packages pinned, in all lock files": None,
            "hashes of their files": None,
            "Python packages without a hash": 0,
            "npm packages pinned": None,
            "npm packages without a hash": 0,
            "components in the list": None,
            "wheels and source archives, each built twice": 2,
            "builds of which two differ": 0,
            "contracts, each compiled twice": 1,
            "contracts of which two compilations differ": 0,
            "contracts that are not as the package has them": 0,
            "packages that a registry answered for": 0,
        }
    ),
}
"""What each part's figures must be at its smallest: counts, never times."""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as `make` does."""
    return subprocess.run(
        [sys.executable, "-m", "assurance", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", PARTS)
def test_every_part_runs_at_its_smallest(name: str, tmp_path: Path) -> None:
    """Each part ends, and page and data hold the figures that it is there for."""
    if name == "nodes" and not second_node.at_hand():
        pytest.skip("Hardhat's program comes for Linux on x86-64 alone")
    ran = run("--smallest", "--only", name, "--out", str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.startswith(f"assurance: {name}\n")
    (section,) = json.loads((tmp_path / "assurance.json").read_bytes())["sections"]
    assert section["name"] == name
    figures = {figure["name"]: figure for figure in section["figures"]}
    assert len(figures) == len(section["figures"])
    SHOWN[name](figures)
    assert Report.load(tmp_path, ASSURANCE).stale(tmp_path) == []


def test_the_page_in_docs_is_that_of_the_data() -> None:
    """docs/assurance.md says what docs/assurance.json holds, and of no part that is gone."""
    report = Report.load(DOCS, ASSURANCE)
    assert report.stale(DOCS) == []
    names = [section.name for section in report.sections]
    assert names == [name for name in PARTS if name in names]


def test_every_part_is_counted_and_in_order() -> None:
    """A part that is registered has its counts here, and stands in the order of the alphabet."""
    assert list(PARTS) == sorted(SHOWN)


def test_the_page_names_its_command_and_counts() -> None:
    """A section names the command that runs it; counts stand without rounds and spread."""
    figure = Figure(name="faults", samples=(500.0,), target=Target(limit=500, at_least=True))
    section = Section(name="faults", title="Faults", how="So.", figures=(figure,), when="today")
    page = Report(sections=(section,), edition=ASSURANCE).page()
    assert page.startswith("# Assurance\n")
    assert "1 of 1 targets are met." in page
    assert "So. `python -m assurance --only faults` runs it alone. Measured today." in page
    assert "| | reached | unit | target | met |\n" in page
    assert "\n| faults | 500 |  | ≥ 500 | yes |\n" in page


class Stopped(Exception):
    """The run was stopped."""


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Put two parts in place of the registered ones, and return what was run."""
    ran: list[str] = []

    def first(*, smallest: bool = False) -> Section:
        ran.append("first")
        return Section(name="first", title="First", how=f"{smallest}", figures=())

    def second(*, smallest: bool = False) -> Section:
        ran.append("second")
        if ran.count("second") == 1:
            raise Stopped
        low = Figure(name="low", samples=(1.0,), target=Target(limit=2, at_least=True))
        return Section(name="second", title="Second", how=f"{smallest}", figures=(low,))

    monkeypatch.setattr(command, "PARTS", {"first": first, "second": second})
    monkeypatch.setenv("DENGJI_ASSURANCE_KEEP", str(tmp_path / "keep"))
    return ran


def test_a_stopped_run_goes_on_and_a_missed_target_is_told(
    parts: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What ended well is not run again; what was stopped or fell short is, and the exit is 1."""
    out = ["--out", str(tmp_path)]
    with pytest.raises(Stopped):
        command.main(out)
    assert [one.name for one in Report.load(tmp_path, ASSURANCE).sections] == ["first"]
    assert command.main(out) == 1
    assert "not met: second: low" in capsys.readouterr().err
    assert parts == ["first", "second", "second"]
    assert command.main(out) == 1
    assert parts[3:] == ["second"]
    assert command.main([*out, "--again"]) == 1
    assert parts[4:] == ["first", "second"]
    assert [one.name for one in Report.load(tmp_path, ASSURANCE).sections] == ["first", "second"]


def test_an_interrupted_part_tells_what_it_found(
    parts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing more is begun, the page says that it was interrupted, and it counts as not ended."""

    def hasty(*, smallest: bool = False) -> Section:
        found = 0
        with interruptible("hasty"):
            found += 1
            signal.raise_signal(signal.SIGINT)
        figure = Figure(name="found", samples=(float(found),), target=Target(limit=1))
        return Section(name="hasty", title="Hasty", how=f"{smallest}.", figures=(figure,))

    monkeypatch.setattr(command, "PARTS", {"hasty": hasty, **vars(command)["PARTS"]})
    for _ in range(2):
        assert command.main(["--out", str(tmp_path)]) == 130
    (section,) = Report.load(tmp_path, ASSURANCE).sections
    assert section.figures[0].median == 1
    assert section.how == "False. **It was interrupted: this is what it had found by then.**"
    assert parts == []
    interruption.forget()


def test_the_smallest_form_writes_nothing_unasked(parts: list[str], tmp_path: Path) -> None:
    """At its smallest nothing is kept, nothing is written in docs, and no target counts."""
    before = (DOCS / "assurance.json").read_bytes()
    with pytest.raises(Stopped):
        command.main(["--smallest"])
    assert command.main(["--smallest"]) == 0
    assert parts == ["first", "second"] * 2
    assert (DOCS / "assurance.json").read_bytes() == before
    assert not (tmp_path / "keep").exists()
