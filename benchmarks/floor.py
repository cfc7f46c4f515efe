"""Do the least that a record on a chain takes, and say what it costs in gas.

`benchmarks/contracts/Floor.sol` takes the same arguments as the registries, writes one slot and one
log of the same fields for each item, and judges nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchmarks.hand import Hand
from benchmarks.ours import MOST_LEAVES, registration
from benchmarks.packages import floor
from benchmarks.payloads import locator, word
from registry.chain import registrations
from registry.domain.keccak import keccak

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.chain.abi import AbiValue
    from registry.domain.clauses import Clauses

_PRESENT: Final = 10
_REASON: Final = 1


class Floor:
    """Record with one account.

    :param clauses: returns what a grant says, another each time.
    """

    def __init__(self, hand: Hand, clauses: Callable[[], Clauses]) -> None:
        """Create the contract."""
        self._hand = hand
        self._clauses = clauses
        self._floor = hand.place(floor())

    def measure(self, sizes: Sequence[int]) -> dict[str, float]:
        """Return the gas of each task, and for each of a batch of each size."""
        for _ in range(_PRESENT):
            self._do("register", self._registration())
            self._do("issue", self._clauses().pack())
        grant = self._clauses().pack()
        costs: dict[str, float] = {
            "register": self._do("register", self._registration()),
            "listed": self._do("registerListed", self._registration(), word()[:20], locator()),
            "grant": self._do("issue", grant),
            "revoke": self._do("revoke", keccak(grant), _REASON),
            "anchor": self._do("anchor", word(), MOST_LEAVES),
        }
        for size in sizes:
            costs |= {f"{task}_{size}": used / size for task, used in self._many(size)}
        return costs

    def _many(self, size: int) -> list[tuple[str, int]]:
        """Return the gas of each task for so many items in one transaction."""
        grants = [self._clauses().pack() for _ in range(size)]
        items = [self._registration() for _ in range(size)]
        return [
            ("register", self._do("registerBatch", items)),
            ("grant", self._do("issueBatch", grants)),
            ("revoke", self._do("revokeBatch", list(map(keccak, grants)), _REASON)),
        ]

    def _registration(self) -> tuple[AbiValue, ...]:
        return registrations.registration(registration())

    def _do(self, function: str, *arguments: AbiValue) -> int:
        return self._hand.do(self._floor, function, *arguments).gas_used
