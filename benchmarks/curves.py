"""Hold what was measured along a count: what grows with it, and what does not."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.plot_axes import shown
from benchmarks.plots import Line, Lines, Spot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Samples = tuple[float, ...]


def spot(samples: Sequence[float]) -> Spot:
    """Return the median of some rounds with the least and the greatest."""
    return Spot(value=statistics.median(samples), low=min(samples), high=max(samples))


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Hold one or more lines over the same places of a count.

    :ivar name: the name of its picture among docs/benchmarks/*.svg.
    :ivar along: what is counted.
    :ivar axis: what is measured, with its unit.
    :ivar at: the counts, from the least on.
    :ivar lines: for each thing measured its rounds at each count, none where it was not measured.
    :ivar log: whether the picture goes by the logarithms of what was measured.
    :ivar log_along: whether it goes by those of the count.
    """

    name: str
    title: str
    along: str
    axis: str
    at: tuple[int, ...]
    lines: Mapping[str, tuple[Samples, ...]]
    log: bool = False
    log_along: bool = True

    def table(self) -> str:
        """Return the medians with their spread as a table, a row for each count."""
        head = ["", *self.lines]
        rows = [
            [f"{count:,}", *(_cell(line[place]) for line in self.lines.values())]
            for place, count in enumerate(self.at)
        ]
        lines = [f"| {self.along}{' | '.join(head)} |", f"|---:{'|---:' * len(self.lines)}|"]
        return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])

    def picture(self) -> Lines:
        """Return its picture."""
        lines = tuple(
            Line(
                name=name,
                points=tuple(
                    (float(count), spot(samples))
                    for count, samples in zip(self.at, line, strict=True)
                    if samples
                ),
            )
            for name, line in self.lines.items()
        )
        return Lines(
            title=self.title,
            along=self.along,
            axis=self.axis,
            lines=lines,
            log=self.log,
            log_along=self.log_along,
        )

    def mapping(self) -> dict[str, object]:
        """Return the curve as JSON has it."""
        return {
            "name": self.name,
            "title": self.title,
            "along": self.along,
            "axis": self.axis,
            "at": list(self.at),
            "lines": {name: [list(one) for one in line] for name, line in self.lines.items()},
            "log": self.log,
            "log_along": self.log_along,
        }

    @classmethod
    def read(cls, mapping: Mapping[str, Any]) -> Curve:
        """Return the curve that `mapping()` described."""
        lines = {name: tuple(map(tuple, line)) for name, line in mapping["lines"].items()}
        return cls(**{**mapping, "at": tuple(mapping["at"]), "lines": lines})


def _cell(samples: Samples) -> str:
    if not samples:
        return ""
    told = spot(samples)
    spread = f" ({shown(told.low)}–{shown(told.high)})" if told.low < told.high else ""
    return f"{shown(told.value)}{spread}"
