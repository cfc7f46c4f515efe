"""Test what a sub-grant may not widen."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.attenuation import wider
from registry.domain.clauses import Clause, Clauses, Quota, Window
from registry.domain.ids import PartyId, ProductId
from registry.domain.vocabulary import (
    Action,
    DerivedRights,
    Environment,
    Mode,
    Obligation,
    Purpose,
    QuotaUnit,
    Right,
    SubDelegation,
)
from tests import narrowing

PARENT = Clauses(
    product=ProductId(b"\1" * 20),
    grantor=PartyId.of(1),
    grantee=PartyId.of(2),
    version=3,
    rights=Right.USE,
    actions=Action.READ | Action.QUERY,
    purposes=Purpose.RESEARCH | Purpose.AUDIT,
    environment=Environment.TEE | Environment.SANDBOX,
    window=Window(start=1_000, until=2_000),
    quota=Quota(unit=QuotaUnit.CALL, total=100, per_period=10, period=60),
    territory=(156_410_000,),
    obligations=Obligation.ATTRIBUTE,
    sub_delegation=SubDelegation.CONSENT,
    depth=2,
    mode=Mode.SCENARIO,
    scope=b"\5" * 32,
    derived_rights=DerivedRights.GRANTOR,
)
CHILD = replace(PARENT, grantor=PARENT.grantee, grantee=PartyId.of(3), depth=1)


def quota(**given: Any) -> Quota:  # noqa: ANN401 (fields of Quota)
    """Return the parent's quota with other fields."""
    assert PARENT.quota is not None
    return replace(PARENT.quota, **given)


@pytest.mark.parametrize(
    ("clause", "given"),
    [
        (Clause.PRODUCT, {"product": ProductId(b"\2" * 20)}),
        (Clause.VERSION, {"version": 0}),
        (Clause.VERSION, {"version": 4}),
        (Clause.RIGHTS, {"rights": Right.USE | Right.OPERATE}),
        (Clause.ACTIONS, {"actions": Action.READ | Action.TRAIN}),
        (Clause.PURPOSES, {"purposes": Purpose.RESALE}),
        (Clause.ENVIRONMENT, {"environment": Environment(0)}),
        (Clause.ENVIRONMENT, {"environment": Environment.API}),
        (Clause.VALID_FROM, {"window": Window(start=999, until=2_000)}),
        (Clause.VALID_FROM, {"window": Window(until=2_000)}),
        (Clause.VALID_UNTIL, {"window": Window(start=1_000, until=2_001)}),
        (Clause.VALID_UNTIL, {"window": Window(start=1_000)}),
        (Clause.QUOTA_UNIT, {"quota": quota(unit=QuotaUnit.ROW)}),
        (Clause.QUOTA_UNIT, {"quota": None}),
        (Clause.QUOTA_TOTAL, {"quota": quota(total=101)}),
        (Clause.PERIOD, {"quota": quota(per_period=11)}),
        (Clause.PERIOD, {"quota": quota(period=59)}),
        (Clause.PERIOD, {"quota": quota(period=0, per_period=0)}),
        (Clause.TERRITORY, {"territory": ()}),
        (Clause.TERRITORY, {"territory": (156_410_100, 702_000_000)}),
        (Clause.TERRITORY, {"territory": (156_000_000,)}),
        (Clause.OBLIGATIONS, {"obligations": Obligation.KEEP_LOGS}),
        (Clause.SUB_DELEGATION, {"sub_delegation": SubDelegation.FREE}),
        (Clause.DEPTH, {"depth": 2}),
        (Clause.MODE, {"mode": Mode.NONE}),
        (Clause.SCOPE, {"scope": None}),
        (Clause.SCOPE, {"scope": b"\6" * 32}),
        (Clause.DERIVED_RIGHTS, {"derived_rights": DerivedRights.NONE}),
    ],
)
def test_names_the_clause_that_is_wider(clause: Clause, given: dict[str, Any]) -> None:
    """A sub-grant that goes beyond its parent in one clause is refused for that clause alone."""
    assert [found.clause for found in wider(PARENT, replace(CHILD, **given))] == [clause]


def test_says_both_values() -> None:
    """What is found carries the value of the parent and of the child."""
    (found,) = wider(PARENT, replace(CHILD, version=7))
    assert (found.parent, found.child) == (3, 7)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"actions": Action.READ, "purposes": Purpose.AUDIT, "environment": Environment.TEE},
        {"window": Window(start=1_500, until=1_600)},
        {"quota": quota(total=50, per_period=5, period=120)},
        {"territory": (156_410_100, 156_410_200)},
        {"obligations": Obligation.ATTRIBUTE | Obligation.KEEP_LOGS},
        {"sub_delegation": SubDelegation.NONE, "depth": 0},
    ],
)
def test_narrower_is_allowed(given: dict[str, Any]) -> None:
    """The same or less in every clause is allowed."""
    assert wider(PARENT, replace(CHILD, **given)) == ()


def test_nothing_rests_on_a_grant_without_sub_delegation() -> None:
    """Under a grant that allows no sub-grants none is allowed, however narrow."""
    alone = replace(PARENT, sub_delegation=SubDelegation.NONE, depth=0)
    child = replace(CHILD, sub_delegation=SubDelegation.NONE, depth=0)
    assert [found.clause for found in wider(alone, child)] == [Clause.SUB_DELEGATION]


@given(st.integers(0, 2**32))
def test_attenuation_adds_up(seed: int) -> None:
    """What is within what is within a grant is within that grant."""
    rng = random.Random(seed)
    first = narrowing.parent(rng)
    second = narrowing.child(rng, first)
    third = narrowing.child(rng, second)
    if not wider(first, second) and not wider(second, third):
        assert wider(first, third) == ()


@given(st.integers(0, 2**32))
def test_what_is_drawn_within_is_within(seed: int) -> None:
    """Clauses made narrower in every way are allowed wherever sub-grants are."""
    rng = random.Random(seed)
    above = narrowing.parent(rng)
    found = [one.clause for one in wider(above, narrowing.within(rng, above))]
    allowed = above.sub_delegation is not SubDelegation.NONE
    assert found == ([] if allowed else [Clause.SUB_DELEGATION])
