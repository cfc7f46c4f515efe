"""Record uses, sign and settle receipts of them, and keep evidence of those refused."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from registry.domain.agreement_operations import Approval
from registry.domain.events import UsageRecorded
from registry.domain.refusal import Refusal
from registry.domain.signing import UsageReceipt
from registry.domain.terms import SigningDomain
from registry.domain.usage import SignedReceipt, following, require_whole
from registry.domain.usage_operations import RecordUsage, Settlement, SettleReceipts
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Environment
from registry.errors import (
    ArchiveNeeded,
    ContractMissing,
    ContractRevert,
    ReceiptElsewhere,
    ReceiptNotOwn,
    ReceiptSignerWrong,
    ReceiptUnsigned,
)
from registry.receipts import FILE_NAME, Receipts
from registry.records import dataclass
from registry.services.births import Family
from registry.services.grants import Grants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from registry.domain.ancestry import Path
    from registry.domain.grant import GrantState
    from registry.domain.ids import Address, GrantId, PartyId
    from registry.domain.ledger import Receipt
    from registry.domain.moment import At, Moment
    from registry.domain.usage import Settled, Side
    from registry.domain.vocabulary import Action, Purpose
    from registry.receipts import Kept
    from registry.services.actor import Actor
    from registry.services.grants import Grant

BATCH = 100
"""Receipts settled in one transaction at most: well below what a transaction may cost."""
_ANYWHERE = Environment(0)
_OTHER: Final[Mapping[Side, Side]] = {"grantor": "grantee", "grantee": "grantor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Hold a recorded use and what is left: `remaining` units, None without a quota."""

    grant: GrantId
    amount: int
    remaining: int | None
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Hold what was used under a grant by receipts: here, and settled on the chain.

    `kept` is the newest receipt here, None without one.
    """

    grant: GrantId
    kept: Kept | None
    settled: Settled
    remaining: int | None

    @property
    def open(self) -> int:
        """Return how many units are counted here and not settled."""
        here = 0 if self.kept is None else self.kept.receipt.receipt.cumulative
        return max(0, here - self.settled.cumulative)


class Usages:
    """Serve the tasks about use."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    @property
    def domain(self) -> SigningDomain:
        """Return the domain in which receipts are signed; raises `ContractMissing`."""
        ledger = self._actor.ledger
        deployment = ledger.deployment
        if deployment.meter is None:
            raise ContractMissing(name="meter", address=str(deployment.directory), url="")
        return SigningDomain(chain_id=ledger.chain_id, verifying_contract=deployment.meter)

    @cached_property
    def receipts(self) -> Receipts:
        """Return the file of receipts; raises `ArchiveNeeded`, `ReceiptsUnusable`."""
        archive = self._actor.archive
        if archive is None:
            raise ArchiveNeeded(kind="receipts")
        return Receipts(archive.home / FILE_NAME)

    def close(self) -> None:
        """Close the file of receipts, if it was opened."""
        if "receipts" in self.__dict__:
            self.receipts.close()

    # ---- recording ---------------------------------------------------------------------------

    def record(
        self,
        grant: Grant,
        *,
        action: Action,
        purpose: Purpose,
        amount: int = 1,
        environment: Environment = _ANYWHERE,
        territory: int = 0,
        wish: str = "",
        noticed: Callable[[int], object] = id,
    ) -> Recorded:
        """Record a use on the chain; where it is refused, keep signed evidence and raise.

        `noticed` is told the number of the evidence. Raises `UsageRefused`, whose verdict says why.
        """
        from registry.reverts import UsageRefused  # noqa: PLC0415 (start-up: seldom raised)

        operation = RecordUsage(
            path=self.path(grant),
            action=action,
            purpose=purpose,
            amount=amount,
            environment=environment,
            territory=territory,
            wish=wish,
        )
        try:
            receipt = self._actor.submit(operation)
        except UsageRefused as refused:
            number = self.keep_refusal(
                grant.id,
                grant.clauses.grantee,
                action=action,
                purpose=purpose,
                amount=amount,
                verdict=Verdict(refused.verdict),
            )
            noticed(number)
            raise
        event = next(one for one in receipt.events if isinstance(one, UsageRecorded))
        state = self._actor.ledger.grant(grant.id)
        return Recorded(
            grant=grant.id,
            amount=event.amount,
            remaining=None if state is None else state.remaining,
            receipt=receipt,
        )

    def keep_refusal(
        self,
        grant: GrantId,
        user: PartyId,
        *,
        action: Action,
        purpose: Purpose,
        amount: int,
        verdict: Verdict,
        moment: Moment | None = None,
    ) -> int:
        """Sign and keep the statement that a use was refused; return its number."""
        import rfc8785  # noqa: PLC0415 (start-up: seldom needed)

        ledger = self._actor.ledger
        asked = ledger.moment(None) if moment is None else moment
        refusal = Refusal(
            grant=grant,
            user=user,
            purpose=purpose,
            action=action,
            amount=amount,
            verdict=verdict,
            block=asked.block,
            block_hash=asked.block_hash,
            at=asked.time,
        )
        domain, account = Grants(self._actor).domain, self._actor.key()
        signature = self._actor.sealing().sign(account, refusal, domain)
        text = rfc8785.dumps(refusal.statement(domain, account, signature)).decode()
        return self.receipts.keep_refusal(ledger.chain_id, grant, refusal.at, text)

    def refusals(self, grant: GrantId | None = None) -> Iterator[tuple[int, str]]:
        """Yield number and canonical JSON of every statement of a refusal kept here."""
        return self.receipts.refusals(self._actor.ledger.chain_id, grant)

    # ---- receipts ----------------------------------------------------------------------------

    def sign(
        self,
        grant: Grant,
        *,
        action: Action,
        purpose: Purpose,
        amount: int = 1,
        at: int | None = None,
    ) -> SignedReceipt:
        """Return the next receipt of a grant, signed as its grantee: an offer until it is taken.

        It says what was used in all once `amount` units more are; what was done since the last
        settled one is said together. `at` is the time of the use, now by the chain's clock unless
        given. The sum goes on from the last receipt that was taken (`take`), so that a refused use
        does not count; the number goes on from the last one offered. Whether the use is allowed is
        not asked here: the service or the chain says so.
        """
        domain = self.domain
        known, settled = self.newest(grant.id), self.settled(grant.id)
        last = None if known is None else known.receipt.receipt
        offered = self.receipts.offered(domain.chain_id, domain.verifying_contract, grant.id)
        numbers = [settled.sequence, *(one.sequence for one in _told(last, offered))]
        open_ = last is not None and not settled.includes(last)
        told = UsageReceipt(
            grant=grant.id,
            cumulative=max(settled.cumulative, 0 if last is None else last.cumulative) + amount,
            sequence=max(numbers) + 1,
            purpose=purpose | last.purpose if open_ and last else purpose,
            action=action | last.action if open_ and last else action,
            # Times of receipts do not fall, though the chain's may by a reorganisation.
            at=max(self._actor.ledger.moment(None).time, settled.at, 0 if last is None else last.at)
            if at is None
            else at,
        )
        unsigned = SignedReceipt(
            chain_id=domain.chain_id, meter=domain.verifying_contract, receipt=told
        )
        signed = self.signed(unsigned, "grantee")
        self.receipts.offer(signed)
        return signed

    def take(self, receipt: SignedReceipt) -> None:
        """Note that a receipt offered was taken: the use took place, and counts.

        With what the other side countersigned, where it did. Where its answer was lost, others may
        have been offered since. Raises `ReceiptNotOwn`, and `ReceiptNotNext` for one that is older
        than what is known.
        """
        self.require_here(receipt)
        mine = self.receipts.offered(receipt.chain_id, receipt.meter, receipt.receipt.grant)
        last = None if mine is None else (mine.receipt, mine.grantee)
        if last != (receipt.receipt, receipt.grantee) and not self._is_own(receipt):
            told = receipt.receipt
            raise ReceiptNotOwn(grant=str(told.grant), sequence=told.sequence)
        self.receipts.complete(receipt)

    def signed(self, receipt: SignedReceipt, side: Side) -> SignedReceipt:
        """Return a receipt with one's own signature for a side; raises `ReceiptElsewhere`."""
        self.require_here(receipt)
        account = self._actor.key()
        signature = self._actor.sealing().sign(account, receipt.receipt, self.domain)
        return receipt.signed(side, Approval(signer=account, signature=signature))

    def countersign(self, receipt: SignedReceipt, grant: Grant) -> SignedReceipt:
        """Return a receipt that the other side signed with one's own signature, and keep it here.

        Raises `ReceiptUnsigned`, `ReceiptSignerWrong`, `SignatureWrong`, `ReceiptNotNext` for one
        that is older than what is known, and `ReceiptNarrowed` for one that leaves out what was
        done since what is settled.
        """
        side: Side = self._side(grant) or "grantee"
        self.require_signed(receipt, _OTHER[side], grant)
        known = self.newest(grant.id)
        if known is not None and known.receipt.receipt != receipt.receipt:
            following(known.receipt.receipt, receipt.receipt)
            require_whole(known.receipt.receipt, self.settled(grant.id), receipt.receipt)
        complete = self.signed(receipt, side)
        self.receipts.complete(complete)
        return complete

    def require_signed(self, receipt: SignedReceipt, side: Side, grant: Grant) -> None:
        """Refuse a receipt that a side has not signed with a key that speaks for it now."""
        self.require_here(receipt)
        approval = receipt.by(side)
        party = grant.clauses.grantor if side == "grantor" else grant.clauses.grantee
        if approval is None:
            raise ReceiptUnsigned(side=side, grant=str(grant.id))
        digest = receipt.receipt.digest(self.domain)
        proved = self._actor.sealing().signer_of(digest, approval.signature) == approval.signer
        if not proved or not self.signs_for(approval.signer, party):
            raise ReceiptSignerWrong(side=side, signer=str(approval.signer), party=str(party))

    def require_here(self, receipt: SignedReceipt) -> None:
        """Refuse a receipt of another chain or meter; raises `ReceiptElsewhere`."""
        domain = self.domain
        for what, given, expected in (
            ("chain", receipt.chain_id, domain.chain_id),
            ("meter", receipt.meter, domain.verifying_contract),
        ):
            if given != expected:
                raise ReceiptElsewhere(what=what, given=str(given), expected=str(expected))

    def signs_for(self, key: Address, party: PartyId, *, at: Moment | None = None) -> bool:
        """Tell whether a key may sign receipts for a party at a moment, now unless given."""
        from registry.domain.party import Scope  # noqa: PLC0415 (start-up: seldom needed)

        ledger = self._actor.ledger
        moment = ledger.moment(None) if at is None else at
        record = ledger.key(key, at=moment)
        if record is None or record.party != party or not record.spoke_at(moment.time):
            return False
        return Scope.USAGE in record.scopes

    # ---- settling ----------------------------------------------------------------------------

    def settle(
        self, grants: Iterable[GrantId] | None = None, *, sign: bool = False
    ) -> Iterator[Receipt]:
        """Settle what both sides signed and the chain has not, in batches; yield their receipts.

        Of the grants given, else of all that receipts are kept of here. With `sign` what only the
        other side signed is verified and countersigned first. One that was settled meanwhile is
        left out, also of what is sent: the events of what is yielded tell which were new. One that
        the chain refuses, or whose signature does not verify, holds up no other: whoever uses data
        could else keep its provider from settling with anybody. The first such refusal is raised at
        last.
        """
        refused: ContractRevert | ReceiptSignerWrong | None = None
        waiting: list[Settlement] = []
        for kept in self.kept(grants):
            try:
                one = self._settlement(kept, sign=sign)
            except ReceiptSignerWrong as error:
                refused = refused or error
                continue
            if one is not None:
                waiting.append(one)
        batches = [tuple(waiting[start : start + BATCH]) for start in range(0, len(waiting), BATCH)]
        while batches:
            batch = batches.pop(0)
            try:
                receipt = self._actor.submit(SettleReceipts(items=batch))
            except ContractRevert as error:
                middle = len(batch) // 2
                batches[:0] = [half for half in (batch[:middle], batch[middle:]) if middle]
                if not middle and self._is_settled(batch[0]):
                    self._note(batch)
                elif not middle:
                    refused = refused or error
                continue
            self._note(batch)
            yield receipt
        if refused is not None:
            raise refused

    def _is_settled(self, one: Settlement) -> bool:
        """Tell whether the chain has a receipt by now, which somebody else filed."""
        told = one.signed.receipt
        return self.settled(told.grant).includes(told)

    def _note(self, batch: tuple[Settlement, ...]) -> None:
        domain = self.domain
        for one in batch:
            told = one.signed.receipt
            self.receipts.settled(
                domain.chain_id, domain.verifying_contract, told.grant, told.cumulative
            )

    def kept(self, grants: Iterable[GrantId] | None = None) -> tuple[Kept, ...]:
        """Return the newest receipts kept here, of the grants given or of all."""
        if grants is None:
            return self.receipts.all(self.domain.chain_id, self.domain.verifying_contract)
        found = (self.newest(one) for one in grants)
        return tuple(one for one in found if one is not None)

    def newest(self, grant: GrantId) -> Kept | None:
        """Return the newest receipt of a grant that is kept here, None for none."""
        return self.receipts.newest(self.domain.chain_id, self.domain.verifying_contract, grant)

    def settled(self, grant: GrantId, *, at: At | None = None) -> Settled:
        """Return what the chain has settled of a grant, all zero before its first receipt."""
        moment = None if at is None else self._actor.ledger.moment(at)
        return self._actor.ledger.settled(grant, at=moment)

    def counted(self, grant: GrantId) -> Counted:
        """Return what was used under a grant by receipts, here and on the chain."""
        state: GrantState | None = self._actor.ledger.grant(grant)
        return Counted(
            grant=grant,
            kept=self.newest(grant),
            settled=self.settled(grant),
            remaining=None if state is None else state.remaining,
        )

    def path(self, grant: Grant) -> Path:
        """Return the way down to a grant, itself at its end."""
        ledger = self._actor.ledger
        family = Family.read(ledger, ledger.moment(None), grant.clauses.product)
        path = family.path(grant.id)
        if path is None:
            from registry.reverts import GrantUnknown  # noqa: PLC0415 (start-up: seldom raised)

            raise GrantUnknown(grant=grant.parent or grant.id)
        return path

    def _is_own(self, receipt: SignedReceipt) -> bool:
        """Tell whether a receipt was signed to use by a key of one's own party, now or once."""
        approval = receipt.grantee
        if approval is None:
            return False
        digest = receipt.receipt.digest(self.domain)
        proved = self._actor.sealing().signer_of(digest, approval.signature) == approval.signer
        return proved and self._actor.ledger.party_of(approval.signer) == self._actor.party()

    def _settlement(self, kept: Kept, *, sign: bool = False) -> Settlement | None:
        signed = kept.receipt
        told = signed.receipt
        settled = self.settled(told.grant)
        if told.cumulative <= settled.cumulative or not (signed.complete or sign):
            return None
        grant = Grants(self._actor).get(told.grant)
        if sign:
            # What is filed is what was signed here, though a newer one be kept by now.
            signed = self._countersigned(signed, grant)
        if not signed.complete:
            return None
        return Settlement(path=self.path(grant), signed=signed, first=settled.sequence == 0)

    def _countersigned(self, receipt: SignedReceipt, grant: Grant) -> SignedReceipt:
        """Return a kept receipt with one's own signature, where the other side has signed it.

        One that is there stays for as long as its key speaks. Raises `ReceiptSignerWrong`.
        """
        side = self._side(grant)
        if side is None or receipt.by(_OTHER[side]) is None:
            return receipt
        own = receipt.by(side)
        if own is not None and self.signs_for(own.signer, self._actor.party()):
            return receipt
        self.require_signed(receipt, _OTHER[side], grant)
        complete = self.signed(receipt, side)
        self.receipts.complete(complete)
        return complete

    def _side(self, grant: Grant) -> Side | None:
        """Return on which side of a grant one's own party is, None for neither."""
        own, clauses = self._actor.party(), grant.clauses
        if own == clauses.grantor:
            return "grantor"
        return "grantee" if own == clauses.grantee else None


def _told(last: UsageReceipt | None, offered: SignedReceipt | None) -> Iterator[UsageReceipt]:
    if last is not None:
        yield last
    if offered is not None:
        yield offered.receipt
