"""The ledger in memory takes and refuses acts of cases as the contract does, with equal events."""

from __future__ import annotations

from dataclasses import fields
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from registry.domain.calendar import DAY
from registry.domain.events import Event
from registry.domain.operations import Enrol
from registry.domain.product import Profile
from registry.errors import ContractRevert
from registry.testing import MemoryLedger
from tests.case_trial import START, Trial, seat_court
from tests.case_world import CaseWorld, at, case_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from registry.domain.ids import Address
    from registry.domain.ledger import Receipt
    from registry.domain.operations import Operation

pytestmark = [pytest.mark.anvil, pytest.mark.slow]

STEPS = 40
PLACE = {"block", "log_index", "transaction", "time"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CaseWorld]:
    """Run a chain some days before the holidays of spring."""
    with case_world(tmp_path, at(START) - 10 * DAY) as made:
        yield made


def told(events: Sequence[Event]) -> list[tuple[str, dict[str, Any]]]:
    """Return what events say, wherever they stand."""
    return [
        (
            type(one).__name__,
            {f.name: getattr(one, f.name) for f in fields(one) if f.name not in PLACE},
        )
        for one in events
    ]


class Twin:
    """A ledger in memory beside the chain, which is asked everything that the chain is."""

    def __init__(self, world: CaseWorld) -> None:
        self._world = world
        self._submit = world.ledger.submit
        start = world.ledger.moment().time - 1_000
        self.memory = MemoryLedger(
            founder=world.accounts[0], deployment=world.ledger.deployment, time=start
        )
        for account in world.accounts[1:]:
            self.memory.submit(Enrol(identity_hash=bytes(32)), account=account)

    def go_to(self, time: int) -> None:
        """Set the clock of the memory."""
        self.memory.advance(max(0, time - self.memory.now))
        assert self.memory.now == time

    def submit(self, operation: Operation, *, account: Address) -> Receipt:
        """Carry out an operation on both, and compare the events."""
        receipt = self._submit(operation, account=account)
        self.go_to(receipt.time)
        mine = self.memory.submit(operation, account=account)
        assert told(mine.events) == told(receipt.events)
        return receipt

    def refused_alike(
        self, asked: Sequence[tuple[Operation, Address]], answers: Sequence[ContractRevert | None]
    ) -> None:
        """Try what the chain refuses: the same error, with the same fields."""
        for (operation, account), answer in zip(asked, answers, strict=True):
            if answer is None:
                continue
            with pytest.raises(ContractRevert) as refused:
                self.memory.submit(operation, account=account)
            assert (type(refused.value), refused.value.fields) == (type(answer), answer.fields), (
                operation
            )


@pytest.mark.parametrize("profile", [Profile.PROPERTY, Profile.PUBLIC])
@pytest.mark.parametrize("seed", range(2))
def test_memory_and_contract_agree_on_cases(
    world: CaseWorld, monkeypatch: pytest.MonkeyPatch, profile: Profile, seed: int
) -> None:
    """On a random schedule every act by every party comes to the same on both ledgers."""
    twin = Twin(world)
    monkeypatch.setattr(world.ledger, "submit", twin.submit)
    tried = CaseWorld.tried

    def tried_on_both(
        self: CaseWorld, asked: Sequence[tuple[Operation, Address]]
    ) -> list[ContractRevert | None]:
        answers = tried(self, asked)
        twin.go_to(self.now())
        twin.refused_alike(asked, answers)
        return answers

    monkeypatch.setattr(CaseWorld, "tried", tried_on_both)
    seat_court(world)
    random = Random(100 + seed)
    trial = Trial(world, profile, seed, random)
    for _ in range(STEPS):
        if random.random() < 0.25:
            trial.aside()
        trial.jump()
        if trial.step() is None and not trial.resume():
            break
    mine, theirs = twin.memory.cases(trial.product), world.ledger.cases(trial.product)
    assert mine == theirs
