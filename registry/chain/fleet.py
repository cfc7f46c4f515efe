"""Send with several keys at once, each with its own nonces, and hand out outcomes in order.

Calls are dealt by their intents: the same call always falls to the same key, so that the list,
started again after a crash with the same keys, finds in the journal what stands for it already.
Each key has a thread with a pipeline of its own, which draws from the list what is dealt to it.
"""

from __future__ import annotations

import threading
import zlib
from collections import deque
from typing import TYPE_CHECKING, Final

from registry.chain.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from registry.chain.calls import Call, Landed
    from registry.chain.sender import Sender

_AHEAD: Final = 2_000
"""How many calls of each key are drawn from the list before the outcomes of earlier ones."""
_IDLE: Final = 0.02


class Fleet:
    """Send with the keys of several senders that share a journal, such as agents of one party."""

    def __init__(self, senders: Sequence[Sender]) -> None:
        """Take the senders, each of another account."""
        if not senders or len({sender.address for sender in senders}) != len(senders):
            raise ValueError("a fleet is of one or more senders, each of another account")
        self._senders = tuple(senders)

    def send_all(self, calls: Iterable[Call], *, run: str = "") -> Generator[Landed, None, None]:
        """Send calls that do not build on one another; yield what became of them in their order.

        As `Sender.send_all`, except for what is refused: its error is raised once all before it
        have landed, and by then calls after it may have been sent with other keys, and land.
        """
        return _Deal(self._senders, calls, run).results()


class _Lane:
    """Hold what one key is dealt, and what became of it.

    `dealt` are calls that its pipeline has not drawn yet, `under_way` counts those that it has,
    `done` are outcomes in their order, and `error` is what ended it after them.
    """

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.dealt: deque[Call] = deque()
        self.done: deque[Landed] = deque()
        self.under_way = 0
        self.error: Exception | None = None
        self._handed: dict[int, bytes] = {}
        self._next = -1

    def hand_over(self, landed: Landed) -> None:
        """Note that an outcome went to the caller."""
        self._handed[landed.nonce] = landed.transaction
        if self._next < 0 or landed.nonce < self._next:
            self._next = landed.nonce

    def claim(self, *, everything: bool = False) -> None:
        """Write down what was handed over: in the order of nonces, whatever order it came in.

        Of what has a lower nonce than a claimed one the journal supposes that nobody waits for it.
        A gap that stays, as where another program took a nonce, is waited for no longer than a
        window.
        """
        ready = []
        while self._next in self._handed:
            ready.append(self._handed.pop(self._next))
            self._next += 1
        if everything or len(self._handed) > self.sender.window:
            ready += [self._handed.pop(nonce) for nonce in sorted(self._handed)]
            self._next = -1
        if ready:
            self.sender.journal.claim(ready)


class _Deal:
    """Carry out one list."""

    def __init__(self, senders: Sequence[Sender], calls: Iterable[Call], run: str) -> None:
        self._lanes = tuple(_Lane(sender) for sender in senders)
        self._pipelines = [
            Pipeline(lane.sender, self._drawn(lane), run, claims=False) for lane in self._lanes
        ]
        self._calls = iter(calls)
        self._order: deque[_Lane] = deque()
        self._changed = threading.Condition()
        self._ended = False
        self._failure: Exception | None = None

    def results(self) -> Generator[Landed, None, None]:
        """Yield what became of the calls, in their order."""
        pairs = zip(self._lanes, self._pipelines, strict=True)
        threads = [threading.Thread(target=self._work, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        finished = False
        try:
            while (lane := self._first()) is not None:
                landed = lane.done.popleft()
                yield landed
                lane.hand_over(landed)
                if not lane.done:
                    lane.claim()
            finished = True
        finally:
            self._stop()
            for thread in threads:
                thread.join()
            for lane in self._lanes:
                lane.claim(everything=finished)

    def _first(self) -> _Lane | None:
        """Wait for the outcome that is next in order, and return its lane; None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._order or self._ended)
            if not self._order:
                if self._failure is not None:
                    raise self._failure
                return None
            lane = self._order[0]
            self._changed.wait_for(lambda: lane.done or lane.error)
            if not lane.done and lane.error is not None:
                raise lane.error
            self._order.popleft()
            return lane

    def _stop(self) -> None:
        """Have nothing more drawn or sent; what is in flight stays in the journal."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        for pipeline in self._pipelines:
            pipeline.halt()

    # ---- in the thread of each key -------------------------------------------------------------

    def _work(self, lane: _Lane, pipeline: Pipeline) -> None:
        try:
            for landed in pipeline.results():
                with self._changed:
                    lane.done.append(landed)
                    lane.under_way -= 1
                    self._changed.notify_all()
        except Exception as error:  # noqa: BLE001 (raised where its outcome is waited for)
            with self._changed:
                lane.error, self._ended = error, True
                self._changed.notify_all()

    def _drawn(self, lane: _Lane) -> Iterator[Call | None]:
        """Yield the calls that fall to a key, None where there is none at the moment."""
        while True:
            with self._changed:
                self._deal_until(lane)
                if not lane.dealt and self._ended:
                    return
                if not lane.dealt and not lane.under_way:
                    self._changed.wait(_IDLE)
                call = lane.dealt.popleft() if lane.dealt else None
                lane.under_way += call is not None
            yield call

    def _deal_until(self, lane: _Lane) -> None:
        """Deal calls of the list, as far ahead as may be, until one falls to a key."""
        most = _AHEAD * len(self._lanes)
        while not lane.dealt and not self._ended and len(self._order) < most:
            try:
                call = next(self._calls)
            except StopIteration:
                self._ended = True
            except Exception as error:  # noqa: BLE001 (raised after the outcomes before it)
                self._failure, self._ended = error, True
            else:
                owner = self._lanes[zlib.crc32(call.key.encode()) % len(self._lanes)]
                owner.dealt.append(call)
                self._order.append(owner)
            self._changed.notify_all()
