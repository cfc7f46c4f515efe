"""Say what the report of the assurance is called, who writes it, and how it begins."""

from __future__ import annotations

from typing import Final

from benchmarks.pictures import curve_pictures
from benchmarks.report import Edition

_INTRODUCTION: Final = """\
# Assurance

What Dengji was put through, and what came of it: load held, faults survived, inputs tried, properties proved, mutants killed. Written by `python -m assurance` (`make assurance`), part by part; the same figures stand in [assurance.json](assurance.json). A figure says what was done: a count was counted, nothing is extrapolated, and where a sample stands for all it is said so. Each part names the command that runs it alone and the day on which it last ended. What a long part has found is kept in `build/assurance/` with a digest of the sources that it was found on, so that a part which was stopped goes on where it was, and adds nothing of old sources to new ones. A part tells of the sources as they were on its day, and stays here when they change; the short form of every part runs with each `make test`. A target is what this project set itself. What is attacked, and the test that shows each defence, stands in the [threat model](threat-model.md)."""  # noqa: E501 (a paragraph of the page)

ASSURANCE: Final = Edition(
    name="assurance",
    command="python -m assurance",
    introduction=_INTRODUCTION,
    counts=True,
    pictures=curve_pictures,
)
