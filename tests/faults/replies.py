"""Change what a node answered into what a fault makes of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

Json = Any
Call = dict[str, Json]

NONCE: Final = "eth_getTransactionCount"
HEAD: Final = "eth_blockNumber"
CHAIN: Final = "eth_chainId"
LOGS: Final = "eth_getLogs"
RECEIPTS: Final = ("eth_getTransactionReceipt", "eth_getBlockReceipts")
BLOCKS: Final = ("eth_getBlockByNumber", "eth_getBlockByHash")
STATE: Final = ("eth_call", "eth_getBalance", "eth_getStorageAt", "eth_getCode")
RANGE: Final = "query range exceeds limit of 1 block"
DEEP: Final = 200_000
BOMB: Final = 1 << 26
_PADDING: Final = 1 << 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Hold what was asked and what the node answered.

    :ivar calls: the questions; `batch` says whether they came as a list.
    :ivar answers: the node's replies, one for each time that it was asked.
    :ivar head: the number of the newest block of the view that a stale answer gives, else None.
    :ivar target: the method whose answers are changed, `*` for all.
    """

    calls: list[Call]
    batch: bool
    answers: tuple[bytes, ...]
    head: int | None = None
    target: str = "*"

    @property
    def reply(self) -> bytes:
        """Return the node's last reply."""
        return self.answers[-1] if self.answers else b""

    def each(self, change: Callable[[Call, Json], Json]) -> bytes:
        """Return the reply with each answer to the target changed."""
        found = json.loads(self.reply)
        if not isinstance(found, list):
            return _written(change(self.calls[0], found))
        asked = {call.get("id"): call for call in self.calls}
        return _written([self._one(change, asked.get(one.get("id"), {}), one) for one in found])

    def _one(self, change: Callable[[Call, Json], Json], call: Call, answer: Json) -> Json:
        return change(call, answer) if self.target in ("*", call.get("method")) else answer

    def whole(self, change: Callable[[list[Json]], Json]) -> bytes:
        """Return the reply to a batch with its list changed."""
        found = json.loads(self.reply)
        return _written(change(found) if isinstance(found, list) else found)

    def instead(self, answer: Callable[[Call], Json]) -> bytes:
        """Return a reply in the node's place."""
        made = [answer(call) for call in self.calls]
        return _written(made if self.batch else made[0])


Change = Callable[[Exchange], bytes]


def _written(value: Json) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def unchanged(exchange: Exchange) -> bytes:
    """Return the node's reply."""
    return exchange.reply


def first(exchange: Exchange) -> bytes:
    """Return the reply to the first of two askings."""
    return exchange.answers[0]


