"""Say which pictures a section of the report has, and draw them from its figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.curves import spot
from benchmarks.peer_tasks import WHO, compared
from benchmarks.plots import Bar, Bars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from benchmarks.plots import Lines
    from benchmarks.report import Figure, Section

OURS: Final = "Dengji"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Hold a picture, its name without ending, and what it shows in words."""

    name: str
    svg: str
    said: str

    @classmethod
    def of(cls, name: str, drawing: Bars | Lines) -> Picture:
        """Draw a picture."""
        return cls(name=name, svg=drawing.svg(), said=drawing.said())

    def markdown(self, folder: str) -> str:
        """Return the picture as a page shows it, from a folder beside the page."""
        said = self.said.replace("[", "(").replace("]", ")")
        return f"![{said}]({folder}/{self.name}.svg)"


def pictures(section: Section) -> Iterator[Picture]:
    """Yield the pictures of a section: of its figures, then of its curves."""
    draw = _DRAWN.get(section.name)
    if draw is not None:
        for name, bars in draw(section):
            if bars.groups:
                yield Picture.of(name, bars)
    yield from curve_pictures(section)


def curve_pictures(section: Section) -> Iterator[Picture]:
    """Yield the pictures of a section's curves."""
    for curve in section.curves:
        yield Picture.of(curve.name, curve.picture())


Drawn = tuple[str, Bars]


def _gas(section: Section) -> Iterator[Drawn]:
    """Yield operations alone and in batches, beside their targets."""
    held = [
        one
        for one in section.figures
        # Four transactions together would make bars of all others short.
        if one.unit == "gas" and one.name != "property_registration"
    ]
    batches = [one for one in held if _is_batch(one.name)]
    singles = [one for one in held if one.target and not _is_batch(one.name)]
    for name, title, figures in (
        ("gas", "Gas of each operation", singles),
        ("gas-batches", "Gas of each of many in one transaction", batches),
    ):
        yield name, Bars(title=title, axis="gas", groups=_each(figures))


def _peers(section: Section) -> Iterator[Drawn]:
    """Yield the tasks that others have too, each with a bar for everyone."""
    figures = {one.name: one for one in section.figures}
    hues = {who: hue for hue, who in enumerate(WHO)}
    groups = tuple(
        (
            task,
            tuple(
                Bar(spot=spot(figures[name].samples), hue=hues[who]) for who, name in held.items()
            ),
        )
        for task, held in compared(figures.keys())
    )
    title = "Gas of the same task elsewhere, and at the least"
    yield "peers", Bars(title=title, axis="gas", groups=groups, names=tuple(WHO.values()), log=True)


def _is_batch(name: str) -> bool:
    return re.search(r"_\d+$", name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plain:
    """Draw the figures of a section whose unit ends so, a bar for each."""

    name: str
    title: str
    axis: str
    unit: str
    log: bool = True

    def __call__(self, section: Section) -> Iterator[Drawn]:
        figures = [one for one in section.figures if one.unit.endswith(self.unit)]
        bars = Bars(title=self.title, axis=self.axis, groups=_each(figures), log=self.log)
        yield self.name, bars


def _fingerprint(section: Section) -> Iterator[Drawn]:
    """Yield a large file's speeds, with those of the disk and of plain hashes, and small files."""
    for name, title, unit, axis in (
        ("fingerprint", "Fingerprint of a large file, beside plain hashes", "MB/s", "MB a second"),
        ("fingerprint-small", "Fingerprints that take seconds", "s", "seconds"),
    ):
        told = [one for one in section.figures if one.unit == unit and ": " in one.name]
        yield name, _ways(title, axis, told)


def _ways(title: str, axis: str, figures: Iterable[Figure]) -> Bars:
    """Return a group for each question, with a bar for each way; our own way stands first."""
    asked: dict[str, dict[str, Figure]] = {}
    for one in figures:
        question, _, way = one.name.rpartition(": ")
        asked.setdefault(question, {})[way] = one
    found = dict.fromkeys(way for ways in asked.values() for way in ways)
    names = sorted(found, key=lambda way: way != "fingerprint")
    groups = tuple(
        (
            question,
            tuple(
                Bar(spot=spot(ways[way].samples), hue=hue)
                for hue, way in enumerate(names)
                if way in ways
            ),
        )
        for question, ways in asked.items()
    )
    return Bars(title=title, axis=axis, groups=groups, names=tuple(names))


def _each(figures: Iterable[Figure]) -> _Groups:
    """Return a group of one bar for each figure."""
    return tuple(
        (
            one.name.replace("_", " "),
            (
                Bar(
                    spot=spot(one.samples),
                    limit=None if one.target is None else one.target.limit,
                ),
            ),
        )
        for one in figures
    )


_Groups = tuple[tuple[str, tuple[Bar, ...]], ...]
_DRAWN: Final[Mapping[str, Callable[[Section], Iterator[Drawn]]]] = {
    "gas": _gas,
    "peers": _peers,
    "startup": _Plain(
        name="startup",
        title="A whole process, from start to end",
        axis="milliseconds",
        unit="ms",
    ),
    "sending": _Plain(
        name="sending",
        title="Registrations a second, end to end",
        axis="registrations a second",
        unit="/s",
    ),
    "peer_rates": _Plain(
        name="peer-rates",
        title="Records a second, here and on EAS",
        axis="records a second",
        unit="/s",
    ),
    "events": _Plain(
        name="events", title="Events read a second", axis="events a second", unit="/s"
    ),
    "checks": _Plain(
        name="checks", title="Judging a thousand uses", axis="milliseconds", unit="ms"
    ),
    "fingerprint": _fingerprint,
    "proofs": _Plain(
        name="proofs", title="Verifying a proof", axis="milliseconds", unit="ms", log=False
    ),
}
"""What draws the figures of a section, by its name."""
