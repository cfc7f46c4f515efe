"""Remember what the ledger answered, for so many blocks and seconds and no longer."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


class Dated(Protocol):
    """Be an answer that holds as of a block."""

    @property
    def block(self) -> int:
        """Return the number of the block that was asked."""


_Answer = TypeVar("_Answer", bound=Dated)


class Answers(Generic[_Answer]):
    """Hold at most `size` answers; the one unused for longest goes first. Threads may share it.

    An answer counts while the newest block is at most `blocks` after its own, and for at most
    `seconds`. Where the chain has gone back behind it (a reorganisation) it counts no more.
    """

    def __init__(
        self,
        *,
        blocks: int,
        seconds: float,
        size: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the bounds; `clock` gives seconds that never fall."""
        if blocks < 0 or seconds < 0 or size < 1:
            raise ValueError("an answer is kept for no negative time, in room for at least one")
        self._blocks, self._seconds, self._size, self._clock = blocks, seconds, size, clock
        self._kept: OrderedDict[Hashable, tuple[_Answer, float]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, question: Hashable, head: int) -> _Answer | None:
        """Return the answer to a question where it counts at the block `head`, else None."""
        with self._lock:
            kept = self._kept.get(question)
            if kept is None:
                return None
            answer, since = kept
            age = head - answer.block
            if not 0 <= age <= self._blocks or self._clock() - since > self._seconds:
                del self._kept[question]
                return None
            self._kept.move_to_end(question)
            return answer

    def keep(self, question: Hashable, answer: _Answer, since: float) -> None:
        """Keep the answer to a question that was asked at `since` by the clock."""
        with self._lock:
            self._kept[question] = (answer, since)
            self._kept.move_to_end(question)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def now(self) -> float:
        """Return the clock's time, to be taken before the ledger is asked."""
        return self._clock()

    def __len__(self) -> int:
        return len(self._kept)
