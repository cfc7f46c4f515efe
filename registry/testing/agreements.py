"""Carry out agreements, sub-grants and suspensions of grants as the registry of grants does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain.agreement_operations import Approval
from registry.domain.attenuation import wider
from registry.domain.clauses import Clause
from registry.domain.events import (
    GrantAgreed,
    GrantEnded,
    GrantReplaced,
    GrantResumed,
    GrantSuspended,
    OfferVoided,
    SubGrantIssued,
)
from registry.domain.grant import GrantOrigin, GrantStage, GrantState, GrantSuspension
from registry.domain.ids import Address, GrantId
from registry.domain.model_contracts import years_after
from registry.domain.party import Role, Scope
from registry.domain.signing import Agreement, Consent, Ending, agreement_hash
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Form, Mode, SubDelegation, Template
from registry.testing.grants import GrantBook, for_descendants, require_window, standing
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.agreement_operations import (
        Agree,
        AgreeJointly,
        EndByConsent,
        IssueUnder,
        ResumeGrant,
        SuspendGrant,
        VoidOffer,
    )
    from registry.domain.ancestry import Path
    from registry.domain.clauses import Clauses
    from registry.domain.ids import PartyId
    from registry.domain.seal import Seal
    from registry.domain.terms import SigningDomain
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.products import ProductBook
    from registry.testing.writing import Writing

_NO_GRANT: Final = GrantId(bytes(GrantId.length))
_NOBODY: Final = Address(bytes(Address.length))
_NO_APPROVAL: Final = Approval(signer=_NOBODY, signature=b"")
_FEWEST_JOINT: Final = 2
_MOST_JOINT: Final = 16
_LATEST: Final = 2**32 - 1
_LONGEST_YEARS: Final = 5


class AgreementBook(GrantBook):
    """Hold grants, however they came to be."""

    def __init__(
        self,
        history: History,
        parties: PartyBook,
        products: ProductBook,
        domain: SigningDomain,
        seal: Seal,
    ) -> None:
        super().__init__(history, parties, products, domain)
        self._seal = seal
        self._suspensions: Timeline[GrantId, tuple[GrantSuspension, ...]] = Timeline(history, ())

    # Writes

    def issue_under(self, now: Writing, operation: IssueUnder) -> None:
        """Issue a sub-grant of one's own accord."""
        clauses, path = operation.clauses, operation.path
        caller = self._parties.writer_towards(now.sender, clauses.grantee, Scope.GRANT)
        self._require_form(clauses, Form.ONE_SIDED)
        _require_absent(Clause.OFFER_UNTIL, clauses.offer_until or 0)
        if clauses.template > Template.ENTRUSTMENT:
            raise reverts.ClauseInvalid(clause=Clause.TEMPLATE, value=int(clauses.template))
        _require_absent(Clause.AGREEMENT, int.from_bytes(clauses.agreement or b""))
        _require_absent(Clause.REPLACES, int(clauses.replaces or 0))
        require_window(clauses, now.time)
        self._require_grantor(caller, clauses)
        self._require_sides(clauses)
        parent, consent = self._require_under(now, path, clauses, operation.consent)
        self._require_product(clauses, now.time)
        grant = clauses.digest(self._domain, parent)
        self._keep(now, grant, clauses, GrantOrigin.SUB_GRANT)
        now.emit(
            SubGrantIssued(
                **now.place,
                grant=grant,
                product=clauses.product,
                grantee=clauses.grantee,
                parent=parent,
                consent_signer=consent,
                clauses=clauses.pack(),
            )
        )

    def agree(self, now: Writing, operation: Agree) -> None:
        """File what both sides signed."""
        clauses, path = operation.clauses, operation.path
        self._require_signed(clauses, Form.TWO_SIDED, now.time, under=path is not None)
        parent: GrantId | None = None
        consent: Address | None = None
        if path is not None:
            parent, consent = self._require_under(now, path, clauses, operation.consent)
        digest = clauses.digest(self._domain, parent).raw
        self._require_signed_by(clauses.grantor, operation.grantor, digest)
        self._require_signed_by(clauses.grantee, operation.grantee, digest)
        signers = (operation.grantor.signer, operation.grantee.signer, consent)
        self._agree(now, clauses, parent, signers)

    def agree_jointly(self, now: Writing, operation: AgreeJointly) -> None:
        """File several grants under one agreement, all or none."""
        count = len(operation.items)
        if not _FEWEST_JOINT <= count <= _MOST_JOINT:
            raise reverts.AgreementSizeInvalid(count=count)
        items = sorted(operation.items, key=_bare_hash)
        for one in items:
            self._require_signed(one, Form.JOINT, now.time, under=False)
        computed = agreement_hash([_bare_hash(one) for one in items])
        for one in items:
            if one.agreement != computed:
                stated = one.agreement or bytes(32)
                raise reverts.AgreementMismatch(stated=stated, computed=computed)
            if one.offer_until != items[0].offer_until:
                value = one.offer_until or 0
                raise reverts.ClauseInvalid(clause=Clause.OFFER_UNTIL, value=value)
        message = Agreement(agreement=computed, offer_until=items[0].offer_until or 0)
        signers = self._signers(operation.approvals, message.digest(self._domain))
        for one in items:
            grantor = _signer_for(one.grantor, signers)
            grantee = _signer_for(one.grantee, signers)
            self._agree(now, one, None, (grantor, grantee, None))

    def void_offer(self, now: Writing, operation: VoidOffer) -> None:
        """Make an offer void that was not filed yet."""
        by = self._parties.actor(now.sender)
        clauses = operation.clauses
        grant = clauses.digest(self._domain, operation.parent)
        if by not in (clauses.grantor, clauses.grantee):
            raise reverts.GrantNotYours(grant=grant, party=by)
        if clauses.form is Form.ONE_SIDED:
            raise reverts.ClauseInvalid(clause=Clause.FORM, value=int(clauses.form))
        self._require_vacant(grant)
        self._grants.set(
            grant,
            GrantState(
                id=grant,
                grantor=clauses.grantor,
                grantee=clauses.grantee,
                since=now.time,
                ends_at=now.time,
                remaining=0,
                notice_days=0,
                stage=GrantStage.VOIDED,
                origin=GrantOrigin.SIGNED,
                periodic=False,
            ),
        )
        now.emit(
            OfferVoided(
                **now.place,
                grant=grant,
                by=by,
                grantor=clauses.grantor,
                grantee=clauses.grantee,
            )
        )

    def suspend(self, now: Writing, operation: SuspendGrant) -> None:
        """Suspend a grant and all that rests on it."""
        by = self._parties.writer(now.sender, Scope.GRANT)
        state = self._known(operation.grant)
        if by != state.grantor:
            self._require_office(now, state, by, Role.REGULATOR | Role.COURT)
        if state.ended_by(now.time):
            raise reverts.GrantEndsAlready(grant=state.id, ends_at=state.ends_at or 0)
        before = self._suspensions.get(state.id)
        made = GrantSuspension(
            grant=state.id,
            index=len(before),
            by=by,
            reason=operation.reason,
            evidence=operation.evidence,
            since=now.time,
        )
        self._suspensions.set(state.id, (*before, made))
        self._grants.set(state.id, replace(state, stage=_HALTED.get(state.stage, state.stage)))
        now.emit(
            GrantSuspended(
                **now.place,
                grant=state.id,
                by=by,
                index=made.index,
                reason=operation.reason,
                evidence=operation.evidence,
            )
        )

    def resume(self, now: Writing, operation: ResumeGrant) -> None:
        """End one suspension; the grant can be used again once none lasts."""
        by = self._parties.writer(now.sender, Scope.GRANT)
        grant, index = operation.grant, operation.index
        all_ = self._suspensions.get(grant)
        if index >= len(all_) or all_[index].until is not None:
            raise reverts.GrantSuspensionUnknown(grant=grant, index=index)
        maker = all_[index].by
        if by != maker and (not self._is_court(by) or self._is_court(maker)):
            raise reverts.GrantSuspensionNotYours(grant=grant, index=index, by=maker)
        if by != self._known(grant).grantor:
            self._parties.actor(now.sender, Scope.DECIDE)
        after = (*all_[:index], replace(all_[index], until=now.time), *all_[index + 1 :])
        self._suspensions.set(grant, after)
        if all(one.until is not None for one in after):
            state = self._known(grant)
            self._grants.set(grant, replace(state, stage=_RESUMED.get(state.stage, state.stage)))
        now.emit(GrantResumed(**now.place, grant=grant, by=by, index=index))

    def end_by_consent(self, now: Writing, operation: EndByConsent) -> None:
        """End a grant by the will of both sides."""
        by = self._parties.actor(now.sender)
        state = self._grants.get(operation.grant)
        if now.time > operation.deadline:
            raise reverts.SignatureLapsed(deadline=operation.deadline, time=now.time)
        if state is None:
            raise reverts.GrantUnknown(grant=operation.grant)
        if by not in (state.grantor, state.grantee):
            raise reverts.GrantNotYours(grant=state.id, party=by)
        second = state.grantee if by == state.grantor else state.grantor
        end = operation.ends_at or now.time
        if end < now.time:
            raise reverts.TimeBeforeBlock(time=end, block_time=now.time)
        if end > _LATEST:
            raise reverts.ClauseInvalid(clause=Clause.VALID_UNTIL, value=end)
        if state.ended_by(end):
            raise reverts.GrantEndsAlready(grant=state.id, ends_at=state.ends_at or 0)
        message = Ending(grant=state.id, ends_at=operation.ends_at, deadline=operation.deadline)
        if self._parties.actor(operation.other.signer) != second:
            raise reverts.SignerMismatch(named=second, signer=operation.other.signer)
        self._require_signature(operation.other, message.digest(self._domain))
        stage = GrantStage.ENDED_SUSPENDED if state.suspended else GrantStage.ENDED
        self._grants.set(state.id, replace(state, ends_at=end, stage=stage))
        signer = operation.other.signer
        now.emit(GrantEnded(**now.place, grant=state.id, by=by, ends_at=end, signer=signer))

    # Reads

    def suspensions(self, grant: GrantId, block: int | None = None) -> tuple[GrantSuspension, ...]:
        """Return all suspensions of a grant, in the order of their index."""
        return self._suspensions.get(grant, block)

    # Internal

    def _agree(
        self,
        now: Writing,
        clauses: Clauses,
        parent: GrantId | None,
        signers: tuple[Address, Address, Address | None],
    ) -> None:
        self._require_sides(clauses)
        product = self._require_product(clauses, now.time)
        if parent is None:
            self._require_rights(clauses, product)
        grant = clauses.digest(self._domain, parent)
        origin = GrantOrigin.SIGNED if parent is None else GrantOrigin.SUB_GRANT
        self._keep(now, grant, clauses, origin)
        grantor, grantee, consent = signers
        now.emit(
            GrantAgreed(
                **now.place,
                grant=grant,
                product=clauses.product,
                grantee=clauses.grantee,
                parent=parent,
                grantor_signer=grantor,
                grantee_signer=grantee,
                consent_signer=consent,
                clauses=clauses.pack(),
            )
        )
        if clauses.replaces is not None:
            self._replace(now, grant, clauses, clauses.replaces)

    def _replace(self, now: Writing, grant: GrantId, clauses: Clauses, replaced: GrantId) -> None:
        state = self._known(replaced)
        if (state.grantor, state.grantee) != (clauses.grantor, clauses.grantee):
            raise reverts.ReplacedSidesDiffer(replaced=replaced)
        if state.ended_by(now.time):
            raise reverts.GrantEndsAlready(grant=replaced, ends_at=state.ends_at or 0)
        stage = GrantStage.ENDED_SUSPENDED if state.suspended else GrantStage.ENDED
        self._grants.set(replaced, replace(state, ends_at=now.time, stage=stage))
        now.emit(GrantReplaced(**now.place, replaced=replaced, grant=grant))

    def _require_under(
        self, now: Writing, path: Path, clauses: Clauses, consent: Approval | None
    ) -> tuple[GrantId, Address | None]:
        """Return the parent and who consented, once all above stands and nothing is wider."""
        parent = _NO_GRANT
        state: GrantState | None = None
        for parent in path.ids(self._domain):
            state = self._grants.get(parent)
            verdict = standing(state, now.time)
            if verdict is not Verdict.OK:
                told = for_descendants(verdict)
                raise reverts.AncestorNotInForce(ancestor=parent, verdict=told)
        if state is None or state.grantee != clauses.grantor:
            raise reverts.ParentNotYours(parent=parent, grantor=clauses.grantor)
        for found in wider(path.clauses, clauses):
            raise reverts.ClauseWider(clause=found.clause, parent=found.parent, child=found.child)
        if path.clauses.sub_delegation is not SubDelegation.CONSENT:
            return parent, None
        message = Consent(grant=clauses.digest(self._domain, parent))
        given = consent or _NO_APPROVAL
        self._require_signed_by(state.grantor, given, message.digest(self._domain))
        return parent, given.signer

    def _require_signed(self, clauses: Clauses, form: Form, time: int, *, under: bool) -> None:
        """Refuse clauses that no signed grant may have, in the contract's order."""
        self._require_form(clauses, form)
        self._require_signed_template(clauses, under=under)
        offer_until = clauses.offer_until or 0
        if not offer_until:
            raise reverts.ClauseInvalid(clause=Clause.OFFER_UNTIL, value=0)
        if offer_until <= time:
            raise reverts.OfferLapsed(offer_until=offer_until, time=time)
        if (clauses.agreement is not None) != (form is Form.JOINT):
            value = int.from_bytes(clauses.agreement or b"")
            raise reverts.ClauseInvalid(clause=Clause.AGREEMENT, value=value)
        require_window(clauses, time)
        if clauses.template is Template.PUBLIC_OPERATION:
            _require_operation(clauses, time)

    def _require_form(self, clauses: Clauses, form: Form) -> None:
        if clauses.form is form:
            return
        if clauses.form is not Form.ONE_SIDED and form is Form.ONE_SIDED:
            raise reverts.FormNeedsSignatures(form=clauses.form)
        raise reverts.ClauseInvalid(clause=Clause.FORM, value=int(clauses.form))

    def _require_signed_template(self, clauses: Clauses, *, under: bool) -> None:
        most = Template.INTERMEDIARY if under else Template.PUBLIC_OPERATION
        if clauses.template > most:
            raise reverts.ClauseInvalid(clause=Clause.TEMPLATE, value=int(clauses.template))
        operated = clauses.template is Template.PUBLIC_OPERATION
        if not under and (clauses.mode is not Mode.NONE) != operated:
            raise reverts.ClauseInvalid(clause=Clause.MODE, value=int(clauses.mode))

    def _signers(self, approvals: Sequence[Approval], digest: bytes) -> dict[PartyId, Address]:
        found: dict[PartyId, Address] = {}
        for one in approvals:
            party = self._parties.writer(one.signer, Scope.GRANT)
            self._require_signature(one, digest)
            found.setdefault(party, one.signer)
        return found

    def _require_signed_by(self, party: PartyId, approval: Approval, digest: bytes) -> None:
        if self._parties.writer(approval.signer, Scope.GRANT) != party:
            raise reverts.SignerMismatch(named=party, signer=approval.signer)
        self._require_signature(approval, digest)

    def _require_signature(self, approval: Approval, digest: bytes) -> None:
        if self._seal.signer_of(digest, approval.signature) != approval.signer:
            raise reverts.SignatureInvalid(signer=approval.signer, digest=digest)

    def _known(self, grant: GrantId) -> GrantState:
        state = self._grants.get(grant)
        if state is None:
            raise reverts.GrantUnknown(grant=grant)
        return state

    def _is_court(self, party: PartyId) -> bool:
        known = self._parties.party(party)
        return known is not None and bool(known.roles & Role.COURT)


