"""Let one account create contracts and call them, and say what that took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.chain import wire
from registry.chain.calls import Call

if TYPE_CHECKING:
    from benchmarks.packages import Contract
    from registry.chain.abi import AbiValue
    from registry.chain.calls import Landed
    from registry.chain.sender import Sender
    from registry.domain.ids import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Hold a contract and where it is."""

    contract: Contract
    address: Address

    def call(self, function: str, *arguments: AbiValue) -> Call:
        """Return the call of a function."""
        data = self.contract.data(function, *arguments)
        return Call(to=self.address, data=data, purpose=f"{self.contract.name}.{function}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Send for one account, each call as a transaction of its own that is waited for."""

    sender: Sender

    @property
    def account(self) -> bytes:
        """Return the account, as the ABI has it."""
        return self.sender.address.raw

    def place(self, contract: Contract, *arguments: AbiValue) -> Placed:
        """Create a contract."""
        creation = contract.creation(*arguments)
        made = self.sender.send(Call(to=None, data=creation, purpose=contract.name)).contract
        if made is None:
            raise LookupError(f"{contract.name} is nowhere")
        return Placed(contract=contract, address=made)

    def do(self, placed: Placed, function: str, *arguments: AbiValue) -> Landed:
        """Call a function."""
        return self.sender.send(placed.call(function, *arguments))

    def ask(self, placed: Placed, function: str, *arguments: AbiValue) -> bytes:
        """Return the encoded answer of a function that only reads."""
        asked = {
            "to": placed.address.hex,
            "data": wire.to_data(placed.contract.data(function, *arguments)),
        }
        return self.sender.rpc.ask(wire.data, "eth_call", asked, "latest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Hold what a log tells: its indexed words after the first, which names the event, and data."""

    words: tuple[bytes, ...]
    data: bytes


def told(landed: Landed, topic: bytes) -> list[Told]:
    """Return the logs of a transaction that begin with this topic."""
    logs = [wire.record(log) for log in landed.logs]
    topics = [tuple(map(wire.data, wire.items(log["topics"]))) for log in logs]
    return [
        Told(words=found[1:], data=wire.data(log["data"]))
        for log, found in zip(logs, topics, strict=True)
        if found[0] == topic
    ]
