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
    """Hold one case as it was last written; what time alone brings about shows in `flow`.

    `filer` filed it with `registrar`, which has the number `registrar_number`. `stage` began at
    `since`. `due_days` are the working days that the applicant was given to correct or supplement,
    `spent_days` those of the review before the present stage, `extension` those added to it.
    `submitted` is None for a draft, `publicised`, when publicity began, None where it did not.
    `objections` counts those raised in publicity that are open; `missing` are the parties whose
    consent is still needed. Times are in seconds since 1970.
    """

    product: ProductId
    index: int
    profile: Profile
    kind: CaseKind
    stage: Stage
    filer: PartyId
    registrar: PartyId
    since: int
    submitted: int | None = None
    publicised: int | None = None
    registrar_number: int = 0
    returned: bool = False
    waived: bool = False
    due_days: int = 0
    extension: int = 0
    spent_days: int = 0
    objections: int = 0
    missing: tuple[PartyId, ...] = ()

    @property
    def over(self) -> bool:
        """Tell whether the case has ended, as far as it was written."""
        return self.stage in ENDS
