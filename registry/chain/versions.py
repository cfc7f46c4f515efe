"""Put the versions of a product together from events, and prove them by the digest in storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.events import ProductOpened, ProductRegistered, ProductUpdated
from registry.domain.ids import ProductId
from registry.domain.product import Version, first_digest, next_digest
from registry.errors import VersionsContradicted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.events import Event
    from registry.domain.ledger import Deployment
    from registry.domain.product import Product


def versions_of(
    deployment: Deployment, product: Product, told: Sequence[Event], stored: bytes, block: int
) -> tuple[Version, ...]:
    """Return the versions that the events tell of, oldest first.

    Each digest covers the one before, and the first one is the id, which is derived from what was
    registered: so the latest digest and the id prove all roots and hashes. They do not prove who
    made a later version, nor when; that is as the node says.

    :param told: the product's events up to ``block``, in the order of the chain.
    :param stored: the digest of the latest version in the state of ``block``.
    :raises VersionsContradicted: where the events lead to another digest, or to none.
    """
    versions: list[Version] = []
    for number, event in enumerate(told, start=1):
        made = _version(deployment, product, event, number, versions)
        if made is None:
            raise _contradicted(product, number, block)
        versions.append(made)
    if len(versions) != product.latest or versions[-1].digest != stored:
        raise _contradicted(product, product.latest, block)
    return tuple(versions)


def _version(
    deployment: Deployment,
    product: Product,
    event: Event,
    number: int,
    before: Sequence[Version],
) -> Version | None:
    if isinstance(event, ProductRegistered | ProductOpened) and number == 1:
        derived = ProductId.derive(
            chain_id=deployment.chain_id,
            registry=deployment.products,
            party=event.applicant,
            content_root=event.content_root,
            metadata_hash=event.metadata_hash,
            salt=event.salt,
        )
        if derived != product.id:
            return None
        by, digest = event.applicant, first_digest(product.id)
    elif isinstance(event, ProductUpdated) and event.version == number and before:
        by = event.by
        digest = next_digest(event.content_root, event.metadata_hash, before[-1].digest)
    else:
        return None
    return Version(
        product=product.id,
        number=number,
        content_root=event.content_root,
        metadata_hash=event.metadata_hash,
        digest=digest,
        by=by,
        block=event.block,
        time=event.time or 0,
        transaction=event.transaction,
    )


def _contradicted(product: Product, version: int, block: int) -> VersionsContradicted:
    return VersionsContradicted(product=str(product.id), version=version, block=block)
