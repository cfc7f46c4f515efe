"""Run the long forms of the checks, part by part, and write their report.

    python -m assurance [--only PART]… [--again] [--smallest] [--out FOLDER]

writes docs/assurance.md and docs/assurance.json after each part and prints what it came to; with
`--only` what the other parts came to before is kept. A part that is stopped goes on where it was
when the same command is given again; one of the longest, interrupted, tells what it has found so
far, and nothing more is begun. A part that ended well on the sources as they are is not run
a second time, unless `--only` or `--again` asks for it. `--smallest` runs each part at its
smallest, which shows that it works and nothing else; it writes only where `--out` says.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assurance import interruption
from assurance.edition import ASSURANCE
from assurance.keep import ROOT, Keep, digest
from assurance.parts import PARTS
from benchmarks.report import Report, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCS: Final = ROOT / "docs"
_INTERRUPTED: Final = "**It was interrupted: this is what it had found by then.**"
_INTERRUPTED_EXIT: Final = 130
_SOURCES: Final = (
    *("assurance", "benchmarks", "cli", "contracts", "registry", "requirements", "scripts"),
    *("tests", "foundry.toml", "package-lock.json", "pyproject.toml"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print and write; 1 where a target is not met by a long form, 130 where interrupted."""
    given = _arguments(arguments)
    # The tools are those that `make setup` put beside this interpreter.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    interruption.forget()
    folder = given.out or (None if given.smallest else DOCS)
    ended = Keep("ended", sources=digest(*_SOURCES), smallest=given.smallest)
    sections = []
    for name in [one for one in PARTS if one in given.only or not given.only]:
        known = None if given.only or given.again else ended.found(name=name)
        section = Section.read(known) if known else _run(name, smallest=given.smallest)
        if known is None and not missed(section) and not interruption.interrupted():
            ended.append(section.mapping())
        sections.append(section)
        # Written after each, so that a failure of the next loses nothing.
        if folder is not None:
            _write(section, folder)
        if interruption.interrupted():
            return _INTERRUPTED_EXIT
    short = [name for section in sections for name in missed(section)]
    if short and not given.smallest:
        print(f"assurance: not met: {', '.join(short)}", file=sys.stderr)
        return 1
    return 0


def _arguments(arguments: Sequence[str] | None) -> Any:  # noqa: ANN401 (argparse's own)
    parser = argparse.ArgumentParser(
        prog="python -m assurance",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", choices=sorted(PARTS), action="append", default=[])
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--smallest", action="store_true")
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


def _run(name: str, *, smallest: bool) -> Section:
    print(f"assurance: {name}", file=sys.stderr, flush=True)
    section = PARTS[name](smallest=smallest)
    if interruption.interrupted():
        section = replace(section, how=f"{section.how} {_INTERRUPTED}")
    print(section.page(ASSURANCE) + "\n", flush=True)
    return section


def _write(section: Section, folder: Path) -> None:
    """Write a section among those that a folder's report has, in the order of the parts."""
    new = Report(sections=(section,), edition=ASSURANCE).over(Report.load(folder, ASSURANCE))
    new.sorted(tuple(PARTS)).write(folder)


def missed(section: Section) -> list[str]:
    """Return the names of the figures that are not as their targets want them."""
    return [f"{section.name}: {one.name}" for one in section.figures if one.met is False]


if __name__ == "__main__":
    interruption.listen()
    sys.exit(main())
