"""Keep the state of grants, and judge uses, as `GrantRegistry` does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain import territory
from registry.domain.clauses import Clause
from registry.domain.events import GrantIssued, GrantRevoked
from registry.domain.grant import GrantOrigin, GrantStage, GrantState
from registry.domain.party import Scope, Standing
from registry.domain.product import ProductState
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
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.products import ProductBook
    from registry.testing.writing import Writing

_DAY: Final = 86_400
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

    # Reads

    def grant(self, grant: GrantId, block: int | None = None) -> GrantState | None:
        """Return the state of a grant as of a block, the newest for None."""
        return self._grants.get(grant, block)

    def check(self, clauses: Clauses, use: Use, *, moment: Moment, block_time: int) -> Verdict:
        """Judge a use at a moment; a time of use before the block's is refused."""
        at = moment.time if use.time is None else use.time or block_time
        if at < block_time:
            raise reverts.TimeBeforeBlock(time=at, block_time=block_time)
        grant = self._grants.get(clauses.digest(self._domain), moment.block)
        if grant is None:
            return Verdict.GRANT_UNKNOWN
        standing = self._standing_verdict(grant, at, moment.block)
        if standing is not Verdict.OK:
            return standing
        if at < (clauses.window.start or 0):
            return Verdict.NOT_STARTED
        product = self._products.product(clauses.product, moment.block)
        judged = _product_verdict(product, at)
        if product is None or judged is not Verdict.OK:
            return judged
        if use.user != clauses.grantee:
            return Verdict.USER_NOT_GRANTEE
        return _use_verdict(clauses, use, product.latest, grant.remaining)

    # Internal

    def _issue(self, now: Writing, caller: PartyId, clauses: Clauses) -> None:
        _require_one_sided(clauses, now.time)
        self._require_sides(caller, clauses)
        self._require_product(clauses, now.time)
        grant = clauses.digest(self._domain)
        if self._grants.get(grant) is not None:
            raise reverts.GrantTaken(grant=grant)
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
                origin=GrantOrigin.ONE_SIDED,
                periodic=clauses.quota is not None and clauses.quota.per_period != 0,
            ),
        )
        now.emit(
            GrantIssued(
                **now.place,
                grant=grant,
                product=clauses.product,
                grantee=clauses.grantee,
                clauses=clauses.pack(),
            )
        )

    def _require_sides(self, caller: PartyId, clauses: Clauses) -> None:
        if caller != clauses.grantor:
            raise reverts.GrantorMismatch(named=clauses.grantor, caller=caller)
        if clauses.grantee == caller:
            raise reverts.GranteeIsGrantor(party=caller)
        service = clauses.service_party
        if service is not None and self._parties.standing_of(service) is Standing.NONE:
            raise reverts.ClauseInvalid(clause=Clause.SERVICE_PARTY, value=int(service))

    def _require_product(self, clauses: Clauses, now: int) -> None:
        product = self._products.product(clauses.product)
        if product is None:
            raise reverts.ProductUnknown(product=clauses.product)
        require_grantable(product, now)
        if clauses.version > product.latest:
            raise reverts.VersionUnknown(
                product=product.id, version=clauses.version, latest=product.latest
            )
        self._require_rights(clauses, product)
        environment = clauses.environment
        is_open = not environment or bool(int(environment) & ~int(_GUARDED))
        if is_open and product.security_class is not SecurityClass.GENERAL:
            raise reverts.EnvironmentTooOpen(
                product=product.id,
                security_class=product.security_class,
                environment=environment,
            )

    def _require_rights(self, clauses: Clauses, product: Product) -> None:
        held = self._products.rights_of(product.id, clauses.grantor)
        entrusted = clauses.template is Template.ENTRUSTMENT
        enough = Right.HOLD | Right.USE if entrusted else Right.OPERATE
        if not held & enough or clauses.rights & held != clauses.rights:
            needed = clauses.rights | (Right.HOLD if entrusted else Right.OPERATE)
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
            raise reverts.GrantNotYours(grant=grant, party=by)
        if state.ends_at is not None and state.ends_at <= end:
            raise reverts.GrantEndsAlready(grant=grant, ends_at=state.ends_at)
        self._grants.set(grant, replace(state, ends_at=end, stage=GrantStage.REVOKED))
        now.emit(GrantRevoked(**now.place, grant=grant, by=by, ends_at=end, reason=reason))

    def _standing_verdict(self, grant: GrantState, at: int, block: int) -> Verdict:
        if grant.ended_by(at):
            revoked = grant.stage is GrantStage.REVOKED
            return Verdict.GRANT_REVOKED if revoked else Verdict.GRANT_ENDED
        if self._parties.standing_of(grant.grantor, block) is not Standing.ACTIVE:
            return Verdict.GRANTOR_SUSPENDED
        if self._parties.standing_of(grant.grantee, block) is not Standing.ACTIVE:
            return Verdict.GRANTEE_SUSPENDED
        return Verdict.OK


def require_grantable(product: Product, time: int) -> None:
    """Refuse a product that no grant may come to be of at a time."""
    if product.state is not ProductState.REGISTERED:
        raise reverts.ProductNotInForce(product=product.id, state=product.state)
    if product.as_of(time).expired:
        raise reverts.ProductExpired(product=product.id, until=product.until or 0)
    if product.encumbered:
        raise encumbered(product)


def _product_verdict(product: Product | None, time: int) -> Verdict:
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
    until = clauses.window.until
    if until is not None and until <= time:
        raise reverts.WindowEnded(valid_until=until, time=time)
    _require_absent(Clause.AGREEMENT, int.from_bytes(clauses.agreement or b""))
    _require_absent(Clause.REPLACES, int(clauses.replaces or 0))


def _require_absent(clause: Clause, value: int) -> None:
    if value:
        raise reverts.ClauseInvalid(clause=clause, value=value)


def _use_verdict(clauses: Clauses, use: Use, latest: int, remaining: int | None) -> Verdict:
    version = use.version or latest
    granted = version <= latest and clauses.version in (0, version)
    environment = not clauses.environment or _within(use.environment, clauses.environment)
    left = remaining is None or use.amount <= remaining
    in_period = remaining is None or use.amount <= _per_period(clauses, remaining)
    in_order = (
        (granted, Verdict.VERSION_NOT_GRANTED),
        (_within(use.action, clauses.actions), Verdict.ACTION_NOT_GRANTED),
        (_within(use.purpose, clauses.purposes), Verdict.PURPOSE_NOT_GRANTED),
        (environment, Verdict.ENVIRONMENT_NOT_GRANTED),
        (territory.covered(clauses.territory, use.territory), Verdict.TERRITORY_NOT_GRANTED),
        (left, Verdict.QUOTA_EXCEEDED),
        (in_period, Verdict.PERIOD_EXCEEDED),
    )
    return next((verdict for allowed, verdict in in_order if not allowed), Verdict.OK)


def _within(asked: int, granted: int) -> bool:
    return asked != 0 and int(asked) & ~int(granted) == 0


def _per_period(clauses: Clauses, otherwise: int) -> int:
    return clauses.quota.per_period or otherwise if clauses.quota else otherwise
