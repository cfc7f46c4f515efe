"""Decide whether a use may happen now, and count it before it does.

One receipt stands for one use: the grantee signs what it will have used in all once this use is
done. The guard then goes through these steps, and refuses at the first that does not hold:

    1  the receipt is for this chain, this meter and this product's grants, and of now;
    2  whoever signed it speaks for the grantee, who is the one the grant names;
    3  its sum goes beyond the last one, here or settled, by just what this use costs, at a time at
       which the chain will settle it, and it repeats what was done since the last settled one;
    4  the ledger allows the use: the grant and those above it, the parties, the product, purpose,
       action and amount, all that is not settled yet included;
    5  the receipt is on disk.

What the ledger said is remembered for at most `blocks` blocks and `seconds` seconds, whichever is
less: a revocation is felt at the latest `blocks` blocks after its own. Each use asks the node for
its newest block; where it does not answer, nothing is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from registry.domain.usage import following, latest, left_out, require_whole
from registry.domain.verdict import Verdict
from registry.enforcement.answers import Answers
from registry.errors import (
    ChainError,
    ReceiptElsewhere,
    ReceiptSignerWrong,
    ReceiptSumWrong,
    ReceiptTimeWrong,
    UseRefused,
    UseUndecidable,
)
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.agreement_operations import Approval
    from registry.domain.ids import Address, GrantId, PartyId, ProductId
    from registry.domain.moment import Moment
    from registry.domain.signing import UsageReceipt
    from registry.domain.usage import Settled, SignedReceipt
    from registry.domain.vocabulary import Action, Purpose
    from registry.receipts import Receipts

BLOCKS: Final = 2
"""Blocks for which an answer of the ledger counts, unless told otherwise."""
SECONDS: Final = 30.0
"""Seconds for which an answer of the ledger counts at most, unless told otherwise."""
SKEW: Final = 300
"""Seconds by which a receipt's time may differ from the chain's."""
AHEAD: Final = 64
"""Units beyond this use that the ledger is asked about as well, to save asking for each."""

_OF_AMOUNT: Final = frozenset(
    (Verdict.QUOTA_EXCEEDED, Verdict.PERIOD_EXCEEDED, Verdict.ANCESTOR_EXHAUSTED)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Ask about a use under a grant by whoever holds the key `signer`."""

    grant: GrantId
    signer: Address
    action: Action
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hold what the ledger says to a question, as of a block.

    `settled` is the last receipt settled, `allowed` how many units beyond its sum the ledger would
    allow, as far as it was asked: None where it refuses the use, and `verdict` says why. `speaks`
    tells whether the signer signs receipts for the grantee. A receipt of a use from `since` on and
    before `until`, None without an end, can be settled.
    """

    block: int
    product: ProductId
    grantee: PartyId
    speaks: bool
    settled: Settled
    since: int
    until: int | None
    allowed: int | None
    verdict: Verdict


class Book(Protocol):
    """Answer what the guard asks the ledger; every method raises `ChainError` on node trouble."""

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""

    @property
    def meter(self) -> Address:
        """Return the contract at which receipts are settled."""

    def now(self) -> Moment:
        """Return the newest block, and the time by the chain's clock."""

    def facts(self, question: Question, total: int, ahead: int) -> Facts:
        """Return what holds now: whether the sum may reach `total`, and if so `total + ahead`.

        Raises `GrantUnknown` for an unknown grant.
        """

    def prove(self, signed: SignedReceipt) -> Address:
        """Return who signed for the grantee; raises `SignatureWrong`, `ReceiptUnsigned`."""

    def countersign(self, signed: SignedReceipt) -> Approval | None:
        """Return the provider's own signature, None where it signs later."""

    def refused(self, signed: SignedReceipt, amount: int, verdict: Verdict, block: int) -> None:
        """Keep evidence of a use that the ledger refused as of a block."""


