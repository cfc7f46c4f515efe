"""Keep the state of grants, and judge uses, as `GrantRegistry` does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain import territory
from registry.domain.ancestry import Path
from registry.domain.clauses import Clause
from registry.domain.events import GrantIssued, GrantRevoked
from registry.domain.grant import GrantOrigin, GrantStage, GrantState
from registry.domain.lineage import purposes_within
from registry.domain.party import Role, Scope, Standing
from registry.domain.product import ProductState, Profile
from registry.domain.usage import Period
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import (
    Environment,
    Form,
    Reason,
    Right,
    SecurityClass,
    Template,
)
from registry.testing.annotations import encumbered
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from registry.domain.clauses import Clauses
    from registry.domain.ids import GrantId, PartyId
    from registry.domain.moment import Moment
    from registry.domain.operations import Issue, IssueBatch, Revoke, RevokeBatch
    from registry.domain.product import Product
    from registry.domain.terms import SigningDomain
    from registry.domain.verdict import Use
    from registry.domain.vocabulary import Purpose
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.products import ProductBook
    from registry.testing.writing import Writing

_DAY: Final = 86_400
_BELOW: Final = {
    Verdict.GRANT_REVOKED: Verdict.ANCESTOR_REVOKED,
    Verdict.GRANT_ENDED: Verdict.ANCESTOR_ENDED,
    Verdict.GRANT_SUSPENDED: Verdict.ANCESTOR_SUSPENDED,
    Verdict.QUOTA_EXCEEDED: Verdict.ANCESTOR_EXHAUSTED,
    Verdict.PERIOD_EXCEEDED: Verdict.ANCESTOR_EXHAUSTED,
}
_GUARDED: Final = Environment.SANDBOX | Environment.TEE | Environment.MPC


class GrantBook:
    """Hold who may use which product, for what and until when."""

    def __init__(
        self, history: History, parties: PartyBook, products: ProductBook, domain: SigningDomain
    ) -> None:
        self._parties = parties
        self._products = products
        self._domain = domain
        self._grants: Timeline[GrantId, GrantState | None] = Timeline(history, None)
        self._periods: Timeline[GrantId, Period | None] = Timeline(history, None)

    # Writes

    def issue(self, now: Writing, operation: Issue) -> None:
        """Issue one grant."""
        clauses = operation.clauses
        caller = self._parties.writer_towards(now.sender, clauses.grantee, Scope.GRANT)
        self._issue(now, caller, clauses)

    def issue_batch(self, now: Writing, operation: IssueBatch) -> None:
        """Issue several grants, all or none."""
        caller = self._parties.writer(now.sender, Scope.GRANT)
        for clauses in operation.items:
            self._parties.require_active(clauses.grantee)
            self._issue(now, caller, clauses)

    def revoke(self, now: Writing, operation: Revoke) -> None:
        """End one grant for good."""
        self._revoke(
            now, self._parties.actor(now.sender, Scope.REVOKE), operation.grant, operation.reason
        )

    def revoke_batch(self, now: Writing, operation: RevokeBatch) -> None:
        """End several grants for good, all or none."""
        by = self._parties.actor(now.sender, Scope.REVOKE)
        for grant in operation.grants:
            self._revoke(now, by, grant, operation.reason)

    def debit(self, grant: GrantId, amount: int, time: int, *, above: bool) -> GrantState:
        """Take units used at a time from what is left of a grant; return it as it stood before.

        `above` says that it is debited for one that rests on it.
        """
        state = self._grants.get(grant)
        verdict = standing(state, time)
        if state is None or verdict is not Verdict.OK:
            raise _refused(grant, verdict, above=above)
        if state.remaining is not None:
            if amount > state.remaining:
                raise _refused(grant, Verdict.QUOTA_EXCEEDED, above=above)
            self._grants.set(grant, replace(state, remaining=state.remaining - amount))
        period = self._periods.get(grant)
        if period is not None:
            if amount > period.left(time):
                raise _refused(grant, Verdict.PERIOD_EXCEEDED, above=above)
            self._periods.set(grant, period.debited(amount, time))
        return state

    # Reads

    def period(self, grant: GrantId, block: int | None = None) -> Period | None:
        """Return a grant's quota for each period as of a block, None for none."""
        return self._periods.get(grant, block)

    def grant(self, grant: GrantId, block: int | None = None) -> GrantState | None:
        """Return the state of a grant as of a block, the newest for None."""
        return self._grants.get(grant, block)

    def check(
        self, subject: Clauses | Path, use: Use, *, moment: Moment, block_time: int
    ) -> Verdict:
        """Judge a use at a moment; a time of use before the block's is refused."""
        at = moment.time if use.time is None else use.time or block_time
        if at < block_time:
            raise reverts.TimeBeforeBlock(time=at, block_time=block_time)
        path = subject if isinstance(subject, Path) else Path(clauses=subject)
        clauses = path.clauses
        ids = path.ids(self._domain)
        lineage = [self._grants.get(one, moment.block) for one in ids]
        standing = self.standing_verdict(lineage, at, moment.block)
        if standing is not Verdict.OK:
            return standing
        if at < (clauses.window.start or 0):
            return Verdict.NOT_STARTED
        product = self._products.product(clauses.product, moment.block)
        judged = product_verdict(product, at)
        if product is None or judged is not Verdict.OK:
            return judged
        if use.user != clauses.grantee:
            return Verdict.USER_NOT_GRANTEE
        verdict = _use_verdict(clauses, use, product.latest)
        return verdict or self._quotas_verdict(ids, use.amount, at, moment.block)

    # Internal

    def _issue(self, now: Writing, caller: PartyId, clauses: Clauses) -> None:
        _require_one_sided(clauses, now.time)
        self._require_grantor(caller, clauses)
        self._require_sides(clauses)
        product = self._require_product(clauses, now.time)
        self._require_rights(clauses, product)
        grant = clauses.digest(self._domain)
        self._keep(now, grant, clauses, GrantOrigin.ONE_SIDED)
        now.emit(
            GrantIssued(
                **now.place,
                grant=grant,
                product=clauses.product,
                grantee=clauses.grantee,
                clauses=clauses.pack(),
            )
        )

    def _keep(self, now: Writing, grant: GrantId, clauses: Clauses, origin: GrantOrigin) -> None:
        self._require_vacant(grant)
        self._grants.set(
            grant,
            GrantState(
                id=grant,
                grantor=clauses.grantor,
                grantee=clauses.grantee,
                since=now.time,
                ends_at=clauses.window.until,
                remaining=clauses.quota.total if clauses.quota else None,
                notice_days=clauses.notice_days,
                stage=GrantStage.ISSUED,
                origin=origin,
                periodic=clauses.quota is not None and clauses.quota.per_period != 0,
            ),
        )
        quota = clauses.quota
        if quota is not None and quota.per_period:
            period = Period(
                limit=quota.per_period,
                used=0,
                length=quota.period,
                index=0,
                first_at=max(clauses.window.start or 0, now.time),
            )
            self._periods.set(grant, period)

    def _require_vacant(self, grant: GrantId) -> None:
        known = self._grants.get(grant)
        if known is None:
            return
        if known.stage is GrantStage.VOIDED:
            raise reverts.OfferIsVoid(grant=grant)
        raise reverts.GrantTaken(grant=grant)

    def _require_grantor(self, caller: PartyId, clauses: Clauses) -> None:
        if caller != clauses.grantor:
            raise reverts.GrantorMismatch(named=clauses.grantor, caller=caller)

    def _require_sides(self, clauses: Clauses) -> None:
        if clauses.grantee == clauses.grantor:
            raise reverts.GranteeIsGrantor(party=clauses.grantor)
        service = clauses.service_party
        if service is not None and self._parties.standing_of(service) is Standing.NONE:
            raise reverts.ClauseInvalid(clause=Clause.SERVICE_PARTY, value=int(service))

    def _require_product(self, clauses: Clauses, now: int) -> Product:
        product = self._products.product(clauses.product)
        if product is None:
            raise reverts.ProductUnknown(product=clauses.product)
        require_grantable(product, clauses.purposes, now)
        if clauses.version > product.latest:
            raise reverts.VersionUnknown(
                product=product.id, version=clauses.version, latest=product.latest
            )
        environment = clauses.environment
        is_open = not environment or bool(int(environment) & ~int(_GUARDED))
        if is_open and product.security_class is not SecurityClass.GENERAL:
            raise reverts.EnvironmentTooOpen(
                product=product.id,
                security_class=product.security_class,
                environment=environment,
            )
        return product

    def _require_rights(self, clauses: Clauses, product: Product) -> None:
        held = self._products.rights_of(product.id, clauses.grantor)
        enough = Right.OPERATE
        if clauses.template is Template.ENTRUSTMENT:
            enough = Right.HOLD | Right.USE
        if clauses.template is Template.PUBLIC_OPERATION:
            if product.profile is not Profile.PUBLIC:
                raise reverts.ProfileNotPublic(product=product.id, profile=product.profile)
            enough = Right.HOLD
        if not held & enough or clauses.rights & held != clauses.rights:
            needed = clauses.rights | (enough if enough is Right.OPERATE else Right.HOLD)
            raise reverts.RightsMissing(
                product=product.id, party=clauses.grantor, held=held, needed=needed
            )

    def _revoke(self, now: Writing, by: PartyId, grant: GrantId, reason: Reason) -> None:
        state = self._grants.get(grant)
        if state is None:
            raise reverts.GrantUnknown(grant=grant)
        end = now.time
        if by == state.grantor:
            end += state.notice_days * _DAY
        elif by != state.grantee:
            self._require_office(now, state, by, Role.COURT)
        if state.ends_at is not None and state.ends_at <= end:
            raise reverts.GrantEndsAlready(grant=grant, ends_at=state.ends_at)
        stage = GrantStage.REVOKED_SUSPENDED if state.suspended else GrantStage.REVOKED
        self._grants.set(grant, replace(state, ends_at=end, stage=stage))
        now.emit(GrantRevoked(**now.place, grant=grant, by=by, ends_at=end, reason=reason))

    def _require_office(self, now: Writing, state: GrantState, by: PartyId, roles: Role) -> None:
        party = self._parties.party(by)
        if party is None or not party.roles & roles:
            raise reverts.GrantNotYours(grant=state.id, party=by)
        self._parties.actor(now.sender, Scope.DECIDE)

    def standing_verdict(self, lineage: list[GrantState | None], at: int, block: int) -> Verdict:
        """Judge the grants of a lineage from the top, and their parties."""
        for state in lineage[:-1]:
            verdict = for_descendants(standing(state, at))
            if verdict is not Verdict.OK:
                return verdict
            if state is not None and not self._active(state.grantor, block):
                return Verdict.ANCESTOR_PARTY_SUSPENDED
        own = lineage[-1]
        verdict = standing(own, at)
        if own is None or verdict is not Verdict.OK:
            return verdict
        if not self._active(own.grantor, block):
            return Verdict.GRANTOR_SUSPENDED
        return Verdict.OK if self._active(own.grantee, block) else Verdict.GRANTEE_SUSPENDED

    def _quotas_verdict(
        self, ids: tuple[GrantId, ...], amount: int, at: int, block: int
    ) -> Verdict:
        """Judge an amount by the grant's own quota first, then by those above from the top."""
        verdict = self._quota_verdict(ids[-1], amount, at, block)
        for one in ids[:-1]:
            verdict = verdict or for_descendants(self._quota_verdict(one, amount, at, block))
        return verdict

    def _quota_verdict(self, grant: GrantId, amount: int, at: int, block: int) -> Verdict:
        state, period = self._grants.get(grant, block), self._periods.get(grant, block)
        if state is not None and state.remaining is not None and amount > state.remaining:
            return Verdict.QUOTA_EXCEEDED
        exceeded = period is not None and amount > period.left(at)
        return Verdict.PERIOD_EXCEEDED if exceeded else Verdict.OK

    def _active(self, party: PartyId, block: int) -> bool:
        return self._parties.standing_of(party, block) is Standing.ACTIVE


