"""Take calls from a queue into flight as there is room, and hand out outcomes in order."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from registry.chain.calls import Notice
from registry.chain.entries import Status
from registry.chain.flights import LARGE, Flight, Flights, Wish
from registry.chain.occurrences import Occurrences
from registry.chain.recovery import PART
from registry.chain.submission import TROUBLE, Outcome, Reply
from registry.chain.transactions import parse
from registry.errors import ContractRevert, InsufficientFunds, JournalConflict, RegistryError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from registry.chain.calls import Call, Landed
    from registry.chain.entries import Entry
    from registry.chain.recovery import Footing
    from registry.chain.sender import Sender
    from registry.chain.submission import Standing, Submission
    from registry.chain.transactions import Fee

_FEW: Final = 4
_MOST: Final = 200
"""How many calls are tried out and given to the node at a time."""
_PART_BYTES: Final = 1 << 17
"""And how much calldata: nodes limit what they take."""
_WINDOW_BYTES: Final = 1 << 19
"""How much of large ones may be in flight, or landed and not handed out: receipts take far more."""
_FIRST_WINDOW: Final = 800
_NAMED: Final = 3
"""How many transactions of earlier runs are told by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """Say what a run found: `unfinished` are earlier transactions, `passed` as of the journal."""

    unfinished: tuple[Entry, ...]
    passed: int


