"""Encode and decode contract values in Solidity's ABI, strictly.

Source: the contract ABI specification of Solidity, strict mode. Only the types that contracts here
use are known: ``uintN``, ``address``, ``bool``, ``bytesN``, ``bytes``, ``string``, arrays, tuples
of them. A decoded value re-encodes to the very bytes it came from: dirty padding, displaced or
overlapping offsets, absurd lengths and trailing bytes are refused, so that a node cannot say one
thing in two ways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from registry.records import dataclass

WORD = 32
ADDRESS_BYTES = 20
_MAX_UINT_BITS = 256
_BITS_PER_BYTE = 8

AbiValue = Any
"""An int, bool, bytes, str, or a sequence of them: as the ABI type says, known only at run time."""

_Encode = Callable[[AbiValue], bytes]
_Decode = Callable[[bytes, int], tuple[AbiValue, int]]


class AbiError(ValueError):
    """Say that a value does not fit its ABI type, or that bytes are not the ABI encoding of one.

    It never leaves ``registry.chain``: callers there turn it into the error that fits the cause.
    """


@dataclass(frozen=True, slots=True)
class Codec:
    """Encode and decode one ABI type.

    :param name: the canonical type name, as it stands in a signature.
    :param size: bytes in the head: 32 for a dynamic type, the whole encoding for a static one.
    :param dynamic: whether the head holds an offset and the value stands in the tail.
    :param encode: value to its encoding (without the offset).
    :param decode: bytes and position to the value and the position after it.
    """

    name: str
    size: int
    dynamic: bool
    encode: _Encode
    decode: _Decode


def encode(types: Sequence[str], values: Sequence[AbiValue]) -> bytes:
    """Return the encoding of ``values`` as the arguments of a call with parameters of ``types``.

    Addresses and ``bytesN`` are bytes of the exact length; tuples and arrays are sequences.

    :raises AbiError: where a value does not fit its type, or their numbers differ.
    """
    return _arguments(tuple(types)).encode(values)


def decode(types: Sequence[str], data: bytes) -> tuple[AbiValue, ...]:
    """Return the values of ``types`` that ``data`` encodes; arrays and tuples come as tuples.

    :raises AbiError: where ``data`` is not exactly the encoding of such values.
    """
    values, end = _arguments(tuple(types)).decode(data, 0)
    if end != len(data):
        raise AbiError(f"{len(data) - end} bytes too many after the last value")
    return tuple(values)


@lru_cache(maxsize=1024)
def codec(name: str) -> Codec:
    """Return the codec of the type ``name``.

    :raises AbiError: for a type that is malformed or not known here.
    """
    if name.endswith("]"):
        item, _, count = name[:-1].rpartition("[")
        of = codec(item)
        return _fixed_array(of, _size(count, name)) if count else _dynamic_array(of)
    if name.startswith("(") and name.endswith(")"):
        return _tuple(name, tuple(codec(part) for part in split(name[1:-1])))
    if name in _SIMPLE:
        return _SIMPLE[name]
    return _sized(name)


def split(types: str) -> list[str]:
    """Return the types of a comma-separated list such as ``uint8,(bytes32,bool)[]``.

    :raises AbiError: where the brackets do not match.
    """
    parts, depth, start = [], 0, 0
    for position, character in enumerate(types):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
        if character == "," and not depth:
            parts.append(types[start:position])
            start = position + 1
    if depth:
        raise AbiError(f"unbalanced brackets in {types!r}")
    return [*parts, types[start:]] if types else []


@lru_cache(maxsize=1024)
def _arguments(types: tuple[str, ...]) -> Codec:
    return _tuple(f"({','.join(types)})", tuple(codec(name) for name in types))


def _sized(name: str) -> Codec:
    if name.startswith("uint"):
        bits = _size(name[len("uint") :], name)
        if bits <= _MAX_UINT_BITS and bits % _BITS_PER_BYTE == 0:
            return _uint(name, bits)
    elif name.startswith("bytes"):
        size = _size(name[len("bytes") :], name)
        if size <= WORD:
            return _fixed_bytes(name, size)
    raise AbiError(f"unknown type {name!r}")


def _size(digits: str, name: str) -> int:
    """Return the number in a type's name: without sign, blank or leading zero."""
    if not (digits.isascii() and digits.isdecimal()) or digits[0] == "0":
        raise AbiError(f"unknown type {name!r}")
    return int(digits)


