"""Ask a node by JSON-RPC 2.0, and check what it answers.

An answer must carry the id that was asked with, and either a result or an error. In a batch every
request must be answered once. Where the chain or the age of its newest block matters, no answer is
given out before the node has told them. Requests that only read are asked again, a few times, where
the node is busy or the connection broke; others are sent at most once, whatever happens, since a
lost answer does not mean that the node has not acted.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Self, TypeVar

from registry.chain.answers import read_json
from registry.chain.collecting import uncollected
from registry.chain.transport import (
    DEFAULT_TIMEOUT,
    MAX_REPLY_BYTES,
    HttpTransport,
    IpcTransport,
    Pending,
    Pipelined,
    Transport,
    transport,
)
from registry.chain.wire import Json, header, quantity
from registry.errors import (
    ConnectionLost,
    GatewayFailed,
    NodeAnswerMalformed,
    NodeBehind,
    NodeBusy,
    NodeRefused,
    NodeUnreachable,
    WrongChain,
)

__all__ = ["Asked", "HttpTransport", "IpcTransport", "Request", "Rpc", "is_busy", "transport"]

Request = tuple[str, Sequence[Json]]
"""A method and its parameters."""

_T = TypeVar("_T")
METHOD_UNKNOWN: Final = (-32601, -32004)
"""What nodes call a method that they have not: JSON-RPC's own code, and that of EIP-1474."""

# Compared as text: compiling expressions takes a millisecond that every question would wait for.
_READS: Final = (
    *("eth_get", "eth_call", "eth_block", "eth_chain", "eth_estimate", "eth_fee", "eth_gas"),
    *("eth_max", "eth_sync", "eth_create", "eth_simulate", "net_", "web3_"),
)
_BUSY_MESSAGE: Final = r"(?i)rate.?limit|too many requests|throttl|compute units"
_BUSY_CODE: Final = 429
_MAX_MESSAGE: Final = 300
_BATCH: Final = 250
_ATTEMPTS: Final = 5
_FIRST_DELAY: Final = 0.2
_LONGEST_DELAY: Final = 5.0
_CHAIN: Final[Request] = ("eth_chainId", ())
_NEWEST: Final[Request] = ("eth_getBlockByNumber", ("latest", False))
_BELIEVED_SECONDS: Final = 5.0
"""For so long what the node said of its newest block is not asked again."""


