"""Lay numbers out along an axis, and write the pieces of an SVG picture.

Coordinates are rounded to a tenth of a pixel, so that the same numbers always give the same bytes.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH: Final = 760
HUES: Final = 5
"""How many lines or bars of one picture have a colour of their own."""

_EXACT: Final = 100
"""From this size on a number is shown without decimals."""
_FEW_DECADES: Final = 2
_STEPS: Final = (1, 2, 2.5, 5, 10)
_LETTER: Final = 6.8
_ROUND_TOP: Final = 1.04
# Blue, vermilion, green, purple and grey of Okabe and Ito, and of Tol, which people tell apart who
# see red and green alike; lighter ones on a dark ground. Shapes and words say the same as colours.
_STYLE: Final = """\
.ground{fill:#fff;stroke:#d0d7de}.t{fill:#1f2328}.m{fill:#59636e}.g{stroke:#d8dee4}\
.a{stroke:#59636e}.w{stroke:#1f2328}\
.f0{fill:#0072b2}.f1{fill:#d55e00}.f2{fill:#009e73}.f3{fill:#aa3377}.f4{fill:#6e7781}\
.l0{stroke:#0072b2}.l1{stroke:#d55e00}.l2{stroke:#009e73}.l3{stroke:#aa3377}.l4{stroke:#6e7781}
@media (prefers-color-scheme:dark){.ground{fill:#0d1117;stroke:#30363d}.t{fill:#e6edf3}\
.m{fill:#9198a1}.g{stroke:#2a313a}.a{stroke:#9198a1}.w{stroke:#e6edf3}\
.f0{fill:#4aa8e0}.f1{fill:#f08040}.f2{fill:#2dbd93}.f3{fill:#e08fc4}.f4{fill:#9198a1}\
.l0{stroke:#4aa8e0}.l1{stroke:#f08040}.l2{stroke:#2dbd93}.l3{stroke:#e08fc4}.l4{stroke:#9198a1}}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Place values between two coordinates, evenly or by their logarithms.

    :ivar low: the value at `start`, above 0 where the scale is logarithmic.
    :ivar high: the value at `end`.
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    @classmethod
    def over(cls, values: Iterable[float], *, start: float, end: float, log: bool) -> Scale:
        """Return a scale that holds all values: whole decades, or from 0 to a round number.

        :raises ValueError: a value is below 0, or is 0 where the scale is logarithmic.
        """
        known = list(values)
        low, high = min(known, default=1.0), max(known, default=1.0)
        if low < 0 or (log and low == 0):
            raise ValueError(f"{low} has no place on this axis")
        if log:
            bottom, top = math.floor(math.log10(low)), math.ceil(math.log10(high))
            top = max(top, bottom + 1)
            return cls(low=10.0**bottom, high=10.0**top, start=start, end=end, log=True)
        return cls(low=0.0, high=_round_up(high * _ROUND_TOP), start=start, end=end)

    def at(self, value: float) -> float:
        """Return the coordinate of a value; one beyond an end stands at it."""
        held = min(max(value, self.low), self.high)
        if self.log:
            part = math.log10(held / self.low) / math.log10(self.high / self.low)
        else:
            part = (held - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return the values to be named along the axis."""
        if not self.log:
            step = _step(self.high)
            return [step * index for index in range(round(self.high / step) + 1)]
        bottom, top = round(math.log10(self.low)), round(math.log10(self.high))
        decades = [10.0**power for power in range(bottom, top + 1)]
        if top - bottom > _FEW_DECADES:
            return decades
        between = (one * part for one in decades[:-1] for part in (2, 5))
        return sorted([*decades, *between])


def _step(high: float) -> float:
    """Return a round number that divides what lies below into four to eight parts."""
    power = 10.0 ** math.floor(math.log10(high / 4))
    return next(power * one for one in reversed(_STEPS) if power * one <= high / 4)


def _round_up(value: float) -> float:
    """Return the least multiple of a round step from a value on."""
    if value <= 0:
        return 1.0
    step = _step(value)
    return step * math.ceil(round(value / step, 9))


def shown(value: float) -> str:
    """Return a number with as many digits as mean something.

    >>> shown(78_000), shown(1.5), shown(0.0841), shown(0.5)
    ('78,000', '1.50', '0.0841', '0.5')
    """
    if value == int(value) or abs(value) >= _EXACT:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"


def tick_name(value: float) -> str:
    """Return a number as an axis names it, without needless digits.

    >>> tick_name(100_000.0), tick_name(2.5), tick_name(0.001)
    ('100,000', '2.5', '0.001')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:.10g}"


def width(text: str) -> float:
    """Return about how many pixels a text of 12 pixels' height takes."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return _LETTER * (len(text) + wide)


def px(value: float) -> str:
    """Return a coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float, y: float, words: str, *, kind: str = "t", anchor: str = "start", more: str = ""
) -> str:
    """Return words at a place; `kind` is the class of their colour."""
    where = f'x="{px(x)}" y="{px(y)}" class="{kind}" text-anchor="{anchor}"'
    return f"<text {where}{more}>{escape(words)}</text>"


def line(x1: float, y1: float, x2: float, y2: float, kind: str, more: str = "") -> str:
    """Return a straight line; `kind` is the class of its colour."""
    ends = f'x1="{px(x1)}" y1="{px(y1)}" x2="{px(x2)}" y2="{px(y2)}"'
    return f'<line {ends} class="{kind}"{more}/>'


def rect(x: float, y: float, wide: float, high: float, kind: str) -> str:
    """Return a filled rectangle; `kind` is the class of its colour."""
    size = f'x="{px(x)}" y="{px(y)}" width="{px(wide)}" height="{px(high)}"'
    return f'<rect {size} class="{kind}"/>'


def marker(x: float, y: float, hue: int) -> str:
    """Return the shape that goes with a colour: circle, square, triangle, diamond or cross."""
    kind = f'class="f{hue}"'
    if hue == 0:
        return f'<circle cx="{px(x)}" cy="{px(y)}" r="4" {kind}/>'
    shapes = {
        1: ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        2: ((0, -5), (5, 4), (-5, 4)),
        3: ((0, -6), (5, 0), (0, 6), (-5, 0)),
    }
    around = shapes.get(
        hue, ((-5, -2), (-2, -2), (-2, -5), (2, -5), (2, -2), (5, -2), (5, 2), (2, 2), (2, 5))
    )
    if hue not in shapes:
        around = (*around, (-2, 5), (-2, 2), (-5, 2))
    points = " ".join(f"{px(x + dx)},{px(y + dy)}" for dx, dy in around)
    return f'<polygon points="{points}" {kind}/>'


def legend(x: float, y: float, names: list[str]) -> tuple[list[str], float]:
    """Return each name behind its marker, in as many rows as it takes, and where they end."""
    pieces, at = [], x
    for hue, name in enumerate(names):
        wide = width(name) + 34
        if at > x and at + wide > WIDTH - 16:
            at, y = x, y + 20
        pieces += [marker(at + 5, y - 4, hue), text(at + 16, y, name)]
        at += wide
    return pieces, y


def picture(title: str, said: str, height: float, pieces: Iterable[str]) -> str:
    """Return a whole picture, with its title and with words for those who cannot see it."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {px(height)}" '
        f'width="{WIDTH}" height="{px(height)}" role="img" aria-label={quoteattr(said)} '
        'font-family="system-ui,-apple-system,Segoe UI,Noto Sans,Helvetica,Arial,sans-serif" '
        'font-size="12">'
    )
    size = f'width="{WIDTH - 1}" height="{px(height - 1)}"'
    body = [
        head,
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect x=".5" y=".5" {size} rx="6" class="ground"/>',
        text(20, 28, title, more=' font-size="15" font-weight="600"'),
        *pieces,
        "</svg>",
    ]
    return "\n".join(body) + "\n"
