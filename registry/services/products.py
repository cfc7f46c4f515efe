"""Register products, find them, and change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.events import (
    HoldersNamed,
    ProductListed,
    ProductOpened,
    ProductRegistered,
    ProductUpdated,
    RightsTransferred,
)
from registry.domain.operations import Annotate, Register, Release, Retire, Transfer, Update
from registry.domain.product import ParticularFlag
from registry.domain.vocabulary import Reason, Right, SecurityClass, Source
from registry.records import dataclass
from registry.services import contents
from registry.services.cursor import beyond, parts
from registry.services.declared import Declared
from registry.services.registrations import Registration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from registry.domain.annotation import Annotation
    from registry.domain.codes import CatalogueId, RegistrationCode
    from registry.domain.fingerprint import Fingerprint
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.ledger import Receipt
    from registry.domain.metadata import Metadata
    from registry.domain.moment import At, Moment
    from registry.domain.product import Claim, Holding, Product, Version
    from registry.domain.progress import OnProgress
    from registry.domain.vocabulary import AnnotationKind
    from registry.services.actor import Actor, Me
    from registry.services.deriving import Deriving, Made
    from registry.services.secrecy import Forgotten

_FEW = 100
_NO_FLAGS = ParticularFlag(0)
_NO_DIGEST = bytes(32)


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

    def register(  # noqa: PLR0913 (a registration has this many sides)
        self,
        content: Path | str | Fingerprint,
        *,
        metadata: Metadata | None = None,
        rights: Right | None = None,
        security_class: SecurityClass | None = None,
        source: Source = Source.UNSPECIFIED,
        flags: ParticularFlag = _NO_FLAGS,
        salt: int = 0,
        private: bool = False,
        made: Made | None = None,
        resume: bool = False,
        series: ProductId | None = None,
        locator: str = "",
        progress: OnProgress | None = None,
    ) -> Registration:
        """Register a file or folder, or what a fingerprint says of one, as a product.

        All rights are declared and the class is GENERAL unless told otherwise; `source` and `flags`
        say where the data comes from, which limits the rights. Content that one's
        party holds a standing registration of is recognised; with `salt` or another description
        only the very registration that these would make is. `private` registers salted digests,
        and keeps the salts at home. `made` says what derived data was made of. `resume` takes what
        an interrupted attempt had read from the archive. `series` is one's own product that it
        belongs to and `locator` where it is described, both told in public, which derived data
        cannot have. Raises `RegisteredOtherwise` where what stands declares other rights, another
        class or another place than those asked for, `AlreadyMadeOtherwise` where it was made of
        something else.
        """
        party = self._actor.party()
        asked = Declared(
            rights=rights, security_class=security_class, series=series, locator=locator
        )
        with contents.fingerprinted(
            self._actor, content, metadata, progress, private=private, resume=resume
        ) as found:
            known = self._known(found.content_root, party)
            same = self._id(party, found, salt)
            strict = metadata is not None or bool(salt)
            mine = self._standing(known.own, asked, same if strict else None)
            if mine is not None:
                if asked.listed:
                    asked.require_listing(mine[0].id, self.listing(mine[0].id))
                if made is not None:
                    self._deriving().require_same(mine[0].id, mine[1], made)
                told = found.metadata_hash if mine[0].id == same and mine[1] == 1 else None
                return self._registration(*mine, found, None, known.others, told)
            item = Register(
                content_root=found.content_root,
                metadata_hash=found.metadata_hash,
                salt=salt,
                rights=Right.ALL if rights is None else rights,
                security_class=security_class or SecurityClass.GENERAL,
                source=source,
                flags=flags,
                series=series,
                locator=locator,
            )
            receipt = self._actor.submit(
                item if made is None else self._deriving().registering(item, made)
            )
        event = next(event for event in receipt.events if isinstance(event, ProductRegistered))
        product = self.get(event.product)
        return self._registration(product, 1, found, receipt, known.others, found.metadata_hash)

    def find(self, reference: ProductId | RegistrationCode | CatalogueId) -> ProductId:
        """Return the product that an id or code names; raises `ProductCodeUnknown`."""
        from registry.services.references import find  # noqa: PLC0415 (start-up: codes are seldom)

        return find(self._actor, reference)

    def fingerprint(
        self,
        content: Path | str | Fingerprint,
        *,
        metadata: Metadata | None = None,
        resume: bool = False,
        progress: OnProgress | None = None,
    ) -> Fingerprint:
        """Return the fingerprint of a file or folder, and keep its manifest in the archive."""
        with contents.fingerprinted(
            self._actor, content, metadata, progress, resume=resume
        ) as found:
            return found

    def get(self, product: ProductId, *, at: At | None = None) -> Product:
        """Return a product, now or at a past moment; raises `ProductUnknown`."""
        return self.found(product, self._moment(at))

    def found(self, product: ProductId, moment: Moment | None) -> Product:
        """Return a product as it stood at a moment; raises `ProductUnknown`."""
        return self._there(product, self._actor.ledger.product(product, at=moment))

    @staticmethod
    def _there(product: ProductId, known: Product | None) -> Product:
        if known is None:
            from registry.reverts import ProductUnknown  # noqa: PLC0415 (start-up: seldom raised)

            raise ProductUnknown(product=product)
        return known

    def _held(self, products: Sequence[ProductId], party: PartyId) -> list[ProductId]:
        """Return those products in which a party holds a right now."""
        rights = self._actor.ledger.rights_in(products, party)
        return [one for one, own in zip(products, rights, strict=True) if own]

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
        for part in parts(beyond(ids, after)):
            held = part if party is None else self._held(part, party)
            for product, known in zip(held, ledger.products(held), strict=True):
                yield self._there(product, known)

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
        private: bool = False,
        made: Made | None = None,
        resume: bool = False,
        progress: OnProgress | None = None,
    ) -> Registration:
        """Register the next version of a product, unless its latest says the same already.

        That is the same content and, where `metadata` is given, the same description. It is
        private where that is asked, or where the latest version is and its salts are kept.
        """
        before, party = self.get(product), self._actor.party()
        private = private or self._is_private(product)
        with contents.fingerprinted(
            self._actor, content, metadata, progress, private=private, resume=resume
        ) as found:
            known = self._known(found.content_root, party)
            latest = (product, before.latest)
            same = any((one.product, one.version) == latest for one in known.own + known.others)
            others = tuple(claim for claim in known.others if claim.product != product)
            told = None if metadata is None else found.metadata_hash
            if same and (told is None or self._describes(product, told)):
                if made is not None:
                    self._deriving().require_same(product, before.latest, made)
                return self._registration(before, before.latest, found, None, others, told)
            item = Update(
                product=product,
                latest=before.latest,
                content_root=found.content_root,
                metadata_hash=found.metadata_hash,
            )
            receipt = self._actor.submit(
                item if made is None else self._deriving().updating(item, made)
            )
        event = next(event for event in receipt.events if isinstance(event, ProductUpdated))
        after = self.get(product)
        return self._registration(after, event.version, found, receipt, others, found.metadata_hash)

    def transfer(self, product: ProductId, to: PartyId, rights: Right) -> Receipt:
        """Move rights to another party, keeping none of them."""
        return self._actor.submit(Transfer(product=product, to=to, rights=rights))

    def retire(self, product: ProductId) -> Receipt:
        """End a product for good."""
        return self._actor.submit(Retire(product=product))

    def forget(self, product: ProductId) -> Forgotten:
        """Erase what ties a private registration to its content; see `secrecy.forget`."""
        from registry.services import secrecy  # noqa: PLC0415 (start-up time)

        return secrecy.forget(self._actor, product)

    def code(self, product: ProductId, *, at: At | None = None) -> str | None:
        """Return the code of a product's registration, None for one that has none."""
        return self._actor.ledger.docket(product, at=self._moment(at)).code

    def listing(self, product: ProductId, *, at: At | None = None) -> ProductListed | None:
        """Return which series a product was registered in, and where it is described, if told."""
        last = None if at is None else self._actor.ledger.moment(at).block
        # By the field: named as a series, a product may be in any number of listings.
        told = self._actor.ledger.events_naming((ProductListed,), "product", [product], last=last)
        found = (one for one in told if isinstance(one, ProductListed))
        return next(found, None)

    def annotations(self, product: ProductId, *, at: At | None = None) -> tuple[Annotation, ...]:
        """Return all annotations that a product has had, in the order of their index."""
        return self._actor.ledger.annotations(product, at=self._moment(at))

    def annotate(
        self,
        product: ProductId,
        kind: AnnotationKind,
        *,
        reason: Reason = Reason.UNSPECIFIED,
        evidence: bytes = _NO_DIGEST,
    ) -> Receipt:
        """Note on a product what others must know; `evidence` is the digest of a document."""
        return self._actor.submit(
            Annotate(product=product, kind=kind, reason=reason, evidence=evidence)
        )

    def release(self, product: ProductId, index: int, *, evidence: bytes = _NO_DIGEST) -> Receipt:
        """Release the annotation `index` of a product, as its maker or as a court."""
        return self._actor.submit(Release(product=product, index=index, evidence=evidence))

    # ---- within ------------------------------------------------------------------------------

    def _deriving(self) -> Deriving:
        from registry.services.deriving import Deriving  # noqa: PLC0415 (start-up time)

        return Deriving(self._actor)

    def _is_private(self, product: ProductId) -> bool:
        from registry.services import secrecy  # noqa: PLC0415 (start-up time)

        return secrecy.is_private(self._actor, product)

    def _moment(self, at: At | None) -> Moment | None:
        return None if at is None else self._actor.ledger.moment(at)

    def _named(self, party: PartyId | None) -> Iterator[ProductId]:
        """Yield the products whose events name a party as their maker or receiver, or all."""
        made, held = (ProductRegistered, ProductOpened), (RightsTransferred, HoldersNamed)
        ledger = self._actor.ledger
        if party is None:
            found = ledger.events(made)
            return iter(_once(e.product for e in found if isinstance(e, made)))
        # Holders named from the start stand in no topic: they are looked for among all.
        named = {
            e.product
            for e in ledger.events((HoldersNamed,))
            if isinstance(e, HoldersNamed) and any(one.party == party for one in e.shares)
        }
        told = ledger.events((*made, RightsTransferred), party=party)
        ours = _once(e.product for e in told if isinstance(e, (*made, *held)))
        return iter({**ours, **_once(sorted(named - ours.keys(), key=str))})

    def _describes(self, product: ProductId, metadata_hash: bytes) -> bool:
        """Tell whether it is the hash of the description of the latest version."""
        return self._actor.ledger.versions(product)[-1].metadata_hash == metadata_hash

    def _known(self, content_root: bytes, party: PartyId) -> _Known:
        ledger = self._actor.ledger
        claims = ledger.claims(content_root)
        asked = _once(claim.product for claim in claims)
        if len(asked) > _FEW:
            # However often others registered the content, only one's own are asked about.
            asked = _once(one for one in self._named(party) if one in asked)
        held = zip(asked, ledger.rights_in(list(asked), party), strict=True)
        own = {product for product, rights in held if Right.HOLD in rights}
        return _Known(
            own=tuple(claim for claim in claims if claim.product in own),
            others=tuple(claim for claim in claims if claim.product not in own),
        )

    def _id(self, party: PartyId, found: Fingerprint, salt: int) -> ProductId:
        """Return the id that registering has, or would have."""
        from registry.domain.ids import ProductId  # noqa: PLC0415 (start-up time)

        ledger = self._actor.ledger
        return ProductId.derive(
            chain_id=ledger.chain_id,
            registry=ledger.deployment.products,
            party=party,
            content_root=found.content_root,
            metadata_hash=found.metadata_hash,
            salt=salt,
        )

    def _standing(
        self, own: tuple[Claim, ...], asked: Declared, only: ProductId | None
    ) -> tuple[Product, int] | None:
        """Return one's first product that stands as asked, with the content as its latest version.

        Raises `RegisteredOtherwise` where those that stand are not as asked.
        """
        claims = [claim for claim in own if only in (None, claim.product)]
        found = self._actor.ledger.products([claim.product for claim in claims])
        standing = [
            (product, claim.version)
            for claim, product in zip(claims, found, strict=True)
            if product is not None and product.in_force and claim.version == product.latest
        ]
        for product, version in standing:
            if asked.fits(product):
                return product, version
        if standing:
            raise asked.refusal(standing[0][0])
        return None

    def _registration(
        self,
        product: Product,
        version: int,
        found: Fingerprint,
        receipt: Receipt | None,
        others: tuple[Claim, ...],
        metadata_hash: bytes | None,
    ) -> Registration:
        from registry.services import secrecy  # noqa: PLC0415 (start-up time)

        manifest, salts = secrecy.beside(self._actor, found.content_root)
        plain: tuple[Claim, ...] = ()
        if salts is not None:
            plain = self._known(secrecy.plain_root(salts), self._actor.party()).own
        return Registration(
            product=product,
            version=version,
            fingerprint=found,
            receipt=receipt,
            metadata_hash=metadata_hash,
            others=others,
            manifest=manifest,
            salts=salts,
            plain=plain,
        )


def _once(products: Iterable[ProductId]) -> dict[ProductId, None]:
    return dict.fromkeys(products)
