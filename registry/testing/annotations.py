"""Keep the annotations of products as `ProductRegistry` does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from registry import reverts
from registry.domain.annotation import Annotation
from registry.domain.events import AnnotationReleased, ProductAnnotated
from registry.domain.party import Role, Scope
from registry.domain.vocabulary import AnnotationKind, Right
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.operations import Annotate, Release
    from registry.domain.product import Product
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.products import ProductBook
    from registry.testing.registrars import RegistrarBook
    from registry.testing.writing import Writing

_MOST_COUNTED: Final = 63
_COUNTS: Final = {
    AnnotationKind.SEIZURE: "seizures",
    AnnotationKind.CONTROL: "controls",
    AnnotationKind.DISPUTE: "disputes",
}


class AnnotationBook:
    """Hold what is noted on products."""

    def __init__(
        self,
        history: History,
        parties: PartyBook,
        products: ProductBook,
        registrars: RegistrarBook,
    ) -> None:
        self._parties = parties
        self._products = products
        self._registrars = registrars
        self._annotations: Timeline[ProductId, tuple[Annotation, ...]] = Timeline(history, ())

    def annotate(self, now: Writing, operation: Annotate) -> None:
        """Note on a product, beside whatever is noted on it."""
        product = self._products.known(operation.product)
        kind = operation.kind
        by = self._annotator(now, product, kind)
        count = _COUNTS.get(kind)
        if count is not None and getattr(product, count) == _MOST_COUNTED:
            raise reverts.AnnotationsFull(product=product.id, kind=kind)
        before = self._annotations.get(product.id)
        annotation = Annotation(
            product=product.id,
            index=len(before),
            kind=kind,
            by=by,
            reason=operation.reason,
            evidence=operation.evidence[:12],
            since=now.time,
        )
        self._annotations.set(product.id, (*before, annotation))
        self._counted(product, kind, 1)
        now.emit(
            ProductAnnotated(
                **now.place,
                product=product.id,
                by=by,
                index=annotation.index,
                kind=kind,
                reason=operation.reason,
                evidence=operation.evidence,
            )
        )

    def release(self, now: Writing, operation: Release) -> None:
        """Release one annotation."""
        product, index = self._products.known(operation.product), operation.index
        all_ = self._annotations.get(product.id)
        if index >= len(all_) or not all_[index].stands:
            raise reverts.AnnotationUnknown(product=product.id, index=index)
        by = self._releaser(now, all_[index])
        ended = replace(all_[index], until=now.time)
        self._annotations.set(product.id, (*all_[:index], ended, *all_[index + 1 :]))
        self._counted(product, ended.kind, -1)
        now.emit(
            AnnotationReleased(
                **now.place, product=product.id, by=by, index=index, evidence=operation.evidence
            )
        )

    def annotations(self, product: ProductId, block: int | None = None) -> tuple[Annotation, ...]:
        """Return all annotations of a product, in the order of their index."""
        return self._annotations.get(product, block)

    # Internal

    def _annotator(self, now: Writing, product: Product, kind: AnnotationKind) -> PartyId:
        party = self._parties.party_of(now.sender)
        limit = kind is AnnotationKind.LIMIT
        if limit and party is not None and self._products.rights_of(product.id, party) & Right.HOLD:
            return self._parties.writer(now.sender)
        by = self._parties.writer(now.sender, Scope.DECIDE)
        if (limit or kind is AnnotationKind.DISPUTE) and self._has_registrar(product, by):
            return by
        needed = Role.REGULATOR if kind is AnnotationKind.CONTROL else Role.COURT
        self._parties.require_role(by, needed)
        return by

    def _releaser(self, now: Writing, annotation: Annotation) -> PartyId:
        party = self._parties.party_of(now.sender)
        limit = annotation.kind is AnnotationKind.LIMIT
        offices = Role.REGISTRAR | Role.COURT
        roles = Role(0) if party is None else self._parties.roles_of(party)
        office = not limit or bool(roles & offices)
        by = self._parties.writer(now.sender, Scope.DECIDE if office else Scope.REGISTER)
        if by == annotation.by:
            return by
        seized = annotation.kind is AnnotationKind.SEIZURE and self._is_court(annotation.by)
        if seized or not self._is_court(by):
            raise reverts.AnnotationNotYours(
                product=annotation.product, index=annotation.index, by=by
            )
        return by

    def _has_registrar(self, product: Product, party: PartyId) -> bool:
        """Tell whether a product is with this registrar, which is one still."""
        found = self._registrars.registrars()
        number = next((one.number for one in found if one.party == party), 0)
        office = bool(self._parties.roles_of(party) & Role.REGISTRAR)
        return number != 0 and number == product.registrar and office

    def _is_court(self, party: PartyId) -> bool:
        return bool(self._parties.roles_of(party) & Role.COURT)

    def _counted(self, product: Product, kind: AnnotationKind, change: int) -> None:
        count = _COUNTS.get(kind)
        if count is not None:
            changed: dict[str, Any] = {count: getattr(product, count) + change}
            self._products.keep(replace(product, **changed))


def encumbered(product: Product) -> reverts.ProductEncumbered:
    """Return the error that annotations stand in the way at a product."""
    return reverts.ProductEncumbered(
        product=product.id,
        seizures=product.seizures,
        controls=product.controls,
        disputes=product.disputes,
    )
