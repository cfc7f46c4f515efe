"""RLP as the Yellow Paper writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import rlp

ITEMS: st.SearchStrategy[rlp.Item] = st.recursive(
    st.binary(max_size=80), lambda inner: st.lists(inner, max_size=5), max_leaves=12
)


@pytest.mark.parametrize(
    ("item", "encoded"),
    [
        (b"dog", "83646f67"),
        ([b"cat", b"dog"], "c88363617483646f67"),
        (b"", "80"),
        ([], "c0"),
        (b"\x00", "00"),
        (b"\x0f", "0f"),
        (b"\x04\x00", "820400"),
        ([[], [[]], [[], [[]]]], "c7c0c1c0c3c0c1c0"),
        (
            b"Lorem ipsum dolor sit amet, consectetur adipisicing elit",
            (
                "b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572"
                "206164697069736963696e6720656c6974"
            ),
        ),
    ],
)
def test_published_examples_are_encoded_and_decoded(item: rlp.Item, encoded: str) -> None:
    """The examples of the Ethereum documentation come out byte for byte, both ways."""
    assert rlp.encode(item).hex() == encoded
    assert rlp.decode(bytes.fromhex(encoded)) == item


@given(ITEMS)
def test_decoding_returns_what_was_encoded(item: rlp.Item) -> None:
    """Any nesting of lists and bytes survives the way there and back."""
    assert rlp.decode(rlp.encode(item)) == item


@given(st.binary(max_size=40))
def test_only_canonical_bytes_are_decoded(data: bytes) -> None:
    """Whatever decodes is the one encoding of what it decodes to."""
    try:
        item = rlp.decode(data)
    except ValueError:
        return
    assert rlp.encode(item) == data


@pytest.mark.parametrize(
    "encoded", ["", "8100", "b800", "83646f", "c883636174", "83646f6700", "f800", "c28101", "b9"]
)
def test_other_bytes_are_refused(encoded: str) -> None:
    """Empty, overlong, short, trailing and doubly encoded input is refused."""
    with pytest.raises(ValueError, match=r"."):
        rlp.decode(bytes.fromhex(encoded))


def test_an_integer_with_a_leading_zero_is_refused() -> None:
    """An integer has one encoding: without leading zero bytes."""
    assert rlp.decode_int(b"") == 0
    assert rlp.encode_int(0) == b""
    with pytest.raises(ValueError, match="zero byte"):
        rlp.decode_int(b"\x00\x01")


def test_lists_too_deep_are_refused_before_the_stack_ends() -> None:
    """Whoever makes up nodes can nest them as deep as they are long: an error like others."""
    nested: bytes = rlp.encode([])
    for _ in range(128):
        nested = rlp.enclose(nested)
    with pytest.raises(ValueError, match="too deep"):
        rlp.decode(nested)
    for _ in range(10_000):
        nested = rlp.enclose(nested)
    with pytest.raises(ValueError, match="too deep"):
        rlp.decode(nested)
