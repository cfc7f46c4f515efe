"""Read the last case of a product together with everything that decides what may come next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain import prospects
from registry.domain.flow_table import SUBMISSION_DAYS
from registry.domain.lineage import Pin
from registry.domain.prospects import Subject
from registry.domain.submission import submission
from registry.errors import ManifestMalformed
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.domain.calendar import WorkCalendar
    from registry.domain.case import Case, Docket, Objection
    from registry.domain.flow import Option
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.ledger import Ledger
    from registry.domain.moment import At, Moment
    from registry.domain.product import Product
    from registry.domain.submission import Submission
    from registry.reverts import CaseUnknown
    from registry.services.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Hold the first and the last case of a product at a moment, and what counts for the last."""

    first: Case
    case: Case
    calendar: WorkCalendar
    objections: tuple[Objection, ...]
    subject: Subject
    docket: Docket
    moment: Moment

    def prospects(self, time: int | None = None) -> tuple[Option, ...]:
        """Return what may happen next, at the moment or, if nothing happens till then, at `time`.

        The later time must not be before the moment; both are in seconds since 1970.
        """
        return prospects.prospects(
            self.case,
            self.calendar,
            self.moment.time if time is None else time,
            self.subject,
            self.objections,
        )


def view_of(ledger: Ledger, product: ProductId, at: At | None = None) -> CaseView:
    """Return the last case of a product as of a moment; raises `CaseUnknown` where it had none."""
    moment = ledger.moment(at)
    past = None if at is None else moment
    found, known = ledger.cases(product, at=past), ledger.product(product, at=past)
    if not found or known is None:
        raise unknown(product)
    case, docket = found[-1], ledger.docket(product, at=past)
    return CaseView(
        first=found[0],
        case=case,
        calendar=ledger.calendar(at=past),
        objections=ledger.objections(product, at=past),
        subject=_subject(ledger, known, case, docket, past),
        docket=docket,
        moment=moment,
    )


def _subject(
    ledger: Ledger, product: Product, case: Case, docket: Docket, past: Moment | None
) -> Subject:
    registrars = ledger.registrars(at=past, of=product.id)
    keepers = [one.party for one in registrars if one.number == product.registrar]
    named = dict.fromkeys((case.filer, case.registrar, *case.missing, *keepers))
    made = ledger.derivations([Pin(product.id, 1)], at=past)[0] if product.derived else None
    return Subject.of(
        product,
        case,
        ledger.rights_of(product.id, case.filer, at=past),
        ledger.pending(product.id, case.index, at=past),
        docket.operation_end,
        registrars,
        made,
        _suspended(ledger, named, past),
    )


def _suspended(
    ledger: Ledger, parties: Iterable[PartyId], past: Moment | None
) -> Iterator[PartyId]:
    for party in parties:
        known = ledger.party(party, at=past)
        if known is not None and not known.active:
            yield party


def unknown(product: ProductId) -> CaseUnknown:
    """Return the error that a product has had no case."""
    from registry.reverts import CaseUnknown  # noqa: PLC0415 (start-up: seldom raised)

    return CaseUnknown(product=product, index=0)


def came_in_time(actor: Actor, first: Case, calendar: WorkCalendar, time: int) -> Submission | None:
    """Return whether an application came in time, by the form that is kept here."""
    if actor.archive is None or first.profile not in SUBMISSION_DAYS:
        return None
    from registry.services.contents import kept_description  # noqa: PLC0415 (start-up time)

    version = actor.ledger.versions(first.product)[0]
    try:
        found = kept_description(actor.archive, version.content_root, version.metadata_hash)
    except ManifestMalformed:
        return None
    return None if found is None else submission(first, found.operating_since, calendar, time)
