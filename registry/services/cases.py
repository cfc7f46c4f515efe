"""File cases of registration, decide them, and tell where they stand and what comes next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from registry.domain import flow
from registry.domain.calendar import start_of
from registry.domain.case import Outcome, change_pending, transfer_pending
from registry.domain.case_events import CaseFiled, CaseMoved, CodeGiven, ObjectionRaised
from registry.domain.case_operations import (
    NO_DIGEST,
    Apply,
    Concur,
    Decide,
    EndRegistration,
    EnterCase,
    ExecuteAward,
    FileCase,
    Object,
    Proceed,
    SubmitDraft,
)
from registry.domain.flow_table import Act, CaseKind
from registry.domain.lineage_operations import DeclareDerivation
from registry.domain.submission import submission
from registry.records import dataclass
from registry.services.case_history import desk, entries
from registry.services.case_view import came_in_time, unknown, view_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.application import Application
    from registry.domain.case import Case, Docket, Objection
    from registry.domain.case_operations import CaseOperation
    from registry.domain.fingerprint import Fingerprint
    from registry.domain.flow import Option, Standing
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.ledger import Receipt
    from registry.domain.moment import At
    from registry.domain.submission import Submission
    from registry.domain.timeline import Pending, Timeline
    from registry.domain.vocabulary import Reason, Right
    from registry.services.actor import Actor, Me
    from registry.services.applying import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """Hold what an act on a case came to: the case after it, where it stands, what comes next.

    `overdue` says that the act came after its time limit and stands; `index` is that of the
    objection raised, and `code` the one given by registering. `due` is by when what follows is due.
    `submission` says whether a first application comes in time, where that is known.
    """

    act: Act
    receipt: Receipt
    case: Case
    standing: Standing
    options: tuple[Option, ...]
    overdue: bool = False
    index: int | None = None
    code: str | None = None
    due: int | None = None
    submission: Submission | None = None


class Cases:
    """Serve the tasks about cases of registration."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    # ---- asking ------------------------------------------------------------------------------

    def get(self, product: ProductId, *, at: At | None = None) -> Case:
        """Return the last case of a product; raises `CaseUnknown` where it has had none."""
        moment = None if at is None else self._actor.ledger.moment(at)
        found = self._actor.ledger.cases(product, at=moment)
        if not found:
            raise unknown(product)
        return found[-1]

    def docket(self, product: ProductId) -> Docket:
        """Return what the desk keeps of a product: its code, how many cases it has had."""
        return self._actor.ledger.docket(product)

    def objections(self, product: ProductId) -> tuple[Objection, ...]:
        """Return all objections to a product."""
        return self._actor.ledger.objections(product)

    def timeline(self, product: ProductId, *, at: At | None = None) -> Timeline:
        """Return what happened to a product's cases, where the last stands, and what comes next."""
        from registry.domain.timeline import Timeline  # noqa: PLC0415 (start-up time)

        ledger, view = self._actor.ledger, view_of(self._actor.ledger, product, at)
        case, calendar, moment = view.case, view.calendar, view.moment
        return Timeline(
            product=product,
            case=case,
            standing=flow.standing(case, calendar, moment.time),
            entries=entries(ledger, product, calendar, moment),
            options=view.prospects(),
            objections=view.objections,
            moment=moment,
            code=view.docket.code,
            due=flow.stage_limit(case, calendar, moment.time, view.objections),
            submission=came_in_time(self._actor, view.first, calendar, moment.time),
        )

    def prospects(self, product: ProductId, *, at: At | None = None) -> tuple[Option, ...]:
        """Return everything that may happen next to a product, by anyone, and until when."""
        return view_of(self._actor.ledger, product, at).prospects()

    def desk(
        self,
        *,
        awaiting: PartyId | Me | None = None,
        due: int | None = None,
        registrar: PartyId | Me | None = None,
        open_only: bool = True,
    ) -> Iterator[Pending]:
        """Yield the last case of each product in the order of their filing, from events alone.

        `awaiting` leaves those in which this party is to act, `due` those in which something is due
        by a time, `registrar` those of one registrar; cases that are over only without `open_only`.
        """
        waited = None if awaiting is None else self._actor.resolve(awaiting)
        decides = None if registrar is None else self._actor.resolve(registrar)
        for one in desk(self._actor.ledger):
            if open_only and one.over:
                continue
            if waited is not None and waited not in one.awaiting:
                continue
            if decides is not None and decides != one.case.registrar:
                continue
            if due is not None and (one.due is None or one.due > due):
                continue
            yield one

    # ---- filing ------------------------------------------------------------------------------

    def apply(self, application: Apply) -> Acted:
        """Apply for a first registration, or write the application down as a draft."""
        receipt = self._actor.submit(application)
        filed = next(event for event in receipt.events if isinstance(event, CaseFiled))
        return self._acted(Act.DRAFT if application.draft else Act.SUBMIT, filed.product, receipt)

    def apply_for(
        self, content: Path | str | Fingerprint, form: Application, asked: Asked
    ) -> Acted:
        """Apply for the registration of a file or folder that a form describes.

        What derived data was made of is declared with it, in a transaction of its own.
        """
        from registry.services.applying import application_for, made_of  # noqa: PLC0415 (start-up)
        from registry.services.deriving import Deriving  # noqa: PLC0415 (start-up time)
        from registry.services.grants import Grants  # noqa: PLC0415 (start-up time)
        from registry.services.products import Products  # noqa: PLC0415 (start-up time)

        actor = self._actor
        made = made_of(form, asked)
        making = None if made is None else Deriving(actor).making(made)
        found = Products(actor).fingerprint(content, metadata=form.metadata, resume=asked.resume)
        acted = self.apply(application_for(actor, Grants(actor), form, found, asked, making))
        if making is not None:
            actor.submit(DeclareDerivation(product=acted.case.product, making=making))
        began, calendar = form.metadata.operating_since, actor.ledger.calendar()
        late = submission(acted.case, began, calendar, acted.receipt.time)
        return replace(acted, submission=late)

    def submit_draft(self, product: ProductId, evidence: bytes = NO_DIGEST) -> Acted:
        """Submit a draft."""
        made = self._do(Act.SUBMIT, SubmitDraft(product=product, evidence=evidence))
        calendar, time = self._actor.ledger.calendar(), made.receipt.time
        return replace(made, submission=came_in_time(self._actor, made.case, calendar, time))

    def change(
        self,
        product: ProductId,
        content_root: bytes,
        metadata_hash: bytes,
        *,
        correction: bool = False,
        evidence: bytes = NO_DIGEST,
        registrar: int = 0,
    ) -> Acted:
        """File a change, or a correction, of what is recorded; its digests are shown as one."""
        return self._do(
            Act.SUBMIT,
            FileCase(
                product=product,
                kind=CaseKind.CORRECTION if correction else CaseKind.CHANGE,
                registrar=registrar,
                pending=change_pending(content_root, metadata_hash),
                evidence=evidence,
            ),
        )

    def transfer(
        self,
        product: ProductId,
        to: PartyId,
        rights: Right,
        *,
        evidence: bytes = NO_DIGEST,
        registrar: int = 0,
    ) -> Acted:
        """File the transfer of rights, in which the receiving party must concur."""
        return self._do(
            Act.SUBMIT,
            FileCase(
                product=product,
                kind=CaseKind.TRANSFER,
                registrar=registrar,
                pending=transfer_pending(to, rights),
                evidence=evidence,
            ),
        )

    def renew(
        self,
        product: ProductId,
        *,
        evidence: bytes = NO_DIGEST,
        operation: bytes = b"",
        registrar: int = 0,
    ) -> Acted:
        """File a renewal, in its window before the end."""
        return self._do(
            Act.SUBMIT,
            FileCase(
                product=product,
                kind=CaseKind.RENEWAL,
                registrar=registrar,
                evidence=evidence,
                operation=operation,
            ),
        )

    def cancellation(
        self, product: ProductId, *, evidence: bytes = NO_DIGEST, registrar: int = 0
    ) -> Acted:
        """File the cancellation of a registration by its holder."""
        return self._do(
            Act.SUBMIT,
            FileCase(
                product=product,
                kind=CaseKind.CANCELLATION,
                registrar=registrar,
                evidence=evidence,
            ),
        )

    # ---- proceeding --------------------------------------------------------------------------

    def proceed(
        self,
        product: ProductId,
        act: Act,
        *,
        evidence: bytes = NO_DIGEST,
        days: int = 0,
        pending: bytes = NO_DIGEST,
    ) -> Acted:
        """Do one of the acts of `Proceed` with the last case of a product."""
        index = self.get(product).index
        operation = Proceed(
            product=product, index=index, act=act, evidence=evidence, days=days, pending=pending
        )
        return self._do(act, operation)

    def concur(self, product: ProductId) -> Acted:
        """Agree to the last case, as a holder named in it or as the party that receives."""
        ledger, case, me = self._actor.ledger, self.get(product), self._actor.party()
        places = []
        if case.kind is CaseKind.INITIAL:
            places = [one.party for one in ledger.holdings(product)]
        place = places.index(me) if me in places else 0
        return self._do(Act.CONCUR, Concur(product=product, index=case.index, place=place))

    def register(
        self,
        product: ProductId,
        *,
        evidence: bytes,
        valid_until: int | None = None,
        content_root: bytes = NO_DIGEST,
        metadata_hash: bytes = NO_DIGEST,
    ) -> Acted:
        """Enter what the last case asks for in the record; without an end, for the longest time."""
        case = self.get(product)
        operation = EnterCase(
            product=product,
            index=case.index,
            evidence=evidence,
            valid_until=self._validity(case) if valid_until is None else valid_until,
            content_root=content_root,
            metadata_hash=metadata_hash,
            # The longest time ends on another day when it is asked for on another.
            wish=f"{product} {case.index} {evidence.hex()} longest" if valid_until is None else "",
        )
        return self._do(Act.REGISTER, operation)

    def object(self, product: ProductId, evidence: bytes) -> Acted:
        """Object to an application in publicity, or to a registration."""
        return self._do(Act.OBJECT, Object(product=product, evidence=evidence))

    def decide(
        self, product: ProductId, outcome: Outcome, *, reasons: bytes, index: int | None = None
    ) -> Acted:
        """Decide an objection, the oldest open one unless its index is given."""
        wish = ""
        if index is None:
            # Once it is decided another one is the oldest: the words stay what they were.
            wish = f"{product} {outcome} {reasons.hex()}"
            live = [one.index for one in self.objections(product) if one.until is None]
            index = live[0] if live else 0
        acts = {
            Outcome.REJECTED: Act.REJECT,
            Outcome.UPHELD: Act.UPHOLD,
            Outcome.SETTLED: Act.SETTLE,
        }
        operation = Decide(
            product=product, index=index, outcome=outcome, reasons=reasons, wish=wish
        )
        return self._do(acts.get(outcome, Act.REFER), operation)

    # ---- of its own motion -------------------------------------------------------------------

    def cancel(self, product: ProductId, reason: Reason, evidence: bytes) -> Acted:
        """End a registration as its registrar: loss, waiver, dissolution, lapse."""
        return self._end(product, Act.CANCEL, reason, evidence)

    def revoke(self, product: ProductId, reason: Reason, evidence: bytes) -> Acted:
        """Undo a registration as its registrar: falsehood, tampering, misuse."""
        return self._end(product, Act.REVOKE, reason, evidence)

    def award(
        self, product: ProductId, from_: PartyId, to: PartyId, rights: Right, evidence: bytes
    ) -> Acted:
        """Move rights as a court or arbitrator decided, whatever annotations stand."""
        operation = ExecuteAward(
            product=product, from_=from_, to=to, rights=rights, evidence=evidence
        )
        return self._do(Act.AWARD, operation)

    # ---- within ------------------------------------------------------------------------------

    def _end(self, product: ProductId, act: Act, reason: Reason, evidence: bytes) -> Acted:
        operation = EndRegistration(product=product, act=act, reason=reason, evidence=evidence)
        return self._do(act, operation)

    def _do(self, act: Act, operation: CaseOperation) -> Acted:
        receipt = self._actor.submit(operation)
        product: ProductId = operation.product  # type: ignore[union-attr]
        return self._acted(act, product, receipt)

    def _acted(self, act: Act, product: ProductId, receipt: Receipt) -> Acted:
        view = view_of(self._actor.ledger, product)
        moved = [event for event in receipt.events if isinstance(event, CaseMoved)]
        given = [event for event in receipt.events if isinstance(event, CodeGiven)]
        raised = [event for event in receipt.events if isinstance(event, ObjectionRaised)]
        return Acted(
            act=act,
            receipt=receipt,
            case=view.case,
            standing=flow.standing(view.case, view.calendar, receipt.time),
            options=view.prospects(receipt.time),
            overdue=any(event.overdue for event in moved),
            index=raised[0].index if raised else None,
            code=given[0].code.rstrip(b"\0").decode("ascii") if given else None,
            due=flow.stage_limit(view.case, view.calendar, receipt.time, view.objections),
        )

    def _validity(self, case: Case) -> int:
        """Return the longest validity that registering may give, 0 where it gives none."""
        if case.kind not in (CaseKind.INITIAL, CaseKind.RENEWAL):
            return 0
        ledger = self._actor.ledger
        start = ledger.moment().time
        if case.kind is CaseKind.RENEWAL:
            known = ledger.product(case.product)
            start = (known and known.until) or start
        latest = flow.latest_validity(case.profile, start)
        end = ledger.docket(case.product).operation_end
        return latest if end is None else min(latest, start_of(end))
