"""Carry out operations of the administration in their two steps: announce, wait, do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from registry.domain.operations import Announce
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ledger import Receipt
    from registry.domain.operations import Operation
    from registry.services.actor import Actor


class Step(StrEnum):
    """Say how far an operation of the administration has come."""

    ANNOUNCED = "announced"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Hold how far it has come: what was written now, None while waiting.

    `ready` is from when on it can be carried out and `lapses` until when, in seconds since 1970;
    `now` is the ledger's time.
    """

    step: Step
    now: int
    receipt: Receipt | None = None
    ready: int | None = None
    lapses: int | None = None


def carry_out(actor: Actor, operation: Operation) -> Progress:
    """Take the next step of an operation: announce it, or do it once its time has come.

    Asked again in between it says how long there is to wait. Raises `AccessManagerUnauthorized…`
    of the contracts where the account does not administer.
    """
    account, ledger = actor.key(), actor.ledger
    if actor.awaits(operation):
        return _done(actor, operation)
    found, now = ledger.clearance(operation, account=account), ledger.moment().time
    at_once = found.allowed and not found.delay
    waiting = found.ready is not None and now < found.ready
    announcing = Announce(operation=operation)
    if waiting and not actor.awaits(announcing):
        return Progress(step=Step.WAITING, now=now, ready=found.ready, lapses=found.lapses)
    if waiting or (found.ready is None and not at_once):
        receipt = actor.submit(announcing)
        found = ledger.clearance(operation, account=account)
        return Progress(
            step=Step.ANNOUNCED,
            now=receipt.time,
            receipt=receipt,
            ready=found.ready,
            lapses=found.lapses,
        )
    return _done(actor, operation)


def _done(actor: Actor, operation: Operation) -> Progress:
    receipt = actor.submit(operation)
    return Progress(step=Step.DONE, now=receipt.time, receipt=receipt)
