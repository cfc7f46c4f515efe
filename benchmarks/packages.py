"""Read the contracts that are measured beside ours: of npm packages, and the one that is a floor.

A package's contracts are the artifacts that its makers published, code and ABI; nothing of them is
compiled here. The floor (`benchmarks/contracts/Floor.sol`) is compiled as our own contracts are,
with the same compiler and settings, when it is first asked for.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from registry.chain import abi
from registry.domain.keccak import keccak
from scripts.compile import ROOT, native_compiler, output_of, webassembly_compiler

if TYPE_CHECKING:
    from registry.chain.abi import AbiValue

FLOOR: Final = "benchmarks/contracts/Floor.sol"
_SELECTOR: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Hold a contract's ABI and the code that creates it.

    :ivar interface: the ABI's entries, as compilers write them.
    """

    name: str
    interface: list[dict[str, Any]] = field(repr=False)
    code: bytes = field(repr=False)

    def data(self, function: str, *arguments: AbiValue) -> bytes:
        """Return the calldata of a function; addresses are 20 bytes, structs sequences."""
        (entry,) = (
            one for one in self.interface if one["type"] == "function" and one["name"] == function
        )
        types = _types(entry)
        signature = f"{function}({','.join(types)})"
        return keccak(signature.encode())[:_SELECTOR] + abi.encode(types, arguments)

    def creation(self, *arguments: AbiValue) -> bytes:
        """Return the data of the transaction that creates the contract."""
        made = [_types(one) for one in self.interface if one["type"] == "constructor"]
        return self.code + abi.encode(made[0] if made else [], arguments)

    def topic(self, event: str) -> bytes:
        """Return the first topic of an event's logs."""
        (entry,) = (
            one for one in self.interface if one["type"] == "event" and one["name"] == event
        )
        return keccak(f"{event}({','.join(_types(entry))})".encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Hold what an npm package says of itself, and where its contracts' artifacts lie."""

    name: str
    version: str
    licence: str

    @classmethod
    def installed(cls, name: str) -> Package:
        """Return a package that `make setup` has installed."""
        manifest = json.loads((ROOT / "node_modules" / name / "package.json").read_bytes())
        return cls(name=name, version=manifest["version"], licence=manifest["license"])

    def contract(self, source: str) -> Contract:
        """Return the contract that is named as its source file is, `source` without its ending."""
        name = source.rpartition("/")[2]
        folder = ROOT / "node_modules" / self.name / "artifacts" / "contracts"
        found = json.loads((folder / f"{source}.sol" / f"{name}.json").read_bytes())
        return _contract(name, found["abi"], found["bytecode"])

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.licence})"


def floor() -> Contract:
    """Return the contract that does the least, compiled where that was not done before."""
    compiler = native_compiler(ROOT, os.environ) or webassembly_compiler(ROOT)
    wanted = {FLOOR: {"Floor": ["abi", "evm.bytecode.object"]}}
    made = output_of(ROOT, compiler, FLOOR, wanted)["contracts"][FLOOR]["Floor"]
    return _contract("Floor", made["abi"], made["evm"]["bytecode"]["object"])


def _contract(name: str, interface: list[dict[str, Any]], code: str) -> Contract:
    return Contract(name=name, interface=interface, code=bytes.fromhex(code.removeprefix("0x")))


def _types(entry: dict[str, Any]) -> list[str]:
    """Return the canonical types of an entry's inputs, structs as tuples."""
    return [_type(one) for one in entry["inputs"]]


def _type(parameter: dict[str, Any]) -> str:
    kind = str(parameter["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(map(_type, parameter['components']))}){kind.removeprefix('tuple')}"
