"""JSON-RPC: what is asked again, what is refused, and that nothing is sent twice by mistake."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain.rpc import HttpTransport, Rpc
from registry.chain.wire import quantity
from registry.errors import (
    ConnectionLost,
    GatewayFailed,
    NodeAnswerMalformed,
    NodeBusy,
    NodeRefused,
    NodeRejected,
    NodeUnreachable,
    WrongChain,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chain.conftest import Script

RAW = ("eth_sendRawTransaction", ["0x01"])


@pytest.fixture
def waits() -> list[float]:
    """Collect how long the client waited between attempts."""
    return []


@pytest.fixture
def rpc(node: Script, waits: list[float]) -> Iterator[Rpc]:
    """Return a client of the scripted node that notes its waits instead of taking them."""
    with Rpc(HttpTransport(node.url, timeout=60), sleep=waits.append) as client:
        yield client


def test_returns_results_in_the_order_of_the_questions(rpc: Rpc, node: Script) -> None:
    """A node may answer a batch in any order; the ids put it right."""

    def reversed_batch(request: Any) -> tuple[int, bytes, dict[str, str]]:  # noqa: ANN401
        body = [{"jsonrpc": "2.0", "id": c["id"], "result": c["params"][0]} for c in request]
        return 200, json.dumps(body[::-1]).encode(), {}

    node.steps.append(reversed_batch)
    assert rpc.batch([("eth_call", [n]) for n in range(5)]) == [0, 1, 2, 3, 4]


def test_keeps_one_connection_for_many_questions(rpc: Rpc, node: Script) -> None:
    """Questions one after the other share a connection."""
    node.echo(lambda *_: "0x1")
    for _ in range(5):
        assert rpc.ask(quantity, "eth_blockNumber") == 1
    assert node.connections == 1


def test_notices_an_idle_connection_that_the_node_closed(rpc: Rpc, node: Script) -> None:
    """A write after the node hung up goes over a new connection, and is sent once."""
    node.steps.append(lambda r: (200, _result(r, "0x0"), {"X-Hang-Up": "after this"}))
    node.echo(lambda *_: "0x1")
    rpc.call("eth_blockNumber")
    assert node.hung_up.wait(60)
    assert rpc.call("eth_sendRawTransaction", "0x01") == "0x1"
    assert (len(node.seen), node.connections) == (2, 2)


def _result(request: dict[str, Any], result: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"42",
        b"<html>",
        b'{"jsonrpc": "2.0", "id":',
        b'{"jsonrpc": "2.0", "id": 1}',
        b'{"jsonrpc": "2.0", "result": "0x1"}',
        b'{"jsonrpc": "2.0", "id": 999, "result": "0x1"}',
        b'{"jsonrpc": "2.0", "id": [], "result": "0x1"}',
        b'{"jsonrpc": "2.0", "id": 999, "error": {"code": 1, "message": "x"}}',
    ],
)
def test_refuses_an_answer_that_is_none(rpc: Rpc, node: Script, body: bytes) -> None:
    """Whatever is not an answer to the question is refused as malformed."""
    node.answer(body)
    with pytest.raises(NodeAnswerMalformed) as caught:
        rpc.call("eth_blockNumber")
    assert caught.value.method == "eth_blockNumber"


@pytest.mark.parametrize(
    "body",
    [
        [],
        [{"id": 1, "result": 1}],
        [{"id": 1, "result": 1}, {"id": 1, "result": 1}],
        [{"id": 1, "result": 1}, {"id": 3, "result": 1}],
        [{"id": 1, "result": 1}, {"id": 2, "result": 1}, {"id": 2, "result": 1}],
        [{"id": 1, "result": 1}, None],
        [{"id": 1, "result": 1}, {"id": {}, "result": 1}],
        [{"id": 1, "result": 1}, {"id": 2}],
        {"id": 1, "result": 1},
    ],
)
def test_notices_holes_and_doubles_in_a_batch(rpc: Rpc, node: Script, body: object) -> None:
    """Every question of a batch must be answered exactly once."""
    node.answer(body)
    with pytest.raises(NodeAnswerMalformed):
        rpc.batch([("eth_blockNumber", ()), ("eth_gasPrice", ())])


@pytest.mark.parametrize("value", [None, 1, "", "0x", "1", "0xg", "0x" + "1" * 65, ["0x1"], "0x١"])
def test_refuses_a_quantity_that_is_none(rpc: Rpc, node: Script, value: object) -> None:
    """A result of the wrong shape is the node's fault, and said so."""
    node.echo(lambda *_: value)
    with pytest.raises(NodeAnswerMalformed):
        rpc.ask(quantity, "eth_blockNumber")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("0x08c379a0", "0x08c379a0"),
        ({"message": "reverted", "data": "0x1234"}, "0x1234"),
        ({"originalError": 1}, ""),
        ("Reverted 0x1234", "0x1234"),
        (None, ""),
        (7, ""),
        ("0x123", ""),
    ],
)
def test_finds_the_data_of_an_error(rpc: Rpc, node: Script, data: object, found: str) -> None:
    """Each kind of node puts revert data elsewhere."""
    error = {"code": 3, "message": "execution reverted", "data": data}
    node.answer({"jsonrpc": "2.0", "id": 1, "error": error})
    with pytest.raises(NodeRefused) as caught:
        rpc.call("eth_call", {}, "latest")
    assert caught.value.data == found
    assert (caught.value.error, caught.value.message) == (3, "execution reverted")


