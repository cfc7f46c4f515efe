"""Take transactions that register products, and make blocks and receipts of them.

The one stand-in for a node among the benchmarks: anvil would need tens of gigabytes for a million
registrations. What a registration makes is worked out from its calldata, as the contract does it;
nothing is kept of a transaction but its raw bytes, and that only for the last few blocks.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from registry.chain.bindings import ProductRegistry
from registry.chain.transactions import parse
from registry.chain.wire import to_data, to_quantity
from registry.domain.ids import ProductId
from registry.domain.keccak import keccak

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.chain.wire import Json
    from registry.domain.ids import Address, PartyId

SINGLE_GAS: Final = 77_755
_BATCH_GAS: Final = 30_000
_ITEM_GAS: Final = 49_000
KEPT: Final = 64
"""How many blocks can still be asked for: what a window of unconfirmed transactions needs."""

A_BLOCK: Final = 400
"""How many transactions a block holds."""

_ITEM: Final = 96
_SELECTOR: Final = 4
_BATCH_HEAD: Final = 64
_SALT_SHIFT: Final = 16
_SALT_MASK: Final = (1 << 64) - 1
_PRODUCTS: Final = 1 << 160
_ONE: Final = bytes(ProductRegistry.register.selector)
_MANY: Final = bytes(ProductRegistry.register_batch.selector)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrant:
    """Say whose registrations are taken, at which contract."""

    account: Address
    party: PartyId
    products: Address
    chain_id: int

    def product(self, item: bytes) -> ProductId:
        """Return the product that the 96 bytes of a registration make."""
        return ProductId.derive(
            chain_id=self.chain_id,
            registry=self.products,
            party=self.party,
            content_root=item[:32],
            metadata_hash=item[32:64],
            salt=int.from_bytes(item[64:]) >> _SALT_SHIFT & _SALT_MASK,
        )


def items(data: bytes) -> Iterator[bytes]:
    """Yield the 96 bytes of each registration in calldata, nothing for other calls."""
    start = {_ONE: _SELECTOR, _MANY: _SELECTOR + _BATCH_HEAD}.get(data[:_SELECTOR], len(data))
    return (data[at : at + _ITEM] for at in range(start, len(data), _ITEM))


def gas(data: bytes) -> int:
    """Return about what such a call takes."""
    if data[:_SELECTOR] == _ONE:
        return SINGLE_GAS
    return _BATCH_GAS + _ITEM_GAS * sum(1 for _ in items(data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Hold the raw transactions of a block, by their hashes in their order.

    :ivar passed: how many transactions of the account are in this block and those before.
    """

    number: int
    hash: bytes
    parent: bytes
    time: int
    raws: dict[bytes, bytes]
    passed: int

    def header(self) -> Json:
        """Return it as a node tells it, with the hashes of its transactions."""
        return {
            "number": to_quantity(self.number),
            "hash": to_data(self.hash),
            "parentHash": to_data(self.parent),
            "timestamp": to_quantity(self.time),
            "baseFeePerGas": to_quantity(10**9),
            "gasLimit": to_quantity(10**9),
            "gasUsed": to_quantity(0),
            "transactions": [to_data(one) for one in self.raws],
        }


class NonceError(ValueError):
    """Say that a transaction is not the next one of its account."""