def standing(state: GrantState | None, at: int) -> Verdict:
    """Say what a grant's own state says of it at a time."""
    if state is None:
        return Verdict.GRANT_UNKNOWN
    if not state.ended_by(at):
        return Verdict.GRANT_SUSPENDED if state.suspended else Verdict.OK
    if state.stage is GrantStage.VOIDED:
        return Verdict.GRANT_VOIDED
    return Verdict.GRANT_REVOKED if state.revoked else Verdict.GRANT_ENDED


def for_descendants(verdict: Verdict) -> Verdict:
    """Say what the verdict on a grant is for whatever rests on it."""
    if verdict is Verdict.OK:
        return verdict
    # Nothing rests on what never came to be.
    return _BELOW.get(verdict, Verdict.GRANT_UNKNOWN)


def require_grantable(product: Product, wanted: Purpose, time: int) -> None:
    """Refuse a product that no grant for these purposes may come to be of at a time."""
    if product.state is not ProductState.REGISTERED:
        raise reverts.ProductNotInForce(product=product.id, state=product.state)
    if product.as_of(time).expired:
        raise reverts.ProductExpired(product=product.id, until=product.until or 0)
    if product.encumbered:
        raise encumbered(product)
    if not purposes_within(wanted, product.purposes):
        raise reverts.PurposesBeyondProduct(
            product=product.id, allowed=product.purposes, wanted=wanted
        )


