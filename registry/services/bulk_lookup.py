"""Find which rows of a table are registered already, many in one round trip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry.domain.events import (
    ProductListed,
    ProductOpened,
    ProductRegistered,
    ProductUpdated,
)
from registry.domain.ids import ProductId
from registry.domain.vocabulary import Right
from registry.errors import RegisteredOtherwise
from registry.services.bulk_rows import Fate, Planned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from registry.domain.ids import PartyId
    from registry.domain.ledger import Ledger
    from registry.domain.product import Claim, Product
    from registry.domain.table_records import Faults
    from registry.services.bulk_rows import Prepared

_MADE: Final = (ProductRegistered, ProductOpened, ProductUpdated)
_COLUMNS: Final = {"security-class": "class"}


class LookUp:
    """Look up rows for one party; what contradicts a row is noted as a fault of its line."""

    def __init__(self, ledger: Ledger, party: PartyId, faults: Faults) -> None:
        """Ask `ledger` on behalf of `party`."""
        self._ledger = ledger
        self._party = party
        self._faults = faults

    def planned(self, rows: Sequence[Prepared]) -> list[Planned]:
        """Return the rows with what is registered of them: few enough for one round trip.

        A row whose very registration is there is recognised, whatever became of it since; one
        without a description by any registration of the content that one's party holds and that
        stands, as `Products.register` does.
        """
        claims = self._ledger.claims_on([row.item.content_root for row in rows])
        known = {claim.product: None for found in claims for claim in found}
        if not known:
            return [self._fresh(row, 0) for row in rows]
        products = list(known)
        held = self._ledger.rights_in(products, self._party)
        records = self._ledger.products(products)
        found = {p: record for p, record in zip(products, records, strict=True) if record}
        own = {p for p, rights in zip(products, held, strict=True) if Right.HOLD in rights}
        judged = [self._judged(*one, found, own) for one in zip(rows, claims, strict=True)]
        return self._placed(judged)

    def _judged(
        self,
        row: Prepared,
        claims: Sequence[Claim],
        found: Mapping[ProductId, Product],
        own: AbstractSet[ProductId],
    ) -> Planned:
        """Return one row, by the claims on its content; `own` are the products held."""
        fresh = self._fresh(row, 0)
        very = [one for one in claims if (one.product, one.version) == (fresh.product, 1)]
        standing = [
            one for one in claims if one.product in own and _stands(one, found[one.product])
        ]
        others = sum(one.product not in own for one in claims if one not in very)
        fresh = replace(fresh, others=others)
        candidates = very or ([] if row.described else standing)
        for claim in candidates:
            if row.declared.fits(found[claim.product]):
                return replace(
                    fresh, fate=Fate.RECOGNISED, product=claim.product, version=claim.version
                )
        if candidates:
            self._contradicted(row, row.declared.refusal(found[candidates[0].product]))
        return fresh

    def _fresh(self, row: Prepared, others: int) -> Planned:
        item = row.item
        product = ProductId.derive(
            chain_id=self._ledger.chain_id,
            registry=self._ledger.deployment.products,
            party=self._party,
            content_root=item.content_root,
            metadata_hash=item.metadata_hash,
            salt=item.salt,
        )
        return Planned(row=row, fate=Fate.FRESH, product=product, others=others)

    def _contradicted(self, row: Prepared, error: RegisteredOtherwise) -> None:
        column = _COLUMNS.get(error.what, error.what)
        told = [error.product, *error.registered]
        asked = "|".join(error.asked)
        self._faults.refuse(row.line, column, "registered-otherwise", asked, told)

    def _placed(self, rows: Sequence[Planned]) -> list[Planned]:
        """Return rows with where those that are registered stand on the chain."""
        wanted = {one.product for one in rows if one.fate is Fate.RECOGNISED}
        if not wanted:
            return list(rows)
        kinds = (*_MADE, ProductListed)
        told = list(self._ledger.events_naming(kinds, "product", sorted(wanted, key=bytes)))
        listings = {event.product: event for event in told if isinstance(event, ProductListed)}
        for one in rows:
            if one.fate is Fate.RECOGNISED and one.row.item.listed:
                self._require_listing(one, listings.get(one.product))
        places = {
            (event.product, event.version if isinstance(event, ProductUpdated) else 1): event
            for event in told
            if isinstance(event, _MADE)
        }
        return [_at(one, places) for one in rows]

    def _require_listing(self, row: Planned, told: ProductListed | None) -> None:
        try:
            row.row.declared.require_listing(row.product, told)
        except RegisteredOtherwise as error:
            self._contradicted(row.row, error)


def _at(
    row: Planned,
    places: Mapping[tuple[ProductId, int], ProductRegistered | ProductOpened | ProductUpdated],
) -> Planned:
    found = places.get((row.product, row.version))
    if row.fate is Fate.FRESH or found is None:
        return row
    return replace(row, transaction=found.transaction, block=found.block)


def _stands(claim: Claim, product: Product) -> bool:
    return product.in_force and claim.version == product.latest
