"""Build and check RFC 6962 Merkle trees over SHA-256.

One construction serves everything: the chunks of a file, the files of a folder, the registrations
of a batch. A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right), the tree of no
leaves SHA-256 of nothing; a tree of n leaves splits at the largest power of two below n (RFC 6962
§2.1). `contracts/libraries/Merkle.sol` is the same in Solidity.

A root does not say how many leaves it has: `verify_inclusion` is sound only with a size that the
caller knows from elsewhere.
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


def _quick_sha256() -> Callable[[bytes], hashlib._Hash]:
    """Return the SHA-256 that is quickest for some dozen bytes.

    hashlib's own goes through OpenSSL, whose set-up takes longer than the hashing; the one inside
    Python takes half the time. It is hashlib's too, where OpenSSL has none.
    """
    for name in ("_sha2", "_sha256"):
        try:
            quick: Callable[[bytes], hashlib._Hash] = import_module(name).sha256
        except (ImportError, AttributeError):
            continue
        return quick
    return hashlib.sha256


sha256: Final = _quick_sha256()

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
MAX_PROOF_LENGTH: Final = 64
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"
_BLOCK_HEIGHT: Final = 10


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf, SHA-256(0x00 ‖ data)."""
    return sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node, SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(_NODE + left + right).digest()


class Accumulator:
    """Take leaves one by one and give the root at any time, in memory of O(log n).

    It keeps the root of one perfect subtree for each bit that is set in the number of leaves, the
    largest first.
    """

    __slots__ = ("_size", "_stack")

    def __init__(self) -> None:
        self._size = 0
        self._stack: list[bytes] = []

    @property
    def size(self) -> int:
        """Return how many leaves were taken."""
        return self._size

    @property
    def root(self) -> bytes:
        """Return the root over the leaves taken so far (32 bytes)."""
        if not self._stack:
            return EMPTY_ROOT
        root = self._stack[-1]
        for left in self._stack[-2::-1]:
            root = node_hash(left, root)
        return root

    def add(self, data: bytes) -> None:
        """Append a leaf by its data."""
        self.add_hash(leaf_hash(data))

    def add_hash(self, node: bytes) -> None:
        """Append a leaf by its hash."""
        size, stack = self._size, self._stack
        self._size = size + 1
        while size & 1:
            node = sha256(_NODE + stack.pop() + node).digest()
            size >>= 1
        stack.append(node)

    def add_hashes(self, nodes: Sequence[bytes]) -> None:
        """Append many leaves by their hashes; quickest in whole blocks of 1,024."""
        block = 1 << _BLOCK_HEIGHT
        if len(nodes) != block or self._size % block:
            for node in nodes:
                self.add_hash(node)
            return
        self.add_subtree(perfect_root(nodes), _BLOCK_HEIGHT)

    def add_subtree(self, root: bytes, height: int) -> None:
        """Append a perfect subtree of 2**height leaves by its root.

        :raises ValueError: the leaves taken so far do not end where such a subtree can begin.
        """
        if self._size & ((1 << height) - 1):
            raise ValueError(f"a subtree of height {height} cannot begin at leaf {self._size}")
        size = self._size >> height
        self._size += 1 << height
        while size & 1:
            root = node_hash(self._stack.pop(), root)
            size >>= 1
        self._stack.append(root)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over the data of the leaves, read once and not kept."""
    return root_of_hashes(sha256(_LEAF + data).digest() for data in leaves)


def root_of_hashes(hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaves that are hashed already."""
    accumulator = Accumulator()
    rest = iter(hashes)
    while block := list(islice(rest, 1 << _BLOCK_HEIGHT)):
        accumulator.add_hashes(block)
    return accumulator.root


def perfect_root(nodes: Sequence[bytes]) -> bytes:
    """Return the root of a perfect subtree by its 2**n leaf hashes."""
    while len(nodes) > 1:
        nodes = _paired(nodes)
    return nodes[0]