class Pipeline:
    """Carry out the calls of one `send_all`."""

    def __init__(
        self, sender: Sender, calls: Iterable[Call | None], run: str, *, claims: bool = True
    ) -> None:
        """Take the calls; nothing is sent yet.

        None among them stands for one that is still to come. Without `claims` whoever takes the
        outcomes writes down that they were handed over.
        """
        self._sender = sender
        self._calls = enumerate(calls)
        self._run = run
        self._keys = Occurrences()
        self._claims = claims
        self._exhausted = self._halted = False
        self._queue: deque[Wish] = deque()
        self._order: deque[Wish] = deque()
        self._flights = Flights(sender, lambda wish: self._put_back([wish]))
        self._pushes = _Pushes(sender, self._take_off)
        self._handed: list[bytes] = []
        self._adopted: list[Entry] = []
        self._adoptions = 0
        self._past: _Past | None = None
        self._balance = 0
        self._batch = PART
        self._blocked = False
        self._window = min(sender.window, _FIRST_WINDOW)

    def results(self) -> Generator[Landed, None, None]:
        """Yield what became of the calls, in their order."""
        try:
            while not self._halted:
                self._feed()
                yield from self._ready()
                if self._exhausted and not self._order:
                    return
                self._claim()
                self._flights.watch()
        finally:
            self._claim()
            self._tell()

    def halt(self) -> None:
        """Send and follow no more, as soon as may be; called from another thread."""
        self._halted = True

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
        if self._handed and self._claims:
            self._sender.journal.claim(self._handed)
        self._handed = []

    def _tell(self) -> None:
        """Tell which transactions of earlier runs stand for what was asked, or landed meanwhile."""
        journal = self._sender.journal
        left = () if self._past is None else self._past.unfinished
        later = (journal.get(entry.hash) for entry in left)
        landed = [one for one in later if one and one.status is Status.LANDED and not one.claimed]
        adopted = ("adopted", self._adopted, self._adoptions)
        for code, found, count in (adopted, ("finished", landed, len(landed))):
            if found:
                named = ", ".join(f"{one.purpose} 0x{one.hash.hex()}" for one in found[:_NAMED])
                fields: dict[str, str | int] = {"count": count, "named": named}
                self._sender.notify(Notice(code=f"transactions-{code}", fields=fields))

    # ---- sending -------------------------------------------------------------------------------

    def _look_back(self) -> _Past:
        """Return how the account stood before the first of these calls."""
        if self._past is None:
            chain, account = self._sender.submission.chain(), self._sender.address.raw
            journal = self._sender.journal
            self._past = _Past(
                unfinished=journal.unfinished(chain, account),
                passed=journal.passed(chain, account),
            )
        return self._past

    def _feed(self) -> None:
        """Fill the window; the key is held meanwhile, so that nobody else chooses nonces."""
        if self._blocked and self._flights:
            return
        self._blocked = False
        wishes = self._take(self._room())
        if not wishes:
            return
        sender = self._sender
        try:
            with sender.locked(), self._pushes:
                self._look_back()
                footing = sender.recovery.run(self._flights.hashes())
                self._flights.met()
                fee, left = sender.fee(), self._window
                while wishes:
                    footing = self._submit(wishes, footing, fee)
                    left -= len(wishes)
                    # They are under way, whatever happens from here on.
                    wishes = []
                    self._flights.glance()
                    wishes = self._take(min(self._room(), left))
            self._flights.served()
        except TROUBLE as trouble:
            under_way = self._flights.wishes()
            self._put_back(wish for wish in wishes if wish not in under_way)
            self._flights.tolerate(trouble)

    def _room(self) -> int:
        """Return how many calls may be taken now; few are not worth a round trip of their own."""
        if 4 * self._flights.together > 3 * self._window:
            # Blocks take all that waits: more may wait for the next one.
            self._window = min(self._sender.window, 2 * self._window)
        room = self._window - len(self._flights)
        if self._blocked or self._flights.failed or (self._flights and room < self._batch):
            return 0
        if self._flights.weight() + self._held() > _WINDOW_BYTES:
            return 0
        return min(self._batch, room)

    def _held(self) -> int:
        """Return how many bytes large calls have that have landed and wait to be handed out."""
        ended = (len(wish.call.data) for wish in self._order if wish.outcome is not None)
        return sum(size for size in ended if size > LARGE)

    def _take(self, wanted: int) -> list[Wish]:
        taken: list[Wish] = []
        size = 0
        while len(taken) < wanted and size < _PART_BYTES:
            wish = self._queue.popleft() if self._queue else self._next()
            if wish is None:
                break
            size += len(wish.call.data)
            taken.append(wish)
        return taken

    def _next(self) -> Wish | None:
        """Return the next call as a wish, in its place among those to hand out."""
        index, call = next(self._calls, (-1, None))
        self._exhausted = index < 0
        if call is None:
            return None
        nth = self._keys.count(call.key)
        wish = Wish(index=index, call=call, intent=call.key + (f"#{nth}" if nth > 1 else ""))
        self._order.append(wish)
        return wish

    def _put_back(self, wishes: Iterable[Wish]) -> None:
        self._queue = deque(sorted([*wishes, *self._queue], key=lambda wish: wish.index))

    def _submit(self, wishes: Sequence[Wish], footing: Footing, fee: Fee) -> Footing:
        """Find which wishes transactions stand for already, and sign and send for the others."""
        sender = self._sender
        known = sender.journal.find(
            sender.submission.chain(),
            sender.address.raw,
            [wish.intent for wish in wishes],
            run=self._run,
            passed=self._look_back().passed,
        )
        for wish in wishes:
            if wish.intent in known:
                self._adopt(wish, known[wish.intent])
        fresh = [wish for wish in wishes if wish.intent not in known]
        return self._launch(fresh, footing, fee) if fresh else footing

    def _adopt(self, wish: Wish, entry: Entry) -> None:
        signed = parse(entry.raw)
        if not wish.call.stands(signed.to, signed.value, signed.data):
            raise JournalConflict(
                transaction=f"0x{entry.hash.hex()}",
                reason=f"intent {wish.intent} stands for another call",
            )
        self._adoptions += 1
        if len(self._adopted) < _NAMED:
            self._adopted.append(entry)
        self._flights.add(
            Flight(wish=wish, entry=entry, rivals=(entry,), resumed=True, cost=signed.cost)
        )

    def _launch(self, wishes: list[Wish], footing: Footing, fee: Fee) -> Footing:
        self._balance = footing.standing.balance
        limits, refusal = self._vetted(wishes, footing.standing.balance, fee.limit)
        if refusal is not None and not limits and not self._flights:
            refusal = self._confirmed(wishes[0].call, refusal, footing.standing)
        good, rest = wishes[: len(limits)], wishes[len(limits) :]
        if rest:
            self._hold_back(rest, refusal, sent=len(good))
        else:
            self._batch = min(_MOST, self._batch * 2)
        calls = [(wish.intent, wish.call, gas) for wish, gas in zip(good, limits, strict=True)]
        entries = self._sender.sign(calls, footing, fee, self._run)
        flights = []
        for (_, call, gas), wish, entry in zip(calls, good, entries, strict=True):
            cost = gas * fee.limit + call.value
            flights.append(
                Flight(wish=wish, entry=entry, rivals=(entry,), resumed=False, cost=cost)
            )
            self._flights.add(flights[-1])
        self._pushes.begin(flights, background=self._room() > 0)
        return footing.with_taken(entry.nonce for entry in entries)

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

    def _confirmed(self, call: Call, refusal: RegistryError, standing: Standing) -> RegistryError:
        """Return a refusal that is to be final, once a node gives it that has what we know of.

        Raises NodeAnswerMalformed, which is borne with for a while, where none does.
        """
        sender = self._sender
        chain, account = sender.submission.chain(), sender.address.raw
        included = sender.journal.latest_included(chain, account, 1)
        last = max((one.inclusion.block for one in included if one.inclusion), default=0)
        sender.simulation.require(last, standing.head.number)
        if not isinstance(refusal, ContractRevert):
            return refusal
        confirmed = sender.simulation.confirm(call, standing.head.number)
        if confirmed is None:
            raise sender.rpc.malformed("eth_estimateGas", "a refusal of what passes")
        return confirmed

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

    def _take_off(self, flight: Flight, reply: Reply) -> None:
        """Note what the node said of a transaction that it was given."""
        flight.starved = reply.outcome is Outcome.UNDERPRICED
        if reply.outcome is Outcome.LATER:
            flight.looked = 0.0
        if reply.outcome in (Outcome.REFUSED, Outcome.UNFUNDED):
            self._sender.journal.mark_lost([flight.entry.hash])
            unfunded = self._unfunded(self._balance, self._flights.cost())
            refusal = reply.refusal if reply.outcome is Outcome.REFUSED else unfunded
            self._flights.refuse(flight, refusal)


