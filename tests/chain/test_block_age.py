"""JSON-RPC where the newest block may only be so old: no answer of a node that stands still."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from registry.chain import rpc as module
from registry.chain.rpc import HttpTransport, Rpc
from registry.errors import NodeAnswerMalformed, NodeBehind, WrongChain

if TYPE_CHECKING:
    from tests.chain.conftest import Script

NUMBER = ("eth_blockNumber", ())
RAW = ("eth_sendRawTransaction", ["0x01"])
NEWEST, CHAIN = "eth_getBlockByNumber", "eth_chainId"
BLOCK_TIME, LIMIT = 1_790_000_000, 60


def header(at: int) -> dict[str, str]:
    """Return block 9 of a time, as a node tells of it."""
    digest = "0x" + "11" * 32
    told = {"number": "0x9", "timestamp": hex(at), "gasLimit": "0x1c9c380"}
    return {**told, "hash": digest, "parentHash": digest}


def answering(node: Script, *, chain: str = "0x7a69") -> None:
    """Have the node tell its chain, one newest block, and 0x1 for all else."""
    known = {CHAIN: chain, NEWEST: header(BLOCK_TIME)}
    node.echo(lambda method, _: known.get(method, "0x1"))


def client(node: Script, now: float, *, chain_id: int | None = None) -> Rpc:
    """Return a client by whose clock it is now so late."""
    way = HttpTransport(node.url, timeout=60)
    return Rpc(way, chain_id=chain_id, max_block_age=LIMIT, clock=lambda: now)


def asked(node: Script) -> list[list[str]]:
    """Return the methods of each payload that the node was sent."""
    payloads = [one if isinstance(one, list) else [one] for one in node.seen]
    return [[call["method"] for call in payload] for payload in payloads]


def test_no_answer_of_a_node_that_stands_still(node: Script) -> None:
    """A second beyond the limit no answer is given, and the error says what was compared."""
    answering(node)
    late = BLOCK_TIME + LIMIT + 1
    with client(node, late) as rpc:
        with pytest.raises(NodeBehind) as caught:
            rpc.batch([NUMBER])
        with pytest.raises(NodeBehind):
            rpc.batch([NUMBER])
    told = caught.value
    assert (told.block, told.time, told.now, told.limit) == (9, BLOCK_TIME, late, LIMIT)
    assert node.url in str(told)
    assert asked(node) == [[NEWEST, "eth_blockNumber"]] * 2


@pytest.mark.parametrize("now", [BLOCK_TIME + LIMIT, BLOCK_TIME, BLOCK_TIME - 10**6])
def test_a_node_that_keeps_up_is_asked(node: Script, now: int) -> None:
    """Up to the limit it answers, and where the clock here is behind as well."""
    answering(node)
    with client(node, now) as rpc:
        assert rpc.batch([NUMBER, NUMBER]) == ["0x1", "0x1"]


def test_nothing_is_sent_to_a_node_that_stands_still(node: Script) -> None:
    """A transaction does not reach it: it is asked for its newest block first, alone."""
    answering(node)
    with client(node, BLOCK_TIME + LIMIT + 1) as rpc, pytest.raises(NodeBehind):
        rpc.attempt([RAW])
    assert asked(node) == [[NEWEST]]


def test_what_is_asked_ahead_waits_for_it_too(node: Script) -> None:
    """Questions that the node is to work on meanwhile are no way around."""
    answering(node)
    with client(node, BLOCK_TIME + LIMIT + 1) as rpc, pytest.raises(NodeBehind):
        rpc.begin([NUMBER]).answers()


def test_it_is_asked_again_after_some_seconds(
    node: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest block is asked for with the first question, and not with each that follows."""
    answering(node)
    with client(node, BLOCK_TIME) as rpc:
        for _ in range(3):
            rpc.batch([NUMBER])
        later = time.monotonic() + module._BELIEVED_SECONDS
        monkeypatch.setattr("registry.chain.rpc.time.monotonic", lambda: later)
        rpc.batch([NUMBER])
    plain = ["eth_blockNumber"]
    assert asked(node) == [[NEWEST, *plain], plain, plain, [NEWEST, *plain]]


def test_chain_and_age_are_asked_together(node: Script) -> None:
    """Both cost no round trip of their own; another chain is told before anything of its age."""
    answering(node)
    with client(node, BLOCK_TIME, chain_id=0x7A69) as rpc:
        assert rpc.batch([NUMBER]) == ["0x1"]
        assert rpc.chain_id() == 0x7A69
    assert asked(node) == [[CHAIN, NEWEST, "eth_blockNumber"]]
    late = BLOCK_TIME + LIMIT + 1
    with client(node, late, chain_id=1) as rpc, pytest.raises(WrongChain):
        rpc.batch([NUMBER])


@pytest.mark.parametrize("newest", [None, {}, "0x9", header(0) | {"timestamp": "soon"}])
def test_a_node_that_does_not_tell_is_not_believed(node: Script, newest: object) -> None:
    """Where the newest block has no time nothing else counts either."""
    node.echo(lambda method, _: newest if method == NEWEST else "0x1")
    with client(node, BLOCK_TIME) as rpc, pytest.raises(NodeAnswerMalformed):
        rpc.batch([NUMBER])


def test_any_age_unless_it_is_limited(node: Script) -> None:
    """Without a limit nobody asks."""
    answering(node)
    with Rpc.connect(node.url) as rpc:
        assert rpc.batch([NUMBER]) == ["0x1"]
    assert asked(node) == [["eth_blockNumber"]]
