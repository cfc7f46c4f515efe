"""Choose among events as the topics of a log filter do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.domain.events import Event
    from registry.domain.ids import GrantId, Identifier, PartyId, ProductId

    Ids = tuple[PartyId | None, ProductId | None, GrantId | None]


def selected(
    events: Sequence[Event],
    kinds: Sequence[type[Event]] | None,
    *,
    blocks: tuple[int | None, int | None],
    ids: Ids,
) -> Iterator[Event]:
    """Return the events of these kinds, between these blocks, that name every id given."""
    first, last = blocks
    wanted = [identifier for identifier in ids if identifier is not None]
    for event in events:
        if first is not None and event.block < first:
            continue
        if last is not None and event.block > last:
            continue
        if kinds is not None and type(event) not in kinds:
            continue
        if all(names(event, identifier) for identifier in wanted):
            yield event


def names(event: Event, identifier: Identifier) -> bool:
    """Tell whether an event names an id in any of its indexed fields."""
    return any(
        getattr(event, field) == identifier
        for kind in type(event).__mro__
        for field in getattr(kind, "__slots__", ())
        if field not in event.unindexed
    )
