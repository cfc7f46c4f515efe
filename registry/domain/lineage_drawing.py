"""Draw a lineage as text: a tree for the terminal, and the languages of Graphviz and Mermaid.

Names come from files of others: what steers a terminal is written out, and no name can end the
quotes that it stands in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from registry import messages
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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.domain.lineage import Pin
    from registry.domain.lineage_graph import Edge, Graph, Node

_BETWEEN: Final = " · "
# What means nothing to Mermaid in quotes; all else is written as a number.
_HARMLESS: Final = re.compile(r"[^\w .,:·…@/()+\-]")
FILLS: Final = {
    "sound": ("#eef5ef", "#3d7d57"),
    "news": ("#eef3f9", "#46709f"),
    "inherited": ("#fdf6e3", "#b98a1d"),
    "grave": ("#fbeae7", "#a6322a"),
}
"""Fill and line of a node by how it stands; the picture has the same."""


def standing_of(node: Node) -> str:
    """Return which of the four ways of standing a node is drawn in."""
    if node.grave or node.record is None:
        return "grave"
    if node.inherited:
        return "inherited"
    return "news" if node.conditions else "sound"


def colours(node: Node) -> tuple[str, str]:
    """Return fill and line of a node."""
    return FILLS[standing_of(node)]


def head(graph: Graph, lang: str) -> list[str]:
    """Return the lines above a tree: what it shows, and as of when."""
    return [heading(graph, lang), standing(graph, lang)]


def tree(graph: Graph, lang: str) -> list[str]:
    """Return the lines of a tree; what stands in it twice is followed once, and referred to."""
    nodes, following = graph.by_pin(), graph.following()
    lines: list[str] = []
    seen: set[Pin] = set()
    # Not recursive: a lineage may be deeper than Python's stack.
    waiting: list[tuple[Pin, Edge | None, str, str]] = [
        (root, None, "", "") for root in reversed(graph.roots)
    ]
    while waiting:
        pin, edge, head, indent = waiting.pop()
        again = pin in seen and bool(following[pin])
        lines.append(head + _line(nodes[pin], edge, lang, again=again))
        if again:
            continue
        seen.add(pin)
        below = [(_other(one, pin), one) for one in following[pin]]
        for place, (other, one) in reversed(list(enumerate(below, 1))):
            last = place == len(below)
            waiting.append(
                (other, one, indent + ("└─ " if last else "├─ "), indent + _stem(last=last))
            )
    return lines


def _stem(*, last: bool) -> str:
    return "   " if last else "│  "


def _other(edge: Edge, pin: Pin) -> Pin:
    return edge.source if edge.product == pin else edge.product


def _line(node: Node, edge: Edge | None, lang: str, *, again: bool) -> str:
    """Return what the tree says of one node, and of the edge that leads to it."""
    told = [str(node.pin), named(node), made(node, lang), state(node, lang)]
    if edge is not None:
        told.append(basis(edge, lang))
    warned = (*node.conditions, *(() if edge is None else edge.conditions))
    if warned:
        told.append("⚠ " + conditions(warned, lang))
    if node.inherited:
        told.append("⚠ " + messages.text("lineage.inherited", lang))
    if again:
        told.append(messages.text("lineage.above", lang))
    elif node.more:
        told.append(messages.text("lineage.more", lang))
    return _BETWEEN.join(one for one in told if one)


def dot(graph: Graph, lang: str) -> str:
    """Return the lineage in the language of Graphviz, sources to the left."""
    ids = _numbered(graph)
    lines = [
        "digraph lineage {",
        f"  graph [rankdir=LR, label={_dotted(heading(graph, lang))}, labelloc=t]",
        '  node [shape=box, style="rounded,filled", fontname="Noto Sans CJK SC"]',
        '  edge [fontname="Noto Sans CJK SC", color="#8a97a5"]',
    ]
    for node in graph.nodes:
        fill, line = colours(node)
        label = "\\n".join(map(_dot_text, _label(node, lang)))
        lines.append(
            f'  {ids[node.pin]} [label="{label}", tooltip={_dotted(str(node.pin))}, '
            f'fillcolor="{fill}", color="{line}"]'
        )
    for edge in graph.edges:
        style = ', style=dashed, color="#a6322a"' if edge.conditions else ""
        label = _dotted(_edge_label(edge, lang))
        lines.append(f"  {ids[edge.source]} -> {ids[edge.product]} [label={label}{style}]")
    return "\n".join([*lines, "}"])


def mermaid(graph: Graph, lang: str) -> str:
    """Return the lineage as a flow chart of Mermaid, sources to the left."""
    ids = _numbered(graph)
    lines = ["flowchart LR"]
    for node in graph.nodes:
        label = "<br/>".join(map(_mermaid_text, _label(node, lang)))
        lines.append(f'  {ids[node.pin]}["{label}"]:::{standing_of(node)}')
    for edge in graph.edges:
        arrow = "-.->" if edge.conditions else "-->"
        label = _mermaid_text(_edge_label(edge, lang))
        lines.append(f'  {ids[edge.source]} {arrow}|"{label}"| {ids[edge.product]}')
    lines += [
        f"  classDef {name} fill:{fill},stroke:{line},color:#1d2733"
        for name, (fill, line) in FILLS.items()
    ]
    return "\n".join(lines)


def _numbered(graph: Graph) -> Mapping[Pin, str]:
    return {node.pin: f"n{number}" for number, node in enumerate(graph.nodes)}


def _label(node: Node, lang: str) -> Iterator[str]:
    """Yield the lines of a node's box."""
    name = named(node)
    if name:
        yield name
    yield f"{short(node.pin.product)}@{node.pin.version}"
    yield _BETWEEN.join(filter(None, (made(node, lang), state(node, lang))))
    if node.conditions:
        yield "⚠ " + conditions(node.conditions, lang)
    if node.inherited:
        yield "⚠ " + messages.text("lineage.inherited", lang)


def _edge_label(edge: Edge, lang: str) -> str:
    told = conditions(edge.conditions, lang)
    return _BETWEEN.join(filter(None, (basis(edge, lang), told)))


def _dot_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _dotted(text: str) -> str:
    return f'"{_dot_text(text)}"'


def _mermaid_text(text: str) -> str:
    return _HARMLESS.sub(lambda match: f"#{ord(match[0])};", text)