def test_returns_errors_of_a_batch_in_their_places(rpc: Rpc, node: Script) -> None:
    """One refused call of a batch does not take the others with it."""
    error = {"code": -32000, "message": "nonce too low"}
    node.answer([{"id": 1, "result": "0x1"}, {"id": 2, "error": error}])
    first, second = rpc.attempt([RAW, RAW])
    assert first == "0x1"
    assert isinstance(second, NodeRefused)
    assert second.message == "nonce too low"


@pytest.mark.parametrize("status", [429, 503])
def test_asks_a_busy_node_again(rpc: Rpc, node: Script, waits: list[float], status: int) -> None:
    """A question is asked again after growing waits, or when the node says."""
    node.status(status)
    node.status(status, Retry_After="1")
    node.status(status)
    node.echo(lambda *_: "0x1")
    assert rpc.call("eth_blockNumber") == "0x1"
    assert waits == [0.2, 1, 0.8]


@pytest.mark.parametrize("status", [500, 502, 504])
def test_asks_a_gateway_that_failed_once_more(
    rpc: Rpc, node: Script, waits: list[float], status: int
) -> None:
    """A page of a server before the node is trouble that may pass; a write is not sent again."""
    node.status(status, b"<html>")
    node.echo(lambda *_: "0x1")
    assert rpc.call("eth_blockNumber") == "0x1"
    assert waits == [0.2]
    node.steps[:] = []
    node.status(status, b"<html>")
    for method, asked in (("eth_blockNumber", 2), ("eth_sendRawTransaction", 1)):
        before = len(node.seen)
        with pytest.raises(GatewayFailed) as caught:
            rpc.call(method, "0x01")
        assert caught.value.status == status
        assert len(node.seen) - before == asked


def test_gives_a_busy_node_up_in_the_end(rpc: Rpc, node: Script, waits: list[float]) -> None:
    """A node that stays busy is an error, after bounded waits."""
    node.status(503, Retry_After="86400")
    with pytest.raises(NodeBusy) as caught:
        rpc.call("eth_blockNumber")
    assert caught.value.fields == {"url": node.url, "status": 503, "retry_after": 86400}
    assert waits == [5, 5, 5, 5]


def test_a_limit_told_inside_an_answer_is_waited_for_too(
    rpc: Rpc, node: Script, waits: list[float]
) -> None:
    """Some nodes say "too many requests" with status 200."""
    node.answer({"id": 1, "error": {"code": -32005, "message": "Too Many Requests"}})
    node.echo(lambda *_: "0x1")
    assert rpc.call("eth_blockNumber") == "0x1"
    assert waits == [0.2]


def test_never_sends_a_transaction_again(rpc: Rpc, node: Script, waits: list[float]) -> None:
    """Busy nodes, broken connections and refusals leave a write sent at most once."""
    node.status(429)
    node.break_off()
    node.answer({"error": {"code": -32600, "message": "batch too large"}})
    node.answer([{"id": 1, "result": "0x1"}])
    with pytest.raises(NodeBusy):
        rpc.call("eth_sendRawTransaction", "0x01")
    with pytest.raises(ConnectionLost):
        rpc.call("eth_sendRawTransaction", "0x01")
    with pytest.raises(NodeRefused):
        rpc.attempt([RAW, RAW])
    with pytest.raises(NodeAnswerMalformed):
        rpc.attempt([("eth_blockNumber", ()), RAW])
    assert len(node.seen) == 4
    assert waits == []


