"""Hold what registering a content came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from registry.domain.fingerprint import Fingerprint
    from registry.domain.ledger import Receipt
    from registry.domain.lineage import Source as UsedSource
    from registry.domain.product import Claim, Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Hold what registering came to.

    `receipt` is None where one's party had registered the content before; `metadata_hash` (32
    bytes) is that of the version on the ledger, None where that was not looked up. `others` are the
    claims of other parties on the same content, the first one first. `manifest` is where it is
    kept; `salts` is where those of a private registration are, whose fingerprint is as the ledger
    holds it; `plain` are then one's own claims on the same content without a salt, which hide
    nothing.
    """

    product: Product
    version: int
    fingerprint: Fingerprint
    receipt: Receipt | None
    metadata_hash: bytes | None
    others: tuple[Claim, ...] = ()
    manifest: Path | None = None
    salts: Path | None = None
    plain: tuple[Claim, ...] = ()

    @property
    def sources(self) -> tuple[UsedSource, ...]:
        """Return what it was made of, where that was registered with it just now."""
        from registry.domain.lineage_events import ProductDerived  # noqa: PLC0415 (start-up time)

        told = () if self.receipt is None else self.receipt.events
        return next((event.sources for event in told if isinstance(event, ProductDerived)), ())

    @property
    def already(self) -> bool:
        """Tell whether the content was registered before, so that nothing was sent."""
        return self.receipt is None
