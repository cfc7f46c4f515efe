"""Each time limit of a case holds to the second, over a holiday and a Saturday that is worked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry import reverts
from registry.domain import flow
from registry.domain.case import Outcome
from registry.domain.case_events import CaseMoved, ObjectionDecided
from registry.domain.case_operations import Decide, EnterCase, FileCase, Object, Proceed
from registry.domain.flow_table import Act, CaseKind, Stage
from registry.domain.product import Profile
from registry.domain.replay_cases import DESK_HANDLERS, LAST_OBJECTIONS
from registry.domain.replayed import Book, ShelfInMemory
from tests.case_world import EVIDENCE, CaseWorld, at, case_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.ids import ProductId
    from registry.domain.operations import Operation
    from registry.errors import ContractRevert

pytestmark = [pytest.mark.anvil, pytest.mark.slow]

# National Day: off from Thursday, 1, to Wednesday, 7 October; Saturday, 10 October, is worked.
START = "2026-09-28T10:00:00"
REGISTRAR, APPLICANT, OTHER = 0, 1, 2


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CaseWorld]:
    """Run a chain from the Monday before the holiday on."""
    with case_world(tmp_path, at(START)) as made:
        yield made


def proceed(product: ProductId, act: Act, days: int = 0) -> Proceed:
    """Return an act with the first case of a product."""
    return Proceed(product=product, index=0, act=act, evidence=EVIDENCE, days=days)


def entering(product: ProductId, profile: Profile, time: int) -> EnterCase:
    """Return the registration of a first case for as long as it may be."""
    until = flow.latest_validity(profile, time)
    return EnterCase(product=product, index=0, evidence=EVIDENCE, valid_until=until)


def come(world: CaseWorld, operation: Operation, by: int, time: int) -> ContractRevert | None:
    """Go to a time and return what an operation by an account would come to."""
    world.go_to(time)
    assert world.now() == time
    return world.tried([(operation, world.accounts[by])])[0]


def test_acceptance_by_silence(world: CaseWorld) -> None:
    """Three working days lie over the holiday; the fourth begins on the Friday after it."""
    product = world.apply(Profile.PROPERTY)
    deadline = deemed = at("2026-10-09T00:00:00")
    back = proceed(product, Act.RETURN, 3)
    assert come(world, back, REGISTRAR, deadline - 1) is None
    assert world.ledger.stage(product, 0)[0] is Stage.SUBMITTED
    refused = come(world, back, REGISTRAR, deadline)
    assert isinstance(refused, reverts.TransitionForbidden)
    assert refused.stage is Stage.ACCEPTED
    assert world.ledger.stage(product, 0) == (Stage.ACCEPTED, deemed)
    told = world.registrar.cases.timeline(product)
    assert [one.act for one in told.entries] == [Act.SUBMIT, Act.DEEM_ACCEPTED]


def test_between_deadline_and_next_working_day(world: CaseWorld) -> None:
    """Over a weekend nothing can be turned away any more, and silence has not accepted yet."""
    world.go_to(at("2026-10-13T10:00:00"))
    product = world.apply(Profile.PROPERTY)
    saturday, monday = at("2026-10-17T00:00:00"), at("2026-10-19T00:00:00")
    back, accept = proceed(product, Act.RETURN, 3), proceed(product, Act.ACCEPT)
    assert come(world, back, REGISTRAR, saturday - 1) is None
    refused = come(world, back, REGISTRAR, saturday)
    assert isinstance(refused, reverts.DeadlinePassed)
    assert (refused.act, refused.deadline) == (Act.RETURN, saturday)
    assert come(world, accept, REGISTRAR, monday - 1) is None
    assert isinstance(come(world, accept, REGISTRAR, monday), reverts.TransitionForbidden)


def test_public_silence_is_only_overdue(world: CaseWorld) -> None:
    """Under PUBLIC a late acceptance stands, and its event says that it was late."""
    product = world.apply(Profile.PUBLIC)
    world.next_at(at("2026-10-09T00:00:00"))
    made = world.registrar.cases.proceed(product, Act.ACCEPT)
    assert (made.standing.stage, made.overdue) == (Stage.ACCEPTED, True)


def test_correction_and_supplement(world: CaseWorld) -> None:
    """What is handed in a second too late was never filed."""
    product = world.apply(Profile.PROPERTY)
    world.registrar.cases.proceed(product, Act.RETURN, evidence=EVIDENCE, days=4)
    # 29 and 30 September, 8 and 9 October.
    over = at("2026-10-10T00:00:00")
    again = proceed(product, Act.RESUBMIT)
    assert come(world, again, APPLICANT, over - 1) is None
    refused = come(world, again, APPLICANT, over)
    assert isinstance(refused, reverts.TransitionForbidden)
    assert refused.stage is Stage.LAPSED


def test_publicity_and_objections_in_it(world: CaseWorld) -> None:
    """Objections are taken to its last second, registration comes with the next."""
    product = world.apply(Profile.PROPERTY)
    world.registrar.cases.proceed(product, Act.ACCEPT)
    world.registrar.cases.proceed(product, Act.PUBLICISE)
    # 29 and 30 September, 8, 9 and 10 October: the Saturday counts.
    over = at("2026-10-11T00:00:00")
    object_ = Object(product=product, evidence=EVIDENCE)
    enter = entering(product, Profile.PROPERTY, over)
    assert come(world, object_, OTHER, over - 1) is None
    early = come(world, enter, REGISTRAR, over - 1)
    assert isinstance(early, reverts.TooEarly)
    assert early.allowed_from == over
    late = come(world, object_, OTHER, over)
    assert isinstance(late, reverts.DeadlinePassed)
    assert late.deadline == over
    assert come(world, enter, REGISTRAR, over) is None


@pytest.mark.parametrize("late", [False, True])
def test_an_objection_has_ten_working_days(world: CaseWorld, *, late: bool) -> None:
    """Decided in its last second it is in time, in the next it is overdue and stands."""
    product = world.apply(Profile.PROPERTY)
    world.registrar.cases.proceed(product, Act.ACCEPT)
    world.registrar.cases.proceed(product, Act.PUBLICISE)
    world.next_at(at("2026-09-30T23:59:59"))
    world.other.cases.object(product, EVIDENCE)
    # 8, 9, 10, 12 to 16, 19 and 20 October.
    over = at("2026-10-21T00:00:00")
    world.next_at(over if late else over - 1)
    made = world.registrar.cases.decide(product, Outcome.REJECTED, reasons=EVIDENCE)
    (decided,) = [one for one in made.receipt.events if isinstance(one, ObjectionDecided)]
    assert (decided.overdue, made.standing.stage) == (late, Stage.PUBLICISED)
    assert isinstance(
        world.tried(
            [
                (
                    Decide(product=product, index=0, outcome=Outcome.UPHELD, reasons=EVIDENCE),
                    world.accounts[REGISTRAR],
                )
            ]
        )[0],
        reverts.ObjectionUnknown,
    )


@pytest.mark.parametrize("late", [False, True])
def test_the_review_stands_still_while_material_is_waited_for(
    world: CaseWorld, *, late: bool
) -> None:
    """Two days before the question and eight after the answer are ten, whatever lies between."""
    product = world.apply(Profile.PROPERTY)
    world.registrar.cases.proceed(product, Act.ACCEPT)
    world.next_at(at("2026-09-30T09:00:00"))
    world.registrar.cases.proceed(product, Act.ASK, evidence=EVIDENCE, days=5)
    world.next_at(at("2026-10-10T20:00:00"))
    world.applicant.cases.proceed(product, Act.SUPPLEMENT)
    # 29 and 30 September are spent; left are 12 to 16 and 19 to 21 October.
    over = at("2026-10-22T00:00:00")
    told = world.registrar.cases.timeline(product)
    assert told.due == over
    world.next_at(over if late else over - 1)
    made = world.registrar.cases.proceed(product, Act.REFUSE, evidence=EVIDENCE)
    (moved,) = [one for one in made.receipt.events if isinstance(one, CaseMoved)]
    assert moved.overdue is late


def test_a_renewal_is_filed_in_its_window(world: CaseWorld) -> None:
    """From midnight six months before the end to the last second before it."""
    product = world.apply(Profile.PROPERTY)
    cases = world.registrar.cases
    cases.proceed(product, Act.ACCEPT)
    cases.proceed(product, Act.WAIVE, evidence=EVIDENCE)
    until = at("2027-05-31T00:00:00")
    cases.register(product, evidence=EVIDENCE, valid_until=until)
    opens = at("2026-11-30T00:00:00")
    renew = FileCase(product=product, kind=CaseKind.RENEWAL, evidence=EVIDENCE)
    early = come(world, renew, APPLICANT, opens - 1)
    assert isinstance(early, reverts.OutsideWindow)
    assert (early.from_, early.until) == (opens, until)
    assert come(world, renew, APPLICANT, opens) is None


def test_an_audit_rebuilds_objections_word_by_word(world: CaseWorld) -> None:
    """What is raised, decided, raised again and left open stands in storage as events tell it."""
    product = world.apply(Profile.PROPERTY)
    world.registrar.cases.proceed(product, Act.ACCEPT)
    world.registrar.cases.proceed(product, Act.PUBLICISE)
    made = [one.cases.object(product, EVIDENCE) for one in (world.other, world.registrar)]
    world.registrar.cases.decide(product, Outcome.REJECTED, reasons=EVIDENCE)
    made.append(world.other.cases.object(product, EVIDENCE))
    audit = world.other.audits.run()
    assert audit, audit.differences
    shelf = ShelfInMemory()
    for event in (event for one in made for event in one.receipt.events):
        DESK_HANDLERS[type(event)](Book(shelf), event)
    last = [
        Book(shelf).value(LAST_OBJECTIONS, product, one.parties.mine().id)
        for one in (world.other, world.registrar)
    ]
    assert last == [3, 2]
