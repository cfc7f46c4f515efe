"""Name the readers of what a node answers: replies, and the result of each method that is asked."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any, Final

from assurance.inputs import samples
from assurance.inputs.trial import Target
from registry.chain import abi, bindings, evidence, moments, reverts, wire
from registry.chain.calls import Call
from registry.chain.events import EventReader
from registry.chain.fees import Fees
from registry.chain.history import History
from registry.chain.http import HttpConnection, HttpMalformed, ReplyTooLong
from registry.chain.layouts import EventLayout, Function
from registry.chain.logs import emitters, log, logs
from registry.chain.proofs import ChainProofs
from registry.chain.questions import Question, answer_of
from registry.chain.receipts import Receipts
from registry.chain.rpc import Rpc
from registry.chain.simulation import Simulation
from registry.chain.submission import Submission
from registry.domain.ids import Address
from registry.domain.ledger import Deployment
from registry.domain.moment import Moment

DEPLOYMENT: Final = Deployment(
    chain_id=7,
    directory=Address(b"\x01" * 20),
    parties=Address(b"\x02" * 20),
    products=Address(b"\x03" * 20),
    grants=Address(b"\x04" * 20),
    interface_version=1,
    block=1,
    calendar=Address(b"\x05" * 20),
    meter=Address(b"\x06" * 20),
    lineage=Address(b"\x0a" * 20),
    anchors=Address(b"\x0b" * 20),
    desk=Address(b"\x07" * 20),
    certificates=Address(b"\x08" * 20),
)
_ACCOUNT: Final = Address(b"\x0c" * 20)
_HASH: Final = "0x" + "0d" * 32
_BLOCK_HASH: Final = "0x" + "0e" * 32


class Told:
    """Be a transport that answers one method with given bytes, others with values."""

    url = "told"

    def __init__(self, method: str, result: bytes, **others: object) -> None:
        self._told = {name: json.dumps(value).encode() for name, value in others.items()}
        self._told[method] = result

    def send(self, payload: bytes) -> bytes:
        """Answer one payload."""
        asked = json.loads(payload)
        if isinstance(asked, dict):
            return self._one(asked)
        return b"[" + b",".join(map(self._one, asked)) + b"]"

    def close(self) -> None:
        """Have nothing to close."""

    def _one(self, asked: dict[str, Any]) -> bytes:
        said = self._told.get(asked["method"], b"null")
        return b'{"jsonrpc":"2.0","id":%d,"result":%s}' % (asked["id"], said)


def _rpc(method: str, given: bytes, **others: object) -> Rpc:
    return Rpc(Told(method, given, eth_chainId="0x7", **others))


_HEADER: Final[dict[str, Any]] = {
    "number": "0x5",
    "hash": _BLOCK_HASH,
    "parentHash": "0x" + "0f" * 32,
    "timestamp": "0x6ab13b80",
    "gasLimit": "0x1c9c380",
    "baseFeePerGas": "0x7",
    "transactions": [_HASH],
}
_FULL_BLOCK: Final = {
    **_HEADER,
    "transactions": [{"from": _ACCOUNT.hex, "nonce": "0x3", "hash": _HASH}],
}
_RECEIPT: Final[dict[str, Any]] = {
    "transactionHash": _HASH,
    "blockNumber": "0x5",
    "blockHash": _BLOCK_HASH,
    "transactionIndex": "0x0",
    "gasUsed": "0x5208",
    "cumulativeGasUsed": "0x5208",
    "type": "0x2",
    "logsBloom": "0x" + "00" * 256,
    "status": "0x1",
    "contractAddress": None,
    "logs": [],
}


def _line(value: object) -> bytes:
    return json.dumps(value).encode()


def _seeds(*values: object) -> Callable[[], Sequence[bytes]]:
    return lambda: [_line(one) for one in values]


# ---- replies -------------------------------------------------------------------------------------


def _reply(given: bytes) -> object:
    return Rpc(Told("", b"")).read([("eth_chainId", ())], [1], given)


def _batch(given: bytes) -> object:
    asked = [("eth_chainId", ()), ("eth_blockNumber", ()), ("eth_call", ())]
    # What refuses a whole batch is caught where batches are sent.
    rpc = Rpc(_Whole(given))
    return rpc.attempt(asked)


class _Whole(Told):
    """Be a transport that answers anything with the same bytes, and one question alone rightly."""

    def __init__(self, given: bytes) -> None:
        super().__init__("eth_chainId", b'"0x7"')
        self._given = given

    def send(self, payload: bytes) -> bytes:
        """Answer one payload."""
        return self._given if payload.startswith(b"[") else super().send(payload)


_BATCH: Final = [
    {"jsonrpc": "2.0", "id": 1, "result": "0x7"},
    {"jsonrpc": "2.0", "id": 2, "result": "0x5"},
    {"jsonrpc": "2.0", "id": 3, "error": {"code": 3, "message": "reverted", "data": "0x1234"}},
]
_REFUSAL: Final = {"code": -32000, "message": "execution reverted", "data": {"data": "0x08c379a0"}}


def _http(given: bytes) -> tuple[int, bytes]:
    connection = HttpConnection("127.0.0.1", 1, secure=False, timeout=1, limit=1 << 16)
    reply = connection._reply(io.BytesIO(given), 1 << 16)  # noqa: SLF001 (what a socket gives)
    return reply.status, reply.body


_HTTP: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nnull",
    (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"4;x=y\r\nnull\r\n0\r\nTrailer: 1\r\n\r\n"
    ),
    b"HTTP/1.0 429 Too Many\r\nRetry-After: 3\r\n\r\nslow down",
)

# ---- blocks, logs, receipts ----------------------------------------------------------------------


def _moment(given: bytes) -> object:
    return moments.moment(_rpc("eth_getBlockByNumber", given), None)


def _fee(given: bytes) -> object:
    rpc = _rpc("eth_gasPrice", given)
    head = wire.header(_HEADER)
    answer = rpc.attempt([("eth_gasPrice", ())])[0]
    policy = Fees()
    return rpc.shaped("eth_gasPrice", answer, lambda one: policy.choose(head, [one, one]))


@cache
def _events() -> Sequence[bytes]:
    """Return for each event a log of it, whose fields are zero or empty but for a few bits."""
    made = []
    for emitter, binding in emitters(DEPLOYMENT):
        layout = binding.layout
        plain = [one.kind for one in layout.parameters if not one.indexed]
        topics = [layout.topic, *(_topic(one.kind) for one in layout.parameters if one.indexed)]
        value = {
            "address": emitter.hex,
            "topics": [wire.to_data(one) for one in topics],
            "data": wire.to_data(abi.encode(plain, [_blank(kind) for kind in plain])),
            "blockNumber": "0x5",
            "blockHash": _BLOCK_HASH,
            "logIndex": "0x2",
            "transactionIndex": "0x0",
            "transactionHash": _HASH,
            "blockTimestamp": "0x6ab13b80",
            "removed": False,
        }
        made.append(_line([value, value]))
    return made


def _topic(kind: str) -> bytes:
    encoded = abi.encode([kind], [_blank(kind)])
    return encoded if len(encoded) == len(bytes(32)) else bytes(31) + b"\1"


def _blank(kind: str) -> Any:  # noqa: ANN401 (as the ABI type says)
    """Return a value of an ABI type: one item, one bit, no text."""
    if kind.endswith("]"):
        item, _, count = kind[:-1].rpartition("[")
        return [_blank(item)] * (int(count) if count else 1)
    if kind.startswith("("):
        return [_blank(part) for part in abi.split(kind[1:-1])]
    if kind == "string":
        return "a"
    if kind == "bool":
        return True
    if kind.startswith("bytes") or kind == "address":
        size = 20 if kind == "address" else int(kind[5:] or 3)
        return bytes(size - 1) + b"\1"
    return 1


def _logs(given: bytes) -> object:
    rpc = _rpc("eth_getLogs", given)
    found = rpc.ask(logs, "eth_getLogs")
    return EventReader(rpc, DEPLOYMENT).events(found)


def _log(given: bytes) -> object:
    return _rpc("eth_getLogs", given).ask(log, "eth_getLogs")


def _told(given: bytes) -> object:
    """Read a log as an audit does, of any of the contracts."""
    rpc = _rpc("eth_getLogs", given)
    history = History(rpc, DEPLOYMENT)
    return [
        history.told(one) for one in rpc.ask(logs, "eth_getLogs") if history.of_ours(one.address)
    ]


def _receipt(given: bytes) -> object:
    rpc = _rpc("eth_getTransactionReceipt", given, eth_getBlockByHash=_HEADER)
    return Receipts(rpc).of([bytes.fromhex(_HASH[2:])])


def _blocks(given: bytes) -> object:
    rpc = _rpc("eth_getBlockReceipts", given, eth_getBlockByNumber=_golden_header())
    return list(evidence.receipts(rpc, History(rpc, DEPLOYMENT), 5, 5))


def _block(given: bytes) -> object:
    rpc = _rpc("eth_getBlockByNumber", given, eth_getBlockReceipts=[_RECEIPT])
    return list(evidence.receipts(rpc, History(rpc, DEPLOYMENT), 5, 5))


@cache
def _golden_header() -> dict[str, Any]:
    """Return a header as a node tells it, of the block that a golden proof rests on."""
    header = json.loads(samples.golden("product")[0])["header"]
    return {**header["fields"], "hash": header["hash"], "transactions": [_HASH]}


def _mined(given: bytes) -> object:
    rpc = Rpc(_Counting(given))
    return Submission(rpc, _ACCOUNT).holder(3, 5)


class _Counting(Told):
    """Be a transport of a chain in which an account's nonce rises once."""

    def __init__(self, given: bytes) -> None:
        super().__init__("eth_getBlockByNumber", given, eth_chainId="0x7")

    def _one(self, asked: dict[str, Any]) -> bytes:
        if asked["method"] != "eth_getTransactionCount":
            return super()._one(asked)
        after = asked["params"][1] in ("latest", "0x5")
        return b'{"jsonrpc":"2.0","id":%d,"result":"0x%d"}' % (asked["id"], 4 if after else 3)


