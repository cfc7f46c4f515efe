"""Say what stands in a lineage in a person's language: the words that all its drawings share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry import messages
from registry.domain.lineage_graph import Direction
from registry.domain.times import show_time
from registry.domain.visible import visible

if TYPE_CHECKING:
    from registry.domain.ids import Identifier
    from registry.domain.lineage_graph import Condition, Edge, Graph, Node

_HEAD: Final = 4
_TAIL: Final = 4
_DAY: Final = len("2026-11-22")


def short(one: Identifier) -> str:
    """Return an id with its middle left out: `product1qqsz…7k2x`."""
    text = str(one)
    start = len(one.kind) + 1 + _HEAD
    return f"{text[:start]}…{text[-_TAIL:]}"


def named(node: Node) -> str:
    """Return what the archive calls a node, with nothing in it that steers or hides."""
    return visible(node.name)


def state(node: Node, lang: str) -> str:
    """Return how a product stood, without the conditions that are told beside it."""
    if node.record is None:
        return messages.text("lineage.state.unknown", lang)
    if node.record.in_force:
        return messages.text("lineage.state.in-force", lang)
    return messages.text("lineage.state.over", lang)


def made(node: Node, lang: str) -> str:
    """Return by what activity a node was made and on which day, empty for a root of the lineage."""
    derivation = node.derivation
    if derivation is None:
        return ""
    activity = messages.term("activity", derivation.activity.name, lang)
    return f"{activity} {show_time(derivation.time)[:_DAY]}"


def basis(edge: Edge, lang: str) -> str:
    """Return on what a use of a source rests: a grant, or one's own right."""
    return messages.text("lineage.own", lang) if edge.grant is None else short(edge.grant)


def conditions(told: tuple[Condition, ...], lang: str) -> str:
    """Return conditions in words, empty for none."""
    between = messages.text("lineage.and", lang)
    return between.join(called(one, lang) for one in told)


def called(one: Condition, lang: str) -> str:
    """Return what one condition is called."""
    return messages.text(f"lineage.condition.{one.name.lower().replace('_', '-')}", lang)


def heading(graph: Graph, lang: str) -> str:
    """Return the title of a drawing."""
    way = "up" if graph.direction is Direction.UP else "down"
    root = graph.roots[0].product if graph.roots else None
    return messages.text(f"lineage.title-{way}", lang, product="" if root is None else short(root))


def standing(graph: Graph, lang: str) -> str:
    """Return how much a graph holds, and as of when it stood so."""
    return messages.text(
        "lineage.as-of",
        lang,
        nodes=len(graph.nodes),
        block=graph.moment.block,
        time=graph.moment.time,
    )
