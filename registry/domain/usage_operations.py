"""Say what can be done about use, as values that any ledger carries out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from registry.domain.vocabulary import Environment
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ancestry import Path
    from registry.domain.usage import SignedReceipt
    from registry.domain.vocabulary import Action, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUsage:
    """Record a use and debit it to the grant and all it rests on.

    As the grantor, the grantee or the service party. `path` is the way down to the grant, itself at
    its end; `amount` is in units of the quota. `wish` as in `Issue`: two uses alike are two uses.
    """

    path: Path
    action: Action
    purpose: Purpose
    amount: int
    environment: Environment = Environment(0)
    territory: int = 0
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Hold a receipt that both sides signed, and the way down to its grant, itself at its end.

    `first` says that no receipt of the grant was settled before: then its clauses are shown.
    """

    path: Path
    signed: SignedReceipt
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleReceipts:
    """Settle receipts; whoever files them need be neither side.

    Of several those that say no more than what is settled already are left out, and have no event;
    any other fault of one undoes all.
    """

    items: tuple[Settlement, ...]


UsageOperation: TypeAlias = RecordUsage | SettleReceipts
"""Anything that can be written about use."""
