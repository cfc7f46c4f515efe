"""Keep many transactions of one account in flight, and hand out what became of them in order.

A call is a `_Wish` while it waits in the queue, and a `_Flight` once a transaction stands for it.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from registry.chain.calls import Landed
from registry.chain.entries import INCLUDED, Entry, Status
from registry.chain.recovery import PART
from registry.chain.submission import Found, Outcome, Reply, Standing
from registry.chain.transactions import parse
from registry.errors import (
    FeeTooHigh,
    InsufficientFunds,
    JournalConflict,
    NodeAnswerMalformed,
    NodeBusy,
    NodeUnreachable,
    NonceConflict,
    ReceiptTimeout,
    RegistryError,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from registry.chain.calls import Call
    from registry.chain.recovery import Footing
    from registry.chain.sender import Sender

_FEW: Final = 4
_FIRST_PAUSE: Final = 0.005
_LONGEST_PAUSE: Final = 0.3
_BLOCKS_BEFORE_BUMP: Final = 3
_MOST_BUMPS: Final = 12
_MOST_LOSSES: Final = 3
_TROUBLE: Final = (NodeUnreachable, NodeBusy, NodeAnswerMalformed)


@dataclass(slots=True, kw_only=True, eq=False)
class _Wish:
    """Hold a call in its place; `intent` tells it from equal ones in the same run."""

    index: int
    call: Call
    intent: str
    outcome: Landed | RegistryError | None = None
    losses: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class _Flight:
    """Follow a transaction; `rivals` are all that were signed for its nonce, it among them.

    `first` says when it was given to the node, `looked` when the node was last asked about it, both
    of the monotonic clock; `head` at which block that was.
    """

    wish: _Wish | None
    entry: Entry
    rivals: tuple[Entry, ...]
    resumed: bool
    first: float
    looked: float
    head: int
    found: Found | None = None
    starved: bool = False
    bumps: int = 0


class Pipeline:
    """Carry out the calls of one `send_all`."""

    def __init__(self, sender: Sender, calls: Iterable[Call], run: str) -> None:
        """Take the calls; nothing is sent yet."""
        self._sender = sender
        self._calls = enumerate(calls)
        self._run = run
        self._keys: Counter[str] = Counter()
        self._queue: deque[_Wish] = deque()
        self._order: deque[_Wish] = deque()
        self._flights: list[_Flight] = []
        self._handed: list[bytes] = []
        self._batch = PART
        self._blocked = self._stopped = False
        self._head = b""
        self._pause = 0.0
        self._progress = self._contact = time.monotonic()
        self._spoken = False

    def results(self) -> Generator[Landed, None, None]:
        """Yield what became of the calls, in their order."""
        try:
            while True:
                self._feed()
                yield from self._ready()
                if not self._order:
                    return
                self._watch()
        finally:
            self._claim()

    def follow_up(self, entries: Sequence[Entry]) -> None:
        """Wait until transactions that nobody asks for are done."""
        self._spoken = True
        self._flights = [self._flight(None, entry, resumed=True) for entry in entries]
        while self._flights:
            self._watch()

    # ---- handing out ---------------------------------------------------------------------------

    def _ready(self) -> Iterator[Landed]:
        while self._order and self._order[0].outcome is not None:
            outcome = self._order.popleft().outcome
            if isinstance(outcome, RegistryError):
                raise outcome
            assert outcome is not None  # noqa: S101 (the loop's condition)
            self._handed.append(outcome.transaction)
            yield outcome

    def _claim(self) -> None:
        """Write down what was handed out: from now on its intents are new wishes.

        Written after the caller went on, not before: a crash in between must not lose an outcome.
        """
        if self._handed:
            self._sender.journal.claim(self._handed)
            self._handed = []

    # ---- sending -------------------------------------------------------------------------------

    def _feed(self) -> None:
        if self._blocked and self._flights:
            return
        self._blocked = False
        while not self._blocked and not self._stopped:
            room = self._sender.window - len(self._flights)
            if self._flights and room < self._batch:
                return
            wishes = self._take(min(self._batch, room))
            if not wishes:
                return
            try:
                self._submit(wishes)
            except _TROUBLE as trouble:
                under_way = {flight.wish for flight in self._flights}
                self._put_back([wish for wish in wishes if wish not in under_way])
                self._tolerate(trouble)
                return

    def _take(self, wanted: int) -> list[_Wish]:
        taken = [self._queue.popleft() for _ in range(min(wanted, len(self._queue)))]
        for index, call in islice(self._calls, wanted - len(taken)):
            self._keys[call.key] += 1
            nth = self._keys[call.key]
            wish = _Wish(index=index, call=call, intent=call.key + (f"#{nth}" if nth > 1 else ""))
            self._order.append(wish)
            taken.append(wish)
        return taken

    def _put_back(self, wishes: Iterable[_Wish]) -> None:
        self._queue = deque(sorted([*wishes, *self._queue], key=lambda wish: wish.index))

    def _submit(self, wishes: Sequence[_Wish]) -> None:
        """Find which wishes transactions stand for already, and sign and send for the others."""
        sender = self._sender
        with sender.locked():
            footing = sender.recovery.run()
            self._spoken, self._contact = True, time.monotonic()
            known = sender.journal.find(
                sender.submission.chain(),
                sender.address.raw,
                [wish.intent for wish in wishes],
                run=self._run,
            )
            for wish in wishes:
                if wish.intent in known:
                    self._adopt(wish, known[wish.intent])
            fresh = [wish for wish in wishes if wish.intent not in known]
            if fresh:
                self._launch(fresh, footing)

    def _adopt(self, wish: _Wish, entry: Entry) -> None:
        signed, call = parse(entry.raw), wish.call
        target = None if call.to is None else call.to.raw
        if (signed.to, signed.value, signed.data) != (target, call.value, call.data):
            raise JournalConflict(
                transaction=f"0x{entry.hash.hex()}",
                reason=f"intent {wish.intent} stands for another call",
            )
        self._flights.append(self._flight(wish, entry, resumed=True))

    def _launch(self, wishes: list[_Wish], footing: Footing) -> None:
        sender = self._sender
        fee = sender.fee()
        limits, refusal = self._vetted(wishes, footing.standing.balance, fee.limit)
        good, rest = wishes[: len(limits)], wishes[len(limits) :]
        if rest:
            self._hold_back(rest, refusal, sent=len(good))
        else:
            self._batch = min(PART, self._batch * 2)
        if good:
            calls = [(wish.intent, wish.call, gas) for wish, gas in zip(good, limits, strict=True)]
            entries = sender.sign(calls, footing, fee, self._run)
            self._take_off(good, entries, sender.push(entries))

    def _vetted(
        self, wishes: Sequence[_Wish], balance: int, price: int
    ) -> tuple[list[int], RegistryError | None]:
        """Return the gas limits of the wishes before the first that is refused, and its error."""
        calm = not self._flights and len(wishes) <= _FEW
        calls = [wish.call for wish in wishes]
        simulation = self._sender.simulation
        answers = simulation.gas_limits(calls, "pending" if calm else "latest")
        budget = balance - sum(_cost(flight, price) for flight in self._flights)
        limits: list[int] = []
        for call, answer in zip(calls, answers, strict=True):
            limit = answer
            if isinstance(limit, RegistryError) and not calm:
                # What waits in the pool may be what it builds on.
                (limit,) = simulation.gas_limits([call], "pending")
            if isinstance(limit, RegistryError):
                return limits, limit
            cost = limit * price + call.value
            if cost > budget:
                return limits, self._unfunded(budget, cost)
            budget -= cost
            limits.append(limit)
        return limits, None

    def _unfunded(self, balance: int, needed: int) -> InsufficientFunds:
        address = str(self._sender.address)
        return InsufficientFunds(address=address, balance=str(max(0, balance)), needed=str(needed))

    def _hold_back(self, rest: list[_Wish], refusal: RegistryError | None, *, sent: int) -> None:
        """Keep wishes until all before them have landed; with none before, the refusal is final."""
        self._put_back(rest)
        if sent or self._flights:
            self._blocked, self._batch = True, max(1, sent)
        else:
            rest[0].outcome, self._stopped = refusal, True

    def _take_off(
        self, wishes: Sequence[_Wish], entries: Sequence[Entry], replies: Sequence[Reply]
    ) -> None:
        for wish, entry, reply in zip(wishes, entries, replies, strict=True):
            if reply.outcome in (Outcome.REFUSED, Outcome.UNFUNDED):
                self._sender.journal.mark_lost([entry.hash])
                transaction = parse(entry.raw)
                needed = transaction.gas * transaction.fee.limit + transaction.value
                unfunded = self._unfunded(0, needed)
                wish.outcome = reply.refusal if reply.outcome is Outcome.REFUSED else unfunded
                self._stopped = True
                continue
            flight = self._flight(wish, entry, resumed=False)
            flight.starved = reply.outcome is Outcome.UNDERPRICED
            if reply.outcome is Outcome.LATER:
                flight.looked = 0.0
            self._flights.append(flight)

    def _flight(self, wish: _Wish | None, entry: Entry, *, resumed: bool) -> _Flight:
        now = time.monotonic()
        return _Flight(
            wish=wish,
            entry=entry,
            rivals=(entry,),
            resumed=resumed,
            first=now,
            looked=now,
            head=0,
        )

    # ---- following -----------------------------------------------------------------------------

    def _watch(self) -> None:
        """Look once at what became of the transactions in flight."""
        self._claim()
        if not self._flights:
            return
        time.sleep(self._pause)
        self._pause = min(max(self._pause * 1.5, _FIRST_PAUSE), _LONGEST_PAUSE)
        try:
            standing = self._sender.submission.standing()
            self._contact = time.monotonic()
            self._collect(standing)
            self._recheck(standing)
            self._conclude(standing)
            self._nudge(standing)
        except _TROUBLE as trouble:
            self._tolerate(trouble)
        self._give_up_after_timeout()

    def _tolerate(self, trouble: RegistryError) -> None:
        """Bear with a node that is away for a while, once it has been there."""
        away = time.monotonic() - self._contact
        if not self._spoken or away > self._sender.patience.outage:
            raise trouble
        self._pause = _LONGEST_PAUSE
        if not self._flights:
            time.sleep(self._pause)

    def _advanced(self) -> None:
        self._progress, self._pause = time.monotonic(), 0.0

    def _collect(self, standing: Standing) -> None:
        """Fetch the receipts of those whose nonce is in a block, and write them down."""
        due = [
            flight
            for flight in self._flights
            if flight.found is None and flight.entry.nonce < standing.latest
        ]
        if not due:
            return
        owners = {rival.hash: (flight, rival) for flight in due for rival in flight.rivals}
        found = self._sender.submission.receipts(list(owners))
        if found:
            self._settle(found)
            for one, receipt in found.items():
                flight, rival = owners[one]
                flight.entry, flight.found = rival, receipt
            self._advanced()
        missing = [flight for flight in due if flight.found is None]
        if missing:
            self._look_after(min(missing, key=lambda flight: flight.entry.nonce), standing)

    def _settle(self, found: dict[bytes, Found]) -> None:
        self._sender.journal.settle({one: receipt.inclusion for one, receipt in found.items()})

    def _look_after(self, flight: _Flight, standing: Standing) -> None:
        """Find out why a nonce is in a block, and the transaction signed for it is not."""
        journal, entry = self._sender.journal, flight.entry
        self._sender.recovery.settle_missing(entry, standing)
        rivals = journal.rivals(entry.chain, entry.account, entry.nonce)
        included = next((rival for rival in rivals if rival.status in INCLUDED), None)
        if included is not None and included.intent == entry.intent:
            flight.rivals = rivals
        elif included is not None or all(rival.status is Status.LOST for rival in rivals):
            self._lose(flight)

    def _lose(self, flight: _Flight) -> None:
        """Wish again for what can never land, unless it keeps happening."""
        self._flights.remove(flight)
        wish = flight.wish
        if wish is None:
            return
        wish.losses += 1
        if wish.losses < _MOST_LOSSES:
            self._put_back([wish])
            return
        wish.outcome, self._stopped = self._conflict(flight.entry), True

    def _conflict(self, entry: Entry) -> NonceConflict:
        return NonceConflict(
            address=str(self._sender.address),
            nonce=entry.nonce,
            transaction=f"0x{entry.hash.hex()}",
        )

    def _recheck(self, standing: Standing) -> None:
        """Ask again, at each new block, for receipts that wait for confirmations."""
        if standing.head.hash == self._head:
            return
        self._head = standing.head.hash
        landed = {flight.entry.hash: flight for flight in self._flights if flight.found}
        if not landed or self._sender.confirmations <= 1:
            return
        self._progress = time.monotonic()
        found = self._sender.submission.receipts(list(landed))
        moved = {one: receipt for one, receipt in found.items() if receipt != landed[one].found}
        if moved:
            self._settle(moved)
        gone = [one for one in landed if one not in found]
        if gone:
            self._sender.journal.mark_vanished(gone)
        for one, flight in landed.items():
            flight.found = found.get(one)
            if flight.found is None:
                flight.looked = 0.0

    def _conclude(self, standing: Standing) -> None:
        """Take out of flight what is deep enough in the chain."""
        remaining = []
        for flight in self._flights:
            found = flight.found
            if found is None or (
                standing.head.number - found.inclusion.block + 1 < self._sender.confirmations
            ):
                remaining.append(flight)
            elif flight.wish is not None:
                flight.wish.outcome = self._outcome(flight, found)
        self._flights = remaining

    def _outcome(self, flight: _Flight, found: Found) -> Landed | RegistryError:
        inclusion, entry = found.inclusion, flight.entry
        if not inclusion.succeeded:
            self._stopped = True
            return self._sender.simulation.explain(entry, inclusion)
        return Landed(
            intent=entry.intent,
            transaction=entry.hash,
            nonce=entry.nonce,
            block=inclusion.block,
            block_hash=inclusion.block_hash,
            index=inclusion.index,
            time=inclusion.time,
            gas_used=inclusion.gas_used,
            contract=found.contract,
            logs=found.logs,
            resumed=flight.resumed,
        )

    # ---- helping along -------------------------------------------------------------------------

    def _nudge(self, standing: Standing) -> None:
        """See to the lowest nonce that waits: all others wait for it."""
        waiting = [flight for flight in self._flights if flight.found is None]
        if not waiting:
            return
        lowest = min(waiting, key=lambda flight: flight.entry.nonce)
        lowest.head = lowest.head or standing.head.number
        now, patience = time.monotonic(), self._sender.patience
        stuck = (
            now - lowest.first > patience.bump
            and standing.head.number - lowest.head >= _BLOCKS_BEFORE_BUMP
        )
        if (stuck or lowest.starved) and lowest.bumps < _MOST_BUMPS:
            if lowest.entry.nonce >= standing.latest:
                self._bump(lowest)
        elif now - lowest.looked > patience.resend:
            with self._sender.locked():
                self._sender.refill(self._sender.recovery.run())
            for flight in waiting:
                flight.looked = time.monotonic()

    def _bump(self, flight: _Flight) -> None:
        flight.bumps += 1
        try:
            with self._sender.locked():
                rival = self._sender.replace(flight.entry)
        except FeeTooHigh:
            flight.bumps = _MOST_BUMPS
            return
        if rival is None:
            return
        flight.entry, reply = rival
        flight.rivals = (*flight.rivals, flight.entry)
        flight.starved = reply.outcome is Outcome.UNDERPRICED
        flight.first, flight.head = time.monotonic(), 0

    def _give_up_after_timeout(self) -> None:
        timeout = self._sender.patience.timeout
        if self._flights and time.monotonic() - self._progress > timeout:
            lowest = min(self._flights, key=lambda flight: flight.entry.nonce)
            shown = f"0x{lowest.entry.hash.hex()}"
            raise ReceiptTimeout(transaction=shown, seconds=int(timeout))


def _cost(flight: _Flight, price: int) -> int:
    """Return the most that a flight not yet in a block may still cost."""
    if flight.found is not None:
        return 0
    transaction = parse(flight.entry.raw)
    return transaction.gas * price + transaction.value
