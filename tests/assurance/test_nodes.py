"""What came of a file of tests on another node is read from pytest's own report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assurance import nodes
from benchmarks.report import Section

if TYPE_CHECKING:
    from pathlib import Path

REPORT = """<testsuites><testsuite>
<testcase name="passes"/>
<testcase name="fails"><failure message="AssertionError"/></testcase>
<testcase name="breaks"><error message="failed on setup"/></testcase>
<testcase name="left"><skipped type="pytest.skip" message="only anvil: it has a socket"/></testcase>
<testcase name="right"><skipped type="pytest.skip" message="no Chromium"/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_counted() -> None:
    """A failure and an error are both told by name, and what was left out with its reason."""
    assert nodes.told(REPORT) == {
        "passed": 1,
        "failed": ["fails", "breaks"],
        "left": {"only anvil: it has a socket": 1, "no Chromium": 1},
    }


def test_a_failure_misses_the_target_and_nothing_is_run_twice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The section has a row for each file, names what failed, and goes on where it was."""
    ran: list[str] = []

    def run(name: str, chosen: str) -> dict[str, object]:
        ran.append(name)
        assert chosen == ""
        return nodes.told(REPORT)

    monkeypatch.setattr(nodes, "_run", run)
    monkeypatch.setattr(
        nodes, "_files", lambda _: ["test_audit.py", "stories/test_registration.py"]
    )
    monkeypatch.setenv("DENGJI_ASSURANCE_KEEP", str(tmp_path))

    def figures(section: Section) -> dict[str, tuple[float, bool | None]]:
        return {one.name: (one.median, one.met) for one in section.figures}

    first, second = nodes.section(), nodes.section()
    assert ran == ["test_audit.py", "stories/test_registration.py"]
    assert first.remarks == second.remarks
    assert figures(first) == {
        "files of tests": (2, None),
        "tests that passed": (2, None),
        "tests that failed": (4, False),
        "tests left out, since only anvil can": (2, None),
        "tests left out for another reason": (2, None),
    }
    assert "| test_audit.py | 1 | 2 | 2 |" in first.remarks[0]
    assert "| 2 | only anvil: it has a socket |" in first.remarks[1]
    assert "Failed: test_audit.py: breaks" in first.remarks
