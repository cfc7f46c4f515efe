"""Write random sequences in which registrations are anchored, promoted and listed too."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from registry.domain.anchor_leaves import Leaf, Site
from registry.domain.anchor_operations import Anchor, Promote
from registry.domain.merkle import Tree
from tests.key_sequences import KeyAuthor
from tests.sequences import NO_PRODUCT, ROOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.domain.ids import PartyId, ProductId
    from registry.domain.ledger import Ledger
    from registry.domain.operations import Operation, Register

_AGAIN: Final = 0.3
_FIT: Final = 0.6
LOCATORS: Final = ("https://data.example/grid", "~" * 512, "!" * 513, "a b", "数", "\x7f", "")


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Hold a tree of registrations that a party means to anchor, or did."""

    party: PartyId
    items: tuple[Register, ...]
    tree: Tree


def planned(ledger: Ledger, party: PartyId, items: Sequence[Register]) -> Planned:
    """Return the tree over registrations of a party."""
    deployment = ledger.deployment
    site = Site(chain_id=deployment.chain_id, registry=deployment.products, party=party)
    hashes = [
        site.leaf_hash(
            Leaf(
                content_root=item.content_root,
                metadata_hash=item.metadata_hash,
                particulars=item.particulars,
            )
        )
        for item in items
    ]
    return Planned(party=party, items=tuple(items), tree=Tree(hashes=hashes))


def promotion(plan: Planned, index: int) -> Promote:
    """Return what promotes a leaf."""
    return Promote(
        root=plan.tree.root,
        index=index,
        registration=plan.items[index],
        proof=plan.tree.proof(index),
    )


@dataclass(kw_only=True)
class AnchorAuthor(KeyAuthor):
    """Write sequences with anchors and listings among all else."""

    plans: list[Planned] = field(default_factory=list)

    def writers(self) -> dict[Callable[[], tuple[Operation, PartyId | None]], int]:
        """Return what writes operations, with how often."""
        return super().writers() | {self._anchor: 8, self._promote: 14, self._list: 8}

    def _anchor(self) -> tuple[Operation, PartyId]:
        if self.plans and self.rng.random() < _AGAIN:
            again = self.rng.choice(self.plans)
            return Anchor(root=again.tree.root, leaves=len(again.items)), again.party
        party = self._party()
        items = [self._registration() for _ in range(self.rng.randrange(1, 6))]
        plan = planned(self.ledger, party, items)
        self.plans.append(plan)
        leaves = self._mostly(len(items), lambda: self.rng.choice((0, 1, 4, 2**20, 2**20 + 1)))
        return Anchor(root=plan.tree.root, leaves=leaves), party

    def _promote(self) -> tuple[Operation, PartyId]:
        if not self.plans:
            return self._anchor()
        plan = self.rng.choice(self.plans[-4:])
        right = promotion(plan, self.rng.randrange(len(plan.items)))
        return self._mostly(right, lambda: self._spoiled(right)), plan.party

    def _spoiled(self, right: Promote) -> Promote:
        return self.rng.choice(
            (
                replace(right, root=self.rng.choice(ROOTS)),
                replace(right, index=self.rng.randrange(7)),
                replace(right, registration=self._registration()),
                replace(right, proof=(*right.proof, ROOTS[0])),
                replace(right, proof=right.proof[1:]),
            )
        )

    def _list(self) -> tuple[Operation, PartyId | None]:
        series = self.rng.choice((None, self._series()))
        locator = LOCATORS[0] if self.rng.random() < _FIT else self.rng.choice(LOCATORS)
        by = None if series is None else self._holding(series)
        item = replace(self._registration(), series=series, locator=locator)
        return item, by or self._party()

    def _series(self) -> ProductId:
        return self.rng.choice([*self.products[-6:] * 3, NO_PRODUCT])

    def _holding(self, series: ProductId) -> PartyId | None:
        known = self.ledger.product(series)
        return None if known is None else known.applicant
