"""Read blocks so that their receipts can be held against the root in their header.

A node may leave logs out of an answer, by fault or on purpose, and nobody sees it. The receipts of
a block have the root that its header has, and the header is in the block's hash: with them, the
logs are complete as surely as the hash is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.chain import wire
from registry.chain.logs import Log
from registry.chain.rpc import METHOD_UNKNOWN
from registry.domain import rlp
from registry.domain.audit import Receipts
from registry.domain.header import HeaderInvalid, header_of
from registry.domain.trie_root import trie_root
from registry.errors import NodeRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.chain.history import History
    from registry.chain.rpc import Request, Rpc
    from registry.domain.header import Header
    from registry.domain.ids import Address

_AT_ONCE: Final = 20
_BLOCK: Final = "eth_getBlockByNumber"
_RECEIPTS: Final = "eth_getBlockReceipts"
_RECEIPT: Final = "eth_getTransactionReceipt"
_ZERO: Final = rlp.encode(b"")
_LEAF_ITEMS: Final = 2


def receipts(rpc: Rpc, history: History, first: int, last: int) -> Iterator[Receipts]:
    """Yield the blocks from `first` to `last` with what their receipts say of some contracts.

    :raises NodeAnswerMalformed: where a block or receipt is missing or has not its form.
    """
    for start in range(first, last + 1, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, last + 1))
        blocks = rpc.batch([(_BLOCK, (wire.to_quantity(number), False)) for number in numbers])
        found = _receipts_of(rpc, blocks)
        for number, block, told in zip(numbers, blocks, found, strict=True):
            yield _read(rpc, history, number, block, told)


def storage_root(rpc: Rpc, contract: Address, block: int) -> bytes | None:
    """Return the root of a contract's storage as of a block, None where the node tells none."""
    asked: Request = ("eth_getProof", (contract.hex, [], wire.to_quantity(block)))
    (answer,) = rpc.attempt([asked])
    if isinstance(answer, NodeRefused):
        return None
    return rpc.shaped("eth_getProof", answer, _root)


def keeps_zeros(rpc: Rpc, asked: Sequence[tuple[Address, bytes]], block: int) -> bool:
    """Tell whether one of some words that are zero is in the trie of its contract all the same.

    anvil keeps what was read once, and so has other roots than any chain.
    """
    at = wire.to_quantity(block)
    answers = rpc.attempt(
        [("eth_getProof", (one.hex, [wire.to_data(place)], at)) for one, place in asked]
    )
    return any(rpc.shaped("eth_getProof", one, _ends_in_zero) for one in answers if _answered(one))


def _answered(answer: wire.Json | NodeRefused) -> bool:
    return not isinstance(answer, NodeRefused)


def _ends_in_zero(value: wire.Json) -> bool:
    """Tell whether the last node of a word's proof is a leaf with the value zero."""
    (slot,) = wire.items(wire.member(wire.record(value), "storageProof"))
    nodes = [wire.data(one) for one in wire.items(wire.member(wire.record(slot), "proof"))]
    item = rlp.decode(nodes[-1]) if nodes else b""
    # The value of a leaf is RLP in RLP, and zero is no bytes.
    return isinstance(item, list) and len(item) == _LEAF_ITEMS and item[-1] == _ZERO


def _root(value: wire.Json) -> bytes:
    return wire.data(wire.member(wire.record(value), "storageHash"), wire.HASH_BYTES)


def _receipts_of(rpc: Rpc, blocks: Sequence[Any]) -> list[list[Any]]:
    """Return the receipts of each block, one by one where the node gives them no other way."""
    numbers = [rpc.shaped(_BLOCK, block, _number) for block in blocks]
    answers = rpc.attempt([(_RECEIPTS, (number,)) for number in numbers])
    found = []
    for block, answer in zip(blocks, answers, strict=True):
        if isinstance(answer, NodeRefused) and answer.error in METHOD_UNKNOWN:
            hashes = rpc.shaped(_BLOCK, block, _transactions)
            found.append(rpc.batch([(_RECEIPT, (one,)) for one in hashes]))
        elif isinstance(answer, NodeRefused):
            raise answer
        else:
            found.append(rpc.shaped(_RECEIPTS, answer, wire.items))
    return found


def _number(value: wire.Json) -> str:
    return wire.to_quantity(wire.quantity(wire.member(wire.record(value), "number")))


def _transactions(value: wire.Json) -> list[Any]:
    return wire.items(wire.member(wire.record(value), "transactions"))


def _read(
    rpc: Rpc, history: History, number: int, block: wire.Json, told: Sequence[Any]
) -> Receipts:
    header = rpc.shaped(_BLOCK, block, _header)
    given = rpc.shaped(_BLOCK, block, _hash)
    receipts = [rpc.shaped(_RECEIPTS, one, wire.record) for one in told]
    root = rpc.shaped(_RECEIPTS, receipts, _root_of)
    fits = root == bytes.fromhex(header.fields["receiptsRoot"][2:])
    logs = rpc.shaped(_RECEIPTS, receipts, lambda all_: list(_logs(all_, number, given, header)))
    ours = tuple(history.told(one) for one in logs if history.of_ours(one.address))
    return Receipts(
        block=number,
        hash=header.hash,
        given=given,
        parent=header.parent,
        root_fits=fits and header.number == number,
        told=ours,
    )


def _header(value: wire.Json) -> Header:
    try:
        return header_of(wire.record(value))
    except HeaderInvalid as error:
        raise wire.WireError(str(error)) from error


def _hash(value: wire.Json) -> bytes:
    return wire.data(wire.member(wire.record(value), "hash"), wire.HASH_BYTES)


def _root_of(told: Sequence[dict[str, Any]]) -> bytes:
    """Return the root of the trie of receipts, each under its place."""
    encoded = [(rlp.encode(rlp.encode_int(place)), _encoded(one)) for place, one in enumerate(told)]
    return trie_root(sorted(encoded))


def _encoded(told: dict[str, Any]) -> bytes:
    """Return a receipt as it stands in the trie: with its type before it where it has one."""
    kind = wire.quantity(told.get("type", "0x0"))
    body = rlp.encode(
        [
            rlp.encode_int(wire.quantity(wire.member(told, "status"))),
            rlp.encode_int(wire.quantity(wire.member(told, "cumulativeGasUsed"))),
            wire.data(wire.member(told, "logsBloom")),
            [_log(wire.record(one)) for one in wire.items(told.get("logs"))],
        ]
    )
    return rlp.encode_int(kind) + body


def _log(told: dict[str, Any]) -> list[Any]:
    topics = [wire.data(topic, wire.HASH_BYTES) for topic in wire.items(told.get("topics"))]
    return [wire.data(told.get("address")), topics, wire.data(told.get("data"))]


def _logs(
    told: Sequence[dict[str, Any]], number: int, block_hash: bytes, header: Header
) -> Iterator[Log]:
    """Yield the logs of a block, numbered as they stand: what no root covers is not asked."""
    place = 0
    for receipt in told:
        transaction = wire.data(wire.member(receipt, "transactionHash"), wire.HASH_BYTES)
        for one in wire.items(receipt.get("logs")):
            address, topics, data = _log(wire.record(one))
            yield Log(
                address,
                tuple(topics),
                data,
                number,
                block_hash,
                place,
                transaction,
                header.time,
            )
            place += 1
