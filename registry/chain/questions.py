"""Ask view functions of contracts, many in one round trip, now or at a past moment.

A moment's block is named by its hash (EIP-1898), not by its number: where the chain gives that
block up between two questions, the second is refused instead of being answered from another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.chain import reverts, wire
from registry.chain.abi import AbiError, AbiValue
from registry.errors import (
    ArgumentUnfit,
    BlockUnknown,
    ChainMoved,
    ContractRevert,
    NodeRefused,
    StateUnavailable,
)

if TYPE_CHECKING:
    from registry.chain.layouts import Function
    from registry.chain.rpc import Request, Rpc
    from registry.chain.wire import Json
    from registry.domain.ids import Address
    from registry.domain.moment import Moment

_BLOCK: Final = "eth_getBlockByNumber"
# What nodes say of a block whose state they have thrown away: anvil and hardhat, geth and its kin
# (hash and path scheme), Besu, Nethermind, Erigon and reth.
_STATE_GONE: Final = (
    r"(?is)missing trie node|state .{0,80}(not|un)\s?available|historical state|no state|pruned"
    r"|world state unavailable|distance to target block|required historical"
    r"|proofs? window|state recreation|no such state|out of range"
)
# anvil says the same of a state that is gone and of a block that is still to come.
_ANVIL_RANGE: Final = r"block height is (\d+) but requested was (\d+)"
_BLOCK_UNKNOWN: Final = (
    r"(?is)(header|block)s? .{0,80}not (be )?found|unknown block|invalid block (tag|number|hash)"
    r"|hash .{0,80}(could not be found|not (currently )?canonical)|resource not found"
    r"|block number .{0,40}(beyond|greater)"
)


class Question(NamedTuple):
    """Hold a call of a view function."""

    contract: Address
    function: Function
    arguments: tuple[AbiValue, ...] = ()


Answer = tuple[AbiValue, ...] | ContractRevert | None
"""The values returned, the contract's refusal, or None where no contract was there yet."""


def ask(rpc: Rpc, questions: Sequence[Question], at: Moment | None = None) -> list[Answer]:
    """Return the answers to questions about the latest block, or about a moment's, in their order.

    :raises StateUnavailable: where the node no longer has the state of the block.
    :raises BlockUnknown: where it never had the block.
    :raises ChainMoved: where another block has taken its place.
    :raises NodeRefused: where it will not answer for another reason.
    """
    answers = rpc.attempt([request(question, at) for question in questions])
    try:
        return [
            answer_of(rpc, question, answer, at)
            for question, answer in zip(questions, answers, strict=True)
        ]
    except BlockUnknown as unknown:
        if at is not None and _given_up(rpc, at):
            raise ChainMoved(block=at.block) from unknown
        raise


def _given_up(rpc: Rpc, at: Moment) -> bool:
    """Tell whether another block than a moment's has its number."""
    told = rpc.call(_BLOCK, wire.to_quantity(at.block), False)  # noqa: FBT003 (the node's own)
    return told is not None and rpc.shaped(_BLOCK, told, wire.header).hash != at.block_hash


def request(question: Question, at: Moment | None = None) -> Request:
    """Return the JSON-RPC request that asks a question.

    :raises ArgumentUnfit: where an argument does not fit the function.
    """
    try:
        calldata = question.function.call(*question.arguments)
    except AbiError as cause:
        raise ArgumentUnfit(function=question.function.name, reason=str(cause)) from cause
    call = {"to": question.contract.hex, "data": wire.to_data(calldata)}
    return "eth_call", (call, "latest" if at is None else _pinned(at))


def _pinned(at: Moment) -> dict[str, Json]:
    return {"blockHash": wire.to_data(at.block_hash), "requireCanonical": True}


def answer_of(
    rpc: Rpc, question: Question, answer: Json | NodeRefused, at: Moment | None = None
) -> Answer:
    """Return what a node's answer to `request` means.

    Errors are those of `ask`, with `BlockUnknown` where another block has taken the place of the
    moment's.
    """
    if isinstance(answer, NodeRefused):
        return _refused(answer, None if at is None else at.block)
    returned = rpc.shaped("eth_call", answer, wire.data)
    if not returned and at is not None and question.function.outputs:
        return None
    return rpc.shaped(f"eth_call of {question.function.name}", returned, question.function.results)


def _refused(refusal: NodeRefused, block: int | None) -> ContractRevert:
    require_state(refusal, block)
    explained = reverts.explained(refusal)
    if isinstance(explained, ContractRevert):
        explained.__cause__ = refusal
        return explained
    raise explained


def require_state(refusal: NodeRefused, block: int | None) -> None:
    """Explain a refusal by a past block that the node has not, or whose state it has not.

    :raises BlockUnknown: where it never had the block.
    :raises StateUnavailable: where it no longer has its state.
    """
    if block is not None and not refusal.data:
        ranged = re.search(_ANVIL_RANGE, refusal.message)
        to_come = ranged is not None and int(ranged[2]) > int(ranged[1])
        if to_come or re.search(_BLOCK_UNKNOWN, refusal.message):
            raise BlockUnknown(url=refusal.url, block=block) from refusal
        if ranged is not None or re.search(_STATE_GONE, refusal.message):
            raise StateUnavailable(url=refusal.url, block=block) from refusal