class Rpc:
    """Ask one node; safe to use from several threads.

    :param transport: the way to the node.
    :param chain_id: the chain it must be on. The node is asked for it together with the first
        request, and no other answer is given out before it has said so.
    :param max_block_age: how old the node's newest block may be, in seconds, by the clock here;
        None for any age. It is asked for together with the first request, and again every few
        seconds; no other answer is given out before it is young enough.
    :param sleep: waits between attempts, in seconds; tests put their own in its place.
    :param clock: tells the time in unix seconds; tests put their own in its place.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        chain_id: int | None = None,
        max_block_age: int | None = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._transport = transport
        self._expected = chain_id
        self._max_block_age = max_block_age
        self._clock = clock
        self._believed_until = 0.0
        self._chain_id: int | None = None
        self._sleep = sleep
        self._ids = itertools.count(1)
        self._batch = _BATCH
        self._lock = threading.Lock()

    @classmethod
    def connect(
        cls,
        endpoint: str,
        *,
        chain_id: int | None = None,
        max_block_age: int | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> Self:
        """Return a client of the node at ``endpoint``: ``http(s)://…``, or a socket's path.

        Nothing is sent before the first question.
        """
        way = transport(endpoint, timeout=timeout)
        return cls(way, chain_id=chain_id, max_block_age=max_block_age)

    def __repr__(self) -> str:
        return f"Rpc({self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Return where the node is, without secrets."""
        return self._transport.url

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def chain_id(self) -> int:
        """Return the id of the node's chain.

        :raises WrongChain: where it is not the one expected.
        """
        if self._chain_id is None:
            self._learn_chain(self._exchange([_CHAIN])[0])
        return self._known_chain_id()

    def call(self, method: str, *params: Json) -> Json:
        """Ask one question, and return the result.

        :raises NodeRefused: where the node answers with an error.
        :raises ChainError: where it gives no proper answer.
        """
        return self.batch([(method, params)])[0]

    def batch(self, requests: Sequence[Request]) -> list[Json]:
        """Ask several questions in as few round trips as the node allows; results in their order.

        :raises NodeRefused: the first error that the node answers with.
        :raises ChainError: where it gives no proper answer.
        """
        answers = self.attempt(requests)
        for answer in answers:
            if isinstance(answer, NodeRefused):
                raise answer
        return answers

    def attempt(self, requests: Sequence[Request]) -> list[Json | NodeRefused]:
        """Ask as `batch` does, but return each error that the node answers with in its place.

        :raises ChainError: where the node gives no proper answer to one of them.
        """
        if not requests:
            return []
        doubts = self._doubts()
        if not doubts:
            return self._in_parts(requests)
        if not all(map(_only_reads, requests)):
            self._resolve(doubts, self._in_parts(doubts))
            return self._in_parts(requests)
        answers = self._in_parts([*doubts, *requests])
        self._resolve(doubts, answers[: len(doubts)])
        return answers[len(doubts) :]

    def begin(self, requests: Sequence[Request], *, limit: int = MAX_REPLY_BYTES) -> Asked:
        """Ask questions that only read, and return what gives the answers when they are wanted.

        Where the transport can, the node works on them meanwhile. `limit` is as for `Asked`.
        """
        return Asked(self, requests, self._begun(requests), limit)

    def _begun(self, requests: Sequence[Request]) -> _Begun | None:
        """Return what was sent, None where it is better asked when the answers are wanted."""
        if len(requests) > self._batch or not isinstance(self._transport, Pipelined):
            return None
        if self._doubts():
            return None
        ids, payload = self._payload(requests)
        try:
            return _Begun(ids, self._transport.begin(payload))
        except (ConnectionLost, NodeUnreachable):
            # It is asked again in any case, and then said.
            return None

    def shaped(self, method: str, value: Json, shape: Callable[[Json], _T]) -> _T:
        """Return ``shape(value)`` for a value that the node answered ``method`` with.

        :raises NodeAnswerMalformed: where ``shape`` raises ValueError: a `WireError`, an
            `AbiError`, or a number that no member of an enumeration has.
        """
        try:
            return shape(value)
        except ValueError as cause:
            raise self.malformed(method, str(cause)) from cause

    def ask(self, shape: Callable[[Json], _T], method: str, *params: Json) -> _T:
        """Ask one question, and return its answer as ``shape`` reads it; errors as for `call`."""
        return self.shaped(method, self.call(method, *params), shape)

    def _doubts(self) -> list[Request]:
        """Return what the node has to tell before any other answer of it counts."""
        doubts = []
        if self._expected is not None and self._chain_id is None:
            doubts.append(_CHAIN)
        if self._max_block_age is not None and time.monotonic() >= self._believed_until:
            doubts.append(_NEWEST)
        return doubts

    def _resolve(self, doubts: Sequence[Request], answers: Sequence[Json | NodeRefused]) -> None:
        for doubt, answer in zip(doubts, answers, strict=True):
            if doubt is _CHAIN:
                self._learn_chain(answer)
            else:
                self._learn_age(answer)

    def _learn_age(self, answer: Json | NodeRefused) -> None:
        if isinstance(answer, NodeRefused):
            raise answer
        newest = self.shaped(_NEWEST[0], answer, header)
        now, limit = int(self._clock()), self._max_block_age
        if limit is not None and now - newest.time > limit:
            raise NodeBehind(
                url=self.url, block=newest.number, time=newest.time, now=now, limit=limit
            )
        self._believed_until = time.monotonic() + _BELIEVED_SECONDS

    def _known_chain_id(self) -> int:
        if self._chain_id is None:  # pragma: no cover - learnt just before
            raise self.malformed("eth_chainId", "no answer")
        return self._chain_id

    def _learn_chain(self, answer: Json | NodeRefused) -> None:
        if isinstance(answer, NodeRefused):
            raise answer
        actual = self.shaped("eth_chainId", answer, quantity)
        if self._expected is not None and actual != self._expected:
            raise WrongChain(url=self.url, expected=self._expected, actual=actual)
        self._chain_id = actual

    def _in_parts(self, requests: Sequence[Request]) -> list[Json | NodeRefused]:
        answers: list[Json | NodeRefused] = []
        while len(answers) < len(requests):
            part = requests[len(answers) : len(answers) + self._batch]
            try:
                answers += self._exchange(part)
            except _BatchRefusedError as refused:
                # Nodes limit the length of a batch, some to one, and do not say to how many.
                self._batch = max(1, len(part) // 2)
                if len(part) == 1 or not all(map(_only_reads, part)):
                    raise refused.refusal from refused
        return answers

    def _exchange(self, requests: Sequence[Request]) -> list[Json | NodeRefused]:
        """Send one payload, again while the node is busy if nothing in it can do harm twice."""
        patient = all(map(_only_reads, requests))
        for attempt in range(_ATTEMPTS):
            last = not patient or attempt == _ATTEMPTS - 1
            delay = _FIRST_DELAY * 2**attempt
            try:
                answers = self._once(requests)
            except NodeBusy as busy:
                if last:
                    raise
                delay = max(delay, busy.retry_after)
            except (ConnectionLost, GatewayFailed) as broken:
                if last or attempt:
                    raise
                delay = delay if isinstance(broken, GatewayFailed) else 0
            else:
                if last or not any(map(is_busy, answers)):
                    return answers
            self._sleep(min(delay, _LONGEST_DELAY))
        raise AssertionError("the last attempt returns or raises")  # pragma: no cover

    def _once(self, requests: Sequence[Request]) -> list[Json | NodeRefused]:
        ids, payload = self._payload(requests)
        return self.read(requests, ids, self._transport.send(payload))

    def _payload(self, requests: Sequence[Request]) -> tuple[list[int], bytes]:
        """Return the ids of some requests, and the payload that asks them."""
        with self._lock:
            ids = list(itertools.islice(self._ids, len(requests)))
        calls = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
            for number, (method, params) in zip(ids, requests, strict=True)
        ]
        sent: Json = calls[0] if len(calls) == 1 else calls
        return ids, json.dumps(sent, separators=(",", ":")).encode()

    def read(
        self, requests: Sequence[Request], ids: Sequence[int], received: bytes
    ) -> list[Json | NodeRefused]:
        """Return the answers that a reply holds; errors as for `attempt`."""
        methods = requests[0][0] if len(requests) == 1 else "batch"
        try:
            with uncollected():
                reply = read_json(received)
        except ValueError as cause:
            raise self.malformed(methods, "no JSON") from cause
        if len(requests) == 1:
            return [self._answer(requests[0][0], reply, ids[0])]
        return self._answers(requests, ids, reply)

    def _answers(
        self, requests: Sequence[Request], ids: Sequence[int], reply: Json
    ) -> list[Json | NodeRefused]:
        if isinstance(reply, dict) and "error" in reply:
            raise _BatchRefusedError(self._refusal("batch", reply["error"]))
        if not isinstance(reply, list):
            raise self.malformed("batch", "no list")
        by_id = {
            item["id"]: item
            for item in reply
            if isinstance(item, dict) and isinstance(item.get("id"), int)
        }
        if len(by_id) != len(reply) or not by_id.keys() <= set(ids):
            raise self.malformed("batch", "an answer twice, or to nothing asked")
        return [
            self._answer(method, by_id.get(number), number)
            for number, (method, _) in zip(ids, requests, strict=True)
        ]

    def _answer(self, method: str, reply: Json, number: int) -> Json | NodeRefused:
        if reply is None:
            raise self.malformed(method, "no answer in the batch")
        if not isinstance(reply, dict):
            raise self.malformed(method, "no object")
        if reply.get("error") is not None:
            # A request that the node could not read is answered with the id null.
            if reply.get("id") is not None and reply["id"] != number:
                raise self.malformed(method, "an answer to another question")
            return self._refusal(method, reply["error"])
        if reply.get("id") != number:
            raise self.malformed(method, "an answer to another question")
        if "result" not in reply:
            raise self.malformed(method, "neither result nor error")
        return reply["result"]

    def _refusal(self, method: str, error: Json) -> NodeRefused:
        if not isinstance(error, dict):
            error = {"message": str(error)}
        code, message = error.get("code"), error.get("message")
        return NodeRefused(
            url=self.url,
            method=method,
            error=code if isinstance(code, int) else 0,
            message=message[:_MAX_MESSAGE] if isinstance(message, str) else "",
            data=_hex_in(error.get("data")),
        )

    def malformed(self, method: str, reason: str) -> NodeAnswerMalformed:
        """Return the error that says what is wrong with the answer to ``method``."""
        return NodeAnswerMalformed(url=self.url, method=method, reason=reason)