def product_verdict(product: Product | None, time: int) -> Verdict:
    """Say what a product's own state says of its use at a time."""
    if product is None or product.state is not ProductState.REGISTERED:
        return Verdict.PRODUCT_NOT_IN_FORCE
    if product.as_of(time).expired:
        return Verdict.PRODUCT_EXPIRED
    if product.seizures:
        return Verdict.PRODUCT_SEIZED
    return Verdict.PRODUCT_CONTROLLED if product.controls else Verdict.OK


def _require_one_sided(clauses: Clauses, time: int) -> None:
    """Refuse what `Clauses` can hold and no one-sided grant may have, in the contract's order."""
    if clauses.form is not Form.ONE_SIDED:
        raise reverts.FormNeedsSignatures(form=clauses.form)
    _require_absent(Clause.MODE, int(clauses.mode))
    _require_absent(Clause.OFFER_UNTIL, clauses.offer_until or 0)
    # The other templates are contracts of two or more sides.
    if clauses.template > Template.ENTRUSTMENT:
        raise reverts.ClauseInvalid(clause=Clause.TEMPLATE, value=int(clauses.template))
    require_window(clauses, time)
    _require_absent(Clause.AGREEMENT, int.from_bytes(clauses.agreement or b""))
    _require_absent(Clause.REPLACES, int(clauses.replaces or 0))