def cut(exchange: Exchange) -> bytes:
    """Return half of the reply."""
    return exchange.reply[: len(exchange.reply) // 2]


def doubled(exchange: Exchange) -> bytes:
    """Return the reply twice in one body."""
    return exchange.reply * 2


def empty(_: Exchange) -> bytes:
    """Return nothing at all."""
    return b""


def nothing(_: Exchange) -> bytes:
    """Return the JSON null."""
    return b"null"


def garbage(_: Exchange) -> bytes:
    """Return what is no JSON."""
    return b'{"jsonrpc": "2.0", "id": 1, "result": \x00\x01'


def not_unicode(_: Exchange) -> bytes:
    """Return JSON whose text is not UTF-8."""
    return b'{"jsonrpc": "2.0", "id": 1, "result": "\xff\xfe\xc3"}'


def page(_: Exchange) -> bytes:
    """Return the page of a server that stands before the node."""
    return b"<html><head><title>Trouble</title></head><body>Come back later.</body></html>"


def internal_error(exchange: Exchange) -> bytes:
    """Return an error of the node's own."""
    return refusal(-32603, "internal error")(exchange)


def refusal(code: int, message: str) -> Change:
    """Return what answers every call with an error."""

    def refused(exchange: Exchange) -> bytes:
        error = {"code": code, "message": message}
        return exchange.instead(lambda call: _answer(call, error=error))

    return refused


def text_error(exchange: Exchange) -> bytes:
    """Return errors that are text and no objects."""
    return exchange.instead(lambda call: _answer(call, error="something is wrong"))


def batch_refused(_: Exchange) -> bytes:
    """Return one error for the whole batch."""
    error = {"code": -32600, "message": "batch too large"}
    return _written({"jsonrpc": "2.0", "id": None, "error": error})


def swallowed(exchange: Exchange) -> bytes:
    """Return a hash for each transaction, as if the node had it."""
    return exchange.instead(lambda call: _answer(call, result="0x" + "5a" * 32))


def _answer(call: Call, **parts: Json) -> Json:
    return {"jsonrpc": "2.0", "id": call.get("id"), **parts}


# ---- ids and places ----------------------------------------------------------------------------


def wrong_ids(exchange: Exchange) -> bytes:
    """Return answers to other questions."""
    return exchange.each(lambda _, one: {**one, "id": 7_000_000 + (one.get("id") or 0)})


def null_ids(exchange: Exchange) -> bytes:
    """Return answers whose id is null."""
    return exchange.each(lambda _, one: {**one, "id": None})


def text_ids(exchange: Exchange) -> bytes:
    """Return answers whose ids are text."""
    return exchange.each(lambda _, one: {**one, "id": str(one.get("id"))})


def without(member: str) -> Change:
    """Return what leaves a member out of each answer."""

    def left_out(exchange: Exchange) -> bytes:
        return exchange.each(lambda _, one: {key: one[key] for key in one if key != member})

    return left_out


def hole(exchange: Exchange) -> bytes:
    """Return a batch without its last answer."""
    return exchange.whole(lambda found: found[:-1])


def first_missing(exchange: Exchange) -> bytes:
    """Return a batch without its first answer."""
    return exchange.whole(lambda found: found[1:])


def stranger(exchange: Exchange) -> bytes:
    """Return a batch with an answer to nothing that was asked."""
    return exchange.whole(lambda found: [*found, {"jsonrpc": "2.0", "id": 7, "result": "0x1"}])


def one_twice(exchange: Exchange) -> bytes:
    """Return a batch with one answer twice."""
    return exchange.whole(lambda found: [*found, found[0]])


def backwards(exchange: Exchange) -> bytes:
    """Return a batch in the other order."""
    return exchange.whole(lambda found: found[::-1])


def rotated(exchange: Exchange) -> bytes:
    """Return a batch that begins in its middle."""
    return exchange.whole(lambda found: found[len(found) // 2 :] + found[: len(found) // 2])


def first_alone(exchange: Exchange) -> bytes:
    """Return one answer where a list is due."""
    return exchange.whole(lambda found: found[0])


def nothing_listed(_: Exchange) -> bytes:
    """Return an empty list."""
    return b"[]"


def listed(exchange: Exchange) -> bytes:
    """Return a list where one answer is due."""
    return b"[" + exchange.reply + b"]"


# ---- shapes and sizes --------------------------------------------------------------------------


def result_is(value: Json) -> Change:
    """Return what gives every answer the same result."""

    def replaced(exchange: Exchange) -> bytes:
        return exchange.each(lambda _, one: {**one, "result": value} if "result" in one else one)

    return replaced


def long_number(_: Exchange) -> bytes:
    """Return a result of more digits than are ever read."""
    return b'{"jsonrpc":"2.0","id":1,"result":' + b"9" * 10_000 + b"}"


def deep_list(_: Exchange) -> bytes:
    """Return lists in lists, closed properly."""
    return b"[" * DEEP + b"]" * DEEP


def deep_object(_: Exchange) -> bytes:
    """Return objects in objects that are never closed."""
    return b'{"a":' * DEEP


def deep_result(exchange: Exchange) -> bytes:
    """Return a proper answer, whose result is nested beyond all measure."""
    marked = exchange.each(lambda _, one: {**one, "result": "@"})
    return marked.replace(b'"@"', b'[{"a":' * (DEEP // 2) + b"0" + b"}]" * (DEEP // 2), 1)


def padded(exchange: Exchange) -> bytes:
    """Return the reply between very much white space."""
    return b" " * _PADDING + exchange.reply + b"\n" * _PADDING


def zipped(exchange: Exchange) -> bytes:
    """Return the reply packed, which nobody asked for."""
    return gzip.compress(exchange.reply)


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * BOMB, 9)


def bomb(_: Exchange) -> bytes:
    """Return little that unpacks to very much."""
    return _bomb()


# ---- another view of the chain -----------------------------------------------------------------


def another_chain(exchange: Exchange) -> bytes:
    """Return another chain's id."""
    return exchange.each(lambda call, one: _with(call, one, (CHAIN,), lambda _: "0x539f"))


def lower_nonce(exchange: Exchange) -> bytes:
    """Return counts of transactions as they were one earlier."""
    return exchange.each(lambda call, one: _with(call, one, (NONCE,), _one_less))


def older_head(exchange: Exchange) -> bytes:
    """Return the number of the block before the newest."""
    return exchange.each(lambda call, one: _with(call, one, (HEAD,), _one_less))


def no_receipt(exchange: Exchange) -> bytes:
    """Return receipts as if there were none yet."""
    return exchange.each(lambda call, one: _with(call, one, RECEIPTS, lambda _: None))


def no_block(exchange: Exchange) -> bytes:
    """Return blocks as if there were none yet."""
    return exchange.each(lambda call, one: _with(call, one, BLOCKS, lambda _: None))


def as_of(exchange: Exchange) -> bytes:
    """Return what a node some blocks behind would answer."""
    head = exchange.head or 0

    def seen(call: Call, one: Json) -> Json:
        if call.get("method") == HEAD:
            return {**one, "result": hex(head)}
        number = _block_of(one.get("result"))
        return {**one, "result": None} if number is not None and number > head else one

    return exchange.each(seen)


def viewed(call: Call, head: int) -> Call:
    """Return a question as a node would take it whose newest block is `head`."""
    params = [hex(head) if one in ("latest", "pending") else one for one in call.get("params", [])]
    if call.get("method") == LOGS and params and isinstance(params[0], dict):
        params[0] = _bounded(params[0], head)
    return {**call, "params": params}


def _bounded(asked: dict[str, Json], head: int) -> dict[str, Json]:
    last = asked.get("toBlock")
    if isinstance(last, str) and last.startswith("0x") and int(last, 16) <= head:
        return asked
    return asked if "blockHash" in asked else {**asked, "toBlock": hex(head)}


def _block_of(result: Json) -> int | None:
    if not isinstance(result, dict):
        return None
    number = result.get("blockNumber", result.get("number"))
    return int(number, 16) if isinstance(number, str) else None


def _with(call: Call, one: Json, methods: tuple[str, ...], change: Callable[[Json], Json]) -> Json:
    if call.get("method") not in methods or "result" not in one:
        return one
    return {**one, "result": change(one["result"])}


def _one_less(value: str) -> str:
    return hex(max(0, int(value, 16) - 1))
