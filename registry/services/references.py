"""Find the product that a code, a catalogue identifier or an id names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.codes import CatalogueId, RegistrationCode, parse_catalogue_id
from registry.domain.ids import ProductId
from registry.domain.manifest import open_manifest
from registry.errors import InvalidInputError, ProductCodeUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.archive import Archive
    from registry.services.actor import Actor


def find(actor: Actor, reference: ProductId | RegistrationCode | CatalogueId) -> ProductId:
    """Return the product that a reference names.

    The ledger knows its own ids and the codes of registration. A catalogue identifier is a field of
    the description: the manifests kept at home tell whose it is, and the ledger which product has
    that content; with several, the first one that stands counts.

    :raises ProductCodeUnknown: where no product is known by it.
    """
    if isinstance(reference, ProductId):
        return reference
    if isinstance(reference, RegistrationCode):
        found = actor.ledger.product_of(str(reference))
    else:
        found = _described(actor, reference)
    if found is None:
        raise ProductCodeUnknown(given=str(reference))
    return found


def _described(actor: Actor, wanted: CatalogueId) -> ProductId | None:
    if actor.archive is None:
        return None
    ledger = actor.ledger
    found: list[ProductId] = []
    for root in _roots(actor.archive, wanted):
        found.extend(claim.product for claim in ledger.claims(root))
    known = [one for one in ledger.products(list(dict.fromkeys(found))) if one is not None]
    standing = [one.id for one in known if one.in_force]
    return next(iter((*standing, *(one.id for one in known))), None)


def _roots(archive: Archive, wanted: CatalogueId) -> Iterator[bytes]:
    """Yield the content roots of the manifests that carry a catalogue identifier."""
    for path in archive.manifests():
        if _carries(path, wanted):
            yield bytes.fromhex(path.stem)


def _carries(path: Path, wanted: CatalogueId) -> bool:
    with open_manifest(path) as manifest:
        written = manifest.header.metadata.catalog_id
    if not written:
        return False
    try:
        return parse_catalogue_id(written) == wanted
    except InvalidInputError:
        # What was written by no scheme that is known is compared as it stands.
        return written == wanted.text
