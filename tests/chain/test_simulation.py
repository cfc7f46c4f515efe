"""Many calls are tried out in one request where the node can, and one by one where it cannot."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain.calls import Call
from registry.chain.rpc import Rpc
from registry.chain.simulation import Simulation
from registry.domain.ids import Address
from registry.errors import NodeAnswerMalformed, NodeRefused, RegistryError
from registry.reverts import FailedCall
from tests.chain.test_submission import ACCOUNT, Answers

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET = Address(b"\xcc" * 20)
BAD = b"\xff"
REVERT = {"code": 3, "message": "execution reverted", "data": "0x" + FailedCall.selector.hex()}
UNKNOWN = {"code": -32601, "message": "the method does not exist"}


class Node(Answers):
    """Estimate and call as told, and simulate as a function says; count what is asked."""

    def __init__(self, simulate: Callable[[list[dict[str, Any]]], object]) -> None:
        self.asked: Counter[str] = Counter()
        self.sizes: list[int] = []

        def simulated(payload: dict[str, Any], _block: str) -> object:
            calls = payload["blockStateCalls"][0]["calls"]
            self.asked["eth_simulateV1"] += 1
            self.sizes.append(len(calls))
            return simulate(calls)

        def one(method: str, passes: object) -> Callable[..., object]:
            def answer(call: dict[str, str], *_: object) -> object:
                self.asked[method] += 1
                return REVERT if call["data"] == "0xff" else passes

            return answer

        super().__init__(
            eth_simulateV1=simulated,
            eth_estimateGas=one("eth_estimateGas", hex(90_000)),
            eth_call=one("eth_call", "0x"),
        )


def passing(calls: list[dict[str, Any]]) -> object:
    """Simulate: each call takes 60,000 and fails where its data are BAD."""
    return [
        {
            "calls": [
                {"status": "0x0" if call["data"] == "0xff" else "0x1", "gasUsed": hex(60_000)}
                for call in calls
            ]
        }
    ]


def limits(node: Answers, calls: list[Call]) -> list[int | RegistryError]:
    """Return what the calls may take at the latest block."""
    return Simulation(Rpc(node), ACCOUNT).gas_limits(calls, "latest")


def calls_of(*data: bytes) -> list[Call]:
    """Return calls with these calldata."""
    return [Call(to=TARGET, data=one) for one in data]


def test_many_calls_are_tried_out_in_one_request() -> None:
    """Each gets a third more than it took and some to spare; nothing else is asked."""
    node = Node(passing)
    assert limits(node, calls_of(*[b"\x01"] * 100)) == [60_000 * 4 // 3 + 50_000] * 100
    assert node.asked == {"eth_simulateV1": 1}


def test_few_large_calls_are_tried_out_together_too() -> None:
    """A node finds the gas of a large call by carrying it out over and over: not of three."""
    node = Node(passing)
    assert limits(node, calls_of(*[bytes(8_000)] * 3)) == [130_000] * 3
    assert node.asked == {"eth_simulateV1": 1}


def test_what_fails_there_is_asked_about_by_itself() -> None:
    """The one that is refused has its typed error in its place, the others their limits."""
    node = Node(passing)
    found = limits(node, calls_of(*[b"\x01"] * 9, BAD, b"\x01"))
    assert isinstance(found[9], FailedCall)
    assert [one for one in found if isinstance(one, int)] == [130_000] * 10
    assert node.asked == {"eth_simulateV1": 1, "eth_estimateGas": 1}


def test_a_limit_that_was_given_is_kept() -> None:
    """A call that says its gas itself is tried out and keeps it."""
    calls = [Call(to=TARGET, data=b"\x01", gas=70_000 + k) for k in range(8)]
    assert limits(Node(passing), calls) == [70_000 + k for k in range(8)]


def test_few_calls_and_creations_are_not_simulated() -> None:
    """A handful is asked about one by one, and so is a list that makes contracts."""
    node = Node(passing)
    limits(node, calls_of(b"\x01", b"\x02"))
    limits(node, [Call(to=None, data=b"\x01")] * 12)
    assert "eth_simulateV1" not in node.asked


@pytest.mark.parametrize(
    ("refusal", "attempts"),
    [
        (UNKNOWN, 1),
        ({"code": -32004, "message": "not supported"}, 1),
        ({"code": -32000, "message": "not allowed"}, 9),
    ],
)
def test_a_node_that_cannot_simulate_is_asked_the_old_way(
    refusal: dict[str, object], attempts: int
) -> None:
    """Then it is not asked again, at once where it says so; every call has its limit."""
    node = Node(lambda _: refusal)
    simulation = Simulation(Rpc(node), ACCOUNT)
    calls = calls_of(*[b"\x01"] * 300)
    assert simulation.gas_limits(calls, "latest") == [90_000 * 4 // 3 + 50_000] * 300
    refused = node.asked["eth_simulateV1"]
    assert simulation.gas_limits(calls, "latest") == [170_000] * 300
    assert node.asked["eth_simulateV1"] == refused == attempts
    assert node.asked["eth_estimateGas"] == 2


def test_a_node_that_takes_little_at_a_time_is_given_less() -> None:
    """A request that is beyond its limit is halved until it passes; none is left out."""
    node = Node(lambda calls: passing(calls) if len(calls) <= 40 else {**UNKNOWN, "code": -38015})
    assert limits(node, calls_of(*[b"\x01"] * 200)) == [130_000] * 200
    assert node.sizes == [200, 100, 50, *[25] * 8]


def test_a_call_that_runs_out_of_gas_is_refused_by_the_node_and_no_contract() -> None:
    """Hardhat gives data of no bytes with it, as others do with a revert without a reason."""
    told = "Transaction ran out of gas"
    dry = {"code": -32000, "message": told, "data": {"message": told, "data": "0x"}}
    (refusal,) = limits(Answers(eth_estimateGas=lambda *_: dry), calls_of(b"\x01"))
    assert isinstance(refusal, NodeRefused)
    assert refusal.message == told


def test_what_would_take_more_than_a_transaction_may_is_estimated() -> None:
    """A limit at the cap would be no third above: the node says whether such a call can be."""
    node = Node(
        lambda calls: [{"calls": [{"status": "0x1", "gasUsed": hex(14 << 20)}] * len(calls)}]
    )
    limits(node, calls_of(*[b"\x01"] * 8))
    assert node.asked["eth_estimateGas"] > 0


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [{"calls": []}],
        [{"calls": [{"status": "0x1"}] * 8}],
        [{"calls": [{"status": "yes", "gasUsed": "0x1"}] * 8}],
        "0x",
    ],
)
def test_an_answer_that_says_nothing_of_a_call_is_refused(answer: object) -> None:
    """Missing calls, statuses and amounts are errors of the node, not calls that pass."""
    with pytest.raises(NodeAnswerMalformed):
        limits(Node(lambda _: answer), calls_of(*[b"\x01"] * 8))