_HALTED: Final = {
    GrantStage.ISSUED: GrantStage.SUSPENDED,
    GrantStage.REVOKED: GrantStage.REVOKED_SUSPENDED,
    GrantStage.ENDED: GrantStage.ENDED_SUSPENDED,
}
_RESUMED: Final = {after: before for before, after in _HALTED.items()}


def _signer_for(party: PartyId, signers: dict[PartyId, Address]) -> Address:
    if party not in signers:
        raise reverts.ApprovalMissing(party=party)
    return signers[party]


def _bare_hash(clauses: Clauses) -> bytes:
    return replace(clauses, agreement=None).clauses_hash()


def _require_absent(clause: Clause, value: int) -> None:
    if value:
        raise reverts.ClauseInvalid(clause=clause, value=value)


def _require_operation(clauses: Clauses, time: int) -> None:
    """Refuse operation of public data without its field, without an end, or beyond five years."""
    if clauses.mode is not Mode.WHOLE and clauses.scope is None:
        raise reverts.ClauseInvalid(clause=Clause.SCOPE, value=0)
    until = clauses.window.until or 0
    if not until:
        raise reverts.ClauseInvalid(clause=Clause.VALID_UNTIL, value=0)
    limit = years_after(max(time, clauses.window.start or 0), _LONGEST_YEARS)
    if until > limit:
        raise reverts.OperationTooLong(valid_until=until, limit=limit)
