"""Measure what agreements, sub-grants, uses and receipts cost in gas; part of `benchmarks.gas`.

The clauses are of the parts that every grant has: product, sides, window, purposes, actions, quota
and a salt. Optional parts (the hash of a text, territories, …) cost some 2,000 gas more for each
set of clauses that a call carries.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from registry.chain.signatures import sign_typed
from registry.domain.agreement_operations import (
    Agree,
    Approval,
    EndByConsent,
    IssueUnder,
    SuspendGrant,
)
from registry.domain.ancestry import Path
from registry.domain.clauses import Clauses, Quota, Window
from registry.domain.operations import Issue, IssueBatch
from registry.domain.signing import Ending, Terms, UsageReceipt
from registry.domain.terms import SigningDomain
from registry.domain.usage import SignedReceipt
from registry.domain.usage_operations import RecordUsage, Settlement, SettleReceipts
from registry.domain.vocabulary import Action, Form, Purpose, QuotaUnit, Reason, SubDelegation

if TYPE_CHECKING:
    from registry.chain.ledger import ChainLedger
    from registry.chain.signer import LocalSigner
    from registry.domain.ids import Address, GrantId, PartyId, ProductId
    from registry.domain.operations import Operation
    from registry.domain.signing import Message

DEEPEST: Final = 8
YEAR: Final = 365 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Hold one side: its key and its party."""

    key: LocalSigner
    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantBench:
    """Carry out what two sides do under agreements on a product of the first."""

    ledger: ChainLedger
    sides: tuple[Side, Side]
    third: Address
    product: ProductId

    def measure(self, batch: int) -> dict[str, int | float]:
        """Return the gas of each operation; receipts are settled `batch` at a time."""
        return self._agreed() | self._depths() | self._settled(batch)

    def _agreed(self) -> dict[str, int | float]:
        """File an agreement by a third party, suspend it, and end another by consent."""
        kept, ended = self._offer(), self._offer()
        costs: dict[str, int | float] = {"agree": self._submit(self._agreement(kept), self.third)}
        self._submit(self._agreement(ended), self.third)
        evidence = secrets.token_bytes(12)
        halt = SuspendGrant(grant=self._id(kept), reason=Reason.RISK, evidence=evidence)
        costs["suspend_grant"] = self._submit(halt)
        deadline = self._now() + YEAR
        will = Ending(grant=self._id(ended), ends_at=0, deadline=deadline)
        other = self._approval(1, will, self._grants)
        end = EndByConsent(grant=will.grant, ends_at=0, deadline=deadline, other=other)
        return costs | {"end": self._submit(end)}

    def _depths(self) -> dict[str, int | float]:
        """Sub-grant down to the deepest level, each side to the other, and record at each."""
        top = replace(self._clauses(), sub_delegation=SubDelegation.FREE, depth=DEEPEST)
        self._submit(Issue(clauses=top))
        path = Path(clauses=top)
        records = [self._record(path, 0)]
        grants: list[int] = []
        for level in range(1, DEEPEST + 1):
            below = self._below(path.clauses, level)
            grants.append(self._submit(IssueUnder(path=path, clauses=below), self._account(level)))
            path = path.below(below)
            records.append(self._record(path, level))
        return {
            "sub_grant": grants[0],
            "sub_grant_each_level_more": (grants[-1] - grants[0]) / (DEEPEST - 1),
            "record": records[0],
            "record_each_ancestor_more": (records[-1] - records[0]) / DEEPEST,
        }

    def _settled(self, batch: int) -> dict[str, int | float]:
        """Settle the first and the second receipt of `batch` grants."""
        clauses = tuple(self._clauses() for _ in range(batch))
        self._submit(IssueBatch(items=clauses))
        costs: dict[str, int | float] = {}
        for sequence, name in ((1, "settle_first"), (2, "settle")):
            items = tuple(self._settlement(one, sequence) for one in clauses)
            used = self._submit(SettleReceipts(items=items), self.third)
            costs[f"{name}_{batch}"] = round(used / batch, 2)
        return costs

    def _settlement(self, clauses: Clauses, sequence: int) -> Settlement:
        told = UsageReceipt(
            grant=self._id(clauses),
            cumulative=300 * sequence,
            sequence=sequence,
            purpose=Purpose.INSURANCE,
            action=Action.QUERY,
            at=self._now(),
        )
        signed = SignedReceipt(
            chain_id=self._meter.chain_id,
            meter=self._meter.verifying_contract,
            receipt=told,
            grantor=self._approval(0, told, self._meter),
            grantee=self._approval(1, told, self._meter),
        )
        return Settlement(path=Path(clauses=clauses), signed=signed, first=sequence == 1)

    def _record(self, path: Path, level: int) -> int:
        """Record a use as the grantor of the grant at the end of the path."""
        use = RecordUsage(path=path, action=Action.QUERY, purpose=Purpose.INSURANCE, amount=3)
        return self._submit(use, self._account(level))

    def _agreement(self, offer: Clauses) -> Agree:
        terms = Terms(clauses=offer)
        grantor, grantee = (self._approval(side, terms, self._grants) for side in (0, 1))
        return Agree(clauses=offer, grantor=grantor, grantee=grantee)

    def _approval(self, side: int, message: Message, domain: SigningDomain) -> Approval:
        key = self.sides[side].key
        return Approval(signer=key.address, signature=sign_typed(key, message, domain))

    def _offer(self) -> Clauses:
        lapse = self._now() + YEAR
        return replace(self._clauses(), form=Form.TWO_SIDED, offer_until=lapse)

    def _below(self, above: Clauses, level: int) -> Clauses:
        """Return what the grantee grants back to the grantor, as wide as it may be."""
        depth = above.depth - 1
        kind = SubDelegation.FREE if depth else SubDelegation.NONE
        grantor, grantee = self.sides[level % 2].party, self.sides[1 - level % 2].party
        return replace(above, grantor=grantor, grantee=grantee, depth=depth, sub_delegation=kind)

    def _clauses(self) -> Clauses:
        now = self._now()
        return Clauses(
            product=self.product,
            version=1,
            grantor=self.sides[0].party,
            grantee=self.sides[1].party,
            actions=Action.QUERY | Action.ANALYSE | Action.DISPLAY,
            purposes=Purpose.INSURANCE | Purpose.RISK_CONTROL,
            window=Window(start=now, until=now + YEAR),
            quota=Quota(unit=QuotaUnit.CALL, total=10_000),
            salt=secrets.randbits(64),
        )

    def _account(self, level: int) -> Address:
        return self.sides[level % 2].key.address

    def _submit(self, operation: Operation, by: Address | None = None) -> int:
        return self.ledger.submit(operation, account=by or self._account(0)).gas_used

    def _id(self, clauses: Clauses) -> GrantId:
        return clauses.digest(self._grants)

    def _now(self) -> int:
        return self.ledger.moment().time

    @property
    def _grants(self) -> SigningDomain:
        made = self.ledger.deployment
        return SigningDomain(chain_id=made.chain_id, verifying_contract=made.grants)

    @property
    def _meter(self) -> SigningDomain:
        made = self.ledger.deployment
        if made.meter is None:
            raise LookupError("a fresh deployment has a meter")
        return SigningDomain(chain_id=made.chain_id, verifying_contract=made.meter)
