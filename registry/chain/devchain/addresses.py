"""Say where a recorded chain is, and refuse another one there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.devchain import record
from registry.chain.devchain.values import Endpoint
from registry.chain.rpc import Rpc
from registry.errors import ChainError, ConnectionLost, ForeignChain, NodeUnreachable

if TYPE_CHECKING:
    from registry.chain.devchain.record import Record
    from registry.chain.devchain.values import RestoreReport

_QUESTION_SECONDS: Final = 1.0


def endpoint(
    found: Record, *, started: bool = False, restored: RestoreReport | None = None
) -> Endpoint:
    """Return where a recorded chain is."""
    return Endpoint(
        url=record.url_of(found.port),
        port=found.port,
        pid=found.pid,
        chain_id=found.chain_id,
        genesis=bytes.fromhex(found.genesis),
        anvil=found.anvil,
        started=started,
        restored=restored,
    )


def refuse_foreign(known: Record) -> bool:
    """Raise ForeignChain where another chain answers at the recorded address.

    Return False where nobody listens there; True too where whoever listens is too busy to answer,
    or no node.
    """
    url = record.url_of(known.port)
    with Rpc.connect(url, timeout=_QUESTION_SECONDS) as rpc:
        try:
            answers = rpc.batch([("eth_chainId", ()), ("eth_getBlockByNumber", ("0x0", False))])
            chain_id = rpc.shaped("eth_chainId", answers[0], wire.quantity)
            genesis = rpc.shaped("eth_getBlockByNumber", answers[1], wire.header).hash
        except ConnectionLost:
            return True
        except NodeUnreachable:
            return False
        except ChainError:
            return True
    if chain_id != known.chain_id:
        raise ForeignChain(url=url, expected=str(known.chain_id), found=str(chain_id))
    if known.genesis and genesis.hex() != known.genesis:
        raise ForeignChain(url=url, expected=f"0x{known.genesis}", found=f"0x{genesis.hex()}")
    return True