class _Push:
    """Give one batch to the node, in a thread of its own."""

    def __init__(self, submission: Submission, flights: list[Flight]) -> None:
        """Take the batch; nothing is given yet."""
        self._submission = submission
        self.flights = flights
        self._replies: list[Reply] | BaseException = []
        self._arrived = threading.Event()

    def run(self) -> None:
        """Give it, and keep what comes of it for who waits."""
        try:
            self._replies = self._submission.push([one.entry.raw for one in self.flights])
        except BaseException as error:  # noqa: BLE001 (raised where it is waited for)
            self._replies = error
        finally:
            self._arrived.set()

    def wait(self) -> None:
        """Wait for the node, again where an interruption broke it off.

        `Thread.join` would not: of a join that was interrupted CPython takes the thread for ended.
        """
        self._arrived.wait()

    def replies(self) -> list[Reply]:
        """Return what the node said of each, or raise what came instead."""
        if isinstance(self._replies, BaseException):
            raise self._replies
        return self._replies


class _Pushes:
    """Give transactions to the node, while the next ones are tried out and signed.

    One batch at a time, so that they arrive in the order of their nonces. Leaving the context waits
    for the last one, and writes down what the node has and no block has yet. Until then nobody else
    asks: the key is held. After a crash amid it the node is given the same bytes again.
    """

    def __init__(self, sender: Sender, replied: Callable[[Flight, Reply], None]) -> None:
        """Name who sends, and who is told each reply."""
        self._sender = sender
        self._replied = replied
        self._push: _Push | None = None
        self._taken: list[Flight] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._wait()
        finally:
            taken, self._taken = self._taken, []
            self._sender.journal.mark_sent(one.entry.hash for one in taken if one.found is None)

    def begin(self, flights: list[Flight], *, background: bool) -> None:
        """Give a batch to the node once the one before has arrived."""
        self._wait()
        push = _Push(self._sender.submission, flights)
        thread = threading.Thread(target=push.run)
        try:
            thread.start()
        finally:
            # Interrupted in its start it may run all the same.
            if thread.ident is not None:
                self._push = push
        if not background:
            self._wait()

    def _wait(self) -> None:
        if self._push is None:
            return
        self._push.wait()
        push, self._push = self._push, None
        for flight, reply in zip(push.flights, push.replies(), strict=True):
            if reply.outcome is Outcome.TAKEN:
                self._taken.append(flight)
            self._replied(flight, reply)
