"""The proxy itself: each fault befalls what it is armed for, and asks the node as it says."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain.rpc import Rpc
from tests.conftest import World
from tests.faults.control import Proxy, proxy
from tests.faults.kinds import KINDS, STORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Node

pytestmark = pytest.mark.anvil
UNSEEN = ("delay", "drip", "overtaken", "asked-twice", "asked-twice-first", "stale")
"""What leaves the bytes of an answer as they are, or nothing to see on a chain without blocks."""


@pytest.fixture(scope="module")
def between(anvil: Node) -> Iterator[Proxy]:
    """Give the module one proxy before the node."""
    with proxy(anvil.url) as made:
        yield made


@pytest.fixture
def calm(between: Proxy) -> Iterator[Proxy]:
    """Give a test the proxy without faults."""
    between.calm()
    yield between
    between.calm()


def posted(between: Proxy, payload: Any) -> bytes:  # noqa: ANN401 (JSON)
    """Post a payload on a connection of its own, and return all bytes until it ends."""
    body = json.dumps(payload).encode()
    host, port = between.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 60) as connection:
        received = b""
        try:
            connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(1 << 16):
                received += part
        except OSError:
            return received + b"reset"
        return received


def asking(method: str, number: int = 1) -> dict[str, Any]:
    """Return a question that any node refuses or answers, and does no harm."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": []}


@pytest.mark.parametrize("name", [name for name in KINDS if name != "silence"])
def test_a_fault_asks_the_node_as_often_as_it_says(calm: Proxy, name: str) -> None:
    """Once where only the answer is spoilt, not at all where the question never arrives."""
    kind = KINDS[name]
    method = kind.methods[0] if kind.methods else "eth_blockNumber"
    payload = [asking(method), asking(method, 2)] if kind.batches else asking(method)
    calm.arm(name, method)
    spoilt = posted(calm, payload)
    counted = calm.calm()
    asked = 2 if kind.batches else 1
    assert counted.asked[method] == asked
    assert counted.passed[method] == asked * kind.asked
    assert counted.done == {f"{name} {method}": 1}
    if name not in UNSEEN and not kind.methods:
        assert spoilt != posted(calm, payload)


def test_faults_come_at_their_turn(calm: Proxy) -> None:
    """The second and third question of a method, and no other."""
    calm.arm("404-html", "eth_chainId", nth=2, times=2)
    found = [b" 404 " in posted(calm, asking("eth_chainId")) for _ in range(4)]
    assert found == [False, True, True, False]
    assert b" 200 " in posted(calm, asking("eth_blockNumber"))


def test_a_storm_is_the_same_for_the_same_seed(calm: Proxy) -> None:
    """So that what one campaign met can be met again."""
    seen = []
    for _ in range(2):
        calm.storm(0.3, seed=5, families=("drop", "429", "500"))
        for _ in range(30):
            posted(calm, asking("eth_chainId"))
        seen.append(calm.calm().done)
    assert seen[0] == seen[1]
    assert 5 < sum(seen[0].values()) < 30


def test_every_family_of_a_storm_is_of_known_faults() -> None:
    """What a storm draws is what single cases show."""
    assert {name for names in STORM.values() for name in names} <= KINDS.keys()


def test_a_node_that_is_gone_is_gone_for_all(calm: Proxy) -> None:
    """Every connection is aborted until the node is said to be back."""
    calm.hide_node()
    assert posted(calm, asking("eth_chainId")) == b"reset"
    calm.hide_node(hidden=False)
    assert b"0x7a69" in posted(calm, asking("eth_chainId"))


def test_a_stale_view_is_one_of_an_earlier_block(calm: Proxy, world: World) -> None:
    """All that is asked within it is as it was, some blocks ago."""
    for _ in range(3):
        world.mine()
    head = int(world.rpc.call("eth_blockNumber"), 16)
    calm.arm("stale", blocks=2)
    with Rpc.connect(calm.url) as rpc:
        newest = ("eth_getBlockByNumber", ("latest", False))
        gone = ("eth_getBlockByNumber", (hex(head), False))
        number, block, none = rpc.batch([("eth_blockNumber", ()), newest, gone])
    assert (int(number, 16), int(block["number"], 16), none) == (head - 2, head - 2, None)
