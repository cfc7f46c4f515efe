"""Decide what is signed: rules from a file, judged on what is signed itself and nothing else."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from registry.domain.ids import Address

if TYPE_CHECKING:
    from pathlib import Path

    from registry.chain.transactions import Transaction

_LISTS: Final = {"chains": int, "contracts": str, "messages": str}


class Denied(Exception):
    """Say that the rules forbid it; the text is shown to whoever asked."""


class RulesMalformed(Exception):
    """Say that a file holds no rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Hold what may be signed without a person.

    :ivar chains: on which chains; nothing is signed for others.
    :ivar contracts: which contracts are called, and may be named by messages.
    :ivar messages: which kinds of messages are signed.
    :ivar most: what a transaction may cost at most, its gas and its value, in wei.
    :ivar value: what it may send at most, in wei.
    :ivar creations: whether contracts may be made.
    :ivar confirm: whether a person is asked each time.
    """

    chains: frozenset[int]
    contracts: frozenset[Address]
    messages: frozenset[str]
    most: int
    value: int = 0
    creations: bool = False
    confirm: bool = True

    @classmethod
    def load(cls, path: Path) -> Rules:
        """Read rules from a TOML file; raises RulesMalformed. What it does not allow is denied."""
        try:
            given: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise RulesMalformed(f"{path}: {error}") from error
        if unknown := given.keys() - {one.name for one in fields(cls)}:
            raise RulesMalformed(f"{path}: unknown {', '.join(sorted(unknown))}")
        for name, kind in _LISTS.items():
            listed = given.setdefault(name, [])
            if not isinstance(listed, list) or any(type(one) is not kind for one in listed):
                raise RulesMalformed(f"{path}: {name} is no list of {kind.__name__}")
        for name, kind in (("most", int), ("value", int), ("creations", bool), ("confirm", bool)):
            if type(given.setdefault(name, kind(name == "confirm"))) is not kind:
                raise RulesMalformed(f"{path}: {name} is no {kind.__name__}")
        return cls(
            **{
                **given,
                "chains": frozenset(given["chains"]),
                "contracts": frozenset(Address.parse(one) for one in given["contracts"]),
                "messages": frozenset(given["messages"]),
            }
        )

    def judge_transaction(self, transaction: Transaction) -> None:
        """Raise Denied where a transaction is not allowed."""
        self._judge_chain(transaction.chain_id)
        if transaction.to is None:
            if not self.creations:
                raise Denied("no contracts are made")
        elif Address(transaction.to) not in self.contracts:
            raise Denied(f"{Address(transaction.to)} is not called")
        if transaction.value > self.value:
            raise Denied(f"no more than {self.value} wei are sent")
        if transaction.cost > self.most:
            raise Denied(f"it may cost {transaction.cost} wei, more than {self.most}")

    def judge_message(self, kind: str, chain_id: int, contract: Address) -> None:
        """Raise Denied where a message is not allowed."""
        self._judge_chain(chain_id)
        if kind not in self.messages:
            raise Denied(f"no {kind} is signed")
        if contract not in self.contracts:
            raise Denied(f"nothing is signed for {contract}")

    def _judge_chain(self, chain_id: int) -> None:
        if chain_id not in self.chains:
            raise Denied(f"nothing is signed for chain {chain_id}")
