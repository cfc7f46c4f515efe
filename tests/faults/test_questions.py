"""Questions under faults of the connection itself: order, leftovers, length and packing."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from registry.chain import transport
from registry.chain.rpc import HttpTransport, Rpc
from registry.errors import ConnectionLost, NodeAnswerMalformed
from tests.faults.control import EVER, Proxy, proxy
from tests.faults.replies import BOMB
from tests.integration.sending import running

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anvil
HEAD, BLOCK = "eth_blockNumber", "eth_getBlockByNumber"
BLOCKS = 5


@pytest.fixture(scope="module")
def between() -> Iterator[Proxy]:
    """Stand a proxy before a chain of some blocks."""
    with running() as anvil, proxy(anvil.url) as made:
        anvil.mine(BLOCKS)
        yield made


@pytest.fixture
def rpc(between: Proxy) -> Iterator[Rpc]:
    """Return a client that takes no time between its attempts."""
    between.calm()
    with Rpc(HttpTransport(between.url, timeout=60), sleep=lambda _: None) as made:
        yield made
    between.calm()


def test_an_answer_that_came_twice_is_not_the_next_one(rpc: Rpc, between: Proxy) -> None:
    """What is left on a connection is left there, with the connection."""
    between.arm("answered-twice", times=EVER)
    for number in range(BLOCKS):
        assert rpc.call(BLOCK, hex(number), False)["number"] == hex(number)  # noqa: FBT003


@pytest.mark.parametrize("kind", ["overtaken", "delay", "drip", "chunked", "length-missing"])
def test_threads_get_their_own_answers_in_any_order(rpc: Rpc, between: Proxy, kind: str) -> None:
    """Answers that pass one another, or come in parts, go to whoever asked."""
    between.arm(kind, times=EVER)
    numbers = [hex(number) for number in range(BLOCKS)] * 4
    with ThreadPoolExecutor(5) as threads:
        found = list(threads.map(lambda one: rpc.call(BLOCK, one, False), numbers))  # noqa: FBT003
    assert [one["number"] for one in found] == numbers


@pytest.mark.parametrize("kind", ["padded", "length-beyond", "chunk-beyond"])
def test_what_is_too_long_is_not_read(
    rpc: Rpc, between: Proxy, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Beyond the limit a reply is given up, with the connection."""
    monkeypatch.setattr(transport, "MAX_REPLY_BYTES", 1 << 20)
    between.arm(kind, times=2)
    with pytest.raises(ConnectionLost):
        rpc.call(HEAD)
    assert rpc.call(HEAD) == hex(BLOCKS)


def test_what_is_packed_is_not_unpacked(rpc: Rpc, between: Proxy) -> None:
    """Nobody asked for it: what unpacks to very much takes no memory."""
    between.arm("gzip-bomb")
    tracemalloc.start()
    with pytest.raises(NodeAnswerMalformed):
        rpc.call(HEAD)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < BOMB // 8


@pytest.mark.parametrize("kind", ["wrong-id", "hole", "stranger", "batch-doubled", "first-missing"])
def test_a_batch_with_a_hole_or_a_stranger_is_refused_whole(
    rpc: Rpc, between: Proxy, kind: str
) -> None:
    """None of its answers is taken for another's; asked again it is whole."""
    questions = [(BLOCK, (hex(number), False)) for number in range(BLOCKS)]
    between.arm(kind)
    with pytest.raises(NodeAnswerMalformed):
        rpc.batch(questions)
    assert [one["number"] for one in rpc.batch(questions)] == [one[1][0] for one in questions]


@pytest.mark.parametrize("kind", ["batch-reversed", "batch-rotated", "batch-refused"])
def test_a_batch_in_any_order_or_in_parts_is_put_right(rpc: Rpc, between: Proxy, kind: str) -> None:
    """Answers are told apart by their ids, and a batch that is refused is asked in parts."""
    between.arm(kind)
    questions = [(BLOCK, (hex(number), False)) for number in range(BLOCKS)]
    assert [one["number"] for one in rpc.batch(questions)] == [one[1][0] for one in questions]
