"""Keep the calendar of working days as `WorkCalendar` does, and announcements as `Authority`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from registry import reverts
from registry.domain.calendar import WORD, WorkCalendar, day_of, official
from registry.domain.events import CalendarExtended, DayCorrected
from registry.domain.keccak import keccak
from registry.domain.restricted import Clearance
from registry.testing.history import Timeline

if TYPE_CHECKING:
    from registry.domain.ids import Address
    from registry.domain.operations import Announce, CorrectDay, ExtendCalendar, Operation
    from registry.testing.history import History
    from registry.testing.writing import Writing

DELAY: Final = 5 * 86_400
"""How long an operation of the administration is announced before it is carried out, in seconds."""
LAPSE: Final = 7 * 86_400
"""How long after that it can be carried out, in seconds."""
NOTICE: Final = 2
"""How many days ahead a day may be corrected at the earliest."""


class CalendarBook:
    """Hold the working days, and what the administrator has announced."""

    def __init__(self, history: History, administrator: Address) -> None:
        self._administrator = administrator
        self._calendar: Timeline[None, WorkCalendar] = Timeline(history, official())
        self._announced: Timeline[tuple[Address, Operation], int | None] = Timeline(history, None)

    def calendar(self, block: int | None = None) -> WorkCalendar:
        """Return the calendar as it stood at the end of a block."""
        return self._calendar.get(None, block)

    def clearance(self, operation: Operation, account: Address, time: int) -> Clearance:
        """Return whether an account may carry out an operation, and when."""
        allowed = account == self._administrator
        ready = self._announced.get((account, operation))
        if ready is None or time >= ready + LAPSE:
            return Clearance(allowed=allowed, delay=DELAY if allowed else 0)
        return Clearance(allowed=allowed, delay=DELAY, ready=ready, lapses=ready + LAPSE)

    def announce(self, now: Writing, operation: Announce) -> None:
        """Announce an operation, which can be carried out after the delay."""
        announced = operation.operation
        found = self.clearance(announced, now.sender, now.time)
        if not found.allowed:
            raise reverts.AccessManagerUnauthorizedCall(
                caller=now.sender, target=self._administrator, function=bytes(4)
            )
        if found.ready is not None:
            raise reverts.AccessManagerAlreadyScheduled(operation_id=_id(announced))
        self._announced.set((now.sender, announced), now.time + DELAY)

    def extend(self, now: Writing, operation: ExtendCalendar) -> None:
        """Load days after those loaded."""
        self.consume(now, operation)
        before = self.calendar()
        if operation.end_day <= before.end_day:
            raise reverts.CalendarReaches(given=operation.end_day, end_day=before.end_day)
        numbers = range(before.end_day // WORD, (operation.end_day - 1) // WORD + 1)
        if len(operation.words) != len(numbers):
            raise reverts.WordCountWrong(given=len(operation.words), needed=len(numbers))
        words = dict(before.exceptions)
        for number, word in zip(numbers, operation.words, strict=True):
            for day in range(number * WORD, (number + 1) * WORD):
                if before.end_day <= day < operation.end_day and word >> day % WORD & 1:
                    words[number] = words.get(number, 0) | 1 << day % WORD
        self._calendar.set(None, replace(before, end_day=operation.end_day, exceptions=words))
        now.emit(
            CalendarExtended(
                **now.place,
                from_day=before.end_day,
                end_day=operation.end_day,
                words=operation.words,
            )
        )

    def correct(self, now: Writing, operation: CorrectDay) -> None:
        """Make a day a working day, or one off."""
        self.consume(now, operation)
        before, day = self.calendar(), operation.day
        if day < (earliest := day_of(now.time) + NOTICE):
            raise reverts.DayTooNear(day=day, allowed_from=earliest)
        if not before.first_day <= day < before.end_day:
            raise reverts.CalendarMissing(day=day, end_day=before.end_day)
        if before.is_working(day) != operation.working:
            number = day // WORD
            words = {**before.exceptions}
            words[number] = words.get(number, 0) ^ 1 << day % WORD
            self._calendar.set(None, replace(before, exceptions=words))
        now.emit(DayCorrected(**now.place, day=day, working=operation.working))

    def consume(self, now: Writing, operation: Operation) -> None:
        """Refuse what the sender did not announce long enough before; use up what it did."""
        found = self.clearance(operation, now.sender, now.time)
        if not found.allowed:
            raise reverts.AccessManagedUnauthorized(caller=now.sender)
        if found.ready is None:
            raise reverts.AccessManagerNotScheduled(operation_id=_id(operation))
        if now.time < found.ready:
            raise reverts.AccessManagerNotReady(operation_id=_id(operation))
        self._announced.set((now.sender, operation), None)


def _id(operation: Operation) -> bytes:
    return keccak(repr(operation).encode())
