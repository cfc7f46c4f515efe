"""Describe the keys of parties with the spans in which they spoke, and who may become one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry.domain.events import AgentAppointed, KeyRotated, PartyEnrolled, PartyRecovered
from registry.domain.party import KeyKind, Scope, Seat, Standing
from registry.domain.signing import KeyConsent
from registry.errors import SeatMistyped
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.events import Event
    from registry.domain.ids import Address, PartyId

RECOVERY_DELAY: Final = 7 * 86_400
"""How long a recovery is announced before it can take effect, in seconds."""
RECOVERY_WINDOW: Final = 30 * 86_400
"""How long after that it can, in seconds."""
CONTROLLER_SCOPES: Final = 0xFFFF
"""What a controller's key record says: all there is and may come to be."""
_SEAT: Final = re.compile(r"\d\d[0-9A-Z]", re.ASCII)


def keys_in(events: Iterable[Event]) -> list[Address]:
    """Return the keys that events brought to parties, in their order.

    A first key, a successor, an agent: each comes once, since a key belongs to one party for ever.
    """
    found: list[Address] = []
    for event in events:
        if isinstance(event, PartyEnrolled | AgentAppointed):
            found.append(event.key)
        elif isinstance(event, KeyRotated | PartyRecovered):
            found.append(event.to)
    return found


def parse_seat(given: str) -> Seat:
    """Return a registrar's seat; raises `SeatMistyped`.

    >>> parse_seat("441")
    '441'
    """
    if not _SEAT.fullmatch(given):
        raise SeatMistyped(given=given)
    return Seat(given)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyKey:
    """Hold one key of a party, for ever its own, with the span in which it spoke for it.

    Times are in seconds since 1970. `until` is None for a span without an end: for an agent it is
    the expiry, the dismissal, or the recovery that voided it. `closed` says that it was ended by
    someone, rather than by its expiry.
    """

    address: Address
    party: PartyId
    kind: KeyKind
    standing: Standing
    scopes: Scope
    since: int
    until: int | None
    from_block: int
    until_block: int | None

    @property
    def closed(self) -> bool:
        """Tell whether somebody ended the span."""
        return self.standing is Standing.CLOSED

    @property
    def controls(self) -> bool:
        """Tell whether the key is or was its party's controller."""
        return self.kind is KeyKind.CONTROLLER

    def spoke_at(self, time: int) -> bool:
        """Tell whether the key spoke for its party at a time; its last second is not in the span.

        Within the very second of a change only the order in the block says which key spoke.
        """
        return self.since <= time and (self.until is None or time < self.until)

    def voided_by(self, agents_since: int | None) -> PartyKey:
        """Return the key as a recovery of its party leaves it: agents of before are void."""
        void = self.kind is KeyKind.AGENT and agents_since is not None
        if not void or agents_since is None or self.since > agents_since:
            return self
        ends = agents_since if self.until is None else min(self.until, agents_since)
        return replace(self, until=ends, standing=Standing.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Hold a recovery that was announced for a party; it can take effect within a window.

    `key` will control the party, `by` announced it; times are in seconds since 1970.
    """

    party: PartyId
    key: Address
    by: PartyId
    effective_at: int

    @property
    def lapses(self) -> int:
        """Return when it can no longer take effect."""
        return self.effective_at + RECOVERY_WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrar:
    """Hold a registrar: its number and seat are its own for good, also when it is delisted."""

    number: int
    party: PartyId
    seat: Seat
    listed: bool


def controller_consent(*, party: PartyId, key: Address, deadline: int) -> KeyConsent:
    """Return what a key signs that becomes a party's controller."""
    return KeyConsent(
        party=party,
        key=key,
        kind=int(KeyKind.CONTROLLER),
        scopes=CONTROLLER_SCOPES,
        valid_until=0,
        deadline=deadline,
    )


def agent_consent(
    *, party: PartyId, key: Address, scopes: Scope, valid_until: int, deadline: int
) -> KeyConsent:
    """Return what a key signs that becomes a party's agent."""
    return KeyConsent(
        party=party,
        key=key,
        kind=int(KeyKind.AGENT),
        scopes=int(scopes),
        valid_until=valid_until,
        deadline=deadline,
    )
