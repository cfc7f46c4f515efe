"""Compute the root of a Merkle-Patricia trie from all it holds, in order and in little memory.

Ethereum keeps storage, receipts and transactions in such tries. Given the keys in ascending order,
none the beginning of another, the root needs no more than one open branch for each half byte of a
key. Source: the Yellow Paper, appendix D.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain import rlp
from registry.domain.keccak import keccak

if TYPE_CHECKING:
    from collections.abc import Iterable

EMPTY_ROOT: Final = keccak(rlp.encode(b""))
_HASHED: Final = 32
_NOTHING: Final = rlp.encode(b"")
_CHILDREN: Final = 16
_LEAF: Final = 2


class _Branch:
    """Hold a branch that is still open: at which half byte it parts, and its children."""

    __slots__ = ("children", "depth")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.children = [_NOTHING] * _CHILDREN

    def node(self) -> bytes:
        """Return the branch as a node."""
        return rlp.enclose(b"".join(self.children) + _NOTHING)


def trie_root(items: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the root (32 bytes) of a trie with these keys and values.

    :param items: in ascending order of the keys, none of which begins another.
    :raises ValueError: where they are not in that order.
    """
    builder = _Builder()
    for key, value in items:
        builder.add(_halves(key), value)
    return builder.root()


class _Builder:
    """Take keys in order, each written down once the next one says where they part."""

    def __init__(self) -> None:
        self._open: list[_Branch] = []
        self._key: bytes | None = None
        self._value = b""

    def add(self, key: bytes, value: bytes) -> None:
        """Take the next key, as half bytes, with its value."""
        if self._key is not None:
            shared = _shared(self._key, key)
            if shared == len(self._key) or self._key >= key:
                raise ValueError("keys out of order")
            self._settle(self._key, shared)
        self._key, self._value = key, value

    def root(self) -> bytes:
        """Return the root of all that was taken."""
        if self._key is None:
            return EMPTY_ROOT
        return keccak(self._settle(self._key, -1))

    def _settle(self, key: bytes, shared: int) -> bytes:
        """Write a leaf down, and the branches that nothing more can come into.

        `shared` is how many half bytes the next key has in common, -1 where there is none. Returns
        the last node that was made, which at the end is that of the root.
        """
        if shared >= 0 and (not self._open or self._open[-1].depth < shared):
            self._open.append(_Branch(shared))
        top = self._open[-1].depth if self._open else -1
        node = rlp.encode([_packed(key[top + 1 :], leaf=True), self._value])
        if top >= 0:
            self._open[-1].children[key[top]] = _reference(node)
        while self._open and self._open[-1].depth > shared:
            node = self._close(key, shared)
        return node

    def _close(self, key: bytes, shared: int) -> bytes:
        """Close the last branch into the one above, which is opened where it must be."""
        branch = self._open.pop()
        if shared >= 0 and (not self._open or self._open[-1].depth < shared):
            self._open.append(_Branch(shared))
        above = self._open[-1].depth if self._open else -1
        node = branch.node()
        if path := key[above + 1 : branch.depth]:
            node = rlp.enclose(rlp.encode(_packed(path, leaf=False)) + _reference(node))
        if above >= 0:
            self._open[-1].children[key[above]] = _reference(node)
        return node


def _halves(key: bytes) -> bytes:
    """Return the half bytes of a key, one in each byte, the high one first."""
    return bytes(half for byte in key for half in (byte >> 4, byte & 15))


def _shared(one: bytes, other: bytes) -> int:
    """Return how many half bytes two keys begin with in common."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _packed(path: bytes, *, leaf: bool) -> bytes:
    """Return a path of half bytes with the flags that say whose it is and whether it is odd."""
    odd = len(path) % 2
    flagged = bytes([_LEAF * leaf + odd]) + (b"" if odd else b"\0") + path
    pairs = zip(flagged[::2], flagged[1::2], strict=True)
    return bytes(high << 4 | low for high, low in pairs)


def _reference(node: bytes) -> bytes:
    """Return how a node stands in the one above: itself where it is short, else its hash."""
    return node if len(node) < _HASHED else rlp.encode(keccak(node))
