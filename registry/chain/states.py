"""Turn the tuples that the contracts return into values of the domain, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.domain.annotation import Annotation
from registry.domain.grant import UNLIMITED, GrantOrigin, GrantStage, GrantState, GrantSuspension
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.lineage import Source
from registry.domain.party import Party, Role, Standing, Suspension
from registry.domain.product import Claim, Holding, Product, ProductState, Profile, Share
from registry.domain.vocabulary import AnnotationKind, Purpose, Reason, Right, SecurityClass

if TYPE_CHECKING:
    from registry.domain.moment import Moment
    from registry.domain.verdict import Use


def party_of(party: PartyId, returned: tuple[Any, ...]) -> Party:
    """Return the party that ``partyRecord`` returned."""
    (controller, standing, roles, since, agents_since), identity_hash = returned
    return Party(
        id=party,
        controller=Address.of(controller),
        standing=Standing(standing),
        roles=Role(roles),
        since=since,
        identity_hash=identity_hash,
        agents_since=agents_since or None,
    )


def suspension_of(party: PartyId, index: int, interval: tuple[Any, ...]) -> Suspension:
    """Return the suspension that an ``Interval`` is."""
    since, until, by, _, reason, evidence = interval
    return Suspension(
        party=party,
        index=index,
        by=PartyId.of(by),
        reason=Reason(reason),
        evidence=evidence,
        since=since,
        until=until or None,
    )


def product_of(product: ProductId, record: tuple[Any, ...]) -> Product:
    """Return the product that a ``Product`` struct is."""
    applicant, profile, state, security_class, rights, moved, latest, since, until, *rest = record
    operated, registrar, seizures, controls, disputes, derived, purposes = rest
    return Product(
        id=product,
        applicant=PartyId.of(applicant),
        profile=Profile(profile),
        state=ProductState(state),
        security_class=SecurityClass(security_class),
        rights=Right(rights),
        moved=moved,
        latest=latest,
        since=since,
        until=until or None,
        operated=operated,
        registrar=registrar,
        seizures=seizures,
        controls=controls,
        disputes=disputes,
        derived=derived,
        purposes=Purpose(purposes),
    )


def first_product_of(product: ProductId, record: tuple[Any, ...]) -> Product:
    """Return the product that a ``Product`` struct of the first release is."""
    return product_of(product, (*record, False, 0, 0, 0, 0, False, 0))


def shares_of(shares: tuple[tuple[Any, ...], ...]) -> tuple[Share, ...]:
    """Return the shares that ``Share`` structs are."""
    return tuple(Share(party=PartyId.of(party), rights=Right(rights)) for party, rights in shares)


def sources_of(sources: tuple[tuple[Any, ...], ...]) -> tuple[Source, ...]:
    """Return the sources that ``Source`` structs are."""
    return tuple(
        Source(
            product=ProductId.of(product),
            version=version,
            grant=GrantId.of(grant) if any(grant) else None,
        )
        for product, version, grant in sources
    )


def holding_of(holding: tuple[Any, ...]) -> Holding:
    """Return the holding that a ``Holding`` struct is."""
    party, rights, since, until = holding
    return Holding(party=PartyId.of(party), rights=Right(rights), since=since, until=until or None)


def annotation_of(product: ProductId, index: int, interval: tuple[Any, ...]) -> Annotation:
    """Return the annotation that an ``Interval`` of a product is."""
    since, until, by, kind, reason, evidence = interval
    return Annotation(
        product=product,
        index=index,
        kind=AnnotationKind(kind),
        by=PartyId.of(by),
        reason=Reason(reason),
        evidence=evidence,
        since=since,
        until=until or None,
    )


def claim_of(claim: tuple[Any, ...]) -> Claim:
    """Return the claim that a ``Claim`` struct is; its count is claim 0's own matter."""
    product, version, first_at, _ = claim
    return Claim(product=ProductId.of(product), version=version, first_at=first_at)


def grant_of(grant: GrantId, state: tuple[Any, ...]) -> GrantState:
    """Return the state that a ``GrantState`` struct is."""
    grantor, grantee, since, ends_at, remaining, notice_days, stage, origin, periodic = state
    return GrantState(
        id=grant,
        grantor=PartyId.of(grantor),
        grantee=PartyId.of(grantee),
        since=since,
        ends_at=ends_at or None,
        remaining=None if remaining == UNLIMITED else remaining,
        notice_days=notice_days,
        stage=GrantStage(stage),
        origin=GrantOrigin(origin),
        periodic=periodic,
    )


def grant_suspension_of(grant: GrantId, index: int, interval: tuple[Any, ...]) -> GrantSuspension:
    """Return the suspension of a grant that an ``Interval`` is."""
    since, until, by, _, reason, evidence = interval
    return GrantSuspension(
        grant=grant,
        index=index,
        by=PartyId.of(by),
        reason=Reason(reason),
        evidence=evidence,
        since=since,
        until=until or None,
    )


def use_tuple(use: Use, moment: Moment) -> tuple[int, ...]:
    """Return the ``Use`` struct of a use asked about at a moment."""
    return (
        int(use.user),
        use.version,
        int(use.environment),
        int(use.action),
        int(use.purpose),
        use.territory,
        use.amount,
        moment.time if use.time is None else use.time,
    )
