"""Bring journal and chain together: what landed, what vanished, what must be sent again.

Everything here is done while the account's lock is held, so that nobody else chooses nonces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count, islice
from typing import TYPE_CHECKING, Final

from registry.chain.calls import Notice
from registry.chain.entries import INCLUDED, Entry, Status
from registry.chain.submission import Outcome, Standing, Submission
from registry.chain.transactions import hash_of, parse
from registry.errors import InsufficientFunds, JournalCorrupt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from registry.chain.journal import Journal
    from registry.domain.ids import Address

PART: Final = 100
"""How many transactions are given to the node at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """Say where new transactions may stand: `taken` are nonces of live ones not yet in blocks."""

    standing: Standing
    taken: frozenset[int]

    def free(self, wanted: int) -> list[int]:
        """Return the lowest nonces that nobody holds, holes among them first."""
        candidates = (nonce for nonce in count(self.standing.pending) if nonce not in self.taken)
        return list(islice(candidates, wanted))

    def with_taken(self, nonces: Iterable[int]) -> Footing:
        """Return the same with more nonces taken."""
        return replace(self, taken=self.taken.union(nonces))

    def holes(self) -> list[int]:
        """Return the free nonces below taken ones: nothing above a hole can land."""
        top = max(self.taken, default=0)
        return [nonce for nonce in range(self.standing.pending, top) if nonce not in self.taken]


class Recovery:
    """Settle the unfinished transactions of one account, whoever left them."""

    def __init__(
        self, journal: Journal, submission: Submission, notify: Callable[[Notice], None]
    ) -> None:
        """Take the journal, the node, and whom to tell of what is done unasked."""
        self._journal = journal
        self._submission = submission
        self._notify = notify

    def run(self, followed: AbstractSet[bytes] = frozenset()) -> Footing:
        """Write down what landed, send again what the node has lost, say which nonces are taken.

        Those `followed` are looked after elsewhere, and only counted.
        Raises InsufficientFunds where the account cannot pay for what it sent before.
        """
        account = self._submission.account.raw
        chain = self._submission.chain()
        self._check_tip()
        standing = self._submission.standing()
        mined = self._journal.unfinished(chain, account, below=standing.latest)
        self.settle_mined([row for row in mined if row.hash not in followed], standing)
        rows = self._journal.doubtful(chain, account, standing.latest, standing.pending)
        gone = self._vanished([row for row in rows if row.status in INCLUDED])
        again = [*gone, *(row for row in rows if row.status not in INCLUDED)]
        self._send_again(again, standing.balance)
        taken = self._journal.taken(chain, account, standing.latest)
        return Footing(standing=standing, taken=taken)

    def settle_mined(self, rows: Sequence[Entry], standing: Standing) -> None:
        """Find out what became of transactions whose nonce is in a block."""
        found = self._submission.receipts([row.hash for row in rows])
        if found:
            self._journal.settle({one: receipt.inclusion for one, receipt in found.items()})
        for row in rows:
            if row.hash not in found:
                self.settle_missing(row, standing)

    def settle_missing(self, row: Entry, standing: Standing) -> None:
        """Find out which transaction took the nonce of one that has no receipt.

        It may be a rival of ours; or, where a block holds a foreign one, ours can never land.
        Nothing is decided where the node does not say.
        """
        rivals = self._journal.rivals(row.chain, row.account, row.nonce)
        found = self._submission.receipts([rival.hash for rival in rivals])
        if found:
            self._journal.settle({one: receipt.inclusion for one, receipt in found.items()})
            return
        holder = self._submission.holder(row.nonce, standing.head.number)
        if holder and holder not in {rival.hash for rival in rivals}:
            self._journal.mark_lost(
                rival.hash for rival in rivals if rival.status is not Status.LOST
            )
            self._say_undone([one for one in rivals if one.claimed])

    def _say_undone(self, told: Sequence[Entry]) -> None:
        """Say that what was told as done is not: nobody waits for it, who would do it again."""
        if told:
            named = ", ".join(f"{one.purpose} 0x{one.hash.hex()}" for one in told)
            fields: dict[str, str | int] = {"count": len(told), "named": named}
            self._notify(Notice(code="transactions-undone", fields=fields))

    def _check_tip(self) -> None:
        """Notice a reorganisation: the last block that we know must still be there.

        A block's hash covers all blocks before it, so that one comparison vouches for everything.
        """
        chain, account = self._submission.chain(), self._submission.account.raw
        last = self._journal.latest_included(chain, account, 1)
        if not last or last[0].inclusion is None:
            return
        known = last[0].inclusion
        if self._submission.block_hashes([known.block]) != [known.block_hash]:
            self._vanished(self._journal.latest_included(chain, account, PART))

    def _vanished(self, rows: Sequence[Entry]) -> list[Entry]:
        """Ask for the receipts of included transactions again, and return those that have none."""
        if not rows:
            return []
        found = self._submission.receipts([row.hash for row in rows])
        moved = {
            row.hash: found[row.hash].inclusion
            for row in rows
            if row.hash in found and found[row.hash].inclusion != row.inclusion
        }
        if moved:
            self._journal.settle(moved)
        gone = [row for row in rows if row.hash not in found]
        if gone:
            self._journal.mark_vanished(row.hash for row in gone)
            self._notify(Notice(code="transactions-reorganised", fields={"count": len(gone)}))
        return gone

    def _send_again(self, rows: Iterable[Entry], balance: int) -> None:
        """Give the node the same bytes again; what it will not have is lost."""
        ordered = sorted(rows, key=lambda row: row.nonce)
        for row in ordered:
            self._refuse_damaged(row)
        refused: set[bytes] = set()
        for start in range(0, len(ordered), PART):
            part = ordered[start : start + PART]
            replies = self._submission.push([row.raw for row in part])
            pairs = list(zip(part, replies, strict=True))
            self._journal.mark_sent(
                row.hash for row, reply in pairs if reply.outcome is Outcome.TAKEN
            )
            for row, reply in pairs:
                if reply.outcome is Outcome.UNFUNDED:
                    raise _unfunded(self._submission.account, balance, ordered) from reply.refusal
                if reply.outcome is Outcome.REFUSED:
                    refused.add(row.hash)
        self._journal.mark_lost(refused)
        if ordered:
            self._notify(Notice(code="transactions-resent", fields={"count": len(ordered)}))

    def _refuse_damaged(self, row: Entry) -> None:
        """Send nothing whose bytes are not those that were signed."""
        if hash_of(row.raw) != row.hash:
            reason = f"the bytes of 0x{row.hash.hex()} are not those that were signed"
            raise JournalCorrupt(path=str(self._journal.path), reason=reason)


def _unfunded(account: Address, balance: int, rows: Iterable[Entry]) -> InsufficientFunds:
    needed = sum(parse(row.raw).cost for row in rows)
    return InsufficientFunds(address=str(account), balance=str(balance), needed=str(needed))
