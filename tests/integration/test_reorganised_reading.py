"""Blocks are given up while somebody watches: all is told that takes their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from registry.chain.rpc import Rpc
from registry.client import Dengji
from registry.domain.events import ProductRegistered
from tests.integration.breakage.forks import DEEPEST, Fork, raws_of, reorganise
from tests.integration.cli_world import World, make

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anvil

DEPTHS: Final = range(1, DEEPEST + 1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one dev chain with a holder and a buyer."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down", "--force")


def registered(world: World, name: str) -> str:
    """Register a small file in a block of its own, and return the product."""
    file = world.data.parent / f"{name}.csv"
    file.write_text(name)
    return str(world.dengji("register", str(file), "--json").result["product"])


@pytest.mark.parametrize("fork", [Fork.DROPPED, Fork.MOVED], ids=lambda fork: fork.name.lower())
@pytest.mark.parametrize("depth", DEPTHS)
def test_whoever_watches_is_told_what_takes_the_place_of_what_was(
    world: World, depth: int, fork: Fork
) -> None:
    """All products of the new blocks are told, though blocks of their numbers were told before."""
    name = f"{fork.name} {depth}"
    wanted: set[str] = set()

    def first() -> None:
        for number in range(depth):
            registered(world, f"{name} {number}")

    def second() -> None:
        with Rpc.connect(world.url, chain_id=world.chain_id) as rpc:
            reorganise(rpc, depth, fork, raws_of(rpc, depth))
        told.clear()
        wanted.add(registered(world, f"{name} new"))

    acts = iter([first, second])
    told: set[str] = set()
    looks = iter([False, False, True])
    with Dengji.connect(home=str(world.home), writing=False) as client:
        for event in client.questions.watch(stop=lambda: next(looks), wait=lambda _: next(acts)()):
            if isinstance(event, ProductRegistered):
                told.add(str(event.product))
        head = client.ledger.moment().block
        fresh = client.ledger.events((ProductRegistered,), first=head - depth)
        wanted |= {str(one.product) for one in fresh if isinstance(one, ProductRegistered)}
    assert wanted <= told
