"""Choose what to offer for gas, from what the node says of the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.transactions import DynamicFee, Fee, LegacyFee
from registry.errors import FeeTooHigh, NodeRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.rpc import Request
    from registry.chain.wire import Header, Json

_GWEI: Final = 10**9
_RAISE_PER_THOUSAND: Final = 1125

QUESTIONS: Final[tuple[Request, ...]] = (
    ("eth_maxPriorityFeePerGas", ()),
    ("eth_gasPrice", ()),
)
"""What to ask a node, beside its latest header, before `Fees.choose`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """Say how to choose fees.

    `headroom` is how many times the present base fee a transaction may come to pay, so that it
    stays acceptable while blocks are full. `ceiling`, in wei for each unit of gas, is never
    exceeded; None sets none. `tip` is offered where the node does not suggest one.
    """

    headroom: int = 2
    ceiling: int | None = None
    tip: int = _GWEI

    def choose(self, head: Header, answers: Sequence[Json | NodeRefused]) -> Fee:
        """Return the fee for a new transaction, from the answers to `QUESTIONS`.

        On a network without a base fee it is the price that the node suggests.
        Raises FeeTooHigh where the ceiling is below what the next block may ask, WireError where an
        answer is malformed, NodeRefused where the node does not say what it needs to.
        """
        suggested, price = answers
        if head.base_fee is None:
            if isinstance(price, NodeRefused):
                raise price
            return LegacyFee(price=self._bounded(wire.quantity(price), wire.quantity(price)))
        tip = self.tip if isinstance(suggested, NodeRefused) else wire.quantity(suggested)
        least = head.base_fee * _RAISE_PER_THOUSAND // 1000 + 1
        limit = self._bounded(head.base_fee * self.headroom + tip, least)
        return DynamicFee(max_fee=limit, priority=min(tip, limit))

    def raised(self, before: Fee, present: Fee) -> Fee:
        """Return the fee of a replacement: what is due at present, at least an eighth above before.

        Nodes take a replacement only when both amounts rise by a tenth, some by an eighth.
        Raises FeeTooHigh where that is above the ceiling.
        """
        if isinstance(before, LegacyFee):
            price = max(_raised(before.price), present.limit)
            return LegacyFee(price=self._bounded(price, _raised(before.price)))
        tip = present.priority if isinstance(present, DynamicFee) else present.price
        limit = max(_raised(before.max_fee), present.limit)
        limit = self._bounded(limit, _raised(before.max_fee))
        return DynamicFee(max_fee=limit, priority=min(limit, max(_raised(before.priority), tip)))

    def _bounded(self, wanted: int, least: int) -> int:
        if self.ceiling is None or wanted <= self.ceiling:
            return wanted
        if least > self.ceiling:
            raise FeeTooHigh(asked=str(least), ceiling=str(self.ceiling))
        return self.ceiling


def _raised(amount: int) -> int:
    """Return an eighth more, and one wei where that is nothing."""
    return -(-amount * _RAISE_PER_THOUSAND // 1000) + (amount == 0)
