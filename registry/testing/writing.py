"""Carry what one transaction knows: who sends it, when it is mined, and the events it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from registry.domain.events import Event
    from registry.domain.ids import Address


class Place(TypedDict):
    """Hold the fields that every event has."""

    block: int
    log_index: int
    transaction: bytes
    time: int


@dataclass(slots=True, kw_only=True)
class Writing:
    """Hold one transaction while it is carried out; `time` is its block's, in seconds."""

    sender: Address
    block: int
    time: int
    transaction: bytes
    events: list[Event] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """Return where the next event of this transaction stands."""
        return Place(
            block=self.block,
            log_index=len(self.events),
            transaction=self.transaction,
            time=self.time,
        )

    def emit(self, event: Event) -> None:
        """Add an event made at `place`."""
        self.events.append(event)
