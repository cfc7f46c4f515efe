"""Find what a product is called in the manifests that are kept at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.ids import ProductId
from registry.domain.manifest import open_manifest
from registry.domain.metadata import metadata_hash
from registry.errors import RegistryError

if TYPE_CHECKING:
    from registry.archive import Archive
    from registry.domain.events import ProductOpened, ProductRegistered
    from registry.domain.ledger import Ledger


def name_of(archive: Archive, ledger: Ledger, event: ProductRegistered | ProductOpened) -> str:
    """Return the name that a product was registered under, empty where it is not known here.

    The event is believed where it leads to the product's id, and the manifest where it has the
    description that was registered.
    """
    path = archive.manifest_path(event.content_root)
    if not path.exists():
        return ""
    derived = ProductId.derive(
        chain_id=ledger.chain_id,
        registry=ledger.deployment.products,
        party=event.applicant,
        content_root=event.content_root,
        metadata_hash=event.metadata_hash,
        salt=event.salt,
    )
    if derived != event.product:
        return ""
    try:
        with open_manifest(path) as reader:
            metadata = reader.header.metadata
    except RegistryError:
        # A name is a convenience: a damaged manifest takes none away from the answer.
        return ""
    return metadata.data_name if metadata_hash(metadata) == event.metadata_hash else ""
