"""Draw bars and lines as SVG pictures that are read on light and on dark ground.

Every picture has a title, axes named with their units, numbers at the bars, and a sentence that
says what it shows. Colours are told apart by people who see red and green alike, and lines have
markers of their own. Nothing is loaded from elsewhere, and no font is embedded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.plot_axes import (
    HUES,
    WIDTH,
    Scale,
    legend,
    line,
    marker,
    picture,
    rect,
    shown,
    text,
    tick_name,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARGIN: Final = 20
_RIGHT: Final = 90
_TOP: Final = 44
_BAR: Final = 15
_BETWEEN_BARS: Final = 3
_BETWEEN_GROUPS: Final = 11
_FOOT: Final = 46
_LINES_HIGH: Final = 270
_LINES_LEFT: Final = 84
_SPREAD: Final = ' stroke-width="1.5"'
_DASHED: Final = ' stroke-width="2" stroke-dasharray="3 2"'
_NEAR: Final = 8
_VISIBLE: Final = 3
"""How many pixels a spread is drawn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Hold a value with the least and the greatest of its rounds."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Hold one bar.

    :ivar hue: which of the picture's `names` it belongs to.
    :ivar limit: where the target stands, None without one.
    :ivar note: follows the number at its end.
    """

    spot: Spot
    hue: int = 0
    limit: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Draw lying bars in groups, each group with its name on the left.

    :ivar axis: what the numbers are, with their unit.
    :ivar names: what the colours stand for; one alone is not told.
    :ivar log: draw by logarithms, from the decade below the least value.
    """

    title: str
    axis: str
    groups: tuple[tuple[str, tuple[Bar, ...]], ...]
    names: tuple[str, ...] = ()
    log: bool = False

    def said(self) -> str:
        """Return what the picture shows, in words."""
        groups = []
        for name, bars in self.groups:
            told = [
                f"{self.names[bar.hue]} {shown(bar.spot.value)}"
                if len(self.names) > 1
                else shown(bar.spot.value)
                for bar in bars
            ]
            groups.append(f"{name}: {', '.join(told)}")
        return f"Bars of {self.axis}. {'; '.join(groups)}."

    def svg(self) -> str:
        """Return the picture."""
        top = _TOP
        pieces: list[str] = []
        if self._told():
            pieces, end = legend(_MARGIN, top + 10, self._told())
            top = int(end) + 12
        left = _MARGIN + 10 + max(width(name) for name, _ in self.groups)
        scale = Scale.over(self._values(), start=left, end=WIDTH - _RIGHT, log=self.log)
        bottom = top + sum(map(_height, self.groups))
        pieces += self._grid(scale, top, bottom)
        y = float(top)
        for group in self.groups:
            pieces += _group(scale, group, y)
            y += _height(group)
        pieces.append(line(left, top, left, bottom, "a"))
        return picture(self.title, self.said(), bottom + _FOOT, pieces)

    def _told(self) -> list[str]:
        return list(self.names) if len(self.names) > 1 else []

    def _values(self) -> Iterator[float]:
        for _, bars in self.groups:
            for bar in bars:
                yield from (bar.spot.low, bar.spot.value, bar.spot.high)
                if bar.limit is not None:
                    yield bar.limit

    def _grid(self, scale: Scale, top: float, bottom: float) -> list[str]:
        pieces = []
        for tick in scale.ticks():
            x = scale.at(tick)
            pieces += [
                line(x, top, x, bottom, "g"),
                text(x, bottom + 16, tick_name(tick), kind="m", anchor="middle"),
            ]
        axis = f"{self.axis}{', logarithmic' if self.log else ''}"
        pieces.append(
            text((scale.start + scale.end) / 2, bottom + 35, axis, kind="m", anchor="middle")
        )
        if any(bar.limit is not None for _, bars in self.groups for bar in bars):
            x = WIDTH - _MARGIN - width("target") - 14
            pieces += [
                line(x, bottom + 26, x, bottom + 38, "w", _DASHED),
                text(x + 8, bottom + 35, "target", kind="m"),
            ]
        return pieces


def _height(group: tuple[str, tuple[Bar, ...]]) -> int:
    return len(group[1]) * (_BAR + _BETWEEN_BARS) + _BETWEEN_GROUPS


def _group(scale: Scale, group: tuple[str, tuple[Bar, ...]], y: float) -> Iterator[str]:
    name, bars = group
    middle = y + (_height(group) - _BETWEEN_BARS) / 2
    yield text(scale.start - 8, middle + 4, name, anchor="end")
    y += _BETWEEN_GROUPS / 2
    for bar in bars:
        yield from _bar(scale, bar, y)
        y += _BAR + _BETWEEN_BARS


