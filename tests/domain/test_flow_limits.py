"""Limits, conditions and records of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from registry.domain import flow
from registry.domain.calendar import WORD, day_of, official
from registry.domain.case import Case, Record, case_of
from registry.domain.flow_table import Act, Actor, CaseKind, Condition, Stage, rows
from registry.domain.ids import PartyId, ProductId
from registry.domain.product import Profile
from registry.domain.submission import submission

CHINA = timezone(timedelta(hours=8))
CALENDAR = official()
APPLICANT, REGISTRAR, OTHER = PartyId.of(1), PartyId.of(2), PartyId.of(3)


def at(text: str) -> int:
    """Return the time that a clock in China shows."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp())


# National Day: off from 1 to 7 October, and 10 October, a Saturday, is worked.
START = at("2026-09-28T10:00:00")
CASE = Case(
    product=ProductId.of(5),
    index=1,
    profile=Profile.PROPERTY,
    kind=CaseKind.INITIAL,
    stage=Stage.PUBLICISED,
    filer=APPLICANT,
    registrar=REGISTRAR,
    since=START,
    submitted=START,
    publicised=START,
    spent_days=8,
)
RECORD = Record(
    filer=APPLICANT,
    registrar=9,
    submitted_at=START,
    since=START + 1,
    publicised_at=START + 2,
    kind=CaseKind.TRANSFER,
    stage=Stage.OBJECTED,
    profile=Profile.PUBLIC,
    returned=True,
    waived=False,
    due_days=5,
    extension=7,
    spent_days=60,
    objections=3,
    awaited=0b101,
    joint=True,
)


def test_each_field_of_a_record_has_bits_of_its_own() -> None:
    """With all the bits of one field set the others are as they were, and nothing is lost."""
    widths = {"registrar": 16, "due_days": 5, "extension": 4, "spent_days": 7, "objections": 12}
    for name, bits in {**widths, "awaited": 16, "submitted_at": 40, "since": 40}.items():
        for value in (0, (1 << bits) - 1):
            changed: dict[str, Any] = {name: value}
            given = replace(RECORD, **changed)
            assert Record.of(given.word) == given


def test_a_case_says_what_its_record_does() -> None:
    """Times that are zero in the word are none, and numbers of parties become the parties."""
    found = case_of(ProductId.of(5), 2, RECORD, registrar=REGISTRAR, missing=(OTHER,))
    assert (found.product, found.index, found.stage) == (ProductId.of(5), 2, Stage.OBJECTED)
    assert (found.registrar, found.registrar_number, found.missing) == (REGISTRAR, 9, (OTHER,))
    assert (found.submitted, found.publicised) == (START, START + 2)
    bare = replace(RECORD, submitted_at=0, publicised_at=0)
    drafted = case_of(ProductId.of(5), 0, bare, registrar=REGISTRAR)
    assert (drafted.submitted, drafted.publicised, drafted.missing) == (None, None, ())


def test_after_publicity_the_review_is_what_is_due() -> None:
    """While it runs its own end is named; from then on the days that were left of the review."""
    over = at("2026-10-11T00:00:00")
    assert flow.due(CASE, CALENDAR, over - 1) == over
    assert flow.due(CASE, CALENDAR, over) == at("2026-10-14T00:00:00")


@pytest.mark.parametrize(
    ("condition", "held", "broken"),
    [
        (Condition.NOT_PUBLICISED, {"publicised": None}, {"publicised": START}),
        (Condition.NOT_PUBLICISED, {"publicised": None}, {"publicised": None, "waived": True}),
        (Condition.OBJECTION_OPEN, {"objections": 1}, {"objections": 0}),
        (Condition.OBJECTIONS_DECIDED, {"objections": 0}, {"objections": 1}),
    ],
)
def test_a_condition_bars_the_acts_that_name_it(
    condition: Condition, held: dict[str, Any], broken: dict[str, Any]
) -> None:
    """It is among what bars an act exactly where the case does not fulfil it."""
    naming = [row for row in rows() if condition in row.conditions]
    assert naming
    for row in naming:
        assert condition not in flow.unmet(replace(CASE, **held), row)
        assert condition in flow.unmet(replace(CASE, **broken), row)


@pytest.mark.parametrize(
    ("stage", "act", "actor", "known"),
    [
        (Stage.SUBMITTED, Act.ACCEPT, Actor.REGISTRAR, True),
        (Stage.SUBMITTED, Act.ACCEPT, Actor.APPLICANT, False),
        (Stage.DRAFT, Act.ACCEPT, Actor.REGISTRAR, False),
        (Stage.SUBMITTED, Act.REGISTER, Actor.REGISTRAR, False),
        (Stage.WITHDRAWN, Act.WITHDRAW, Actor.APPLICANT, False),
    ],
)
def test_an_act_has_a_row_for_its_stage_and_actor_alone(
    stage: Stage, act: Act, actor: Actor, *, known: bool
) -> None:
    """Somebody else, or the same one at another stage, finds none."""
    row = flow.row_for(Profile.PROPERTY, CaseKind.INITIAL, stage, act, actor)
    assert (row is not None) is known
    if row is not None:
        assert row.act is act
        assert stage in row.stages
        assert actor in row.actors


def test_a_day_that_the_ledger_corrected_counts_as_the_ledger_has_it() -> None:
    """An application is due a working day later where a day within its time was made one off."""
    began, case = date(2026, 9, 28), replace(CASE, profile=Profile.PUBLIC)
    day = day_of(at("2026-10-12T12:00:00"))
    exceptions = dict(CALENDAR.exceptions)
    exceptions[day // WORD] = exceptions.get(day // WORD, 0) ^ 1 << day % WORD
    corrected = replace(CALENDAR, exceptions=exceptions)
    told = [submission(case, began, one, START) for one in (CALENDAR, corrected)]
    assert [one and one.due for one in told] == [
        at("2026-10-31T00:00:00"),
        at("2026-11-03T00:00:00"),
    ]
