"""Turn the data of a revert into the exception of the contracts' error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.chain import abi, wire
from registry.errors import ContractRevert, NodeRefused, UnknownRevert

if TYPE_CHECKING:
    from registry.errors import RegistryError

SELECTOR_BYTES = 4
_REVERTED = 3
_DRY = "out of gas"


def decode(data: bytes) -> ContractRevert:
    """Return the exception that says what ``data``, the bytes a contract reverted with, means.

    Bytes that are not the strict encoding of a known error, none at all included, are an
    `UnknownRevert` that carries them.
    """
    # The generated classes are imported at the first revert: an answered question needs none.
    from registry.reverts import BY_SELECTOR  # noqa: PLC0415

    kind = BY_SELECTOR.get(data[:SELECTOR_BYTES])
    if kind is None:
        return UnknownRevert(data=data)
    types = abi.split(kind.signature.partition("(")[2][:-1])
    try:
        values = abi.decode(types, data[SELECTOR_BYTES:])
        made = [make(value) for make, value in zip(kind.kinds, values, strict=True)]
    except ValueError:  # an `AbiError`, or a number that the vocabulary does not have
        return UnknownRevert(data=data)
    return kind(**dict(zip(kind.field_names, made, strict=True)))


def is_revert(refusal: NodeRefused) -> bool:
    """Tell whether a node refused a call because the contract did.

    Hardhat gives data, of no bytes, for a call that ran out of gas too.
    """
    if refusal.data in ("", "0x") and _DRY in refusal.message.lower():
        return False
    return bool(refusal.data) or refusal.error == _REVERTED or "revert" in refusal.message.lower()


def explained(refusal: NodeRefused) -> RegistryError:
    """Return the contract's refusal where the node passed one on, else the node's own."""
    if not is_revert(refusal):
        return refusal
    return decode(wire.data(refusal.data or "0x"))
