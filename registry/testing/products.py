"""Keep products, versions, claims and holdings as `ProductRegistry` does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain.events import (
    HoldersNamed,
    ProductListed,
    ProductOpened,
    ProductRegistered,
    ProductRetired,
    ProductSettled,
    ProductUpdated,
    RightsTransferred,
)
from registry.domain.ids import ProductId
from registry.domain.operations import Update
from registry.domain.party import Standing
from registry.domain.product import (
    MAX_VERSION,
    Claim,
    Holding,
    ParticularFlag,
    Product,
    ProductState,
    Profile,
    Version,
    first_digest,
    next_digest,
    within_source,
)
from registry.domain.vocabulary import Purpose, Right, Source
from registry.testing.annotations import encumbered
from registry.testing.history import Timeline
from registry.testing.locators import require_locator

if TYPE_CHECKING:
    from registry.domain.case_operations import Apply
    from registry.domain.ids import Address, PartyId
    from registry.domain.lineage_operations import UpdateDerived
    from registry.domain.operations import Register, RegisterBatch, Retire, Transfer
    from registry.domain.product import Share
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.writing import Writing

_NO_HASH: Final = bytes(32)
_MOST_SHARES: Final = 16
_NO_LIMIT: Final = Purpose(0)


class ProductBook:
    """Hold products and what is claimed of contents."""

    def __init__(
        self, history: History, parties: PartyBook, *, chain_id: int, registry: Address
    ) -> None:
        self._parties = parties
        self._chain_id = chain_id
        self._registry = registry
        self._products: Timeline[ProductId, Product | None] = Timeline(history, None)
        self._claims: Timeline[bytes, tuple[Claim, ...]] = Timeline(history, ())
        self._versions: Timeline[ProductId, tuple[Version, ...]] = Timeline(history, ())
        self._holdings: Timeline[ProductId, tuple[Holding, ...]] = Timeline(history, ())

    # Writes

    def register(self, now: Writing, operation: Register) -> None:
        """Register one product, and tell of its series and locator where it has them."""
        applicant = self._parties.writer(now.sender)
        series, locator = operation.series, operation.locator
        if operation.listed:
            self._require_listing(applicant, operation, now.time)
        product = self._register(now, applicant, operation)
        if operation.listed:
            now.emit(ProductListed(**now.place, product=product, series=series, locator=locator))

    def _require_listing(self, applicant: PartyId, operation: Register, time: int) -> None:
        require_locator(operation.locator)
        if operation.series is None:
            return
        series = self.known(operation.series).as_of(time)
        if series.state is not ProductState.REGISTERED:
            raise reverts.ProductNotInForce(product=series.id, state=series.state)
        if series.expired:
            raise reverts.ProductExpired(product=series.id, until=series.until or 0)
        self._require_rights(series, applicant, Right.HOLD)

    def register_batch(self, now: Writing, operation: RegisterBatch) -> None:
        """Register several products, all or none."""
        applicant = self._parties.writer(now.sender)
        for item in operation.items:
            self._register(now, applicant, item)

    def update(self, now: Writing, operation: Update) -> None:
        """Add a version, for the holder of HOLD."""
        by = self._parties.writer(now.sender)
        product = self._extensible(operation, by)
        if product.derived:
            raise reverts.DerivationMissing(product=product.id, version=product.latest + 1)
        self._extend(now, product, by, operation)

    def retire(self, now: Writing, operation: Retire) -> None:
        """End a product, for the holder of HOLD."""
        by = self._parties.writer(now.sender)
        product = self._open(operation.product)
        self._require_rights(product, by, Right.HOLD)
        if product.frozen:
            raise encumbered(product)
        self._products.set(product.id, replace(product, state=ProductState.RETIRED, until=now.time))
        now.emit(ProductRetired(**now.place, product=product.id, by=by))

    def transfer(self, now: Writing, operation: Transfer) -> None:
        """Move rights to another party."""
        rights, to = operation.rights, operation.to
        origin = self._parties.writer_towards(now.sender, to)
        product = self._open(operation.product)
        if product.encumbered:
            raise encumbered(product)
        if not 0 < rights <= Right.ALL:
            raise reverts.RightsInvalid(rights=rights)
        if origin == to:
            raise reverts.TransferToSelf(product=product.id, party=origin)
        held = self._require_rights(product, origin, rights)
        self._shift(now, product, (origin, to), rights, held)

    def promote(self, now: Writing, applicant: PartyId, item: Register, since: int) -> ProductId:
        """Register a product with the time at which it was anchored, for the anchors alone."""
        return self._register(now, applicant, item, since=since)

    # For the lineage alone

    def derive(
        self, now: Writing, applicant: PartyId, item: Register, purposes: Purpose
    ) -> ProductId:
        """Register a product that may be granted for these purposes at most."""
        return self._register(now, applicant, item, derived=True, purposes=purposes)

    def extend(self, now: Writing, by: PartyId, operation: UpdateDerived) -> int:
        """Add a version that says what it was made of, and return its number."""
        product = self._extensible(operation, by)
        self._extend(now, replace(product, derived=True), by, operation)
        return product.latest + 1

    def limit(self, product: ProductId, purposes: Purpose) -> None:
        """Limit what a product may be granted for."""
        self.keep(replace(self.known(product), derived=True, purposes=purposes))

    # For the desk alone

    def open_case(self, now: Writing, applicant: PartyId, asked: Apply) -> ProductId:
        """Open a product for a case, at version 1, with its holders where they are named."""
        item, shares = asked.registration, asked.shares
        product = self._new(applicant, item, asked.profile)
        state = ProductState.DRAFT if asked.draft else ProductState.PENDING
        made = Product(
            id=product,
            applicant=applicant,
            profile=asked.profile,
            state=state,
            security_class=item.security_class,
            rights=item.rights,
            moved=bool(shares),
            latest=1,
            since=now.time,
            operated=bool(item.flags & ParticularFlag.OPERATED),
            derived=item.source is Source.DERIVED,
            registrar=asked.registrar,
        )
        self._products.set(product, made)
        self._add_version(now, product, applicant, item, 1)
        now.emit(
            ProductOpened(
                **now.place,
                product=product,
                applicant=applicant,
                profile=asked.profile,
                state=state,
                registrar=asked.registrar,
                content_root=item.content_root,
                metadata_hash=item.metadata_hash,
                salt=item.salt,
                rights=item.rights,
                security_class=item.security_class,
                source=item.source,
                flags=item.flags,
            )
        )
        if shares:
            self._name(now, product, item.rights, shares)
        return product

    def settle(
        self, now: Writing, product: Product, state: ProductState, since: int, until: int | None
    ) -> None:
        """Bring a product into a state."""
        self.keep(replace(product, state=state, since=since, until=until))
        now.emit(
            ProductSettled(
                **now.place,
                product=product.id,
                state=state,
                registrar=product.registrar,
                since=since,
                until=until or 0,
            )
        )

    def advance(
        self, now: Writing, product: ProductId, by: PartyId, root: bytes, metadata: bytes
    ) -> None:
        """Add the version that a case decided on."""
        known = self.known(product)
        number = known.latest + 1
        item = Update(
            product=product, latest=known.latest, content_root=root, metadata_hash=metadata
        )
        self.keep(replace(known, latest=number))
        self._add_version(now, product, by, item, number)
        now.emit(
            ProductUpdated(
                **now.place,
                product=product,
                by=by,
                version=number,
                content_root=root,
                metadata_hash=metadata,
            )
        )

    def move(
        self, now: Writing, product: ProductId, from_: PartyId, to: PartyId, rights: Right
    ) -> None:
        """Move rights as a case or an award decided."""
        known = self.known(product)
        if not 0 < rights <= Right.ALL:
            raise reverts.RightsInvalid(rights=rights)
        if from_ == to:
            raise reverts.TransferToSelf(product=product, party=from_)
        self._shift(now, known, (from_, to), rights, self._require_rights(known, from_, rights))

    # Questions of the other books, and reads

    def known(self, product: ProductId) -> Product:
        """Return a product as it stands; raises `ProductUnknown`."""
        known = self._products.get(product)
        if known is None:
            raise reverts.ProductUnknown(product=product)
        return known

    def keep(self, product: Product) -> None:
        """Keep a product that another book changed."""
        self._products.set(product.id, product)

    def product(self, product: ProductId, block: int | None = None) -> Product | None:
        """Return a product as of a block, the newest for None."""
        return self._products.get(product, block)

    def rights_of(self, product: ProductId, party: PartyId, block: int | None = None) -> Right:
        """Return the rights that a party holds, whether or not the product is in force."""
        known = self._products.get(product, block)
        if known is None:
            return Right(0)
        if known.moved:
            return self._held_by(product, party, block)
        return known.rights if known.applicant == party else Right(0)

    def holdings(self, product: ProductId, block: int | None = None) -> tuple[Holding, ...]:
        """Return who held which rights when, the applicant's own holding included."""
        known = self._products.get(product, block)
        if known is None:
            return ()
        if known.moved:
            return self._holdings.get(product, block)
        return (Holding(party=known.applicant, rights=known.rights, since=known.since),)

    def claims(self, content_root: bytes, block: int | None = None) -> tuple[Claim, ...]:
        """Return all registrations of a content root, in the order in which they were made."""
        return self._claims.get(content_root, block)

    def versions(self, product: ProductId, block: int | None = None) -> tuple[Version, ...]:
        """Return all versions of a product."""
        return self._versions.get(product, block)

    # Internal

    def _shift(
        self,
        now: Writing,
        product: Product,
        sides: tuple[PartyId, PartyId],
        rights: Right,
        held: Right,
    ) -> None:
        """Move rights that the first side holds to the second."""
        origin, to = sides
        if not product.moved:
            self._products.set(product.id, replace(product, moved=True))
            first = Holding(party=origin, rights=held, since=product.since)
            self._holdings.set(product.id, (first,))
        self._hold(now, product.id, origin, held & ~rights)
        self._hold(now, product.id, to, self._held_by(product.id, to) | rights)
        now.emit(
            RightsTransferred(**now.place, product=product.id, from_=origin, to=to, rights=rights)
        )

    def _name(
        self, now: Writing, product: ProductId, registered: Right, shares: tuple[Share, ...]
    ) -> None:
        if len(shares) > _MOST_SHARES:
            raise reverts.SharesTooMany(shares=len(shares), most=_MOST_SHARES)
        named = Right(0)
        for index, share in enumerate(shares):
            unfit = not share.rights or share.rights & ~registered
            if unfit or self._held_by(product, share.party):
                raise reverts.ShareInvalid(index=index, party=share.party, rights=share.rights)
            if self._parties.standing_of(share.party) is Standing.NONE:
                raise reverts.PartyUnknown(party=share.party)
            named |= share.rights
            self._hold(now, product, share.party, share.rights)
        if named != registered:
            raise reverts.RightsUnassigned(rights=registered & ~named)
        now.emit(HoldersNamed(**now.place, product=product, shares=shares))

    def _new(
        self, applicant: PartyId, item: Register, profile: Profile, *, derived: bool = False
    ) -> ProductId:
        """Return the id of a product that may be registered so; raises what stands against it."""
        if item.content_root == _NO_HASH:
            raise reverts.ContentRootMissing(metadata_hash=item.metadata_hash)
        if item.rights > Right.ALL or not item.rights & Right.HOLD:
            raise reverts.ParticularsInvalid(particulars=item.particulars)
        if item.flags & ParticularFlag.RAW_PUBLIC and profile is not Profile.PUBLIC:
            raise reverts.ProfileUnfit(profile=profile, particulars=item.particulars)
        if not within_source(item.source, item.flags, item.rights):
            raise reverts.RightsBeyondSource(source=item.source, rights=item.rights)
        product = ProductId.derive(
            chain_id=self._chain_id,
            registry=self._registry,
            party=applicant,
            content_root=item.content_root,
            metadata_hash=item.metadata_hash,
            salt=item.salt,
        )
        if item.source is Source.DERIVED and profile is Profile.OPEN and not derived:
            raise reverts.DerivationMissing(product=product, version=1)
        if self._products.get(product) is not None:
            raise reverts.ProductTaken(product=product)
        return product

    def _register(
        self,
        now: Writing,
        applicant: PartyId,
        item: Register,
        *,
        derived: bool = False,
        purposes: Purpose = _NO_LIMIT,
        since: int | None = None,
    ) -> ProductId:
        product = self._new(applicant, item, Profile.OPEN, derived=derived)
        self._products.set(
            product,
            Product(
                id=product,
                applicant=applicant,
                profile=Profile.OPEN,
                state=ProductState.REGISTERED,
                security_class=item.security_class,
                rights=item.rights,
                moved=False,
                latest=1,
                since=now.time if since is None else since,
                operated=bool(item.flags & ParticularFlag.OPERATED),
                derived=derived,
                purposes=purposes,
            ),
        )
        self._add_version(now, product, applicant, item, 1, since)
        now.emit(
            ProductRegistered(
                **now.place,
                product=product,
                applicant=applicant,
                content_root=item.content_root,
                metadata_hash=item.metadata_hash,
                salt=item.salt,
                rights=item.rights,
                security_class=item.security_class,
                source=item.source,
                flags=item.flags,
            )
        )
        return product

    def _extensible(self, operation: Update | UpdateDerived, by: PartyId) -> Product:
        """Return what may take another version from a holder of HOLD that knows the latest one."""
        product = self._open(operation.product)
        self._require_rights(product, by, Right.HOLD)
        if operation.latest != product.latest:
            raise reverts.VersionStale(
                product=product.id, given=operation.latest, latest=product.latest
            )
        return product

    def _extend(
        self, now: Writing, product: Product, by: PartyId, operation: Update | UpdateDerived
    ) -> None:
        if product.latest == MAX_VERSION:
            raise reverts.VersionsExhausted(product=product.id, latest=product.latest)
        if operation.content_root == _NO_HASH:
            raise reverts.ContentRootMissing(metadata_hash=operation.metadata_hash)
        number = product.latest + 1
        self._products.set(product.id, replace(product, latest=number))
        self._add_version(now, product.id, by, operation, number)
        now.emit(
            ProductUpdated(
                **now.place,
                product=product.id,
                by=by,
                content_root=operation.content_root,
                version=number,
                metadata_hash=operation.metadata_hash,
            )
        )

    def _add_version(
        self,
        now: Writing,
        product: ProductId,
        by: PartyId,
        item: Register | Update | UpdateDerived,
        number: int,
        since: int | None = None,
    ) -> None:
        before = self._versions.get(product)
        root, metadata = item.content_root, item.metadata_hash
        digest = next_digest(root, metadata, before[-1].digest) if before else first_digest(product)
        version = Version(
            product=product,
            number=number,
            content_root=root,
            metadata_hash=metadata,
            digest=digest,
            by=by,
            block=now.block,
            time=now.time,
            transaction=now.transaction,
        )
        self._versions.set(product, (*before, version))
        claim = Claim(
            product=product, version=number, first_at=now.time if since is None else since
        )
        self._claims.set(root, (*self._claims.get(root), claim))

    def _hold(self, now: Writing, product: ProductId, party: PartyId, rights: Right) -> None:
        kept = [
            replace(holding, until=now.time)
            if holding.party == party and holding.until is None
            else holding
            for holding in self._holdings.get(product)
        ]
        if rights:
            kept.append(Holding(party=party, rights=rights, since=now.time))
        self._holdings.set(product, tuple(kept))

    def _held_by(self, product: ProductId, party: PartyId, block: int | None = None) -> Right:
        for holding in self._holdings.get(product, block):
            if holding.party == party and holding.until is None:
                return holding.rights
        return Right(0)

    def _require_rights(self, product: Product, party: PartyId, needed: Right) -> Right:
        held = self.rights_of(product.id, party)
        if held & needed != needed:
            raise reverts.RightsMissing(product=product.id, party=party, held=held, needed=needed)
        return held

    def _open(self, product: ProductId) -> Product:
        """Return a product that its holders may change by themselves."""
        known = self.known(product)
        if known.profile is not Profile.OPEN:
            raise reverts.ProfileNeedsCase(product=product, profile=known.profile)
        if known.state is not ProductState.REGISTERED:
            raise reverts.ProductNotInForce(product=product, state=known.state)
        return known