def require_window(clauses: Clauses, time: int) -> None:
    """Refuse a window that is over."""
    until = clauses.window.until
    if until is not None and until <= time:
        raise reverts.WindowEnded(valid_until=until, time=time)


def _require_absent(clause: Clause, value: int) -> None:
    if value:
        raise reverts.ClauseInvalid(clause=clause, value=value)


def _use_verdict(clauses: Clauses, use: Use, latest: int) -> Verdict:
    version = use.version or latest
    if version > latest or clauses.version not in (0, version):
        return Verdict.VERSION_NOT_GRANTED
    return clauses_verdict(clauses, use.action, use.purpose, use.environment, use.territory)


def clauses_verdict(
    clauses: Clauses, action: int, purpose: int, environment: int, code: int
) -> Verdict:
    """Judge what a use declares of itself by the clauses; `code` is its territory."""
    within = not clauses.environment or _within(environment, clauses.environment)
    in_order = (
        (_within(action, clauses.actions), Verdict.ACTION_NOT_GRANTED),
        (_within(purpose, clauses.purposes), Verdict.PURPOSE_NOT_GRANTED),
        (within, Verdict.ENVIRONMENT_NOT_GRANTED),
        (territory.covered(clauses.territory, code), Verdict.TERRITORY_NOT_GRANTED),
    )
    return next((verdict for allowed, verdict in in_order if not allowed), Verdict.OK)


def _refused(grant: GrantId, verdict: Verdict, *, above: bool) -> reverts.UsageRefused:
    told = for_descendants(verdict) if above else verdict
    return reverts.UsageRefused(grant=grant, verdict=told)


def _within(asked: int, granted: int) -> bool:
    return asked != 0 and int(asked) & ~int(granted) == 0
