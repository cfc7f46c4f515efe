"""Read events from a node in bounded ranges of blocks, in the order of the chain.

Nodes limit how many blocks or logs one request may span, and do not say to how many in any common
way. So a range that is refused is halved until it passes, and grows again while it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product as combinations
from typing import TYPE_CHECKING, Any, Final

from registry.chain import abi, wire
from registry.chain.logs import LogReader, emitters, field_of, logs
from registry.errors import ConnectionLost, NodeRefused
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.chain.layouts import EventLayout
    from registry.chain.logs import EventBinding, Log
    from registry.chain.rpc import Request, Rpc
    from registry.domain.events import Event
    from registry.domain.ids import Address, Identifier
    from registry.domain.ledger import Deployment

FIRST_RANGE: Final = 5_000
LARGEST_RANGE: Final = 100_000
MANY: Final = 20_000
"""More logs than are asked for at once, where that can be foreseen."""
_PATIENCE: Final = 8
_METHOD_UNKNOWN: Final = -32601
_TOPICS: Final = 500


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


class LogRanges:
    """Read the logs that some filters select, range by range, as large as the node allows."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc
        self._span = FIRST_RANGE
        self._refused_at: int | None = None
        self._passed = 0

    def read(
        self, filters: Sequence[Filter], *, first: int, last: int
    ) -> Iterator[tuple[int, list[Log]]]:
        """Yield the last block of each range with the range's logs, in the order of the chain.

        :raises ChainError: where the node does not give the logs of even one block.
        """
        while filters and first <= last:
            end = min(last, first + self._span - 1)
            found = self._range(filters, first, end)
            if found is None:
                self._shrink(end - first + 1)
                continue
            yield end, found
            first = end + 1
            if len(found) > MANY:
                self._span = max(1, self._span // 2)
            else:
                self._grow()

    def _range(self, filters: Sequence[Filter], first: int, last: int) -> list[Log] | None:
        """Return the logs of a range, None where the node wants a smaller one."""
        try:
            answers = self._rpc.attempt([one.request(first, last) for one in filters])
        except ConnectionLost:
            # Too long an answer makes some nodes time out or hang up.
            if first == last:
                raise
            return None
        for answer in answers:
            if isinstance(answer, NodeRefused):
                if first == last or answer.error == _METHOD_UNKNOWN:
                    raise answer
                return None
        found = [one for a in answers for one in self._rpc.shaped("eth_getLogs", a, logs)]
        places = {(one.block, one.number): one for one in found}
        outside = next((one for one in found if not first <= one.block <= last), None)
        if outside is not None:
            raise self._rpc.malformed("eth_getLogs", f"a log of block {outside.block}")
        return [places[place] for place in sorted(places)]

    def _shrink(self, refused: int) -> None:
        self._refused_at, self._passed = refused, 0
        self._span = max(1, refused // 2)

    def _grow(self) -> None:
        self._passed += 1
        if self._refused_at is not None and self._passed >= _PATIENCE:
            # What was too much there may not be here.
            self._refused_at, self._passed = None, 0
        ceiling = LARGEST_RANGE if self._refused_at is None else self._refused_at - 1
        self._span = max(1, min(2 * self._span, ceiling))


class EventReader:
    """Read the events of one deployment."""

    def __init__(self, rpc: Rpc, deployment: Deployment) -> None:
        self._rpc = rpc
        self._deployment = deployment
        self._logs = LogReader(deployment)
        self._ranges = LogRanges(rpc)

    def read(
        self,
        kinds: Sequence[type[Event]] | None = None,
        *,
        first: int,
        last: int,
        named: Sequence[Identifier] = (),
    ) -> Iterator[Event]:
        """Yield events in the order of the chain, from block ``first`` to block ``last``.

        :param kinds: the kinds wanted, all of them for None.
        :param named: ids that an event must name in its indexed fields, each of them.
        :raises ChainError: where the node does not give the logs of even one block.
        """
        yield from self._matching(filters_for(self._deployment, kinds, named), first, last)

    def read_naming(
        self,
        kinds: Sequence[type[Event]],
        field: str,
        subjects: Sequence[Identifier],
        *,
        last: int,
    ) -> Iterator[Event]:
        """Yield events whose indexed field is one of ``subjects``, up to block ``last``.

        :param field: the domain's name of the field.
        :raises ChainError: as `read` does.
        """
        filters = filters_naming(self._deployment, kinds, field, subjects)
        yield from self._matching(filters, 0, last)

    def _matching(self, filters: Sequence[Filter], first: int, last: int) -> Iterator[Event]:
        first = max(first, self._deployment.block)
        for _, found in self._ranges.read(filters, first=first, last=last):
            yield from self.events(with_times(self._rpc, found))

    def events(self, entries: Sequence[Log]) -> tuple[Event, ...]:
        """Return the events of these logs, those of other contracts left out.

        :raises NodeAnswerMalformed: where a log has an event's name and not its form.
        """
        read = (self._rpc.shaped("eth_getLogs", one, self._logs.event) for one in entries)
        return tuple(event for event in read if event is not None)


def with_times(rpc: Rpc, entries: Sequence[Log]) -> list[Log]:
    """Return logs with the times of their blocks, which are asked for where the node left them out.

    :raises NodeAnswerMalformed: where a block of theirs cannot be had.
    """
    missing = sorted({one.block for one in entries if one.time is None})
    method = "eth_getBlockByNumber"
    answers = rpc.batch([(method, (wire.to_quantity(block), False)) for block in missing])
    times = {
        block: rpc.shaped(method, answer, wire.header).time
        for block, answer in zip(missing, answers, strict=True)
    }
    return [one if one.time is not None else one._replace(time=times[one.block]) for one in entries]


def filters_for(
    deployment: Deployment, kinds: Sequence[type[Event]] | None, named: Sequence[Identifier]
) -> list[Filter]:
    """Return the filters that together select the events of these kinds that name all these ids.

    Events whose ids stand at the same places share a filter.
    """
    grouped: dict[tuple[bytes | None, ...], list[tuple[Address, bytes]]] = {}
    for address, binding in emitters(deployment):
        if kinds is None or binding.kind in kinds:
            for places in _places(binding, named):
                grouped.setdefault(places, []).append((address, binding.layout.topic))
    return [
        Filter(
            addresses=tuple(sorted({address for address, _ in members})),
            topics=(
                tuple(sorted({topic for _, topic in members})),
                *(None if topic is None else (topic,) for topic in places),
            ),
        )
        for places, members in grouped.items()
    ]


def filters_naming(
    deployment: Deployment,
    kinds: Sequence[type[Event]],
    field: str,
    subjects: Sequence[Identifier],
) -> list[Filter]:
    """Return the filters for events that name one of several ids in one field.

    Nodes limit how many topics a filter may list: there are as many filters as that takes.
    """
    grouped: dict[tuple[int, str], list[tuple[Address, bytes]]] = {}
    for address, binding in emitters(deployment):
        if binding.kind in kinds:
            place, kind = _place_of(binding, field)
            grouped.setdefault((place, kind), []).append((address, binding.layout.topic))
    wanted = sorted(set(subjects))
    return [
        Filter(
            addresses=tuple(sorted({address for address, _ in members})),
            topics=(
                tuple(sorted({topic for _, topic in members})),
                *([None] * place),
                tuple(_topic(kind, one) for one in wanted[start : start + _TOPICS]),
            ),
        )
        for (place, kind), members in grouped.items()
        for start in range(0, len(wanted), _TOPICS)
    ]


def _place_of(binding: EventBinding, field: str) -> tuple[int, str]:
    """Return which of its indexed parameters a field of an event is, and its ABI type."""
    indexed = [one for one in binding.layout.parameters if one.indexed]
    names = [field_of(one.name) for one in indexed]
    place = names.index(field)
    return place, indexed[place].kind


def _places(
    binding: EventBinding, named: Sequence[Identifier]
) -> Iterator[tuple[bytes | None, ...]]:
    """Yield each way in which an event of this kind can name all the ids in its topics."""
    indexed = _indexed(binding)
    fitting = [
        [place for place, (_, kind) in enumerate(indexed) if kind == type(one).__name__]
        for one in named
    ]
    for chosen in combinations(*fitting):
        if len(set(chosen)) == len(chosen):
            topics: list[bytes | None] = [None] * (max(chosen, default=-1) + 1)
            for place, one in zip(chosen, named, strict=True):
                topics[place] = _topic(indexed[place][0], one)
            yield tuple(topics)


def _indexed(binding: EventBinding) -> list[tuple[str, str]]:
    """Return the ABI type and the domain's type of each indexed parameter, in order."""
    layout: EventLayout = binding.layout
    return [
        (parameter.kind, binding.domain_type(parameter.name))
        for parameter in layout.parameters
        if parameter.indexed
    ]


def _topic(kind: str, one: Identifier) -> bytes:
    return abi.encode((kind,), (int(one) if kind.startswith("uint") else one.raw,))