class _Begun(NamedTuple):
    """Hold the ids of requests that were sent, and where their reply is to come from."""

    ids: list[int]
    pending: Pending


class Asked:
    """Hold questions until their answers are wanted: `Rpc.begin` makes it.

    :param limit: bytes beyond which the reply is not taken, where the transport can tell.
    """

    def __init__(
        self, rpc: Rpc, requests: Sequence[Request], begun: _Begun | None, limit: int
    ) -> None:
        self._rpc = rpc
        self._requests = requests
        self._begun = begun
        self._limit = limit

    def answers(self) -> list[Json | NodeRefused]:
        """Return the answers as `Rpc.attempt` does, and with its errors.

        :raises ReplyTooLong: where the reply is beyond the limit.
        """
        begun, self._begun = self._begun, None
        if begun is None:
            return self._rpc.attempt(self._requests)
        try:
            answers = self._rpc.read(self._requests, begun.ids, begun.pending.reply(self._limit))
        except (ConnectionLost, NodeBusy, _BatchRefusedError):
            return self._rpc.attempt(self._requests)
        return self._rpc.attempt(self._requests) if any(map(is_busy, answers)) else answers

    def drop(self) -> None:
        """Let go of the answers."""
        if self._begun is not None:
            self._begun.pending.drop()
            self._begun = None


class _BatchRefusedError(Exception):
    """Carry a node's refusal of a whole batch to where the batch can be made smaller."""

    def __init__(self, refusal: NodeRefused) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def _only_reads(request: Request) -> bool:
    return request[0].startswith(_READS)


def is_busy(answer: Json | NodeRefused) -> bool:
    """Tell whether an answer says that the node is asked too much at the moment."""
    return isinstance(answer, NodeRefused) and (
        answer.error == _BUSY_CODE or re.search(_BUSY_MESSAGE, answer.message) is not None
    )


def _hex_in(value: Json) -> str:
    """Return the byte string in the data of an error, wherever this kind of node puts it.

    geth, anvil and Besu give ``"0x…"``, hardhat ``{"data": "0x…", …}``, OpenEthereum
    ``"Reverted 0x…"``.
    """
    if isinstance(value, dict):
        return _hex_in(value.get("data") or value.get("result"))
    if not isinstance(value, str):
        return ""
    found = re.search(r"0x(?:[0-9a-fA-F]{2})*(?![0-9a-zA-Z])", value)
    return found[0] if found else ""
