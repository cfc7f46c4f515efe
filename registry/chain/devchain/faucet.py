"""Give money on the dev chain, by ordinary transactions that a restore covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.chain.calls import Call
from registry.chain.devchain.anvil import FAUCET_KEY
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner

if TYPE_CHECKING:
    from pathlib import Path

    from registry.chain.calls import Landed
    from registry.chain.journal import Journal
    from registry.chain.rpc import Rpc
    from registry.domain.ids import Address


def fund(rpc: Rpc, journal: Journal, *, locks: Path, address: Address, wei: int) -> Landed:
    """Send `wei` from anvil's first development account to an address; errors as of a sender."""
    sender = Sender(rpc, LocalSigner(FAUCET_KEY), journal, lock_dir=locks)
    return sender.send(Call(to=address, value=wei, purpose="fund"))
