"""Verdicts by the numbers of the contract, and uses that declare no more than they must."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from registry.domain.clauses import Clause, Clauses, Window
from registry.domain.grant import GrantOrigin, GrantStage, GrantState
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.judgement import Facts, GrantFacts, judge
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import Action, Environment, Purpose

SOURCE = Path(__file__).parents[2] / "contracts" / "types" / "Verdict.sol"
GRANTOR, GRANTEE = PartyId.of(1), PartyId.of(2)
USE = Use(user=GRANTEE, action=Action.QUERY, purpose=Purpose.RESEARCH)


def test_verdicts_have_the_numbers_of_the_contract() -> None:
    """Each one is numbered by its place in the contract's own list, and none stands for two."""
    listed = re.search(r"enum Verdict \{(.*?)\}", SOURCE.read_text("utf-8"), re.DOTALL)
    assert listed is not None
    names = re.findall(r"\w+", listed[1])
    assert dict(Verdict.__members__) == {name: number for number, name in enumerate(names)}
    assert len(set(Verdict)) == len(names)


@pytest.mark.parametrize("asked", [one for one in Environment if one])
def test_a_use_that_declares_no_environment_is_in_none(asked: Environment) -> None:
    """Where the clauses ask for one, whichever it is, a use must say that it is there."""
    clauses = Clauses(
        product=ProductId.of(3),
        grantor=GRANTOR,
        grantee=GRANTEE,
        actions=Action.QUERY,
        purposes=Purpose.RESEARCH,
        environment=asked,
        window=Window(start=None, until=None),
        salt=1,
    )
    state = GrantState(
        id=GrantId.of(7),
        grantor=GRANTOR,
        grantee=GRANTEE,
        since=1_000,
        ends_at=None,
        remaining=None,
        notice_days=1,
        stage=GrantStage.ISSUED,
        origin=GrantOrigin.ONE_SIDED,
        periodic=False,
    )
    grant = GrantFacts(id=state.id, state=state, grantor_active=True, grantee_active=True)
    facts = Facts(above=(), grant=grant, clauses=clauses, product=None, time=2_000)
    (finding,) = [one for one in judge(facts, USE).findings if one.clause is Clause.ENVIRONMENT]
    assert (finding.holds, finding.asked) == (False, "")
