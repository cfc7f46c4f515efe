"""Read values out of Merkle-Patricia proofs, as Ethereum's state and storage are kept.

Source: the Yellow Paper, appendix D. A proof is the list of nodes on the way from the root down,
each named by its hash in the one above. Reading is strict: what is not on the way, or is written
otherwise than nodes write it, makes the proof broken, so that one way has one proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.keccak import keccak
from registry.domain.rlp import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.domain.rlp import Item

EMPTY_ROOT: Final = keccak(encode(b""))
"""The root of a tree that holds nothing."""

_HASH: Final = 32
_BRANCHES: Final = 16
_PAIR: Final = 2


class ProofBroken(ValueError):
    """Say that nodes are no proof of a key under a root, and in what."""


def value_at(root: bytes, key: bytes, nodes: Sequence[bytes]) -> bytes | None:
    """Return the value of a key under a root, or None where the proof shows that it has none.

    :param root: the tree's root, 32 bytes.
    :param key: what is looked up; Ethereum's trees take the Keccak-256 of the address or place.
    :param nodes: the nodes from the root down, in their RLP.
    :raises ProofBroken: where they do not show either, or where one is left over.
    """
    if root == EMPTY_ROOT and not nodes:
        return None
    given = iter(nodes)
    found = _walk(_named(root, given), _nibbles(key), given)
    if next(given, None) is not None:
        raise ProofBroken("nodes follow the last one")
    return found


def _walk(node: Item, left: Sequence[int], given: Iterator[bytes]) -> bytes | None:
    """Return what stands at the rest of a key below a node."""
    while True:
        if node == b"":
            return None
        if not isinstance(node, list) or len(node) not in (_PAIR, _BRANCHES + 1):
            raise ProofBroken("a node is neither a branch nor a way")
        if len(node) > _PAIR:
            if not left:
                return _value(node[-1]) or None
            node, left = node[left[0]], left[1:]
        else:
            way, leaf = _path(node[0])
            here = list(left[: len(way)]) == way
            if leaf:
                return _value(node[1]) if here and len(left) == len(way) else None
            if not here:
                return None
            node, left = node[1], left[len(way) :]
        if isinstance(node, bytes) and node:
            node = _named(node, given)


def _named(name: bytes, given: Iterator[bytes]) -> Item:
    """Return the next node, which must be the one of this hash."""
    raw = next(given, None)
    if raw is None:
        raise ProofBroken("a node is missing")
    if len(name) != _HASH or keccak(raw) != name:
        raise ProofBroken("a node is not the one that the node above names")
    try:
        return decode(raw)
    except ValueError as error:
        raise ProofBroken(f"a node cannot be read: {error}") from error


def _path(raw: Item) -> tuple[list[int], bool]:
    """Return the nibbles of a way, and whether a value stands at its end."""
    if not isinstance(raw, bytes) or not raw:
        raise ProofBroken("a way has no steps")
    flag, *rest = _nibbles(raw)
    leaf, odd = bool(flag & 2), bool(flag & 1)
    if flag > 3 or (not odd and rest[0]):  # noqa: PLR2004 (the two bits of the flag)
        raise ProofBroken("a way is written otherwise than it is")
    return rest if odd else rest[1:], leaf


def _value(item: Item) -> bytes:
    if not isinstance(item, bytes):
        raise ProofBroken("a value is a list")
    return item


def _nibbles(raw: bytes) -> list[int]:
    return [nibble for byte in raw for nibble in (byte >> 4, byte & 15)]