def _bar(scale: Scale, bar: Bar, y: float) -> Iterator[str]:
    """Yield a bar, its spread, its target, and its number behind all of them."""
    middle, end = y + _BAR / 2, scale.at(bar.spot.value)
    yield rect(scale.start, y, max(end - scale.start, 1), _BAR, f"f{bar.hue}")
    low, high = scale.at(bar.spot.low), scale.at(bar.spot.high)
    if high - low > _VISIBLE:
        yield line(low, middle, high, middle, "w", _SPREAD)
        yield line(low, middle - 3, low, middle + 3, "w", _SPREAD)
        yield line(high, middle - 3, high, middle + 3, "w", _SPREAD)
        end = max(end, high)
    if bar.limit is not None:
        x = scale.at(bar.limit)
        yield line(x, y - 2, x, y + _BAR + 2, "w", _DASHED)
        if x > end - _NEAR:
            end = max(end, x) if x - end < width(shown(bar.spot.value)) + _NEAR else end
    words = f"{shown(bar.spot.value)} {bar.note}".rstrip()
    yield text(end + 6, middle + 4, words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold one line by its points, each at a place along the axis below."""

    name: str
    points: tuple[tuple[float, Spot], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Draw how figures change along a count.

    :ivar along: what the axis below counts.
    :ivar axis: what the axis on the left measures, with its unit.
    :ivar limit: where a target for all lines stands, None without one.
    """

    title: str
    along: str
    axis: str
    lines: tuple[Line, ...]
    log_along: bool = True
    log: bool = False
    limit: float | None = None

    def said(self) -> str:
        """Return what the picture shows, in words."""
        told = []
        for one in self.lines:
            (start, first), (end, last) = one.points[0], one.points[-1]
            ends = f"{shown(first.value)} at {shown(start)}, {shown(last.value)} at {shown(end)}"
            told.append(f"{one.name}: {ends}")
        return f"Lines of {self.axis} along {self.along}. {'; '.join(told)}."

    def svg(self) -> str:
        """Return the picture."""
        if len(self.lines) > HUES:
            raise ValueError(f"{len(self.lines)} lines have no colours of their own")
        pieces, end = legend(_MARGIN, _TOP + 10, [one.name for one in self.lines])
        top = end + 36
        bottom = top + _LINES_HIGH
        spots = [spot for one in self.lines for _, spot in one.points]
        values = [value for spot in spots for value in (spot.low, spot.high)]
        if self.limit is not None:
            values.append(self.limit)
        up = Scale.over(values, start=bottom, end=top, log=self.log)
        across = self._across()
        pieces += self._frame(across, up)
        for hue, one in enumerate(self.lines):
            pieces += _course(one, hue, across, up)
        return picture(self.title, self.said(), bottom + _FOOT, pieces)

    def _places(self) -> list[float]:
        return sorted({place for one in self.lines for place, _ in one.points})

    def _across(self) -> Scale:
        """Return the axis below: up to the last place, or to the decade above."""
        start, end, places = float(_LINES_LEFT), float(WIDTH - 2 * _MARGIN), self._places()
        if self.log_along:
            return Scale.over(places, start=start, end=end, log=True)
        return Scale(low=0, high=places[-1], start=start, end=end)

    def _frame(self, across: Scale, up: Scale) -> Iterator[str]:
        for tick in up.ticks():
            y = up.at(tick)
            yield line(across.start, y, across.end, y, "g")
            yield text(across.start - 8, y + 4, tick_name(tick), kind="m", anchor="end")
        for tick in across.ticks() if self.log_along else self._places():
            x = across.at(tick)
            yield line(x, up.start, x, up.start + 5, "a")
            yield text(x, up.start + 19, tick_name(tick), kind="m", anchor="middle")
        yield line(across.start, up.start, across.end, up.start, "a")
        words = f"{self.along}{', logarithmic' if self.log_along else ''}"
        middle = (across.start + across.end) / 2
        yield text(middle, up.start + 38, words, kind="m", anchor="middle")
        words = f"{self.axis}{', logarithmic' if self.log else ''}"
        yield text(_MARGIN, up.end - 12, words, kind="m")
        if self.limit is not None:
            y = up.at(self.limit)
            yield line(across.start, y, across.end, y, "w", _DASHED)
            words = f"target {shown(self.limit)}"
            yield text(across.end, y - 5, words, kind="m", anchor="end")


def _course(one: Line, hue: int, across: Scale, up: Scale) -> Iterator[str]:
    """Yield a line through its points, with their spread."""
    places = [(across.at(place), up.at(spot.value)) for place, spot in one.points]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{points}" class="l{hue}" fill="none" stroke-width="2"/>'
    for (x, y), (_, spot) in zip(places, one.points, strict=True):
        if spot.low < spot.high:
            yield line(x, up.at(spot.low), x, up.at(spot.high), f"l{hue}", _SPREAD)
        yield marker(x, y, hue)
