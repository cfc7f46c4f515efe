"""Follow transactions from the node's pool to their depth in the chain, and help them along."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.calls import Landed
from registry.chain.entries import INCLUDED, Entry, Status
from registry.chain.packed import PackedLogs
from registry.chain.receipts import Found
from registry.chain.submission import TROUBLE, Outcome, Standing
from registry.errors import (
    FeeTooHigh,
    NodeRefused,
    NonceConflict,
    ReceiptTimeout,
    RegistryError,
    UnexplainedRevert,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from registry.chain.calls import Call
    from registry.chain.sender import Sender

_BYTES_AT_A_TIME: Final = 1 << 14
"""Of so many bytes of large transactions the receipts are read at a time, of one at least."""
LARGE: Final = 1024
"""From so many bytes on a transaction is large; how many small ones wait is bounded otherwise."""

_FIRST_PAUSE: Final = 0.005
_LONGEST_PAUSE: Final = 0.3
_BLOCKS_BEFORE_BUMP: Final = 3
_MOST_BUMPS: Final = 12
_PASSED_OVER: Final = 2
_MOST_LOSSES: Final = 3
_KEPT: Final = 64


@dataclass(slots=True, kw_only=True, eq=False)
class Wish:
    """Hold a call in its place; `intent` tells it from equal ones in the same run."""

    index: int
    call: Call
    intent: str
    outcome: Landed | RegistryError | None = None
    losses: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Flight:
    """Follow a transaction; `rivals` are all that were signed for its nonce, it among them.

    `first` says when it was given to the node, `looked` when the node was last asked about it, both
    of the monotonic clock; `head` and `seen` at which block that was. `cost` is the most it takes,
    in wei.
    """

    wish: Wish | None
    entry: Entry
    rivals: tuple[Entry, ...]
    resumed: bool
    cost: int
    first: float = field(default_factory=time.monotonic)
    looked: float = field(default_factory=time.monotonic)
    head: int = 0
    seen: int = -1
    found: Found | None = None
    starved: bool = False
    bumps: int = 0
    passed_over: int = 0


class Flights:
    """Keep what is in flight; `lost` takes back the wish of what can never land.

    A wish whose flight ends has its outcome; `failed` says that one of them is an error, `together`
    how many landed at most between two looks.
    """

    def __init__(self, sender: Sender, lost: Callable[[Wish], None]) -> None:
        """Begin with nothing in flight."""
        self._sender = sender
        self._lost = lost
        self._flights: list[Flight] = []
        self._head = b""
        self._read = 0
        self._pause = 0.0
        self._progress = self._contact = time.monotonic()
        self._met = False
        self._stirred = -1
        self.failed = False
        self.together = 0

    def __len__(self) -> int:
        return len(self._flights)

    def add(self, flight: Flight) -> None:
        """Follow one more."""
        self._flights.append(flight)

    def refuse(self, flight: Flight, refusal: RegistryError | None) -> None:
        """End a flight that the node will not have, unless it has come to its end by itself."""
        if flight in self._flights:
            self._flights.remove(flight)
            if flight.wish is not None:
                flight.wish.outcome, self.failed = refusal, True

    def cost(self) -> int:
        """Return the most that those not yet in a block may take, in wei."""
        return sum(flight.cost for flight in self._flights if flight.found is None)

    def weight(self) -> int:
        """Return how many bytes the large ones have that are followed."""
        sizes = (len(flight.entry.raw) for flight in self._flights)
        return sum(size for size in sizes if size > LARGE)

    def hashes(self) -> set[bytes]:
        """Return which transactions are followed."""
        return {flight.entry.hash for flight in self._flights}

    def wishes(self) -> set[Wish]:
        """Return the wishes that are under way."""
        return {flight.wish for flight in self._flights if flight.wish is not None}

    def met(self) -> None:
        """Note that the node has answered: from now on its absence is borne for a while."""
        if not self._met:
            self.served()

    def served(self) -> None:
        """Note that it answered all that was asked: one that never answers some is not there."""
        self._met, self._contact = True, time.monotonic()

    def watch(self) -> None:
        """Look once at what became of the transactions in flight, and help along what waits."""
        if not self._flights:
            return
        time.sleep(self._pause)
        self._pause = min(max(self._pause * 1.5, _FIRST_PAUSE), _LONGEST_PAUSE)
        try:
            self._nudge(self.look())
            self.served()
        except (*TROUBLE, NodeRefused) as trouble:
            self.tolerate(trouble)
        self._give_up_after_timeout()

    def glance(self) -> None:
        """Look where there is a block that was not looked at; a refusal is left to `watch`."""
        with contextlib.suppress(NodeRefused):
            if self._sender.rpc.ask(wire.quantity, "eth_blockNumber") != self._read:
                self.look()

    def look(self) -> Standing:
        """Take out of flight what has come to its end; return where the account stands."""
        standing = self._sender.submission.standing()
        self.met()
        self._collect(standing)
        self._recheck(standing)
        self._conclude(standing)
        return standing

    def tolerate(self, trouble: RegistryError) -> None:
        """Bear with a node that is away for a while, once it has been there."""
        away = time.monotonic() - self._contact
        if not self._met or away > self._sender.patience.outage:
            raise trouble
        self._pause = _LONGEST_PAUSE
        if not self._flights:
            time.sleep(self._pause)

    def _advanced(self) -> None:
        self._progress, self._pause = time.monotonic(), 0.0

    def _collect(self, standing: Standing) -> None:
        """Fetch the receipts of those whose nonce is in a block, and write them down."""
        since, self._read = self._read, standing.head.number
        due = [
            flight
            for flight in self._flights
            if flight.found is None and flight.entry.nonce < standing.latest
        ]
        if not due:
            return
        owners = {rival.hash: (flight, rival) for flight in due for rival in flight.rivals}
        blocks = range(since + 1, standing.head.number + 1) if since else ()
        found = self._receipts({one: rival for one, (_, rival) in owners.items()}, blocks)
        if found:
            self._settle(found)
            for one, receipt in found.items():
                flight, rival = owners[one]
                flight.entry, flight.found = rival, receipt
            self.together = max(self.together, len(found))
            self._advanced()
        missing = [flight for flight in due if flight.found is None]
        if missing:
            self._look_after(min(missing, key=lambda flight: flight.entry.nonce), standing)

    def _receipts(
        self, entries: Mapping[bytes, Entry], blocks: Sequence[int]
    ) -> dict[bytes, Found]:
        """Fetch receipts; those of large transactions, large themselves, a few at a time."""
        ask = self._sender.submission.receipts
        small = [one for one, entry in entries.items() if len(entry.raw) <= LARGE]
        found = ask(small, blocks) if small else {}
        for large in _parts([entry for entry in entries.values() if len(entry.raw) > LARGE]):
            for one, receipt in ask(large).items():
                found[one] = replace(receipt, logs=PackedLogs(receipt.logs))
        return found

    def _settle(self, found: dict[bytes, Found]) -> None:
        self._sender.journal.settle({one: receipt.inclusion for one, receipt in found.items()})

    def _look_after(self, flight: Flight, standing: Standing) -> None:
        """Find out why a nonce is in a block, and the transaction signed for it is not."""
        journal, entry = self._sender.journal, flight.entry
        self._sender.recovery.settle_missing(entry, standing)
        rivals = journal.rivals(entry.chain, entry.account, entry.nonce)
        included = next((rival for rival in rivals if rival.status in INCLUDED), None)
        if included is not None and included.intent == entry.intent:
            flight.rivals = rivals
        elif included is not None or all(rival.status is Status.LOST for rival in rivals):
            self._lose(flight)

    def _lose(self, flight: Flight) -> None:
        """Wish again for what can never land, unless it keeps happening."""
        self._flights.remove(flight)
        wish = flight.wish
        if wish is None:
            return
        wish.losses += 1
        if wish.losses < _MOST_LOSSES:
            self._lost(wish)
            return
        wish.outcome, self.failed = self._conflict(flight.entry), True

    def _conflict(self, entry: Entry) -> NonceConflict:
        return NonceConflict(
            address=str(self._sender.address),
            nonce=entry.nonce,
            transaction=f"0x{entry.hash.hex()}",
        )

    def _recheck(self, standing: Standing) -> None:
        """See, at each new block, that the blocks of what waits for confirmations are still there.

        Receipts are asked for again where one is not: what was in it may be in another.
        """
        if standing.head.hash == self._head:
            return
        self._head = standing.head.hash
        if self._sender.confirmations <= 1 or not any(flight.found for flight in self._flights):
            return
        self._progress = time.monotonic()
        landed = self._displaced()
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

    def _displaced(self) -> dict[bytes, Flight]:
        """Return, by hash, what landed in a block that has another hash by now, or none."""
        places = [(flight, flight.found.inclusion) for flight in self._flights if flight.found]
        numbers = sorted({place.block for _, place in places})
        present = dict(zip(numbers, self._sender.submission.block_hashes(numbers), strict=True))
        return {
            flight.entry.hash: flight
            for flight, place in places
            if present[place.block] != place.block_hash
        }

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
                self._end(flight.wish, flight, found)
        self._flights = remaining

    def _end(self, wish: Wish, flight: Flight, found: Found) -> None:
        if not found.inclusion.succeeded:
            error = self._sender.simulation.explain(flight.entry, found.inclusion)
            if _ran_dry(error) and wish.call.gas is None and wish.losses < _MOST_LOSSES:
                # Its limit was estimated too low: what stood before it changed its cost.
                wish.losses += 1
                self._lost(wish)
                return
            wish.outcome, self.failed = error, True
            return
        wish.outcome = _landed(flight, found)

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
            self._look_again(lowest, standing)
            for flight in waiting:
                flight.looked = time.monotonic()

    def _look_again(self, lowest: Flight, standing: Standing) -> None:
        """Send again what the node lacks, and notice what it has and passes over.

        A pool may hold a transaction as if one before it were missing, though none is. It says that
        it knows it, does not count it and never mines it; only a replacement gets it going. So it
        is, too, with what had no room in the last block of a chain that makes blocks only when
        transactions come: the pool counts it, and no block follows.
        """
        asked = int(time.time())
        with self._sender.locked():
            self._sender.refill(self._sender.recovery.run())
        row = self._sender.journal.get(lowest.entry.hash)
        held = row is not None and row.status is Status.SENT and (row.sent_at or 0) >= asked
        head, counted = standing.head.number, lowest.entry.nonce < standing.pending
        # Once for each block, lest fees climb on a chain that has halted.
        left_over = counted and head == lowest.seen and head != self._stirred
        lowest.seen = head
        if left_over or (held and lowest.entry.nonce == standing.pending):
            lowest.passed_over += 1
            lowest.starved = lowest.passed_over > _PASSED_OVER
            self._stirred = head if lowest.starved else self._stirred
        else:
            lowest.passed_over = 0

    def _bump(self, flight: Flight) -> None:
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
        flight.first, flight.head, flight.passed_over = time.monotonic(), 0, 0
        flight.looked = time.monotonic()

    def _give_up_after_timeout(self) -> None:
        timeout = self._sender.patience.timeout
        if self._flights and time.monotonic() - self._progress > timeout:
            lowest = min(self._flights, key=lambda flight: flight.entry.nonce)
            raise ReceiptTimeout(transaction=f"0x{lowest.entry.hash.hex()}", seconds=int(timeout))


def _parts(entries: Sequence[Entry]) -> Iterator[list[bytes]]:
    """Yield the hashes of large transactions, few enough at a time to hold what they came to."""
    part: list[bytes] = []
    size = 0
    for entry in entries:
        if part and size + len(entry.raw) > _BYTES_AT_A_TIME:
            yield part
            part, size = [], 0
        part.append(entry.hash)
        size += len(entry.raw)
    if part:
        yield part


def _ran_dry(error: RegistryError) -> bool:
    """Tell whether a transaction failed for want of gas; a call keeps back a 64th at each depth."""
    return isinstance(error, UnexplainedRevert) and error.gas_used * _KEPT > error.gas_limit * (
        _KEPT - 2
    )


def _landed(flight: Flight, found: Found) -> Landed:
    inclusion, entry = found.inclusion, flight.entry
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