def _word(data: bytes, position: int) -> int:
    end = position + WORD
    if end > len(data):
        raise AbiError(f"{len(data)} bytes where at least {end} are needed")
    return int.from_bytes(data[position:end], "big")


def _uint(name: str, bits: int) -> Codec:
    limit = 1 << bits

    def encode_uint(value: AbiValue) -> bytes:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < limit:
            raise AbiError(f"{value!r} is no {name}")
        return value.to_bytes(WORD, "big")

    def decode_uint(data: bytes, position: int) -> tuple[int, int]:
        value = _word(data, position)
        if value >= limit:
            raise AbiError(f"{value:#x} is no {name}")
        return value, position + WORD

    return Codec(name, WORD, dynamic=False, encode=encode_uint, decode=decode_uint)


def _bool() -> Codec:
    def encode_bool(value: AbiValue) -> bytes:
        if not isinstance(value, bool):
            raise AbiError(f"{value!r} is no bool")
        return value.to_bytes(WORD, "big")

    def decode_bool(data: bytes, position: int) -> tuple[bool, int]:
        value = _word(data, position)
        if value > 1:
            raise AbiError(f"{value:#x} is no bool")
        return value == 1, position + WORD

    return Codec("bool", WORD, dynamic=False, encode=encode_bool, decode=decode_bool)


def _exact_bytes(name: str, length: int, value: AbiValue) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise AbiError(f"{value!r} is no {name}")
    return value


def _address() -> Codec:
    pad = bytes(WORD - ADDRESS_BYTES)

    def encode_address(value: AbiValue) -> bytes:
        return pad + _exact_bytes("address", ADDRESS_BYTES, value)

    def decode_address(data: bytes, position: int) -> tuple[bytes, int]:
        if _word(data, position) >> (ADDRESS_BYTES * _BITS_PER_BYTE):
            raise AbiError("dirty bytes before an address")
        end = position + WORD
        return data[end - ADDRESS_BYTES : end], end

    return Codec("address", WORD, dynamic=False, encode=encode_address, decode=decode_address)


def _fixed_bytes(name: str, length: int) -> Codec:
    pad = bytes(WORD - length)

    def encode_fixed(value: AbiValue) -> bytes:
        return _exact_bytes(name, length, value) + pad

    def decode_fixed(data: bytes, position: int) -> tuple[bytes, int]:
        end = position + WORD
        if end > len(data):
            raise AbiError(f"{len(data)} bytes where at least {end} are needed")
        if data[position + length : end] != pad:
            raise AbiError(f"dirty bytes after a {name}")
        return data[position : position + length], end

    return Codec(name, WORD, dynamic=False, encode=encode_fixed, decode=decode_fixed)


def _padded(raw: bytes) -> bytes:
    return len(raw).to_bytes(WORD, "big") + raw + bytes(-len(raw) % WORD)


def _unpadded(data: bytes, position: int) -> tuple[bytes, int]:
    length = _word(data, position)
    start = position + WORD
    end = start + length
    padded_end = end + -length % WORD
    if padded_end > len(data):
        raise AbiError(f"a length of {length} in {len(data)} bytes")
    if data[end:padded_end] != bytes(padded_end - end):
        raise AbiError("dirty bytes after the end")
    return data[start:end], padded_end


def _bytes() -> Codec:
    def encode_bytes(value: AbiValue) -> bytes:
        if not isinstance(value, bytes):
            raise AbiError(f"{value!r} is no bytes")
        return _padded(value)

    return Codec("bytes", WORD, dynamic=True, encode=encode_bytes, decode=_unpadded)


