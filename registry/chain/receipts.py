"""Fetch the receipts of transactions, by the blocks that hold them where that is less to ask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.entries import Inclusion
from registry.domain.ids import Address
from registry.errors import NodeRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from registry.chain.rpc import Rpc
    from registry.chain.wire import Header, Json

_HEADER: Final = "eth_getBlockByNumber"
_RECEIPT: Final = "eth_getTransactionReceipt"
_RECEIPTS: Final = "eth_getBlockReceipts"
_FEW: Final = 4
_BLOCKS: Final = 32
"""More blocks than are looked through; each costs the node a list of all that is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hold what a receipt says; `logs` are as the node gives them."""

    inclusion: Inclusion
    contract: Address | None
    logs: Sequence[Json]


class Receipts:
    """Ask one node for receipts."""

    def __init__(self, rpc: Rpc) -> None:
        """Name the node."""
        self._rpc = rpc
        self._by_block = True

    def of(self, hashes: Sequence[bytes], blocks: Sequence[int] = ()) -> dict[bytes, Found]:
        """Return what is in blocks of these transactions, by hash.

        `blocks` are the numbers of those that probably hold them, if that is known. What many of
        them share with few others is then asked for as a whole, which spares a node reading the
        block again for each.
        """
        found: dict[bytes, Found] = {}
        if self._by_block and len(hashes) > _FEW and 0 < len(blocks) <= _BLOCKS:
            found.update(self._whole(hashes, blocks))
        found.update(self._single([one for one in hashes if one not in found]))
        return found

    def _whole(
        self, hashes: Sequence[bytes], blocks: Sequence[int]
    ) -> Iterator[tuple[bytes, Found]]:
        """Yield what is in those of the blocks that hold little else."""
        wanted = {wire.to_data(one): one for one in hashes}
        asked = [(_HEADER, (wire.to_quantity(number), False)) for number in blocks]
        headers = [
            self._rpc.shaped(_HEADER, block, wire.header)
            for block in self._rpc.batch(asked)
            if block is not None and _is_mostly(block, wanted)
        ]
        for header in headers:
            # One at a time: the receipts of a full block take many megabytes while they are read.
            (answer,) = self._rpc.attempt([(_RECEIPTS, (wire.to_quantity(header.number),))])
            if isinstance(answer, NodeRefused):
                # An older node: it is asked for each from now on.
                self._by_block = False
                return
            if answer is not None:
                read = partial(_found, header=header, wanted=wanted)
                yield from self._rpc.shaped(_RECEIPTS, answer, read)

    def _single(self, hashes: Sequence[bytes]) -> dict[bytes, Found]:
        """Return what is in blocks of these transactions, each asked for by itself."""
        answers = self._rpc.batch([(_RECEIPT, (wire.to_data(one),)) for one in hashes])
        receipts = {
            one: self._rpc.shaped(_RECEIPT, answer, _receipt)
            for one, answer in zip(hashes, answers, strict=True)
            if answer is not None
        }
        times = self._times({receipt.block_hash for receipt in receipts.values()})
        return {
            one: receipt.found(times[receipt.block_hash])
            for one, receipt in receipts.items()
            if receipt.block_hash in times
        }

    def _times(self, blocks: Iterable[bytes]) -> Mapping[bytes, int]:
        wanted = sorted(blocks)
        method = "eth_getBlockByHash"
        answers = self._rpc.batch([(method, (wire.to_data(one), False)) for one in wanted])
        return {
            one: self._rpc.shaped(method, answer, wire.header).time
            for one, answer in zip(wanted, answers, strict=True)
            if answer is not None
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receipt:
    block: int
    block_hash: bytes
    index: int
    gas_used: int
    succeeded: bool
    contract: Address | None
    logs: tuple[Json, ...]

    def found(self, time: int) -> Found:
        inclusion = Inclusion(
            block=self.block,
            block_hash=self.block_hash,
            index=self.index,
            time=time,
            gas_used=self.gas_used,
            succeeded=self.succeeded,
        )
        return Found(inclusion=inclusion, contract=self.contract, logs=self.logs)


def _receipt(value: Json) -> _Receipt:
    receipt = wire.record(value)
    contract = receipt.get("contractAddress")
    return _Receipt(
        block=wire.quantity(wire.member(receipt, "blockNumber")),
        block_hash=_hash(wire.member(receipt, "blockHash")),
        index=wire.quantity(wire.member(receipt, "transactionIndex")),
        gas_used=wire.quantity(wire.member(receipt, "gasUsed")),
        succeeded=wire.quantity(wire.member(receipt, "status")) == 1,
        contract=None if contract is None else Address(wire.data(contract, Address.length)),
        logs=tuple(wire.items(wire.member(receipt, "logs"))),
    )


def _found(answer: Json, header: Header, wanted: Mapping[str, bytes]) -> list[tuple[bytes, Found]]:
    """Return the wanted receipts of a block, none of them where it was reorganised meanwhile."""
    mine = {
        wanted[one["transactionHash"]]: _receipt(one)
        for one in map(wire.record, wire.items(answer))
        if one.get("transactionHash") in wanted
    }
    return [
        (one, receipt.found(header.time))
        for one, receipt in mine.items()
        if receipt.block_hash == header.hash
    ]


def _is_mostly(block: Json, wanted: Mapping[str, bytes]) -> bool:
    """Tell whether at least half of the transactions in a block, and not just a few, are wanted."""
    listed = block.get("transactions") if isinstance(block, dict) else None
    held = listed if isinstance(listed, list) else []
    mine = sum(1 for one in held if isinstance(one, str) and one in wanted)
    return mine > _FEW and 2 * mine >= len(held)


def _hash(value: Json) -> bytes:
    return wire.data(value, wire.HASH_BYTES)
