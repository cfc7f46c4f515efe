"""Issue grants, find them, revoke them, and ask what they allow."""

from __future__ import annotations

import os
from dataclasses import replace
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from registry.domain.agreement_operations import ResumeGrant
from registry.domain.clauses import Clauses, Window
from registry.domain.events import GrantIssued
from registry.domain.grant import GrantStage
from registry.domain.operations import Issue, IssueBatch, Revoke, RevokeBatch
from registry.domain.terms import SigningDomain
from registry.domain.times import parse_time
from registry.domain.verdict import Check, Use, Verdict
from registry.domain.vocabulary import Action, Environment, Purpose, Reason
from registry.records import dataclass
from registry.services.births import Born, Family, births, domain_of, proved
from registry.services.cursor import beyond

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from registry.domain.ancestry import Path
    from registry.domain.clauses import Quota
    from registry.domain.grant import GrantState
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.ledger import Receipt
    from registry.domain.moment import At, Moment
    from registry.errors import RegistryError
    from registry.services.actor import Actor, Me
    from registry.services.births import Birth

_ANYWHERE = Environment(0)


When = int | str
"""A time: seconds since 1970, ISO 8601, or a duration such as 90d."""


class Stand(StrEnum):
    """Say where a grant stands by its own state and window, parties and product left aside."""

    ACTIVE = "ACTIVE"
    NOT_STARTED = "NOT_STARTED"
    ENDING = "ENDING"
    ENDED = "ENDED"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    VOIDED = "VOIDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Hold a grant: its clauses, proved by its id, and its state at a moment.

    `block` and `transaction` (32 bytes) are where it was issued; `resumed` as in a receipt.
    """

    id: GrantId
    parent: GrantId | None
    clauses: Clauses
    state: GrantState
    moment: Moment
    block: int
    transaction: bytes
    resumed: bool = False

    @property
    def stand(self) -> Stand:
        """Return where the grant stands at its moment."""
        state, now = self.state, self.moment.time
        if state.stage is GrantStage.VOIDED:
            return Stand.VOIDED
        if state.ended_by(now):
            return Stand.REVOKED if state.revoked else Stand.ENDED
        if state.suspended:
            return Stand.SUSPENDED
        if state.stage is not GrantStage.ISSUED:
            return Stand.ENDING
        started = (self.clauses.window.start or 0) <= now
        return Stand.ACTIVE if started else Stand.NOT_STARTED


class Grants:
    """Serve the tasks about grants."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    @property
    def domain(self) -> SigningDomain:
        """Return the domain in which grants have their ids."""
        ledger = self._actor.ledger
        return SigningDomain(chain_id=ledger.chain_id, verifying_contract=ledger.deployment.grants)

    def clauses(
        self,
        *,
        product: ProductId,
        to: PartyId,
        actions: Action | Iterable[Action],
        purposes: Purpose | Iterable[Purpose],
        start: When | None = None,
        until: When | None = None,
        quota: Quota | None = None,
        salt: int | None = None,
        **others: Any,  # noqa: ANN401 (each has its type in Clauses)
    ) -> Clauses:
        """Return clauses with one's own party as grantor, without issuing them.

        `start` and `until` are seconds since 1970, ISO 8601 text, or a duration such as "90d": that
        of `start` counts from the chain's now, that of `until` from the start. Without `salt` it is
        random; `others` are further fields of `Clauses`.
        """
        begin = self._time(start, None)
        return Clauses(
            product=product,
            grantor=self._actor.party(),
            grantee=to,
            actions=_mask(actions, Action),
            purposes=_mask(purposes, Purpose),
            window=Window(start=begin, until=self._time(until, begin)),
            quota=quota,
            salt=int.from_bytes(os.urandom(8)) if salt is None else salt,
            **others,
        )

    def issue(
        self,
        clauses: Clauses | None = None,
        *,
        wish: str = "",
        **given: Any,  # noqa: ANN401 (as in `clauses`)
    ) -> Grant:
        """Issue a grant with these clauses, or with those `clauses()` makes of what is given.

        Where an earlier run was asked in the same words and broke off before it told the outcome,
        the grant is the one that it issued, and `resumed`. The words are `wish`, by default what is
        given: without a salt where none is, and with the times as they are said.
        """
        wanted = self.clauses(**given) if clauses is None else clauses
        words = wish or ("" if clauses is not None else _words(wanted, given))
        receipt = self._actor.submit(Issue(clauses=wanted, wish=words))
        event = next(e for e in receipt.events if isinstance(e, GrantIssued))
        return self.born(event, resumed=receipt.resumed)

    def born(self, event: Birth, *, resumed: bool = False) -> Grant:
        """Return the grant that came to be by an event, as it stands now."""
        return replace(self.known(proved(event, self.domain)), resumed=resumed)

    def issue_all(self, items: Sequence[Clauses], *, wish: str = "") -> Receipt:
        """Issue several grants in one transaction, all or none; `wish` as for `issue`.

        Without `wish` the clauses themselves, salts included, are the words.
        """
        return self._actor.submit(IssueBatch(items=tuple(items), wish=wish))

    def get(self, grant: GrantId, *, at: At | None = None) -> Grant:
        """Return a grant, now or at a past moment; raises `GrantUnknown`."""
        moment = self._actor.ledger.moment(at)
        for event in births(self._actor.ledger, moment, grant=grant):
            if event.grant == grant:
                return self.known(self._proved(event), moment)
        raise unknown(grant)

    def lineage(self, grant: Grant) -> tuple[GrantId, ...]:
        """Return the ids of what a grant rests on, from the product's down, itself at the end."""
        ledger, product = self._actor.ledger, grant.clauses.product
        family = Family.read(ledger, grant.moment, product)
        return family.require_path(grant.id).ids(domain_of(ledger, product))

    def list(
        self,
        *,
        product: ProductId | None = None,
        grantor: PartyId | Me | None = None,
        grantee: PartyId | Me | None = None,
        after: GrantId | None = None,
    ) -> Iterator[Grant]:
        """Yield grants in the order in which they were issued, each as it stands now.

        Complete as far as the events that the node gives are. `after` is one of them to go on
        after; raises `CursorUnknown` where it is not.
        """
        by = None if grantor is None else self._actor.resolve(grantor)
        to = None if grantee is None else self._actor.resolve(grantee)
        moment = self._actor.ledger.moment(None)
        # Each is looked up only once it is known to be wanted.
        found = births(self._actor.ledger, moment, product=product, grantee=to)
        issued = {event.grant: event for event in found}
        for grant in beyond(iter(issued), after):
            event = issued[grant]
            if by is None or Clauses.unpack(event.clauses).grantor == by:
                yield self.known(self._proved(event), moment)

    def revoke(self, grant: GrantId, reason: Reason = Reason.UNSPECIFIED) -> Receipt:
        """End a grant for good, as its grantor after the notice agreed, as its grantee at once."""
        return self._actor.submit(Revoke(grant=grant, reason=reason))

    def revoke_all(self, grants: Iterable[GrantId], reason: Reason = Reason.UNSPECIFIED) -> Receipt:
        """End several grants in one transaction, all or none."""
        return self._actor.submit(RevokeBatch(grants=tuple(grants), reason=reason))

    def own_suspensions(self, grant: GrantId) -> tuple[int, ...]:
        """Return the suspensions of a grant that one's own party made and that last, by index.

        Those that an earlier run ended and did not tell are among them.
        """
        own = self._actor.party()
        return tuple(
            one.index
            for one in self._actor.ledger.grant_suspensions(grant)
            if one.by == own
            if one.until is None or self._actor.awaits(ResumeGrant(grant=grant, index=one.index))
        )

    def check(  # noqa: PLR0913 (a use has this many sides)
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
    ) -> Check:
        """Answer whether a party may do an action with a product for a purpose.

        Every grant to the party on the product is asked; the first that allows the use decides,
        else the one that comes nearest to it says why not.
        """
        ledger = self._actor.ledger
        user = self._actor.resolve(grantee)
        moment = ledger.moment(at)
        use = Use(
            user=user,
            action=action,
            purpose=purpose,
            version=version,
            environment=environment,
            territory=territory,
            amount=amount,
        )
        domain = domain_of(ledger, product)
        issued = [
            proved(event, domain) for event in births(ledger, moment, product=product, grantee=user)
        ]
        verdicts = self._judged(issued, use, moment) if issued else ()
        grant, verdict = _deciding(issued, verdicts)
        return Check(verdict=verdict, use=use, moment=moment, grant=grant)

    # ---- within ------------------------------------------------------------------------------

    def _proved(self, event: Birth) -> Born:
        return proved(event, domain_of(self._actor.ledger, event.product))

    def _time(self, when: When | None, start: int | None) -> int | None:
        if not isinstance(when, str):
            return when
        return parse_time(when, start=start or self._actor.ledger.moment(None).time)

    def _judged(self, issued: Sequence[Born], use: Use, moment: Moment) -> tuple[Verdict, ...]:
        """Judge a use under each grant, those on which it rests counted."""
        ledger = self._actor.ledger
        asked: list[tuple[Clauses | Path, Use]] = [(one.clauses, use) for one in issued]
        if any(one.parent is not None for one in issued):
            # Only then are the grants to others needed too.
            family = Family.read(ledger, moment, issued[0].clauses.product)
            asked = [(family.path(one.id) or one.clauses, use) for one in issued]
        return ledger.check_all(asked, at=moment)

    def known(self, one: Born, moment: Moment | None = None) -> Grant:
        """Return a grant that is known to have come to be, as it stands at a moment or now."""
        ledger = self._actor.ledger
        now = ledger.moment(None) if moment is None else moment
        state = ledger.grant(one.id, at=moment)
        if state is None:
            raise unknown(one.id)
        return Grant(
            id=one.id,
            parent=one.parent,
            clauses=one.clauses,
            state=state,
            moment=now,
            block=one.event.block,
            transaction=one.event.transaction,
        )


