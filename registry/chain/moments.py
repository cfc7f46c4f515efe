"""Find out which block a question is about: the latest, one by number, or the last by a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.domain.moment import AtBlock, AtTime, Moment
from registry.errors import BlockUnknown, NodeRefused, TimeBeforeChain, TimeInFuture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.rpc import Request, Rpc
    from registry.chain.wire import Header, Json
    from registry.domain.moment import At

_METHOD: Final = "eth_getBlockByNumber"
# So many blocks are asked for in one round trip: the search narrows to a 16th at each.
_PROBES: Final = 15

NOW_REQUESTS: Final[tuple[Request, ...]] = (
    (_METHOD, ("latest", False)),
    (_METHOD, ("pending", False)),
)
"""What to ask to learn what `now` is, for batches that ask for more than that."""


def moment(rpc: Rpc, at: At | None, *, since: int = 0) -> Moment:
    """Return the moment that ``at`` names, now for None.

    :param since: a block that the time asked for is probably not before.
    :raises BlockUnknown: where the node has no such block.
    :raises TimeBeforeChain: for a time before the chain's first block.
    :raises TimeInFuture: for a time after the chain's now.
    """
    if isinstance(at, AtBlock):
        found = _headers(rpc, [at.number])[0]
        return Moment(block=at.number, time=found.time, block_hash=found.hash)
    latest, pending = rpc.attempt(NOW_REQUESTS)
    present = now(rpc, latest, pending)
    if not isinstance(at, AtTime):
        return present
    if at.seconds > present.time:
        raise TimeInFuture(given=at.seconds, now=present.time)
    head = head_of(rpc, latest)
    found = head if at.seconds >= head.time else _last_before(rpc, at.seconds, since, head)
    return Moment(block=found.number, time=at.seconds, block_hash=found.hash)


def now(rpc: Rpc, latest: Json | NodeRefused, pending: Json | NodeRefused) -> Moment:
    """Return the present moment from the answers to `NOW_REQUESTS`.

    The state is that of the latest block. On a chain that makes blocks only when there is something
    to put into them that block may be old, so the time is that of the block which the node would
    make now, where it says so.

    :raises ChainError: where the node gave no latest block.
    """
    head = head_of(rpc, latest)
    time = head.time
    if not isinstance(pending, NodeRefused) and pending is not None:
        time = max(time, rpc.shaped(_METHOD, pending, wire.header).time)
    return Moment(block=head.number, time=time, block_hash=head.hash)


def head_of(rpc: Rpc, latest: Json | NodeRefused) -> Header:
    """Return the latest block's header from the answer; raises where the node gave none."""
    if isinstance(latest, NodeRefused):
        raise latest
    found = rpc.shaped(_METHOD, latest, wire.header)
    if not found.hash:
        raise rpc.malformed(_METHOD, "a latest block without a hash")
    return found


def _headers(rpc: Rpc, numbers: Sequence[int]) -> list[Header]:
    answers = rpc.batch([(_METHOD, (wire.to_quantity(n), False)) for n in numbers])
    headers = []
    for number, answer in zip(numbers, answers, strict=True):
        if answer is None:
            raise unknown(rpc, number)
        header = rpc.shaped(_METHOD, answer, wire.header)
        if header.number != number:
            raise rpc.malformed(_METHOD, f"block {header.number} where {number} was asked for")
        headers.append(header)
    return headers


def _last_before(rpc: Rpc, time: int, since: int, head: Header) -> Header:
    """Return the last block not after ``time``, which is before ``head``."""
    low = _headers(rpc, [min(since, head.number)])[0]
    high = head
    if low.time > time:
        low, high = _headers(rpc, [0])[0], low
        if low.time > time:
            raise TimeBeforeChain(given=time, begins=low.time)
    # Always low.time <= time < high.time, and the distance shrinks: the search ends.
    while high.number - low.number > 1:
        distance = high.number - low.number
        probes = sorted(
            {low.number + distance * step // (_PROBES + 1) for step in range(1, _PROBES + 1)}
            - {low.number}
        )
        for header in _headers(rpc, probes):
            if header.time > time:
                high = header
                break
            low = header
    return low


def unknown(rpc: Rpc, block: int) -> BlockUnknown:
    """Return the error for a block that the node has not."""
    return BlockUnknown(url=rpc.url, block=block)
