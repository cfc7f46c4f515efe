"""Write the page and the pictures of the benchmarks from what docs/benchmarks.json holds.

Run as ``python -m scripts.gen_benchmarks``; with ``--check`` it writes nothing and exits with 1
when a file differs from what the data give. Nothing is measured.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from benchmarks.report import BENCHMARKS, Edition, Report

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"


def main(arguments: list[str], edition: Edition = BENCHMARKS) -> int:
    """Write the files of an edition, or with `--check` name those that are stale."""
    report = Report.load(DOCS, edition)
    if "--check" not in arguments:
        report.write(DOCS)
        return 0
    stale = report.stale(DOCS)
    for path in stale:
        print(f"stale: {path.relative_to(ROOT)}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
