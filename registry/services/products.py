"""Register products, find them, and change them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from registry.domain.events import ProductRegistered, ProductUpdated, RightsTransferred
from registry.domain.operations import Register, Retire, Transfer, Update
from registry.domain.vocabulary import Right, SecurityClass
from registry.records import dataclass
from registry.services.cursor import beyond

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.fingerprint import Fingerprint
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.ledger import Receipt
    from registry.domain.metadata import Metadata
    from registry.domain.moment import At, Moment
    from registry.domain.product import Claim, Holding, Product, Version
    from registry.domain.progress import OnProgress
    from registry.services.actor import Actor, Me

_FEW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Hold what registering came to.

    `receipt` is None where one's party had registered the content before; `others` are the claims
    of other parties on the same content, the first one first. `manifest` is where it is kept.
    """

    product: Product
    version: int
    fingerprint: Fingerprint
    receipt: Receipt | None
    others: tuple[Claim, ...] = ()
    manifest: Path | None = None

    @property
    def already(self) -> bool:
        """Tell whether the content was registered before, so that nothing was sent."""
        return self.receipt is None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Split the claims on a content into one's own and the others'."""

    own: tuple[Claim, ...]
    others: tuple[Claim, ...]


class Products:
    """Serve the tasks about products."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    def register(
        self,
        content: Path | str | Fingerprint,
        *,
        metadata: Metadata | None = None,
        rights: Right = Right.ALL,
        security_class: SecurityClass = SecurityClass.GENERAL,
        salt: int = 0,
        progress: OnProgress | None = None,
    ) -> Registration:
        """Register a file or folder, or what a fingerprint says of one, as a product.

        Content that one's party holds a standing registration of is recognised, unless `salt` or
        another description ask for a second one.
        """
        party = self._actor.party()
        with self._fingerprinted(content, metadata, progress) as found:
            known = self._known(found.content_root, party)
            mine = self._standing(known.own)
            if mine is not None and metadata is None and not salt:
                return self._registration(*mine, found, None, known.others)
            operation = Register(
                content_root=found.content_root,
                metadata_hash=found.metadata_hash,
                salt=salt,
                rights=rights,
                security_class=security_class,
            )
            receipt = self._actor.submit(operation)
        made = next(event for event in receipt.events if isinstance(event, ProductRegistered))
        return self._registration(self.get(made.product), 1, found, receipt, known.others)

    def get(self, product: ProductId, *, at: At | None = None) -> Product:
        """Return a product, now or at a past moment; raises `ProductUnknown`."""
        return self.found(product, self._moment(at))

    def found(self, product: ProductId, moment: Moment | None) -> Product:
        """Return a product as it stood at a moment; raises `ProductUnknown`."""
        known = self._actor.ledger.product(product, at=moment)
        if known is None:
            from registry.reverts import ProductUnknown  # noqa: PLC0415 (start-up: seldom raised)

            raise ProductUnknown(product=product)
        return known

    def list(
        self,
        *,
        holder: PartyId | Me | None = None,
        content: bytes | None = None,
        after: ProductId | None = None,
    ) -> Iterator[Product]:
        """Yield products in the order of their registration, each as it stands now.

        `holder` leaves those in which the party holds a right now, `content` those that registered
        this content root (32 bytes). `after` is one of them to go on after; raises `CursorUnknown`
        where it is not.
        """
        ledger = self._actor.ledger
        party = None if holder is None else self._actor.resolve(holder)
        if content is not None:
            ids: Iterator[ProductId] = iter(_once(one.product for one in ledger.claims(content)))
        else:
            ids = self._named(party)
        for product in beyond(ids, after):
            if party is None or ledger.rights_of(product, party):
                yield self.get(product)

    def holders(self, product: ProductId, *, at: At | None = None) -> tuple[Holding, ...]:
        """Return who held which rights when."""
        return self._actor.ledger.holdings(product, at=self._moment(at))

    def versions(self, product: ProductId) -> tuple[Version, ...]:
        """Return all versions, checked against storage; raises `ProductUnknown`."""
        self.get(product)
        return self._actor.ledger.versions(product)

    def update(
        self,
        product: ProductId,
        content: Path | str | Fingerprint,
        *,
        metadata: Metadata | None = None,
        progress: OnProgress | None = None,
    ) -> Registration:
        """Register the next version of a product; its latest content again is recognised."""
        before = self.get(product)
        with self._fingerprinted(content, metadata, progress) as found:
            claims = self._actor.ledger.claims(found.content_root)
            others = tuple(claim for claim in claims if claim.product != product)
            same = any((one.product, one.version) == (product, before.latest) for one in claims)
            if same and metadata is None:
                return self._registration(before, before.latest, found, None, others)
            operation = Update(
                product=product,
                latest=before.latest,
                content_root=found.content_root,
                metadata_hash=found.metadata_hash,
            )
            receipt = self._actor.submit(operation)
        made = next(event for event in receipt.events if isinstance(event, ProductUpdated))
        return self._registration(self.get(product), made.version, found, receipt, others)

    def transfer(self, product: ProductId, to: PartyId, rights: Right) -> Receipt:
        """Move rights to another party, keeping none of them."""
        return self._actor.submit(Transfer(product=product, to=to, rights=rights))

    def retire(self, product: ProductId) -> Receipt:
        """End a product for good."""
        return self._actor.submit(Retire(product=product))

    # ---- within ------------------------------------------------------------------------------

    def _moment(self, at: At | None) -> Moment | None:
        return None if at is None else self._actor.ledger.moment(at)

    def _named(self, party: PartyId | None) -> Iterator[ProductId]:
        """Yield the products whose events name a party as their maker or receiver, or all."""
        kinds = (ProductRegistered,) if party is None else (ProductRegistered, RightsTransferred)
        events = self._actor.ledger.events(kinds, party=party)
        return iter(
            _once(e.product for e in events if isinstance(e, ProductRegistered | RightsTransferred))
        )

    def _known(self, content_root: bytes, party: PartyId) -> _Known:
        ledger = self._actor.ledger
        claims = ledger.claims(content_root)
        asked = {claim.product for claim in claims}
        if len(asked) > _FEW:
            # However often others registered the content, only one's own are asked about.
            asked &= set(self._named(party))
        own = {product for product in asked if Right.HOLD in ledger.rights_of(product, party)}
        return _Known(
            own=tuple(claim for claim in claims if claim.product in own),
            others=tuple(claim for claim in claims if claim.product not in own),
        )

    def _standing(self, own: tuple[Claim, ...]) -> tuple[Product, int] | None:
        """Return one's first product that stands and has the content as its latest version."""
        for claim in own:
            product = self.get(claim.product)
            if product.in_force and claim.version == product.latest:
                return product, claim.version
        return None

    def _registration(
        self,
        product: Product,
        version: int,
        found: Fingerprint,
        receipt: Receipt | None,
        others: tuple[Claim, ...],
    ) -> Registration:
        archive = self._actor.archive
        kept = None if archive is None else archive.manifest_path(found.content_root)
        return Registration(
            product=product,
            version=version,
            fingerprint=found,
            receipt=receipt,
            others=others,
            manifest=kept if kept is not None and kept.exists() else None,
        )

    @contextmanager
    def _fingerprinted(
        self,
        content: Path | str | Fingerprint,
        metadata: Metadata | None,
        progress: OnProgress | None,
    ) -> Iterator[Fingerprint]:
        """Yield the fingerprint; its manifest is in the archive before anything is sent."""
        # Imported here for start-up time: only what reads content needs it.
        import tempfile  # noqa: PLC0415

        from registry.domain.fingerprint import fingerprint  # noqa: PLC0415

        if not isinstance(content, Path | str):
            yield content
            return
        archive = self._actor.archive
        if archive is None:
            yield fingerprint(Path(content), metadata=metadata, progress=progress)
            return
        folder = archive.manifest_path(b"").parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as scratch:
            written = Path(scratch) / "manifest"
            found = fingerprint(
                Path(content), metadata=metadata, progress=progress, manifest=written
            )
            kept = archive.manifest_path(found.content_root)
            if metadata is not None or not kept.exists():
                written.replace(kept)
        yield found


def _once(products: Iterator[ProductId]) -> dict[ProductId, None]:
    return dict.fromkeys(products)
