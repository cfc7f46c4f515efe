"""The benchmarks run at their smallest and write what they came to; no time is asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.questions import GAS_TARGETS, QUESTIONS
from benchmarks.report import Figure, Report, Section, Target, ratios

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def names(section: dict[str, Any]) -> list[str]:
    """Return the names of a section's figures."""
    return [figure["name"] for figure in section["figures"]]


@pytest.mark.anvil
@pytest.mark.slow
def test_every_question_is_answered(tmp_path: Path) -> None:
    """Each benchmark runs, and page and data hold a figure for everything that it measures."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--smallest", "--out", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads((tmp_path / "benchmarks.json").read_bytes())
    sections = {section["name"]: section for section in found["sections"]}
    assert list(sections) == list(QUESTIONS)
    assert {"register", "grant", "revoke", "register_2", "enrol"} < set(names(sections["gas"]))
    assert len(sections["startup"]["figures"]) == 10 + 4 + 3
    assert len(sections["sending"]["figures"]) == 5
    assert len(sections["fingerprint"]["figures"]) == 6
    assert len(sections["proofs"]["figures"]) == 5 + 2
    (missing,) = (
        figure
        for figure in sections["devchain_crash"]["figures"]
        if figure["name"] == "of these missing or moved"
    )
    assert missing["met"] is True
    for section in sections.values():
        assert all(figure["samples"] for figure in section["figures"])
    gas = {figure["name"]: figure for figure in sections["gas"]["figures"]}
    singles = [name for name in GAS_TARGETS if name in gas]
    assert [name for name in singles if gas[name]["met"] is not True] == []
    page = (tmp_path / "benchmarks.md").read_text("utf-8")
    assert page == Report.load(tmp_path).page()


def test_the_page_in_docs_is_that_of_the_data() -> None:
    """docs/benchmarks.md says what docs/benchmarks.json holds, for every question."""
    report = Report.load(DOCS)
    assert {section.name for section in report.sections} == set(QUESTIONS)
    assert (DOCS / "benchmarks.md").read_text("utf-8") == report.page()


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
    section = Section(name="gas", title="Gas", how="So.", figures=(figure,), remarks=("And so.",))
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