# ---- calls and proofs ----------------------------------------------------------------------------


@cache
def functions() -> tuple[Function, ...]:
    """Return every function of every contract."""
    held = (vars(one) for one in vars(bindings).values() if isinstance(one, type))
    found = (value for names in held for value in names.values() if isinstance(value, Function))
    return tuple(dict.fromkeys(found))


@cache
def layouts() -> tuple[EventLayout, ...]:
    """Return every event of every contract."""
    held = (vars(one) for one in vars(bindings).values() if isinstance(one, type))
    found = (value for names in held for value in names.values() if isinstance(value, EventLayout))
    return tuple(dict.fromkeys(found))


_PAST: Final = Moment(block=5, time=1, block_hash=bytes(32))


def _call(given: bytes) -> object:
    """Read the answer to a call; the first byte chooses the function."""
    chosen = functions()[int.from_bytes(given[:2]) % len(functions())]
    rpc = Rpc(Told("", b""))
    question = Question(DEPLOYMENT.products, chosen)
    return answer_of(rpc, question, wire.to_data(given[2:]), _PAST)


def _calls() -> Sequence[bytes]:
    return [
        number.to_bytes(2) + abi.encode(one.outputs, [_blank(kind) for kind in one.outputs])
        for number, one in enumerate(functions())
    ]


