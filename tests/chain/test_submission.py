"""What nodes say of transactions is sorted, and their receipts are read strictly."""

import json
from typing import Any

import pytest

from registry.chain.rpc import Rpc
from registry.chain.submission import Outcome, Submission
from registry.domain.ids import Address
from registry.errors import NodeAnswerMalformed, WrongChain

ACCOUNT = Address(b"\xaa" * 20)
HASH = "0x" + "11" * 32
BLOCK = "0x" + "22" * 32


class Answers:
    """Answer JSON-RPC from a table: a value, or what a function makes of the parameters."""

    url = "memory"

    def __init__(self, **table: object) -> None:
        self.table = table

    def send(self, payload: bytes) -> bytes:
        """Answer one payload."""
        asked = json.loads(payload)
        if isinstance(asked, dict):
            return json.dumps(self._one(asked)).encode()
        return json.dumps([self._one(one) for one in asked]).encode()

    def close(self) -> None:
        """Have nothing to close."""

    def _one(self, asked: dict[str, Any]) -> dict[str, object]:
        found = self.table[asked["method"]]
        value = found(*asked["params"]) if callable(found) else found
        key = "error" if isinstance(value, dict) and "code" in value else "result"
        return {"jsonrpc": "2.0", "id": asked["id"], key: value}


def submission(**table: object) -> Submission:
    """Return a submission to a node that answers from a table."""
    return Submission(Rpc(Answers(**table)), ACCOUNT)


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("already known", Outcome.TAKEN),
        ("transaction already imported", Outcome.TAKEN),
        ("Known transaction", Outcome.TAKEN),
        ("nonce too low: next nonce 8, tx nonce 7", Outcome.NONCE_USED),
        ("nonce too low", Outcome.NONCE_USED),
        ("Nonce too low. Expected nonce to be 3 but got 2.", Outcome.NONCE_USED),
        ("insufficient funds for gas * price + value: balance 0", Outcome.UNFUNDED),
        ("Insufficient funds for gas * price + value", Outcome.UNFUNDED),
        ("Upfront cost exceeds account balance", Outcome.UNFUNDED),
        ("Sender doesn't have enough funds to send tx.", Outcome.UNFUNDED),
        ("replacement transaction underpriced", Outcome.UNDERPRICED),
        ("transaction underpriced: gas tip cap 1", Outcome.UNDERPRICED),
        ("max fee per gas less than block base fee", Outcome.UNDERPRICED),
        ("Gas price below configured minimum gas price", Outcome.UNDERPRICED),
        ("txpool is full", Outcome.LATER),
        ("Transaction nonce too distant from current sender nonce", Outcome.LATER),
        ("invalid sender", Outcome.REFUSED),
        ("intrinsic gas too low", Outcome.REFUSED),
        ("exceeds block gas limit", Outcome.REFUSED),
        ("Failed to decode transaction", Outcome.REFUSED),
    ],
)
def test_the_sentences_of_nodes_are_sorted(message: str, outcome: Outcome) -> None:
    """What geth, anvil, Besu and hardhat say when they refuse is understood."""
    refusing = submission(
        eth_sendRawTransaction={"code": -32000, "message": message}, eth_getTransactionByHash=None
    )
    (reply,) = refusing.push([b"\x01"])
    assert reply.outcome is outcome
    assert reply.refusal is not None
    assert reply.refusal.message == message


@pytest.mark.parametrize("message", ["rejected by policy", "insufficient funds"])
@pytest.mark.parametrize("looked_up", [{"hash": HASH}, {"code": -32000, "message": "not now"}])
def test_what_the_node_has_all_the_same_is_not_refused(message: str, looked_up: object) -> None:
    """A refusal counts only where the node says that it does not have the transaction."""
    refusing = submission(
        eth_sendRawTransaction={"code": -32000, "message": message},
        eth_getTransactionByHash=looked_up,
    )
    (reply,) = refusing.push([b"\x01"])
    assert reply.outcome is Outcome.LATER


def test_one_refusal_in_a_batch_spoils_no_other() -> None:
    """Each transaction of a batch has its own reply, in order."""

    def answer(raw: str) -> object:
        return HASH if raw != "0x02" else {"code": -32000, "message": "nonce too low"}

    replies = submission(eth_sendRawTransaction=answer).push([b"\x01", b"\x02", b"\x03"])
    assert [reply.outcome for reply in replies] == [
        Outcome.TAKEN,
        Outcome.NONCE_USED,
        Outcome.TAKEN,
    ]


