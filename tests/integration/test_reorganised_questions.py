"""A chain gives up its last blocks amid a question: no answer mixes what was with what is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest

from registry.chain import wire
from registry.chain.ledger import ChainLedger
from registry.chain.proofs import ChainProofs
from registry.chain.rpc import Rpc
from registry.client import Dengji
from registry.domain.clauses import Quota
from registry.domain.operations import Issue, Revoke, Update
from registry.domain.proof import OfGrant, OfProduct
from registry.domain.vocabulary import Action, Purpose, QuotaUnit, Reason
from registry.errors import ChainMoved
from registry.services.actor import Actor
from registry.services.proofs import Proofs
from tests.conftest import CHAIN_ID, lone_world
from tests.integration.breakage.forks import DEEPEST, Fork, raws_of, reorganise
from tests.integration.sending import FaultyTransport
from tests.proof_world import BUYER, FIRST, HOLDER, META, NEXT, ProofWorld

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = pytest.mark.anvil

BEGIN: Final = 1_767_225_600
CHANGES: Final = 4
MOST_REQUESTS: Final = 120
Ask: TypeAlias = Callable[[Dengji, "Scene"], object]


class Scene:
    """Hold a chain whose last blocks change a product and its grants, and one who asks about them.

    :ivar node: what the chain is changed through, with no questions in the way.
    :ivar wire: what the questions go through.
    :ivar raws: the transactions of those blocks, which do the same whenever they are sent.
    :ivar bare: a product that has a grant in those blocks alone.
    """

    def __init__(self, world: ProofWorld) -> None:
        """Register products, grant one, and change all of it in blocks of their own."""
        self.world = world
        self.node = world.world.rpc
        self.wire = FaultyTransport(world.world.url)
        self.product, self.bare = world.register(), world.register(content_root=FIRST)
        self.buyer = world.party(BUYER)
        limited = {"quota": Quota(unit=QuotaUnit.CALL, total=10)}
        old = world.clauses(self.product, HOLDER, BUYER)
        world.do(HOLDER, Issue(clauses=old))
        self.grant = old.digest(world.domain)
        for change in (
            Issue(clauses=world.clauses(self.product, HOLDER, BUYER, **limited)),
            Issue(clauses=world.clauses(self.bare, HOLDER, BUYER)),
            Revoke(grant=self.grant, reason=Reason.RISK),
            Update(product=self.product, latest=1, content_root=NEXT, metadata_hash=META),
        ):
            world.do(HOLDER, change)
        self.raws = raws_of(self.node, CHANGES)

    def give_up(self, depth: int) -> None:
        """Put empty blocks in the place of the last ones."""
        reorganise(self.node, depth, Fork.DROPPED, ())

    def change(self, depth: int) -> None:
        """Make the changes again, in the first of so many blocks."""
        for raw in self.raws:
            sent = self.node.call("eth_sendRawTransaction", wire.to_data(raw))
            while self.node.call("eth_getTransactionReceipt", sent) is None:
                time.sleep(0.005)
        for _ in range(depth - CHANGES):
            self.world.world.mine()

    def asked_amid(self, ask: Ask, step: int) -> Asked:
        """Ask a question, and have the blocks given up just before one of its requests."""
        depth = CHANGES + step % (DEEPEST - CHANGES + 1)
        self.change(depth)
        with Rpc(self.wire, chain_id=CHAIN_ID) as rpc:
            client = Dengji(ChainLedger(rpc, self.world.world.deployment))
            before = ask(client, self)
            sent = count()
            given_up = False

            def fault(_payload: bytes) -> None:
                nonlocal given_up
                if next(sent) == step:
                    self.give_up(depth)
                    given_up = True

            self.wire.fault = fault
            try:
                told = ask(client, self)
            except ChainMoved:
                told = None
            finally:
                self.wire.fault = lambda _: None
            if not given_up:
                self.give_up(depth)
                return Asked(told=told, allowed=(before,), ended=True)
            return Asked(told=told, allowed=(None, before, ask(client, self)), ended=False)


@dataclass(frozen=True)
class Asked:
    """Hold an answer, None for a refusal, and what it may be; `ended` where no block went."""

    told: object
    allowed: tuple[object, ...]
    ended: bool


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Give the test a chain of its own, on which the changes have been given up once."""
    with lone_world(tmp_path, BEGIN) as world:
        made = Scene(ProofWorld(world))
        made.give_up(CHANGES)
        yield made


