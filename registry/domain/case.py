"""Describe cases of registration and objections as the ledger keeps them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from registry.domain.flow_table import ENDS, CaseKind, Stage
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.product import Profile


class Outcome(IntEnum):
    """Say what became of an objection."""

    OPEN = 0
    REJECTED = 1
    UPHELD = 2
    SETTLED = 3
    REFERRED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Hold one objection to a product; `until` is when it was decided, None while it is open.

    Times are in seconds since 1970; `evidence` is what the ledger keeps of its digest.
    """

    product: ProductId
    index: int
    by: PartyId
    since: int
    until: int | None = None
    evidence: bytes = b""
    outcome: Outcome = Outcome.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Hold one case as it is stored; what lapses or counts as done in time shows in `flow`.

    `stage` was entered at `since`. `days` are the working days that the registrar gave to correct
    or supplement, `spent` those of the review before `since`, `extension` those added to it.
    `publicised` is when publicity began and `decided` when the last of its objections was decided,
    None where there was none. `missing` are the parties whose consent is still needed. Times are in
    seconds since 1970.
    """

    product: ProductId
    index: int
    profile: Profile
    kind: CaseKind
    stage: Stage
    applicant: PartyId
    registrar: PartyId
    submitted: int
    since: int
    days: int = 0
    spent: int = 0
    extension: int = 0
    publicised: int | None = None
    decided: int | None = None
    open_objections: int = 0
    returned: bool = False
    extended: bool = False
    waived: bool = False
    missing: tuple[PartyId, ...] = ()

    @property
    def over(self) -> bool:
        """Tell whether the case has ended, as far as it is stored."""
        return self.stage in ENDS
