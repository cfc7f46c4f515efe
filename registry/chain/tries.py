"""Read Merkle-Patricia proofs with the libraries `trie` and `rlp`: a second opinion.

`registry.domain.patricia` reads them strictly and without a library. What it says is confirmed
here by code that shares nothing with it, so that one wrong reader alone shows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.patricia import ProofBroken, value_at

if TYPE_CHECKING:
    from collections.abc import Sequence


def confirmed_value_at(root: bytes, key: bytes, nodes: Sequence[bytes]) -> bytes | None:
    """Return the value of a key under a root, as both readers find it.

    Arguments and errors as for `registry.domain.patricia.value_at`.
    """
    found = value_at(root, key, nodes)
    if _library_value(root, key, nodes) != (found or b""):
        raise ProofBroken("the libraries find something else")
    return found


def _library_value(root: bytes, key: bytes, nodes: Sequence[bytes]) -> bytes:
    """Return what the libraries find, empty bytes for nothing."""
    # Imported here for start-up time: they bring eth_utils and pydantic.
    import rlp  # noqa: PLC0415
    from rlp.exceptions import RLPException  # noqa: PLC0415
    from trie.exceptions import BadTrieProof  # noqa: PLC0415
    from trie.hexary import HexaryTrie  # noqa: PLC0415

    if not nodes:
        return b""
    try:
        read = [rlp.decode(node, strict=True) for node in nodes]
        value: bytes = HexaryTrie.get_from_proof(root, key, read)  # type: ignore[no-untyped-call]
    except (BadTrieProof, RLPException) as error:
        raise ProofBroken("the libraries cannot read it") from error
    return value
