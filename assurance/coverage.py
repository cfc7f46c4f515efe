"""Measure which lines and branches of the Python packages and the command line the tests reach."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assurance.keep import ROOT, Keep, digest
from benchmarks.report import Figure, Section, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ENOUGH: Final = 95
"""Of a hundred lines and branches of a package, how many tests should reach at the least."""
_PARTS: Final = ("unit", "property", "parity", "integration")
_DATA: Final = ROOT / "build" / "coverage"
_SOURCES: Final = ("registry", "cli", "tests", "pyproject.toml", "requirements/dev.txt")
_LEAST: Final = 10
"""How many of the modules of which least is reached are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Count lines and branches, and how many of them were reached."""

    lines: int = 0
    lines_reached: int = 0
    branches: int = 0
    branches_reached: int = 0

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> Reach:
        """Return the counts of a summary of Coverage.py."""
        return cls(
            lines=summary["num_statements"],
            lines_reached=summary["covered_lines"],
            branches=summary["num_branches"],
            branches_reached=summary["covered_branches"],
        )

    def __add__(self, other: Reach) -> Reach:
        return Reach(
            lines=self.lines + other.lines,
            lines_reached=self.lines_reached + other.lines_reached,
            branches=self.branches + other.branches,
            branches_reached=self.branches_reached + other.branches_reached,
        )

    @property
    def percent(self) -> float:
        """Return how many of a hundred were reached, of lines and branches together."""
        all_of_them = self.lines + self.branches
        reached = self.lines_reached + self.branches_reached
        return round(100 * reached / all_of_them, 2) if all_of_them else 100.0


def section(*, smallest: bool = False) -> Section:
    """Run the tests under measurement, at the smallest those of one module."""
    modules, failed = _one_module() if smallest else _all_modules()
    return Section(
        name="coverage",
        title="Lines and branches of Python",
        how="All Python tests run under Coverage.py by `scripts/coverage`, the commands that they "
        "start in processes of their own included. Counted are the lines that can run, and the "
        "ways out of each that has several.",
        figures=tuple(_figures(modules, failed)),
        remarks=(_least(modules),),
    )


def _figures(modules: Mapping[str, Reach], failed: int) -> Iterable[Figure]:
    enough = Target(limit=ENOUGH, at_least=True)
    for package in ("registry", "cli"):
        own = _sum(one for name, one in modules.items() if name.startswith(f"{package}/"))
        name = f"lines and branches of `{package}/` reached"
        yield Figure(name=name, samples=(own.percent,), unit="%", target=enough)
    both = _sum(modules.values())
    counts = {
        "Python modules measured": len(modules),
        "lines that can run": both.lines,
        "of these reached": both.lines_reached,
        "branches": both.branches,
        "of the branches reached": both.branches_reached,
    }
    for name, count in counts.items():
        yield Figure(name=name, samples=(float(count),))
    yield Figure(name="parts of the tests that failed", samples=(failed,), target=Target(limit=0))


def _sum(ones: Iterable[Reach]) -> Reach:
    return sum(ones, Reach())


def _least(modules: Mapping[str, Reach]) -> str:
    ranked = sorted(modules.items(), key=lambda item: (item[1].percent, item[0]))[:_LEAST]
    told = ", ".join(f"`{name}` {reach.percent:.0f}%" for name, reach in ranked)
    return f"Least is reached of: {told}."


def _all_modules() -> tuple[dict[str, Reach], int]:
    """Run the parts of the tests that have not passed on these sources, and read what came."""
    keep = Keep("coverage", sources=digest(*_SOURCES))
    failed = 0
    for name in _PARTS:
        if keep.covers(part=name) and (_DATA / name).exists():
            continue
        print(f"assurance: coverage: {name}", file=sys.stderr, flush=True)
        passed = _run(str(ROOT / "scripts" / "coverage"), name).returncode == 0
        failed += not passed
        if passed:
            keep.append({"part": name})
    _run(str(ROOT / "scripts" / "coverage"), "report")
    return _read(_DATA / "coverage.json"), failed


def _one_module() -> tuple[dict[str, Reach], int]:
    """Run the tests of one module alone."""
    with tempfile.TemporaryDirectory(prefix="dengji-coverage-") as folder:
        data, report = f"--data-file={folder}/data", Path(folder, "coverage.json")
        start = (sys.executable, "-m", "coverage")
        ran = _run(
            *start, "run", data, "-m", "pytest", "-q", "-pno:xdist", "tests/test_redaction.py"
        )
        _run(*start, "combine", data)
        _run(*start, "json", data, "--include=registry/redaction.py", "-o", str(report))
        return _read(report), int(ran.returncode != 0)


def _run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    # What the tests print is for a person who waits; the report goes to stdout.
    return subprocess.run(arguments, cwd=ROOT, stdout=sys.stderr, check=False)


def _read(report: Path) -> dict[str, Reach]:
    files = json.loads(report.read_bytes())["files"]
    return {name: Reach.of(found["summary"]) for name, found in files.items()}
