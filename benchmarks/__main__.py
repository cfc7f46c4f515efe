"""Run the benchmarks and write their report.

    python -m benchmarks [--only NAME]… [--smallest] [--out FOLDER]
    python -m benchmarks --plots [--out FOLDER]

writes docs/benchmarks.md, its pictures and docs/benchmarks.json and prints the tables; with
`--only` what the other questions came to before is kept. `--smallest` runs each question at its
smallest, which shows that it works and measures nothing; it writes only where `--out` says.
`--plots` measures nothing either and writes page and pictures anew from the data.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.questions import QUESTIONS
from benchmarks.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; 1 where a target is not met at full size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=sorted(QUESTIONS), action="append", default=[])
    parser.add_argument("--smallest", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plots", action="store_true")
    given = parser.parse_args(arguments)
    if given.plots:
        Report.load(given.out or DOCS).write(given.out or DOCS)
        return 0
    # The node of the benchmarks is the one that `make setup` put beside this interpreter.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    folder = given.out or (None if given.smallest else DOCS)
    sections = []
    for name in [one for one in QUESTIONS if one in given.only or not given.only]:
        print(f"benchmarks: {name}", file=sys.stderr, flush=True)
        section = QUESTIONS[name](smallest=given.smallest)
        print(section.page() + "\n", flush=True)
        sections.append(section)
        # Written after each, so that a failure of the next loses nothing.
        if folder is not None:
            Report(sections=(section,)).over(Report.load(folder)).write(folder)
    figures = [figure for section in sections for figure in section.figures]
    missed = [figure.name for figure in figures if figure.met is False]
    if missed and not given.smallest:
        print(f"benchmarks: not met: {', '.join(missed)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
