"""Times that random schedules seldom come to: the ledger in memory follows the contracts there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.domain.calendar import DAY, start_of
from registry.domain.case_operations import EndRegistration, EnterCase, Proceed
from registry.domain.flow import latest_validity, publicity_end
from registry.domain.flow_table import Act
from registry.domain.product import Profile
from registry.domain.vocabulary import Reason
from registry.reverts import CalendarMissing
from tests.case_trial import START
from tests.case_world import EVIDENCE, CaseWorld, at, case_world
from tests.parity.test_memory_cases import Twin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.ids import ProductId
    from registry.domain.operations import Operation

pytestmark = [pytest.mark.anvil, pytest.mark.slow]

REGISTRAR, APPLICANT = 0, 1


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CaseWorld]:
    """Run a chain some days before the holidays of spring."""
    with case_world(tmp_path, at(START) - 10 * DAY) as made:
        yield made


@pytest.fixture
def twin(world: CaseWorld, monkeypatch: pytest.MonkeyPatch) -> Twin:
    """Return a ledger in memory that is asked all that the chain is, and compared."""
    made = Twin(world)
    monkeypatch.setattr(world.ledger, "submit", made.submit)
    return made


def do(
    world: CaseWorld, operation: Operation, by: int = REGISTRAR, *, time: int | None = None
) -> None:
    """Carry out an operation on both, in a second of its own or at a time."""
    world.next_at(world.now() + 1 if time is None else time)
    world.ledger.submit(operation, account=world.accounts[by])


def applied(
    world: CaseWorld, profile: Profile, number: int = 0, *, draft: bool = False
) -> ProductId:
    """Apply for a product, in a second of its own."""
    world.next_at(world.now() + 1)
    return world.apply(profile, number, draft=draft)


def act(product: ProductId, what: Act) -> Proceed:
    """Return an act with the first case of a product."""
    return Proceed(product=product, index=0, act=what, evidence=EVIDENCE)


def entered(world: CaseWorld, profile: Profile) -> tuple[ProductId, int]:
    """Register a product after its publicity, and return until when it is valid."""
    product = applied(world, profile)
    do(world, act(product, Act.ACCEPT))
    do(world, act(product, Act.PUBLICISE))
    (case,) = world.ledger.cases(product)
    over = publicity_end(case, world.ledger.calendar())
    assert over is not None
    until = latest_validity(profile, over)
    entry = EnterCase(product=product, index=0, evidence=EVIDENCE, valid_until=until)
    do(world, entry, time=over)
    return product, until


@pytest.mark.parametrize("what", [Act.CANCEL, Act.REVOKE])
@pytest.mark.parametrize("lapsed", [True, False])
def test_what_had_lapsed_ended_then(
    world: CaseWorld, twin: Twin, what: Act, *, lapsed: bool
) -> None:
    """Cancelled after its validity a registration keeps its end; before, it ends now."""
    product, until = entered(world, Profile.PUBLIC)
    time = until + 100 * DAY if lapsed else until - 1
    reason = Reason.UNSPECIFIED
    ending = EndRegistration(product=product, act=what, reason=reason, evidence=EVIDENCE)
    do(world, ending, time=time)
    for ledger in (world.ledger, twin.memory):
        found = ledger.product(product)
        assert found is not None
        assert found.until == (until if lapsed else time)


def test_a_draft_that_is_withdrawn_was_made_when_it_was(world: CaseWorld, twin: Twin) -> None:
    """It was there from when it was drafted until it was withdrawn."""
    product = applied(world, Profile.PROPERTY, draft=True)
    since = world.now()
    do(world, act(product, Act.WITHDRAW), APPLICANT)
    for ledger in (world.ledger, twin.memory):
        found = ledger.product(product)
        assert found is not None
        assert found.since == since


def test_publicity_begins_where_its_end_is_known(world: CaseWorld, twin: Twin) -> None:
    """Near the end of the calendar it waits for the next year; turning away does not."""
    end = world.ledger.calendar().end_day
    world.go_to(start_of(end - 14))
    shown = applied(world, Profile.PROPERTY, 1)
    do(world, act(shown, Act.ACCEPT))
    world.go_to(start_of(end - 2) + 9 * 3_600)
    late = applied(world, Profile.PROPERTY, 2)
    world.go_to(world.now() + 1)
    publicise = (act(shown, Act.PUBLICISE), world.accounts[REGISTRAR])
    back = Proceed(product=late, index=0, act=Act.RETURN, evidence=EVIDENCE, days=3)
    answers = world.tried([publicise, (back, world.accounts[REGISTRAR])])
    assert isinstance(answers[0], CalendarMissing)
    assert answers[1] is None
    twin.go_to(world.now())
    # Which day it misses first is a matter of words for the one and of days for the other.
    with pytest.raises(CalendarMissing) as refused:
        twin.memory.submit(publicise[0], account=publicise[1])
    assert refused.value.end_day == answers[0].end_day == end
    do(world, back)
