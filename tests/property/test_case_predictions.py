"""What the client says may happen next is what the contract lets happen, at every time tried."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from registry.domain.calendar import DAY, from_date, start_of
from registry.domain.flow_table import Act
from registry.domain.product import Profile
from tests.case_trial import START, Trial, seat_court
from tests.case_world import EVIDENCE, CaseWorld, at, case_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STEPS = 60


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CaseWorld]:
    """Run a chain whose clock stands before the holidays of spring, the third party a court."""
    with case_world(tmp_path, at(START) - 10 * DAY) as made:
        seat_court(made)
        yield made


@pytest.mark.anvil
@pytest.mark.slow
@pytest.mark.parametrize("profile", [Profile.PROPERTY, Profile.PUBLIC])
@pytest.mark.parametrize("seed", range(4))
def test_the_client_and_the_contract_agree_on_every_act(
    world: CaseWorld, profile: Profile, seed: int
) -> None:
    """On random schedules each act by each party is refused exactly where the client says so."""
    random = Random(seed)
    trial = Trial(world, profile, seed, random)
    end = start_of(from_date(2026, 11, 1))
    for number in range(STEPS):
        if world.now() > end:
            break
        if random.random() < 0.25:
            trial.aside()
        trial.jump()
        stuck = trial.step() is None and not trial.resume()
        if stuck or (trial.expired and random.random() < 0.3):
            trial.resume()
            trial = Trial(world, profile, 100 * (seed + 1) + number, random)


@pytest.mark.anvil
@pytest.mark.slow
def test_derived_data_waits_for_its_declaration(world: CaseWorld) -> None:
    """Neither side lets it be registered before what it is made of is declared, both do after."""
    trial = Trial(world, Profile.PROPERTY, 0, Random(0))
    trial.origin = world.open(1)
    trial.product = world.apply(Profile.PROPERTY, 1, origin=trial.origin)
    world.registrar.cases.proceed(trial.product, Act.ACCEPT)
    world.registrar.cases.proceed(trial.product, Act.WAIVE, evidence=EVIDENCE)
    register = (Act.REGISTER, None, 0)
    assert register not in trial.compare()
    assert trial.undeclared
    trial.declare()
    assert register in trial.compare()
    assert not trial.undeclared
