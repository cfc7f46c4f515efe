"""Read logs in ranges of blocks that are as large as the node and the memory here allow.

Nodes limit how many blocks or logs one answer may span, how long it may be or take, and do not say
so in any common way: a range that is refused is made smaller until it passes, and grows again while
it does. Where logs are dense, ranges are as small as keeps an answer to a few thousand logs, so
that a history of any length takes the same memory. While the logs of one range are read, the node
already works on the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import attrgetter, lt
from typing import TYPE_CHECKING, Any, Final

from registry.chain import wire
from registry.chain.collecting import uncollected
from registry.chain.http import ReplyTooLong
from registry.chain.logs import logs
from registry.chain.rpc import METHOD_UNKNOWN
from registry.errors import ConnectionLost, NodeRefused, NodeRejected
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.chain.logs import Log
    from registry.chain.rpc import Asked, Request, Rpc
    from registry.chain.wire import Json
    from registry.domain.ids import Address

NARROW_RANGE: Final = 5_000
"""The blocks first asked for where ids select the logs, so that there are few."""
WIDE_RANGE: Final = 32
"""The blocks first asked for where nothing says how many logs they have."""
LARGEST_RANGE: Final = 100_000
WANTED: Final = 4_000
"""So many logs are asked for at once, where that can be foreseen."""
LONGEST_REPLY: Final = 1 << 23
"""Bytes beyond which an answer is not taken, unless it is that of a single block."""
_PATIENCE: Final = 8
_METHOD: Final = "eth_getLogs"
# Alchemy and others say which range would do.
_ADVICE: Final = r"\[\s*(0x[0-9a-fA-F]{1,16})\s*,\s*(0x[0-9a-fA-F]{1,16})\s*\]"
_place: Final = attrgetter("block", "number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Select logs: by who emits them, and by their topics, None where a topic does not matter."""

    addresses: tuple[Address, ...]
    topics: tuple[tuple[bytes, ...] | None, ...]

    def request(self, first: int, last: int) -> Request:
        """Return the request for the logs of the blocks from ``first`` to ``last``."""
        topics = [t if t is None else [wire.to_data(one) for one in t] for t in self.topics]
        asked: dict[str, Any] = {
            "fromBlock": wire.to_quantity(first),
            "toBlock": wire.to_quantity(last),
            "address": [address.hex for address in self.addresses],
            "topics": topics,
        }
        return "eth_getLogs", (asked,)

    @property
    def narrow(self) -> bool:
        """Tell whether it selects by more than who emits what."""
        return any(topic is not None for topic in self.topics[1:])


