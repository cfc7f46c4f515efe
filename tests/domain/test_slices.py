"""Slices of registered content are proved without the rest of it."""

import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from blake3 import blake3

from registry.domain import merkle
from registry.domain.fingerprint import fingerprint
from registry.domain.slices import EntryProof, SliceProof, Witness, prove_slice, verify_slice
from registry.errors import ContentMissing, SliceOutOfRange, SliceProofInvalid

MIB = 1 << 20
SIZE = 11 * MIB + 5


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of three files, one of eleven chunks and a bit, its manifest beside it."""
    place = tmp_path_factory.mktemp("slices")
    root = place / "data"
    (root / "deep").mkdir(parents=True)
    (root / "deep" / "large").write_bytes(os.urandom(SIZE))
    (root / "a").write_bytes(b"1")
    (root / "z").write_bytes(b"")
    fingerprint(root, manifest=place / "m.jsonl")
    return root


def cut(path: Path, proof: SliceProof) -> io.BytesIO:
    """Return the bytes that a proof speaks of."""
    return io.BytesIO(path.read_bytes()[proof.offset : proof.offset + proof.length])


def refused(data: io.BytesIO, proof: SliceProof, root: bytes) -> str:
    """Return why a slice is refused."""
    data.seek(0)
    with pytest.raises(SliceProofInvalid) as caught:
        verify_slice(data, proof, root)
    return caught.value.reason


@pytest.mark.parametrize(
    ("offset", "length", "first", "end"),
    [
        (0, 1, 0, MIB),
        (MIB - 1, 2, 0, 2 * MIB),
        (5 * MIB, MIB, 5 * MIB, 6 * MIB),
        (3 * MIB + 7, 4 * MIB, 3 * MIB, 8 * MIB),
        (SIZE - 1, 1, 11 * MIB, SIZE),
        (0, SIZE, 0, SIZE),
    ],
)
def test_slices_of_a_file_alone(
    content: Path, offset: int, length: int, first: int, end: int
) -> None:
    """A slice is widened to whole chunks, proved, written as JSON, read and verified."""
    path = content / "deep" / "large"
    proof = prove_slice(path, offset, length)
    assert (proof.offset, proof.offset + proof.length) == (first, end)
    assert SliceProof.from_mapping(json.loads(json.dumps(proof.to_mapping()))) == proof
    verify_slice(cut(path, proof), proof, fingerprint(path).content_root)


def test_slice_of_a_file_in_a_folder(content: Path) -> None:
    """A slice of a file in a folder is proved against the folder's root, its path included."""
    path, manifest = content / "deep" / "large", content.parent / "m.jsonl"
    proof = prove_slice(content, 4 * MIB, MIB, file="deep/large", manifest=manifest)
    root = fingerprint(content).content_root
    assert proof.entry is not None
    assert proof.witnesses == ()
    assert SliceProof.from_mapping(json.loads(json.dumps(proof.to_mapping()))) == proof
    verify_slice(cut(path, proof), proof, root)
    for changed in (
        replace(proof, entry=replace(proof.entry, path="a")),
        replace(proof, entry=replace(proof.entry, index=0)),
        replace(proof, entry=replace(proof.entry, path="\ud800")),
        replace(proof, entry=None),
        replace(proof, offset=5 * MIB),
        replace(proof, size=SIZE - 1),
    ):
        assert refused(cut(path, proof), changed, root)


def test_small_files_are_slices_of_themselves(content: Path) -> None:
    """A file of one chunk has one slice, in a folder too."""
    proof = prove_slice(content, 0, 1, file="a", manifest=content.parent / "m.jsonl")
    verify_slice(io.BytesIO(b"1"), proof, fingerprint(content).content_root)
    assert refused(io.BytesIO(b"2"), proof, fingerprint(content).content_root)


def test_proof_is_logarithmic(content: Path) -> None:
    """Of twelve chunks, a slice in the middle has no more than two hashes for each level."""
    proof = prove_slice(content / "deep" / "large", 5 * MIB, MIB)
    assert len(proof.beside) <= 8
    assert all(len(witness.siblings) <= 4 for witness in proof.witnesses)


def test_bytes_changed_moved_cut_or_added_are_refused(content: Path) -> None:
    """A slice that is not to the byte the one that was proved is refused."""
    path = content / "deep" / "large"
    proof = prove_slice(path, 5 * MIB, 2 * MIB)
    root = fingerprint(path).content_root
    data = cut(path, proof).getvalue()
    swapped = data[MIB:] + data[:MIB]
    for other in (data[:-1], data + b"x", b"x" + data[1:], swapped, b""):
        assert refused(io.BytesIO(other), proof, root)
    assert refused(io.BytesIO(data), proof, b"\0" * 32)


