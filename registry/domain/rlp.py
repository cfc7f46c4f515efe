"""Encode and decode RLP, the serialisation of Ethereum's transactions, headers and proofs.

Source: the Yellow Paper, appendix B. Decoding is strict: every item has one encoding, and any other
is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = bytes | list["Item"]

_SHORT: Final = 55
_STRING: Final = 0x80
_LIST: Final = 0xC0
_DEEPEST: Final = 128
_SMALL: Final = (bytes((_STRING,)), *(bytes((number,)) for number in range(1, _STRING)))
"""The encodings of the least integers."""


def encode(item: bytes | Sequence[object]) -> bytes:
    """Encode bytes, or a sequence of things that can be encoded."""
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < _STRING:
            return item
        return _length(len(item), _STRING) + item
    return enclose(b"".join(encode(one) for one in item))  # type: ignore[arg-type]


def enclose(items: bytes) -> bytes:
    """Make a list of items that are encoded already, one after the other."""
    return _length(len(items), _LIST) + items


def integers(*values: int) -> bytes:
    """Encode non-negative integers, one after the other."""
    return b"".join([_SMALL[v] if 0 <= v < _STRING else encode(encode_int(v)) for v in values])


def encode_int(value: int) -> bytes:
    """Return the shortest big-endian bytes of a non-negative integer; zero has none."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def decode(data: bytes) -> Item:
    """Decode exactly one item; raise ValueError where the bytes are not its one encoding.

    Lists in more than 128 others are refused as well: nothing of a chain is nested so.
    """
    item, end = _decode(data, 0, _DEEPEST)
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes follow the item")
    return item


def decode_int(data: bytes) -> int:
    """Return a non-negative integer from its shortest bytes; raise ValueError on others."""
    if data[:1] == b"\0":
        raise ValueError("an integer starts with a zero byte")
    return int.from_bytes(data, "big")


def _length(size: int, offset: int) -> bytes:
    if size <= _SHORT:
        return bytes((offset + size,))
    digits = encode_int(size)
    return bytes((offset + _SHORT + len(digits),)) + digits


def _decode(data: bytes, at: int, depth: int) -> tuple[Item, int]:
    if at >= len(data):
        raise ValueError("the data end within an item")
    first = data[at]
    if first < _STRING:
        return data[at : at + 1], at + 1
    offset = _LIST if first >= _LIST else _STRING
    start, end = _span(data, at, offset)
    if offset == _STRING:
        if end - start == 1 and data[start] < _STRING:
            raise ValueError("a single byte carries a length")
        return data[start:end], end
    if not depth:
        raise ValueError("lists are nested too deep")
    items: list[Item] = []
    while start < end:
        item, start = _decode(data, start, depth - 1)
        items.append(item)
    if start != end:
        raise ValueError("a list's items overrun it")
    return items, end


def _span(data: bytes, at: int, offset: int) -> tuple[int, int]:
    """Return where the content starts and ends, given the item's place and kind."""
    size, start = data[at] - offset, at + 1
    if size > _SHORT:
        digits = data[start : start + size - _SHORT]
        start += size - _SHORT
        size = decode_int(digits)
        if size <= _SHORT:
            raise ValueError("a length takes more bytes than it needs")
    if start + size > len(data):
        raise ValueError("the data end within an item")
    return start, start + size
