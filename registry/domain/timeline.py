"""Tell what became of a product's cases, where the last one stands, and what may happen next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.flow_table import ENDS
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.case import Case, Objection
    from registry.domain.flow import Option, Standing
    from registry.domain.flow_table import Act, Stage
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.moment import Moment
    from registry.domain.submission import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one thing that happened: who did what in which case, when, and what followed.

    `by` is None for what time alone brought about, which no event tells. `due` is the limit that it
    set, in seconds since 1970; `overdue` says that it came too late and stands. `digest` is that of
    the document it rests on. `index` is that of the objection, where it is about one.
    """

    case: int
    act: Act
    stage: Stage
    time: int
    by: PartyId | None = None
    due: int | None = None
    overdue: bool = False
    digest: bytes | None = None
    index: int | None = None
    block: int | None = None
    transaction: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Hold a product's history of cases at a moment.

    `case` is the last case, `standing` where it stands at that time, `options` what may happen
    next. `entries` are in order of time, those of the clock among them. `due` is the time limit
    that runs at the stage, None where none does. `submission` says whether the first application
    came in time, where it is known here when operation began.
    """

    product: ProductId
    case: Case
    standing: Standing
    entries: tuple[Entry, ...]
    options: tuple[Option, ...]
    objections: tuple[Objection, ...]
    moment: Moment
    code: str | None = None
    due: int | None = None
    submission: Submission | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Hold a case on somebody's desk: where it stands, who must act, by when.

    `awaiting` are the parties that the case waits for, none while it waits for time alone. `due` is
    the time limit that runs, None where none does; `time` is the moment it was judged at.
    `objections` counts those to the registration that its registrar has yet to answer, which keep
    even a case that has ended on the desk.
    """

    case: Case
    standing: Standing
    awaiting: tuple[PartyId, ...]
    due: int | None
    time: int
    objections: int = 0

    @property
    def over(self) -> bool:
        """Tell whether the case has ended, and no objection is left to answer."""
        return self.standing.stage in ENDS and not self.objections

    @property
    def overdue(self) -> bool:
        """Tell whether the limit has run out."""
        return self.due is not None and self.time >= self.due
