"""Try calls out on a node before they are signed, and find out why one failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain import reverts, wire
from registry.chain.rpc import METHOD_UNKNOWN
from registry.chain.transactions import parse
from registry.errors import (
    ChainError,
    InsufficientFunds,
    NodeRefused,
    RegistryError,
    UnexplainedRevert,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.chain.calls import Call
    from registry.chain.entries import Entry, Inclusion
    from registry.chain.rpc import Request, Rpc
    from registry.chain.wire import Json
    from registry.domain.ids import Address

_SIMULATE: Final = "eth_simulateV1"
_TRANSACTION_GAS_CAP: Final = 1 << 24
"""What EIP-7825 allows one transaction."""
_SPARE_GAS: Final = 50_000
_CHEAP: Final = 400_000
"""Below this limit the spare gas covers what like calls may cost more."""
_SELECTOR: Final = 4
_FEW: Final = 4
_MANY: Final = 8
_LARGE: Final = 1 << 14
"""From so many calls on, or bytes of calldata, trying them out in one request is worth it."""
_MOST: Final = 256


class Simulation:
    """Ask one node what calls of one account would do."""

    def __init__(self, rpc: Rpc, account: Address) -> None:
        """Name the node and the account."""
        self._rpc = rpc
        self._account = account
        self._together = _MOST

    def gas_limits(self, calls: Sequence[Call], block: str) -> list[int | RegistryError]:
        """Return a gas limit for each call at a block, or the error that refuses it.

        Many calls are tried out in one request, one upon the other, where the node can; those that
        fail there are asked about one by one. A limit is a third above what the call takes and
        more: calls in flight before it may change what one costs.
        """
        limits: dict[int, int | RegistryError] = dict(self._tried_together(calls, block))
        rest = [index for index in range(len(calls)) if index not in limits]
        limits.update(zip(rest, self._apart([calls[k] for k in rest], block), strict=True))
        return [limits[index] for index in range(len(calls))]

    def _tried_together(self, calls: Sequence[Call], block: str) -> Iterator[tuple[int, int]]:
        """Yield place and gas limit of the calls that pass in a block that the node makes up."""
        if any(call.to is None for call in calls):
            # Not every node simulates the making of a contract.
            return
        if len(calls) < _MANY and sum(len(call.data) for call in calls) < _LARGE:
            return
        start = 0
        while start < len(calls) and self._together:
            part = calls[start : start + self._together]
            used = self._gas_used(part, block)
            if used is None:
                continue
            for index, (call, gas) in enumerate(zip(part, used, strict=True), start=start):
                limit = _with_spare(gas or 0)
                if gas and limit < _TRANSACTION_GAS_CAP:
                    yield index, call.gas or limit
            start += len(part)

    def _gas_used(self, calls: Sequence[Call], block: str) -> list[int | None] | None:
        """Return what each call takes, None for one that fails; None where the node refuses.

        Nodes limit what one request may take, and some have no such method: then fewer are asked
        about from now on, or none.
        """
        asked = {"blockStateCalls": [{"calls": [self._request(call) for call in calls]}]}
        (answer,) = self._rpc.attempt([(_SIMULATE, (asked, block))])
        if isinstance(answer, NodeRefused):
            self._together = 0 if answer.error in METHOD_UNKNOWN else len(calls) // 2
            return None
        used = self._rpc.shaped(_SIMULATE, answer, _simulated)
        if len(used) != len(calls):
            raise self._rpc.malformed(_SIMULATE, f"{len(used)} results for {len(calls)} calls")
        return used

    def _apart(self, calls: Sequence[Call], block: str) -> list[int | RegistryError]:
        """Return what `gas_limits` does, asking about each call.

        Of many cheap calls of one shape (target, function, length) the first is estimated and the
        others only tried out, which costs a node a tenth; they get its limit.
        """
        shapes = [(call.to, call.data[:_SELECTOR], len(call.data)) for call in calls]
        firsts = {shape: index for index, shape in reversed(list(enumerate(shapes)))}
        chosen = sorted(firsts.values()) if len(calls) > _FEW else list(range(len(calls)))
        limits = dict(zip(chosen, self._estimated(calls, chosen, block), strict=True))
        rest = [index for index in range(len(calls)) if index not in limits]
        samples = [limits[firsts[shapes[index]]] for index in rest]
        alike = [k for k, limit in zip(rest, samples, strict=True) if _is_cheap(limit)]
        apart = [k for k, limit in zip(rest, samples, strict=True) if not _is_cheap(limit)]
        for index, refusal in zip(alike, self._refusals(calls, alike, block), strict=True):
            limits[index] = refusal or limits[firsts[shapes[index]]]
        limits.update(zip(apart, self._estimated(calls, apart, block), strict=True))
        return [limits[index] for index in range(len(calls))]

    def _estimated(
        self, calls: Sequence[Call], chosen: Sequence[int], block: str
    ) -> list[int | RegistryError]:
        answers = self._answers("eth_estimateGas", calls, chosen, block)
        return [
            self._refused(calls[index], answer, block)
            if isinstance(answer, NodeRefused)
            else calls[index].gas
            or _with_spare(self._rpc.shaped("eth_estimateGas", answer, wire.quantity))
            for index, answer in zip(chosen, answers, strict=True)
        ]

    def _refusals(
        self, calls: Sequence[Call], chosen: Sequence[int], block: str
    ) -> list[RegistryError | None]:
        answers = self._answers("eth_call", calls, chosen, block)
        return [
            self._refused(calls[index], answer, block) if isinstance(answer, NodeRefused) else None
            for index, answer in zip(chosen, answers, strict=True)
        ]

    def _answers(
        self, method: str, calls: Sequence[Call], chosen: Sequence[int], block: str
    ) -> list[Json | NodeRefused]:
        return self._rpc.attempt(
            [(method, (self._request(calls[index]), block)) for index in chosen]
        )

    def confirm(self, call: Call, since: int) -> RegistryError | None:
        """Return why a node that has the block `since` refuses a call, None where it does not.

        Behind one address there may be several nodes, and one that lags refuses what rests on a
        block that it has not seen. The number of its newest block is asked for along with the call.
        Raises NodeAnswerMalformed where the node that answers lacks the block.
        """
        tried: Request = ("eth_call", (self._request(call), "pending"))
        head, answer = self._rpc.attempt([("eth_blockNumber", ()), tried])
        self.require(since, self._rpc.shaped("eth_blockNumber", head, wire.quantity))
        return self._refused(call, answer, "pending") if isinstance(answer, NodeRefused) else None

    def require(self, since: int, head: int) -> None:
        """Raise NodeAnswerMalformed where the newest block of who answered is an older one."""
        if head < since:
            raise self._rpc.malformed("eth_blockNumber", f"{head}, after block {since}")

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
        if refusal.data and reverts.is_revert(refusal):
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


def _is_cheap(limit: int | RegistryError) -> bool:
    return isinstance(limit, int) and limit <= _CHEAP


def _simulated(value: Json) -> list[int | None]:
    """Read what the one block of a simulation says of its calls: gas used, None for a failure."""
    (block,) = wire.items(value)
    calls = map(wire.record, wire.items(wire.member(wire.record(block), "calls")))
    return [
        wire.quantity(wire.member(one, "gasUsed"))
        if wire.quantity(wire.member(one, "status")) == 1
        else None
        for one in calls
    ]


def _with_spare(estimate: int) -> int:
    limit = estimate * 4 // 3 + _SPARE_GAS
    return max(estimate, min(limit, _TRANSACTION_GAS_CAP))
