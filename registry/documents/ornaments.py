"""Draw what decorates a certificate, and its QR code, as inline SVG."""

from __future__ import annotations

from itertools import groupby
from math import cos, pi, sin
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUIET: Final = 4
"""The light border that the standard asks for, in modules."""

_WIDE: Final = 98
_NARROW: Final = 34

CORNER: Final = (
    '<svg class="corner" viewBox="0 0 40 40" stroke-width="1.6" aria-hidden="true">'
    '<path d="M2 39V2H39M8 39V8H39M14 26V14H26V26H20V20"/></svg>'
)
"""One corner of the frame, a squared spiral (回纹)."""


def _rosette() -> str:
    """Return ellipses around one centre, as one path: a printer need not know transformations."""
    petals = []
    for step in range(30):
        angle = step * pi / 30
        x, y = _WIDE * cos(angle), _WIDE * sin(angle)
        arc = f"A{_WIDE} {_NARROW} {step * 6} 1 0 "
        petals.append(f"M{x:.2f} {y:.2f}{arc}{-x:.2f} {-y:.2f}{arc}{x:.2f} {y:.2f}")
    return (
        '<svg class="rosette" viewBox="-100 -100 200 200" stroke-width=".35" aria-hidden="true">'
        f'<path d="{"".join(petals)}"/></svg>\n'
    )


ROSETTE: Final = _rosette()
"""The pale pattern behind the text."""


def qr_code(text: str, label: str) -> str:
    """Return a QR code of `text` with error correction M, drawn from its modules alone."""
    # Imported here for start-up time: only pages need it.
    import segno  # noqa: PLC0415

    rows = [bytes(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix]
    size = len(rows) + 2 * _QUIET
    path = "".join(step for y, row in enumerate(rows) for step in _runs(row, y))
    return (
        f'<svg viewBox="0 0 {size} {size}" shape-rendering="crispEdges" role="img"'
        f' aria-label="{label}"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path d="{path}"/></svg>'
    )


def _runs(row: bytes, y: int) -> Iterator[str]:
    """Yield a bar for each run of dark modules in a row."""
    x = _QUIET
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield f"M{x} {y + _QUIET}h{length}v1h-{length}z"
        x += length
