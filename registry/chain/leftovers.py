"""Write down what became of transactions that nobody asks for any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain.locks import AccountLock
from registry.chain.recovery import Recovery
from registry.chain.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from registry.chain.calls import Notice
    from registry.chain.entries import Chain
    from registry.chain.journal import Journal
    from registry.chain.rpc import Rpc
    from registry.domain.ids import Address

_LOOKS: Final = 2
"""The second look finds what the first one sent again, where the chain makes blocks at once."""


def settle(
    rpc: Rpc,
    journal: Journal,
    chain: Chain,
    accounts: Sequence[Address | None],
    *,
    lock_dir: Path,
    notify: Callable[[Notice], None],
) -> None:
    """Settle the unfinished transactions of accounts, and send again what the node has lost.

    What waits for its block is left to wait; where there are none nothing is asked. Raises as
    `Recovery.run` does, and `AccountBusy` where another process sends with the key: then that one
    sees to it.
    """
    for account in filter(None, accounts):
        lock = AccountLock(lock_dir, chain.chain_id, account)
        recovery = Recovery(journal, Submission(rpc, account), notify)
        for _ in range(_LOOKS):
            if journal.unfinished(chain, account.raw):
                with lock.held(timeout=0, waiting=lambda: None):
                    recovery.run()