@dataclass(slots=True, kw_only=True)
class SinkChain:
    """Go on from a block of another chain with the transactions of one account.

    :ivar taken: how many transactions of the account there are, those before included.
    :ivar pause: seconds between blocks at least, so that those sent together land together.
    :ivar registrations: how many products were registered.
    :ivar checksum: the sum of their ids as numbers, by which each is known to be there once.
    """

    who: Registrant
    base: Block
    taken: int
    pause: float = 0.02
    registrations: int = 0
    checksum: int = 0
    _pool: deque[tuple[bytes, bytes]] = field(default_factory=deque)
    _blocks: deque[Block] = field(default_factory=lambda: deque(maxlen=KEPT))
    _where: dict[bytes, Block] = field(default_factory=dict)
    _made: float = 0.0

    @property
    def head(self) -> Block:
        """Return the last block."""
        return self._blocks[-1] if self._blocks else self.base

    @property
    def kept(self) -> int:
        """Return how many transactions are held at this moment."""
        return len(self._pool) + len(self._where)

    def take(self, raw: bytes) -> bytes:
        """Take a signed transaction and return its hash.

        :raises NonceError: it is not the account's next one.
        """
        transaction, digest = parse(raw), keccak(raw)
        if transaction.nonce < self.taken:
            raise NonceError("nonce too low")
        if transaction.nonce > self.taken:
            raise NonceError("nonce too high")
        for item in items(transaction.data):
            self.registrations += 1
            product = int.from_bytes(self.who.product(item).raw)
            self.checksum = (self.checksum + product) % _PRODUCTS
        self.taken += 1
        self._pool.append((digest, raw))
        return digest

    def advance(self) -> Block:
        """Make a block of what waits, if it is time, and return the last one."""
        now = time.monotonic()
        if self._pool and now - self._made >= self.pause:
            self._made = now
            raws = dict(islice(iter(self._pool.popleft, None), min(len(self._pool), A_BLOCK)))
            self._append(raws)
        return self.head

    def _append(self, raws: dict[bytes, bytes]) -> None:
        before = self.head
        if len(self._blocks) == KEPT:
            for digest in self._blocks[0].raws:
                del self._where[digest]
        number = before.number + 1
        block = Block(
            number=number,
            hash=keccak(b"sink %d" % number),
            parent=before.hash,
            time=before.time + 1,
            raws=raws,
            passed=before.passed + len(raws),
        )
        self._blocks.append(block)
        self._where.update(dict.fromkeys(raws, block))

    def block(self, number: int) -> Block | None:
        """Return a block by its number, None where it is not there any more, or not yet."""
        return next((one for one in reversed(self._blocks) if one.number == number), None)

    def block_of(self, digest: bytes) -> Block | None:
        """Return the block that holds a transaction, None where none does."""
        return self._where.get(digest)

    def waits(self, digest: bytes) -> bool:
        """Tell whether a transaction is in the pool."""
        return any(one == digest for one, _ in self._pool)

    def receipts(self, block: Block, only: Sequence[bytes] = ()) -> list[Json]:
        """Return the receipts of a block, or of some of its transactions."""
        return [
            self._receipt(block, place, digest, raw)
            for place, (digest, raw) in enumerate(block.raws.items())
            if not only or digest in only
        ]

    def _receipt(self, block: Block, place: int, digest: bytes, raw: bytes) -> Json:
        data = parse(raw).data
        where: dict[str, Json] = {
            "blockNumber": to_quantity(block.number),
            "blockHash": to_data(block.hash),
            "transactionHash": to_data(digest),
            "transactionIndex": to_quantity(place),
        }
        logs: list[Json] = [
            {**where, **self._log(item), "logIndex": to_quantity(index), "removed": False}
            for index, item in enumerate(items(data))
        ]
        return {
            **where,
            "from": self.who.account.hex,
            "to": self.who.products.hex,
            "contractAddress": None,
            "status": "0x1",
            "gasUsed": to_quantity(gas(data)),
            "cumulativeGasUsed": to_quantity(gas(data)),
            "effectiveGasPrice": to_quantity(10**9),
            "logs": logs,
        }

    def _log(self, item: bytes) -> dict[str, Json]:
        product = self.who.product(item).raw.ljust(32, b"\0")
        party = self.who.party.raw.rjust(32, b"\0")
        topics = (ProductRegistry.ProductRegistered.topic, product, party)
        return {
            "address": self.who.products.hex,
            "topics": [to_data(topic) for topic in topics],
            "data": to_data(item),
        }
