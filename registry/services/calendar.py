"""Show, load and correct the calendar of working days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.calendar import WORD, from_date, official
from registry.domain.operations import CorrectDay, ExtendCalendar
from registry.errors import CalendarEnds
from registry.services.restricted import carry_out

if TYPE_CHECKING:
    from registry.domain.calendar import WorkCalendar
    from registry.domain.moment import At
    from registry.services.actor import Actor
    from registry.services.restricted import Progress


class Calendar:
    """Serve the tasks about working days."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    def get(self, *, at: At | None = None) -> WorkCalendar:
        """Return the calendar, now or at a past moment."""
        ledger = self._actor.ledger
        return ledger.calendar(at=None if at is None else ledger.moment(at))

    def load(self, calendar: WorkCalendar | None = None, *, until: int | None = None) -> Progress:
        """Take the next step of loading days after those loaded, announced ones unless given.

        `until` is the first day not to be loaded, a number; raises `CalendarEnds` where nothing
        is announced beyond what is loaded already.
        """
        source, present = calendar or official(), self.get()
        end = min(until or source.end_day, source.end_day)
        if end <= present.end_day:
            left = ExtendCalendar(end_day=end, words=(), wish=str(end))
            if self._actor.awaits(left):
                return carry_out(self._actor, left)
            raise CalendarEnds(day=present.end_day, end_day=source.end_day)
        numbers = range(present.end_day // WORD, (end - 1) // WORD + 1)
        words = tuple(source.exceptions.get(number, 0) for number in numbers)
        return carry_out(self._actor, ExtendCalendar(end_day=end, words=words, wish=str(end)))

    def correct(self, year: int, month: int, day: int, *, working: bool) -> Progress:
        """Take the next step of making a day, two or more ahead, a working day or one off."""
        return carry_out(self._actor, CorrectDay(day=from_date(year, month, day), working=working))
