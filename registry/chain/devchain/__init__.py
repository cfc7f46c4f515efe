"""Run the local chain that needs no set-up: anvil in the background, made to lose nothing.

anvil is a development node: killed, it loses what it has not dumped. Here every block is archived
before a write counts as done (`DevJournal`), and a start makes the lost blocks again, bit for bit
(`DevChain.up`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from registry.chain.devchain.anvil import FAUCET, FAUCET_KEY
    from registry.chain.devchain.chain import DevChain
    from registry.chain.devchain.gate import GatedTransport
    from registry.chain.devchain.values import DevChainStatus, Endpoint, RestoreReport

__all__ = [
    "FAUCET",
    "FAUCET_KEY",
    "DevChain",
    "DevChainStatus",
    "Endpoint",
    "GatedTransport",
    "RestoreReport",
]

_PLACES: Final = {
    "FAUCET": "anvil",
    "FAUCET_KEY": "anvil",
    "DevChain": "chain",
    "DevChainStatus": "values",
    "Endpoint": "values",
    "GatedTransport": "gate",
    "RestoreReport": "values",
}


def __getattr__(name: str) -> object:
    """Load what is asked for: who only asks the running chain must not wait for what starts it."""
    try:
        place = _PLACES[name]
    except KeyError:
        raise AttributeError(name) from None
    return getattr(import_module(f"{__name__}.{place}"), name)
