"""What may happen next to a case follows from the table, the stored case and the calendar."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import product as combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import flow
from registry.domain.calendar import official
from registry.domain.case import Case, Objection
from registry.domain.flow_table import (
    ENDS,
    Act,
    Actor,
    CaseKind,
    Condition,
    Stage,
    rows,
)
from registry.domain.ids import PartyId, ProductId
from registry.domain.product import Profile

ROOT = Path(__file__).resolve().parents[2]
CALENDAR = official()
CHINA = timezone(timedelta(hours=8))
APPLICANT, REGISTRAR, OTHER = (PartyId(bytes([n]) * 8) for n in (1, 2, 3))
PROFILES = (Profile.PROPERTY, Profile.PUBLIC)
# National Day: off from 1 to 7 October, and 10 October, a Saturday, is worked.
START = "2026-09-28T10:00:00"


def at(text: str) -> int:
    """Return the time that a clock in China shows."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp())


def case(stage: Stage, profile: Profile = Profile.PROPERTY, **fields: object) -> Case:
    """Return a case of the first registration that entered its stage before the holiday."""
    made = Case(
        product=ProductId(bytes(20)),
        index=1,
        profile=profile,
        kind=CaseKind.INITIAL,
        stage=stage,
        filer=APPLICANT,
        registrar=REGISTRAR,
        submitted=at(START),
        since=at(START),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def option(of: Case, act: Act, time: int, *objections: Objection) -> flow.Option:
    """Return what the client says of one act."""
    (found,) = [one for one in flow.options(of, CALENDAR, time, objections) if one.act is act]
    return found


def test_no_two_rows_answer_for_one_situation() -> None:
    """Profile, kind, stage, act and actor decide which row holds."""
    seen: set[tuple[object, ...]] = set()
    for row in rows():
        actors = [one for one in Actor if one in row.actors]
        for situation in combinations(row.profiles, row.kinds, row.stages, (row.act,), actors):
            assert situation not in seen
            seen.add(situation)


def test_every_stage_can_be_reached_and_every_open_one_left() -> None:
    """The table has no stage that nothing leads to, and none but the ends that nothing leaves."""
    led_to = {row.next for row in rows()}
    assert led_to - {None} == set(Stage) - {Stage.NONE}
    left = {stage for row in rows() for stage in row.stages if row.next not in (None, stage)}
    assert left == set(Stage) - ENDS


def test_whatever_has_ended_stays_ended() -> None:
    """From a stage that ends a case no row leads anywhere else."""
    for row in rows():
        if ENDS.intersection(row.stages):
            assert row.stages == (Stage.REGISTERED,)
            assert row.next is None


@pytest.mark.parametrize("profile", PROFILES)
def test_silence_accepts_under_property_alone(profile: Profile) -> None:
    """At the start of the next working day it counts as accepted; the second before it does not."""
    submitted = case(Stage.SUBMITTED, profile)
    # Three working days: 29 and 30 September, 8 October; the next one is 9 October.
    over = at("2026-10-09T00:00:00")
    assert flow.standing(submitted, CALENDAR, over - 1).stage is Stage.SUBMITTED
    after = flow.standing(submitted, CALENDAR, over)
    if profile is Profile.PROPERTY:
        assert (after.stage, after.since, after.deemed) == (Stage.ACCEPTED, over, True)
    else:
        assert after.stage is Stage.SUBMITTED
        assert option(submitted, Act.ACCEPT, over).overdue(over)
        assert option(submitted, Act.RETURN, over).allowed(over)


def test_before_a_weekend_silence_accepts_only_after_it() -> None:
    """Between the deadline and the next working day it may be accepted, and no longer returned."""
    submitted = case(Stage.SUBMITTED, since=at("2026-10-13T10:00:00"))
    deadline, monday = at("2026-10-17T00:00:00"), at("2026-10-19T00:00:00")
    assert option(submitted, Act.RETURN, deadline).allowed(deadline - 1)
    assert not option(submitted, Act.RETURN, deadline).allowed(deadline)
    assert option(submitted, Act.ACCEPT, deadline).allowed(monday - 1)
    assert flow.standing(submitted, CALENDAR, monday - 1).stage is Stage.SUBMITTED
    assert flow.standing(submitted, CALENDAR, monday).stage is Stage.ACCEPTED


@pytest.mark.parametrize(
    ("stage", "act"), [(Stage.RETURNED, Act.RESUBMIT), (Stage.SUPPLEMENTING, Act.SUPPLEMENT)]
)
def test_a_late_answer_of_the_applicant_comes_to_nothing(stage: Stage, act: Act) -> None:
    """To the last second it is taken; then the case has lapsed, and nothing may happen."""
    waiting = case(stage, due_days=5)
    over = at("2026-10-11T00:00:00")
    assert option(waiting, act, over - 1).allowed(over - 1)
    assert flow.standing(waiting, CALENDAR, over).stage is Stage.LAPSED
    assert flow.options(waiting, CALENDAR, over) == ()


def test_publicity_must_be_over_before_registration() -> None:
    """Objections are taken to its last second, registration from the next one on."""
    shown = case(Stage.PUBLICISED, publicised=at(START))
    over = at("2026-10-11T00:00:00")
    register = option(shown, Act.REGISTER, over)
    assert (register.opens, register.allowed(over - 1), register.allowed(over)) == (
        over,
        False,
        True,
    )
    object_ = option(shown, Act.OBJECT, over)
    assert (object_.allowed(over - 1), object_.allowed(over)) == (True, False)


def test_the_review_stands_still_during_publicity() -> None:
    """After publicity the days that were left before it are left still."""
    shown = case(Stage.PUBLICISED, publicised=at(START), spent_days=8)
    due = at("2026-10-14T00:00:00")
    register = option(shown, Act.REGISTER, at(START))
    assert register.due == due
    now = flow.Standing(stage=Stage.PUBLICISED, since=at(START))
    assert flow.review_spent(shown, CALENDAR, now, due - 1) == 10
    assert flow.review_spent(shown, CALENDAR, now, at("2026-10-10T12:00:00")) == 8


def test_an_open_objection_bars_registration_and_has_its_own_limit() -> None:
    """Each is to be decided within ten working days of its filing; the last one frees the way."""
    filed = at("2026-09-30T23:59:59")
    objected = case(Stage.OBJECTED, publicised=at(START), objections=2)
    objection = Objection(product=objected.product, index=0, by=OTHER, since=filed)
    reject = option(objected, Act.REJECT, filed, objection)
    assert reject.due == at("2026-10-21T00:00:00")
    assert reject.stage is Stage.OBJECTED
    last = replace(objected, objections=1)
    assert option(last, Act.REJECT, filed, objection).stage is Stage.PUBLICISED
    acts = {one.act for one in flow.options(objected, CALENDAR, filed)}
    assert Act.REGISTER not in acts
    assert Act.REFUSE not in acts


def test_what_is_missing_is_named() -> None:
    """An option that a condition bars is shown with it, and is not allowed."""
    reviewed = case(Stage.ACCEPTED, missing=(OTHER,))
    time = at(START)
    register = option(reviewed, Act.REGISTER, time)
    assert register.blocked == (Condition.PUBLICITY_SETTLED, Condition.CONCURRED)
    assert not register.allowed(time)
    concur = option(reviewed, Act.CONCUR, time)
    assert concur.allowed(time)
    assert flow.concerned(concur, reviewed) == (OTHER,)


def test_the_clock_is_nobodys_to_use() -> None:
    """What time alone does is told with its time and is allowed to no one."""
    submitted = case(Stage.SUBMITTED)
    deemed = option(submitted, Act.DEEM_ACCEPTED, at(START))
    assert deemed.opens == at("2026-10-09T00:00:00")
    assert not deemed.allowed(at("2026-10-09T00:00:00"))


def test_beyond_the_calendar_nothing_is_promised() -> None:
    """Where a limit needs a year that is not announced, the act is refused and not guessed at."""
    late = case(Stage.RETURNED, since=at("2026-12-30T10:00:00"), due_days=5)
    resubmit = option(late, Act.RESUBMIT, late.since)
    assert resubmit.unknown
    assert not resubmit.allowed(late.since)
    assert flow.standing(late, CALENDAR, late.since).stage is Stage.RETURNED


@pytest.mark.parametrize(
    ("profile", "until", "opens"),
    [
        (Profile.PROPERTY, "2031-08-31T00:00:00", "2031-02-28T00:00:00"),
        (Profile.PROPERTY, "2031-10-01T00:00:00", "2031-04-01T00:00:00"),
        (Profile.PUBLIC, "2029-03-01T00:00:00", "2028-12-31T00:00:00"),
    ],
)
def test_renewal_has_its_window(profile: Profile, until: str, opens: str) -> None:
    """Six months by the calendar, or sixty days, before the end."""
    assert flow.renewal_window(profile, at(until)) == (at(opens), at(until))


stages = st.sampled_from([stage for stage in Stage if stage not in ENDS and stage > Stage.DRAFT])
offsets = st.integers(0, 40 * 86_400)


@given(
    stage=stages,
    profile=st.sampled_from(PROFILES),
    kind=st.sampled_from(list(CaseKind)),
    start=st.integers(at("2026-01-05T00:00:00"), at("2026-09-01T00:00:00")),
    offset=offsets,
    spent=st.integers(0, 25),
    days=st.integers(1, 30),
)
def test_options_and_standing_agree(
    stage: Stage, profile: Profile, kind: CaseKind, start: int, offset: int, spent: int, days: int
) -> None:
    """What is offered is a row at the stage where the case stands, and its limits are right."""
    of = case(
        stage,
        profile,
        kind=kind,
        since=start,
        spent_days=spent,
        due_days=days,
        publicised=start if stage in (Stage.PUBLICISED, Stage.OBJECTED) else None,
    )
    time = start + offset
    now = flow.standing(of, CALENDAR, time)
    for one in flow.options(of, CALENDAR, time):
        assert flow.row_for(profile, kind, now.stage, one.act, one.actors) is not None
        if one.by_clock:
            assert one.opens is not None
            assert time < one.opens
        if one.due is not None and now.stage in (Stage.ACCEPTED, Stage.PUBLICISED):
            spent_now = flow.review_spent(of, CALENDAR, now, time)
            if spent_now > flow.review_days(of):
                assert one.overdue(time)
            if not one.overdue(time):
                assert spent_now <= flow.review_days(of)


def test_what_is_generated_from_the_table_is_fresh() -> None:
    """The contract's table, the client's, the pages and the diagrams are those of the source."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.gen_flow", "--check"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
