"""Send transactions: try out, sign, write down, send, follow, and begin again where that broke off.

A `Sender` is a queue over one signer. Nothing is sent that is not in the journal; nothing is signed
a second time while the first may still land; a call is reported done only when that is written
down. Several processes may send with one key: nonces are chosen, and transactions signed and sent,
under a lock, while waiting for receipts needs none.
"""

from __future__ import annotations

import contextlib
import dataclasses
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.calls import Call, Landed, Notice
from registry.chain.entries import Entry
from registry.chain.fees import QUESTIONS, Fees
from registry.chain.locks import AccountLock
from registry.chain.pipeline import Pipeline
from registry.chain.recovery import Footing, Recovery
from registry.chain.simulation import Simulation
from registry.chain.submission import Outcome, Reply, Submission
from registry.chain.transactions import Fee, Transaction, hash_of, parse
from registry.errors import JournalConflict

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from registry.chain.journal import Journal
    from registry.chain.rpc import Rpc
    from registry.chain.signer import Signer
    from registry.domain.ids import Address

__all__ = ["Call", "Landed", "Notice", "Patience", "Sender"]

_TRANSFER_GAS: Final = 21_000
_FILLER: Final = "refill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Say how long to wait for what, in seconds.

    `timeout`: without anything landing, before `ReceiptTimeout`. `resend`: before asking whether
    the node still has what waits; the third time that no block came meanwhile, a higher fee is
    offered. `bump`: before that is done although blocks came. `lock`: for another process that
    sends with the same key. `outage`: for a node that was there and is away.
    """

    timeout: float = 180.0
    resend: float = 5.0
    bump: float = 60.0
    lock: float = 120.0
    outage: float = 20.0


@dataclass(slots=True, kw_only=True)
class _Told:
    """Pass notices on to whoever listens."""

    listener: Callable[[Notice], None] | None = field(default=None)

    def __call__(self, notice: Notice) -> None:
        if self.listener is not None:
            self.listener(notice)


class Sender:
    """Send with one key to one chain.

    :param lock_dir: where the lock files of keys are.
    :param confirmations: how many blocks, its own included, make a transaction count as done.
    :param fees: how fees are chosen.
    :param patience: how long is waited.
    :param window: how many transactions may be in flight; it begins with fewer, and grows while
        blocks take nearly all that waits. Each takes some 8 kB; left as it is they fill two blocks
        of 60 million gas.
    :param notify: is told of what the sender does unasked, such as sending again.
    """

    def __init__(  # noqa: PLR0913 (one place where all is put together)
        self,
        rpc: Rpc,
        signer: Signer,
        journal: Journal,
        *,
        lock_dir: Path,
        confirmations: int = 1,
        fees: Fees | None = None,
        patience: Patience | None = None,
        window: int = 1_600,
        notify: Callable[[Notice], None] | None = None,
    ) -> None:
        """Put the parts together; the node is not asked anything yet."""
        self.rpc = rpc
        self.journal = journal
        self.confirmations = confirmations
        self.patience = patience or Patience()
        self.window = window
        self.notify = _Told(listener=notify)
        self.submission = Submission(rpc, signer.address)
        self.simulation = Simulation(rpc, signer.address)
        self.recovery = Recovery(journal, self.submission, self.notify)
        self._signer = signer
        self._fees = fees or Fees()
        self._lock_dir = lock_dir

    @property
    def address(self) -> Address:
        """Return whose key signs."""
        return self._signer.address

    def send(self, call: Call, *, run: str = "") -> Landed:
        """Send one call and wait until it counts as done; see `send_all` for what it raises."""
        with contextlib.closing(Pipeline(self, [call], run).results()) as results:
            return next(results)

    def send_all(self, calls: Iterable[Call], *, run: str = "") -> Generator[Landed, None, None]:
        """Send calls with many in flight; yield what became of them in the same order.

        Calls are taken from the iterable as there is room. Each is tried out first; one that is
        refused counts as refused only once all before it have landed, so that calls may build on
        one another. Then its error is raised, and nothing after it has been sent. A call that fails
        only because of an earlier one of the same list is refused by the chain itself; calls after
        it may have been sent by then, and land.

        A call whose intent is open in the journal, or that landed in the same named `run`, is not
        signed again: what became of the first transaction is returned. An outcome counts as handed
        over once the caller goes on to the next, or closes the generator.

        Raises ContractRevert as the contracts do, InsufficientFunds, FeeTooHigh, ReceiptTimeout,
        UnexplainedRevert, NonceConflict, AccountBusy, WrongChain and other chain errors. Whatever
        is raised, what was sent stays in the journal, and the same calls may be sent again.
        """
        return Pipeline(self, calls, run).results()

    def awaits(self, call: Call) -> bool:
        """Tell whether a transaction of an earlier run stands for a call, its outcome untold."""
        journal, chain, account = self.journal, self.submission.chain(), self.address.raw
        passed = journal.passed(chain, account)
        return bool(journal.find(chain, account, [call.key], passed=passed))

    def untold(self) -> tuple[Entry, ...]:
        """Return what is on its way, or landed and was not told; nothing is asked of the node."""
        chain = self.submission.known_chain
        return () if chain is None else self.journal.untold(chain, self.address.raw)

    def resume(self) -> int:
        """Finish what earlier processes left unfinished with this key; return how much that was.

        Outcomes stay for whoever asks for their intents again. Raises as `send_all` does, except
        that a transaction that failed is only written down.
        """
        with self.locked():
            self.refill(self.recovery.run())
            chain = self.submission.chain()
            left = self.journal.unfinished(chain, self.address.raw)
        pipeline = Pipeline(self, (), "")
        pipeline.follow_up(left)
        return len(left)

    # ---- for the pipeline ----------------------------------------------------------------------

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the right to choose nonces for this key."""
        lock = AccountLock(self._lock_dir, self.submission.chain().chain_id, self.address)
        waits = Notice(code="account-waits", fields={"address": str(self.address)})
        with lock.held(timeout=self.patience.lock, waiting=lambda: self.notify(waits)):
            yield

    def fee(self) -> Fee:
        """Return what to offer for gas now."""
        block = ("eth_getBlockByNumber", ("latest", False))
        head, *answers = self.rpc.attempt([block, *QUESTIONS])
        latest = self.rpc.shaped(block[0], head, wire.header)
        return self.rpc.shaped(QUESTIONS[0][0], answers, partial(self._fees.choose, latest))

    def sign(
        self, calls: Sequence[tuple[str, Call, int]], footing: Footing, fee: Fee, run: str
    ) -> list[Entry]:
        """Sign calls, given with intent and gas limit, and write them down; nothing is sent."""
        chain = self.submission.chain()
        entries = []
        for (intent, call, gas), nonce in zip(calls, footing.free(len(calls)), strict=True):
            transaction = Transaction(
                chain_id=chain.chain_id,
                nonce=nonce,
                gas=gas,
                fee=fee,
                to=None if call.to is None else call.to.raw,
                value=call.value,
                data=call.data,
            )
            entries.append(self._entry(transaction, call.purpose, intent, run))
        self.journal.record(entries)
        return entries

    def push(self, entries: Sequence[Entry]) -> list[Reply]:
        """Give the node what is written down, and write down that it has it."""
        replies = self.submission.push([entry.raw for entry in entries])
        self.journal.mark_sent(
            entry.hash
            for entry, reply in zip(entries, replies, strict=True)
            if reply.outcome is Outcome.TAKEN
        )
        return replies

    def replace(self, entry: Entry) -> tuple[Entry, Reply] | None:
        """Sign a transaction again with a higher fee and send it; both stay tracked.

        Returns the new one and what the node said of it, None where the first one landed meanwhile.
        """
        transaction = parse(entry.raw)
        fee = self._fees.raised(transaction.fee, self.fee())
        raised = dataclasses.replace(transaction, fee=fee)
        rival = dataclasses.replace(
            self._entry(raised, entry.purpose, entry.intent, entry.run), replaces=entry.hash
        )
        try:
            self.journal.record([rival])
        except JournalConflict:
            return None
        (reply,) = self.push([rival])
        self.notify(
            Notice(
                code="transaction-replaced",
                fields={"transaction": f"0x{entry.hash.hex()}", "fee": str(fee.limit)},
            )
        )
        return rival, reply

    def refill(self, footing: Footing) -> None:
        """Fill holes in the nonces with empty transfers to oneself: nothing above one can land."""
        holes = footing.holes()
        if not holes:
            return
        call = Call(to=self.address, purpose=_FILLER)
        calls = [(f"{_FILLER}:{nonce}", call, _TRANSFER_GAS) for nonce in holes]
        self.push(self.sign(calls, footing, self.fee(), ""))
        for nonce in holes:
            self.notify(Notice(code="nonce-refilled", fields={"nonce": nonce}))

    def _entry(self, transaction: Transaction, purpose: str, intent: str, run: str) -> Entry:
        raw = self._signer.sign_transaction(transaction)
        return Entry(
            hash=hash_of(raw),
            chain=self.submission.chain(),
            account=self.address.raw,
            nonce=transaction.nonce,
            raw=raw,
            purpose=purpose,
            intent=intent,
            run=run,
        )