def explained(client: Dengji, scene: Scene) -> object:
    """Ask whether the buyer may read, and why."""
    found = client.questions.explain(scene.product, scene.buyer, Action.READ, Purpose.RESEARCH)
    return found.moment.block_hash, {one.grant: one.verdict for one in found.explanations}


def who(client: Dengji, scene: Scene) -> object:
    """Ask which grants there are on the product."""
    moment, found = client.questions.who(scene.product)
    return moment.block_hash, {one.grant: one.verdict for one in found}


def what(client: Dengji, scene: Scene) -> object:
    """Ask which grants the buyer has."""
    moment, found = client.questions.what(scene.buyer)
    return moment.block_hash, {one.grant: one.verdict for one in found}


def who_of_the_bare(client: Dengji, scene: Scene) -> object:
    """Ask which grants there are on a product that has none on one of the chains."""
    moment, found = client.questions.who(scene.bare)
    return moment.block_hash, {one.grant: one.verdict for one in found}


def usable(client: Dengji, scene: Scene) -> object:
    """Ask who could use the product."""
    found = client.audits.who(scene.product)
    return found.moment.block_hash, {one.grant for one in found.entitlements}


def versions(client: Dengji, scene: Scene) -> object:
    """Ask for the versions of the product."""
    return [one.number for one in client.products.versions(scene.product)]


def recorded(client: Dengji, scene: Scene) -> object:
    """Ask for all that is on record of the product."""
    found = client.exports.record(scene.product)
    return found.moment.block_hash, found.product.latest, len(found.versions)


def audited(client: Dengji, _scene: Scene) -> object:
    """Replay all events, and compare them with storage."""
    found = client.audits.run()
    return found.moment.block_hash, found.events, found.words, found.differences


def proved(client: Dengji, scene: Scene) -> object:
    """Have the product proved."""
    ledger = client.ledger
    assert isinstance(ledger, ChainLedger)
    made = _proofs(ledger, scene).create(OfProduct(product=scene.product))
    return made.shown.rests_on, made.raw


def proved_grant(client: Dengji, scene: Scene) -> object:
    """Have the grant proved that is revoked on one of the two chains."""
    ledger = client.ledger
    assert isinstance(ledger, ChainLedger)
    made = _proofs(ledger, scene).create(OfGrant(grant=scene.grant))
    return made.shown.rests_on, made.raw


def _proofs(ledger: ChainLedger, scene: Scene) -> Proofs:
    actor = Actor(ledger=ledger, choose=lambda: None)
    return Proofs(
        actor, lambda deployment: ChainProofs(Rpc(scene.wire, chain_id=CHAIN_ID), deployment)
    )


ASKED: Final[tuple[Ask, ...]] = (
    *(explained, who, what, who_of_the_bare, usable),
    *(versions, recorded, audited, proved, proved_grant),
)


@pytest.mark.parametrize("ask", ASKED, ids=lambda one: one.__name__)
def test_an_answer_is_of_one_chain(scene: Scene, ask: Ask) -> None:
    """Whichever request it is before which blocks are given up, four to twelve of them."""
    for step in range(MOST_REQUESTS):
        found = scene.asked_amid(ask, step)
        assert found.told in found.allowed, step
        if found.ended:
            assert step > 1
            return
    pytest.fail("a question with more requests than are tried")
