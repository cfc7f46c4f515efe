"""Answer the guard's questions from a client's ledger."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from registry.domain.moment import AtBlock
from registry.domain.verdict import Use, Verdict
from registry.enforcement.guard import Facts
from registry.errors import ReceiptUnsigned, SignatureWrong
from registry.records import dataclass
from registry.reverts import GrantUnknown

if TYPE_CHECKING:
    from registry.client import Dengji
    from registry.domain.agreement_operations import Approval
    from registry.domain.ancestry import Path
    from registry.domain.ids import Address, GrantId, PartyId
    from registry.domain.moment import Moment
    from registry.domain.usage import SignedReceipt
    from registry.domain.vocabulary import Environment
    from registry.enforcement.guard import Question
    from registry.services.grants import Grant

_REMEMBERED: Final = 4096
_EVIDENCE: Final = 4
"""Refusals of a grant in one block that evidence is kept of."""
_MOST: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Hold what never changes about a grant: its clauses, and the way down to it."""

    grant: Grant
    path: Path


class LedgerBook:
    """Ask one client, which may be shared by several guards and threads.

    :param client: asks, and where it has an account countersigns, and signs evidence of refusals.
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
        self._own: PartyId | None = None
        self._refused_in = -1
        self._refusals: Counter[GrantId] = Counter()
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
            settled = ledger.settled(question.grant, at=now)
            least = max(0, total - settled.cumulative)
            asked = [
                Use(
                    user=clauses.grantee,
                    action=question.action,
                    purpose=question.purpose,
                    environment=self._environment,
                    territory=self._territory,
                    amount=amount,
                )
                for amount in (least, min(least + ahead, _MOST))
            ]
            since, until = self._window(known, now)
            verdicts = ledger.check_all([(known.path, use) for use in asked], at=now)
            fine = [use.amount for use, one in zip(asked, verdicts, strict=True) if not one]
            return Facts(
                block=now.block,
                product=clauses.product,
                grantee=clauses.grantee,
                speaks=self._client.usages.signs_for(question.signer, clauses.grantee, at=now),
                settled=settled,
                since=since,
                until=until,
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
        if not self._signs or self._client.account is None:
            return None
        with self._lock:
            grantor = self._grant(signed.receipt.grant).grant.clauses.grantor
            # Of a sub-grant the grantor is another, who settles with its own signature.
            if self._party() != grantor:
                return None
        return self._client.usages.signed(signed, "grantor").grantor

    def refused(self, signed: SignedReceipt, amount: int, verdict: Verdict, block: int) -> None:
        """Keep signed evidence of a use that the ledger refused, of so many in a block.

        Whoever is refused can ask again as often as it likes: the disk is not to fill for that.
        Without an account there is nobody to sign it.
        """
        if self._client.account is None:
            return
        with self._lock:
            told = signed.receipt
            if not self._worth_keeping(told.grant, block):
                return
            self._client.usages.keep_refusal(
                told.grant,
                self._grant(told.grant).grant.clauses.grantee,
                action=told.action,
                purpose=told.purpose,
                amount=amount,
                verdict=verdict,
                moment=self._client.ledger.moment(AtBlock(block)),
            )

    def _window(self, known: _Known, now: Moment) -> tuple[int, int | None]:
        """Return from when on and before when a use can be settled, by the grants down to it.

        What is left is of the present period: of one that is over it may be less.
        """
        ledger = self._client.ledger
        ids = known.path.ids(self._client.grants.domain)
        states = [ledger.grant(one, at=now) for one in ids]
        own = states[-1]
        ends = [one.ends_at for one in states if one is not None and one.ends_at is not None]
        periods = [
            ledger.period(one, at=now)
            for one, state in zip(ids, states, strict=True)
            if state is not None and state.periodic
        ]
        since = max(
            0 if own is None else own.since,
            known.grant.clauses.window.start or 0,
            *(one.renewed(now.time) for one in periods if one is not None),
        )
        return since, min(ends, default=None)

    def _party(self) -> PartyId | None:
        # A key speaks for one party for ever.
        if self._own is None and self._client.account is not None:
            self._own = self._client.ledger.party_of(self._client.account)
        return self._own

    def _worth_keeping(self, grant: GrantId, block: int) -> bool:
        if block != self._refused_in:
            self._refused_in = block
            self._refusals.clear()
        self._refusals[grant] += 1
        return self._refusals[grant] <= _EVIDENCE

    def _grant(self, grant: GrantId) -> _Known:
        known = self._known.get(grant)
        if known is None:
            found = self._client.grants.get(grant)
            ledger = self._client.ledger
            if ledger.origin(grant) != ledger.deployment:
                # Receipts are settled at the newest deployment, which does not know it.
                raise GrantUnknown(grant=grant)
            known = _Known(grant=found, path=self._client.usages.path(found))
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[grant] = known
        return known