def _revert(given: bytes) -> object:
    return reverts.decode(given)


def _reverts() -> Sequence[bytes]:
    return [
        bytes.fromhex("08c379a0") + abi.encode(["string"], ["no"]),
        bytes.fromhex("4e487b71") + abi.encode(["uint256"], [0x11]),
        *(one.selector + bytes(32 * len(one.inputs)) for one in functions()[:5]),
    ]


def _simulated(given: bytes) -> object:
    call = Call(to=DEPLOYMENT.products, data=bytes(1 << 14))
    rpc = _rpc("eth_simulateV1", given, eth_estimateGas="0x5208", eth_call="0x")
    return Simulation(rpc, _ACCOUNT).gas_limits([call] * _CALLS, "latest")


_CALLS: Final = 10
_SIMULATED: Final = [{"number": "0x5", "calls": [{"gasUsed": "0x5208", "status": "0x1"}] * 10}]


@cache
def _golden_proofs() -> Sequence[bytes]:
    """Return what a node answers to `eth_getProof`, from a golden proof."""
    accounts = json.loads(samples.golden("product")[0])["accounts"]
    return [
        _line(
            {
                "address": one["address"],
                "nonce": one["nonce"],
                "balance": one["balance"],
                "storageHash": one["storageHash"],
                "codeHash": one["codeHash"],
                "accountProof": one["proof"],
                "storageProof": [
                    {"key": "0x0", "value": word["value"], "proof": word["proof"]}
                    for word in one["storage"][:1]
                ],
            }
        )
        for one in accounts
        if one["storage"]
    ]


