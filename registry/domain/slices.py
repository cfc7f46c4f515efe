"""Prove that some bytes are a slice of registered content, without the rest of it.

A slice is a run of whole chunks of one file. Its proof holds the roots of the largest subtrees
beside it, at most two for each level of the file's tree. What makes the position certain is the
file's size: in a folder, the file's entry states it, and the proof holds that entry's audit path; a
file alone has no entry, so the proof holds the audit paths of a few leaves that only a tree of this
many chunks has (`merkle.size_witnesses`). That is sound where the content root is one that this
format makes, and proves the size of a file alone up to the last chunk.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from blake3 import blake3

from registry.domain.chunks import CHUNK_SIZE, check_whole, hash_buffered
from registry.domain.content import kind_of
from registry.domain.entries import entry_leaf
from registry.domain.manifest import open_manifest
from registry.domain.merkle import (
    HASH_SIZE,
    Tree,
    leaf_hash,
    root_from_proof,
    root_from_range,
    size_witnesses,
    verify_inclusion,
)
from registry.domain.stamps import OpenFile, beneath
from registry.domain.walk import FolderWalk
from registry.errors import ContentMissing, SliceOutOfRange, SliceProofInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_SIZE: Final = (1 << 53) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryProof:
    """That a file stands in a folder: its path, and the audit path of its entry among `files`."""

    path: str
    index: int
    files: int
    siblings: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A leaf that helps to prove a file's number of chunks: its BLAKE3 digest and audit path."""

    digest: bytes
    siblings: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceProof:
    """What goes with the bytes of a slice.

    :ivar size: bytes of the whole file.
    :ivar offset: where the slice begins, a multiple of the chunk size.
    :ivar length: its bytes, whole chunks or up to the file's end.
    :ivar beside: roots of the subtrees beside the slice, from left to right.
    :ivar entry: that the file stands in a folder, None for a file alone.
    :ivar witnesses: of the number of chunks, for a file alone.
    """

    size: int
    offset: int
    length: int
    beside: tuple[bytes, ...]
    entry: EntryProof | None
    witnesses: tuple[Witness, ...]

    def to_mapping(self) -> dict[str, Any]:
        """Return the proof as JSON-like values, hashes in hexadecimal."""
        entry = self.entry and {
            "path": self.entry.path,
            "index": self.entry.index,
            "files": self.entry.files,
            "siblings": _hex(self.entry.siblings),
        }
        return {
            "format": FORMAT,
            "size": self.size,
            "offset": self.offset,
            "length": self.length,
            "beside": _hex(self.beside),
            "entry": entry,
            "witnesses": [
                {"digest": witness.digest.hex(), "siblings": _hex(witness.siblings)}
                for witness in self.witnesses
            ],
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> SliceProof:
        """Read a proof.

        :raises SliceProofInvalid: it is not one.
        """
        try:
            return _proof(mapping)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SliceProofInvalid(reason="slice-proof-malformed") from error


FORMAT: Final = "dengji-slice/1"


def prove_slice(
    path: Path, offset: int, length: int, *, file: str | None = None, manifest: Path | None = None
) -> SliceProof:
    """Prove the chunks that hold the bytes from `offset` on, reading the whole file once.

    :param path: the content: a file, or a folder, which needs the next two.
    :param file: the path of the file in the folder.
    :param manifest: the folder's manifest.
    :raises SliceOutOfRange: the file does not have these bytes.
    :raises ContentMissing: there is no such content, or no such file in it.
    :raises SliceProofInvalid: the file is not what the manifest says.
    """
    entry, digest, disk_path = None, None, os.fsencode(path)
    if kind_of(path) == "folder":
        if file is None or manifest is None:
            raise ContentMissing(path=f"{path}: which file, by which manifest")
        entry, digest = _prove_entry(file, manifest)
        disk_path = _found(path, file)
    with OpenFile(disk_path) as opened:
        size = opened.size
        if offset < 0 or length < 1 or offset + length > size:
            raise SliceOutOfRange(offset=offset, length=length, size=size)
        digests = hash_buffered(opened, 0, size)
        check_whole(opened)
    tree = Tree(digests)
    if digest not in (None, tree.root):
        raise SliceProofInvalid(reason="slice-file-differs")
    first, end = offset // CHUNK_SIZE, -(-(offset + length) // CHUNK_SIZE)
    witnesses = () if entry else size_witnesses(tree.size)
    return SliceProof(
        size=size,
        offset=first * CHUNK_SIZE,
        length=min(end * CHUNK_SIZE, size) - first * CHUNK_SIZE,
        beside=tree.range_proof(first, end),
        entry=entry,
        witnesses=tuple(
            Witness(digest=digests[index], siblings=tree.proof(index)) for index in witnesses
        ),
    )


def verify_slice(data: IO[bytes], proof: SliceProof, content_root: bytes) -> None:
    """Check that the bytes of `data` are the slice that a proof speaks of, in this content.

    :raises SliceProofInvalid: they are not, or the proof does not show it.
    """
    if _root_of(data, proof) != content_root:
        raise SliceProofInvalid(reason="slice-not-part")
    _verify_size(proof, content_root)


def slice_root(data: IO[bytes], proof: SliceProof) -> bytes:
    """Return the root of the only content that the bytes of `data` are such a slice of.

    :raises SliceProofInvalid: the proof shows none.
    """
    root = _root_of(data, proof)
    _verify_size(proof, root)
    return root


def _root_of(data: IO[bytes], proof: SliceProof) -> bytes:
    """Return the root that a slice leads to, the size of a file alone not looked at."""
    if not 0 <= proof.offset < proof.offset + proof.length <= proof.size <= MAX_SIZE:
        raise SliceProofInvalid(reason="slice-outside-file")
    end = proof.offset + proof.length
    if proof.offset % CHUNK_SIZE or (end % CHUNK_SIZE and end != proof.size):
        raise SliceProofInvalid(reason="slice-not-aligned")
    chunks = -(-proof.size // CHUNK_SIZE)
    leaves = _leaves(data, proof.length)
    root = root_from_range(leaves, proof.offset // CHUNK_SIZE, chunks, proof.beside)
    if root is None:
        raise SliceProofInvalid(reason="slice-proof-unfit")
    return _entry_root(proof.entry, proof.size, root) if proof.entry else root


def _prove_entry(file: str, manifest: Path) -> tuple[EntryProof, bytes]:
    """Return the proof of a file's entry in a folder, and the file's own root."""
    found: tuple[int, bytes] | None = None
    leaves: list[bytes] = []
    with open_manifest(manifest) as reader:
        for entry in reader:
            if entry.path == file:
                found = len(leaves), entry.digest
            leaves.append(leaf_hash(entry_leaf(entry.path, entry.size, entry.digest)))
    if found is None:
        raise ContentMissing(path=file)
    index, digest = found
    siblings = Tree(hashes=leaves).proof(index)
    return EntryProof(path=file, index=index, files=len(leaves), siblings=siblings), digest


def _found(folder: Path, file: str) -> bytes:
    """Return where a file of a folder is on disk."""
    root, wanted = os.fsencode(folder), file.encode()
    for path, disk_path in FolderWalk(root):
        if path == wanted:
            return beneath(root, disk_path)
    raise ContentMissing(path=file)


def _leaves(data: IO[bytes], length: int) -> list[bytes]:
    """Return the leaf hashes of the chunks of a slice, which must have this many bytes."""
    leaves = []
    while length > 0:
        chunk = data.read(min(CHUNK_SIZE, length))
        if len(chunk) != min(CHUNK_SIZE, length):
            break
        length -= len(chunk)
        leaves.append(leaf_hash(blake3(chunk).digest()))
    if length or data.read(1):
        raise SliceProofInvalid(reason="slice-length")
    return leaves


def _entry_root(entry: EntryProof, size: int, root: bytes) -> bytes:
    try:
        leaf = entry_leaf(entry.path, size, root)
    except UnicodeEncodeError as error:
        raise SliceProofInvalid(reason="path-not-utf-8") from error
    found = root_from_proof(leaf_hash(leaf), entry.index, entry.files, entry.siblings)
    if found is None:
        raise SliceProofInvalid(reason="slice-not-part")
    return found


def _verify_size(proof: SliceProof, root: bytes) -> None:
    if proof.entry:
        return
    chunks, witnesses = -(-proof.size // CHUNK_SIZE), proof.witnesses
    expected = size_witnesses(chunks)
    if len(witnesses) != len(expected) or not all(
        len(witness.digest) == HASH_SIZE
        and verify_inclusion(root, witness.digest, index, chunks, witness.siblings)
        for index, witness in zip(expected, witnesses, strict=True)
    ):
        raise SliceProofInvalid(reason="slice-size-not-shown")


def _hex(hashes: tuple[bytes, ...]) -> list[str]:
    return [node.hex() for node in hashes]


def _hashes(texts: object) -> tuple[bytes, ...]:
    if not isinstance(texts, list):
        raise TypeError("a list of hashes")
    return tuple(map(bytes.fromhex, texts))


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number")
    return value


def _proof(mapping: Mapping[str, Any]) -> SliceProof:
    """Return a proof by its JSON-like values; what does not fit raises what it happens to raise."""
    if mapping["format"] != FORMAT:
        raise ValueError(FORMAT)
    entry = mapping["entry"]
    return SliceProof(
        size=_number(mapping["size"]),
        offset=_number(mapping["offset"]),
        length=_number(mapping["length"]),
        beside=_hashes(mapping["beside"]),
        entry=None if entry is None else _entry(entry),
        witnesses=tuple(
            Witness(digest=bytes.fromhex(item["digest"]), siblings=_hashes(item["siblings"]))
            for item in mapping["witnesses"]
        ),
    )


def _entry(mapping: Mapping[str, Any]) -> EntryProof:
    path = mapping["path"]
    if not isinstance(path, str):
        raise TypeError("a path")
    return EntryProof(
        path=path,
        index=_number(mapping["index"]),
        files=_number(mapping["files"]),
        siblings=_hashes(mapping["siblings"]),
    )
