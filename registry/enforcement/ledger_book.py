"""Answer the guard's questions from a client's ledger."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from registry.domain.moment import AtBlock
from registry.domain.verdict import Use, Verdict
from registry.enforcement.guard import Facts
from registry.errors import AccountNeeded, ReceiptUnsigned, SignatureWrong
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.client import Dengji
    from registry.domain.agreement_operations import Approval
    from registry.domain.ancestry import Path
    from registry.domain.ids import Address, GrantId
    from registry.domain.moment import Moment
    from registry.domain.usage import SignedReceipt
    from registry.domain.vocabulary import Environment
    from registry.enforcement.guard import Question
    from registry.services.grants import Grant

_REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Hold what never changes about a grant: its clauses, and the way down to it."""

    grant: Grant
    path: Path


class LedgerBook:
    """Ask one client, which may be shared by several guards and threads.

    :param client: asks, and countersigns where it has an account.
    :param environment: where the service lets data be used, as grants name it.
    :param territory: where the service runs, 0 for undeclared.
    :param countersign: whether receipts are countersigned at once; it takes a signature each.
    """

    def __init__(
        self,
        client: Dengji,
        *,
        environment: Environment,
        territory: int = 0,
        countersign: bool = True,
    ) -> None:
        """Take the client and what the service declares of itself."""
        self._client = client
        self._environment = environment
        self._territory = territory
        self._signs = countersign
        self._known: dict[GrantId, _Known] = {}
        # A client's connection answers one question at a time.
        self._lock = threading.RLock()

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""
        return self._client.ledger.chain_id

    @property
    def meter(self) -> Address:
        """Return the contract at which receipts are settled; raises `ContractMissing`."""
        return self._client.usages.domain.verifying_contract

    def now(self) -> Moment:
        """Return the newest block, and the time by the chain's clock."""
        with self._lock:
            return self._client.ledger.moment(None)

    def facts(self, question: Question, total: int, ahead: int) -> Facts:
        """Return what holds now, all of it of one block."""
        with self._lock:
            ledger = self._client.ledger
            known = self._grant(question.grant)
            now = ledger.moment(None)
            clauses = known.grant.clauses
            settled = ledger.settled(question.grant, at=now).cumulative
            least = max(0, total - settled)
            asked = [
                Use(
                    user=clauses.grantee,
                    action=question.action,
                    purpose=question.purpose,
                    environment=self._environment,
                    territory=self._territory,
                    amount=amount,
                )
                for amount in (least, least + ahead)
            ]
            verdicts = ledger.check_all([(known.path, use) for use in asked], at=now)
            fine = [use.amount for use, one in zip(asked, verdicts, strict=True) if not one]
            return Facts(
                block=now.block,
                product=clauses.product,
                grantee=clauses.grantee,
                speaks=self._client.usages.signs_for(question.signer, clauses.grantee, at=now),
                settled=settled,
                allowed=max(fine) if fine else None,
                verdict=verdicts[0],
            )

    def prove(self, signed: SignedReceipt) -> Address:
        """Return who signed for the grantee."""
        approval = signed.grantee
        if approval is None:
            raise ReceiptUnsigned(side="grantee", grant=str(signed.receipt.grant))
        usages = self._client.usages
        digest = signed.receipt.digest(usages.domain)
        found = self._client.seal.signer_of(digest, approval.signature)
        if found != approval.signer:
            raise SignatureWrong(
                signer=str(approval.signer), recovered=None if found is None else str(found)
            )
        return approval.signer

    def countersign(self, signed: SignedReceipt) -> Approval | None:
        """Return the provider's own signature, None where it signs later."""
        if not self._signs:
            return None
        if self._client.account is None:
            raise AccountNeeded(known=[])
        return self._client.usages.signed(signed, "grantor").grantor

    def refused(self, signed: SignedReceipt, amount: int, verdict: Verdict, block: int) -> None:
        """Keep signed evidence of a use that the ledger refused."""
        with self._lock:
            told = signed.receipt
            self._client.usages.keep_refusal(
                told.grant,
                self._grant(told.grant).grant.clauses.grantee,
                action=told.action,
                purpose=told.purpose,
                amount=amount,
                verdict=verdict,
                moment=self._client.ledger.moment(AtBlock(block)),
            )

    def _grant(self, grant: GrantId) -> _Known:
        known = self._known.get(grant)
        if known is None:
            found = self._client.grants.get(grant)
            known = _Known(grant=found, path=self._client.usages.path(found))
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[grant] = known
        return known
