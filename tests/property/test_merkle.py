"""Merkle trees of any leaves agree with RFC 6962's own recursive wording."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from registry.domain import merkle

leaves = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def split(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def tree_hash(data: list[bytes]) -> bytes:
    """Return MTH of RFC 6962 §2.1."""
    if not data:
        return sha256().digest()
    if len(data) == 1:
        return sha256(b"\0" + data[0]).digest()
    k = split(len(data))
    return sha256(b"\1" + tree_hash(data[:k]) + tree_hash(data[k:])).digest()


def audit_path(index: int, data: list[bytes]) -> list[bytes]:
    """Return PATH of RFC 6962 §2.1.1."""
    if len(data) == 1:
        return []
    k = split(len(data))
    if index < k:
        return [*audit_path(index, data[:k]), tree_hash(data[k:])]
    return [*audit_path(index - k, data[k:]), tree_hash(data[:k])]


@given(leaves)
def test_root_is_the_recursive_one(data: list[bytes]) -> None:
    """MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])), k the largest power of two < n."""
    assert merkle.root_of(data) == merkle.Tree(data).root == tree_hash(data)


@given(leaves, st.data())
def test_path_is_the_recursive_one(data: list[bytes], draw: st.DataObject) -> None:
    """PATH(m, D[n]) joins the path below with the hash of the other half, and it verifies."""
    index = draw.draw(st.integers(0, len(data) - 1))
    proof = merkle.inclusion_proof(data, index)
    assert list(proof) == audit_path(index, data)
    assert merkle.verify_inclusion(tree_hash(data), data[index], index, len(data), proof)


@given(leaves, st.data())
def test_no_changed_proof_verifies(data: list[bytes], draw: st.DataObject) -> None:
    """One bit changed anywhere in leaf, path or root makes a proof fail."""
    index = draw.draw(st.integers(0, len(data) - 1))
    parts = [data[index] + b"\0", *merkle.inclusion_proof(data, index), tree_hash(data)]
    which = draw.draw(st.integers(0, len(parts) - 1))
    at = draw.draw(st.integers(0, len(parts[which]) * 8 - 1)) if which else 0
    if which:
        changed = int.from_bytes(parts[which], "big") ^ (1 << at)
        parts[which] = changed.to_bytes(len(parts[which]), "big")
    leaf, *proof, root = parts
    leaf = leaf if not which else leaf[:-1]
    assert not merkle.verify_inclusion(root, leaf, index, len(data), proof)


@given(leaves, st.integers(0, 70), st.integers(0, 70))
def test_no_leaf_verifies_at_another_index(data: list[bytes], first: int, second: int) -> None:
    """A path proves its leaf at one index only, the size being known."""
    index, other = first % len(data), second
    if index != other:
        proof = merkle.inclusion_proof(data, index)
        assert not merkle.verify_inclusion(tree_hash(data), data[index], other, len(data), proof)


@given(leaves, st.data())
def test_ranges_are_proved(data: list[bytes], draw: st.DataObject) -> None:
    """A range of leaves and the subtrees beside it give the root, and nothing else does."""
    start = draw.draw(st.integers(0, len(data) - 1))
    end = draw.draw(st.integers(start + 1, len(data)))
    tree = merkle.Tree(data)
    proof = tree.range_proof(start, end)
    hashes = [merkle.leaf_hash(leaf) for leaf in data[start:end]]
    assert merkle.root_from_range(hashes, start, len(data), proof) == tree.root
    assert len(proof) <= 2 * len(data).bit_length()
    assert merkle.root_from_range(hashes, start, len(data), (*proof, tree.root)) is None
    if proof:
        assert merkle.root_from_range(hashes, start, len(data), proof[:-1]) is None
        changed = (bytes(32), *proof[1:])
        assert merkle.root_from_range(hashes, start, len(data), changed) != tree.root
