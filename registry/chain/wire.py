"""Read the values of JSON-RPC answers, and refuse what has not their form.

Quantities are ``0x`` and hexadecimal digits, byte strings ``0x`` and pairs of them. A node's answer
is untrusted input: whatever is not of the form raises `WireError`, which `registry.chain.rpc` turns
into the typed error.
"""

from __future__ import annotations

import re
from typing import Any, Final

from registry.records import dataclass

Json = Any
"""Any JSON value; its shape is known only when it is checked."""

HASH_BYTES: Final = 32
_MAX_SHOWN: Final = 40
_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}", re.ASCII)


class WireError(ValueError):
    """Say that a JSON value has not the form of what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Hold what is needed of a block's header; `time` in unix seconds."""

    number: int
    time: int
    hash: bytes
    parent: bytes
    gas_limit: int
    base_fee: int | None = None


def quantity(value: Json) -> int:
    """Return the number that ``value`` is.

    :raises WireError: where it is no hexadecimal quantity of at most 256 bits.
    """
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise WireError(f"{_short(value)} is no quantity")
    return int(value, 16)


def data(value: Json, length: int | None = None) -> bytes:
    """Return the bytes that ``value`` is, ``length`` of them where one is given.

    :raises WireError: where it is no hexadecimal byte string of that length.
    """
    if not isinstance(value, str) or value[:2] != "0x":
        raise WireError(f"{_short(value)} is no byte string")
    try:
        raw = bytes.fromhex(value[2:])
    except ValueError as cause:
        raise WireError(f"{_short(value)} is no byte string") from cause
    # fromhex skips white space, which has no place here.
    if 2 * len(raw) + 2 != len(value):
        raise WireError(f"{_short(value)} is no byte string")
    if length is not None and len(raw) != length:
        raise WireError(f"{len(raw)} bytes where {length} are due")
    return raw


def record(value: Json) -> dict[str, Json]:
    """Return ``value`` as the object that it must be.

    :raises WireError: where it is none.
    """
    if not isinstance(value, dict):
        raise WireError(f"{_short(value)} is no object")
    return value


def items(value: Json) -> list[Json]:
    """Return ``value`` as the list that it must be.

    :raises WireError: where it is none.
    """
    if not isinstance(value, list):
        raise WireError(f"{_short(value)} is no list")
    return value


def member(value: dict[str, Json], name: str) -> Json:
    """Return the member ``name`` of an object.

    :raises WireError: where it is missing or null.
    """
    found = value.get(name)
    if found is None:
        raise WireError(f"{name} is missing")
    return found


def header(value: Json) -> Header:
    """Return the header of the block that ``value`` describes.

    A pending block has neither number nor hash in some nodes: they come as 0 and empty.

    :raises WireError: where a field is missing or malformed.
    """
    block = record(value)
    number, digest = block.get("number"), block.get("hash")
    base_fee = block.get("baseFeePerGas")
    return Header(
        number=quantity(number) if number is not None else 0,
        time=quantity(member(block, "timestamp")),
        hash=data(digest, HASH_BYTES) if digest is not None else b"",
        parent=data(member(block, "parentHash"), HASH_BYTES),
        gas_limit=quantity(member(block, "gasLimit")),
        base_fee=quantity(base_fee) if base_fee is not None else None,
    )


def to_quantity(value: int) -> str:
    """Return the JSON form of a number."""
    return hex(value)


def to_data(value: bytes) -> str:
    """Return the JSON form of a byte string."""
    return "0x" + value.hex()


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
