"""Hold a block's header, and compute the block's hash from its fields.

How a hash is made of a header is the chain's own business: the profile `ethereum` is the Keccak-256
of the RLP of the fields that Ethereum's headers have had, of which each fork added some at the end.
A network that hashes otherwise, as QBFT does, is another profile, and none that is known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from registry.domain import rlp
from registry.domain.keccak import keccak
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

PROFILE: Final = "ethereum"
"""The one way of hashing headers that is known."""

QUANTITY: Final = 0
"""Stands in the list of fields for a number; other figures are a length in bytes."""

ANY: Final = -1
"""Stands in the list of fields for bytes of any length."""

MANDATORY: Final = (
    ("parentHash", 32),
    ("sha3Uncles", 32),
    ("miner", 20),
    ("stateRoot", 32),
    ("transactionsRoot", 32),
    ("receiptsRoot", 32),
    ("logsBloom", 256),
    ("difficulty", QUANTITY),
    ("number", QUANTITY),
    ("gasLimit", QUANTITY),
    ("gasUsed", QUANTITY),
    ("timestamp", QUANTITY),
    ("extraData", ANY),
    ("mixHash", 32),
    ("nonce", 8),
)
"""The fields that every header has, in their order."""

LATER: Final = (
    ("baseFeePerGas", QUANTITY),
    ("withdrawalsRoot", 32),
    ("blobGasUsed", QUANTITY),
    ("excessBlobGas", QUANTITY),
    ("parentBeaconBlockRoot", 32),
    ("requestsHash", 32),
)
"""The fields that forks added, in their order: a header that has one has all before it."""

_FIELDS: Final = (*MANDATORY, *LATER)
_NUMBER: Final = re.compile(r"0x(0|[1-9a-f][0-9a-f]{0,63})")
_DATA: Final = re.compile(r"0x((?:[0-9a-f]{2})*)")


class HeaderInvalid(ValueError):
    """Say that something is no header of the known profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Hold the fields of a header by name, in JSON-RPC's spelling, which for each value is one."""

    fields: Mapping[str, str]

    @property
    def hash(self) -> bytes:
        """Return the block's hash, 32 bytes."""
        items = [_raw(kind, self.fields[name]) for name, kind in _present(self.fields)]
        return keccak(rlp.encode(items))

    @property
    def number(self) -> int:
        """Return the block's number."""
        return int(self.fields["number"], 16)

    @property
    def time(self) -> int:
        """Return the block's time in seconds since 1970."""
        return int(self.fields["timestamp"], 16)

    @property
    def state_root(self) -> bytes:
        """Return the root of the state after the block, 32 bytes."""
        return bytes.fromhex(self.fields["stateRoot"][2:])

    @property
    def parent(self) -> bytes:
        """Return the hash of the block before, 32 bytes."""
        return bytes.fromhex(self.fields["parentHash"][2:])


def header_of(told: Mapping[str, Any]) -> Header:
    """Return the header of a node's answer to `eth_getBlockByNumber`, or of a proof.

    Fields that are in no header, such as the transactions, are left out.

    :raises HeaderInvalid: where a field is missing, or is not spelled in its one way.
    """
    return exact({name: told[name] for name, _ in _FIELDS if name in told})


def exact(fields: Mapping[str, Any]) -> Header:
    """Return a header with these fields, which must be those of the profile and no others.

    :raises HeaderInvalid: as `header_of` does, and for a field that no header has.
    """
    present = _present(fields)
    if unknown := fields.keys() - {name for name, _ in present}:
        raise HeaderInvalid(f"no field of a header, or without those before it: {min(unknown)}")
    for name, kind in present:
        _require(name, kind, fields.get(name))
    return Header(fields={name: fields[name] for name, _ in present})


def _present(fields: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Return the mandatory fields, and the later ones up to the first that is not there."""
    count = 0
    while count < len(LATER) and LATER[count][0] in fields:
        count += 1
    return (*MANDATORY, *LATER[:count])


def _require(name: str, kind: int, value: object) -> None:
    if not isinstance(value, str):
        raise HeaderInvalid(f"{name} is missing or no text")
    if kind == QUANTITY:
        if _NUMBER.fullmatch(value) is None:
            raise HeaderInvalid(f"{name} is no number in its shortest form")
        return
    found = _DATA.fullmatch(value)
    if found is None or kind not in (ANY, len(found[1]) // 2):
        raise HeaderInvalid(f"{name} is not so many bytes")


def _raw(kind: int, value: str) -> bytes:
    """Return a value as RLP takes it: a number in its shortest bytes."""
    return rlp.encode_int(int(value, 16)) if kind == QUANTITY else bytes.fromhex(value[2:])


def is_quantity(text: str) -> bool:
    """Tell whether a text is a number in JSON-RPC's shortest form, of at most 32 bytes."""
    return _NUMBER.fullmatch(text) is not None
