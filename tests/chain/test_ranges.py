"""Logs come all, in order and once, whatever limits a node has, and few of them at a time."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from registry.chain import ranges
from registry.chain.ranges import Filter, LogRanges
from registry.chain.rpc import Rpc
from registry.domain.ids import Address
from registry.errors import ConnectionLost, NodeAnswerMalformed, NodeRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.chain.conftest import Script

TOPIC = b"\x01" * 32
WIDE = Filter(addresses=(Address(b"\x02" * 20),), topics=((TOPIC,),))
NARROW = Filter(addresses=WIDE.addresses, topics=((TOPIC,), (b"\x03" * 32,)))
EVENTS = 3
"""The logs of a block, where nothing else is said."""


def told(block: int, number: int) -> dict[str, Any]:
    """Return a log as a node gives it."""
    return {
        "address": "0x" + "02" * 20,
        "topics": ["0x" + TOPIC.hex()],
        "data": "0x",
        "blockNumber": hex(block),
        "blockHash": "0x" + block.to_bytes(32).hex(),
        "blockTimestamp": hex(1000 + block),
        "logIndex": hex(number),
        "transactionHash": "0x" + bytes(32).hex(),
        "removed": False,
    }


@dataclass
class Chain:
    """Hold a node with logs in all its blocks, and a limit; say what was asked and refused."""

    node: Script
    count: Callable[[int], int] = lambda _: EVENTS
    refuses: Callable[[int, int], dict[str, Any] | None] = lambda _first, _last: None
    asked: list[tuple[int, int]] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.node.steps.append(self._answer)

    def _answer(self, request: Any) -> tuple[int, bytes | None, dict[str, str]]:  # noqa: ANN401
        calls = request if isinstance(request, list) else [request]
        made: list[dict[str, Any]] = []
        for call in calls:
            first, last = (int(call["params"][0][key], 16) for key in ("fromBlock", "toBlock"))
            self.asked.append((first, last))
            refusal = self.refuses(first, last)
            if refusal is None:
                result = [told(b, n) for b in range(first, last + 1) for n in range(self.count(b))]
                made.append({"id": call["id"], "result": result})
                continue
            self.refused.append((first, last))
            if "status" in refusal:
                return refusal["status"], refusal["body"], {}
            made.append({"id": call["id"], "error": refusal})
        return 200, json.dumps(made if isinstance(request, list) else made[0]).encode(), {}

    def read(self, last: int, *filters: Filter) -> list[tuple[int, int]]:
        """Return the places of all logs up to a block; checks that they are all, in order."""
        with Rpc.connect(self.node.url, chain_id=None) as rpc:
            found = [
                (log.block, log.number)
                for _, logs in LogRanges(rpc).read(filters or (WIDE,), first=1, last=last)
                for log in logs
            ]
        assert found == [(b, n) for b in range(1, last + 1) for n in range(self.count(b))]
        return found


@pytest.fixture
def chain(node: Script) -> Chain:
    """Return a node without limits."""
    return Chain(node)


def widths(asked: list[tuple[int, int]]) -> list[int]:
    """Return how many blocks each request spanned."""
    return [last - first + 1 for first, last in asked]


def test_ranges_grow_while_they_pass(chain: Chain) -> None:
    """Blocks with few logs are asked for in ever larger ranges, each once."""
    chain.read(700)
    assert widths(chain.asked) == [32, 64, 128, 256, 220]


def test_what_ids_select_is_asked_for_at_once(chain: Chain) -> None:
    """Where ids select the logs there are few: the first range is large."""
    chain.read(700, NARROW)
    assert widths(chain.asked) == [700]


def test_several_filters_share_a_request_and_give_a_log_once(chain: Chain) -> None:
    """What two filters both select comes once, in its place."""
    chain.read(20, WIDE, NARROW)
    assert len(chain.node.seen) == 1
    assert chain.asked == [(1, 20), (1, 20)]


def test_dense_blocks_are_asked_for_few_at_a_time(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ranges shrink where a block has many logs, so that an answer stays about as large."""
    monkeypatch.setattr(ranges, "WANTED", 40)
    chain.count = lambda block: 20 if 20 < block <= 80 else 0
    chain.read(400)
    dense = [last - first + 1 for first, last in chain.asked if first > 32 and last <= 80]
    assert len(dense) > 10
    assert max(dense[1:]) == 2
    assert max(last - first for first, last in chain.asked if first > 80) > 60