def _root(given: bytes) -> object:
    rpc = _rpc("eth_getProof", given)
    root = evidence.storage_root(rpc, DEPLOYMENT.products, 5)
    return root, evidence.keeps_zeros(rpc, [(DEPLOYMENT.products, bytes(32))], 5)


def _header(given: bytes) -> object:
    return ChainProofs(_rpc("eth_getBlockByNumber", given), DEPLOYMENT).block_hash(5)


def targets() -> Iterable[Target]:
    """Yield the readers of a node's answers."""
    yield Target(
        piece=10_000,
        name="node: HTTP",
        read=_http,
        seeds=lambda: list(_HTTP),
        shape="text",
        refusals=(HttpMalformed, ReplyTooLong, OSError),
    )
    yield Target(
        piece=10_000,
        name="node: reply",
        read=_reply,
        seeds=_seeds(_BATCH[0] | {"id": 1}, {"jsonrpc": "2.0", "id": 1, "error": _REFUSAL}),
    )
    yield Target(piece=10_000, name="node: batch", read=_batch, seeds=_seeds(_BATCH))
    yield Target(
        piece=10_000,
        name="node: eth_getBlockByNumber (moment)",
        read=_moment,
        seeds=_seeds(_HEADER),
    )
    yield Target(
        piece=10_000,
        name="node: eth_getBlockByNumber (hashed)",
        read=_header,
        seeds=lambda: [_line(_golden_header())],
        sealed=True,
    )
    yield Target(
        piece=10_000,
        name="node: eth_getBlockByNumber (audited)",
        read=_block,
        seeds=lambda: [_line(_golden_header())],
    )
    yield Target(
        piece=10_000,
        name="node: eth_getBlockByNumber (transactions)",
        read=_mined,
        seeds=_seeds(_FULL_BLOCK),
    )
    yield Target(piece=10_000, name="node: eth_gasPrice", read=_fee, seeds=_seeds("0x3b9aca00"))
    yield Target(piece=10_000, name="node: eth_getLogs", read=_logs, seeds=_events)
    yield Target(
        piece=10_000,
        name="node: eth_getLogs (one)",
        read=_log,
        seeds=lambda: [_line(json.loads(_events()[0])[0])],
    )
    yield Target(piece=10_000, name="node: eth_getLogs (audited)", read=_told, seeds=_events)
    yield Target(
        piece=10_000, name="node: eth_getTransactionReceipt", read=_receipt, seeds=_seeds(_RECEIPT)
    )
    yield Target(
        piece=10_000, name="node: eth_getBlockReceipts", read=_blocks, seeds=_seeds([_RECEIPT])
    )
    yield Target(piece=10_000, name="node: eth_call", read=_call, seeds=_calls, shape="binary")
    yield Target(piece=10_000, name="node: reverts", read=_revert, seeds=_reverts, shape="binary")
    yield Target(
        piece=10_000, name="node: eth_simulateV1", read=_simulated, seeds=_seeds(_SIMULATED)
    )
    yield Target(
        piece=10_000, name="node: eth_getProof", read=_root, seeds=_golden_proofs, longest=1 << 18
    )
    for method, shape in _PLAIN.items():
        yield Target(
            piece=20_000,
            name=f"node: {method}",
            read=partial(_plain, method, shape),
            seeds=_seeds("0x5208" if shape is wire.quantity else "0x" + "60" * 40),
        )


_PLAIN: Final[dict[str, Callable[[Any], Any]]] = {
    "eth_chainId": wire.quantity,
    "eth_blockNumber": wire.quantity,
    "eth_estimateGas": wire.quantity,
    "eth_getBalance": wire.quantity,
    "eth_getTransactionCount": wire.quantity,
    "eth_getCode": wire.data,
    "eth_getStorageAt": wire.data,
    "eth_getRawTransactionByHash": wire.data,
    "eth_sendRawTransaction": wire.data,
}


def _plain(method: str, shape: Callable[[Any], Any], given: bytes) -> object:
    return _rpc(method, given).ask(shape, method)
