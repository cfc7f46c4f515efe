"""Say whether a first application came in time after operation began.

The ledger does not know the day on which operation and supply began: the form says it. So a late
application is taken, and only the client can tell that it is late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.calendar import from_date, official, start_of
from registry.domain.flow_table import SUBMISSION_DAYS, CaseKind
from registry.errors import CalendarEnds
from registry.records import dataclass

if TYPE_CHECKING:
    from datetime import date

    from registry.domain.calendar import WorkCalendar
    from registry.domain.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Hold by when an application was due, and whether it was late.

    `since` is the day on which operation began, `due` in seconds since 1970. `submitted` says
    whether it was submitted; a draft is late once its time is over.
    """

    since: int
    due: int
    submitted: bool
    late: bool


def submission(
    case: Case, began: date | None, calendar: WorkCalendar, time: int
) -> Submission | None:
    """Return how the time of an application is kept by a time, None where none is set.

    `case` is that of the first registration and `began` the day that its form names. Days before
    the ledger's calendar are reckoned by the official one.
    """
    days = SUBMISSION_DAYS.get(case.profile)
    if days is None or began is None or case.kind is not CaseKind.INITIAL:
        return None
    since = from_date(began.year, began.month, began.day)
    known = calendar if since >= calendar.first_day else official(began.year)
    try:
        due = known.deadline(start_of(since), days)
    except CalendarEnds:
        return None
    submitted = case.submitted
    return Submission(
        since=since,
        due=due,
        submitted=submitted is not None,
        late=(time if submitted is None else submitted) >= due,
    )
