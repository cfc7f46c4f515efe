"""Read events from a node: select them by kind and by the ids that they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product as combinations
from typing import TYPE_CHECKING, Final

from registry.chain import abi
from registry.chain.collecting import uncollected
from registry.chain.logs import LogReader, emitters, field_of
from registry.chain.ranges import Filter, LogRanges, with_times

if TYPE_CHECKING:
    from registry.chain.layouts import EventLayout
    from registry.chain.logs import EventBinding, Log
    from registry.chain.rpc import Rpc
    from registry.domain.events import Event
    from registry.domain.ids import Address, Identifier
    from registry.domain.ledger import Deployment

_TOPICS: Final = 500


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
            events = self.events(with_times(self._rpc, found))
            # Nothing of a range is kept while the next is read.
            found.clear()
            yield from events
            del events

    def events(self, entries: Sequence[Log]) -> tuple[Event, ...]:
        """Return the events of these logs, those of other contracts left out.

        :raises NodeAnswerMalformed: where a log has an event's name and not its form.
        """
        with uncollected():
            return self._rpc.shaped("eth_getLogs", entries, self._logs.events)


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
