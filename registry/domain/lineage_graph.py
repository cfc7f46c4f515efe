"""Put derivations together into a graph, and flag what rests on something that no longer stands.

A flag is told, and changes nothing: derived data stays registered whatever becomes of its sources.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.domain.product import ProductState
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from registry.domain.grant import GrantState
    from registry.domain.ids import GrantId, ProductId
    from registry.domain.lineage import Derivation, Pin
    from registry.domain.moment import Moment
    from registry.domain.product import Product


class Direction(StrEnum):
    """Say which way a lineage is followed: to what data was made of, or to what was made of it."""

    UP = "up"
    DOWN = "down"


class Condition(StrEnum):
    """Say what a reader must know of a product or of a grant that others rest on."""

    PENDING = "PENDING"
    DECLINED = "DECLINED"
    RETIRED = "RETIRED"
    CANCELLED = "CANCELLED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    SEIZED = "SEIZED"
    CONTROLLED = "CONTROLLED"
    DISPUTED = "DISPUTED"
    NEWER_VERSION = "NEWER_VERSION"
    GRANT_REVOKED = "GRANT_REVOKED"
    GRANT_ENDED = "GRANT_ENDED"
    GRANT_SUSPENDED = "GRANT_SUSPENDED"

    @property
    def is_notice(self) -> bool:
        """Tell whether it is mere news, which casts no doubt on what rests on it."""
        return self is Condition.NEWER_VERSION


_BY_STATE: Final = {
    ProductState.DRAFT: Condition.PENDING,
    ProductState.PENDING: Condition.PENDING,
    ProductState.DECLINED: Condition.DECLINED,
    ProductState.RETIRED: Condition.RETIRED,
    ProductState.CANCELLED: Condition.CANCELLED,
    ProductState.REVOKED: Condition.REVOKED,
}


def of_product(product: Product | None, version: int) -> tuple[Condition, ...]:
    """Return what must be known of one version of a product as it stood."""
    if product is None:
        return ()
    state = _BY_STATE.get(product.state)
    told = {
        Condition.EXPIRED: product.expired,
        Condition.SEIZED: product.seizures,
        Condition.CONTROLLED: product.controls,
        Condition.DISPUTED: product.disputes,
        Condition.NEWER_VERSION: version < product.latest,
    }
    found = tuple(one for one, holds in told.items() if holds)
    return found if state is None else (state, *found)


def of_grants(path: Iterable[GrantState | None], time: int) -> tuple[Condition, ...]:
    """Return what must be known of a grant and of those that it rests on, at a time in seconds."""
    found: dict[Condition, None] = {}
    for state in path:
        if state is None:
            continue
        if state.ended_by(time):
            found[Condition.GRANT_REVOKED if state.revoked else Condition.GRANT_ENDED] = None
        elif state.suspended:
            found[Condition.GRANT_SUSPENDED] = None
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Hold one version of a product in a lineage.

    `record` is the product as it stood at the moment, None for one that the ledger does not know.
    `derivation` is None for what was made of nothing registered. `conditions` are its own;
    `inherited` says that something above it in the graph has one. `more` says that the lineage goes
    on beyond it and was not followed. `name` is what the archive at home calls it.
    """

    pin: Pin
    record: Product | None
    derivation: Derivation | None
    conditions: tuple[Condition, ...]
    inherited: bool = False
    more: bool = False
    name: str = ""

    @property
    def grave(self) -> tuple[Condition, ...]:
        """Return its own conditions without mere news."""
        return tuple(one for one in self.conditions if not one.is_notice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Hold one use of a source; `grant` is None for one's own, `conditions` are the grant's."""

    source: Pin
    product: Pin
    grant: GrantId | None = None
    conditions: tuple[Condition, ...] = ()


class Flag(NamedTuple):
    """Say what stands against a lineage: a condition of one version in it, or of a grant."""

    pin: Pin
    condition: Condition
    grant: GrantId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hold what the ledger says of a lineage, from which its graph is made.

    `grants` are the states of each grant and of those it rests on. `more` are the versions whose
    lineage was not followed.
    """

    moment: Moment
    derivations: Mapping[Pin, Derivation | None]
    products: Mapping[ProductId, Product | None]
    grants: Mapping[GrantId, Sequence[GrantState | None]]
    names: Mapping[Pin, str]
    more: frozenset[Pin]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Hold a lineage at a moment: its nodes, sources before what was made of them, and its edges.

    `roots` is where it was asked from: one version, or downwards every version of a product that
    anything was made of.
    """

    roots: tuple[Pin, ...]
    direction: Direction
    moment: Moment
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Return what stands against the lineage; of the roots themselves only when going down."""
        own = frozenset(self.roots) if self.direction is Direction.UP else frozenset[object]()
        nodes = (Flag(n.pin, one) for n in self.nodes if n.pin not in own for one in n.conditions)
        edges = (Flag(e.source, one, e.grant) for e in self.edges for one in e.conditions)
        return (*nodes, *edges)

    def by_pin(self) -> dict[Pin, Node]:
        """Return the nodes by the version each is of."""
        return {node.pin: node for node in self.nodes}

    def following(self) -> dict[Pin, tuple[Edge, ...]]:
        """Return the edges that lead on from each node, away from the roots."""
        up = self.direction is Direction.UP
        found: dict[Pin, list[Edge]] = {node.pin: [] for node in self.nodes}
        for edge in self.edges:
            found[edge.product if up else edge.source].append(edge)
        return {pin: tuple(edges) for pin, edges in found.items()}

    def ranks(self) -> dict[Pin, int]:
        """Return how many steps each node stands below the farthest source of its own."""
        return _ranks([node.pin for node in self.nodes], self.edges)


def graph(roots: Sequence[Pin], direction: Direction, facts: Facts) -> Graph:
    """Return the graph of a lineage; uses of sources that are not in it are left out."""
    edges = tuple(_edges(facts))
    ranks = _ranks(list(facts.derivations), edges)
    ordered = sorted(facts.derivations, key=lambda pin: (ranks[pin], pin))
    own = {pin: of_product(facts.products.get(pin.product), pin.version) for pin in ordered}
    inherited = _inherited(ordered, edges, own)
    nodes = (
        Node(
            pin=pin,
            record=facts.products.get(pin.product),
            derivation=facts.derivations[pin],
            conditions=own[pin],
            inherited=pin in inherited,
            more=pin in facts.more,
            name=facts.names.get(pin, ""),
        )
        for pin in ordered
    )
    return Graph(
        roots=tuple(roots),
        direction=direction,
        moment=facts.moment,
        nodes=tuple(nodes),
        edges=edges,
    )


def _edges(facts: Facts) -> Iterable[Edge]:
    for pin, derivation in facts.derivations.items():
        for source in () if derivation is None else derivation.sources:
            if source.pin in facts.derivations:
                states = () if source.grant is None else facts.grants.get(source.grant, ())
                yield Edge(
                    source=source.pin,
                    product=pin,
                    grant=source.grant,
                    conditions=of_grants(states, facts.moment.time),
                )


def _inherited(
    ordered: Sequence[Pin], edges: Iterable[Edge], own: Mapping[Pin, tuple[Condition, ...]]
) -> set[Pin]:
    """Return what has a condition above it that is more than news; sources come first."""
    above: dict[Pin, list[Edge]] = {}
    for edge in edges:
        above.setdefault(edge.product, []).append(edge)
    found: set[Pin] = set()
    for pin in ordered:
        for edge in above.get(pin, ()):
            told = (*own[edge.source], *edge.conditions)
            if edge.source in found or any(not one.is_notice for one in told):
                found.add(pin)
    return found


def _ranks(pins: Sequence[Pin], edges: Iterable[Edge]) -> dict[Pin, int]:
    """Return the length of the longest way down to each node from a source.

    No derivation can name what came after it; were a node to tell of a circle all the same, what
    stands in it gets no rank of its own.
    """
    below: dict[Pin, list[Pin]] = {pin: [] for pin in pins}
    waiting = dict.fromkeys(pins, 0)
    for edge in edges:
        below[edge.source].append(edge.product)
        waiting[edge.product] += 1
    ranks = dict.fromkeys(pins, 0)
    ready = deque(pin for pin in pins if not waiting[pin])
    while ready:
        pin = ready.popleft()
        for product in below[pin]:
            ranks[product] = max(ranks[product], ranks[pin] + 1)
            waiting[product] -= 1
            if not waiting[product]:
                ready.append(product)
    return ranks
