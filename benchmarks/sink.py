"""Serve a node's JSON-RPC that takes registrations, counts them, and forgets them.

    python -m benchmarks.sink --behind URL --account ADDRESS --party PARTY --products ADDRESS

prints its address and serves until it is ended. Whatever is not about registering is answered by
the real node behind it, so that a client finds contracts, parties and rules there; registering is
answered here: trying out, taking, blocks, receipts, nonces, balance. `sink_counted` is a method of
its own that says what came.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.nodes import FUNDS
from benchmarks.sink_chain import Block, NonceError, Registrant, SinkChain, gas, items
from registry.chain.rpc import Rpc
from registry.chain.wire import data as bytes_of
from registry.chain.wire import header, quantity, to_data, to_quantity
from registry.domain.ids import Address, PartyId
from registry.errors import NodeRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from registry.chain.wire import Json

_ROOT: Final = Path(__file__).resolve().parent.parent
_REFUSED: Final = -32000
_WORD: Final = 32
_PLACES: Final[Mapping[str, int]] = {
    "eth_call": 1,
    "eth_estimateGas": 1,
    "eth_getBalance": 1,
    "eth_getCode": 1,
    "eth_getTransactionCount": 1,
    "eth_getStorageAt": 2,
}
"""Where the block stands among a method's parameters."""


class Sink:
    """Answer requests, those about registering itself and others by the node behind."""

    def __init__(self, behind: Rpc, who: Registrant) -> None:
        self._behind = behind
        self._who = who
        self._lock = threading.Lock()
        nonce, block = behind.batch(
            [
                ("eth_getTransactionCount", (who.account.hex, "latest")),
                ("eth_getBlockByNumber", ("latest", False)),
            ]
        )
        head, passed = header(block), quantity(nonce)
        base = Block(
            number=head.number,
            hash=head.hash,
            parent=b"",
            time=head.time,
            raws={},
            passed=passed,
        )
        self.chain = SinkChain(who=who, base=base, taken=passed)
        self._own: Mapping[str, Callable[..., Json]] = {
            "eth_blockNumber": self._number,
            "eth_getBlockByNumber": self._block,
            "eth_getBlockByHash": self._block_by_hash,
            "eth_getBlockReceipts": self._receipts,
            "eth_getTransactionReceipt": self._receipt,
            "eth_getTransactionByHash": self._transaction,
            "eth_getTransactionCount": self._count,
            "eth_getBalance": self._balance,
            "eth_estimateGas": self._estimate,
            "eth_call": self._call,
            "eth_simulateV1": self._simulate,
            "eth_sendRawTransaction": self._send,
            "sink_counted": self._counted,
        }
        self._constant: dict[str, Json] = {}

    def answer(self, method: str, params: list[Any]) -> Json:
        """Return what a method comes to.

        :raises NodeRefused: the node behind refuses it.
        :raises NonceError: a transaction is not the next one.
        """
        with self._lock:
            own = self._own.get(method)
            return own(*params) if own else self._ask_behind(method, params)

    def _ask_behind(self, method: str, params: list[Any]) -> Json:
        """Ask the node behind, about its own latest block where one of the sink's is meant."""
        if method in ("eth_chainId", "eth_gasPrice", "eth_maxPriorityFeePerGas"):
            if method not in self._constant:
                self._constant[method] = self._behind.call(method)
            return self._constant[method]
        place = _PLACES.get(method)
        if place is not None and len(params) > place and self._is_new(params[place]):
            params = [*params[:place], "latest", *params[place + 1 :]]
        return self._behind.call(method, *params)

    def _is_new(self, block: object) -> bool:
        if not isinstance(block, str) or block[:2] != "0x" or len(block) > _WORD:
            return False
        return int(block, 16) > self.chain.base.number

    def _number(self) -> Json:
        return to_quantity(self.chain.advance().number)

    def _at(self, tag: str) -> Block | None:
        """Return a block of the sink's; None for one of the node behind, or for none."""
        if tag[:2] == "0x":
            return self.chain.block(int(tag, 16))
        head = self.chain.advance() if tag == "latest" else self.chain.head
        return None if head is self.chain.base or tag == "earliest" else head

    def _block(self, tag: str, *full: bool) -> Json:
        found = self._at(tag)
        if found is None and self._is_new(tag):
            return None
        return (
            self._ask_behind("eth_getBlockByNumber", [tag, *full])
            if found is None
            else found.header()
        )

    def _block_by_hash(self, digest: str, *full: bool) -> Json:
        head = self.chain.head
        for number in range(head.number, self.chain.base.number, -1):
            found = self.chain.block(number)
            if found is None:
                break
            if to_data(found.hash) == digest:
                return found.header()
        return self._ask_behind("eth_getBlockByHash", [digest, *full])

    def _receipts(self, tag: str) -> Json:
        found = self._at(tag)
        if found is None:
            return self._ask_behind("eth_getBlockReceipts", [tag])
        return self.chain.receipts(found)

    def _receipt(self, digest: str) -> Json:
        wanted = bytes_of(digest)
        found = self.chain.block_of(wanted)
        if found is not None:
            return self.chain.receipts(found, [wanted])[0]
        if self.chain.waits(wanted):
            return None
        return self._ask_behind("eth_getTransactionReceipt", [digest])

    def _transaction(self, digest: str) -> Json:
        wanted = bytes_of(digest)
        if self.chain.waits(wanted) or self.chain.block_of(wanted):
            return {"hash": digest}
        return self._ask_behind("eth_getTransactionByHash", [digest])

    def _count(self, account: str, tag: str = "latest") -> Json:
        if not self._is_mine(account):
            return self._ask_behind("eth_getTransactionCount", [account, tag])
        if tag == "pending":
            return to_quantity(self.chain.taken)
        found = self._at(tag)
        if found is None and tag != "latest":
            return self._ask_behind("eth_getTransactionCount", [account, tag])
        return to_quantity((found or self.chain.base).passed)

    def _balance(self, account: str, tag: str = "latest") -> Json:
        if self._is_mine(account):
            return to_quantity(FUNDS)
        return self._ask_behind("eth_getBalance", [account, tag])

    def _is_mine(self, account: str) -> bool:
        return account.lower() == self._who.account.hex

    def _estimate(self, call: dict[str, str], *rest: Json) -> Json:
        data = self._registering(call)
        return (
            to_quantity(gas(data)) if data else self._ask_behind("eth_estimateGas", [call, *rest])
        )

    def _call(self, call: dict[str, str], *rest: Json) -> Json:
        data = self._registering(call)
        if not data:
            return self._ask_behind("eth_call", [call, *rest])
        return to_data(
            b"".join(self._who.product(one).raw.ljust(_WORD, b"\0") for one in items(data))
        )

    def _simulate(self, asked: dict[str, Any], *rest: Json) -> Json:
        blocks = [block["calls"] for block in asked["blockStateCalls"]]
        datas = [[self._registering(call) for call in calls] for calls in blocks]
        if not all(data for block in datas for data in block):
            return self._ask_behind("eth_simulateV1", [asked, *rest])
        return [
            {
                "calls": [
                    {"status": "0x1", "gasUsed": to_quantity(gas(data)), "returnData": "0x"}
                    for data in block
                ]
            }
            for block in datas
        ]

    def _registering(self, call: dict[str, str]) -> bytes:
        """Return the calldata of a call that registers, nothing for any other."""
        if call.get("to", "").lower() != self._who.products.hex:
            return b""
        data = bytes_of(call.get("data") or call.get("input") or "0x")
        return data if next(items(data), None) else b""

    def _send(self, raw: str) -> Json:
        return to_data(self.chain.take(bytes_of(raw)))

    def _counted(self) -> Json:
        chain = self.chain
        return {
            "registrations": chain.registrations,
            "transactions": chain.taken - chain.base.passed,
            "checksum": f"{chain.checksum:x}",
            "kept": chain.kept,
        }


