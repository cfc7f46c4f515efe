"""Keep what products were made of as `Lineage` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain.ancestry import Path
from registry.domain.clauses import Clauses
from registry.domain.lineage import MOST_SOURCES, Derivation, Source, purposes_within
from registry.domain.lineage_events import ProductDerived, SourceUsed
from registry.domain.lineage_operations import Basis
from registry.domain.party import Standing
from registry.domain.product import ProductState
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Purpose, Right
from registry.testing.annotations import encumbered
from registry.testing.grants import product_verdict
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from registry.domain.case_operations import Origin
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.lineage_operations import (
        DeclareDerivation,
        Making,
        RegisterDerived,
        RegisterDerivedBatch,
        UpdateDerived,
    )
    from registry.domain.product import Product
    from registry.domain.terms import SigningDomain
    from registry.testing.grants import GrantBook
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.products import ProductBook
    from registry.testing.writing import Writing

_NO_METHOD: Final = bytes(32)


class LineageBook:
    """Hold the derivations of products."""

    def __init__(
        self,
        history: History,
        parties: PartyBook,
        products: ProductBook,
        grants: GrantBook,
        domain: SigningDomain,
    ) -> None:
        """Take the domain in which grants have their ids."""
        self._parties = parties
        self._products = products
        self._grants = grants
        self._domain = domain
        self._derivations: Timeline[tuple[ProductId, int], Derivation | None] = Timeline(
            history, None
        )

    # Writes

    def register(self, now: Writing, operation: RegisterDerived) -> None:
        """Register a derived product."""
        self._register(now, self._parties.writer(now.sender), operation)

    def register_batch(self, now: Writing, operation: RegisterDerivedBatch) -> None:
        """Register several derived products, all or none."""
        by = self._parties.writer(now.sender)
        for item in operation.items:
            self._register(now, by, item)

    def update(self, now: Writing, operation: UpdateDerived) -> None:
        """Add a derived version."""
        by = self._parties.writer(now.sender)
        sources = self._judge(now, by, operation.making)
        version = self._products.extend(now, by, operation)
        allowed, declared = (
            self._products.known(operation.product).purposes,
            operation.making.purposes,
        )
        if not purposes_within(allowed, declared):
            raise reverts.PurposesNarrowed(
                product=operation.product, allowed=allowed, declared=declared
            )
        self._keep(now, operation.product, version, by, operation.making, sources)

    def declare(self, now: Writing, operation: DeclareDerivation) -> None:
        """Declare what a product that was applied for is made of."""
        by = self._parties.writer(now.sender)
        known = self._products.known(operation.product)
        if known.applicant != by:
            raise reverts.ApplicantOnly(product=known.id, by=by)
        if known.state not in (ProductState.DRAFT, ProductState.PENDING):
            raise reverts.DeclarationClosed(product=known.id, state=known.state)
        if self.derivation(known.id, 1) is not None:
            raise reverts.DerivationTaken(product=known.id, version=1)
        sources = self._judge(now, by, operation.making)
        self._products.limit(known.id, operation.making.purposes)
        self._keep(now, known.id, 1, by, operation.making, sources)

    # For the desk

    def judge_origins(self, now: Writing, by: PartyId, origins: tuple[Origin, ...]) -> None:
        """Refuse an application of data that its applicant may not derive from one of these."""
        if len(origins) > MOST_SOURCES:
            raise reverts.OriginsTooMany(given=len(origins), most=MOST_SOURCES)
        for one in origins:
            source = self._fit(now, by, one.product)
            if one.clauses:
                self._granted(now, by, one)
            else:
                self._require_own(source, by)

    # Reads

    def derivation(
        self, product: ProductId, version: int, block: int | None = None
    ) -> Derivation | None:
        """Return what a version was made of, None where nothing was declared."""
        return self._derivations.get((product, version), block)

    # Internal

    def _register(self, now: Writing, by: PartyId, item: RegisterDerived) -> None:
        sources = self._judge(now, by, item.making)
        product = self._products.derive(now, by, item.registration, item.making.purposes)
        self._keep(now, product, 1, by, item.making, sources)

    def _keep(
        self,
        now: Writing,
        product: ProductId,
        version: int,
        by: PartyId,
        making: Making,
        sources: tuple[Source, ...],
    ) -> None:
        made = Derivation(
            product=product,
            version=version,
            by=by,
            time=now.time,
            activity=making.activity,
            purposes=making.purposes,
            method=making.method,
            agents=making.agents,
            sources=sources,
            block=now.block,
            transaction=now.transaction,
        )
        self._derivations.set((product, version), made)
        now.emit(
            ProductDerived(
                **now.place,
                product=product,
                by=by,
                version=version,
                activity=making.activity,
                purposes=making.purposes,
                method=making.method or _NO_METHOD,
                agents=making.agents,
                sources=sources,
            )
        )
        for source in sources:
            now.emit(
                SourceUsed(
                    **now.place,
                    source=source.product,
                    product=product,
                    source_version=source.version,
                    version=version,
                    grant=source.grant,
                )
            )

    def _judge(self, now: Writing, by: PartyId, making: Making) -> tuple[Source, ...]:
        """Return the sources as they are recorded; raises what stands against one of them."""
        if int(making.purposes) & ~int(Purpose.ALL):
            raise reverts.PurposesUnknown(purposes=making.purposes)
        if len(making.agents) > MOST_SOURCES:
            raise reverts.AgentsTooMany(given=len(making.agents), most=MOST_SOURCES)
        for agent in making.agents:
            if self._parties.standing_of(agent) is Standing.NONE:
                raise reverts.PartyUnknown(party=agent)
        if not 0 < len(making.bases) <= MOST_SOURCES:
            raise reverts.SourcesOutOfRange(given=len(making.bases), most=MOST_SOURCES)
        found: list[Source] = []
        for index, basis in enumerate(making.bases):
            if found and (basis.product, basis.version) <= found[-1].pin:
                raise reverts.SourcesUnordered(index=index)
            grant = self._judge_source(now, by, basis, making.purposes)
            found.append(Source(product=basis.product, version=basis.version, grant=grant))
        return tuple(found)

    def _judge_source(
        self, now: Writing, by: PartyId, basis: Basis, declared: Purpose
    ) -> GrantId | None:
        source = self._fit(now, by, basis.product)
        if not 0 < basis.version <= source.latest:
            raise reverts.VersionUnknown(
                product=source.id, version=basis.version, latest=source.latest
            )
        grant, allowed = None, source.purposes
        if basis.clauses:
            grant, allowed = self._granted(now, by, basis)
        else:
            self._require_own(source, by)
        if not purposes_within(declared, allowed):
            raise reverts.PurposesBeyondSources(
                source=source.id, allowed=allowed, declared=declared
            )
        return grant

    def _fit(self, now: Writing, by: PartyId, product: ProductId) -> Product:
        """Return a source that is registered and valid, and none that the party operates itself."""
        source = self._products.product(product)
        if source is None:
            raise reverts.OriginUnfit(origin=product, state=ProductState.NONE)
        if not source.as_of(now.time).in_force:
            raise reverts.OriginUnfit(origin=product, state=source.state)
        if source.operated and source.applicant == by:
            raise reverts.RedevelopmentForbidden(source=product)
        return source

    def _require_own(self, source: Product, by: PartyId) -> None:
        held = self._products.rights_of(source.id, by)
        if not held & Right.USE:
            raise reverts.RightsMissing(product=source.id, party=by, held=held, needed=Right.USE)
        if source.frozen:
            raise encumbered(source)

    def _granted(self, now: Writing, by: PartyId, basis: Basis | Origin) -> tuple[GrantId, Purpose]:
        """Return the grant that a basis shows and its purposes, where it lets the party derive.

        An origin is of no version.
        """
        clauses = Clauses.unpack(basis.clauses)
        ids = Path(clauses=clauses, above=basis.above).ids(self._domain)
        verdict = self._verdict(now, by, clauses, ids)
        version = basis.version if isinstance(basis, Basis) else clauses.version
        if verdict is Verdict.OK and clauses.version not in (0, version):
            verdict = Verdict.VERSION_NOT_GRANTED
        if verdict is not Verdict.OK or clauses.product != basis.product:
            raise reverts.OriginNotGranted(
                origin=basis.product, granted=clauses.product, verdict=verdict
            )
        return ids[-1], clauses.purposes

    def _verdict(
        self, now: Writing, by: PartyId, clauses: Clauses, ids: tuple[GrantId, ...]
    ) -> Verdict:
        lineage = [self._grants.grant(one) for one in ids]
        verdict = self._grants.standing_verdict(lineage, now.time, now.block)
        if verdict is not Verdict.OK:
            return verdict
        if now.time < (clauses.window.start or 0):
            return Verdict.NOT_STARTED
        judged = product_verdict(self._products.product(clauses.product), now.time)
        if judged is not Verdict.OK:
            return judged
        if by != clauses.grantee:
            return Verdict.USER_NOT_GRANTEE
        return Verdict.OK if clauses.actions & Action.DERIVE else Verdict.ACTION_NOT_GRANTED
