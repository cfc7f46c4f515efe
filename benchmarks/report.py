"""Hold measured figures with their spread, and write them as a page and as data."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from benchmarks.curves import Curve
from benchmarks.machine import machine, now
from benchmarks.pictures import Picture, pictures
from benchmarks.plot_axes import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

Json = dict[str, object]

_INTRODUCTION: Final = """\
# Benchmarks

Written by `python -m benchmarks` (`make bench`); the same figures stand in [benchmarks.json](benchmarks.json). A figure is the median of its rounds; the spread is the least and the greatest of them. Where two ways are compared they run in turn, so that a busy machine slows them alike, and the ratio is taken round by round: times mean something on one machine only, ratios travel better. A target is what this project set itself. The pictures are drawn from the same figures by `python -m benchmarks --plots`; a thin line at a bar is the spread, a dashed one the target."""  # noqa: E501 (a paragraph of the page)

_HEAD: Final = (
    "| | median | unit | spread | rounds | target | met |",
    "|---|---:|---|---|---:|---|---|",
)
_COUNTS_HEAD: Final = ("| | reached | unit | target | met |", "|---|---:|---|---|---|")
_MET: Final = {None: "", True: "yes", False: "**no**"}


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

    def count_row(self) -> str:
        """Return the figure as a row of a table of counts, which have no rounds."""
        cells = (
            *(self.name, shown(self.median), self.unit),
            *(str(self.target or ""), _MET[self.met]),
        )
        return "| " + " | ".join(cells) + " |"

    def row(self) -> str:
        """Return the figure as a row of a table."""
        low, high = min(self.samples), max(self.samples)
        spread = "" if low == high else f"{shown(low)}–{shown(high)}"
        cells = (
            *(self.name, shown(self.median), self.unit, spread, str(len(self.samples))),
            *(str(self.target or ""), _MET[self.met]),
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
    :ivar curves: what was measured along a count.
    :ivar when: the day, and how busy the machine was.
    """

    name: str
    title: str
    how: str
    figures: tuple[Figure, ...]
    remarks: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    when: str = field(default_factory=now)

    def page(self, edition: Edition | None = None) -> str:
        """Return the section as Markdown, of the benchmarks unless another edition is given."""
        edition = edition or BENCHMARKS
        run = f"`{edition.command} --only {self.name}` runs it alone"
        parts = [f"## {self.title}", f"{self.how} {run}. Measured {self.when}."]
        if self.figures:
            parts.append(edition.table(self.figures))
        parts += self.remarks
        drawn = edition.pictures(self)
        shown_so = {picture.name: picture.markdown(edition.name) for picture in drawn}
        for curve in self.curves:
            parts += [f"### {curve.title}", shown_so.pop(curve.name), curve.table()]
        # The picture of the whole stands before its table.
        parts[2:2] = shown_so.values()
        return "\n\n".join(parts)

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
            "curves": [curve.mapping() for curve in self.curves],
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
            curves=tuple(map(Curve.read, mapping.get("curves", ()))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Say what is a report's own: its name, the command that writes it, and its first words.

    :ivar name: of the page and of the data, without ending, and of the folder of the pictures.
    :ivar counts: whether its figures are counts, which have neither rounds nor a spread.
    :ivar pictures: draws a section.
    """

    name: str
    command: str
    introduction: str
    counts: bool = False
    pictures: Callable[[Section], Iterator[Picture]] = pictures

    @property
    def page(self) -> str:
        """Return the name of the page."""
        return f"{self.name}.md"

    @property
    def data(self) -> str:
        """Return the name of the data."""
        return f"{self.name}.json"

    def table(self, figures: Sequence[Figure]) -> str:
        """Return figures as a Markdown table."""
        head, rows = (
            (_COUNTS_HEAD, [one.count_row() for one in figures])
            if self.counts
            else (_HEAD, [one.row() for one in figures])
        )
        return "\n".join([*head, *rows])


BENCHMARKS: Final = Edition(
    name="benchmarks", command="python -m benchmarks", introduction=_INTRODUCTION
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold what a run measured, and on what machine."""

    sections: tuple[Section, ...]
    machine: dict[str, str] = field(default_factory=machine)
    edition: Edition = BENCHMARKS

    def page(self) -> str:
        """Return the report as a Markdown page."""
        described = "\n".join(f"| {name} | {value} |" for name, value in self.machine.items())
        where = f"## The machine\n\n| | |\n|---|---|\n{described}"
        sections = (part.page(self.edition) for part in self.sections)
        first = self.edition.introduction
        return "\n\n".join([first, self.summary(), where, *sections]) + "\n"

    def summary(self) -> str:
        """Return every figure that has a target as a table: the target, what was reached, met."""
        aimed = [(part, one) for part in self.sections for one in part.figures if one.target]
        met = sum(one.met is True for _, one in aimed)
        rows = [
            f"| {part.title} | {one.name} | {one.target} | {shown(one.median)} | {_MET[one.met]} |"
            for part, one in aimed
        ]
        said = f"## Targets\n\n{met} of {len(aimed)} targets are met."
        return "\n".join(
            [said, "", "| | | target | reached | met |", "|---|---|---|---:|---|", *rows]
        )

    def files(self) -> dict[str, str]:
        """Return the texts of page, data and pictures, by their paths in the folder."""
        written = json.dumps(self.mapping(), ensure_ascii=False, indent=2)
        drawn = {
            f"{self.edition.name}/{picture.name}.svg": picture.svg
            for part in self.sections
            for picture in self.edition.pictures(part)
        }
        return {self.edition.page: self.page(), self.edition.data: written + "\n", **drawn}

    def mapping(self) -> Json:
        """Return the report as JSON has it."""
        return {
            "machine": self.machine,
            "sections": [section.mapping() for section in self.sections],
        }

    @classmethod
    def load(cls, folder: Path, edition: Edition = BENCHMARKS) -> Report:
        """Return the report that was written into a folder, an empty one where none was."""
        data = folder / edition.data
        if not data.exists():
            return cls(sections=(), edition=edition)
        found = json.loads(data.read_bytes())
        sections = tuple(map(Section.read, found["sections"]))
        return cls(sections=sections, machine=found["machine"], edition=edition)

    def over(self, older: Report) -> Report:
        """Return this report, with those sections of an older one that it does not have."""
        merged = {section.name: section for section in (*older.sections, *self.sections)}
        return replace(self, sections=tuple(merged.values()))

    def sorted(self, names: Sequence[str]) -> Report:
        """Return this report with the sections of these names alone, in their order."""
        held = {section.name: section for section in self.sections}
        return replace(self, sections=tuple(held[name] for name in names if name in held))

    def write(self, folder: Path) -> None:
        """Write page, data and pictures into a folder, and remove pictures of nothing."""
        files = self.files()
        for path in self.strangers(folder):
            path.unlink()
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")

    def stale(self, folder: Path) -> list[Path]:
        """Return which files of a folder are not those of this report."""
        wrong = [
            folder / name
            for name, text in self.files().items()
            if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
        ]
        return [*wrong, *self.strangers(folder)]

    def strangers(self, folder: Path) -> Iterator[Path]:
        """Yield the pictures in a folder that none of this report's sections has."""
        own = self.edition.name
        for path in sorted((folder / own).glob("*.svg")):
            if f"{own}/{path.name}" not in self.files():
                yield path


def ratios(above: Sequence[float], below: Sequence[float]) -> tuple[float, ...]:
    """Return the ratio of two ways in each round."""
    return tuple(one / other for one, other in zip(above, below, strict=True))
