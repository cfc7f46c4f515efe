"""Register content so that only who has a salt can tie it to its registration, and forget that."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from registry.domain.events import ProductAnnotated
from registry.domain.operations import Annotate
from registry.domain.salted import SALT_BYTES, Salted, erased_versions, erasure, salted
from registry.domain.vocabulary import AnnotationKind, Reason
from registry.errors import ArchiveNeeded, SaltsMissing
from registry.records import dataclass
from registry.salts import Salts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.fingerprint import Fingerprint
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.ledger import Receipt
    from registry.domain.moment import Moment
    from registry.services.actor import Actor

_EVIDENCE_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """Hold what forgetting came to.

    `record` is where the record is kept and `digest` its SHA-256, which the annotation `index` has
    on the ledger; `erased` counts the salts erased now. `receipt` is None where an earlier run had
    annotated it already.
    """

    product: ProductId
    index: int
    record: Path
    digest: bytes
    versions: tuple[int, ...]
    erased: int
    receipt: Receipt | None


def made_private(actor: Actor, plain: Fingerprint, *, described: bool) -> Fingerprint:
    """Return a fingerprint as the ledger is to hold it; the salts are then kept at home.

    Salts that are kept for the content are taken again where their registration stands, or where
    nothing has been registered under them yet: so what was begun is finished, and what is there is
    found. `described` says that the description was given and must be the same. Raises
    `ArchiveNeeded`.
    """
    home, party = kept(actor), actor.party()
    one = _reusable(actor, home, party, plain, described=described)
    if one is None:
        import secrets  # noqa: PLC0415 (start-up time)

        one = Salted(
            party=party,
            content_root=plain.content_root,
            content_salt=secrets.token_bytes(SALT_BYTES),
            metadata_hash=plain.metadata_hash,
            metadata_salt=secrets.token_bytes(SALT_BYTES),
        )
        home.keep(one)
    return replace(plain, content_root=one.salted_root, metadata_hash=one.salted_metadata)


def is_private(actor: Actor, product: ProductId) -> bool:
    """Tell whether the latest version of a product is a private one whose salts are kept here."""
    if actor.archive is None or Salts(actor.archive.home).empty:
        return False
    versions = actor.ledger.versions(product)
    return bool(versions) and kept(actor).path(versions[-1].content_root).exists()


def beside(actor: Actor, content_root: bytes) -> tuple[Path | None, Path | None]:
    """Return which manifest and which salts are kept for a content root of the ledger."""
    archive = actor.archive
    if archive is None:
        return None, None
    salts = Salts(archive.home).path(content_root)
    if salts.exists():
        content_root = plain_root(salts)
    manifest = archive.manifest_path(content_root)
    return manifest if manifest.exists() else None, salts if salts.exists() else None


def plain_root(salts: Path) -> bytes:
    """Return the content root (32 bytes) of the content itself, as a file of salts has it."""
    return Salted.read(salts.read_bytes(), file=str(salts)).content_root


def kept(actor: Actor) -> Salts:
    """Return the salts that are kept at home; raises `ArchiveNeeded` without one."""
    if actor.archive is None:
        raise ArchiveNeeded(kind="salts")
    return Salts(actor.archive.home)


def salted_roots(actor: Actor, content_root: bytes, salt: bytes | None) -> tuple[bytes, ...]:
    """Return the roots under which content may be registered privately, as far as salts are known.

    They are those of the salts kept at home, and that of a salt that was given.
    """
    roots = [] if salt is None else [salted(salt, content_root)]
    if actor.archive is not None:
        roots += [one.salted_root for one in Salts(actor.archive.home).of_content(content_root)]
    return tuple(dict.fromkeys(roots))


def is_forgotten(actor: Actor, product: ProductId, moment: Moment) -> bool:
    """Tell whether a product's holder claims that what ties it to its content was erased.

    Nobody can check that; it says nothing of a version registered after it, nor of one that was
    never salted, as the manifest that is kept here under the root of the ledger shows.
    """
    annotations = actor.ledger.annotations(product, at=moment)
    erased = [one.since for one in annotations if one.stands and _erases(one.kind, one.reason)]
    if not erased:
        return False
    versions = actor.ledger.versions(product, at=moment)
    later = any(one.time > max(erased) for one in versions)
    return not later and not all(_is_plain(actor, one.content_root) for one in versions)


def forget(actor: Actor, product: ProductId) -> Forgotten:
    """Erase the salts of a product for good, and record that on the ledger and at home.

    1. Write the record, unless an earlier run did. 2. Annotate the product with its digest, which
    the ledger refuses to whom it must. 3. Erase. A run that broke off is finished by the next one.
    Raises `SaltsMissing`, `ProductUnknown`, `ArchiveNeeded`.
    """
    home = kept(actor)
    # 1.
    record = _unfinished(actor, home, product)
    if record is None:
        versions = actor.ledger.versions(product)
        known = [one for one in versions if home.path(one.content_root).exists()]
        if not known:
            raise SaltsMissing(product=str(product))
        record = erasure(
            product,
            actor.party(),
            known,
            chain_id=actor.ledger.chain_id,
            time=actor.ledger.moment().time,
        )
    digest = sha256(record).digest()
    path = home.keep_record(product, record)
    # 2.
    index, receipt = _recorded(actor, product, digest)
    # 3.
    erased = erased_versions(record)
    return Forgotten(
        product=product,
        index=index,
        record=path,
        digest=digest,
        versions=tuple(erased),
        erased=sum(map(home.erase, erased.values())),
        receipt=receipt,
    )


def _is_plain(actor: Actor, content_root: bytes) -> bool:
    """Tell whether a manifest kept here has the very root that the ledger holds."""
    archive = actor.archive
    return archive is not None and archive.manifest_path(content_root).exists()


def _reusable(
    actor: Actor, home: Salts, party: PartyId, plain: Fingerprint, *, described: bool
) -> Salted | None:
    own = [one for one in home.of_content(plain.content_root) if one.party == party]
    same = [one for one in own if one.metadata_hash == plain.metadata_hash]
    for one in same if described else own:
        claims = actor.ledger.claims(one.salted_root)
        products = actor.ledger.products([claim.product for claim in claims])
        if any(found is not None and found.in_force for found in products):
            return one
    return next((one for one in same if not actor.ledger.claims(one.salted_root)), None)


def _unfinished(actor: Actor, home: Salts, product: ProductId) -> bytes | None:
    """Return a record of an erasure that was not carried out to its end."""
    for record in home.records(product):
        noted = _noted(actor, product, sha256(record).digest())
        if noted is None or any(
            home.path(root).exists() for root in erased_versions(record).values()
        ):
            return record
    return None


def _noted(actor: Actor, product: ProductId, digest: bytes) -> int | None:
    """Return the index of the annotation that has this digest, None for none."""
    found: Iterator[int] = (
        one.index
        for one in actor.ledger.annotations(product)
        if _erases(one.kind, one.reason) and one.evidence == digest[:_EVIDENCE_BYTES]
    )
    return next(found, None)


def _recorded(actor: Actor, product: ProductId, digest: bytes) -> tuple[int, Receipt | None]:
    """Annotate a product with the digest of a record, unless that is done."""
    index = _noted(actor, product, digest)
    if index is not None:
        return index, None
    operation = Annotate(
        product=product, kind=AnnotationKind.LIMIT, reason=Reason.ERASED, evidence=digest
    )
    receipt = actor.submit(operation)
    made = next(event for event in receipt.events if isinstance(event, ProductAnnotated))
    return made.index, receipt


def _erases(kind: AnnotationKind, reason: Reason) -> bool:
    return kind is AnnotationKind.LIMIT and reason is Reason.ERASED
