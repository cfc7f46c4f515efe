"""Know what follows from the address of a directory alone: where the contracts of it are."""

from __future__ import annotations

from typing import Final

from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.domain.rlp import encode

_NAME_BYTES: Final = 32
# The code of the little contract that makes the one at an address which no code decides.
# Source: EIP-3171, as OpenZeppelin's Create3 has it.
PROXY_HASH: Final = keccak(
    bytes.fromhex("73365f5f37365f34f06012573d5f5f3e3d5ffd5b005f526014600cf3")
)
"""The hash of the code of the little contracts that make the others, 32 bytes."""


def entry_name(name: str) -> bytes:
    """Return the form in which a directory keeps a name: ASCII, filled up with zeros."""
    return name.encode("ascii").ljust(_NAME_BYTES, b"\0")


def predict(directory: Address, name: str) -> Address:
    """Return the address that the contract of this name has or will get from a directory."""
    salted = keccak(b"\xff" + directory.raw + entry_name(name) + PROXY_HASH)
    proxy = salted[-Address.length :]
    return Address(keccak(encode([proxy, b"\x01"]))[-Address.length :])
