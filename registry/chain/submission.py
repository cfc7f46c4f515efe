"""Give a node signed transactions, and ask it what became of them.

Only standard methods are used. What a node says when it refuses a transaction is not standardised:
`Refusal` sorts the sentences of the nodes that are about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.entries import Chain
from registry.chain.receipts import Found, Receipts
from registry.chain.rpc import is_busy
from registry.chain.transactions import hash_of
from registry.errors import (
    ChainError,
    GatewayFailed,
    NodeAnswerMalformed,
    NodeBehind,
    NodeBusy,
    NodeRefused,
    NodeUnreachable,
    WrongChain,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.rpc import Rpc
    from registry.chain.wire import Header, Json
    from registry.domain.ids import Address

TROUBLE: Final = (NodeUnreachable, NodeBehind, NodeBusy, NodeAnswerMalformed, GatewayFailed)
"""What a node that is away for a while raises."""


class Outcome(Enum):
    """Say what a node answered to a raw transaction.

    TAKEN: it has it, now or from before. NONCE_USED: a block has a transaction with its nonce, this
    one or another. UNDERPRICED: the fee is too low, or too low to replace the one that waits.
    UNFUNDED: the account cannot pay. LATER: nothing is decided, as when the node is full or the
    answer was lost. REFUSED: it will not have it as it is.
    """

    TAKEN = "taken"
    NONCE_USED = "nonce-used"
    UNDERPRICED = "underpriced"
    UNFUNDED = "unfunded"
    LATER = "later"
    REFUSED = "refused"


_SENTENCES: Final = (
    (Outcome.TAKEN, r"already known|already imported|known transaction|already exists"),
    (Outcome.NONCE_USED, r"nonce (is )?too low|old nonce|nonce has already been used"),
    (Outcome.UNFUNDED, r"insufficient|enough funds|upfront cost"),
    (Outcome.UNDERPRICED, r"underpriced|(less|lower) than .*base ?fee|(fee|price) (too low|below)"),
    (
        Outcome.LATER,
        r"pool|too many|limit(ed)? (of|reached)|rate.?limit|time(d )?.?out|unavailable",
    ),
    (Outcome.LATER, r"nonce too (high|distant)|nonce gap|internal error"),
)

_FINAL: Final = frozenset({Outcome.REFUSED, Outcome.UNFUNDED})
"""What ends a transaction that the node does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Pair an outcome with the node's refusal, where there is one."""

    outcome: Outcome
    refusal: NodeRefused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Say where an account stands: `latest` transactions are in blocks, `pending` with the pool's.

    So `latest` is the nonce that the next block takes, and `pending` the first that nobody holds.
    """

    head: Header
    latest: int
    pending: int
    balance: int


class Submission:
    """Speak with one node about the transactions of one account."""

    def __init__(self, rpc: Rpc, account: Address) -> None:
        """Name the node and the account; nothing is asked yet."""
        self.rpc = rpc
        self.account = account
        self._chain: Chain | None = None
        self._receipts = Receipts(rpc)

    def chain(self) -> Chain:
        """Return which chain the node is on, asked once."""
        if self._chain is None:
            number, block = self.rpc.batch(
                [("eth_chainId", ()), ("eth_getBlockByNumber", ("0x0", False))]
            )
            chain_id = self.rpc.shaped("eth_chainId", number, wire.quantity)
            genesis = self.rpc.shaped("eth_getBlockByNumber", block, wire.header)
            self._chain = Chain(chain_id=chain_id, genesis=genesis.hash)
        return self._chain

    @property
    def known_chain(self) -> Chain | None:
        """Return the same without asking, None where it was never asked."""
        return self._chain

    def standing(self) -> Standing:
        """Return the account's nonces and balance at the head of the chain.

        Raises WrongChain where the node is on another chain than it was.
        """
        account = self.account.hex
        actual, block, latest, pending, balance = self.rpc.batch(
            [
                ("eth_chainId", ()),
                ("eth_getBlockByNumber", ("latest", False)),
                ("eth_getTransactionCount", (account, "latest")),
                ("eth_getTransactionCount", (account, "pending")),
                ("eth_getBalance", (account, "latest")),
            ]
        )
        self._refuse_another_chain(self.rpc.shaped("eth_chainId", actual, wire.quantity))
        counted = self.rpc.shaped("eth_getTransactionCount", latest, wire.quantity)
        waiting = self.rpc.shaped("eth_getTransactionCount", pending, wire.quantity)
        return Standing(
            head=self.rpc.shaped("eth_getBlockByNumber", block, wire.header),
            latest=counted,
            # Some nodes answer with the mined count alone, never with less than that.
            pending=max(counted, waiting),
            balance=self.rpc.shaped("eth_getBalance", balance, wire.quantity),
        )

    def _refuse_another_chain(self, actual: int) -> None:
        expected = self.chain().chain_id
        if actual != expected:
            raise WrongChain(url=self.rpc.url, expected=expected, actual=actual)

    def push(self, raws: Sequence[bytes]) -> list[Reply]:
        """Give the node these transactions; whatever goes wrong on the way comes back as LATER."""
        try:
            answers = self.rpc.attempt(
                [("eth_sendRawTransaction", (wire.to_data(raw),)) for raw in raws]
            )
        except ChainError:
            # The node may have acted on all, some or none: their hashes are looked up later.
            return [Reply(outcome=Outcome.LATER)] * len(raws)
        return self._believed(raws, [_reply(answer) for answer in answers])

    def _believed(self, raws: Sequence[bytes], replies: list[Reply]) -> list[Reply]:
        """Return the replies, less the refusals of what the node has all the same.

        Behind one address there may be several nodes, and a gateway that passed on what it then
        failed to answer: what was refused and lands would be signed again.
        """
        refused = {hash_of(raw): n for n, raw in enumerate(raws) if replies[n].outcome in _FINAL}
        try:
            held = self.known(list(refused)) if refused else set[bytes]()
        except ChainError:
            held = set(refused)
        for one in held:
            replies[refused[one]] = Reply(outcome=Outcome.LATER)
        return replies

    def receipts(self, hashes: Sequence[bytes], blocks: Sequence[int] = ()) -> dict[bytes, Found]:
        """Return what is in blocks of these transactions, by hash; see `Receipts.of`."""
        return self._receipts.of(hashes, blocks)

    def block_hashes(self, numbers: Sequence[int]) -> list[bytes]:
        """Return the hashes of the blocks that now have these numbers, empty where none has."""
        method = "eth_getBlockByNumber"
        answers = self.rpc.batch([(method, (wire.to_quantity(n), False)) for n in numbers])
        return [
            b"" if answer is None else self.rpc.shaped(method, answer, wire.header).hash
            for answer in answers
        ]

    def known(self, hashes: Sequence[bytes]) -> set[bytes]:
        """Return which of these transactions the node has, in its pool or in a block."""
        answers = self.rpc.batch(
            [("eth_getTransactionByHash", (wire.to_data(one),)) for one in hashes]
        )
        return {one for one, answer in zip(hashes, answers, strict=True) if answer is not None}

    def holder(self, nonce: int, head: int) -> bytes:
        """Return the hash of the transaction in a block that took a nonce; empty where unknown.

        Finds the block by halving, since no standard method asks for a transaction by its nonce.
        """
        low, high = 0, head
        while low < high:
            middle = (low + high) // 2
            try:
                count = self.rpc.ask(
                    wire.quantity,
                    "eth_getTransactionCount",
                    self.account.hex,
                    wire.to_quantity(middle),
                )
            except NodeRefused:
                # The node keeps no state that old, so the block is a later one.
                count = 0
            low, high = (low, middle) if count > nonce else (middle + 1, high)
        return self._in_block(low, nonce)

    def _in_block(self, number: int, nonce: int) -> bytes:
        block = self.rpc.call("eth_getBlockByNumber", wire.to_quantity(number), True)  # noqa: FBT003
        if block is None:
            return b""
        for transaction in self.rpc.shaped("eth_getBlockByNumber", block, _transactions):
            sender = transaction.get("from")
            ours = isinstance(sender, str) and sender.lower() == self.account.hex
            if ours and transaction.get("nonce") == wire.to_quantity(nonce):
                return self.rpc.shaped("eth_getBlockByNumber", transaction.get("hash"), _hash)
        return b""


def _hash(value: Json) -> bytes:
    return wire.data(value, wire.HASH_BYTES)


def _transactions(value: Json) -> list[dict[str, Json]]:
    listed = wire.items(wire.member(wire.record(value), "transactions"))
    return [wire.record(one) for one in listed]


def _reply(answer: Json | NodeRefused) -> Reply:
    if not isinstance(answer, NodeRefused):
        return Reply(outcome=Outcome.TAKEN)
    if is_busy(answer):
        return Reply(outcome=Outcome.LATER, refusal=answer)
    for outcome, sentence in _SENTENCES:
        if re.search(sentence, answer.message, re.IGNORECASE):
            return Reply(outcome=outcome, refusal=answer)
    return Reply(outcome=Outcome.REFUSED, refusal=answer)
