"""Remember up to where the events of a chain were told, whatever a reorganisation takes back."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from registry.services.standing import stands

if TYPE_CHECKING:
    from registry.domain.ledger import Ledger
    from registry.domain.moment import Moment

_KEPT: Final = 256
_DEEP: Final = 12
"""So many blocks a reorganisation may take back before the first look: they are all told then."""


class Looked:
    """Keep the last heads up to which was told: those that are gone are told anew."""

    def __init__(self, ledger: Ledger, first: int | None) -> None:
        """Begin with block `first`, with the one after the present head for None."""
        self._ledger = ledger
        self._heads: deque[Moment] = deque()
        self._first = first
        if first is None:
            self.add(ledger.moment(None))

    def add(self, head: Moment) -> None:
        """Note that everything up to a block was told, as of the block's hash."""
        self._heads.append(head)
        if len(self._heads) > _KEPT:
            self._first = self._heads.popleft().block + 1

    def following(self, now: Moment) -> int:
        """Return the first block to tell: the one after the last that is still on the chain."""
        while self._heads:
            told = self._heads[-1]
            if told.block_hash == now.block_hash or stands(self._ledger, told):
                return told.block + 1
            if self._first is None and len(self._heads) == 1:
                # How many blocks before it are gone as well nobody knows.
                return max(0, told.block + 1 - _DEEP)
            self._heads.pop()
        return self._first or 0