class Tree:
    """Hold a whole tree, so that the proof of any leaf costs O(log n) look-ups.

    Level 0 holds the leaf hashes; a level above pairs its neighbours, and a last node without a
    neighbour is carried up unchanged, which gives RFC 6962's shape.
    """

    __slots__ = ("_levels",)

    def __init__(self, leaves: Iterable[bytes] = (), *, hashes: Iterable[bytes] = ()) -> None:
        level = [sha256(_LEAF + data).digest() for data in leaves]
        level.extend(hashes)
        self._levels = [level]
        while len(level) > 1:
            level = _paired(level)
            self._levels.append(level)

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        """Return the root (32 bytes)."""
        top = self._levels[-1]
        return top[0] if top else EMPTY_ROOT

    def proof(self, index: int) -> tuple[bytes, ...]:
        """Return the audit path of a leaf, from its sibling upwards.

        :raises IndexError: there is no such leaf.
        """
        if not 0 <= index < self.size:
            raise IndexError(f"no leaf {index} in a tree of {self.size}")
        path = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                path.append(level[sibling])
            index >>= 1
        return tuple(path)

    def range_proof(self, start: int, end: int) -> tuple[bytes, ...]:
        """Return the roots of the largest subtrees beside the leaves from `start` up to `end`.

        They stand from left to right; there are at most two for each level.

        :raises IndexError: there are no such leaves.
        """
        if not 0 <= start < end <= self.size:
            raise IndexError(f"no leaves {start} to {end} in a tree of {self.size}")
        beside = [part for part in _cover(0, self.size, start, end) if not start <= part[0] < end]
        return tuple(self._subtree(low, high) for low, high in beside)

    def _subtree(self, low: int, high: int) -> bytes:
        """Return the root over leaves that are a subtree of this tree."""
        height = (high - low - 1).bit_length()
        return self._levels[height][low >> height]


def _cover(low: int, high: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the subtrees of a tree over [low, high), left to right, that do not straddle a range.

    Within the range [start, end) they are single leaves, beside it as large as they can be.
    """
    if end <= low or high <= start or high - low == 1:
        yield low, high
        return
    middle = low + (1 << ((high - low - 1).bit_length() - 1))
    yield from _cover(low, middle, start, end)
    yield from _cover(middle, high, start, end)


def root_from_range(
    hashes: Sequence[bytes], start: int, size: int, proof: Sequence[bytes]
) -> bytes | None:
    """Return the root that a range proof leads to from neighbouring leaf hashes.

    None where the proof has not exactly the subtrees that these leaves have beside them in a tree
    of `size` leaves.
    """
    end = start + len(hashes)
    if not 0 <= start < end <= size or any(len(node) != HASH_SIZE for node in proof):
        return None
    inside, beside = iter(hashes), iter(proof)

    def root(low: int, high: int) -> bytes | None:
        if end <= low or high <= start:
            return next(beside, None)
        if high - low == 1:
            return next(inside)
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        left, right = root(low, middle), root(middle, high)
        return None if left is None or right is None else node_hash(left, right)

    reached = root(0, size)
    return reached if next(beside, None) is None else None


def size_witnesses(size: int) -> tuple[int, ...]:
    """Return the leaves whose audit paths together prove how many leaves a tree has.

    A tree of n leaves is a row of perfect subtrees, one for each bit set in n, from the largest to
    the smallest. The first leaf of each, and the last leaf of all, lie at depths that no other
    number of leaves has, as long as the tree is one of RFC 6962 and these are shown to be leaves.
    """
    witnesses = []
    start = 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            witnesses.append(start)
            start += 1 << height
    return tuple(sorted({*witnesses, size - 1}))


def _paired(level: Sequence[bytes]) -> list[bytes]:
    """Return the level above."""
    above = [
        sha256(_NODE + left + right).digest()
        for left, right in zip(level[::2], level[1::2], strict=False)
    ]
    if len(level) & 1:
        above.append(level[-1])
    return above


def inclusion_proof(leaves: Iterable[bytes], index: int) -> tuple[bytes, ...]:
    """Return the audit path of the leaf at `index`, from its sibling upwards.

    :raises IndexError: there is no such leaf.
    """
    return Tree(leaves).proof(index)


def root_from_proof(node: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that an audit path leads to from a leaf's hash, None where it does not fit.

    The path fits when it has exactly the siblings that the leaf at `index` has in a tree of `size`
    leaves (RFC 9162 §2.1.3.2 gives the same walk).
    """
    if not 0 <= index < size or len(proof) > MAX_PROOF_LENGTH:
        return None
    last = size - 1
    for sibling in proof:
        if last == 0 or len(sibling) != HASH_SIZE:
            return None
        while not index & 1 and index == last:
            index >>= 1
            last >>= 1
        node = node_hash(sibling, node) if index & 1 else node_hash(node, sibling)
        index >>= 1
        last >>= 1
    return node if last == 0 else None


def verify_inclusion(
    root: bytes, data: bytes, index: int, size: int, proof: Sequence[bytes]
) -> bool:
    """Say whether the leaf of this data stands at `index` in the tree of `size` leaves."""
    return root_from_proof(leaf_hash(data), index, size, proof) == root