def reply(sink: Sink, payload: bytes) -> bytes:
    """Return the answer to one payload: a request, or a batch of them."""
    asked = json.loads(payload)
    found = [_one(sink, one) for one in asked] if isinstance(asked, list) else _one(sink, asked)
    return json.dumps(found, separators=(",", ":")).encode()


def _one(sink: Sink, asked: dict[str, Any]) -> Json:
    told: dict[str, Json] = {"jsonrpc": "2.0", "id": asked["id"]}
    try:
        return {**told, "result": sink.answer(asked["method"], asked.get("params", []))}
    except NodeRefused as refused:
        error: dict[str, Json] = {"code": refused.error, "message": refused.message}
        return {**told, "error": {**error, "data": refused.data or None}}
    except NonceError as wrong:
        return {**told, "error": {"code": _REFUSED, "message": str(wrong)}}


def serve(sink: Sink) -> ThreadingHTTPServer:
    """Return a server of a sink on a free port; nothing is served yet."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            answered = reply(sink, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answered)))
            self.end_headers()
            self.wfile.write(answered)

        def log_message(self, *_: object) -> None:
            """Say nothing of each request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    return server


@contextmanager
def running(behind: str, who: Registrant) -> Iterator[str]:
    """Start a sink in a process of its own before the node at a URL, yield its URL, and end it."""
    options = [
        *("--behind", behind, "--account", who.account.hex, "--party", str(who.party)),
        *("--products", who.products.hex),
    ]
    command = [sys.executable, "-m", "benchmarks.sink", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                raise RuntimeError("the sink did not start")
            yield url
        finally:
            process.terminate()


def main() -> None:
    """Serve as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sink", description=__doc__)
    parser.add_argument("--behind", required=True, help="the URL of a real node")
    parser.add_argument("--account", required=True, type=Address.parse)
    parser.add_argument("--party", required=True, type=PartyId.parse)
    parser.add_argument("--products", required=True, type=Address.parse)
    given = parser.parse_args()
    with Rpc.connect(given.behind) as rpc:
        who = Registrant(
            account=given.account,
            party=given.party,
            products=given.products,
            chain_id=rpc.chain_id(),
        )
        server = serve(Sink(rpc, who))
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