@pytest.mark.parametrize(
    "message",
    ["query exceeds max block range", "query returned more than 10000 results", ""],
)
def test_a_refused_range_is_halved_and_grows_again(chain: Chain, message: str) -> None:
    """The limit is felt for; after some ranges that pass, what was refused is tried again."""
    chain.refuses = lambda first, last: (
        {"code": -32005, "message": message} if last - first >= 10 and first < 200 else None
    )
    chain.read(900)
    assert widths(chain.refused[:4]) == [32, 16, 12, 11]
    assert len(chain.refused) == 5
    assert max(widths(chain.asked)) > 200


def test_the_range_that_a_node_advises_is_taken(chain: Chain) -> None:
    """A refusal that says what would do is not guessed about."""

    def refuse(first: int, last: int) -> dict[str, Any] | None:
        fits = f"this block range should work: [{first:#x}, {first + 6:#x}]"
        return {"code": -32602, "message": fits} if last - first > 6 else None

    chain.refuses = refuse
    chain.read(60)
    assert widths(chain.asked)[:2] == [32, 7]


@pytest.mark.parametrize("status", [413, 502, 504])
def test_a_gateway_that_gives_up_is_asked_for_less(chain: Chain, status: int) -> None:
    """Where something between turns an answer down as too long or late, ranges shrink."""
    chain.refuses = lambda first, last: (
        {"status": status, "body": b"<html>no</html>"} if last - first >= 5 else None
    )
    chain.read(40)
    assert widths(chain.asked)[:4] == [32, 16, 8, 4]


def test_a_node_that_hangs_up_is_asked_for_less(chain: Chain) -> None:
    """An answer that never comes may have been too long."""
    chain.refuses = lambda first, last: (
        {"status": 200, "body": None} if last - first >= 16 else None
    )
    chain.read(40)
    assert (1, 16) in chain.asked


def test_an_answer_too_long_is_left_and_asked_for_in_parts(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is announced as too long is not read: the next range fits, by its announced length."""
    monkeypatch.setattr(ranges, "LONGEST_REPLY", 10_000)
    chain.read(40)
    assert widths(chain.asked)[:2] == [32, 4]
    assert len(chain.asked) < 15


def test_one_block_is_taken_however_long_its_answer(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no smaller range than a block."""
    monkeypatch.setattr(ranges, "LONGEST_REPLY", 100)
    assert len(chain.read(5)) == 5 * EVENTS


def test_the_next_range_is_asked_for_while_one_is_read(chain: Chain) -> None:
    """Who comes back for more finds the answer under way; who stops has asked for no more."""
    with Rpc.connect(chain.node.url) as rpc:
        with closing(
            cast("Generator[tuple[int, object]]", LogRanges(rpc).read([WIDE], first=1, last=1000))
        ) as read:
            assert next(read)[0] == 32
            assert len(chain.asked) == 1
            assert next(read)[0] == 96
        rpc.call("eth_getLogs", {"fromBlock": "0x1", "toBlock": "0x1"})
    assert [one for one in chain.asked if one != (1, 1)] == [(1, 32), (33, 96), (97, 224)]


def test_a_lost_answer_is_asked_for_again(chain: Chain) -> None:
    """A connection that breaks while the next range is under way loses no log."""
    lost: list[int] = []

    def lose_once(first: int, _last: int) -> dict[str, Any] | None:
        if first == 97 and not lost:
            lost.append(first)
            return {"status": 200, "body": None}
        return None

    chain.refuses = lose_once
    chain.read(700)
    assert lost == [97]
    assert widths(chain.asked) == [32, 64, 128, 128, 256, 220]


def test_a_block_that_is_refused_is_said_so(chain: Chain) -> None:
    """Where not even one block's logs are given, the node's own words come through."""
    chain.refuses = lambda _, last: {"code": -32000, "message": "no"} if last >= 5 else None
    with pytest.raises(NodeRefused, match="no"):
        chain.read(9)
    chain.refuses = lambda *_: {"status": 200, "body": None}
    with pytest.raises(ConnectionLost):
        chain.read(9)


@pytest.mark.parametrize("code", [-32601, -32004])
def test_a_method_that_is_unknown_is_not_asked_for_in_parts(chain: Chain, code: int) -> None:
    """A node without logs is asked once, by either of the codes that say so."""
    chain.refuses = lambda *_: {"code": code, "message": "method not found"}
    with pytest.raises(NodeRefused):
        chain.read(100)
    assert len(chain.asked) == 1


def test_a_log_from_elsewhere_is_not_taken(chain: Chain) -> None:
    """A log of a block that was not asked for is a malformed answer."""
    chain.node.steps.clear()
    chain.node.echo(lambda *_: [told(3, 0), told(99, 0)])
    with pytest.raises(NodeAnswerMalformed, match="99"):
        chain.read(32)
