"""The benchmarks run at their smallest and write what they came to; no time is asserted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.curves import Curve
from benchmarks.peers import RATIOS
from benchmarks.questions import GAS_TARGETS, QUESTIONS
from benchmarks.report import Figure, Report, Section, Target, ratios

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PICTURES = {
    "gas": {"gas", "gas-batches"},
    "peers": {"peers"},
    "startup": {"startup"},
    "sending": {"sending"},
    "peer_rates": {"peer-rates"},
    "growth": {
        *("growth-products", "growth-asking", "growth-descendants", "growth-depth"),
        *("growth-tree-time", "growth-tree-size"),
    },
    "memory": {"memory-anvil", "memory-sink"},
    "events": {"events"},
    "checks": {"checks"},
    "fingerprint": {"fingerprint", "fingerprint-small"},
    "proofs": {"proofs"},
}
"""The pictures of each question, at full size and at the smallest."""


@pytest.mark.anvil
@pytest.mark.slow
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered(name: str, tmp_path: Path) -> None:
    """Each benchmark runs, and page, pictures and data hold a figure for all that it measures."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--smallest", "--only", name, "--out", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    (section,) = json.loads((tmp_path / "benchmarks.json").read_bytes())["sections"]
    assert section["name"] == name
    assert all(figure["samples"] for figure in section["figures"])
    figures = {figure["name"]: figure for figure in section["figures"]}
    assert len(figures) == len(section["figures"])
    ANSWERS[name](figures)
    assert Report.load(tmp_path).stale(tmp_path) == []
    drawn = {path.stem for path in (tmp_path / "benchmarks").glob("*.svg")}
    assert drawn == PICTURES.get(name, set())


Figures = dict[str, dict[str, Any]]


def gas_answered(figures: Figures) -> None:
    """Require the operations, each single one within its target."""
    assert {"register", "grant", "revoke", "register_2", "enrol"} < set(figures)
    singles = [name for name in GAS_TARGETS if name in figures]
    assert [name for name in singles if figures[name]["met"] is not True] == []


def peers_answered(figures: Figures) -> None:
    """Require every ratio, each as it should be."""
    assert {name: figures[name]["met"] for name in RATIOS} == dict.fromkeys(RATIOS, True)


def growth_answered(figures: Figures) -> None:
    """Require that nothing grows that must not."""
    assert len(figures) == 5 + 4 + 1
    assert [name for name, figure in figures.items() if figure["met"] is not True] == []


def events_answered(figures: Figures) -> None:
    """Require the ways to read them, with what stands beside them where there is a cryo."""
    assert len(figures) in (9, 9 + 2)
    assert {"ours × web3.py", "memory, all ÷ a tenth"} < set(figures)


def crash_answered(figures: Figures) -> None:
    """Require that nothing was lost."""
    assert figures["of these missing or moved"]["met"] is True


def answered(count: int) -> Callable[[Figures], None]:
    """Require so many figures."""

    def require(figures: Figures) -> None:
        assert len(figures) == count

    return require


ANSWERS: dict[str, Callable[[Figures], None]] = {
    "gas": gas_answered,
    "peers": peers_answered,
    "startup": answered(10 + 4 + 3),
    "sending": answered(7),
    "peer_rates": answered(6 + 3),
    "anchoring": answered(4 + 3),
    "growth": growth_answered,
    "memory": answered(5 + 2 * 10),
    "fingerprint": answered(9 + 4 + 4 + 2 + 1 + 2 + 5 + 1),
    "events": events_answered,
    "checks": answered(4 + 2),
    "devchain_crash": crash_answered,
    "proofs": answered(5 + 2),
}
"""What each question's figures must be at the smallest size: counts and gas, never times."""


