"""Receipts are fetched by block where that is less to ask, and never believed of another block."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from registry.chain.receipts import Receipts
from registry.chain.rpc import Rpc
from registry.chain.wire import to_data
from registry.errors import NodeAnswerMalformed
from tests.chain.test_submission import Answers


def digest(*numbers: int) -> bytes:
    """Return a hash that stands for some numbers."""
    return bytes(numbers) + bytes(32 - len(numbers))


@dataclass
class Blocks:
    """Be a node with some blocks, each a list of hashes; count what is asked."""

    held: dict[int, list[bytes]]
    asked: Counter[str] = field(default_factory=Counter)
    by_block: object = None
    moved: frozenset[int] = frozenset()

    def receipts(self) -> Receipts:
        """Return what asks this node."""
        table = {
            "eth_getBlockByNumber": self.by_number,
            "eth_getBlockByHash": lambda one, _: self.header(int(one[2:4], 16)),
            "eth_getBlockReceipts": self.block_receipts,
            "eth_getTransactionReceipt": self.receipt,
        }
        return Receipts(Rpc(Answers(**table)))

    def header(self, number: int) -> dict[str, Any]:
        """Return a header with the hashes of what is in the block."""
        return {
            "number": hex(number),
            "hash": to_data(digest(number)),
            "parentHash": to_data(digest(number - 1)),
            "timestamp": hex(1000 + number),
            "gasLimit": "0x1",
            "transactions": [to_data(one) for one in self.held[number]],
        }

    def by_number(self, asked: str, _full: bool) -> object:  # noqa: FBT001 (as it is asked for)
        """Answer for a header."""
        self.asked["header"] += 1
        number = int(asked, 16)
        return self.header(number) if number in self.held else None

    def block_receipts(self, asked: str) -> object:
        """Answer for all receipts of a block."""
        self.asked["block"] += 1
        number = int(asked, 16)
        whole = [self._receipt(number, k) for k in range(len(self.held[number]))]
        return whole if self.by_block is None else self.by_block

    def receipt(self, asked: str) -> object:
        """Answer for one receipt."""
        self.asked["receipt"] += 1
        for number, hashes in self.held.items():
            if asked in map(to_data, hashes):
                return self._receipt(number, [to_data(one) for one in hashes].index(asked))
        return None

    def _receipt(self, number: int, index: int) -> dict[str, Any]:
        block = digest(number, 0xEE) if number in self.moved else digest(number)
        return {
            "transactionHash": to_data(self.held[number][index]),
            "blockNumber": hex(number),
            "blockHash": to_data(block),
            "transactionIndex": hex(index),
            "gasUsed": hex(21_000 + index),
            "status": "0x1",
            "contractAddress": None,
            "logs": [{"n": index}],
        }


def block_of(number: int, count: int) -> list[bytes]:
    """Return the hashes of a block's transactions."""
    return [digest(number, k) for k in range(count)]


def test_what_fills_a_block_is_asked_for_as_a_whole() -> None:
    """One request for each block; place, time, gas and logs are those of each transaction."""
    node = Blocks({1: block_of(1, 6), 2: block_of(2, 10)})
    wanted = [*node.held[1], *node.held[2][:7]]
    found = node.receipts().of(wanted, range(1, 3))
    assert set(found) == set(wanted)
    assert node.asked == {"header": 2, "block": 2}
    last = found[digest(2, 6)]
    assert (last.inclusion.block, last.inclusion.index, last.inclusion.time) == (2, 6, 1002)
    assert (last.inclusion.gas_used, last.logs) == (21_006, ({"n": 6},))
    assert last.inclusion.block_hash == digest(2)


def test_full_blocks_are_read_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What several full blocks hold is never in memory at once, however many came since."""
    together: list[int] = []
    send = Answers.send

    def counted(self: Answers, payload: bytes) -> bytes:
        together.append(payload.count(b"eth_getBlockReceipts"))
        return send(self, payload)

    monkeypatch.setattr(Answers, "send", counted)
    node = Blocks({number: block_of(number, 6) for number in range(1, 5)})
    wanted = [one for block in node.held.values() for one in block]
    assert set(node.receipts().of(wanted, range(1, 5))) == set(wanted)
    assert [count for count in together if count] == [1, 1, 1, 1]


def test_both_ways_say_the_same() -> None:
    """By block and one by one, the same is found."""
    node = Blocks({1: block_of(1, 6), 2: block_of(2, 10)})
    wanted = [*node.held[1], *node.held[2]]
    assert node.receipts().of(wanted, range(1, 3)) == node.receipts().of(wanted)


def test_a_few_among_many_are_asked_for_one_by_one() -> None:
    """A block that holds mostly what others sent is not fetched for the sake of a few."""
    node = Blocks({1: block_of(1, 40), 2: block_of(2, 5)})
    wanted = [*node.held[1][:6], *node.held[2]]
    assert set(node.receipts().of(wanted, range(1, 3))) == set(wanted)
    assert node.asked == {"header": 2, "block": 1, "receipt": 6}


def test_what_is_in_none_of_the_blocks_is_asked_for_all_the_same() -> None:
    """The blocks are a guess: what they lack is looked for, and left out where it is nowhere."""
    node = Blocks({1: block_of(1, 6), 9: block_of(9, 1)})
    found = node.receipts().of([*node.held[1], *node.held[9], digest(7)], range(1, 3))
    assert set(found) == {*node.held[1], *node.held[9]}
    assert node.asked == {"header": 2, "block": 1, "receipt": 2}


def test_a_node_without_the_method_is_asked_for_it_once() -> None:
    """From then on receipts are asked for one by one."""
    held = {1: block_of(1, 6), 2: block_of(2, 6)}
    node = Blocks(held, by_block={"code": -32601, "message": "unknown"})
    receipts = node.receipts()
    for _ in range(2):
        assert set(receipts.of(held[1] + held[2], [1, 2])) == {*held[1], *held[2]}
    assert node.asked == {"header": 2, "block": 1, "receipt": 24}


def test_receipts_of_a_block_that_was_exchanged_are_not_taken() -> None:
    """Between the two questions another block took its place: each is asked for by itself."""
    node = Blocks({1: block_of(1, 6)}, moved=frozenset({1}))
    receipts = node.receipts()
    receipts.of(node.held[1], [1])
    assert node.asked == {"header": 1, "block": 1, "receipt": 6}


@pytest.mark.parametrize("answer", ["0x", [1], [{"transactionHash": to_data(digest(1, 0))}]])
def test_receipts_that_are_none_are_refused(answer: object) -> None:
    """What is no list of receipts is an error of the node."""
    node = Blocks({1: block_of(1, 6)}, by_block=answer)
    with pytest.raises(NodeAnswerMalformed):
        node.receipts().of(node.held[1], [1])
