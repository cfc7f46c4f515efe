"""Test roots of Merkle-Patricia tries against a plain reading of their definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import rlp
from registry.domain.keccak import keccak
from registry.domain.trie_root import EMPTY_ROOT, trie_root

Halves = tuple[int, ...]


def plain_root(leaves: dict[bytes, bytes]) -> bytes:
    """Return the root as the Yellow Paper defines it, by recursion over all leaves at once."""
    split = {tuple(int(digit, 16) for digit in key.hex()): value for key, value in leaves.items()}
    return keccak(_node(split)) if split else EMPTY_ROOT


def _node(leaves: dict[Halves, bytes]) -> bytes:
    first, last = min(leaves), max(leaves)
    if first == last:
        return rlp.encode([_path(first, 2), leaves[first]])
    shared = next(place for place, half in enumerate(first) if last[place] != half)
    if shared:
        below = _child({key[shared:]: value for key, value in leaves.items()})
        return rlp.enclose(rlp.encode(_path(first[:shared], 0)) + below)
    children = [
        _child({key[1:]: value for key, value in leaves.items() if key[0] == half})
        for half in range(16)
    ]
    return rlp.enclose(b"".join(children) + rlp.encode(b""))


def _child(leaves: dict[Halves, bytes]) -> bytes:
    if not leaves:
        return rlp.encode(b"")
    node = _node(leaves)
    return node if len(node) < 32 else rlp.encode(keccak(node))


def _path(halves: Halves, flag: int) -> bytes:
    digits = "".join(f"{half:x}" for half in halves)
    return bytes.fromhex(f"{flag + 1:x}{digits}" if len(digits) % 2 else f"{flag:x}0{digits}")


keys = st.integers(1, 4).flatmap(
    lambda length: st.lists(
        st.lists(st.sampled_from([0, 1, 0x10, 0x11, 0xFF]), min_size=length, max_size=length).map(
            bytes
        ),
        max_size=40,
        unique=True,
    )
)


@given(keys, st.data())
def test_the_root_is_as_defined(drawn: list[bytes], data: st.DataObject) -> None:
    """Taken one by one in order, short and long values alike, the leaves have the same root."""
    leaves = {key: data.draw(st.binary(min_size=1, max_size=40)) for key in drawn}
    assert trie_root(sorted(leaves.items())) == plain_root(leaves)


def test_known_roots() -> None:
    """The roots of no leaves and of one are those that every client has."""
    assert EMPTY_ROOT.hex() == "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
    assert trie_root([]) == EMPTY_ROOT
    one = trie_root([(b"A", b"a" * 50)])
    assert one.hex() == "d23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab"


@pytest.mark.parametrize("wrong", [[b"b", b"a"], [b"a", b"a"], [b"a", b"ab"]])
def test_keys_out_of_order_are_refused(wrong: list[bytes]) -> None:
    """Keys that do not ascend, or of which one begins another, have no root here."""
    with pytest.raises(ValueError, match="order"):
        trie_root([(key, b"1") for key in wrong])