def _string() -> Codec:
    def encode_string(value: AbiValue) -> bytes:
        if not isinstance(value, str):
            raise AbiError(f"{value!r} is no string")
        try:
            return _padded(value.encode())
        except UnicodeEncodeError as cause:
            raise AbiError("a string that is no UTF-8") from cause

    def decode_string(data: bytes, position: int) -> tuple[str, int]:
        raw, end = _unpadded(data, position)
        try:
            return raw.decode(), end
        except UnicodeDecodeError as cause:
            raise AbiError("a string that is no UTF-8") from cause

    return Codec("string", WORD, dynamic=True, encode=encode_string, decode=decode_string)


def _encode_items(items: Sequence[Codec], values: Sequence[AbiValue]) -> bytes:
    heads, tails = [], []
    tail_at = sum(item.size for item in items)
    for item, value in zip(items, values, strict=True):
        encoded = item.encode(value)
        if item.dynamic:
            heads.append(tail_at.to_bytes(WORD, "big"))
            tails.append(encoded)
            tail_at += len(encoded)
        else:
            heads.append(encoded)
    return b"".join(heads + tails)


def _decode_items(
    items: Sequence[Codec], size: int, data: bytes, start: int
) -> tuple[tuple[AbiValue, ...], int]:
    values = []
    head, tail = start, start + size
    for item in items:
        if item.dynamic:
            # The encoder lays tails one behind the other: any other offset is not its work.
            if _word(data, head) != tail - start:
                raise AbiError(f"an offset of {_word(data, head)} where {tail - start} is due")
            value, tail = item.decode(data, tail)
        else:
            value, _ = item.decode(data, head)
        head += item.size
        values.append(value)
    return tuple(values), tail


def _sequence(name: str, value: AbiValue, count: int | None) -> Sequence[AbiValue]:
    if not isinstance(value, (list, tuple)) or (count is not None and len(value) != count):
        raise AbiError(f"{value!r} is no {name}")
    return value


def _tuple(name: str, items: tuple[Codec, ...]) -> Codec:
    heads = sum(item.size for item in items)

    def encode_tuple(value: AbiValue) -> bytes:
        return _encode_items(items, _sequence(name, value, len(items)))

    def decode_tuple(data: bytes, position: int) -> tuple[tuple[AbiValue, ...], int]:
        return _decode_items(items, heads, data, position)

    dynamic = any(item.dynamic for item in items)
    size = WORD if dynamic else heads
    return Codec(name, size, dynamic=dynamic, encode=encode_tuple, decode=decode_tuple)


def _fixed_array(item: Codec, count: int) -> Codec:
    name = f"{item.name}[{count}]"
    items = _tuple(name, (item,) * count)
    return Codec(name, items.size, items.dynamic, items.encode, items.decode)


def _dynamic_array(item: Codec) -> Codec:
    name = f"{item.name}[]"
    if not item.size:
        raise AbiError(f"{name} has items of no size")

    def encode_array(value: AbiValue) -> bytes:
        values = _sequence(name, value, None)
        return len(values).to_bytes(WORD, "big") + _encode_items([item] * len(values), values)

    def decode_array(data: bytes, position: int) -> tuple[tuple[AbiValue, ...], int]:
        count = _word(data, position)
        # Every item takes its head: this bounds the memory that a lying length can ask for.
        if count * item.size > len(data) - position - WORD:
            raise AbiError(f"{count} items in {len(data)} bytes")
        return _decode_items([item] * count, count * item.size, data, position + WORD)

    return Codec(name, WORD, dynamic=True, encode=encode_array, decode=decode_array)


_SIMPLE = {
    "bool": _bool(),
    "address": _address(),
    "bytes": _bytes(),
    "string": _string(),
    "uint": _uint("uint256", _MAX_UINT_BITS),
}
