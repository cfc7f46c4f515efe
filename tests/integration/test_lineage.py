"""Lineages on a real chain: few questions however wide, past moments, and nodes that lie."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

from registry.chain.bindings import Lineage
from registry.chain.reader import ChainReader
from registry.chain.rpc import HttpTransport, Rpc
from registry.client import Dengji
from registry.domain.ids import ProductId
from registry.domain.lineage import Pin
from registry.domain.lineage_operations import (
    Basis,
    Making,
    RegisterDerived,
    RegisterDerivedBatch,
)
from registry.domain.moment import AtBlock
from registry.domain.operations import Enrol, Register, RegisterBatch
from registry.domain.vocabulary import Activity, Purpose
from registry.errors import DerivationContradicted
from tests.integration.test_reader import Counting, for_times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.ids import PartyId
    from registry.domain.lineage_graph import Graph
    from registry.domain.operations import Operation
    from tests.conftest import World

pytestmark = pytest.mark.anvil

# 10,000 products at a depth of 50.
WIDTH: Final = 204
DEPTH: Final = 50
META: Final = b"\x02" * 32
BATCH: Final = 60
PER_BATCH: Final = 250
"""How many requests the client puts into one round trip."""


@dataclass
class Field:
    """Grow a lineage in levels, each product made of two of the level before."""

    world: World
    party: PartyId

    def root(self, level: int, place: int) -> bytes:
        """Return the content root of a product."""
        return (level << 32 | place + 1).to_bytes(32)

    def product(self, level: int, place: int) -> ProductId:
        """Return the id of a product."""
        return ProductId.derive(
            chain_id=self.world.ledger.chain_id,
            registry=self.world.deployment.products,
            party=self.party,
            content_root=self.root(level, place),
            metadata_hash=META,
            salt=0,
        )

    def grow(self, width: int, depth: int) -> ProductId:
        """Register the levels, and a product made of sixteen of the last one; return its id."""
        plain = [self._item(0, place) for place in range(width)]
        batches: list[Operation] = [
            RegisterBatch(items=tuple(plain[start : start + BATCH]))
            for start in range(0, width, BATCH)
        ]
        for level in range(1, depth - 1):
            made = [self._derived(level, place, width) for place in range(width)]
            batches += [
                RegisterDerivedBatch(items=tuple(made[start : start + BATCH]))
                for start in range(0, width, BATCH)
            ]
        last = self._made(depth - 1, 0, [(depth - 2, place) for place in range(min(16, width))])
        account = self.world.accounts[1]
        for _ in self.world.ledger.submit_all([*batches, last], account=account):
            pass
        return self.product(depth - 1, 0)

    def _item(self, level: int, place: int) -> Register:
        return Register(content_root=self.root(level, place), metadata_hash=META)

    def _derived(self, level: int, place: int, width: int) -> RegisterDerived:
        above = {place, (place * 3 + level) % width}
        return self._made(level, place, [(level - 1, one) for one in above])

    def _made(self, level: int, place: int, sources: list[tuple[int, int]]) -> RegisterDerived:
        bases = [Basis(product=self.product(*one), version=1) for one in sources]
        return RegisterDerived(
            registration=self._item(level, place),
            making=Making(
                activity=Activity.AGGREGATION,
                bases=tuple(sorted(bases, key=lambda one: one.product)),
                purposes=Purpose(0),
            ),
        )


@pytest.fixture
def field(world: World) -> Field:
    """Enrol a party that will derive."""
    world.ledger.submit(Enrol(identity_hash=bytes(32)), account=world.accounts[1])
    party = world.ledger.party_of(world.accounts[1])
    assert party is not None
    return Field(world=world, party=party)


@pytest.fixture
def wire(world: World) -> Iterator[Counting]:
    """Return a way to the node that counts what goes there, and may lie."""
    transport = Counting(HttpTransport(world.url))
    yield transport
    transport.close()


def client_over(wire: Counting, world: World) -> Dengji:
    """Return a client that only asks, over a way to the node."""
    rpc = Rpc(wire, chain_id=world.ledger.chain_id)
    return Dengji(ChainReader(rpc, world.deployment))  # type: ignore[arg-type]  # it never writes


def asked(wire: Counting) -> dict[str, int]:
    """Return how often each method was asked."""
    counts: dict[str, int] = {}
    for payload in wire.sent:
        for call in payload if isinstance(payload, list) else [payload]:
            counts[call["method"]] = counts.get(call["method"], 0) + 1
    return counts


def trips_for(graph: Graph, world: World) -> int:
    """Return the most round trips that a lineage may take: a few for each level and each batch."""
    ranks = graph.ranks()
    widths = Counter(ranks.values())
    batches = sum(-(-width // PER_BATCH) for width in widths.values())
    return (2 + for_times(world)) * batches + -(-len(graph.nodes) // PER_BATCH) + 4


@pytest.mark.slow
def test_round_trips_grow_with_depth_and_not_with_width(
    world: World, field: Field, wire: Counting
) -> None:
    """A level costs one batch of digests and one of events, whatever its width; the end a few."""
    product = field.grow(WIDTH, DEPTH)
    provenance = client_over(wire, world).provenance
    found = provenance.trace(product)
    ranks = found.ranks()
    assert len(found.nodes) > WIDTH * (DEPTH - 5)
    assert max(ranks.values()) == DEPTH - 1
    assert all(node.derivation is not None for node in found.nodes if ranks[node.pin])
    assert wire.trips <= trips_for(found, world), (wire.trips, trips_for(found, world))
    counts = asked(wire)
    # A digest for each version, a record for each product, a range of events for each level.
    assert counts["eth_call"] == 2 * len(found.nodes) + 1
    assert counts["eth_getLogs"] <= DEPTH

    wire.trips, wire.sent = 0, []
    down = provenance.trace(field.product(0, 0), direction="down")
    assert down.nodes[-1].pin == Pin(product, 1)
    assert wire.trips <= 2 * trips_for(down, world)


def told_falsely(wire: Counting, change: Any) -> None:  # noqa: ANN401 (a function of logs)
    """Have the events of derivations changed on their way."""
    topic = next(one.topic for one in Lineage.events if one.name == "ProductDerived").hex()

    def lie(call: Any, reply: Any) -> Any:  # noqa: ANN401 (JSON)
        if call["method"] == "eth_getLogs" and topic in str(call["params"]):
            reply["result"] = change(reply["result"])
        return reply

    wire.lie = lie


def shifted(logs: list[Any]) -> list[Any]:
    """Return logs that tell of another method, which is their fourth word."""
    return [{**one, "data": one["data"][:194] + "1" + one["data"][195:]} for one in logs]


def hidden(logs: list[Any]) -> list[Any]:
    """Return none of the logs."""
    del logs
    return []


@pytest.mark.parametrize("change", [shifted, hidden])
def test_a_node_that_lies_about_a_derivation_is_found_out(
    world: World,
    field: Field,
    wire: Counting,
    change: Any,  # noqa: ANN401
) -> None:
    """What the events say must lead to the digest in storage, and none may be missing."""
    product = field.grow(3, 3)
    provenance = client_over(wire, world).provenance
    assert len(provenance.trace(product).nodes) == 7
    told_falsely(wire, change)
    with pytest.raises(DerivationContradicted) as caught:
        provenance.trace(product)
    assert (caught.value.product, caught.value.version) == (str(product), 1)


def test_the_past_knows_nothing_of_what_came_later(world: World, field: Field) -> None:
    """Asked of the block before, a lineage downwards has not what came after."""
    product = field.grow(3, 3)
    client = Dengji(world.ledger, world.accounts[1])
    root = field.product(0, 0)
    now = client.provenance.trace(root, direction="down")
    assert Pin(product, 1) in now.by_pin()
    block = next(node.derivation for node in now.nodes if node.derivation).block
    before = client.provenance.trace(root, direction="down", at=AtBlock(block - 1))
    assert [node.pin for node in before.nodes] == [Pin(root, 1)]
