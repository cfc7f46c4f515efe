"""Answer who may use what, why or why not, and what changes: over events and state together.

`who` and `what` are complete as far as the events are that the node gives; every grant in them is
proved by its id and judged by the chain. A question about the past is answered from the state of
that block, or not at all.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from registry.domain.judgement import Facts, GrantFacts, Judgement, judge
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import Action, Environment, Purpose
from registry.errors import EventContradicted
from registry.records import dataclass
from registry.services.births import Family, births, domain_of, proved
from registry.services.looked import Looked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from registry.domain.ancestry import Path
    from registry.domain.clauses import Clauses
    from registry.domain.events import Event
    from registry.domain.grant import GrantState
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.moment import At, Moment
    from registry.domain.product import Product
    from registry.services.actor import Actor, Me
    from registry.services.births import Born

POLL_SECONDS: Final = 1.0
"""How long `watch` waits between two looks at the chain, unless told otherwise."""
_ANYWHERE: Final = Environment(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Hold how a use was judged under one grant: the chain's verdict and every condition."""

    grant: GrantId
    clauses: Clauses
    verdict: Verdict
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Hold the answer to one question, and how it was judged under each grant there is.

    The grants that come nearest to allowing the use stand first. It is true when one allows it.
    """

    use: Use
    product: ProductId
    moment: Moment
    explanations: tuple[Explanation, ...]

    @property
    def verdict(self) -> Verdict:
        """Return `OK` where a grant allows the use, else what the nearest one fails on."""
        if not self.explanations:
            return Verdict.GRANT_UNKNOWN
        return self.explanations[0].verdict

    def __bool__(self) -> bool:
        return self.verdict is Verdict.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """Hold a grant and whether it can be used at a moment.

    `verdict` judges the least that the grant allows: one of its actions and purposes, one unit
    of its quota, where it names an environment and a territory the first of each. `ends_at` is in
    seconds since 1970, None while open; `remaining` in units of its quota, None without one.
    """

    grant: GrantId
    parent: GrantId | None
    clauses: Clauses
    state: GrantState
    verdict: Verdict

    @property
    def usable(self) -> bool:
        """Tell whether the grantee can use the product under it."""
        return self.verdict is Verdict.OK


class Questions:
    """Serve those who ask."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    def explain(  # noqa: PLR0913 (a use has this many sides)
        self,
        product: ProductId,
        grantee: PartyId | Me,
        action: Action,
        purpose: Purpose,
        *,
        amount: int = 1,
        version: int = 0,
        environment: Environment = _ANYWHERE,
        territory: int = 0,
        at: At | None = None,
    ) -> Explained:
        """Answer whether a party may use a product so, and how each of its grants is judged.

        Raises `EventContradicted` where the chain's verdict is not what its own state comes to: the
        node contradicts itself.
        """
        ledger = self._actor.ledger
        moment = ledger.moment(at)
        use = Use(
            user=self._actor.resolve(grantee),
            action=action,
            purpose=purpose,
            version=version,
            environment=environment,
            territory=territory,
            amount=amount,
        )
        family = Family.read(ledger, moment, product)
        own = [one for one in family.members() if one.clauses.grantee == use.user]
        paths = [self._path(family, one) for one in own]
        verdicts = ledger.check_all([(path, use) for path in paths], at=moment) if own else ()
        found = [
            self._explained(one, path, verdict, use, moment)
            for one, path, verdict in zip(own, paths, verdicts, strict=True)
        ]
        found.sort(key=_distance)
        return Explained(use=use, product=product, moment=moment, explanations=tuple(found))

    def who(
        self, product: ProductId, *, at: At | None = None, usable: bool = False
    ) -> tuple[Moment, tuple[Entitlement, ...]]:
        """Return the moment asked about and every grant on a product as it stood then.

        With `usable` only those under which the product could be used. Complete as far as the
        events that the node gives are.
        """
        moment = self._actor.ledger.moment(at)
        family = Family.read(self._actor.ledger, moment, product)
        return moment, self._entitled(family, list(family.members()), moment, usable=usable)

    def what(
        self, party: PartyId | Me, *, at: At | None = None, usable: bool = False
    ) -> tuple[Moment, tuple[Entitlement, ...]]:
        """Return the moment asked about and every grant to a party as it stood then."""
        ledger = self._actor.ledger
        moment = ledger.moment(at)
        grantee = self._actor.resolve(party)
        born = [
            proved(one, domain_of(ledger, one.product))
            for one in births(ledger, moment, grantee=grantee)
        ]
        found: list[Entitlement] = []
        for product in dict.fromkeys(one.clauses.product for one in born):
            family = Family.read(ledger, moment, product)
            own = [one for one in family.members() if one.clauses.grantee == grantee]
            found.extend(self._entitled(family, own, moment, usable=usable))
        return moment, tuple(found)

    def watch(
        self,
        *,
        product: ProductId | None = None,
        party: PartyId | Me | None = None,
        grant: GrantId | None = None,
        first: int | None = None,
        last: int | None = None,
        every: float = POLL_SECONDS,
        stop: Callable[[], bool] = lambda: False,
        wait: Callable[[float], None] = time.sleep,
    ) -> Iterator[Event]:
        """Yield events as they come, from block `first` on (from the next one unless given).

        Each names the product, party or grant asked for. It ends after block `last`, or when `stop`
        says so, which is asked after every look. A block that is reorganised away may have been
        told: what takes its place is told as well, and what was told before it perhaps once more.
        """
        ledger = self._actor.ledger
        who = None if party is None else self._actor.resolve(party)
        looked = Looked(ledger, first)
        while True:
            now = ledger.moment(None)
            following = looked.following(now)
            head = now.block if last is None else min(now.block, last)
            if head >= following:
                yield from ledger.events(
                    first=following, last=head, party=who, product=product, grant=grant
                )
                looked.add(now)
            if stop() or (last is not None and head >= last):
                return
            wait(every)

    # ---- within ------------------------------------------------------------------------------

    def _path(self, family: Family, one: Born) -> Path:
        path = family.path(one.id)
        if path is None:
            # The chain made it only because its parent was there.
            raise EventContradicted(grant=str(one.id), transaction=one.event.transaction)
        return path

    def _entitled(
        self, family: Family, own: Sequence[Born], moment: Moment, *, usable: bool
    ) -> tuple[Entitlement, ...]:
        ledger = self._actor.ledger
        asked = [(self._path(family, one), least_use(one.clauses)) for one in own]
        verdicts = ledger.check_all(asked, at=moment) if asked else ()
        judged = [
            (one, verdict)
            for one, verdict in zip(own, verdicts, strict=True)
            if verdict is Verdict.OK or not usable
        ]
        states = ledger.grants([one.id for one, _ in judged], at=moment)
        return tuple(
            Entitlement(
                grant=one.id,
                parent=one.parent,
                clauses=one.clauses,
                state=state,
                verdict=verdict,
            )
            for (one, verdict), state in zip(judged, states, strict=True)
            if state is not None
        )

    def _explained(
        self,
        one: Born,
        path: Path,
        verdict: Verdict,
        use: Use,
        moment: Moment,
    ) -> Explanation:
        ledger = self._actor.ledger
        product: Product | None = ledger.product(one.clauses.product, at=moment)
        facts = Facts(
            above=tuple(
                self._facts(each, moment)
                for each in path.ids(domain_of(self._actor.ledger, path.clauses.product))[:-1]
            ),
            grant=self._facts(one.id, moment),
            clauses=one.clauses,
            product=product,
            time=moment.time,
        )
        judgement = judge(facts, use)
        if judgement.verdict is not verdict:
            raise EventContradicted(grant=str(one.id), transaction=one.event.transaction)
        return Explanation(grant=one.id, clauses=one.clauses, verdict=verdict, judgement=judgement)

    def _facts(self, grant: GrantId, moment: Moment) -> GrantFacts:
        ledger = self._actor.ledger
        state = ledger.grant(grant, at=moment)
        sides = () if state is None else (state.grantor, state.grantee)
        active = [self._active(party, moment) for party in sides]
        period = ledger.period(grant, at=moment) if state is not None and state.periodic else None
        return GrantFacts(
            id=grant,
            state=state,
            grantor_active=bool(active) and active[0],
            grantee_active=bool(active) and active[1],
            period_left=None if period is None else period.left(moment.time),
        )

    def _active(self, party: PartyId, moment: Moment) -> bool:
        from registry.domain.party import Standing  # noqa: PLC0415 (start-up time)

        found = self._actor.ledger.party(party, at=moment)
        return found is not None and found.standing is Standing.ACTIVE


def least_use(clauses: Clauses) -> Use:
    """Return the least use that a grant allows, by which it is judged as a whole: of one unit."""
    environment = clauses.environment & -clauses.environment if clauses.environment else 0
    return Use(
        user=clauses.grantee,
        action=Action(clauses.actions & -clauses.actions),
        purpose=Purpose(clauses.purposes & -clauses.purposes),
        version=clauses.version,
        environment=Environment(environment),
        territory=clauses.territory[0] if clauses.territory else 0,
        amount=1,
    )


def _distance(one: Explanation) -> tuple[bool, int]:
    """Return how far a grant is from allowing the use: none at all, then by what fails."""
    return one.verdict is not Verdict.OK, len(one.judgement.failing)
