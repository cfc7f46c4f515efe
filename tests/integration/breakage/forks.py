"""Have a chain give up its last blocks: what was in them is dropped, moved, or replaced."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from registry.chain.signer import LocalSigner
from registry.chain.transactions import DynamicFee, Transaction
from registry.chain.wire import Json, to_data
from registry.domain.ids import Address
from tests.integration.sending import CHAIN_ID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.rpc import Rpc

DEEPEST: Final = 12
_STRANGER: Final = Address(b"\xaa" * 20)


class Fork(Enum):
    """Say what becomes of the transactions of the blocks that are given up."""

    DROPPED = "none of them is in the new blocks, nor in the pool"
    MOVED = "all of them are in the last of the new blocks"
    REPLACED = "another transaction has the first one's nonce, the others are dropped"


def raws_of(rpc: Rpc, depth: int) -> list[bytes]:
    """Return the transactions of the last blocks, in their order."""
    head = int(rpc.call("eth_blockNumber"), 16)
    blocks = [
        rpc.call("eth_getBlockByNumber", hex(number), False)  # noqa: FBT003
        for number in range(head - depth + 1, head + 1)
    ]
    hashes = [one for block in blocks for one in block["transactions"]]
    return [bytes.fromhex(rpc.call("eth_getRawTransactionByHash", one)[2:]) for one in hashes]


def reorganise(rpc: Rpc, depth: int, fork: Fork, raws: Sequence[bytes], rival: bytes = b"") -> None:
    """Put as many new blocks in the place of the last `depth`; `raws` are what stood in them."""
    placed: list[list[Json]] = []
    if fork is Fork.MOVED:
        placed = [[to_data(raw), depth - 1] for raw in raws]
    if fork is Fork.REPLACED:
        placed = [[to_data(rival), 0]]
    rpc.call("anvil_reorg", depth, placed)


def rival_of(key: bytes, nonce: int) -> bytes:
    """Return what another program that has the same key might have sent with a nonce."""
    transaction = Transaction(
        chain_id=CHAIN_ID,
        nonce=nonce,
        gas=21_000,
        fee=DynamicFee(max_fee=10**11, priority=10**10),
        to=_STRANGER.raw,
        value=1,
    )
    return LocalSigner(key).sign_transaction(transaction)