class Guard:
    """Guard one action on one product, for one process; threads may share it.

    :param book: the ledger, as the guard asks it.
    :param receipts: where uses are counted; several processes may share the file.
    :param product: whose grants count here.
    :param action: what a request does.
    :param blocks: for how many blocks an answer of the ledger counts; 0 asks in every block.
    :param seconds: for how many seconds it counts at most, so that expiry is felt on an idle chain.
    :param size: how many answers are remembered at most.
    """

    def __init__(
        self,
        book: Book,
        receipts: Receipts,
        product: ProductId,
        action: Action,
        *,
        blocks: int = BLOCKS,
        seconds: float = SECONDS,
        size: int = 4096,
    ) -> None:
        """Take what it guards, and with what."""
        self.product = product
        self.action = action
        self._book = book
        self._receipts = receipts
        self._answers: Answers[Facts] = Answers(blocks=blocks, seconds=seconds, size=size)

    def admit(self, signed: SignedReceipt, amount: int = 1) -> SignedReceipt:
        """Allow and count one use that costs `amount` units; return the receipt as it is kept.

        With what the provider countersigned, where it signs at once.

        :raises InvalidInputError: the receipt is not as it must be; its class says how.
        :raises UseRefused: the ledger says no.
        :raises UseUndecidable: the ledger cannot be asked.
        :raises ReceiptsUnusable: the use cannot be counted.
        """
        told = signed.receipt
        try:
            # 1 it is meant for here and now
            now = self._book.now()
            self._require_here(signed, now.time)
            # 2 its signer speaks for the grantee
            signer = self._book.prove(signed)
            question = Question(
                grant=told.grant, signer=signer, action=told.action, purpose=told.purpose
            )
            # 3 it adds what this use costs to the last one here
            last = self._last(signed)
            if last is not None:
                _require_next(last, told, amount, now.time)
            # 4 the ledger allows it
            facts = self._facts(question, last, told, now.block)
        except ChainError as error:
            raise UseUndecidable(grant=str(told.grant), reason=str(error)) from error
        self._require_spoken(signed, facts)
        _require_next(latest(last, facts.settled), told, amount, now.time)
        require_whole(last, facts.settled, told)
        self._require_allowed(signed, facts, amount)
        if told.at < facts.since or (facts.until is not None and told.at >= facts.until):
            raise ReceiptTimeWrong(at=told.at, now=now.time)
        # 5 it is counted
        self._receipts.keep(signed, added=amount, settled=facts.settled)
        return self._countersigned(signed)

    def expected(self, grant: GrantId) -> tuple[int, int]:
        """Return the number and sum of the last receipt under a grant, (0, 0) before the first."""
        kept = self._receipts.newest(self._book.chain_id, self._book.meter, grant)
        if kept is None:
            return 0, 0
        return kept.receipt.receipt.sequence, kept.receipt.receipt.cumulative

    def _require_here(self, signed: SignedReceipt, now: int) -> None:
        told, book = signed.receipt, self._book
        for what, given, expected in (
            ("chain", signed.chain_id, book.chain_id),
            ("meter", signed.meter, book.meter),
        ):
            if given != expected:
                raise ReceiptElsewhere(what=what, given=str(given), expected=str(expected))
        # It may stand for several actions since the last one settled: this must be among them.
        if self.action not in told.action:
            raise ReceiptElsewhere(
                what="action", given=str(told.action.name), expected=str(self.action.name)
            )
        if abs(told.at - now) > SKEW:
            raise ReceiptTimeWrong(at=told.at, now=now)

    def _last(self, signed: SignedReceipt) -> UsageReceipt | None:
        kept = self._receipts.newest(signed.chain_id, signed.meter, signed.receipt.grant)
        return None if kept is None else kept.receipt.receipt

    def _facts(
        self, question: Question, last: UsageReceipt | None, told: UsageReceipt, head: int
    ) -> Facts:
        """Return what the ledger says, as it was remembered where that is enough."""
        known = self._answers.find(question, head)
        if known is not None and _enough(known, last, told):
            return known
        since = self._answers.now()
        found = self._book.facts(question, told.cumulative, AHEAD)
        self._answers.keep(question, found, since)
        return found

    def _require_spoken(self, signed: SignedReceipt, facts: Facts) -> None:
        if facts.product != self.product:
            raise ReceiptElsewhere(
                what="product", given=str(facts.product), expected=str(self.product)
            )
        if not facts.speaks:
            signer = "" if signed.grantee is None else str(signed.grantee.signer)
            raise ReceiptSignerWrong(side="grantee", signer=signer, party=str(facts.grantee))

    def _require_allowed(self, signed: SignedReceipt, facts: Facts, amount: int) -> None:
        if facts.allowed is None:
            self._book.refused(signed, amount, facts.verdict, facts.block)
            raise UseRefused(
                grant=str(signed.receipt.grant), verdict=facts.verdict.name, block=facts.block
            )

    def _countersigned(self, signed: SignedReceipt) -> SignedReceipt:
        own = self._book.countersign(signed)
        if own is None:
            return signed
        complete = signed.signed("grantor", own)
        self._receipts.complete(complete)
        return complete


def _require_next(last: UsageReceipt | Settled, told: UsageReceipt, amount: int, now: int) -> None:
    """Refuse a receipt that does not add just `amount`, or goes back in time: none settles it."""
    added = following(last, told)
    if added != amount:
        raise ReceiptSumWrong(
            grant=str(told.grant),
            added=added,
            amount=amount,
            expected_cumulative=told.cumulative - added + amount,
            last_sequence=last.sequence,
        )
    if told.at < last.at:
        raise ReceiptTimeWrong(at=told.at, now=now)


def _enough(known: Facts, last: UsageReceipt | None, told: UsageReceipt) -> bool:
    """Tell whether what is remembered settles a question: what covers it, and most refusals.

    Whoever asked for too much may ask for less; what a receipt leaves out may be settled since.
    """
    if left_out(last, known.settled, told):
        return False
    if known.allowed is None:
        return known.verdict not in _OF_AMOUNT
    return told.cumulative <= known.settled.cumulative + known.allowed