def _words(clauses: Clauses, given: Mapping[str, Any]) -> str:
    """Return what tells one wish for a grant from another: all but what differs each time."""
    salt = given.get("salt")
    fixed = replace(clauses, window=Window(), salt=0 if salt is None else salt)
    said = [salt is None, given.get("start"), given.get("until")]
    return f"{fixed.pack().hex()} {said}"


def unknown(grant: GrantId) -> RegistryError:
    """Return the error that there is no such grant."""
    from registry.reverts import GrantUnknown  # noqa: PLC0415 (start-up: seldom raised)

    return GrantUnknown(grant=grant)


def _mask(given: Any, kind: type[Any]) -> Any:  # noqa: ANN401 (Action or Purpose, as `kind` says)
    return given if isinstance(given, kind) else reduce(or_, given, kind(0))


def _deciding(
    issued: Sequence[Born], verdicts: Sequence[Verdict]
) -> tuple[GrantId | None, Verdict]:
    """Return the grant that allows the use, or the one that refuses it last of all conditions."""
    answers = list(zip(issued, verdicts, strict=True))
    for one, verdict in answers:
        if verdict is Verdict.OK:
            return one.id, verdict
    if not answers:
        return None, Verdict.GRANT_UNKNOWN
    one, verdict = max(answers, key=lambda answer: answer[1].rank)
    return one.id, verdict
