"""See to it that all that is said of a moment is said of one chain.

State is asked for by the hash of a moment's block. Events are asked for by number, so that those of
another chain come where the block was given up meanwhile: whoever read them looks once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from registry.domain.moment import AtBlock
from registry.errors import BlockUnknown, ChainMoved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.domain.ledger import Ledger
    from registry.domain.moment import Moment

Told = TypeVar("Told")


def stands(ledger: Ledger, moment: Moment) -> bool:
    """Tell whether the block of a moment is still on the chain."""
    try:
        return ledger.moment(AtBlock(moment.block)).block_hash == moment.block_hash
    except BlockUnknown:
        return False


def require_standing(ledger: Ledger, moment: Moment) -> None:
    """Refuse what was read where the block of a moment is not on the chain; raises `ChainMoved`."""
    if not stands(ledger, moment):
        raise ChainMoved(block=moment.block)


def until(ledger: Ledger, moment: Moment, events: Iterable[Told]) -> Iterator[Told]:
    """Yield events that are read up to a moment; raises `ChainMoved` after the last one."""
    yield from events
    require_standing(ledger, moment)
