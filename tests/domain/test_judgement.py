"""The standing of a grant as it is explained."""

from __future__ import annotations

import pytest

from registry.domain.clauses import Clauses, Window
from registry.domain.grant import GrantOrigin, GrantStage, GrantState
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.judgement import Facts, GrantFacts, judge
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import Action, Purpose

END = 2_000


@pytest.mark.parametrize(
    ("stage", "before", "after"),
    [
        (GrantStage.SUSPENDED, Verdict.GRANT_SUSPENDED, Verdict.GRANT_ENDED),
        (GrantStage.REVOKED_SUSPENDED, Verdict.GRANT_SUSPENDED, Verdict.GRANT_REVOKED),
        (GrantStage.ENDED_SUSPENDED, Verdict.GRANT_SUSPENDED, Verdict.GRANT_ENDED),
    ],
)
def test_a_suspended_grant_that_was_ended_is_both(
    stage: GrantStage, before: Verdict, after: Verdict
) -> None:
    """A grant suspended while its notice runs is suspended, and then over for what ended it."""
    grantor, grantee = PartyId.of(1), PartyId.of(2)
    clauses = Clauses(
        product=ProductId.of(3),
        grantor=grantor,
        grantee=grantee,
        actions=Action.QUERY,
        purposes=Purpose.RESEARCH,
        window=Window(start=None, until=None),
        salt=1,
    )
    state = GrantState(
        id=GrantId.of(7),
        grantor=grantor,
        grantee=grantee,
        since=1_000,
        ends_at=END,
        remaining=None,
        notice_days=1,
        stage=stage,
        origin=GrantOrigin.ONE_SIDED,
        periodic=False,
    )
    facts = GrantFacts(id=state.id, state=state, grantor_active=True, grantee_active=True)
    use = Use(user=grantee, action=Action.QUERY, purpose=Purpose.RESEARCH)
    found = [
        judge(Facts(above=(), grant=facts, clauses=clauses, product=None, time=time), use).verdict
        for time in (END - 1, END)
    ]
    assert found == [before, after]
