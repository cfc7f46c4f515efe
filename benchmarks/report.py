"""Hold measured figures with their spread, and write them as a page and as data."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from benchmarks.machine import machine, now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Json = dict[str, object]

_PAGE: Final = "benchmarks.md"
_DATA: Final = "benchmarks.json"
_EXACT: Final = 100
"""From this size on a number is shown without decimals."""
_INTRODUCTION: Final = """\
# Benchmarks

Written by `python -m benchmarks` (`make bench`); the same figures stand in [benchmarks.json](benchmarks.json). A figure is the median of its rounds; the spread is the least and the greatest of them. Where two ways are compared they run in turn, so that a busy machine slows them alike, and the ratio is taken round by round: times mean something on one machine only, ratios travel better. A target is what this project set itself."""  # noqa: E501 (a paragraph of the page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Say what a figure should be: at most `limit`, or at least."""

    limit: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Tell whether a value is as it should be."""
        return value >= self.limit if self.at_least else value <= self.limit

    @classmethod
    def parse(cls, text: str) -> Target:
        """Return the target that is written so.

        >>> Target.parse("≥ 0.45").met(0.5)
        True
        """
        sign, _, limit = text.partition(" ")
        return cls(limit=float(limit.replace(",", "")), at_least=sign == "≥")

    def __str__(self) -> str:
        exact = f"{self.limit:,.0f}" if self.limit == int(self.limit) else f"{self.limit:g}"
        return f"{'≥' if self.at_least else '≤'} {exact}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Hold one figure: its value in every round, in `unit`."""

    name: str
    samples: tuple[float, ...]
    unit: str = ""
    target: Target | None = None

    @property
    def median(self) -> float:
        """Return the median of the rounds."""
        return statistics.median(self.samples)

    @property
    def met(self) -> bool | None:
        """Tell whether the median is as the target wants it, None without one."""
        return None if self.target is None else self.target.met(self.median)

    def row(self) -> str:
        """Return the figure as a row of a table."""
        low, high = min(self.samples), max(self.samples)
        spread = "" if low == high else f"{_shown(low)}–{_shown(high)}"
        met = {None: "", True: "yes", False: "**no**"}[self.met]
        cells = (
            *(self.name, _shown(self.median), self.unit, spread, str(len(self.samples))),
            *(str(self.target or ""), met),
        )
        return "| " + " | ".join(cells) + " |"

    def mapping(self) -> Json:
        """Return the figure as JSON has it."""
        return {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "low": min(self.samples),
            "high": max(self.samples),
            "samples": list(self.samples),
            "target": None if self.target is None else str(self.target),
            "met": self.met,
        }

    @classmethod
    def read(cls, mapping: Mapping[str, Any]) -> Figure:
        """Return the figure that `mapping()` described."""
        target = mapping["target"]
        return cls(
            name=mapping["name"],
            samples=tuple(mapping["samples"]),
            unit=mapping["unit"],
            target=None if target is None else Target.parse(target),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Hold the figures of one question, with how they were measured.

    :ivar name: the module that measures, as `--only` takes it.
    :ivar remarks: paragraphs that follow the table.
    :ivar when: the day, and how busy the machine was.
    """

    name: str
    title: str
    how: str
    figures: tuple[Figure, ...]
    remarks: tuple[str, ...] = ()
    when: str = field(default_factory=now)

    def page(self) -> str:
        """Return the section as Markdown."""
        table = [
            "| | median | unit | spread | rounds | target | met |",
            "|---|---:|---|---|---:|---|---|",
            *(figure.row() for figure in self.figures),
        ]
        run = f"`python -m benchmarks.{self.name}` runs it alone"
        how = f"{self.how} {run}. Measured {self.when}."
        return "\n\n".join([f"## {self.title}", how, "\n".join(table), *self.remarks])

    def mapping(self) -> Json:
        """Return the section as JSON has it."""
        figures = [figure.mapping() for figure in self.figures]
        return {
            "name": self.name,
            "title": self.title,
            "how": self.how,
            "when": self.when,
            "figures": figures,
            "remarks": list(self.remarks),
        }

    @classmethod
    def read(cls, mapping: Mapping[str, Any]) -> Section:
        """Return the section that `mapping()` described."""
        return cls(
            name=mapping["name"],
            title=mapping["title"],
            how=mapping["how"],
            when=mapping["when"],
            figures=tuple(map(Figure.read, mapping["figures"])),
            remarks=tuple(mapping["remarks"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold what a run measured, and on what machine."""

    sections: tuple[Section, ...]
    machine: dict[str, str] = field(default_factory=machine)

    def page(self) -> str:
        """Return the report as a Markdown page."""
        described = "\n".join(f"| {name} | {value} |" for name, value in self.machine.items())
        where = f"## The machine\n\n| | |\n|---|---|\n{described}"
        return "\n\n".join([_INTRODUCTION, where, *(part.page() for part in self.sections)]) + "\n"

    def mapping(self) -> Json:
        """Return the report as JSON has it."""
        return {
            "machine": self.machine,
            "sections": [section.mapping() for section in self.sections],
        }

    @classmethod
    def load(cls, folder: Path) -> Report:
        """Return the report that was written into a folder, an empty one where none was."""
        data = folder / _DATA
        if not data.exists():
            return cls(sections=())
        found = json.loads(data.read_bytes())
        return cls(sections=tuple(map(Section.read, found["sections"])), machine=found["machine"])

    def over(self, older: Report) -> Report:
        """Return this report, with those sections of an older one that it does not have."""
        merged = {section.name: section for section in (*older.sections, *self.sections)}
        return Report(sections=tuple(merged.values()), machine=self.machine)

    def write(self, folder: Path) -> None:
        """Write the page and the data into a folder."""
        (folder / _PAGE).write_text(self.page(), "utf-8")
        written = json.dumps(self.mapping(), ensure_ascii=False, indent=2)
        (folder / _DATA).write_text(written + "\n", "utf-8")


def ratios(above: Sequence[float], below: Sequence[float]) -> tuple[float, ...]:
    """Return the ratio of two ways in each round."""
    return tuple(one / other for one, other in zip(above, below, strict=True))


def _shown(value: float) -> str:
    """Return a number with as many digits as mean something."""
    if value == int(value) or abs(value) >= _EXACT:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"
