"""The ABI codec refuses whatever is not the one encoding of a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.chain import abi

WORD = 32


def word(value: int) -> bytes:
    """Return a 32-byte big-endian word."""
    return value.to_bytes(WORD, "big")


@pytest.mark.parametrize(
    ("types", "data"),
    [
        (["uint8"], word(256)),
        (["uint64"], word(1 << 64)),
        (["bool"], word(2)),
        (["address"], word(1 << 160)),
        (["bytes4"], b"\x01" * 5 + bytes(27)),
        (["bytes"], word(32) + word(3) + b"abc" + b"\x01" + bytes(28)),
        (["string"], word(32) + word(1) + b"\xff" + bytes(31)),
    ],
)
def test_refuses_values_out_of_range_and_dirty_padding(types: list[str], data: bytes) -> None:
    """A word whose unused bits are set, or a string that is no UTF-8, is refused."""
    with pytest.raises(abi.AbiError):
        abi.decode(types, data)


@pytest.mark.parametrize(
    ("types", "data"),
    [
        (["uint8"], b""),
        (["uint8"], word(1)[:-1]),
        (["uint8", "uint8"], word(1)),
        (["bytes32"], word(1)[:31]),
        (["bytes"], word(32)),
        (["bytes"], word(32) + word(33) + bytes(32)),
        (["uint8[]"], word(32) + word(2) + word(1)),
        (["(uint8,bytes)"], word(32) + word(1)),
    ],
)
def test_refuses_short_data(types: list[str], data: bytes) -> None:
    """Data that ends before the value does is refused."""
    with pytest.raises(abi.AbiError):
        abi.decode(types, data)


def test_refuses_trailing_bytes() -> None:
    """Bytes after the last value are refused."""
    with pytest.raises(abi.AbiError, match="too many"):
        abi.decode(["uint8"], word(1) + word(0))


@pytest.mark.parametrize("offset", [0, 31, 33, 64, 1 << 255])
def test_refuses_an_offset_that_is_not_due(offset: int) -> None:
    """A tail that stands anywhere but right behind the one before is refused."""
    with pytest.raises(abi.AbiError, match="offset"):
        abi.decode(["bytes"], word(offset) + word(1) + b"a" + bytes(31) + bytes(32))


def test_refuses_two_values_that_share_a_tail() -> None:
    """Two dynamic values must not point at the same bytes."""
    with pytest.raises(abi.AbiError, match="offset"):
        abi.decode(["bytes", "bytes"], word(64) + word(64) + word(0) + word(0))


@pytest.mark.parametrize("types", [["bytes"], ["string"], ["uint8[]"], ["(uint8,uint8)[]"]])
@pytest.mark.parametrize("length", [1 << 20, 1 << 64, (1 << 256) - 1])
def test_an_absurd_length_costs_no_memory(types: list[str], length: int) -> None:
    """A length far beyond the data is refused before anything is made of it."""
    with pytest.raises(abi.AbiError):
        abi.decode(types, word(32) + word(length) + word(0))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256),
        ("uint8", -1),
        ("uint8", True),
        ("uint8", "1"),
        ("bool", 1),
        ("address", b"\x01" * 19),
        ("address", "0x" + "11" * 20),
        ("bytes4", b"abc"),
        ("bytes", "abc"),
        ("string", b"abc"),
        ("string", "\udc80"),
        ("uint8[2]", [1]),
        ("uint8[]", 1),
        ("(uint8,bool)", (1,)),
    ],
)
def test_refuses_to_encode_a_value_of_another_type(kind: str, value: object) -> None:
    """Nothing is converted, cut or padded on the way in."""
    with pytest.raises(abi.AbiError):
        abi.encode([kind], [value])


@pytest.mark.parametrize(
    "name",
    [
        "uint7",
        "uint0",
        "uint264",
        "bytes33",
        "bytes0",
        "int8",
        "fixed",
        "",
        "(uint8",
        "uint8)",
        "uint8[0]",
        "()[]",
    ],
)
def test_refuses_unknown_types(name: str) -> None:
    """A type that the contracts do not use, or that is misspelt, has no codec."""
    with pytest.raises(abi.AbiError):
        abi.codec(name)


def test_splits_nested_lists_at_the_top_alone() -> None:
    """Commas inside brackets part nothing."""
    assert abi.split("uint8,(bytes32,(bool,bool)[])[2],bytes") == [
        "uint8",
        "(bytes32,(bool,bool)[])[2]",
        "bytes",
    ]
    assert abi.split("") == []


@given(data=st.binary(max_size=400))
def test_whatever_decodes_re_encodes_to_the_same_bytes(data: bytes) -> None:
    """No two byte strings decode to one value."""
    types = ["uint16[]", "(bytes,bool)", "bytes4"]
    try:
        values = abi.decode(types, data)
    except abi.AbiError:
        return
    assert abi.encode(types, values) == data


VALID = abi.encode(["uint16[]", "(bytes,bool)", "bytes4"], [[1, 2, 3], [b"abc", True], b"wxyz"])


@given(position=st.integers(0, len(VALID) - 1), flip=st.integers(1, 255))
def test_a_changed_byte_is_refused_or_changes_the_value(position: int, flip: int) -> None:
    """Damage to a valid encoding never passes unnoticed."""
    types = ["uint16[]", "(bytes,bool)", "bytes4"]
    damaged = bytearray(VALID)
    damaged[position] ^= flip
    try:
        values = abi.decode(types, bytes(damaged))
    except abi.AbiError:
        return
    assert values != abi.decode(types, VALID)
