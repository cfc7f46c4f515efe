"""Merkle trees are those of RFC 6962."""

import hashlib
import sys
from hashlib import sha256

import pytest

from registry.domain import merkle
from registry.domain.merkle import Accumulator, Tree

# The leaves and roots that the reference implementation of Certificate Transparency publishes.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Of the same source: (index, size, path).
PATHS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size: int) -> None:
    """The root over the first n published leaves is the published one, however it is built."""
    expected = bytes.fromhex(ROOTS[size - 1])
    accumulator = Accumulator()
    for leaf in LEAVES[:size]:
        accumulator.add(leaf)
    assert merkle.root_of(LEAVES[:size]) == expected
    assert Tree(LEAVES[:size]).root == expected
    assert accumulator.root == expected
    assert accumulator.size == size


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_published_paths(index: int, size: int, path: list[str]) -> None:
    """The audit path of a published leaf is the published one, and verifies."""
    proof = merkle.inclusion_proof(LEAVES[:size], index)
    assert [node.hex() for node in proof] == path
    root = bytes.fromhex(ROOTS[size - 1])
    assert merkle.verify_inclusion(root, LEAVES[index], index, size, proof)


def test_empty_tree_is_the_hash_of_nothing() -> None:
    """No leaves give SHA-256 of nothing, and nothing can be proved in it."""
    assert merkle.root_of([]) == sha256(b"").digest()
    assert Tree().root == Accumulator().root == merkle.EMPTY_ROOT
    assert not merkle.verify_inclusion(merkle.EMPTY_ROOT, b"", 0, 0, ())


def test_accumulator_keeps_one_hash_for_each_bit() -> None:
    """After any number of leaves, as many hashes are kept as that number has bits set."""
    accumulator = Accumulator()
    for size in range(1, 2049):
        accumulator.add(b"leaf")
        assert len(accumulator._stack) == size.bit_count()


@pytest.mark.parametrize("size", [1023, 1024, 1025, 3000, 5121])
def test_whole_blocks_give_the_same_root(size: int) -> None:
    """Taking leaves in blocks, singly, or as a held tree gives one root."""
    leaves = [index.to_bytes(4, "big") for index in range(size)]
    singly = Accumulator()
    for leaf in leaves:
        singly.add(leaf)
    assert merkle.root_of(leaves) == singly.root == Tree(leaves).root
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    assert merkle.root_of_hashes(hashes) == Tree(hashes=hashes).root == singly.root


def test_blocks_off_the_border_give_the_same_root() -> None:
    """A block of leaves that begins in the middle of a subtree is taken leaf by leaf."""
    hashes = [merkle.leaf_hash(bytes([index % 256])) for index in range(1025)]
    accumulator = Accumulator()
    accumulator.add_hash(hashes[0])
    accumulator.add_hashes(hashes[1:])
    assert accumulator.root == Tree(hashes=hashes).root


def test_subtree_must_begin_on_its_border() -> None:
    """A perfect subtree is refused where its first leaf cannot stand."""
    accumulator = Accumulator()
    accumulator.add(b"")
    with pytest.raises(ValueError, match="cannot begin at leaf 1"):
        accumulator.add_subtree(merkle.EMPTY_ROOT, 1)


def test_subtree_stands_for_its_leaves() -> None:
    """A perfect subtree taken by its root gives the same tree as its leaves."""
    accumulator = Accumulator()
    for leaf in LEAVES[:4]:
        accumulator.add(leaf)
    accumulator.add_subtree(merkle.root_of(LEAVES[4:6]), 1)
    accumulator.add_subtree(merkle.root_of(LEAVES[6:8]), 1)
    assert accumulator.root.hex() == ROOTS[7]
    assert accumulator.size == 8


@pytest.mark.parametrize("index", [-1, 8])
def test_no_proof_of_a_leaf_that_is_not_there(index: int) -> None:
    """A proof of an index outside the tree is refused."""
    with pytest.raises(IndexError):
        merkle.inclusion_proof(LEAVES, index)


def test_false_proofs_fail() -> None:
    """Another leaf, index, size, root, order or length of a path does not verify."""
    root, proof = bytes.fromhex(ROOTS[7]), merkle.inclusion_proof(LEAVES, 5)
    assert merkle.verify_inclusion(root, LEAVES[5], 5, 8, proof)
    assert not merkle.verify_inclusion(root, LEAVES[4], 5, 8, proof)
    assert not merkle.verify_inclusion(root, LEAVES[5], 4, 8, proof)
    assert not merkle.verify_inclusion(root, LEAVES[5], 5, 4, proof)
    assert not merkle.verify_inclusion(root, LEAVES[5], 8, 8, proof)
    assert not merkle.verify_inclusion(root, LEAVES[5], -1, 8, proof)
    assert not merkle.verify_inclusion(merkle.EMPTY_ROOT, LEAVES[5], 5, 8, proof)
    assert not merkle.verify_inclusion(root, LEAVES[5], 5, 8, proof[::-1])
    assert not merkle.verify_inclusion(root, LEAVES[5], 5, 8, proof[:-1])
    assert not merkle.verify_inclusion(root, LEAVES[5], 5, 8, (*proof, proof[0]))
    assert not merkle.verify_inclusion(root, LEAVES[5], 5, 8, (proof[0][:31], *proof[1:]))
    assert not merkle.verify_inclusion(root, LEAVES[5], 5, 8, proof * 64)


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (3, 3), (4, 2), (7, 9), (8, 8)])
def test_no_proof_of_leaves_that_are_not_there(start: int, end: int) -> None:
    """A proof of a range that is empty, turned round or not wholly within the tree is refused."""
    with pytest.raises(IndexError, match=f"no leaves {start} to {end} in a tree of 8"):
        Tree(LEAVES).range_proof(start, end)


def test_hashlib_stands_in_where_python_has_no_sha256_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the modules inside Python, the hash is OpenSSL's, and the same."""
    for name in ("_sha2", "_sha256"):
        monkeypatch.setitem(sys.modules, name, None)
    quick = merkle._quick_sha256()
    assert quick is hashlib.sha256
    assert quick(b"leaf").digest() == merkle.sha256(b"leaf").digest()
