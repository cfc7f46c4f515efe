"""The client reckons working days as the contract does, and changes them through the manager."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

import pytest

from registry import reverts
from registry.chain.bindings import WorkCalendar as Contract
from registry.chain.questions import Question, ask
from registry.client import Dengji
from registry.domain.calendar import day_of, official, start_of, to_date
from registry.domain.events import CalendarExtended, DayCorrected
from registry.errors import CalendarEnds, ContractRevert
from registry.services.restricted import Step

if TYPE_CHECKING:
    from tests.conftest import World

DAY = 86_400


def test_the_calendar_of_a_fresh_deployment_is_the_official_one(world: World) -> None:
    """The first load has every day that is announced, and its event tells so."""
    found, known = world.ledger.calendar(), official()
    assert (found.first_day, found.end_day) == (known.first_day, known.end_day)
    for day in range(known.first_day, known.end_day):
        assert found.is_working(day) == known.is_working(day)
    (event,) = world.ledger.events([CalendarExtended])
    assert isinstance(event, CalendarExtended)
    assert event.words == tuple(known.words())


def test_limits_are_reckoned_alike(world: World) -> None:
    """At random times the contract and the client give the same deadlines, spans and next days."""
    known, random = world.ledger.calendar(), Random(7)
    at = world.deployment.calendar
    assert at is not None
    asked: list[Question] = []
    told: list[int | None] = []
    first, end = start_of(known.first_day), start_of(known.end_day)
    for _ in range(400):
        # On and around the borders of days as often as anywhere.
        time = random.randrange(first, end)
        time = random.choice((time, start_of(day_of(time)) + random.choice((-1, 0, 1))))
        time = max(time, first)
        days = random.choice((0, 1, 3, 5, 10, 20, 40, 300))
        later = min(time + random.randrange(0, 60 * DAY), end - 1)
        asked += [
            Question(at, Contract.deadline, (time, days)),
            Question(at, Contract.spent, (time, later)),
            Question(at, Contract.next_working_day, (time,)),
        ]
        for reckon in (
            partial(known.deadline, time, days),
            partial(known.spent, time, later),
            partial(known.next_working_day, time),
        ):
            try:
                told.append(reckon())
            except CalendarEnds:
                told.append(None)
    answers = ask(world.rpc, asked)
    for question, answer, expected in zip(asked, answers, told, strict=True):
        if isinstance(answer, ContractRevert):
            assert isinstance(answer, reverts.CalendarMissing), question
            assert expected is None, question
        else:
            assert answer == (expected,), question


def test_a_correction_takes_its_two_steps_on_the_chain(world: World) -> None:
    """Announced, refused while it waits, done after five days, and then the contract counts so."""
    client = Dengji(world.ledger, world.accounts[0])
    before = client.calendar.get()
    now = client.ledger.moment().time
    day = day_of(before.next_working_day(now + 8 * DAY))
    date = to_date(day)
    first = client.calendar.correct(*date, working=False)
    assert first.step is Step.ANNOUNCED
    assert first.ready is not None
    assert first.ready - first.now == 5 * DAY
    assert client.calendar.correct(*date, working=False).step is Step.WAITING
    world.mine(5 * DAY)
    done = client.calendar.correct(*date, working=False)
    assert done.step is Step.DONE
    assert done.receipt is not None
    assert [type(event) for event in done.receipt.events] == [DayCorrected]
    assert not client.calendar.get().is_working(day)
    stranger = Dengji(world.ledger, world.accounts[1])
    with pytest.raises(reverts.AccessManagerUnauthorizedCall):
        stranger.calendar.correct(*date, working=True)
