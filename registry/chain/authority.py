"""Ask the access manager who may carry out what, and since when it is announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.chain import abi
from registry.chain.bindings import Authority
from registry.chain.calls import Call
from registry.chain.questions import Question
from registry.domain.keccak import keccak
from registry.domain.restricted import Clearance

if TYPE_CHECKING:
    from registry.chain.abi import AbiValue
    from registry.domain.ids import Address

_SELECTOR = 4


def announcement(authority: Address, call: Call) -> Call:
    """Return the call that announces another one, to be carried out as soon as it may be."""
    target = (call.to or authority).raw
    data = Authority.schedule.call(target, call.data, 0)
    return Call(to=authority, data=data, purpose="schedule")


def questions(authority: Address, call: Call, account: Address) -> list[Question]:
    """Return what to ask about a call by an account, in the order that `clearance` reads."""
    target = (call.to or authority).raw
    operation = keccak(
        abi.encode(("address", "address", "bytes"), (account.raw, target, call.data))
    )
    return [
        Question(authority, Authority.can_call, (account.raw, target, call.data[:_SELECTOR])),
        Question(authority, Authority.get_schedule, (operation,)),
        Question(authority, Authority.expiration, ()),
    ]


def clearance(answers: list[tuple[AbiValue, ...]]) -> Clearance:
    """Return what the answers to `questions` say."""
    (immediate, delay), (ready,), (expiration,) = answers
    return Clearance(
        allowed=bool(immediate or delay),
        delay=int(delay),
        ready=int(ready) or None,
        lapses=int(ready) + int(expiration) if ready else None,
    )
