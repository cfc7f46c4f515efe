"""Rules on grants that are told to people: what stands against a use, what a sub-grant widens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.domain.attenuation import Wider, wider
from registry.domain.clauses import Clause, Window
from registry.domain.grant import GrantOrigin, GrantStage, GrantState
from registry.domain.ids import GrantId
from registry.domain.judgement import Facts, Finding, GrantFacts, judge
from registry.domain.product import Product
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import Action, Purpose
from tests.golden_terms import PLAIN
from tests.recorded import START, record

GRANT, PRODUCT = GrantId.of(7), record().product
USE = Use(user=PLAIN.grantee, action=Action.READ, purpose=Purpose.RESEARCH, amount=5)


def grant(remaining: int | None, number: int = 7, period_left: int | None = None) -> GrantFacts:
    """Return a grant that stands, with so many units left."""
    state = GrantState(
        id=GrantId.of(number),
        grantor=PLAIN.grantor,
        grantee=PLAIN.grantee,
        since=START,
        ends_at=None,
        remaining=remaining,
        notice_days=0,
        stage=GrantStage.ISSUED,
        origin=GrantOrigin.ONE_SIDED,
        periodic=period_left is not None,
    )
    return GrantFacts(
        id=state.id,
        state=state,
        grantor_active=True,
        grantee_active=True,
        period_left=period_left,
    )


def against(
    own: GrantFacts,
    *above: GrantFacts,
    product: Product | None = PRODUCT,
    use: Use = USE,
) -> tuple[Finding, ...]:
    """Return all that stands against a use under the plain terms."""
    facts = Facts(above=above, grant=own, clauses=PLAIN, product=product, time=START + 9)
    return judge(facts, use).failing


@pytest.mark.parametrize(
    ("own", "above", "verdicts"),
    [
        (grant(5), grant(None, 6), []),
        (grant(4), grant(None, 6), [Verdict.QUOTA_EXCEEDED]),
        (grant(None, period_left=4), grant(None, 6), [Verdict.PERIOD_EXCEEDED]),
        (grant(None), grant(4, 6), [Verdict.ANCESTOR_EXHAUSTED]),
        (grant(4), grant(4, 6), [Verdict.QUOTA_EXCEEDED, Verdict.ANCESTOR_EXHAUSTED]),
    ],
)
def test_a_use_of_more_than_is_left_is_told_with_what_is_left(
    own: GrantFacts, above: GrantFacts, verdicts: list[Verdict]
) -> None:
    """The grant's own quota comes first, then those of the grants that it rests on."""
    found = against(own, above)
    assert [one.verdict for one in found] == verdicts
    assert {(one.granted, one.asked) for one in found} <= {("4", "5")}


def test_a_grant_that_is_unknown_has_no_quota_to_exceed() -> None:
    """That it is unknown is all that its state tells."""
    unknown = GrantFacts(id=GRANT, state=None, grantor_active=True, grantee_active=True)
    assert [one.verdict for one in against(unknown)] == [Verdict.GRANT_UNKNOWN]


def test_of_a_product_that_does_not_exist_no_version_is_granted() -> None:
    """Version 1 is as missing as any other."""
    found = against(grant(None), product=None, use=replace(USE, version=1))
    verdicts = [one.verdict for one in found]
    assert verdicts == [Verdict.PRODUCT_NOT_IN_FORCE, Verdict.VERSION_NOT_GRANTED]
    assert not {*verdicts[1:]} & {one.verdict for one in against(grant(None))}


@pytest.mark.parametrize("start", [1, START])
def test_a_sub_grant_that_starts_at_once_is_wider_than_one_that_starts_later(start: int) -> None:
    """To the second: no start is earlier than any."""
    parent = replace(PLAIN, window=Window(start=start))
    found = [one for one in wider(parent, PLAIN) if one.clause is Clause.VALID_FROM]
    assert found == [Wider(clause=Clause.VALID_FROM, parent=start, child=0)]
    same = wider(parent, replace(PLAIN, window=Window(start=start)))
    assert Clause.VALID_FROM not in {one.clause for one in same}
