"""The ABI codec agrees with eth_abi on random types and values."""

from typing import Any

from eth_abi.abi import decode, encode
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.chain import abi

TypedValue = tuple[str, Any]

LEAVES: st.SearchStrategy[str] = st.one_of(
    st.integers(1, 32).map(lambda size: f"uint{size * 8}"),
    st.integers(1, 32).map(lambda size: f"bytes{size}"),
    st.sampled_from(["address", "bool", "bytes", "string"]),
)
TYPES: st.SearchStrategy[str] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda name: f"{name}[]"),
        st.tuples(inner, st.integers(1, 3)).map(lambda pair: f"{pair[0]}[{pair[1]}]"),
        st.lists(inner, min_size=1, max_size=4).map(lambda names: f"({','.join(names)})"),
    ),
    max_leaves=6,
)
VARYING: dict[str, st.SearchStrategy[Any]] = {
    "bytes": st.binary(max_size=70),
    "string": st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    "bool": st.booleans(),
}


def values(name: str) -> st.SearchStrategy[Any]:
    """Return a strategy of values of the type ``name``, in the shape that our codec takes."""
    if name.endswith("]"):
        item, _, count = name[:-1].rpartition("[")
        low, high = (int(count), int(count)) if count else (0, 3)
        return st.lists(values(item), min_size=low, max_size=high).map(tuple)
    if name.startswith("("):
        return st.tuples(*(values(part) for part in abi.split(name[1:-1])))
    if name.startswith("uint"):
        return st.integers(0, (1 << int(name[4:])) - 1)
    if name in VARYING:
        return VARYING[name]
    length = 20 if name == "address" else int(name[5:])
    return st.binary(min_size=length, max_size=length)


def theirs(name: str, value: abi.AbiValue) -> abi.AbiValue:
    """Return a value of ours in the shape of eth_abi: addresses as hexadecimal text."""
    if name.endswith("]"):
        return tuple(theirs(name[: name.rindex("[")], item) for item in value)
    if name.startswith("("):
        return tuple(map(theirs, abi.split(name[1:-1]), value))
    return "0x" + value.hex() if name == "address" else value


ARGUMENTS = st.lists(TYPES, max_size=5).flatmap(
    lambda names: st.tuples(st.just(names), st.tuples(*map(values, names)))
)


@settings(max_examples=400, deadline=None)
@given(ARGUMENTS)
def test_encodes_and_decodes_as_eth_abi_does(arguments: tuple[list[str], tuple[Any, ...]]) -> None:
    """Both codecs make the same bytes of a value, and the same value of the bytes."""
    names, given_values = arguments
    their_values = tuple(map(theirs, names, given_values))
    encoded = abi.encode(names, given_values)
    assert encoded == encode(names, their_values)
    assert abi.decode(names, encoded) == given_values
    assert decode(names, encoded) == their_values
