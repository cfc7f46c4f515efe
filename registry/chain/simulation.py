"""Try calls out on a node before they are signed, and find out why one failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain import reverts, wire
from registry.chain.transactions import parse
from registry.errors import (
    ChainError,
    InsufficientFunds,
    NodeRefused,
    RegistryError,
    UnexplainedRevert,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.calls import Call
    from registry.chain.entries import Entry, Inclusion
    from registry.chain.rpc import Rpc
    from registry.chain.wire import Json
    from registry.domain.ids import Address

_TRANSACTION_GAS_CAP: Final = 1 << 24
"""What EIP-7825 allows one transaction."""
_SPARE_GAS: Final = 30_000


class Simulation:
    """Ask one node what calls of one account would do."""

    def __init__(self, rpc: Rpc, account: Address) -> None:
        """Name the node and the account."""
        self._rpc = rpc
        self._account = account

    def gas_limits(self, calls: Sequence[Call], block: str) -> list[int | RegistryError]:
        """Return a gas limit for each call at a block, or the error that refuses it.

        The limit is a third above the estimate: calls in flight before it may change what it costs.
        """
        answers = self._rpc.attempt(
            [("eth_estimateGas", (self._request(call), block)) for call in calls]
        )
        return [
            self._refused(call, answer, block)
            if isinstance(answer, NodeRefused)
            else call.gas or _with_spare(self._rpc.shaped("eth_estimateGas", answer, wire.quantity))
            for call, answer in zip(calls, answers, strict=True)
        ]

    def explain(self, entry: Entry, inclusion: Inclusion) -> RegistryError:
        """Return why a transaction failed in its block, found by asking again on the block before.

        Where that does not fail, it is asked again with the block's own time, on nodes that can.
        """
        transaction = parse(entry.raw)
        request = {
            "from": self._account.hex,
            "data": wire.to_data(transaction.data),
            "value": wire.to_quantity(transaction.value),
            "gas": wire.to_quantity(transaction.gas),
        }
        if transaction.to is not None:
            request["to"] = wire.to_data(transaction.to)
        parent = wire.to_quantity(inclusion.block - 1)
        clock = {"time": wire.to_quantity(inclusion.time)}
        found = self._revert((request, parent)) or self._revert((request, parent, {}, clock))
        if found is not None:
            return found
        return UnexplainedRevert(
            transaction=wire.to_data(entry.hash),
            block=inclusion.block,
            gas_used=inclusion.gas_used,
            gas_limit=transaction.gas,
        )

    def _revert(self, params: tuple[Json, ...]) -> RegistryError | None:
        try:
            (answer,) = self._rpc.attempt([("eth_call", params)])
        except ChainError:
            return None
        if isinstance(answer, NodeRefused) and reverts.is_revert(answer):
            return reverts.decode(wire.data(answer.data or "0x"))
        return None

    def _refused(self, call: Call, refusal: NodeRefused, block: str) -> RegistryError:
        if refusal.data:
            return reverts.decode(wire.data(refusal.data))
        if "insufficient funds" in refusal.message.lower():
            return self._unfunded(call)
        if not reverts.is_revert(refusal):
            return refusal
        # Some nodes give the data of a revert only for eth_call.
        explained = self._revert((self._request(call), block))
        return reverts.decode(b"") if explained is None else explained

    def _unfunded(self, call: Call) -> InsufficientFunds:
        balance = self._rpc.ask(wire.quantity, "eth_getBalance", self._account.hex, "latest")
        return InsufficientFunds(
            address=str(self._account), balance=str(balance), needed=str(call.value)
        )

    def _request(self, call: Call) -> dict[str, str]:
        request = {"from": self._account.hex, "data": wire.to_data(call.data)}
        if call.to is not None:
            request["to"] = call.to.hex
        if call.value:
            request["value"] = wire.to_quantity(call.value)
        return request


def _with_spare(estimate: int) -> int:
    limit = estimate * 4 // 3 + _SPARE_GAS
    return max(estimate, min(limit, _TRANSACTION_GAS_CAP))
