"""Name the faults of a network between client and node, and say what each does to an exchange.

An exchange is one payload that a client posts and the reply it gets. A fault says how often the
node is asked (not at all, once, twice), what becomes of its answer, and how that is put on the
wire. The families are those in which a storm draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tests.faults import replies, wires

Json = Any
Call = dict[str, Json]

SEND: Final = "eth_sendRawTransaction"


class Family(StrEnum):
    """Group the faults as a person speaks of them."""

    DELAY = "delay"
    DROP = "drop"
    TRUNCATE = "truncate"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    BUSY = "busy"
    FAILURE = "failure"
    IDS = "ids"
    SHAPE = "shape"
    SIZE = "size"
    STALE = "stale"
    CHAIN = "chain"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Describe one fault.

    :ivar asked: how often the node is asked.
    :ivar change: makes the reply of the calls and the node's reply.
    :ivar wire: puts the reply on the wire; False where the connection ends with it.
    :ivar methods: which questions it can befall, all where there are none.
    :ivar batches: whether it befalls batches alone; None where it befalls either.
    :ivar views: whether the node is asked for how things stood some blocks ago.
    """

    name: str
    family: Family
    asked: int = 1
    change: replies.Change = replies.unchanged
    wire: wires.Wire = wires.plain
    methods: tuple[str, ...] = ()
    batches: bool | None = None
    views: bool = False

    def fits(self, calls: list[Call], *, batch: bool) -> bool:
        """Tell whether it can befall a payload."""
        if self.batches is not None and self.batches != batch:
            return False
        return not self.methods or any(call.get("method") in self.methods for call in calls)


def _kind(name: str, family: Family, **parts: Any) -> Kind:  # noqa: ANN401 (the fields of `Kind`)
    return Kind(name=name, family=family, **parts)


def _status(code: int, *, html: bool = True, acted: bool = False, **headers: str) -> dict[str, Any]:
    """Return what answers with a status in place of the node, before it acted or after."""
    body = replies.page if html else replies.internal_error
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"asked": int(acted), "change": body, "wire": wires.status(code, html=html, **named)}


def _refusal(message: str, *, code: int = -32000, acted: bool = False) -> dict[str, Any]:
    """Return what answers each call with an error in place of the node."""
    return {"asked": int(acted), "change": replies.refusal(code, message)}


