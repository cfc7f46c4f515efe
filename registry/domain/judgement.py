"""Judge a use condition by condition, so that a person is told which one fails and what it says.

The chain answers with one verdict, the first reason against a use. Here every condition is looked
at, in the chain's order, from the same facts; the first that fails is the chain's verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain import territory
from registry.domain.clauses import Clause
from registry.domain.grant import GrantStage
from registry.domain.verdict import Verdict
from registry.domain.words import names
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import IntFlag

    from registry.domain.clauses import Clauses
    from registry.domain.grant import GrantState
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.product import Product
    from registry.domain.verdict import Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Hold one condition of a use and whether it holds.

    `verdict` is what the chain says where it fails. `clause` is the clause that it rests on, None
    for a condition of the state; `subject` is whom or what it looks at. `granted` and `asked` are
    the two sides of the comparison as vocabulary words, ids or numbers in text, empty where there
    is nothing to compare.
    """

    verdict: Verdict
    holds: bool
    clause: Clause | None = None
    subject: GrantId | PartyId | ProductId | None = None
    granted: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFacts:
    """Hold what the ledger knows of a grant at a moment.

    `state` is None for a grant that does not exist. `period_left` are the units left of the period
    of the time asked about, None without a quota for each period.
    """

    id: GrantId
    state: GrantState | None
    grantor_active: bool
    grantee_active: bool
    period_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hold all that a judgement rests on: the grants from the root down, the product, the time.

    `time` is in seconds since 1970; `product` is None for one that does not exist.
    """

    above: tuple[GrantFacts, ...]
    grant: GrantFacts
    clauses: Clauses
    product: Product | None
    time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Hold every condition of a use, in the chain's order."""

    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """Return the first reason against the use, `OK` without one."""
        return next((one.verdict for one in self.findings if not one.holds), Verdict.OK)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """Return all conditions that do not hold."""
        return tuple(one for one in self.findings if not one.holds)


def judge(facts: Facts, use: Use) -> Judgement:
    """Judge a use by facts; the time asked about is that of the facts."""
    found = (
        *(finding for one in facts.above for finding in _ancestor(one, facts.time)),
        *_grant(facts.grant, facts.time),
        *_start(facts),
        *_product(facts),
        *_clauses(facts, use),
        *_quotas(facts, use),
    )
    return Judgement(findings=found)


def _ancestor(one: GrantFacts, time: int) -> Iterator[Finding]:
    """Yield what stands against whatever rests on a grant."""
    state = one.state
    standing = _standing(one, time)
    yield from (
        Finding(verdict=_BELOW.get(kind, Verdict.GRANT_UNKNOWN), holds=holds, subject=one.id)
        for kind, holds in standing
    )
    if state is not None:
        # Its grantee is the grantor of the next one down, and looked at there.
        yield Finding(
            verdict=Verdict.ANCESTOR_PARTY_SUSPENDED,
            holds=one.grantor_active,
            subject=state.grantor,
        )


def _grant(one: GrantFacts, time: int) -> Iterator[Finding]:
    state = one.state
    for kind, holds in _standing(one, time):
        yield Finding(verdict=kind, holds=holds, subject=one.id)
    if state is None:
        return
    sides = (
        (Verdict.GRANTOR_SUSPENDED, one.grantor_active, state.grantor),
        (Verdict.GRANTEE_SUSPENDED, one.grantee_active, state.grantee),
    )
    for verdict, holds, party in sides:
        yield Finding(verdict=verdict, holds=holds, subject=party)


def _standing(one: GrantFacts, time: int) -> tuple[tuple[Verdict, bool], ...]:
    """Return how a grant stands by its own state, in the chain's order."""
    state = one.state
    if state is None:
        return ((Verdict.GRANT_UNKNOWN, False),)
    if state.stage is GrantStage.VOIDED:
        return ((Verdict.GRANT_VOIDED, False),)
    over = state.ended_by(time)
    return (
        (Verdict.GRANT_REVOKED, not (over and state.revoked)),
        (Verdict.GRANT_ENDED, not (over and not state.revoked)),
        (Verdict.GRANT_SUSPENDED, not state.suspended),
    )


