"""Make the blocks of a dev chain again, bit for bit.

anvil derives all of a block from its parent, its time and its transactions; nothing is random. So
the same transactions in the same order and blocks, at the same times, give the same hashes, and the
hash of the last block proves the whole replay.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.devchain.values import Block
from registry.domain.keccak import keccak
from registry.errors import NodeRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.chain.journal import Chain, Journal
    from registry.chain.rpc import Rpc
    from registry.chain.wire import Header, Json

_CHECKED_EVERY: Final = 50
_NOBODY: Final = "0x" + "00" * 20


class DivergenceError(Exception):
    """Say that the chain being made is not the one that was."""


def replay(rpc: Rpc, blocks: Iterable[Block], *, strict: bool) -> tuple[int, int]:
    """Mine the blocks on a node that mines only on demand; return how many, and transactions.

    Where `strict`, a transaction that is refused or a hash that differs raises DivergenceError.
    Else what is refused is left out, and hashes may differ.
    """
    unchecked: list[Block] = []
    made = sent = 0
    for block in blocks:
        sent += sum(_send(rpc, raw, strict=strict) for raw in block.transactions)
        rpc.call("evm_mine", {"timestamp": block.time})
        made += 1
        unchecked.append(block)
        if strict and len(unchecked) == _CHECKED_EVERY:
            _compare(rpc, unchecked)
            unchecked = []
    if strict:
        _compare(rpc, unchecked)
    return made, sent


def expect_state(rpc: Rpc, *, number: int, digest: bytes | None) -> None:
    """Check that a node that has loaded a state is at this block, and has its very state.

    The state's root is recomputed by the node for an account's proof; its first step must hash to
    the root in the header. Raises DivergenceError.
    """
    head, root = latest(rpc)
    if head.number != number or (digest is not None and head.hash != digest):
        raise DivergenceError(f"the state file holds block {head.number} {head.hash.hex()}")
    steps = rpc.ask(_proof, "eth_getProof", _NOBODY, [], "latest")
    if number and (not steps or keccak(steps[0]) != root):
        raise DivergenceError(f"the state is not that of block {number}")


def latest(rpc: Rpc) -> tuple[Header, bytes]:
    """Return the header of the latest block, and its state root."""
    return rpc.ask(_header_and_root, "eth_getBlockByNumber", "latest", False)  # noqa: FBT003


def journalled(journal: Journal, chain: Chain, after: int) -> Iterator[Block]:
    """Yield the blocks after `after` as far as the journal knows them.

    Blocks between, of which it knows nothing, come out empty and without a hash, so that the later
    ones keep their numbers.
    """
    number = after
    rows = ((one.inclusion, one.raw) for one in journal.landed_after(chain, after))
    placed = ((where, raw) for where, raw in rows if where is not None)
    for (block, time, digest), members in groupby(
        placed, key=lambda row: (row[0].block, row[0].time, row[0].block_hash)
    ):
        while number + 1 < block:
            number += 1
            yield Block(number=number, time=time, hash=b"", transactions=())
        number = block
        raws = tuple(raw for _, raw in members)
        yield Block(number=block, time=time, hash=digest, transactions=raws)


def _send(rpc: Rpc, raw: bytes, *, strict: bool) -> bool:
    try:
        rpc.call("eth_sendRawTransaction", wire.to_data(raw))
    except NodeRefused as refused:
        if strict:
            raise DivergenceError(f"a transaction is refused: {refused.message}") from refused
        return False
    return True


def _compare(rpc: Rpc, blocks: list[Block]) -> None:
    """Compare hashes; where they differ, only the first difference says anything."""
    method = "eth_getBlockByNumber"
    answers = rpc.batch([(method, (hex(block.number), False)) for block in blocks])
    for block, answer in zip(blocks, answers, strict=True):
        if answer is None:
            raise DivergenceError(f"block {block.number} was not made")
        digest = rpc.shaped(method, answer, wire.header).hash
        if block.hash and digest != block.hash:
            raise DivergenceError(f"block {block.number} came out another")


def _header_and_root(value: Json) -> tuple[Header, bytes]:
    root = wire.data(wire.member(wire.record(value), "stateRoot"), wire.HASH_BYTES)
    return wire.header(value), root


def _proof(value: Json) -> list[bytes]:
    steps = wire.items(wire.member(wire.record(value), "accountProof"))
    return [wire.data(step) for step in steps]