_TRANSPORT: Final = (
    _kind("delay", Family.DELAY, wire=wires.delayed),
    _kind("drip", Family.DELAY, wire=wires.dripping),
    _kind("interim", Family.DELAY, wire=wires.interim),
    _kind("drop-request", Family.DROP, asked=0, wire=wires.dropped),
    _kind("reset-request", Family.DROP, asked=0, wire=wires.reset),
    _kind("drop-answer", Family.DROP, wire=wires.dropped),
    _kind("reset-answer", Family.DROP, wire=wires.reset),
    _kind("silence", Family.DROP, wire=wires.silent),
    _kind("swallow", Family.DROP, asked=0, change=replies.swallowed, methods=(SEND,)),
    _kind("cut-headers", Family.TRUNCATE, wire=wires.cut_headers),
    _kind("cut-body", Family.TRUNCATE, wire=wires.cut_body),
    _kind("cut-last-byte", Family.TRUNCATE, wire=wires.cut_last_byte),
    _kind("cut-chunks", Family.TRUNCATE, wire=wires.cut_chunks),
    _kind("cut-json", Family.TRUNCATE, change=replies.cut),
    _kind("asked-twice", Family.DUPLICATE, asked=2),
    _kind("asked-twice-first", Family.DUPLICATE, asked=2, change=replies.first),
    _kind("answered-twice", Family.DUPLICATE, wire=wires.twice),
    _kind("body-twice", Family.DUPLICATE, change=replies.doubled),
    _kind("batch-doubled", Family.DUPLICATE, change=replies.one_twice, batches=True),
    _kind("batch-reversed", Family.REORDER, change=replies.backwards, batches=True),
    _kind("batch-rotated", Family.REORDER, change=replies.rotated, batches=True),
    _kind("overtaken", Family.REORDER, wire=wires.overtaken),
)
_STATUSES: Final = (
    _kind("429", Family.BUSY, **_status(429)),
    _kind("429-later", Family.BUSY, **_status(429, Retry_After="1")),
    _kind("429-date", Family.BUSY, **_status(429, Retry_After="Wed, 21 Oct 2065 07:28:00 GMT")),
    _kind("429-acted", Family.BUSY, **_status(429, acted=True)),
    _kind("503-html", Family.BUSY, **_status(503)),
    _kind("503-later", Family.BUSY, **_status(503, Retry_After="1")),
    _kind("503-acted", Family.BUSY, **_status(503, acted=True)),
    _kind("rate-limit", Family.BUSY, **_refusal("Too Many Requests", code=-32005)),
    _kind("rate-limit-429", Family.BUSY, **_refusal("slow down", code=429)),
    _kind("500-html", Family.FAILURE, **_status(500)),
    _kind("500-json", Family.FAILURE, **_status(500, html=False)),
    _kind("500-acted", Family.FAILURE, **_status(500, acted=True)),
    _kind("502-html", Family.FAILURE, **_status(502)),
    _kind("504-acted", Family.FAILURE, **_status(504, acted=True)),
    _kind("400-html", Family.FAILURE, **_status(400)),
    _kind("400-json", Family.FAILURE, **_status(400, html=False)),
    _kind("401-html", Family.FAILURE, **_status(401)),
    _kind("403-html", Family.FAILURE, **_status(403)),
    _kind("404-html", Family.FAILURE, **_status(404)),
    _kind("413-html", Family.FAILURE, **_status(413)),
    _kind("301", Family.FAILURE, **_status(301, Location="http://127.0.0.1:9/")),
    _kind("307", Family.FAILURE, **_status(307, Location="http://127.0.0.1:9/")),
    _kind("204", Family.FAILURE, asked=0, change=replies.empty, wire=wires.status(204)),
)
_BODIES: Final = (
    _kind("wrong-id", Family.IDS, change=replies.wrong_ids),
    _kind("no-id", Family.IDS, change=replies.without("id")),
    _kind("null-id", Family.IDS, change=replies.null_ids),
    _kind("text-id", Family.IDS, change=replies.text_ids),
    _kind("hole", Family.IDS, change=replies.hole, batches=True),
    _kind("first-missing", Family.IDS, change=replies.first_missing, batches=True),
    _kind("stranger", Family.IDS, change=replies.stranger, batches=True),
    _kind("object-for-batch", Family.IDS, change=replies.first_alone, batches=True),
    _kind("list-for-one", Family.IDS, change=replies.listed, batches=False),
    _kind("empty-batch", Family.IDS, change=replies.nothing_listed, batches=True),
    _kind("batch-refused", Family.IDS, asked=0, change=replies.batch_refused, batches=True),
    _kind("empty", Family.SHAPE, change=replies.empty),
    _kind("garbage", Family.SHAPE, change=replies.garbage),
    _kind("html", Family.SHAPE, change=replies.page, wire=wires.typed("text/html")),
    _kind("not-unicode", Family.SHAPE, change=replies.not_unicode),
    _kind("null", Family.SHAPE, change=replies.nothing),
    _kind("null-result", Family.SHAPE, change=replies.result_is(None)),
    _kind("number-result", Family.SHAPE, change=replies.result_is(7)),
    _kind("text-result", Family.SHAPE, change=replies.result_is("latest")),
    _kind("list-result", Family.SHAPE, change=replies.result_is([[]])),
    _kind("object-result", Family.SHAPE, change=replies.result_is({"number": "0x"})),
    _kind("no-result", Family.SHAPE, change=replies.without("result")),
    _kind("text-error", Family.SHAPE, asked=0, change=replies.text_error),
    _kind("long-number", Family.SHAPE, change=replies.long_number),
    _kind("deep-list", Family.SHAPE, change=replies.deep_list),
    _kind("deep-object", Family.SHAPE, change=replies.deep_object),
    _kind("deep-result", Family.SHAPE, change=replies.deep_result),
    _kind("plain-text", Family.SHAPE, wire=wires.typed("text/plain")),
    _kind("chunked", Family.SIZE, wire=wires.chunked),
    _kind("padded", Family.SIZE, change=replies.padded),
    _kind("length-beyond", Family.SIZE, wire=wires.length("1000000000000")),
    _kind("length-wrong", Family.SIZE, wire=wires.length("-1")),
    _kind("length-missing", Family.SIZE, wire=wires.until_the_end),
    _kind("chunk-beyond", Family.SIZE, wire=wires.huge_chunk),
    _kind("headers-endless", Family.SIZE, wire=wires.endless_headers),
    _kind("line-endless", Family.SIZE, wire=wires.endless_line),
    _kind("gzip", Family.SIZE, change=replies.zipped, wire=wires.encoded),
    _kind("gzip-bomb", Family.SIZE, change=replies.bomb, wire=wires.encoded),
)
_VIEWS: Final = (
    _kind("stale", Family.STALE, views=True, change=replies.as_of),
    _kind("stale-nonce", Family.STALE, change=replies.lower_nonce, methods=(replies.NONCE,)),
    _kind("stale-head", Family.STALE, change=replies.older_head, methods=(replies.HEAD,)),
    _kind("no-receipt", Family.STALE, change=replies.no_receipt, methods=replies.RECEIPTS),
    _kind("no-block", Family.STALE, change=replies.no_block, methods=replies.BLOCKS),
    _kind("no-logs", Family.STALE, **_refusal("header not found"), methods=(replies.LOGS,)),
    _kind("no-state", Family.STALE, **_refusal("missing trie node 0xab"), methods=replies.STATE),
    _kind("wrong-chain", Family.CHAIN, change=replies.another_chain, methods=(replies.CHAIN,)),
)
_REFUSALS: Final = (
    _kind("range-limit", Family.REFUSAL, methods=(replies.LOGS,), **_refusal(replies.RANGE)),
    _kind("method-missing", Family.REFUSAL, **_refusal("the method does not exist", code=-32601)),
    _kind("internal", Family.REFUSAL, **_refusal("internal error", code=-32603)),
    _kind("unauthorised", Family.REFUSAL, **_refusal("invalid project id", code=-32002)),
    *(
        _kind(name, Family.REFUSAL, methods=(SEND,), **_refusal(message, acted=acted))
        for name, message, acted in (
            ("already-known", "already known", True),
            ("already-known-untrue", "already known", False),
            ("nonce-too-low", "nonce too low: next nonce 9, tx nonce 8", True),
            ("nonce-too-low-untrue", "nonce too low: next nonce 9, tx nonce 8", False),
            ("nonce-too-high", "nonce too high", False),
            ("underpriced", "transaction underpriced", False),
            ("replacement-underpriced", "replacement transaction underpriced", True),
            ("fee-below-base", "max fee per gas less than block base fee", False),
            ("pool-full", "txpool is full", False),
            ("account-limit", "account limit reached: too many transactions", False),
            ("unfunded", "insufficient funds for gas * price + value", False),
            ("policy", "transaction rejected by policy", False),
            ("policy-untrue", "transaction rejected by policy", True),
        )
    ),
)

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind for kind in (*_TRANSPORT, *_STATUSES, *_BODIES, *_VIEWS, *_REFUSALS)
}
"""All faults by name."""

STORM: Final[dict[str, tuple[str, ...]]] = {
    "delay": ("delay", "drip", "interim"),
    "drop": ("drop-request", "reset-request", "drop-answer", "reset-answer", "swallow"),
    "truncate": ("cut-headers", "cut-body", "cut-last-byte", "cut-chunks", "cut-json"),
    "duplicate": (
        *("asked-twice", "asked-twice-first", "answered-twice", "body-twice", "batch-doubled"),
    ),
    "reorder": ("batch-reversed", "batch-rotated", "overtaken"),
    "429": ("429", "429-date", "429-acted", "rate-limit"),
    "500": ("500-html", "500-json", "500-acted", "502-html", "503-html", "503-acted", "504-acted"),
    "wrong ids": ("wrong-id", "no-id", "text-id", "hole", "first-missing", "stranger", "garbage"),
    "stale blocks": ("stale", "stale-nonce", "stale-head", "no-receipt", "no-block"),
    "wrong chain": ("wrong-chain",),
}
"""What a storm draws from: the faults that a network has by itself, in ten families."""