class _Width:
    """Say how many blocks are asked for next, by what came of the ranges before.

    Between the largest that passed and the least that was refused it feels its way; what was
    refused is tried again after a while, and after ever longer ones where that is in vain.
    """

    def __init__(self, blocks: int) -> None:
        self.blocks = blocks
        self._passing = 0
        self._refused: int | None = None
        self._passed = 0
        self._patience = _PATIENCE

    def shrink(self, refused: int, advised: int | None = None) -> None:
        """Ask for less after a range of so many blocks was refused."""
        self._refused, self._passed = min(refused, self._refused or refused), 0
        if self._refused <= self._passing:
            self._passing = 0
        least = max(1, refused // 2, self._passing)
        self.blocks = least if advised is None else max(1, min(advised, refused - 1))

    def grow(self, passed: int, found: int) -> None:
        """Ask for as much as seems good after so many blocks gave so many logs."""
        self._passing = max(self._passing, passed)
        if self._refused is not None and passed >= self._refused:
            self._refused, self._patience = None, _PATIENCE
        self._passed += 1
        fitting = passed * WANTED // max(1, found)
        self.blocks = max(1, min(self._larger(), fitting, LARGEST_RANGE))

    def _larger(self) -> int:
        if self._refused is None:
            return 2 * self.blocks
        if self._passed >= self._patience:
            # What was too much there may not be here.
            self._passed, self._patience = 0, 2 * self._patience
            return 2 * self.blocks
        return min(2 * self.blocks, (self.blocks + self._refused) // 2)


class LogRanges:
    """Read the logs that some filters select, range by range."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc
        self._narrow, self._wide = _Width(NARROW_RANGE), _Width(WIDE_RANGE)

    def read(
        self, filters: Sequence[Filter], *, first: int, last: int
    ) -> Iterator[tuple[int, list[Log]]]:
        """Yield the last block of each range with the range's logs, in the order of the chain.

        :raises ChainError: where the node does not give the logs of even one block.
        """
        width = self._narrow if all(one.narrow for one in filters) else self._wide
        ahead: _Range | None = None
        again = False
        try:
            while filters and first <= last:
                current = ahead or self._range(filters, first, min(last, first + width.blocks - 1))
                ahead = None
                answers = current.answers(width)
                if answers is None:
                    continue
                first = current.last + 1
                # Who only wants the first event does not come again.
                if again and first <= last:
                    ahead = self._range(filters, first, min(last, first + width.blocks - 1))
                yield current.last, current.logs(answers)
                # Nothing of a range is kept while the next is read.
                del current, answers
                again = True
        finally:
            if ahead is not None:
                ahead.asked.drop()

    def _range(self, filters: Sequence[Filter], first: int, last: int) -> _Range:
        """Ask for the logs of a range."""
        limit = {"limit": LONGEST_REPLY} if first < last else {}
        asked = self._rpc.begin([one.request(first, last) for one in filters], **limit)
        return _Range(self._rpc, asked, first, last)


class _Range:
    """Hold a range of blocks whose logs were asked for."""

    def __init__(self, rpc: Rpc, asked: Asked, first: int, last: int) -> None:
        self._rpc = rpc
        self._first = first
        self.asked = asked
        self.last = last

    def answers(self, width: _Width) -> list[Json] | None:
        """Return the node's answers, None where it wants a smaller range; tells the width."""
        blocks = self.last - self._first + 1
        try:
            answers = self.asked.answers()
        except ReplyTooLong as cause:
            width.shrink(blocks, cause.length and blocks * LONGEST_REPLY // (2 * cause.length))
            return None
        except (ConnectionLost, NodeRejected):
            # Too long an answer makes some nodes time out or hang up.
            if blocks == 1:
                raise
            width.shrink(blocks)
            return None
        for answer in answers:
            if isinstance(answer, NodeRefused):
                if blocks == 1 or answer.error in METHOD_UNKNOWN:
                    raise answer
                width.shrink(blocks, _advised(answer.message))
                return None
        width.grow(blocks, sum(len(one) for one in answers if isinstance(one, list)))
        return answers

    def logs(self, answers: list[Json]) -> list[Log]:
        """Return the logs that the answers hold, in the order of the chain; empties the answers."""
        with uncollected():
            found = [one for a in answers for one in self._rpc.shaped(_METHOD, a, logs)]
            answers.clear()
            ordered = _ordered(found)
        for one in (*ordered[:1], *ordered[-1:]):
            if not self._first <= one.block <= self.last:
                raise self._rpc.malformed(_METHOD, f"a log of block {one.block}")
        return ordered


def _ordered(found: list[Log]) -> list[Log]:
    """Return logs in the order of the chain, each once."""
    places = list(map(_place, found))
    # One filter's answer is in order as it comes.
    if all(map(lt, places, islice(places, 1, None))):
        return found
    by_place = dict(zip(places, found, strict=True))
    return [by_place[place] for place in sorted(by_place)]


def _advised(message: str) -> int | None:
    """Return how many blocks a node's refusal says that it would take, None where it does not."""
    said = re.search(_ADVICE, message)
    return None if said is None else max(1, int(said[2], 16) - int(said[1], 16) + 1)


def with_times(rpc: Rpc, entries: Sequence[Log]) -> Sequence[Log]:
    """Return logs with the times of their blocks, which are asked for where the node left them out.

    :raises NodeAnswerMalformed: where a block of theirs cannot be had.
    """
    missing = sorted({one.block for one in entries if one.time is None})
    if not missing:
        return entries
    method = "eth_getBlockByNumber"
    answers = rpc.batch([(method, (wire.to_quantity(block), False)) for block in missing])
    times = {
        block: rpc.shaped(method, answer, wire.header).time
        for block, answer in zip(missing, answers, strict=True)
    }
    return [one if one.time is not None else one._replace(time=times[one.block]) for one in entries]
