"""Rebuild the words of the directory and of the authority, OpenZeppelin's access manager."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain import authority_events as told
from registry.domain.events import ContractCreated, DirectorySealed
from registry.domain.layout import variable
from registry.domain.replay_intervals import happened

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.events import Event
    from registry.domain.replayed import Book

ENTRY_COUNT: Final = variable("Directory", "entryCount")
ENTRY_NAMES: Final = variable("Directory", "entryNames")
ENTRY_LOCATIONS: Final = variable("Directory", "entryLocations")
ENTRY_HASHES: Final = variable("Directory", "entryCodeHashes")
PLACES: Final = variable("Directory", "places")
SEALED: Final = variable("Directory", "sealedAt")
TARGET_ROLES: Final = variable("Authority", "targetRoles")
TARGETS: Final = variable("Authority", "targets")
MEMBERS: Final = variable("Authority", "members")
ROLES: Final = variable("Authority", "roles")
SCHEDULES: Final = variable("Authority", "schedules")

_VALUE_BITS: Final = 32
_EFFECT_SHIFT: Final = 64
_VALUE: Final = (1 << _VALUE_BITS) - 1


def _created(book: Book, event: ContractCreated) -> None:
    index = book.value(ENTRY_COUNT)
    book.write(ENTRY_NAMES, index, word=event.name)
    book.put(ENTRY_LOCATIONS, index, value=int(event.location))
    book.write(ENTRY_HASHES, index, word=event.code_hash)
    book.put(PLACES, event.name, value=index + 1)
    book.put(ENTRY_COUNT, value=index + 1)


def _sealed(book: Book, event: DirectorySealed) -> None:
    book.put(SEALED, value=happened(event))


def _granted(book: Book, event: told.RoleGranted) -> None:
    keys = event.role_id, event.account
    if event.new_member:
        book.put(MEMBERS, *keys, delay=event.delay, since=event.since)
        return
    before = book.fields(MEMBERS, *keys)["delay"]
    delay = _updated(before, event.delay, event.since, happened(event))
    book.change(MEMBERS, *keys, fields={"delay": delay})


def _updated(before: int, value: int, effect: int, now: int) -> int:
    """Return a delay that changes to `value` at `effect`, as the access manager packs it."""
    due = before >> _EFFECT_SHIFT
    current = (before if due <= now else before >> _VALUE_BITS) & _VALUE
    return effect << _EFFECT_SHIFT | current << _VALUE_BITS | value


def _revoked(book: Book, event: told.RoleRevoked) -> None:
    book.put(MEMBERS, event.role_id, event.account)


def _admin(book: Book, event: told.RoleAdminChanged) -> None:
    book.change(ROLES, event.role_id, fields={"admin": event.admin})


def _guardian(book: Book, event: told.RoleGuardianChanged) -> None:
    book.change(ROLES, event.role_id, fields={"guardian": event.guardian})


def _grant_delay(book: Book, event: told.RoleGrantDelayChanged) -> None:
    before = book.fields(ROLES, event.role_id)["grantDelay"]
    delay = _updated(before, event.delay, event.since, happened(event))
    book.change(ROLES, event.role_id, fields={"grantDelay": delay})


def _scheduled(book: Book, event: told.OperationScheduled) -> None:
    book.put(SCHEDULES, event.operation_id, nonce=event.nonce, timepoint=event.schedule)


def _unscheduled(book: Book, event: told.OperationExecuted | told.OperationCanceled) -> None:
    book.put(SCHEDULES, event.operation_id, nonce=event.nonce)


def _target_role(book: Book, event: told.TargetFunctionRoleUpdated) -> None:
    book.put(TARGET_ROLES, event.target, event.selector, value=event.role_id)


def _closed(book: Book, event: told.TargetClosed) -> None:
    book.change(TARGETS, event.target, fields={"closed": int(event.closed)})


def _target_delay(book: Book, event: told.TargetAdminDelayUpdated) -> None:
    before = book.fields(TARGETS, event.target)["adminDelay"]
    delay = _updated(before, event.delay, event.since, happened(event))
    book.change(TARGETS, event.target, fields={"adminDelay": delay})


def _labelled(book: Book, event: told.RoleLabel) -> None:
    """Change nothing: names are for people."""
    del book, event


DIRECTORY_HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    ContractCreated: _created,
    DirectorySealed: _sealed,
}
"""What each event of the directory does to its words."""

AUTHORITY_HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    told.RoleGranted: _granted,
    told.RoleRevoked: _revoked,
    told.RoleAdminChanged: _admin,
    told.RoleGuardianChanged: _guardian,
    told.RoleGrantDelayChanged: _grant_delay,
    told.RoleLabel: _labelled,
    told.OperationScheduled: _scheduled,
    told.OperationExecuted: _unscheduled,
    told.OperationCanceled: _unscheduled,
    told.TargetFunctionRoleUpdated: _target_role,
    told.TargetClosed: _closed,
    told.TargetAdminDelayUpdated: _target_delay,
}
"""What each event of the authority does to its words."""
