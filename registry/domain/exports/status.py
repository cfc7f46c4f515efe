"""Say what the status of a credential is: what the record that it names comes to at a moment."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from registry.domain.product import ProductState
from registry.domain.verdict import Verdict

if TYPE_CHECKING:
    from registry.domain.grant import GrantState
    from registry.domain.product import Product


class Status(StrEnum):
    """Say what a credential turned out to be worth."""

    IN_FORCE = "in-force"
    DISPUTED = "disputed"
    NOT_STARTED = "not-started"
    SUSPENDED = "suspended"
    SEIZED = "seized"
    CONTROLLED = "controlled"
    EXHAUSTED = "exhausted"
    UNUSABLE = "unusable"
    EXPIRED = "expired"
    ENDED = "ended"
    RETIRED = "retired"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    NOT_IN_FORCE = "not-in-force"
    OTHER_CHAIN = "other-chain"
    AHEAD = "ahead"
    ALTERED = "altered"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"

    @property
    def exit_code(self) -> int:
        """Return the exit code of `dengji credential verify`."""
        return _EXITS.get(self, 1)


_EXITS: Final = {
    Status.IN_FORCE: 0,
    Status.DISPUTED: 0,
    Status.OTHER_CHAIN: 4,
    Status.AHEAD: 4,
    Status.ALTERED: 5,
    Status.SUPERSEDED: 6,
    Status.UNKNOWN: 7,
}
_STATES: Final = {
    ProductState.RETIRED: Status.RETIRED,
    ProductState.CANCELLED: Status.CANCELLED,
    ProductState.REVOKED: Status.REVOKED,
}


def of_product(product: Product, version: int) -> Status:
    """Return the status of one version of a product: its end first, then what stands against it."""
    if product.state is not ProductState.REGISTERED:
        return _STATES.get(product.state, Status.NOT_IN_FORCE)
    if product.expired:
        return Status.EXPIRED
    if version < product.latest:
        return Status.SUPERSEDED
    if product.seizures:
        return Status.SEIZED
    if product.controls:
        return Status.CONTROLLED
    return Status.DISPUTED if product.disputes else Status.IN_FORCE


def of_grant(state: GrantState, verdict: Verdict, time: int) -> Status:
    """Return the status of a grant at a time, in seconds since 1970.

    `verdict` judges the least use that it allows, by itself and by all it rests on: one unit.
    """
    if state.ended_by(time):
        return Status.REVOKED if state.revoked else Status.ENDED
    if state.suspended:
        return Status.SUSPENDED
    if verdict is Verdict.NOT_STARTED:
        return Status.NOT_STARTED
    if verdict in (Verdict.QUOTA_EXCEEDED, Verdict.PERIOD_EXCEEDED):
        return Status.EXHAUSTED
    if verdict is not Verdict.OK:
        return Status.UNUSABLE
    return Status.EXHAUSTED if state.remaining == 0 else Status.IN_FORCE
