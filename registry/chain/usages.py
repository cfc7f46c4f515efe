"""Turn operations on use into calls, and read what the chain keeps of use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from registry.chain.agreements import approval
from registry.chain.bindings import GrantRegistry, UsageMeter
from registry.domain.usage import Period, Settled
from registry.domain.usage_operations import RecordUsage, SettleReceipts

if TYPE_CHECKING:
    from registry.chain.abi import AbiValue
    from registry.chain.layouts import Function
    from registry.domain.signing import UsageReceipt
    from registry.domain.usage_operations import Settlement

_U32: Final = 0xFFFF_FFFF
_U40: Final = 0xFF_FFFF_FFFF
_U64: Final = 0xFFFF_FFFF_FFFF_FFFF


def _record(operation: RecordUsage) -> tuple[AbiValue, ...]:
    """Return the arguments of `record`; a use is one word (contracts/types/Usage.sol)."""
    word = (
        int(operation.environment) << 160
        | int(operation.purpose) << 128
        | int(operation.action) << 96
        | operation.territory << 64
        | operation.amount
    )
    clauses, above = operation.path.raw()
    return above, clauses, word


def _settlement(item: Settlement) -> tuple[AbiValue, ...]:
    """Return the ``Settlement`` struct; clauses are shown with the first receipt alone."""
    path, told = item.path, item.signed.receipt
    lineage = [*path.above, path.clauses.clauses_hash()] if path.above else []
    return (
        told.grant.raw,
        _receipt(told),
        lineage,
        path.clauses.pack() if item.first else b"",
        approval(item.signed.grantor),
        approval(item.signed.grantee),
    )


def _receipt(told: UsageReceipt) -> int:
    """Return the ``Receipt`` word (contracts/types/Receipt.sol)."""
    return (
        told.cumulative << 136
        | told.sequence << 104
        | int(told.purpose) << 72
        | int(told.action) << 40
        | told.at
    )


USAGE_CALLS: Final[dict[type, tuple[str, Function, Callable[[Any], tuple[AbiValue, ...]]]]] = {
    RecordUsage: ("grants", GrantRegistry.record, _record),
    SettleReceipts: ("meter", UsageMeter.settle, lambda o: ([_settlement(i) for i in o.items],)),
}
"""The contract, the function and its arguments, for each kind of operation on use."""


def settled_of(word: int) -> Settled:
    """Return what a ``SettledWord`` says."""
    return Settled(cumulative=word >> 72 & _U64, sequence=word >> 40 & _U32, at=word & _U40)


def period_of(word: int) -> Period | None:
    """Return what a ``PeriodWord`` says, None for none."""
    if not word:
        return None
    return Period(
        limit=word >> 168 & _U64,
        used=word >> 104 & _U64,
        length=word >> 72 & _U32,
        index=word >> 40 & _U32,
        first_at=word & _U40,
    )
