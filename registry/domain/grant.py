"""Describe grants as the ledger keeps them: their state, without their clauses."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import GrantId, PartyId
    from registry.domain.vocabulary import Reason

UNLIMITED: Final = (1 << 52) - 1
"""What the chain keeps as the remaining quota of a grant that has none."""


class GrantStage(IntEnum):
    """Say what was last done to a grant.

    The last two are of grants that are suspended while the time runs until a revocation or an
    agreed end takes effect; a voided one never began.
    """

    NONE = 0
    ISSUED = 1
    SUSPENDED = 2
    REVOKED = 3
    ENDED = 4
    VOIDED = 5
    REVOKED_SUSPENDED = 6
    ENDED_SUSPENDED = 7


_SUSPENDED: Final = frozenset(
    {GrantStage.SUSPENDED, GrantStage.REVOKED_SUSPENDED, GrantStage.ENDED_SUSPENDED}
)
_REVOKED: Final = frozenset({GrantStage.REVOKED, GrantStage.REVOKED_SUSPENDED})


class GrantOrigin(IntEnum):
    """Say how a grant came about."""

    ONE_SIDED = 0
    SIGNED = 1
    SUB_GRANT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantState:
    """Hold the state of a grant at a moment.

    Times are in seconds since 1970; `ends_at` is None while the end is open, `remaining` None
    without a quota.
    """

    id: GrantId
    grantor: PartyId
    grantee: PartyId
    since: int
    ends_at: int | None
    remaining: int | None
    notice_days: int
    stage: GrantStage
    origin: GrantOrigin
    periodic: bool

    @property
    def suspended(self) -> bool:
        """Tell whether a suspension of the grant itself lasts."""
        return self.stage in _SUSPENDED

    @property
    def revoked(self) -> bool:
        """Tell whether the grant was revoked, in effect already or not."""
        return self.stage in _REVOKED

    def ended_by(self, time: int) -> bool:
        """Tell whether the grant is over at a time, in seconds since 1970."""
        return self.ends_at is not None and self.ends_at <= time


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSuspension:
    """Hold one suspension of a grant; `until` is None while it lasts, `evidence` is 12 bytes."""

    grant: GrantId
    index: int
    by: PartyId
    reason: Reason
    evidence: bytes
    since: int
    until: int | None = None
