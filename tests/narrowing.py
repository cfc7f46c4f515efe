"""Draw pairs of clauses of which one is, or almost is, within the other."""

from __future__ import annotations

import random
from dataclasses import replace

from registry.domain.clauses import MAX_TIME, Clauses, Quota, Window
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

_HALF = 0.5
_PROVINCES = (156_000_000, 156_410_000, 156_410_100, 156_410_102, 702_000_000, 392_000_000)


def parent(rng: random.Random) -> Clauses:
    """Return clauses at random, most of which allow sub-grants."""
    start = rng.choice([None, rng.randrange(1, MAX_TIME - 1)])
    until = rng.choice([None, rng.randrange((start or 0) + 1, MAX_TIME)])
    way = rng.choice((SubDelegation.NONE, *(SubDelegation.CONSENT, SubDelegation.FREE) * 4))
    return Clauses(
        product=ProductId(bytes([rng.randrange(1, 4)]) * 20),
        grantor=PartyId.of(rng.randrange(1, 9)),
        grantee=PartyId.of(rng.randrange(1, 9)),
        version=rng.choice((0, 0, 1, 2)),
        rights=Right(rng.randrange(1, int(Right.ALL) + 1)),
        actions=Action(rng.randrange(1, int(Action.ALL) + 1)),
        purposes=Purpose(rng.randrange(1, int(Purpose.ALL) + 1)),
        environment=Environment(rng.choice((0, rng.randrange(int(Environment.ALL) + 1)))),
        window=Window(start=start, until=until),
        quota=rng.choice((None, _quota(rng))),
        territory=tuple(sorted(rng.sample(_PROVINCES, rng.randrange(4)))),
        obligations=Obligation(rng.randrange(int(Obligation.ALL) + 1)),
        sub_delegation=way,
        depth=rng.randrange(1, 9) if way else 0,
        mode=rng.choice((Mode.NONE, Mode.NONE, *Mode)),
        scope=rng.choice((None, None, b"\1" * 32, b"\2" * 32)),
        derived_rights=rng.choice(list(DerivedRights)),
        salt=rng.randrange(1 << 64),
    )


def _quota(rng: random.Random) -> Quota:
    total = rng.randrange(1, 1_000)
    per_period = rng.choice((0, rng.randrange(1, total + 1)))
    return Quota(
        unit=rng.choice([unit for unit in QuotaUnit if unit]),
        total=total,
        per_period=per_period,
        period=rng.randrange(1, 1_000) if per_period else 0,
    )


def child(rng: random.Random, above: Clauses) -> Clauses:
    """Return clauses within others, but for at most two that are drawn at random."""
    other = parent(rng)
    own = within(rng, above)
    for name in rng.sample(_CLAUSES, rng.choice((0, 0, 1, 1, 2))):
        changed = {name: getattr(other, name)}
        if name == "sub_delegation":
            changed["depth"] = other.depth
        if name == "quota" and other.quota and above.quota and rng.random() < _HALF:
            # Else the units would differ most of the time, and nothing else be looked at.
            total = max(above.quota.total, other.quota.total) - rng.randrange(2)
            period = {"per_period": min(total, other.quota.per_period)} if total else {}
            unit = above.quota.unit
            changed["quota"] = replace(other.quota, unit=unit, total=total or 1, **period)
        own = replace(own, **changed)
    return own


_CLAUSES = (
    *("product", "version", "rights", "actions", "purposes", "environment", "window", "quota"),
    *("territory", "obligations", "sub_delegation", "mode", "scope", "derived_rights"),
)


def within(rng: random.Random, above: Clauses) -> Clauses:
    """Return clauses that are nowhere wider than others, where those allow sub-grants."""
    free = above.depth - 1 > 0 and rng.random() < 0.7
    fewer = Right(_part(rng, above.rights))
    return replace(
        above,
        grantor=above.grantee,
        grantee=PartyId.of(rng.randrange(10, 20)),
        rights=fewer,
        actions=Action(_part(rng, above.actions)),
        purposes=Purpose(_part(rng, above.purposes)),
        environment=Environment(_part(rng, above.environment)),
        window=_inside(rng, above.window),
        quota=_smaller(rng, above.quota),
        obligations=above.obligations | Obligation(rng.randrange(int(Obligation.ALL) + 1)),
        sub_delegation=above.sub_delegation if free else SubDelegation.NONE,
        depth=rng.randrange(1, above.depth) if free else 0,
        salt=rng.randrange(1 << 64),
    )


def _part(rng: random.Random, mask: int) -> int:
    """Return some bits of a mask, never none of some."""
    if not mask:
        return 0
    return int(mask) & rng.getrandbits(32) or int(mask) & -int(mask)


def _inside(rng: random.Random, above: Window) -> Window:
    least = above.start or 1
    most = above.until or MAX_TIME
    start = rng.randrange(least, most) if most > least else least
    return Window(start=start, until=rng.randrange(start + 1, most + 1))


def _smaller(rng: random.Random, above: Quota | None) -> Quota | None:
    if above is None:
        return rng.choice((None, _quota(rng)))
    total = rng.randrange(1, above.total + 1)
    if not above.period:
        return Quota(unit=above.unit, total=total)
    per_period = rng.randrange(1, min(total, above.per_period) + 1)
    period = above.period + rng.randrange(10)
    return Quota(unit=above.unit, total=total, per_period=per_period, period=period)
