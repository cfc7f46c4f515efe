"""Draw a lineage as a picture, in SVG that loads nothing from elsewhere.

Names come from files of others: each stands as text, escaped, and cut where it would not fit.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from registry import messages
from registry.domain.lineage_drawing import FILLS, colours
from registry.domain.lineage_layout import Bend, Layout, layout
from registry.domain.lineage_words import (
    basis,
    conditions,
    heading,
    made,
    named,
    short,
    standing,
    state,
)
from registry.domain.visible import visible
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from registry.domain.lineage import Pin
    from registry.domain.lineage_graph import Edge, Graph, Node
    from registry.domain.lineage_layout import Place

MOST_DRAWN: Final = 300
"""How many versions a picture shows; of a larger lineage those nearest to where it was asked."""

_BOX: Final = (244, 108)
_STEP: Final = (376, 132)
_MARGIN: Final = 40
_TOP: Final = 104
_LEGEND: Final = 92
_NARROWEST: Final = 900
_FITTING: Final = 214.0
_PORT: Final = 18
_FEW: Final = 4
_OWN, _GRANTED, _LAPSED = "#9aa7b4", "#46709f", "#a6322a"
_INK: Final = "#1d2733"
_FONTS: Final = (
    "Helvetica Neue, Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', "
    "'WenQuanYi Zen Hei', sans-serif"
)
_STYLE: Final = """
    text { font-size: 11.5px; fill: #3c4a59 }
    .h { font-size: 18px; font-weight: 700; fill: #1d2733 }
    .b { font-size: 13.5px; font-weight: 700; fill: #1d2733 }
    .m { font-family: 'DejaVu Sans Mono', 'Noto Sans Mono', Menlo, monospace; font-size: 10.5px;
         fill: #5a6877 }
    .s { font-size: 12px; fill: #5a6877 }
    .w { font-weight: 700 }
    .l { font-size: 10px; text-anchor: middle; paint-order: stroke; stroke: #fcfbf8;
         stroke-width: 4px; stroke-linejoin: round }
    .e { fill: none; stroke-width: 1.7 }
""".strip("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """Hold where everything stands on the picture, in pixels.

    `ports` say how far from the middle of its box each way ends (true) or begins.
    """

    graph: Graph
    placed: Layout
    lang: str
    hidden: int
    columns: Mapping[Place, int]
    ports: Mapping[tuple[tuple[Place, ...], bool], int]

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of the whole."""
        columns = max(len(self.placed.columns), 1)
        width = 2 * _MARGIN + (columns - 1) * _STEP[0] + _BOX[0]
        height = _TOP + int((self.placed.rows - 1) * _STEP[1]) + _BOX[1] + _LEGEND
        return max(width, _NARROWEST), height

    def left(self, column: int) -> int:
        """Return where a column begins; all of them stand in the middle."""
        taken = (len(self.placed.columns) - 1) * _STEP[0] + _BOX[0]
        return (self.size[0] - taken) // 2 + column * _STEP[0]

    def top(self, place: Place) -> int:
        """Return the upper end of a place."""
        return _TOP + round(self.placed.heights[place] * _STEP[1])


def drawing(graph: Graph, lang: str) -> str:
    """Return the picture in one language."""
    shown = _nearest(graph)
    hidden = len(graph.nodes) - len(shown.nodes)
    ranks = shown.ranks()
    placed = layout(ranks, shown.edges)
    sheet = _Sheet(
        graph=shown,
        placed=placed,
        lang=lang,
        hidden=hidden,
        columns={one: number for number, column in enumerate(placed.columns) for one in column},
        ports=dict(_ports(placed)),
    )
    width, height = sheet.size
    title = heading(graph, lang)
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
                f'width="{width}" height="{height}" role="img" aria-labelledby="title" '
                f'font-family="{_FONTS}">'
            ),
            f'  <title id="title">{escape(title)}</title>',
            f"  <style>\n{_STYLE}\n  </style>",
            *_arrows(),
            f'  <rect width="{width}" height="{height}" rx="14" fill="#fcfbf8" stroke="#dcd8cf"/>',
            _text(_MARGIN, 44, title, "h"),
            _text(_MARGIN, 68, standing(graph, lang), "s"),
            *(
                line
                for way in zip(shown.edges, placed.ways, strict=True)
                for line in _edge(sheet, *way)
            ),
            *(line for node in shown.nodes for line in _node(sheet, node, ranks[node.pin])),
            *_legend(sheet),
            "</svg>",
        ]
    )


def _ports(placed: Layout) -> Iterator[tuple[tuple[tuple[Place, ...], bool], int]]:
    """Yield how far from the middle of its boxes each way begins and ends, none at another's."""
    sides: dict[tuple[Place, bool], list[tuple[float, tuple[Place, ...]]]] = {}
    for way in placed.ways:
        sides.setdefault((way[0], False), []).append((placed.heights[way[1]], way))
        sides.setdefault((way[-1], True), []).append((placed.heights[way[-2]], way))
    for (_, into), ways in sides.items():
        step = min(_PORT, (_BOX[1] - 36) // len(ways))
        for number, (_, way) in enumerate(sorted(ways)):
            yield (way, into), round((number - (len(ways) - 1) / 2) * step)


def _nearest(graph: Graph) -> Graph:
    """Return the part of a graph that is near enough to its roots to be drawn."""
    if len(graph.nodes) <= MOST_DRAWN:
        return graph
    following = graph.following()
    near: dict[Pin, None] = dict.fromkeys(graph.roots[:MOST_DRAWN])
    for pin in near_first(graph.roots, following):
        if len(near) == MOST_DRAWN:
            break
        near[pin] = None
    from dataclasses import replace  # noqa: PLC0415 (start-up time)

    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.pin in near),
        edges=tuple(one for one in graph.edges if one.source in near and one.product in near),
    )


def near_first(roots: Sequence[Pin], following: Mapping[Pin, Sequence[Edge]]) -> Iterator[Pin]:
    """Yield the versions of a graph by how many steps they are from its roots, each once."""
    seen = dict.fromkeys(roots)
    waiting = list(roots)
    for pin in waiting:
        yield pin
        for edge in following[pin]:
            other = edge.source if edge.product == pin else edge.product
            if other not in seen:
                seen[other] = None
                waiting.append(other)


def _arrows() -> Iterator[str]:
    yield "  <defs>"
    for name, colour in (("own", _OWN), ("granted", _GRANTED), ("lapsed", _LAPSED)):
        yield (
            f'    <marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
            f'markerHeight="8" orient="auto"><path d="M0 0.6L7.4 4L0 7.4z" fill="{colour}"/>'
            "</marker>"
        )
    yield "  </defs>"


def _text(x: float, y: float, words: str, kind: str = "", colour: str = "") -> str:
    named_class = f' class="{kind}"' if kind else ""
    style = f' style="fill:{colour}"' if colour else ""
    return f'  <text x="{x:g}" y="{y:g}"{named_class}{style}>{escape(visible(words))}</text>'


def _node(sheet: _Sheet, node: Node, column: int) -> Iterator[str]:
    """Yield the box of one version."""
    x, y = sheet.left(column), sheet.top(node.pin)
    fill, line = colours(node)
    heavy = 2.6 if node.pin in sheet.graph.roots else 1.2
    edge = _INK if node.pin in sheet.graph.roots else line
    yield f"  <g><title>{escape(visible(f'{node.name} {node.pin}'.strip()))}</title>"
    yield (
        f'  <rect x="{x}" y="{y}" width="{_BOX[0]}" height="{_BOX[1]}" rx="10" fill="{fill}" '
        f'stroke="{edge}" stroke-width="{heavy}"/>'
    )
    yield (
        f'  <rect x="{x + 8}" y="{y + 12}" width="4" height="{_BOX[1] - 24}" rx="2" fill="{line}"/>'
    )
    for words, step, kind, colour in _lines(node, sheet.lang, line):
        yield _text(x + 22, y + step, words, kind, colour)
    yield "  </g>"


def _lines(node: Node, lang: str, colour: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield the lines of a box: words, how far down, how they look, and their colour."""
    plain = f"{short(node.pin.product)}@{node.pin.version}"
    name = named(node)
    title = _wrapped(name or plain)
    for number, words in enumerate(title):
        yield words, 25 + 17 * number, "b", ""
    if name:
        yield plain, 25 + 17 * len(title), "m", ""
    yield _cut(made(node, lang), 11.5)[0], 78, "", ""
    told = conditions(node.conditions, lang)
    if node.inherited and not node.grave:
        inherited = messages.text("lineage.inherited", lang)
        told = f"{told} · {inherited}" if told else inherited
    warns = bool(node.grave) or node.inherited
    says = f"▲ {told}" if warns else told or state(node, lang)
    yield _cut(says, 11.5)[0], 96, "w", colour


def _wrapped(words: str) -> list[str]:
    """Return a title on one line or two."""
    first, rest = _cut(words, 13.5, mark="")
    if not rest:
        return [first]
    if len(rest) < _FEW:
        # A character or two alone on a line read badly.
        half = (len(words) + 1) // 2
        first, rest = words[:half], words[half:]
    space = first.rfind(" ")
    if space > len(first) // 2 and first[-1].isascii() and rest[0].isascii():
        first, rest = first[:space], first[space:] + rest
    return [first, _cut(rest.strip(), 13.5)[0]]


def _cut(words: str, size: float, mark: str = "…") -> tuple[str, str]:
    """Return what of some words fits into a box at a size of letters in pixels, and the rest."""
    room = _FITTING
    for place, one in enumerate(words):
        room -= _wide(one, size)
        if room < 0:
            end = max(place - len(mark), 1)
            return words[:end].rstrip() + mark, words[end:]
    return words, ""


def _edge(sheet: _Sheet, edge: Edge, way: tuple[Place, ...]) -> Iterator[str]:
    """Yield the line of one use of a source, and on what grant it rests."""
    colour, name = _look(edge)
    points = [_point(sheet, place, way) for place in way]
    dashes = ' stroke-dasharray="6 4"' if edge.conditions else ""
    start_x, start_y = points[0][1]
    path = [f"M{start_x} {start_y}"]
    for (_, (x, y)), ((into_x, into_y), (out_x, out_y)) in pairwise(points):
        bow = (into_x - x) // 2
        path.append(f"C{x + bow} {y} {into_x - bow} {into_y} {into_x} {into_y}")
        if (out_x, out_y) != (into_x, into_y):
            path.append(f"H{out_x}")
    yield (
        f'  <path class="e" d="{"".join(path)}" stroke="{colour}"{dashes} '
        f'marker-end="url(#{name})"/>'
    )
    if edge.grant is not None:
        (x, y), (end_x, end_y) = points[-2][1], points[-1][0]
        middle, height = (x + end_x) / 2, (y + end_y) / 2
        yield _text(middle, height - 3, basis(edge, sheet.lang), "l", colour)
        if edge.conditions:
            yield _text(middle, height + 11, conditions(edge.conditions, sheet.lang), "l", colour)


def _point(
    sheet: _Sheet, place: Place, way: tuple[Place, ...]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where a line enters and leaves a place; it ends a little before a box."""
    middle = sheet.top(place) + _BOX[1] // 2
    if isinstance(place, Bend):
        x = sheet.left(place.column)
        return (x, middle), (x + _BOX[0], middle)
    x = sheet.left(sheet.columns[place])
    if place == way[0]:
        point = (x + _BOX[0], middle + sheet.ports[way, False])
    else:
        point = (x - 2, middle + sheet.ports[way, True])
    return point, point


def _look(edge: Edge) -> tuple[str, str]:
    if edge.conditions:
        return _LAPSED, "lapsed"
    return (_OWN, "own") if edge.grant is None else (_GRANTED, "granted")


def _legend(sheet: _Sheet) -> Iterator[str]:
    """Yield what colours and lines mean, and how much the picture leaves out."""
    width, height = sheet.size
    y, x = height - 44, float(_MARGIN)
    yield f'  <path d="M{_MARGIN} {y - 26}H{width - _MARGIN}" stroke="#e4e0d6"/>'
    for name, (fill, line) in FILLS.items():
        yield (
            f'  <rect x="{x:g}" y="{y - 11}" width="18" height="13" rx="3.5" fill="{fill}" '
            f'stroke="{line}"/>'
        )
        words = messages.text(f"lineage.legend.{name}", sheet.lang)
        yield _text(x + 25, y, words)
        x += 25 + _wide(words) + 26
    yield (
        f'  <rect x="{x:g}" y="{y - 11}" width="18" height="13" rx="3.5" fill="#fcfbf8" '
        f'stroke="{_INK}" stroke-width="2.2"/>'
    )
    yield _text(x + 25, y, messages.text("lineage.legend.root", sheet.lang))
    x, y = float(_MARGIN), y + 24
    for name, colour in (("own", _OWN), ("granted", _GRANTED), ("lapsed", _LAPSED)):
        dashes = ' stroke-dasharray="6 4"' if name == "lapsed" else ""
        yield (
            f'  <path class="e" d="M{x:g} {y - 4}h34" stroke="{colour}"{dashes} '
            f'marker-end="url(#{name})"/>'
        )
        words = messages.text(f"lineage.legend.{name}", sheet.lang)
        yield _text(x + 42, y, words)
        x += 42 + _wide(words) + 26
    if sheet.hidden:
        words = messages.text("lineage.left-out", sheet.lang, count=sheet.hidden)
        yield _text(x, y, words, "w", _LAPSED)


def _wide(words: str, size: float = 11.5) -> float:
    """Return about how wide some words are, in pixels."""
    return sum(size * (1.0 if east_asian_width(one) in "WF" else 0.55) for one in words)
