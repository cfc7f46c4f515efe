"""Admit registrars and give roles as `PartyRegistry` does, for its administrator alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from registry import reverts
from registry.domain.events import RegistrarAdmitted, RolesChanged
from registry.domain.keys import Registrar, parse_seat
from registry.domain.party import DEFAULT_SEAT, Role
from registry.errors import SeatMistyped
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.ids import PartyId
    from registry.domain.key_operations import AdmitRegistrar, SetRoles
    from registry.domain.operations import Operation
    from registry.domain.party import Seat
    from registry.testing.history import History
    from registry.testing.parties import PartyBook
    from registry.testing.writing import Writing


class RegistrarBook:
    """Hold the registrars; `consume` refuses what was not announced long enough before."""

    def __init__(
        self, history: History, parties: PartyBook, consume: Callable[[Writing, Operation], None]
    ) -> None:
        self._parties = parties
        self._consume = consume
        self._places: Timeline[None, tuple[tuple[PartyId, Seat], ...]] = Timeline(history, ())

    def found(self, now: Writing, party: PartyId) -> None:
        """Seat the founder's party as the first registrar, and give it its roles."""
        self._seat(now, party, DEFAULT_SEAT)
        self._give(now, party, Role.REGISTRAR | Role.REGULATOR)

    def set_roles(self, now: Writing, operation: SetRoles) -> None:
        """Give a party these roles and no others."""
        self._consume(now, operation)
        party, roles = operation.party, operation.roles
        if not 0 <= int(roles) <= int(Role.ALL):
            raise reverts.RolesUnknown(roles=roles)
        self._parties.known(party)
        if roles & Role.REGISTRAR and not self._number(party):
            raise reverts.SeatMissing(party=party, roles=roles)
        self._give(now, party, roles)

    def admit(self, now: Writing, operation: AdmitRegistrar) -> None:
        """Admit a party as a registrar with a seat."""
        self._consume(now, operation)
        party, seat = operation.party, operation.seat
        roles = self._parties.known(party).roles
        number = self._number(party)
        if number:
            kept = self._places.get(None)[number - 1][1]
            if kept != seat:
                raise reverts.SeatFixed(party=party, number=number, seat=kept)
        else:
            self._seat(now, party, seat)
        self._give(now, party, roles | Role.REGISTRAR)

    def registrars(self, block: int | None = None) -> tuple[Registrar, ...]:
        """Return all registrars by their numbers, as of a block."""
        found = []
        for number, (party, seat) in enumerate(self._places.get(None, block), 1):
            record = self._parties.party(party, block)
            listed = record is not None and Role.REGISTRAR in record.roles
            found.append(Registrar(number=number, party=party, seat=seat, listed=listed))
        return tuple(found)

    def _number(self, party: PartyId) -> int:
        placed = [one for one, _ in self._places.get(None)]
        return placed.index(party) + 1 if party in placed else 0

    def _seat(self, now: Writing, party: PartyId, seat: Seat) -> None:
        try:
            parse_seat(seat)
        except SeatMistyped as error:
            raise reverts.SeatInvalid(seat=seat) from error
        places = self._places.get(None)
        taken = [one for _, one in places]
        if seat in taken:
            raise reverts.SeatTaken(seat=seat, number=taken.index(seat) + 1)
        self._places.set(None, (*places, (party, seat)))
        now.emit(RegistrarAdmitted(**now.place, party=party, number=len(places) + 1, seat=seat))

    def _give(self, now: Writing, party: PartyId, roles: Role) -> None:
        self._parties.put(replace(self._parties.known(party), roles=roles))
        now.emit(RolesChanged(**now.place, party=party, roles=roles))
