"""Enter in the record what a case asks for: code, validity, content, holder, end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain import flow
from registry.domain.calendar import day_of, start_of, to_date
from registry.domain.case import (
    Record,
    change_pending,
    transfer_of,
)
from registry.domain.case_events import CodeGiven, RecordAmended
from registry.domain.case_operations import NO_DIGEST
from registry.domain.flow_table import CaseKind
from registry.domain.product import ProductState, Profile
from registry.domain.vocabulary import Right
from registry.testing.annotations import encumbered
from registry.testing.case_state import REPLACING, CaseState

if TYPE_CHECKING:
    from registry.domain import case_operations as ops
    from registry.domain.ids import PartyId, ProductId
    from registry.testing.writing import Writing

_MOST_SERIAL: Final = 9_999
_BY_HOLDER: Final = (CaseKind.CHANGE, CaseKind.RENEWAL, CaseKind.CANCELLATION)


class CaseEntering(CaseState):
    """Carry out what the registration of a case comes to."""

    def enter_first(self, now: Writing, record: Record, o: ops.EnterCase) -> None:
        """Enter a first registration: its code, its state and its validity."""
        self._require_validity(record, o, now.time, now.time)
        year, month, _ = to_date(day_of(now.time))
        place = (record.registrar, year * 100 + month, record.profile)
        serial = self._serials.get(place) + 1
        if serial > _MOST_SERIAL:
            raise reverts.CodesExhausted(registrar=record.registrar, month=place[1])
        prefix = "SJ" if record.profile is Profile.PROPERTY else "GG"
        seat = next(
            one.seat for one in self._registrars.registrars() if one.number == record.registrar
        )
        code = f"{prefix}{seat}{place[1]}{serial:04}"
        self._serials.set(place, serial)
        self._codes.set(code, o.product)
        docket = replace(self.docket(o.product), code=code, amended=now.time)
        self._dockets.set(o.product, docket)
        now.emit(
            CodeGiven(
                **now.place,
                product=o.product,
                code=code.encode(),
                registrar=record.registrar,
                month=place[1],
                serial=serial,
                profile=record.profile,
            )
        )
        known = self._products.known(o.product)
        self._products.settle(now, known, ProductState.REGISTERED, now.time, o.valid_until)

    def enter_later(self, now: Writing, record: Record, o: ops.EnterCase) -> None:
        """Enter a later case: its end, its validity or who holds it."""
        product = self._products.known(o.product)
        expired = record.kind is not CaseKind.RENEWAL and product.as_of(now.time).expired
        if product.state is not ProductState.REGISTERED or expired:
            raise reverts.ProductNotInForce(product=o.product, state=product.state)
        state: ProductState = product.state
        until = product.until
        if record.kind is CaseKind.RENEWAL:
            self._require_validity(record, o, product.until or 0, now.time)
            until = o.valid_until
        elif o.valid_until:
            raise reverts.ValidityOutOfRange(
                product=o.product, given=o.valid_until, least=0, most=0
            )
        if record.kind is CaseKind.CANCELLATION:
            if product.frozen:
                raise encumbered(product)
            state, until = ProductState.CANCELLED, now.time
        if record.kind in _BY_HOLDER:
            self._require_holder(o.product, record.filer)
        self.amend(now, o.product)
        self._products.settle(now, product, state, product.since, until)
        if record.kind is CaseKind.TRANSFER:
            if product.encumbered:
                raise encumbered(product)
            to, rights = transfer_of(self.pending(o.product, o.index))
            self._products.move(now, o.product, record.filer, to, rights)

    def amend(self, now: Writing, product: ProductId) -> None:
        """Tell that what a certificate says has changed."""
        self._dockets.set(product, replace(self.docket(product), amended=now.time))
        now.emit(RecordAmended(**now.place, product=product))

    def _require_holder(self, product: ProductId, filer: PartyId) -> None:
        """Refuse what was filed by a party that an award has taken its right from since."""
        held = self._products.rights_of(product, filer)
        if not held & Right.HOLD:
            raise reverts.RightsMissing(product=product, party=filer, held=held, needed=Right.HOLD)

    def enter_content(self, now: Writing, record: Record, o: ops.EnterCase) -> None:
        """Enter the digests that the case has pending, as a new version."""
        pending = NO_DIGEST
        if record.kind in REPLACING:
            pending = self.pending(o.product, o.index)
        given = o.content_root != NO_DIGEST or o.metadata_hash != NO_DIGEST
        hashed = change_pending(o.content_root, o.metadata_hash) if given else NO_DIGEST
        if hashed != pending:
            raise reverts.PendingMismatch(product=o.product, pending=pending, given=hashed)
        if given:
            self._products.advance(now, o.product, record.filer, o.content_root, o.metadata_hash)

    def _require_validity(self, record: Record, o: ops.EnterCase, start: int, later: int) -> None:
        limit = flow.latest_validity(record.profile, start)
        end = self.docket(o.product).operation_end
        limit = limit if end is None else min(limit, start_of(end))
        after = max(start, later)
        midnight = start_of(day_of(o.valid_until)) == o.valid_until
        if not midnight or not after < o.valid_until <= limit:
            raise reverts.ValidityOutOfRange(
                product=o.product, given=o.valid_until, least=after, most=limit
            )
        known = self._products.known(o.product)
        if known.derived and self._lineage.derivation(o.product, 1) is None:
            raise reverts.DerivationMissing(product=o.product, version=1)
