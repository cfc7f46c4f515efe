"""Say what is to be sent, and what became of it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from registry.domain.keccak import keccak
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.wire import Json
    from registry.domain.ids import Address

_KEY_BYTES = 16
_SELECTOR = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Wish for one transaction.

    `to` is None where a contract is created; `data` is the calldata or the creation code, `value`
    in wei. `purpose` names the kind of operation, for people. `intent` names the wish: while a
    transaction with the same intent is open, it stands for this call, and no second one is signed
    (see `registry.chain.journal`). Left empty, the intent is derived from purpose, target, value
    and data; or, in place of the data, from `wish`: the words it was asked in, where the same words
    come to other data each time, as with a random salt. `gas` sets the limit; None has it
    estimated.
    """

    to: Address | None
    data: bytes = b""
    value: int = 0
    purpose: str = "call"
    intent: str = ""
    wish: str = ""
    gas: int | None = None

    @property
    def key(self) -> str:
        """Return the intent, the derived one where none is given."""
        if self.intent:
            return self.intent
        target = b"" if self.to is None else self.to.raw
        words = b"wish" + self.wish.encode() if self.wish else self.data
        content = len(target).to_bytes(1) + target + self.value.to_bytes(32) + words
        return f"{self.purpose}:{keccak(content)[:_KEY_BYTES].hex()}"

    def stands(self, to: bytes | None, value: int, data: bytes) -> bool:
        """Tell whether a transaction that was signed for the same intent carries out this call.

        Of a call that goes by its words the data may differ, but for the function.
        """
        target = None if self.to is None else self.to.raw
        same = data[:_SELECTOR] == self.data[:_SELECTOR] if self.wish else data == self.data
        return same and (to, value) == (target, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """Say where a call stands on the chain.

    `time` is the block's, in unix seconds; `contract` is the one created, if any; `logs` are as the
    node gives them. `resumed` says that the transaction was signed for an earlier asking of the
    same intent.
    """

    intent: str
    transaction: bytes
    nonce: int
    block: int
    block_hash: bytes
    index: int
    time: int
    gas_used: int
    contract: Address | None
    logs: Sequence[Json]
    resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Tell a person of something that the sender does on its own account.

    `code` has a sentence in the catalogue under `cli.notice.<code>`, which `fields` fill:
    `account-waits`, `transactions-resent`, `transactions-reorganised`, `transaction-replaced`,
    `nonce-refilled`, `transactions-adopted`, `transactions-finished`, `transactions-undone`.
    """

    code: str
    fields: dict[str, str | int] = field(default_factory=dict)
