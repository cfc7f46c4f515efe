"""Answer whether a use is allowed: the use asked about, the verdict, and what it rests on."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from registry.domain.vocabulary import Environment
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import GrantId, PartyId
    from registry.domain.moment import Moment
    from registry.domain.vocabulary import Action, Purpose


_UNDECLARED: Final = Environment(0)


class Verdict(IntEnum):
    """Say whether a use is allowed: `OK`, or the first reason why not."""

    OK = 0
    GRANT_UNKNOWN = 1
    GRANT_REVOKED = 2
    GRANT_ENDED = 3
    GRANTOR_SUSPENDED = 4
    GRANTEE_SUSPENDED = 5
    NOT_STARTED = 6
    PRODUCT_NOT_IN_FORCE = 7
    USER_NOT_GRANTEE = 8
    VERSION_NOT_GRANTED = 9
    ACTION_NOT_GRANTED = 10
    PURPOSE_NOT_GRANTED = 11
    ENVIRONMENT_NOT_GRANTED = 12
    TERRITORY_NOT_GRANTED = 13
    QUOTA_EXCEEDED = 14
    PRODUCT_SEIZED = 15
    PRODUCT_CONTROLLED = 16
    PRODUCT_EXPIRED = 17
    GRANT_SUSPENDED = 18
    GRANT_VOIDED = 19
    PERIOD_EXCEEDED = 20
    ANCESTOR_REVOKED = 21
    ANCESTOR_ENDED = 22
    ANCESTOR_SUSPENDED = 23
    ANCESTOR_PARTY_SUSPENDED = 24
    ANCESTOR_EXHAUSTED = 25

    @property
    def rank(self) -> int:
        """Return how far the question came: the chain tests its conditions in this order."""
        return _ORDER.index(self)


_ORDER: Final = (
    *(Verdict.GRANT_UNKNOWN, Verdict.GRANT_VOIDED),
    *(Verdict.ANCESTOR_REVOKED, Verdict.ANCESTOR_ENDED, Verdict.ANCESTOR_SUSPENDED),
    Verdict.ANCESTOR_PARTY_SUSPENDED,
    *(Verdict.GRANT_REVOKED, Verdict.GRANT_ENDED, Verdict.GRANT_SUSPENDED),
    *(Verdict.GRANTOR_SUSPENDED, Verdict.GRANTEE_SUSPENDED, Verdict.NOT_STARTED),
    *(Verdict.PRODUCT_NOT_IN_FORCE, Verdict.PRODUCT_EXPIRED, Verdict.PRODUCT_SEIZED),
    *(Verdict.PRODUCT_CONTROLLED, Verdict.USER_NOT_GRANTEE, Verdict.VERSION_NOT_GRANTED),
    *(Verdict.ACTION_NOT_GRANTED, Verdict.PURPOSE_NOT_GRANTED, Verdict.ENVIRONMENT_NOT_GRANTED),
    *(Verdict.TERRITORY_NOT_GRANTED, Verdict.QUOTA_EXCEEDED, Verdict.PERIOD_EXCEEDED),
    *(Verdict.ANCESTOR_EXHAUSTED, Verdict.OK),
)
"""The order in which the chain tests its conditions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Hold a use asked about: exactly one action and one purpose.

    `version` 0 is the latest; `environment` and `territory` 0 are undeclared; `amount` is in units
    of the quota; `time` is in seconds since 1970, None for the time of the question.
    """

    user: PartyId
    action: Action
    purpose: Purpose
    version: int = 0
    environment: Environment = _UNDECLARED
    territory: int = 0
    amount: int = 1
    time: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Hold the answer to one question and what it rests on; it is true when the use is allowed.

    `grant` is the grant that decided, None where there is none to decide by.
    """

    verdict: Verdict
    use: Use
    moment: Moment
    grant: GrantId | None = None

    def __bool__(self) -> bool:
        return self.verdict is Verdict.OK