def test_position_cannot_be_forged_by_another_size(content: Path) -> None:
    """Whatever size and place are claimed for the last chunk of a file alone, only its own pass."""
    path = content / "deep" / "large"
    proof = prove_slice(path, 11 * MIB, 5)
    root = fingerprint(path).content_root
    for chunks in range(1, 12):
        for offset in range(chunks):
            forged = replace(proof, size=chunks * MIB - MIB + 5, offset=offset * MIB)
            assert refused(cut(path, proof), forged, root)
    assert refused(cut(path, proof), replace(proof, witnesses=()), root)
    assert refused(cut(path, proof), replace(proof, witnesses=proof.witnesses[::-1]), root)


def test_folded_chunks_do_not_pass_for_one(tmp_path: Path) -> None:
    """A path that the Merkle tree alone would accept for a smaller file is refused.

    The root of three chunks is that of two, if the first two were one leaf; but their node has no
    digest of a chunk below it.
    """
    path = tmp_path / "three"
    path.write_bytes(os.urandom(3 * MIB))
    root = fingerprint(path).content_root
    proof = prove_slice(path, 2 * MIB, MIB)
    third = path.read_bytes()[2 * MIB :]
    folded, leaf = proof.beside[0], merkle.leaf_hash(blake3(third).digest())
    assert merkle.root_from_range([leaf], 1, 2, [folded]) == root
    witnesses = (
        Witness(digest=folded, siblings=(leaf,)),
        Witness(digest=blake3(third).digest(), siblings=(folded,)),
    )
    forged = replace(proof, size=2 * MIB, offset=MIB, witnesses=witnesses)
    assert refused(io.BytesIO(third), forged, root) == "slice-size-not-shown"


def test_witnesses_tell_every_number_of_chunks_from_every_other() -> None:
    """The places of the witnesses of n leaves are places of leaves in no tree of another size."""

    def places(low: int, high: int, way: str = "") -> dict[int, str]:
        if high - low == 1:
            return {low: way}
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        return places(low, middle, way + "L") | places(middle, high, way + "R")

    trees = {size: places(0, size) for size in range(1, 70)}
    for size, tree in trees.items():
        shown = {tree[index] for index in merkle.size_witnesses(size)}
        assert [n for n, other in trees.items() if shown <= set(other.values())] == [size]


@pytest.mark.parametrize(("offset", "length"), [(-1, 1), (0, 0), (SIZE, 1), (0, SIZE + 1)])
def test_slices_outside_the_file_are_refused(content: Path, offset: int, length: int) -> None:
    """Bytes that the file does not have cannot be proved."""
    with pytest.raises(SliceOutOfRange) as caught:
        prove_slice(content / "deep" / "large", offset, length)
    assert caught.value.size == SIZE


def test_file_that_is_not_there_or_not_said(content: Path) -> None:
    """A folder needs a file that it has and a manifest."""
    for file in ("nope", None):
        with pytest.raises(ContentMissing):
            prove_slice(content, 0, 1, file=file, manifest=content.parent / "m.jsonl")


def test_file_that_is_not_the_manifests(content: Path, tmp_path: Path) -> None:
    """A file changed since the manifest was written cannot be proved by it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a").write_bytes(b"1")
    fingerprint(tmp_path / "data", manifest=tmp_path / "m.jsonl")
    (tmp_path / "data" / "a").write_bytes(b"2")
    with pytest.raises(SliceProofInvalid):
        prove_slice(tmp_path / "data", 0, 1, file="a", manifest=tmp_path / "m.jsonl")
    assert content.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"size": "1"},
        {"size": True},
        {"beside": "ab"},
        {"beside": [1]},
        {"beside": ["zz"]},
        {"entry": []},
        {"entry": "x"},
        {"witnesses": [{}]},
        {"witnesses": None},
    ],
)
def test_malformed_proofs_are_refused(content: Path, change: dict[str, object]) -> None:
    """A proof of another shape is an error of its own, never another exception."""
    mapping = prove_slice(content / "deep" / "large", 0, 1).to_mapping() | change
    with pytest.raises(SliceProofInvalid) as caught:
        SliceProof.from_mapping(mapping)
    assert caught.value.reason == "slice-proof-malformed"


def test_absurd_numbers_are_refused(content: Path) -> None:
    """Numbers beyond any file end in the error too."""
    path = content / "deep" / "large"
    root = fingerprint(path).content_root
    proof = prove_slice(path, 0, 1)
    data = cut(path, proof)
    for size, offset in ((1 << 60, 0), (1 << 52, 1 << 51), (0, 0), (SIZE, -MIB)):
        assert refused(data, replace(proof, size=size, offset=offset), root)
    entry = EntryProof(path="a", index=1 << 70, files=1 << 80, siblings=())
    assert refused(data, replace(proof, entry=entry), root)