def test_the_page_in_docs_is_that_of_the_data() -> None:
    """docs/benchmarks.md says what docs/benchmarks.json holds, for every question, in pictures."""
    report = Report.load(DOCS)
    assert {section.name for section in report.sections} == set(QUESTIONS)
    assert report.stale(DOCS) == []
    pictures = sorted(picture for ones in PICTURES.values() for picture in ones)
    assert sorted(path.stem for path in (DOCS / "benchmarks").iterdir()) == pictures
    shown = re.findall(r"!\[[^\]]+\]\(benchmarks/([\w-]+)\.svg\)", report.page())
    assert sorted(shown) == pictures


def test_what_differs_from_the_data_is_found_and_mended(tmp_path: Path) -> None:
    """A changed page, a missing picture and one of nothing are named, and written or removed."""
    report = Report.load(DOCS)
    report.write(tmp_path)
    assert report.stale(tmp_path) == []
    changed = tmp_path / "benchmarks.md"
    changed.write_text("another", "utf-8")
    missing, stranger = tmp_path / "benchmarks" / "gas.svg", tmp_path / "benchmarks" / "other.svg"
    missing.rename(stranger)
    assert set(report.stale(tmp_path)) == {changed, missing, stranger}
    assert main(["--plots", "--out", str(tmp_path)]) == 0
    assert report.stale(tmp_path) == []


def test_every_target_stands_in_the_summary() -> None:
    """The table at the top has each figure with a target, what it reached, and whether it met."""
    aimed = Figure(name="x", samples=(3.0,), target=Target(limit=2.5))
    free = Figure(name="y", samples=(1.0,))
    good = Figure(name="z", samples=(2.5,), target=Target(limit=2.5))
    section = Section(name="gas", title="Gas", how="", figures=(aimed, free, good))
    summary = Report(sections=(section,)).summary()
    assert "1 of 2 targets are met." in summary
    assert summary.splitlines()[-2:] == [
        "| Gas | x | ≤ 2.5 | 3 | **no** |",
        "| Gas | z | ≤ 2.5 | 2.50 | yes |",
    ]


def test_a_figure_shows_median_spread_and_target() -> None:
    """A row has the median, the least and the greatest round, and whether the target is met."""
    figure = Figure(name="x", samples=(3.0, 1.5, 250.4), unit="ms", target=Target(limit=2.5))
    assert figure.row() == "| x | 3 | ms | 1.50–250 | 3 | ≤ 2.5 | **no** |"
    assert Figure(name="y", samples=(78_000.0,)).row() == "| y | 78,000 |  |  | 1 |  |  |"


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (Target(limit=78_000), 78_000, True),
        (Target(limit=78_000), 78_001, False),
        (Target(limit=0.45, at_least=True), 0.45, True),
        (Target(limit=0.45, at_least=True), 0.44, False),
    ],
)
def test_a_target_is_met_or_not(*, target: Target, value: float, met: bool) -> None:
    """A target holds its limit itself, in its direction, and is read back as written."""
    assert target.met(value) is met
    assert Target.parse(str(target)) == target


def test_a_section_is_read_back() -> None:
    """A section comes back from its JSON as it was."""
    figure = Figure(name="x", samples=(1.0, 2.0), target=Target(limit=40, at_least=True))
    curve = Curve(
        name="depth",
        title="By depth",
        along="depth",
        axis="gas",
        at=(1, 2),
        lines={"record": ((1.0, 2.0), (2.0,)), "grant": ((1.0,), ())},
        log=True,
    )
    section = Section(
        name="gas",
        title="Gas",
        how="So.",
        figures=(figure,),
        remarks=("And so.",),
        curves=(curve,),
    )
    assert Section.read(json.loads(json.dumps(section.mapping()))) == section


def test_a_later_run_replaces_its_own_sections_alone() -> None:
    """What one question came to before is kept where only another one is asked again."""
    old = [Section(name=name, title=name, how="", figures=()) for name in ("gas", "startup")]
    new = Section(name="gas", title="again", how="", figures=())
    merged = Report(sections=(new,)).over(Report(sections=tuple(old)))
    assert merged.sections == (new, old[1])


def test_ratios_are_taken_round_by_round() -> None:
    """The first round of one way is held against the first round of the other."""
    assert ratios([4, 9], [2, 3]) == (2, 3)