_BELOW = {
    Verdict.GRANT_REVOKED: Verdict.ANCESTOR_REVOKED,
    Verdict.GRANT_ENDED: Verdict.ANCESTOR_ENDED,
    Verdict.GRANT_SUSPENDED: Verdict.ANCESTOR_SUSPENDED,
}


def _start(facts: Facts) -> Iterator[Finding]:
    start = facts.clauses.window.start or 0
    yield Finding(
        verdict=Verdict.NOT_STARTED,
        holds=facts.time >= start,
        clause=Clause.VALID_FROM,
        granted=str(start or ""),
        asked=str(facts.time),
    )


def _product(facts: Facts) -> Iterator[Finding]:
    product, named = facts.product, facts.clauses.product
    conditions = (
        (Verdict.PRODUCT_NOT_IN_FORCE, product is not None and _registered(product)),
        (Verdict.PRODUCT_EXPIRED, product is None or not product.as_of(facts.time).expired),
        (Verdict.PRODUCT_SEIZED, product is None or not product.seizures),
        (Verdict.PRODUCT_CONTROLLED, product is None or not product.controls),
    )
    for verdict, holds in conditions:
        yield Finding(verdict=verdict, holds=holds, clause=Clause.PRODUCT, subject=named)


def _registered(product: Product) -> bool:
    from registry.domain.product import ProductState  # noqa: PLC0415 (start-up time)

    return product.state is ProductState.REGISTERED


def _clauses(facts: Facts, use: Use) -> Iterator[Finding]:
    clauses = facts.clauses
    latest = 0 if facts.product is None else facts.product.latest
    version = use.version or latest
    yield Finding(
        verdict=Verdict.USER_NOT_GRANTEE,
        holds=use.user == clauses.grantee,
        clause=Clause.GRANTEE,
        subject=use.user,
        granted=str(clauses.grantee),
        asked=str(use.user),
    )
    yield Finding(
        verdict=Verdict.VERSION_NOT_GRANTED,
        holds=version <= latest and clauses.version in (0, version),
        clause=Clause.VERSION,
        granted=str(clauses.version or ""),
        asked=str(version),
    )
    yield Finding(
        verdict=Verdict.ACTION_NOT_GRANTED,
        holds=_within(use.action, clauses.actions),
        clause=Clause.ACTIONS,
        granted=_named(clauses.actions),
        asked=_named(use.action),
    )
    yield Finding(
        verdict=Verdict.PURPOSE_NOT_GRANTED,
        holds=_within(use.purpose, clauses.purposes),
        clause=Clause.PURPOSES,
        granted=_named(clauses.purposes),
        asked=_named(use.purpose),
    )
    yield Finding(
        verdict=Verdict.ENVIRONMENT_NOT_GRANTED,
        holds=not clauses.environment or _within(use.environment, clauses.environment),
        clause=Clause.ENVIRONMENT,
        granted=_named(clauses.environment),
        asked=_named(use.environment),
    )
    yield Finding(
        verdict=Verdict.TERRITORY_NOT_GRANTED,
        holds=territory.covered(clauses.territory, use.territory),
        clause=Clause.TERRITORY,
        granted="|".join(map(str, clauses.territory)),
        asked=str(use.territory or ""),
    )


def _quotas(facts: Facts, use: Use) -> Iterator[Finding]:
    """Yield the grant's own quota first, then those above from the top."""
    for one in (facts.grant, *facts.above):
        own = one is facts.grant
        remaining = None if one.state is None else one.state.remaining
        for verdict, left, clause in (
            (Verdict.QUOTA_EXCEEDED, remaining, Clause.QUOTA_TOTAL),
            (Verdict.PERIOD_EXCEEDED, one.period_left, Clause.PERIOD),
        ):
            if left is not None:
                yield Finding(
                    verdict=verdict if own else Verdict.ANCESTOR_EXHAUSTED,
                    holds=use.amount <= left,
                    clause=clause,
                    subject=one.id,
                    granted=str(left),
                    asked=str(use.amount),
                )


def _within(asked: int, granted: int) -> bool:
    return asked != 0 and int(asked) & ~int(granted) == 0


def _named(mask: IntFlag) -> str:
    """Return the words of a mask, empty for none."""
    return "|".join(names(mask))
