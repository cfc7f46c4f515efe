"""The sink takes registrations as a node does, counts them, and forgets them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import sink
from benchmarks.nodes import HOLDER, World, world
from benchmarks.sink_chain import A_BLOCK, KEPT, Block, NonceError, Registrant, SinkChain
from registry.chain import pipeline
from registry.chain.bindings import ProductRegistry
from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.registrations import registration
from registry.chain.rpc import Rpc
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.chain.transactions import DynamicFee, Transaction
from registry.domain.events import Event
from registry.domain.ids import Address, PartyId
from registry.domain.keccak import keccak
from registry.domain.ledger import Receipt
from registry.domain.operations import Operation, Register, RegisterBatch

KEY = LocalSigner(keccak(b"key"))
PRODUCTS = Address(bytes(range(20)))


def item(number: int) -> Register:
    """Return a registration of its own."""
    word = keccak(b"%d" % number)
    return Register(content_root=word, metadata_hash=word[::-1], salt=number)


def raw(nonce: int) -> bytes:
    """Return a signed transaction that registers the product with the number of its nonce."""
    transaction = Transaction(
        chain_id=1,
        nonce=nonce,
        gas=100_000,
        fee=DynamicFee(max_fee=10, priority=1),
        to=PRODUCTS.raw,
        data=ProductRegistry.register.call(registration(item(nonce))),
    )
    return KEY.sign_transaction(transaction)


def chain(*, passed: int = 0) -> SinkChain:
    """Return a chain that goes on from a block, without a pause between blocks."""
    who = Registrant(account=KEY.address, party=PartyId.of(7), products=PRODUCTS, chain_id=1)
    base = Block(number=5, hash=b"base", parent=b"", time=100, raws={}, passed=passed)
    return SinkChain(who=who, base=base, taken=passed, pause=0.0)


def told(receipts: list[Receipt]) -> list[Event]:
    """Return the events of receipts, without where and when they were."""
    events = (event for receipt in receipts for event in receipt.events)
    return [replace(one, block=0, log_index=0, transaction=b"", time=0) for one in events]


@contextmanager
def sinking(on: World, home: Path) -> Iterator[tuple[ChainLedger, Address, Rpc]]:
    """Yield a ledger on a sink before a node, the account that writes, and the way to the sink."""
    deployment, side = on.ledger.deployment, on.sides[0]
    who = Registrant(
        account=side.key.address,
        party=side.party,
        products=deployment.products,
        chain_id=deployment.chain_id,
    )
    with (
        sink.running(on.url, who) as url,
        Rpc.connect(url) as rpc,
        Journal(home / "journal.sqlite3") as journal,
    ):
        sender = Sender(rpc, LocalSigner(HOLDER), journal, lock_dir=home)
        yield ChainLedger(rpc, deployment, senders=lambda _: sender), sender.address, rpc


@pytest.mark.anvil
def test_large_transactions_are_taken_as_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many large ones are to be sent, few are taken before the first is handed out."""
    monkeypatch.setattr(pipeline, "_WINDOW_BYTES", 1 << 17)
    taken = []

    def batches() -> Iterator[RegisterBatch]:
        for number in range(30):
            taken.append(number)
            start = 240 * number
            yield RegisterBatch(items=tuple(map(item, range(start, start + 240))))

    with world() as on, sinking(on, tmp_path) as (ledger, account, rpc):
        receipts = ledger.submit_all(batches(), account=account)
        next(receipts)
        at_first = len(taken)
        assert sum(1 for _ in receipts) == 29
        counted = rpc.call("sink_counted")
    assert at_first <= 20
    assert isinstance(counted, dict)
    assert counted["registrations"] == 30 * 240


@pytest.mark.anvil
def test_what_the_sink_tells_is_what_the_contract_does(tmp_path: Path) -> None:
    """The same registrations give the same events and ids on the sink and on the chain behind."""
    operations: list[Operation] = [
        *map(item, range(30)),
        RegisterBatch(items=tuple(map(item, range(100, 130)))),
        item(40),
    ]
    with world() as on:
        with sinking(on, tmp_path) as (ledger, account, rpc):
            from_sink = list(ledger.submit_all(operations, account=account))
            counted = rpc.call("sink_counted")
        from_chain = [on.submit(operation) for operation in operations]
    assert told(from_sink) == told(from_chain)
    assert isinstance(counted, dict)
    assert (counted["registrations"], counted["transactions"]) == (61, 32)


def test_blocks_hold_what_came_in_its_order() -> None:
    """What was taken stands in the next blocks, each with its receipt and its place."""
    sunk = chain(passed=3)
    hashes = [sunk.take(raw(nonce)) for nonce in range(3, 3 + A_BLOCK + 2)]
    assert sunk.waits(hashes[0])
    first, second = sunk.advance(), sunk.advance()
    assert [first.number, second.number] == [6, 7]
    assert list(first.raws) + list(second.raws) == hashes
    assert [first.passed, second.passed] == [3 + A_BLOCK, 3 + A_BLOCK + 2]
    assert sunk.advance() is second
    assert not sunk.waits(hashes[0])
    (receipt,) = sunk.receipts(second, [hashes[-1]])
    assert isinstance(receipt, dict)
    assert (receipt["blockNumber"], receipt["transactionIndex"]) == ("0x7", "0x1")
    assert sunk.registrations == A_BLOCK + 2


@pytest.mark.parametrize(("nonce", "said"), [(2, "nonce too low"), (4, "nonce too high")])
def test_a_nonce_out_of_order_is_refused(nonce: int, said: str) -> None:
    """No transaction counts twice, and none before the one that it follows."""
    sunk = chain(passed=3)
    with pytest.raises(NonceError, match=said):
        sunk.take(raw(nonce))
    assert sunk.registrations == 0


def test_old_blocks_are_forgotten() -> None:
    """However many came, only the transactions of the last blocks are held."""
    sunk = chain()
    first = sunk.take(raw(0))
    sunk.advance()
    assert sunk.block_of(first) is not None
    for nonce in range(1, KEPT + 10):
        sunk.take(raw(nonce))
        sunk.advance()
    assert sunk.kept == KEPT
    assert sunk.block_of(first) is None
    assert sunk.block(6) is None
    assert sunk.block(sunk.head.number) is sunk.head


def test_the_checksum_tells_which_products_came() -> None:
    """The sum of ids is that of the products, in whatever order, and differs for others."""
    one, other = chain(), chain()
    for nonce in range(4):
        one.take(raw(nonce))
    for nonce in range(3):
        other.take(raw(nonce))
    assert one.checksum != other.checksum
    other.take(raw(3))
    assert one.checksum == other.checksum
