"""Take calls from a queue into flight as there is room, and hand out outcomes in order."""

from __future__ import annotations

from collections import Counter, deque
from itertools import islice
from typing import TYPE_CHECKING, Final

from registry.chain.flights import TROUBLE, Flight, Flights, Wish
from registry.chain.recovery import PART
from registry.chain.submission import Outcome, Reply
from registry.chain.transactions import parse
from registry.errors import InsufficientFunds, JournalConflict, RegistryError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from registry.chain.calls import Call, Landed
    from registry.chain.entries import Entry
    from registry.chain.recovery import Footing
    from registry.chain.sender import Sender

_FEW: Final = 4


class Pipeline:
    """Carry out the calls of one `send_all`."""

    def __init__(self, sender: Sender, calls: Iterable[Call], run: str) -> None:
        """Take the calls; nothing is sent yet."""
        self._sender = sender
        self._calls = enumerate(calls)
        self._run = run
        self._keys: Counter[str] = Counter()
        self._queue: deque[Wish] = deque()
        self._order: deque[Wish] = deque()
        self._flights = Flights(sender, lambda wish: self._put_back([wish]))
        self._handed: list[bytes] = []
        self._batch = PART
        self._blocked = False

    def results(self) -> Generator[Landed, None, None]:
        """Yield what became of the calls, in their order."""
        try:
            while True:
                self._feed()
                yield from self._ready()
                if not self._order:
                    return
                self._claim()
                self._flights.watch()
        finally:
            self._claim()

    def follow_up(self, entries: Sequence[Entry]) -> None:
        """Wait until transactions that nobody asks for are done."""
        self._flights.met()
        for entry in entries:
            self._flights.add(Flight(wish=None, entry=entry, rivals=(entry,), resumed=True, cost=0))
        while self._flights:
            self._flights.watch()

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
        while not self._blocked and not self._flights.failed:
            room = self._sender.window - len(self._flights)
            if self._flights and room < self._batch:
                return
            wishes = self._take(min(self._batch, room))
            if not wishes:
                return
            try:
                self._submit(wishes)
            except TROUBLE as trouble:
                under_way = self._flights.wishes()
                self._put_back(wish for wish in wishes if wish not in under_way)
                self._flights.tolerate(trouble)
                return

    def _take(self, wanted: int) -> list[Wish]:
        taken = [self._queue.popleft() for _ in range(min(wanted, len(self._queue)))]
        for index, call in islice(self._calls, wanted - len(taken)):
            self._keys[call.key] += 1
            nth = self._keys[call.key]
            wish = Wish(index=index, call=call, intent=call.key + (f"#{nth}" if nth > 1 else ""))
            self._order.append(wish)
            taken.append(wish)
        return taken

    def _put_back(self, wishes: Iterable[Wish]) -> None:
        self._queue = deque(sorted([*wishes, *self._queue], key=lambda wish: wish.index))

    def _submit(self, wishes: Sequence[Wish]) -> None:
        """Find which wishes transactions stand for already, and sign and send for the others."""
        sender = self._sender
        with sender.locked():
            footing = sender.recovery.run(self._flights.hashes())
            self._flights.met()
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

    def _adopt(self, wish: Wish, entry: Entry) -> None:
        signed, call = parse(entry.raw), wish.call
        target = None if call.to is None else call.to.raw
        if (signed.to, signed.value, signed.data) != (target, call.value, call.data):
            raise JournalConflict(
                transaction=f"0x{entry.hash.hex()}",
                reason=f"intent {wish.intent} stands for another call",
            )
        self._flights.add(
            Flight(wish=wish, entry=entry, rivals=(entry,), resumed=True, cost=signed.cost)
        )

    def _launch(self, wishes: list[Wish], footing: Footing) -> None:
        sender = self._sender
        fee = sender.fee()
        limits, refusal = self._vetted(wishes, footing.standing.balance, fee.limit)
        good, rest = wishes[: len(limits)], wishes[len(limits) :]
        if rest:
            self._hold_back(rest, refusal, sent=len(good))
        else:
            self._batch = min(PART, self._batch * 2)
        pairs = list(zip(good, limits, strict=True))
        calls = [(wish.intent, wish.call, gas) for wish, gas in pairs]
        entries = sender.sign(calls, footing, fee, self._run)
        replies = sender.push(entries)
        for (wish, gas), entry, reply in zip(pairs, entries, replies, strict=True):
            self._take_off(wish, entry, reply, gas * fee.limit + wish.call.value)

    def _vetted(
        self, wishes: Sequence[Wish], balance: int, price: int
    ) -> tuple[list[int], RegistryError | None]:
        """Return the gas limits of the wishes before the first that is refused, and its error."""
        calm = not self._flights and len(wishes) <= _FEW
        calls = [wish.call for wish in wishes]
        simulation = self._sender.simulation
        answers = simulation.gas_limits(calls, "pending" if calm else "latest")
        budget = balance - self._flights.cost()
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

    def _hold_back(self, rest: list[Wish], refusal: RegistryError | None, *, sent: int) -> None:
        """Keep wishes until all before them have landed; with none before, the refusal is final."""
        self._put_back(rest)
        if sent or self._flights:
            self._blocked, self._batch = True, max(1, sent)
        else:
            rest[0].outcome, self._flights.failed = refusal, True

    def _take_off(self, wish: Wish, entry: Entry, reply: Reply, cost: int) -> None:
        if reply.outcome in (Outcome.REFUSED, Outcome.UNFUNDED):
            self._sender.journal.mark_lost([entry.hash])
            unfunded = self._unfunded(0, cost)
            wish.outcome = reply.refusal if reply.outcome is Outcome.REFUSED else unfunded
            self._flights.failed = True
            return
        flight = Flight(wish=wish, entry=entry, rivals=(entry,), resumed=False, cost=cost)
        flight.starved = reply.outcome is Outcome.UNDERPRICED
        if reply.outcome is Outcome.LATER:
            flight.looked = 0.0
        self._flights.add(flight)
