"""Measure what anchors, promotions and listings cost in gas; part of `benchmarks.gas`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.domain.anchor_leaves import Leaf, Site
from registry.domain.anchor_operations import Anchor, Promote
from registry.domain.merkle import root_from_proof
from registry.domain.operations import Operation, Register

if TYPE_CHECKING:
    from benchmarks.grant_gas import Side
    from registry.chain.ledger import ChainLedger
    from registry.domain.ids import ProductId

HEIGHT: Final = 20
SIZES: Final = (1_000, 100_000)
LOCATOR: Final = "https://data.example.cn/products/load-curves/2026/hourly.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorBench:
    """Anchor and promote as the holder, and list under one of its products."""

    ledger: ChainLedger
    holder: Side
    series: ProductId

    def measure(self) -> dict[str, int | float]:
        """Return the gas of each leaf of an anchor, of a promotion, and of a listing."""
        each = {
            f"anchor_{size}": self._cost(Anchor(root=secrets.token_bytes(32), leaves=size)) / size
            for size in SIZES
        }
        listed = _registration(series=self.series, locator=LOCATOR)
        return each | {"promote": self._promoted(), "register_listed": self._cost(listed)}

    def _promoted(self) -> int:
        """Promote a leaf of a tree of 2**20, of which its way alone is known.

        Whatever else is below the siblings costs nothing: they are words like any others.
        """
        item = _registration()
        deployment = self.ledger.deployment
        site = Site(
            chain_id=deployment.chain_id, registry=deployment.products, party=self.holder.party
        )
        leaf = Leaf(
            content_root=item.content_root,
            metadata_hash=item.metadata_hash,
            particulars=item.particulars,
        )
        index, size = secrets.randbelow(1 << HEIGHT), 1 << HEIGHT
        proof = tuple(secrets.token_bytes(32) for _ in range(HEIGHT))
        root = root_from_proof(site.leaf_hash(leaf), index, size, proof) or b""
        self._cost(Anchor(root=root, leaves=size))
        return self._cost(Promote(root=root, index=index, registration=item, proof=proof))

    def _cost(self, operation: Operation) -> int:
        return self.ledger.submit(operation, account=self.holder.key.address).gas_used


def _registration(*, series: ProductId | None = None, locator: str = "") -> Register:
    return Register(
        content_root=secrets.token_bytes(32),
        metadata_hash=secrets.token_bytes(32),
        salt=int.from_bytes(secrets.token_bytes(8)),
        series=series,
        locator=locator,
    )
