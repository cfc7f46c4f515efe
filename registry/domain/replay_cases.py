"""Rebuild the words of the registration desk, of certificates and of the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain import case_events as told
from registry.domain.authority_events import AuthorityUpdated
from registry.domain.events import CalendarExtended, DayCorrected, DaysStopped
from registry.domain.layout import variable
from registry.domain.product import Profile
from registry.domain.replay_intervals import closed, happened, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.events import Event
    from registry.domain.replayed import Book

DOCKETS: Final = variable("RegistrationDesk", "dockets")
CASES: Final = variable("RegistrationDesk", "cases")
PENDING: Final = variable("RegistrationDesk", "pending")
OBJECTION_COUNTS: Final = variable("RegistrationDesk", "objectionCounts")
OBJECTIONS: Final = variable("RegistrationDesk", "objections")
LAST_OBJECTIONS: Final = variable("RegistrationDesk", "lastObjections")
CODE_RECORDS: Final = variable("CertificateRegistry", "codeRecords")
SERIALS: Final = variable("CertificateRegistry", "serials")
CODES: Final = variable("CertificateRegistry", "codes")
CERTIFICATES: Final = variable("CertificateRegistry", "certificates")
AUTHORITY: Final = variable("WorkCalendar", "authority")
EXCEPTIONS: Final = variable("WorkCalendar", "exceptions")
DAYS: Final = variable("WorkCalendar", "days")

_WORD: Final = 32
_WORD_DAYS: Final = 256
_DIGEST_BYTES: Final = 24
_FIRST_DAY: Final = b"calendar.firstDay"
_WORKING_WEEKDAYS: Final = 5
# Day 0, the first of January 1970, is a Thursday.
_FIRST_WEEKDAY: Final = 3


def _filed(book: Book, event: told.CaseFiled) -> None:
    if event.index:
        book.change(DOCKETS, event.product, fields={"laterCases": event.index})
    if any(event.pending):
        book.write(PENDING, event.product, event.index, word=event.pending)
    book.write(CASES, event.product, event.index, word=event.word.to_bytes(_WORD))


def _moved(book: Book, event: told.CaseMoved) -> None:
    book.write(CASES, event.product, event.index, word=event.word.to_bytes(_WORD))


def _replaced(book: Book, event: told.PendingReplaced) -> None:
    book.write(PENDING, event.product, event.index, word=event.pending)


def _operation(book: Book, event: told.OperationNamed) -> None:
    book.change(DOCKETS, event.product, fields={"operationEnd": event.end})


def _raised(book: Book, event: told.ObjectionRaised) -> None:
    fields = {"by": int(event.by), "kind": int(event.after_registration)}
    counts = OBJECTION_COUNTS
    opened(book, OBJECTIONS, counts, event, event.product, evidence=event.evidence, fields=fields)
    book.put(LAST_OBJECTIONS, event.product, event.by, value=event.index + 1)


def _decided(book: Book, event: told.ObjectionDecided) -> None:
    outcome = {"reason": event.outcome}
    closed(book, OBJECTIONS, OBJECTION_COUNTS, event, event.product, outcome)


def _coded(book: Book, event: told.CodeGiven) -> None:
    book.put(
        CODE_RECORDS,
        event.product,
        amendedAt=happened(event),
        profile=event.profile,
        serial=event.serial,
        month=event.month,
        registrar=event.registrar,
    )
    name = "public" if event.profile is Profile.PUBLIC else "property"
    book.change(SERIALS, event.registrar, event.month, fields={name: event.serial})
    book.put(CODES, event.code, value=int(event.product))


def _amended(book: Book, event: told.RecordAmended) -> None:
    book.change(CODE_RECORDS, event.product, fields={"amendedAt": happened(event)})


def _certified(book: Book, event: told.CertificateIssued) -> None:
    book.change(CODE_RECORDS, event.product, fields={"certificateCount": event.number})
    digest = int.from_bytes(event.digest[:_DIGEST_BYTES])
    issued = {"version": event.version, "issuedAt": happened(event), "digest": digest}
    book.put(CERTIFICATES, event.product, event.number, **issued)


def _nothing(book: Book, event: Event) -> None:
    """Change nothing: what else the act did, other events tell."""
    del book, event


def _authority(book: Book, event: AuthorityUpdated) -> None:
    book.put(AUTHORITY, authority=int(event.authority))


def _extended(book: Book, event: CalendarExtended) -> None:
    start, end = event.from_day, event.end_day
    noted = book.shelf.note(_FIRST_DAY)
    if noted is None:
        book.shelf.keep(_FIRST_DAY, start.to_bytes(_WORD))
    first_day = start if noted is None else int.from_bytes(noted)
    first = start // _WORD_DAYS
    for number, given in enumerate(event.words, start=first):
        kept = book.value(EXCEPTIONS, number) & _between(number, first_day, start)
        beyond = _between(number, end, (number + 1) * _WORD_DAYS)
        value = kept | given & _between(number, start, end) | beyond
        book.put(EXCEPTIONS, number, value=value)
    book.change(DAYS, fields={"endDay": end})
    stopped = book.fields(DAYS)
    _stop(book, max(stopped["stoppedFrom"], start), min(stopped["stoppedUntil"], end))


def _corrected(book: Book, event: DayCorrected) -> None:
    number, bit = event.day // _WORD_DAYS, 1 << event.day % _WORD_DAYS
    exceptions = book.value(EXCEPTIONS, number)
    if bool((exceptions ^ _weekdays(number)) & bit) != event.working:
        book.put(EXCEPTIONS, number, value=exceptions ^ bit)


def _stopped(book: Book, event: DaysStopped) -> None:
    fields = {"stoppedFrom": event.from_day, "stoppedUntil": event.until_day}
    book.change(DAYS, fields=fields)
    _stop(book, event.from_day, min(event.until_day, book.fields(DAYS)["endDay"]))


def _stop(book: Book, start: int, end: int) -> None:
    """Make every working day of a span one that is none."""
    for number in range(start // _WORD_DAYS, -(-end // _WORD_DAYS) if start < end else 0):
        exceptions = book.value(EXCEPTIONS, number)
        working = exceptions ^ _weekdays(number)
        value = exceptions ^ working & _between(number, start, end)
        book.put(EXCEPTIONS, number, value=value)


def _between(number: int, start: int, end: int) -> int:
    """Return the bits of the days of a word that lie in a span."""
    low = min(max(start - number * _WORD_DAYS, 0), _WORD_DAYS)
    high = min(max(end - number * _WORD_DAYS, low), _WORD_DAYS)
    return (1 << high) - (1 << low)


def _weekdays(number: int) -> int:
    """Return the bits of the days of a word that are Monday to Friday."""
    return sum(
        1 << place
        for place in range(_WORD_DAYS)
        if (number * _WORD_DAYS + place + _FIRST_WEEKDAY) % 7 < _WORKING_WEEKDAYS
    )


DESK_HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    told.CaseFiled: _filed,
    told.CaseMoved: _moved,
    told.PendingReplaced: _replaced,
    told.OperationNamed: _operation,
    told.ObjectionRaised: _raised,
    told.ObjectionDecided: _decided,
    told.OriginsNamed: _nothing,
    told.RegistrationEnded: _nothing,
    told.AwardExecuted: _nothing,
}
"""What each event of the desk does to its words."""

CERTIFICATE_HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    told.CodeGiven: _coded,
    told.RecordAmended: _amended,
    told.CertificateIssued: _certified,
}
"""What each event of the registry of certificates does to its words."""

CALENDAR_HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    AuthorityUpdated: _authority,
    CalendarExtended: _extended,
    DayCorrected: _corrected,
    DaysStopped: _stopped,
}
"""What each event of the calendar does to its words."""