def receipt(**changes: object) -> dict[str, object]:
    """Return a receipt with some fields changed."""
    plain: dict[str, object] = {
        "blockNumber": "0x5",
        "blockHash": BLOCK,
        "transactionIndex": "0x2",
        "gasUsed": "0x5208",
        "status": "0x1",
        "contractAddress": None,
        "logs": [],
    }
    return {**plain, **changes}


HEADER = {
    "number": "0x5",
    "hash": BLOCK,
    "parentHash": BLOCK,
    "timestamp": "0x64",
    "gasLimit": "0x1",
}


def test_a_receipt_is_read_with_its_blocks_time() -> None:
    """Place, gas, status, contract and logs come from the receipt, the time from its block."""
    contract = "0x" + "cc" * 20
    node = submission(
        eth_getTransactionReceipt=receipt(status="0x0", contractAddress=contract, logs=[{"a": 1}]),
        eth_getBlockByHash=HEADER,
    )
    found = node.receipts([bytes.fromhex(HASH[2:])])[bytes.fromhex(HASH[2:])]
    inclusion = found.inclusion
    assert (inclusion.block, inclusion.index, inclusion.time) == (5, 2, 100)
    assert (inclusion.gas_used, inclusion.succeeded) == (21_000, False)
    assert (found.contract, found.logs) == (Address(b"\xcc" * 20), ({"a": 1},))


def test_a_receipt_whose_block_is_gone_is_none() -> None:
    """Between two questions the block may vanish: then nothing is said yet."""
    node = submission(eth_getTransactionReceipt=receipt(), eth_getBlockByHash=None)
    assert node.receipts([b"\x11" * 32]) == {}
    assert submission(eth_getTransactionReceipt=None).receipts([b"\x11" * 32]) == {}


@pytest.mark.parametrize(
    "changes",
    [{"status": None}, {"blockNumber": None}, {"blockHash": "0x22"}, {"logs": "none"}],
)
def test_a_malformed_receipt_is_refused(changes: dict[str, object]) -> None:
    """A null block number or a short hash is an error of the node, not a landed transaction."""
    node = submission(eth_getTransactionReceipt=receipt(**changes), eth_getBlockByHash=HEADER)
    with pytest.raises(NodeAnswerMalformed):
        node.receipts([b"\x11" * 32])


def test_where_the_account_stands_is_asked_in_one_round_trip() -> None:
    """Nonces, balance and head come together; a pool that counts too little is passed over."""
    node = submission(
        eth_chainId="0x7",
        eth_getBlockByNumber=HEADER,
        eth_getTransactionCount=lambda _, block: "0x5" if block == "latest" else "0x3",
        eth_getBalance="0x9",
    )
    standing = node.standing()
    assert (standing.latest, standing.pending, standing.balance) == (5, 5, 9)
    assert standing.head.number == 5


def test_a_node_that_changes_its_chain_is_refused() -> None:
    """A chain id other than at first raises WrongChain."""
    ids = iter(["0x7", "0x8"])
    node = submission(
        eth_chainId=lambda: next(ids),
        eth_getBlockByNumber=HEADER,
        eth_getTransactionCount="0x1",
        eth_getBalance="0x9",
    )
    node.chain()
    with pytest.raises(WrongChain) as caught:
        node.standing()
    assert (caught.value.expected, caught.value.actual) == (7, 8)


def test_the_holder_of_a_nonce_is_found_by_halving() -> None:
    """The block in which the count passed the nonce is found, and the transaction in it."""
    asked: list[str] = []

    def count(_: str, block: str) -> object:
        asked.append(block)
        number = int(block, 16)
        if number < 40:
            return {"code": -32000, "message": "missing trie node"}
        return hex(3 if number < 77 else 6)

    def block(number: str, _: bool) -> object:  # noqa: FBT001 (as it is asked for)
        mine = {"from": ACCOUNT.hex, "nonce": "0x4", "hash": HASH}
        other = {"from": "0x" + "bb" * 20, "nonce": "0x4", "hash": BLOCK}
        return {"transactions": [other, {**mine, "nonce": "0x3"}, mine] if number == "0x4d" else []}

    node = submission(eth_getTransactionCount=count, eth_getBlockByNumber=block)
    assert node.holder(4, 1000) == bytes.fromhex(HASH[2:])
    assert len(asked) <= 11
    assert node.holder(9, 1000) == b""
