"""Slices of the largest file that there can be, and of one that is a byte larger."""

from __future__ import annotations

import io
from hashlib import sha256

import pytest
from blake3 import blake3

from registry.domain.entries import entry_leaf
from registry.domain.merkle import leaf_hash, root_from_range
from registry.domain.slices import EntryProof, SliceProof, verify_slice
from registry.errors import SliceProofInvalid

CHUNK = 1 << 20
DATA = b"\5" * CHUNK
LARGEST = 2**53 - 1


def whole(size: int) -> tuple[SliceProof, bytes]:
    """Return a proof of the first chunk of such a file in a folder, and the folder's root."""
    chunks = -(-size // CHUNK)
    # All that stands to the right of the first chunk: one root for each level.
    levels = (chunks - 1).bit_length()
    beside = tuple(sha256(bytes((level,))).digest() for level in range(levels))
    root = root_from_range([leaf_hash(blake3(DATA).digest())], 0, chunks, beside)
    assert root is not None
    proof = SliceProof(
        size=size,
        offset=0,
        length=CHUNK,
        beside=beside,
        entry=EntryProof(path="large", index=0, files=1, siblings=()),
        witnesses=(),
    )
    return proof, leaf_hash(entry_leaf("large", size, root))


def test_a_slice_of_the_largest_file_is_proved() -> None:
    """A size that JSON's numbers still tell exactly is taken, and the slice is found in it."""
    proof, root = whole(LARGEST)
    verify_slice(io.BytesIO(DATA), proof, root)


def test_a_larger_file_than_there_can_be_has_no_slices() -> None:
    """One byte more is refused before anything is read, although all else of the proof is right."""
    proof, root = whole(LARGEST + 1)
    data = io.BytesIO(DATA)
    with pytest.raises(SliceProofInvalid) as refused:
        verify_slice(data, proof, root)
    assert refused.value.reason == "slice-outside-file"
    assert data.tell() == 0
