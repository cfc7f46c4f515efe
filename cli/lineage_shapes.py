"""Give lineages their JSON shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.shapes import Shape, hexed, moment, time
from registry.domain.words import names

if TYPE_CHECKING:
    from registry.domain.lineage import Derivation
    from registry.domain.lineage_check import Break
    from registry.domain.lineage_graph import Edge, Flag, Graph, Node
    from registry.services.provenance import Verification


def lineage(value: Graph) -> Shape:
    """Shape a whole lineage."""
    return {
        "direction": value.direction.value,
        "roots": [{"product": str(pin.product), "version": pin.version} for pin in value.roots],
        "nodes": [node(one) for one in value.nodes],
        "edges": [edge(one) for one in value.edges],
        "flags": [flag(one) for one in value.flags],
        "at": moment(value.moment),
    }


def node(value: Node) -> Shape:
    """Shape one version in a lineage."""
    record = value.record
    return {
        "product": str(value.pin.product),
        "version": value.pin.version,
        "name": value.name or None,
        "applicant": None if record is None else str(record.applicant),
        "state": None if record is None else record.state.name,
        "in_force": record is not None and record.in_force,
        "derivation": derivation(value.derivation),
        "conditions": [one.name for one in value.conditions],
        "inherited": value.inherited,
        "more": value.more,
    }


def derivation(value: Derivation | None) -> Shape | None:
    """Shape how a version was made, None for one that was made of nothing registered."""
    if value is None:
        return None
    return {
        "version": value.version,
        "activity": value.activity.name,
        "by": str(value.by),
        "agents": [str(agent) for agent in value.agents],
        "purposes": names(value.purposes),
        "method": hexed(value.method),
        "time": time(value.time),
        "block": value.block,
        "transaction": hexed(value.transaction),
        "digest": hexed(value.digest()),
    }


def edge(value: Edge) -> Shape:
    """Shape one use of a source."""
    return {
        "source": str(value.source.product),
        "source_version": value.source.version,
        "product": str(value.product.product),
        "version": value.product.version,
        "grant": None if value.grant is None else str(value.grant),
        "conditions": [one.name for one in value.conditions],
    }


def flag(value: Flag) -> Shape:
    """Shape one thing that stands against a lineage."""
    return {
        "condition": value.condition.name,
        "product": str(value.pin.product),
        "version": value.pin.version,
        "grant": None if value.grant is None else str(value.grant),
    }


def broken(value: Break) -> Shape:
    """Shape a use of a source that does not hold."""
    return {
        "source": str(value.source.product),
        "source_version": value.source.version,
        "product": str(value.product.product),
        "version": value.product.version,
        "faults": [one.name for one in value.faults],
    }


def walked(value: Verification) -> Shape | None:
    """Shape what came of walking the lineage of verified content, None for data without one."""
    graph = value.lineage
    if graph is None:
        return None
    return {
        "versions": len(graph.nodes),
        "uses": len(graph.edges),
        "breaks": [broken(one) for one in value.breaks],
        "flags": [flag(one) for one in graph.flags],
    }
