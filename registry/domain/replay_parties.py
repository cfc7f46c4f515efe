"""Rebuild the words of the registry of parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain import events as told
from registry.domain.authority_events import AuthorityUpdated
from registry.domain.layout import variable
from registry.domain.party import KeyKind, Standing
from registry.domain.replay_intervals import closed, happened, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.events import Event
    from registry.domain.ids import Address, PartyId
    from registry.domain.replayed import Book

_NAME: Final = "PartyRegistry"
AUTHORITY: Final = variable(_NAME, "authority")
KEYS: Final = variable(_NAME, "keys")
PARTIES: Final = variable(_NAME, "parties")
IDENTITIES: Final = variable(_NAME, "identities")
COUNTS: Final = variable(_NAME, "suspensionCounts")
SUSPENSIONS: Final = variable(_NAME, "suspensions")
ADMISSIONS: Final = variable(_NAME, "admissions")
PAUSED: Final = variable(_NAME, "pausedUntil")
RECOVERIES: Final = variable(_NAME, "recoveries")
REGISTRARS: Final = variable(_NAME, "registrars")
NUMBERS: Final = variable(_NAME, "registrarNumbers")
SEATS: Final = variable(_NAME, "seats")
COUNT: Final = variable(_NAME, "registrarCount")
_ALL_SCOPES: Final = 0xFFFF


def _authority(book: Book, event: AuthorityUpdated) -> None:
    book.put(AUTHORITY, authority=int(event.authority))


def _enrolled(book: Book, event: told.PartyEnrolled) -> None:
    _key_opened(book, event, event.party, event.key, Standing.ACTIVE)
    since = happened(event)
    book.put(PARTIES, event.party, controller=int(event.key), standing=Standing.ACTIVE, since=since)
    book.write(IDENTITIES, event.party, word=event.identity_hash)


def _key_opened(book: Book, event: Event, party: PartyId, key: Address, standing: int) -> None:
    """Open the key of a controller."""
    book.put(
        KEYS,
        key,
        party=int(party),
        kind=KeyKind.CONTROLLER,
        standing=standing,
        scopes=_ALL_SCOPES,
        fromTime=happened(event),
        fromBlock=event.block,
    )


def _key_closed(book: Book, event: Event, key: Address) -> None:
    closing = {"untilTime": happened(event), "untilBlock": event.block}
    book.change(KEYS, key, fields={"standing": Standing.CLOSED, **closing})


def _admitted(book: Book, event: told.KeyAdmitted) -> None:
    book.write(ADMISSIONS, event.key, word=event.identity_hash)


def _replaced(book: Book, event: told.KeyRotated | told.PartyRecovered) -> None:
    _key_closed(book, event, event.from_)
    standing = book.fields(PARTIES, event.party)["standing"]
    _key_opened(book, event, event.party, event.to, standing)
    book.change(PARTIES, event.party, fields={"controller": int(event.to)})


def _recovered(book: Book, event: told.PartyRecovered) -> None:
    _replaced(book, event)
    book.change(PARTIES, event.party, fields={"agentsSince": happened(event)})
    book.put(RECOVERIES, event.party)


def _announced(book: Book, event: told.RecoveryAnnounced) -> None:
    by, at = int(event.by), event.effective_at
    book.put(RECOVERIES, event.party, key=int(event.key), by=by, effectiveAt=at)


def _cancelled(book: Book, event: told.RecoveryCancelled) -> None:
    book.put(RECOVERIES, event.party)


def _appointed(book: Book, event: told.AgentAppointed) -> None:
    book.put(
        KEYS,
        event.key,
        party=int(event.party),
        kind=KeyKind.AGENT,
        standing=Standing.ACTIVE,
        scopes=event.scopes,
        fromTime=happened(event),
        untilTime=event.valid_until,
        fromBlock=event.block,
    )


def _dismissed(book: Book, event: told.AgentDismissed) -> None:
    _key_closed(book, event, event.key)


def _roles(book: Book, event: told.RolesChanged) -> None:
    book.change(PARTIES, event.party, fields={"roles": event.roles})


def _seated(book: Book, event: told.RegistrarAdmitted) -> None:
    seat, number = event.seat.raw, event.number
    book.put(REGISTRARS, number, seat=int.from_bytes(seat), party=int(event.party))
    book.put(NUMBERS, event.party, value=number)
    book.put(SEATS, seat, value=number)
    book.put(COUNT, value=number)


def _suspended(book: Book, event: told.PartySuspended) -> None:
    fields = {"by": int(event.by), "reason": event.reason}
    opened(book, SUSPENSIONS, COUNTS, event, event.party, evidence=event.evidence, fields=fields)
    _standing(book, event.party, Standing.SUSPENDED)


def _resumed(book: Book, event: told.PartyResumed) -> None:
    if closed(book, SUSPENSIONS, COUNTS, event, event.party) == 0:
        _standing(book, event.party, Standing.ACTIVE)


def _standing(book: Book, party: PartyId, standing: Standing) -> None:
    """Give a party a standing, which the key of its controller mirrors."""
    book.change(PARTIES, party, fields={"standing": standing})
    controller = book.fields(PARTIES, party)["controller"]
    book.change(KEYS, controller, fields={"standing": standing})


def _paused(book: Book, event: told.WritesPaused) -> None:
    book.put(PAUSED, value=event.until)


HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    AuthorityUpdated: _authority,
    told.PartyEnrolled: _enrolled,
    told.KeyAdmitted: _admitted,
    told.KeyRotated: _replaced,
    told.PartyRecovered: _recovered,
    told.RecoveryAnnounced: _announced,
    told.RecoveryCancelled: _cancelled,
    told.AgentAppointed: _appointed,
    told.AgentDismissed: _dismissed,
    told.RolesChanged: _roles,
    told.RegistrarAdmitted: _seated,
    told.PartySuspended: _suspended,
    told.PartyResumed: _resumed,
    told.WritesPaused: _paused,
}
"""What each event of the registry of parties does to its words."""
