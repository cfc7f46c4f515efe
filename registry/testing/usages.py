"""Record uses and settle receipts as the registry of grants and the meter do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain.agreement_operations import Approval
from registry.domain.events import ReceiptSettled, UsageRecorded
from registry.domain.grant import GrantOrigin
from registry.domain.ids import Address, GrantId
from registry.domain.party import Scope
from registry.domain.usage import Settled
from registry.domain.verdict import Verdict
from registry.testing.grants import clauses_verdict, product_verdict
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from registry.domain.clauses import Clauses
    from registry.domain.ids import PartyId
    from registry.domain.seal import Seal
    from registry.domain.signing import UsageReceipt
    from registry.domain.terms import SigningDomain
    from registry.domain.usage_operations import RecordUsage, Settlement, SettleReceipts
    from registry.testing.grants import GrantBook
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.products import ProductBook
    from registry.testing.writing import Writing

_NO_GRANT: Final = GrantId(bytes(GrantId.length))
_NOBODY: Final = Address(bytes(Address.length))
_NO_APPROVAL: Final = Approval(signer=_NOBODY, signature=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Debit:
    """Hold what a judged receipt takes: `amount` units, and whom its two signatures bind."""

    item: Settlement
    amount: int
    signed: tuple[PartyId | None, PartyId | None]


class UsageBook:
    """Hold what receipts are settled, and debit grants."""

    def __init__(
        self,
        history: History,
        parties: PartyBook,
        products: ProductBook,
        grants: GrantBook,
        domains: tuple[SigningDomain, SigningDomain],
        seal: Seal,
    ) -> None:
        """Take the domains of the grants and of the meter, in this order."""
        self._parties = parties
        self._products = products
        self._grants = grants
        self._domain, self._meter = domains
        self._seal = seal
        self._settled: Timeline[GrantId, Settled] = Timeline(history, Settled())
        self._subjects: Timeline[GrantId, Clauses | None] = Timeline(history, None)

    def settled(self, grant: GrantId, block: int | None = None) -> Settled:
        """Return what is settled of a grant's receipts, all zero before the first."""
        return self._settled.get(grant, block)

    def record(self, now: Writing, operation: RecordUsage) -> None:
        """Record a use."""
        clauses = operation.path.clauses
        if not operation.amount:
            raise reverts.UsageInvalid(usage=_word(operation))
        by = self._parties.recorder(now.sender, clauses.grantor, clauses.grantee)
        *above, grant = operation.path.ids(self._domain)
        for one in above:
            self._grants.debit(one, operation.amount, now.time, above=True)
        if by not in (clauses.grantor, clauses.grantee, clauses.service_party):
            raise reverts.GrantNotYours(grant=grant, party=by)
        self._require_use(grant, operation, now.time)
        self._grants.debit(grant, operation.amount, now.time, above=False)
        now.emit(
            UsageRecorded(
                **now.place,
                grant=grant,
                by=by,
                environment=operation.environment,
                purpose=operation.purpose,
                action=operation.action,
                territory=operation.territory,
                amount=operation.amount,
            )
        )

    def settle(self, now: Writing, operation: SettleReceipts) -> None:
        """Settle receipts: all of them are judged, and then what is new of them is debited."""
        alone = len(operation.items) == 1
        debits = [self._settle(now, item, alone=alone) for item in operation.items]
        for debit in debits:
            if debit is not None:
                self._debit(debit)

    # Internal

    def _require_use(self, grant: GrantId, operation: RecordUsage, time: int) -> None:
        clauses = operation.path.clauses
        verdict = Verdict.OK
        if time < (clauses.window.start or 0):
            verdict = Verdict.NOT_STARTED
        verdict = verdict or product_verdict(self._products.product(clauses.product), time)
        verdict = verdict or clauses_verdict(
            clauses,
            operation.action,
            operation.purpose,
            operation.environment,
            operation.territory,
        )
        if verdict is not Verdict.OK:
            raise reverts.UsageRefused(grant=grant, verdict=verdict)

    def _settle(self, now: Writing, item: Settlement, *, alone: bool) -> _Debit | None:
        """Return what a receipt takes, None where it was settled before and came with others."""
        told = item.signed.receipt
        if not alone and self._settled.get(told.grant).includes(told):
            return None
        amount = self._advance(now, told)
        subject = self._subject(item)
        self._require_settled_use(told, subject, now.time)
        signed = self._require_signers(item)
        now.emit(
            ReceiptSettled(
                **now.place,
                grant=told.grant,
                cumulative=told.cumulative,
                sequence=told.sequence,
                purpose=told.purpose,
                action=told.action,
                at=told.at,
                grantor_signer=_of(item.signed.grantor).signer,
                grantee_signer=_of(item.signed.grantee).signer,
            )
        )
        return _Debit(item=item, amount=amount, signed=signed)

    def _advance(self, now: Writing, told: UsageReceipt) -> int:
        grant, last = told.grant, self._settled.get(told.grant)
        if told.sequence <= last.sequence:
            raise reverts.ReceiptStale(grant=grant, sequence=told.sequence, last=last.sequence)
        if told.cumulative <= last.cumulative:
            raise reverts.ReceiptDecreased(
                grant=grant, cumulative=told.cumulative, last=last.cumulative
            )
        if not last.at <= told.at <= now.time:
            raise reverts.ReceiptTimeInvalid(
                grant=grant, time=told.at, earliest=last.at, latest=now.time
            )
        after = Settled(cumulative=told.cumulative, sequence=told.sequence, at=told.at)
        self._settled.set(grant, after)
        return told.cumulative - last.cumulative

    def _subject(self, item: Settlement) -> Clauses:
        grant = item.signed.receipt.grant
        known = self._subjects.get(grant)
        if known is not None:
            return known
        if not item.first:
            raise reverts.ClausesMalformed(length=0, offset=0)
        computed = item.path.ids(self._domain)[-1]
        if computed != grant:
            raise reverts.GrantMismatch(stated=grant, computed=computed)
        self._subjects.set(grant, item.path.clauses)
        return item.path.clauses

    def _require_settled_use(self, told: UsageReceipt, subject: Clauses, time: int) -> None:
        verdict = product_verdict(self._products.product(subject.product), time)
        if told.at < (subject.window.start or 0):
            verdict = Verdict.NOT_STARTED
        if not told.purpose or told.purpose & ~int(subject.purposes):
            verdict = Verdict.PURPOSE_NOT_GRANTED
        if not told.action or told.action & ~int(subject.actions):
            verdict = Verdict.ACTION_NOT_GRANTED
        if verdict is not Verdict.OK:
            raise reverts.UsageRefused(grant=told.grant, verdict=verdict)

    def _require_signers(self, item: Settlement) -> tuple[PartyId | None, PartyId | None]:
        """Return whom the signatures of a receipt bind."""
        digest = item.signed.receipt.digest(self._meter)
        grantor = self._signer(_of(item.signed.grantor), digest)
        return grantor, self._signer(_of(item.signed.grantee), digest)

    def _signer(self, approval: Approval, digest: bytes) -> PartyId | None:
        signer = approval.signer
        party = None if signer == _NOBODY else self._parties.writer(signer, Scope.USAGE)
        if self._seal.signer_of(digest, approval.signature) != signer:
            raise reverts.SignatureInvalid(signer=signer, digest=digest)
        return party

    def _debit(self, debit: _Debit) -> None:
        told, path = debit.item.signed.receipt, debit.item.path
        # A lineage is passed for what rests on another grant alone.
        lineage = path.ids(self._domain) if path.above else ()
        for one in lineage[:-1]:
            self._grants.debit(one, debit.amount, told.at, above=True)
        if lineage and lineage[-1] != told.grant:
            raise reverts.LineageMismatch(grant=told.grant, computed=lineage[-1])
        state = self._grants.debit(told.grant, debit.amount, told.at, above=False)
        if not lineage and state.origin is GrantOrigin.SUB_GRANT:
            raise reverts.LineageMismatch(grant=told.grant, computed=_NO_GRANT)
        if told.at < state.since:
            raise reverts.UsageRefused(grant=told.grant, verdict=Verdict.NOT_STARTED)
        for signed, named in zip(debit.signed, (state.grantor, state.grantee), strict=True):
            if signed != named and signed is not None:
                raise reverts.GrantNotYours(grant=told.grant, party=signed)


def _of(approval: Approval | None) -> Approval:
    return approval or _NO_APPROVAL


def _word(operation: RecordUsage) -> int:
    """Return a use as the contracts take it (contracts/types/Usage.sol)."""
    return (
        int(operation.environment) << 160
        | int(operation.purpose) << 128
        | int(operation.action) << 96
        | operation.territory << 64
        | operation.amount
    )
