"""Merkle-Patricia proofs, read strictly: trees of any shape, and nodes that are not theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rlp
from hypothesis import given, settings
from hypothesis import strategies as st
from trie import HexaryTrie  # type: ignore[attr-defined]  # it names no exports

from registry.chain.tries import confirmed_value_at
from registry.domain.keccak import keccak
from registry.domain.patricia import EMPTY_ROOT, ProofBroken, value_at
from registry.domain.rlp import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

# Keys of one length that share beginnings, so that trees have ways, branches and short nodes.
KEYS = st.lists(st.sampled_from([0, 1, 16, 255]), min_size=3, max_size=3).map(bytes)
ENTRIES = st.dictionaries(KEYS, st.binary(min_size=1, max_size=40), max_size=12)


def tree(entries: Mapping[bytes, bytes]) -> HexaryTrie:
    """Return a tree with these entries, made by the library."""
    made = HexaryTrie({})
    for key, value in entries.items():
        made[key] = value
    return made


def proof(made: HexaryTrie, key: bytes) -> list[bytes]:
    """Return the nodes on the way to a key, those that stand in others left out."""
    told = made.get_proof(key)  # type: ignore[no-untyped-call]
    nodes = [rlp.encode(node) for node in told]
    return [node for at, node in enumerate(nodes) if at == 0 or len(node) >= 32 if node != b"\x80"]


@settings(max_examples=300)
@given(ENTRIES, KEYS)
def test_finds_what_the_library_finds(entries: dict[bytes, bytes], key: bytes) -> None:
    """Values and their absence are shown by the nodes on the way, for both readers."""
    made = tree(entries)
    found = confirmed_value_at(made.root_hash, key, proof(made, key))
    assert found == entries.get(key)


@settings(max_examples=200)
@given(ENTRIES.filter(bool), KEYS, st.data())
def test_no_other_nodes_are_taken(
    entries: dict[bytes, bytes], key: bytes, data: st.DataObject
) -> None:
    """A byte changed, a node more, a node less: each breaks the proof."""
    made = tree(entries)
    nodes = proof(made, key)
    at = data.draw(st.integers(0, len(nodes) - 1))
    place = data.draw(st.integers(0, len(nodes[at]) - 1))
    changed = bytearray(nodes[at])
    changed[place] ^= data.draw(st.integers(1, 255))
    others = (
        [*nodes[:at], bytes(changed), *nodes[at + 1 :]],
        [*nodes, nodes[-1]],
        nodes[:-1],
        [*nodes[:at], *nodes[at + 1 :]],
    )
    for other in others:
        with pytest.raises(ProofBroken):
            value_at(made.root_hash, key, other)


def test_an_empty_tree_has_no_nodes() -> None:
    """The empty tree shows absence by its root alone; a node beside it is one too many."""
    assert tree({}).root_hash == EMPTY_ROOT
    assert confirmed_value_at(EMPTY_ROOT, b"abc", []) is None
    with pytest.raises(ProofBroken):
        value_at(keccak(b""), b"abc", [])


@pytest.mark.parametrize(
    "node",
    [
        encode([b"\x20abc", b"x", b"y"]),
        encode([b"\x40abc", b"x"]),
        encode([b"\x21", b"x"]),
        encode([b"", b"x"]),
        encode([[b"\x20"], b"x"]),
        encode([b"\x20abc", [b"x"]]),
        encode(b"a text that is no node at all, and longer than a hash"),
        b"\xc3\x81\x01\x01",
        b"\xff",
    ],
)
def test_nodes_that_no_tree_has_are_refused(node: bytes) -> None:
    """Of other lengths, with other flags, or in other than their one encoding."""
    with pytest.raises(ProofBroken):
        value_at(keccak(node), b"abc", [node])
