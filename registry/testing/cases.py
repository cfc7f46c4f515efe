"""Keep cases of registration as `RegistrationDesk` does, by the same table and calendar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain import flow
from registry.domain.case import (
    Docket,
    Objection,
    Outcome,
    Record,
)
from registry.domain.case_events import (
    AwardExecuted,
    CertificateIssued,
    ObjectionDecided,
    ObjectionRaised,
    OriginsNamed,
    RegistrationEnded,
)
from registry.domain.case_operations import NO_DIGEST
from registry.domain.flow_table import (
    DAYS,
    ENDS,
    Act,
    Actor,
    CaseKind,
    Clock,
    Stage,
)
from registry.domain.party import Scope, Standing
from registry.domain.product import ParticularFlag, ProductState, Profile
from registry.domain.vocabulary import Right, Source
from registry.testing.annotations import encumbered
from registry.testing.case_entering import CaseEntering
from registry.testing.case_state import CONTENT, require_evidence

if TYPE_CHECKING:
    from registry.domain import case_operations as ops
    from registry.domain.ids import PartyId
    from registry.testing.writing import Writing

_OUTCOMES: Final = {
    Outcome.REJECTED: Act.REJECT,
    Outcome.UPHELD: Act.UPHOLD,
    Outcome.SETTLED: Act.SETTLE,
    Outcome.REFERRED: Act.REFER,
}
_BARE: Final = (Act.ACCEPT, Act.PUBLICISE, Act.WITHDRAW)
_BY_APPLICANT: Final = (Act.RESUBMIT, Act.SUPPLEMENT, Act.WITHDRAW)


class CaseBook(CaseEntering):
    """Hold cases, objections and codes.

    What the operation of public data rests on is not judged here: an application that shows a grant
    of it is taken as it is.
    """

    # ---- filing ------------------------------------------------------------------------------

    def apply(self, now: Writing, o: ops.Apply) -> None:
        """Apply for a first registration, or draft it."""
        act = Act.DRAFT if o.draft else Act.SUBMIT
        if o.profile is Profile.PUBLIC and not o.draft:
            require_evidence(o.evidence, act)
        filer = self._parties.writer(now.sender)
        registrar = self._stranger(o.registrar, filer)
        if any(share.party == registrar for share in o.shares):
            raise reverts.RegistrarOwnData(registrar=registrar)
        awaited = _awaited(o, filer)
        item = o.registration
        if item.source is Source.DERIVED and not o.origins:
            raise reverts.OriginsMissing(applicant=filer)
        self._lineage.judge_origins(now, filer, o.origins)
        operated = bool(item.flags & ParticularFlag.OPERATED)
        if o.operation and not operated:
            raise reverts.OperationUncalled(by=filer, kind=CaseKind.INITIAL)
        if operated and o.profile is Profile.PROPERTY and not o.operation:
            raise reverts.OperationMissing(applicant=filer)
        product = self._products.open_case(now, filer, o)
        record = Record(
            filer=filer,
            registrar=o.registrar,
            submitted_at=0 if o.draft else now.time,
            since=now.time,
            publicised_at=0,
            kind=CaseKind.INITIAL,
            stage=Stage.DRAFT if o.draft else Stage.SUBMITTED,
            profile=o.profile,
            returned=False,
            waived=False,
            due_days=0,
            extension=0,
            spent_days=0,
            objections=0,
            awaited=awaited,
            joint=awaited != 0,
        )
        self._dockets.set(product, Docket(product=product, profile=o.profile, cases=1))
        self._filed(now, product, 0, record, NO_DIGEST, o.evidence)
        if o.origins:
            named = tuple(one.product for one in o.origins)
            now.emit(OriginsNamed(**now.place, product=product, origins=named))

    def submit_draft(self, now: Writing, o: ops.SubmitDraft) -> None:
        """Submit a draft."""
        by = self._parties.writer(now.sender)
        record, row = self._proceeding(now, o.product, 0, Act.SUBMIT, by)
        if record.profile is Profile.PUBLIC:
            require_evidence(o.evidence, Act.SUBMIT)
        moved = replace(self._moved(now, record, row), submitted_at=now.time)
        self._told(now, o.product, 0, moved, by, Act.SUBMIT, o.evidence)
        known = self._products.known(o.product)
        self._products.settle(now, known, ProductState.PENDING, now.time, None)

    def file(self, now: Writing, o: ops.FileCase) -> None:
        """File a case on a registered product."""
        scope = Scope.TRANSFER if o.kind is CaseKind.TRANSFER else Scope.REGISTER
        by = self._parties.writer(now.sender, scope)
        product = self._products.known(o.product)
        held = self._products.rights_of(o.product, by)
        holds = bool(held) if o.kind is CaseKind.TRANSFER else bool(held & Right.HOLD)
        actors = Actor.ANYONE | Actor.HOLDER if holds else Actor.ANYONE
        row = flow.row_for(product.profile, o.kind, Stage.NONE, Act.SUBMIT, actors)
        if row is None:
            raise self._forbidden(product, o.kind, Stage.NONE, actors, Act.SUBMIT)
        index = self.docket(o.product).cases
        last = flow.standing(self._case(o.product, index - 1), self._days(), now.time)
        if last.stage not in ENDS:
            raise reverts.CaseOpen(product=o.product, index=index - 1)
        if not product.as_of(now.time).in_force:
            raise reverts.ProductNotInForce(product=o.product, state=product.state)
        if o.registrar not in (0, product.registrar):
            raise reverts.RegistrarStays(product=o.product, registrar=product.registrar)
        if product.profile is Profile.PUBLIC:
            require_evidence(o.evidence, Act.SUBMIT)
        self._require_impartial(product, by)
        self._require_called_for(o, by)
        if o.kind is CaseKind.RENEWAL:
            start, until = flow.renewal_window(product.profile, product.until or 0)
            if not start <= now.time < until:
                raise reverts.OutsideWindow(product=o.product, from_=start, until=until)
        if o.kind is CaseKind.TRANSFER:
            self._require_transferable(product, by, held, o.pending)
        elif (o.kind in CONTENT) != (o.pending != NO_DIGEST):
            raise reverts.PendingInvalid(product=o.product, kind=o.kind, pending=o.pending)
        record = Record(
            filer=by,
            registrar=product.registrar,
            submitted_at=now.time,
            since=now.time,
            publicised_at=0,
            kind=o.kind,
            stage=Stage.SUBMITTED,
            profile=product.profile,
            returned=False,
            waived=False,
            due_days=0,
            extension=0,
            spent_days=0,
            objections=0,
            awaited=1 if o.kind is CaseKind.TRANSFER else 0,
            joint=False,
        )
        self._dockets.set(o.product, replace(self.docket(o.product), cases=index + 1))
        self._pending.set((o.product, index), o.pending)
        self._filed(now, o.product, index, record, o.pending, o.evidence)

    def _require_called_for(self, o: ops.FileCase, by: PartyId) -> None:
        """Refuse a grant of operation in a case that renews nothing."""
        if o.operation and o.kind is not CaseKind.RENEWAL:
            raise reverts.OperationUncalled(by=by, kind=o.kind)

    # ---- proceeding --------------------------------------------------------------------------

    def proceed(self, now: Writing, o: ops.Proceed) -> None:
        """Do one act with a case."""
        if o.act is Act.LAPSE:
            self._lapse(now, o)
            return
        if o.act in _BY_APPLICANT:
            by = self._parties.writer(now.sender)
            record, row = self._proceeding(now, o.product, o.index, o.act, by)
            record = self._replace(now, o, record)
        else:
            record, row, by = self._deciding(now, o.product, o.index, o.act)
        case = self._as_case(o.product, o.index, record)
        overdue = self._in_time(now, case, row)
        self._require_unused(o, record)
        moved = self._moved(now, self._changed(now, record, o), row)
        evidence = NO_DIGEST if o.act in _BARE else o.evidence
        self._told(now, o.product, o.index, moved, by, o.act, evidence, overdue=overdue)
        if moved.stage in ENDS:
            self._decline(now, o.product, moved)

    def concur(self, now: Writing, o: ops.Concur) -> None:
        """Agree to a case."""
        by = self._parties.writer(now.sender)
        record = self._now(now, o.product, o.index)
        actors = self._actors(record, by)
        if self._consenter(o, record) == by:
            actors |= Actor.COUNTERPARTY
        self._row(o.product, record, Act.CONCUR, actors)
        if not record.awaited >> o.place & 1:
            raise reverts.ConsentNotAwaited(product=o.product, party=by)
        moved = replace(record, awaited=record.awaited ^ 1 << o.place)
        self._told(now, o.product, o.index, moved, by, Act.CONCUR, NO_DIGEST)

    def enter(self, now: Writing, o: ops.EnterCase) -> None:
        """Enter what a case asks for in the record."""
        record, row, by = self._deciding(now, o.product, o.index, Act.REGISTER)
        require_evidence(o.evidence, Act.REGISTER)
        case = self._as_case(o.product, o.index, record)
        if record.kind is CaseKind.INITIAL and record.stage is Stage.ACCEPTED and not record.waived:
            raise reverts.PublicityMissing(product=o.product, index=o.index)
        overdue = self._in_time(now, case, row)
        if case.missing:
            raise reverts.ConsentMissing(product=o.product, party=case.missing[0])
        moved = self._moved(now, record, row)
        self._told(now, o.product, o.index, moved, by, Act.REGISTER, o.evidence, overdue=overdue)
        if record.kind is CaseKind.INITIAL:
            self.enter_first(now, record, o)
        else:
            self.enter_later(now, record, o)
        self.enter_content(now, record, o)

    # ---- objections --------------------------------------------------------------------------

    def object(self, now: Writing, o: ops.Object) -> None:
        """Object to an application in publicity, or to a registration."""
        by = self._parties.actor(now.sender, Scope.OBJECT)
        require_evidence(o.evidence, Act.OBJECT)
        record = self._stored(o.product, 0)
        row = self._row(o.product, record, Act.OBJECT, self._actors(record, by))
        registered = record.stage is Stage.REGISTERED
        if registered:
            self._require_registered(o.product)
        else:
            self._in_time(now, self._as_case(o.product, 0, record), row)
        before = self._objections.get(o.product)
        for one in before:
            if one.by == by and one.until is None:
                raise reverts.ObjectionOpen(product=o.product, by=by, index=one.index)
        objection = Objection(
            product=o.product,
            index=len(before),
            by=by,
            since=now.time,
            evidence=o.evidence[:12],
            after_registration=registered,
        )
        self._objections.set(o.product, (*before, objection))
        now.emit(
            ObjectionRaised(
                **now.place,
                product=o.product,
                by=by,
                index=objection.index,
                after_registration=registered,
                evidence=o.evidence,
            )
        )
        if not registered:
            moved = replace(self._moved(now, record, row), objections=record.objections + 1)
            self._told(now, o.product, 0, moved, by, Act.OBJECT, o.evidence)

    def decide(self, now: Writing, o: ops.Decide) -> None:
        """Decide an objection."""
        found = self._objections.get(o.product)
        if o.index >= len(found) or found[o.index].until is not None:
            raise reverts.ObjectionUnknown(product=o.product, index=o.index)
        if o.outcome is Outcome.OPEN:
            raise reverts.OutcomeMissing(product=o.product, index=o.index)
        objection, record = found[o.index], self._stored(o.product, 0)
        registered = objection.after_registration
        number = self._products.known(o.product).registrar if registered else record.registrar
        by = self._require_registrar(now, o.product, number)
        act = _OUTCOMES[o.outcome]
        row = self._row(o.product, record, act, self._actors(record, by) | Actor.REGISTRAR)
        clock = Clock.NOTICE if registered else Clock.OBJECTION
        due = self._days().deadline(objection.since, DAYS[clock][record.profile])
        decided = replace(objection, until=now.time, outcome=o.outcome)
        kept = (*found[: o.index], decided, *found[o.index + 1 :])
        self._objections.set(o.product, kept)
        now.emit(
            ObjectionDecided(
                **now.place,
                product=o.product,
                by=by,
                index=o.index,
                outcome=o.outcome,
                overdue=now.time >= due,
                reasons=o.reasons,
            )
        )
        if registered:
            return
        left = replace(record, objections=record.objections - 1)
        if not left.objections or row.next is Stage.TERMINATED:
            left = self._moved(now, left, row)
        overdue = now.time >= due
        self._told(now, o.product, 0, left, by, act, o.reasons, overdue=overdue)
        if left.stage is Stage.TERMINATED:
            self._decline(now, o.product, left)

    # ---- after registration ------------------------------------------------------------------

    def certify(self, now: Writing, o: ops.Certify) -> None:
        """Record a certificate."""
        product = self._products.known(o.product)
        by = self._require_registrar(now, o.product, product.registrar)
        self._require_registered(o.product)
        docket = self.docket(o.product)
        number = docket.certificates + 1
        self._dockets.set(o.product, replace(docket, certificates=number))
        now.emit(
            CertificateIssued(
                **now.place,
                product=o.product,
                by=by,
                number=number,
                digest=o.digest,
                version=product.latest,
            )
        )

    def end(self, now: Writing, o: ops.EndRegistration) -> None:
        """End a registration as its registrar."""
        product, by = self._ex_officio(now, o.product, o.act, o.evidence)
        if o.act is Act.CANCEL and product.frozen:
            raise encumbered(product)
        now.emit(
            RegistrationEnded(
                **now.place,
                product=o.product,
                by=by,
                act=o.act,
                reason=o.reason,
                evidence=o.evidence,
            )
        )
        index = self.docket(o.product).cases - 1
        record = self._now(now, o.product, index)
        if record.stage not in ENDS:
            ended = replace(record, stage=Stage.TERMINATED, since=now.time)
            self._told(now, o.product, index, ended, by, o.act, o.evidence)
        state = ProductState.REVOKED if o.act is Act.REVOKE else ProductState.CANCELLED
        # What had lapsed before ended then.
        until = now.time if product.until is None else min(product.until, now.time)
        self._products.settle(now, product, state, product.since, until)

    def award(self, now: Writing, o: ops.ExecuteAward) -> None:
        """Move rights as a court or arbitrator decided."""
        _, by = self._ex_officio(now, o.product, Act.AWARD, o.evidence)
        if self._parties.standing_of(o.to) is Standing.NONE:
            raise reverts.PartyUnknown(party=o.to)
        if o.to == by:
            raise reverts.RegistrarOwnData(registrar=by)
        now.emit(
            AwardExecuted(
                **now.place,
                product=o.product,
                from_=o.from_,
                to=o.to,
                by=by,
                rights=o.rights,
                evidence=o.evidence,
            )
        )
        self.amend(now, o.product)
        self._products.move(now, o.product, o.from_, o.to, o.rights)


def _awaited(o: ops.Apply, applicant: PartyId) -> int:
    """Return whose consent is needed, as a mask of places."""
    item = o.registration
    agreed = item.flags & ParticularFlag.AGREED_RIGHTS or not item.rights & Right.OPERATE
    if item.source is Source.FUSED and agreed:
        return 0
    missing = sum(1 << n for n, share in enumerate(o.shares) if share.party != applicant)
    if item.source is Source.FUSED and not missing:
        raise reverts.RightsBeyondSource(source=item.source, rights=item.rights)
    return missing
