"""Rebuild what the contracts of a deployment must hold from their events alone, word by word.

Every word that the contracts ever write is told of by an event of its transaction; so the words of
all events together are the whole state, and whoever replays them needs to trust nobody about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain import (
    replay_anchors,
    replay_cases,
    replay_genesis,
    replay_grants,
    replay_lineage,
    replay_parties,
    replay_products,
)
from registry.domain.layout import VARIABLES
from registry.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from registry.domain.events import Event
    from registry.domain.replayed import Book
    from registry.domain.storage import Variable

HANDLERS: Final[Mapping[str, Mapping[type[Event], Callable[[Book, Any], None]]]] = {
    "Directory": replay_genesis.DIRECTORY_HANDLERS,
    "Authority": replay_genesis.AUTHORITY_HANDLERS,
    "PartyRegistry": replay_parties.HANDLERS,
    "ProductRegistry": replay_products.HANDLERS,
    "GrantRegistry": replay_grants.HANDLERS,
    "UsageMeter": replay_grants.HANDLERS,
    "RegistrationDesk": replay_cases.DESK_HANDLERS,
    "CertificateRegistry": replay_cases.CERTIFICATE_HANDLERS,
    "Lineage": replay_lineage.HANDLERS,
    "BatchAnchor": replay_anchors.HANDLERS,
    "WorkCalendar": replay_cases.CALENDAR_HANDLERS,
}
"""What each event does to the words, by the contract that tells it."""

_ALWAYS_ZERO: Final = frozenset({"nameFallback", "versionFallback", "executionId"})


def replay(book: Book, contract: str, event: Event) -> bool:
    """Do to the words what an event tells; False where it does not fit what was told before."""
    handler = HANDLERS.get(contract, {}).get(type(event))
    if handler is None:
        return False
    try:
        handler(book, event)
    except (ValueError, LookupError, ArithmeticError, RegistryError):
        return False
    return True


def constants() -> Iterator[Variable]:
    """Yield the words that no event tells of because they are zero for ever."""
    yield from (one for one in VARIABLES if one.name in _ALWAYS_ZERO)
