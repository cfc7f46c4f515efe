"""Manifests of any files are canonical JSON, and survive the way there and back."""

import io
import unicodedata
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.entries import entry_leaf, entry_line
from registry.domain.manifest import Entry, Header, ManifestReader
from registry.domain.merkle import root_of
from registry.domain.metadata import Metadata, metadata_hash
from registry.domain.metadata_values import Form, RegionScope, Source
from registry.errors import ManifestMalformed

hashes = st.binary(min_size=32, max_size=32)
sizes = st.integers(0, 2**53 - 1)
parts = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1)
    .map(lambda part: unicodedata.normalize("NFC", part))
    .filter(lambda part: part not in {".", ".."})
)
paths = st.lists(parts, min_size=1, max_size=3).map("/".join)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda text: 0 < len(unicodedata.normalize("NFC", text).strip()) <= 40
)
descriptions = st.fixed_dictionaries(
    {"dataName": texts},
    optional={
        "summary": texts,
        "source": st.sampled_from(Source),
        "regionScope": st.sampled_from(RegionScope),
        "form": st.lists(st.sampled_from(Form), unique=True, min_size=1),
        "restrictions": st.lists(texts, max_size=3),
        "salt": st.binary(min_size=16, max_size=32).map(bytes.hex),
    },
)


@given(paths, sizes, hashes, hashes, hashes)
def test_lines_are_what_rfc_8785_makes_of_them(
    path: str, size: int, digest: bytes, other: bytes, third: bytes
) -> None:
    """Members sort by UTF-16 code units, and strings escape as ECMAScript does (RFC 8785 §3.2)."""
    core: dict[str, str | int] = {"path": path, "size": size, "digest": digest.hex()}
    assert entry_leaf(path, size, digest) == rfc8785.dumps(core)
    for names, values in (
        ((), ()),
        (("sha256",), (other,)),
        (("sm3",), (other,)),
        (("sha256", "sm3"), (other, third)),
    ):
        further: dict[str, str | int] = {
            name: value.hex() for name, value in zip(names, values, strict=True)
        }
        line = entry_line(path, size, digest, names, values)
        assert line == rfc8785.dumps(core | further) + b"\n"


@given(descriptions)
def test_descriptions_survive_and_hash_canonically(mapping: dict[str, object]) -> None:
    """A description read, written and read again is the same, under one hash."""
    metadata = Metadata.from_mapping(mapping)
    again = Metadata.from_mapping(metadata.to_mapping())
    assert again == metadata
    canonical = rfc8785.dumps(metadata.to_mapping())
    assert metadata_hash(metadata) == metadata_hash(again) == sha256(canonical).digest()


@given(
    st.dictionaries(paths, st.tuples(sizes, hashes, hashes), min_size=1, max_size=12), descriptions
)
def test_manifests_survive(
    files: dict[str, tuple[int, bytes, bytes]], mapping: dict[str, object]
) -> None:
    """What is written is read, root included; files that are also folders are refused."""
    metadata = Metadata.from_mapping(mapping)
    header = Header(kind="folder", metadata=metadata, digests=("sm3",))
    entries = [
        Entry(path=path, size=size, digest=digest, further=(further,))
        for path, (size, digest, further) in sorted(
            files.items(), key=lambda item: item[0].encode()
        )
    ]
    text = header.line() + b"".join(
        entry_line(entry.path, entry.size, entry.digest, ("sm3",), entry.further)
        for entry in entries
    )
    impossible = any(
        other.startswith(f"{path}/") for path in files for other in files if other != path
    )
    reader = ManifestReader(io.BytesIO(text))
    if impossible:
        with pytest.raises(ManifestMalformed, match="goes through a file"):
            list(reader)
        return
    assert list(reader) == entries
    assert reader.header == header
    leaves = [entry_leaf(entry.path, entry.size, entry.digest) for entry in entries]
    assert reader.summary.content_root == root_of(leaves)
    assert reader.summary.size == sum(entry.size for entry in entries)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_spoiled_manifest_reads_as_another(noise: bytes, at: int) -> None:
    """Whatever bytes are put into a manifest, it is refused, or is canonical and says so."""
    header = Header(kind="folder", metadata=Metadata(data_name="x"))
    text = header.line() + b"".join(
        entry_line(name, 1, bytes(32), (), ()) for name in ("a", "b/c", "b/d")
    )
    spoiled = text[:at] + noise + text[at + len(noise) :]
    try:
        reader = ManifestReader(io.BytesIO(spoiled))
        entries = list(reader)
    except ManifestMalformed:
        return
    written = reader.header.line() + b"".join(
        entry_line(entry.path, entry.size, entry.digest, reader.header.digests, entry.further)
        for entry in entries
    )
    assert written == spoiled