def test_asks_once_more_when_the_connection_breaks(rpc: Rpc, node: Script) -> None:
    """A question whose answer is lost is asked once more, no oftener."""
    node.break_off()
    node.echo(lambda *_: "0x1")
    assert rpc.call("eth_blockNumber") == "0x1"
    node.steps.clear()
    node.break_off()
    with pytest.raises(ConnectionLost):
        rpc.call("eth_blockNumber")
    assert len(node.seen) == 4


def test_a_reply_cut_short_is_a_lost_connection(rpc: Rpc, node: Script) -> None:
    """A body shorter than announced is not parsed, however well it ends."""
    node.status(200, b'{"id": 1, "result": "0x1"}', Content_Length="500")
    with pytest.raises(ConnectionLost, match="cut short"):
        rpc.call("eth_sendRawTransaction", "0x01")


def test_makes_batches_smaller_when_the_node_refuses_them(rpc: Rpc, node: Script) -> None:
    """A node that takes three calls in a batch at most still answers twenty."""

    def limited(request: Any) -> tuple[int, bytes, dict[str, str]]:  # noqa: ANN401
        if isinstance(request, list) and len(request) > 3:
            return 400, b'{"error": {"code": -32600, "message": "batch too large"}}', {}
        calls = request if isinstance(request, list) else [request]
        made = [{"id": c["id"], "result": c["params"][0]} for c in calls]
        return 200, json.dumps(made if isinstance(request, list) else made[0]).encode(), {}

    node.steps.append(limited)
    assert rpc.batch([("eth_call", [n]) for n in range(20)]) == list(range(20))
    assert len(node.seen) < 15


def test_a_refused_batch_of_writes_is_smaller_when_it_is_sent_again(rpc: Rpc, node: Script) -> None:
    """Whoever decides to send the same transactions again does so within the node's limit."""
    node.answer({"error": {"code": -32600, "message": "batch too large"}})
    node.echo(lambda *_: "0x1")
    with pytest.raises(NodeRefused):
        rpc.attempt([RAW] * 8)
    assert rpc.attempt([RAW] * 8) == ["0x1"] * 8
    assert [len(payload) for payload in node.seen] == [8, 4, 4]


def test_a_server_that_is_no_node_is_said_so(rpc: Rpc, node: Script) -> None:
    """An HTTP error without JSON-RPC in it names its status."""
    node.status(403, b"<html>no</html>")
    with pytest.raises(NodeRejected) as caught:
        rpc.call("eth_blockNumber")
    assert caught.value.status == 403


def test_a_node_that_is_not_there_is_unreachable() -> None:
    """Nothing listens at the address: one clear error, at once."""
    with pytest.raises(NodeUnreachable) as caught:
        Rpc.connect("http://127.0.0.1:1").call("eth_blockNumber")
    assert not isinstance(caught.value, ConnectionLost)


def test_asks_for_the_chain_with_the_first_question_only(node: Script) -> None:
    """Making sure of the chain costs no round trip of its own."""
    node.echo(lambda method, _: "0x7a69" if method == "eth_chainId" else "0x1")
    with Rpc.connect(node.url, chain_id=31337) as rpc:
        assert rpc.batch([("eth_blockNumber", ())]) == ["0x1"]
        assert rpc.batch([("eth_blockNumber", ())]) == ["0x1"]
        assert rpc.chain_id() == 31337
    methods = [[c["method"] for c in (s if isinstance(s, list) else [s])] for s in node.seen]
    assert methods == [["eth_chainId", "eth_blockNumber"], ["eth_blockNumber"]]


def test_gives_no_answer_from_another_chain(node: Script) -> None:
    """A node on another chain is refused, before a transaction reaches it too."""
    node.echo(lambda *_: "0x1")
    for request in [("eth_blockNumber", ()), RAW]:
        with Rpc.connect(node.url, chain_id=31337) as rpc, pytest.raises(WrongChain) as caught:
            rpc.batch([request])
        assert caught.value.fields == {"url": node.url, "expected": 31337, "actual": 1}
    assert "eth_sendRawTransaction" not in json.dumps(node.seen)
