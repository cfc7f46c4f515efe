"""The proof of a leaf: one spelling, checked to its root, and no change goes unnoticed."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.anchor_archive import AnchorArchive
from registry.domain.anchor_leaves import Leaf, Proven, Site
from registry.domain.anchor_proof import FIELDS, MAX_BYTES, AnchorProof
from registry.domain.anchor_writing import write_archive
from registry.domain.documents import canonical
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.merkle import inclusion_proof, root_of_hashes
from registry.domain.operations import Register
from registry.errors import AnchorProofRefused, AnchorProofUnreadable
from scripts.gen_anchor_schema import schema

SITE = Site(chain_id=31337, registry=Address(bytes(range(20))), party=PartyId(bytes(range(8))))
SIZE = 21


def item(number: int) -> Register:
    """Return one registration of its own for each number."""
    return Register(content_root=bytes([1, number]) * 16, metadata_hash=bytes([number]) * 32)


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> AnchorProof:
    """Return the proof of leaf 13."""
    path = write_archive(tmp_path_factory.mktemp("proof"), SITE, map(item, range(SIZE)))
    with AnchorArchive(path) as archive:
        proven = archive.prove(13)
        return AnchorProof(site=SITE, leaves=SIZE, root=archive.root, proven=proven)


def test_a_proof_comes_back_as_it_was_written(proof: AnchorProof) -> None:
    """The file is canonical JSON with a line feed, and holds all of the proof."""
    raw = proof.dump()
    assert AnchorProof.load(raw) == proof
    assert json.loads(raw).keys() == set(FIELDS)
    assert raw.endswith(b"}\n")
    jsonschema.validate(json.loads(raw), schema())


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_one_changed_byte_fails(proof: AnchorProof, data: st.DataObject) -> None:
    """Whatever byte is changed to whatever else, it is no proof of this root any more.

    Only the number of leaves may change unseen, since other sizes have trees of the same way up
    from a leaf: the chain holds the number, and checking asks it.
    """
    raw = bytearray(proof.dump())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]))
    try:
        found = AnchorProof.load(bytes(raw))
    except (AnchorProofRefused, AnchorProofUnreadable):
        return
    assert found.leaves != SIZE
    assert (found.site, found.root, found.proven) == (proof.site, proof.root, proof.proven)


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_no_other_value_of_a_field_passes(proof: AnchorProof, data: st.DataObject) -> None:
    """Each field is checked, also where the file is well formed again."""
    value: dict[str, Any] = json.loads(proof.dump())
    name = data.draw(st.sampled_from([one for one in FIELDS if one != "leaves"]))
    other: st.SearchStrategy[Any] = st.one_of(
        st.none(), st.integers(-1, 30), st.text(max_size=5), st.just([]), st.just({})
    )
    value[name] = data.draw(other.filter(lambda new: new != value[name]))
    with pytest.raises((AnchorProofRefused, AnchorProofUnreadable)):
        AnchorProof.load(canonical(value))


def test_another_product_is_refused(proof: AnchorProof) -> None:
    """The product that the file names is the one that the leaf makes."""
    value = json.loads(proof.dump())
    with pytest.raises(AnchorProofRefused) as refused:
        AnchorProof.load(canonical({**value, "product": str(ProductId(b"\1" * 20))}))
    assert refused.value.reason == "leaf-product"


def test_an_interior_node_is_no_leaf() -> None:
    """The two halves of a node do not pass as a leaf: leaves and nodes are hashed apart."""
    hashes = [SITE.leaf_hash(Leaf.of(item(number))) for number in range(4)]
    root = root_of_hashes(hashes)
    disguised = Leaf(content_root=hashes[0], metadata_hash=hashes[1], particulars=0x701)
    forged = AnchorProof(
        site=SITE,
        leaves=2,
        root=root,
        proven=Proven(
            index=0,
            leaf=disguised,
            proof=inclusion_proof([b"%d" % n for n in range(2)], 0),
        ),
    )
    with pytest.raises(AnchorProofRefused) as refused:
        AnchorProof.load(forged.dump())
    assert refused.value.reason == "leaf-nodes"


@pytest.mark.parametrize(
    ("raw", "where", "reason"),
    [
        (b"", "/", "not-json"),
        (b"[" * 5_000, "/", "not-json"),
        (b" " * (MAX_BYTES + 1), "/", "proposal-too-long"),
        (b"{}\n", "/format", "anchor-proof-format"),
        (b'{"format":"dengji-proof/1"}\n', "/format", "anchor-proof-format"),
        (b'{"format":"dengji-anchor-proof/1"}', "/", "proposal-not-canonical"),
        (b'{"format":"dengji-anchor-proof/1"}\n', "/chain", "proposal-missing"),
        (b'{"format": "dengji-anchor-proof/1"}\n', "/", "proposal-not-canonical"),
        (b"\xff\xfe", "/", "not-json"),
        (b'{"a":NaN,"format":"dengji-anchor-proof/1"}\n', "/", "not-json"),
        (b'{"a":1e400,"format":"dengji-anchor-proof/1"}\n', "/", "not-json"),
    ],
)
def test_what_is_no_proof_is_told_with_its_place(raw: bytes, where: str, reason: str) -> None:
    """Whatever bytes come, the answer is one error that points to what is wrong."""
    with pytest.raises(AnchorProofUnreadable) as refused:
        AnchorProof.load(raw)
    assert (refused.value.where, refused.value.reason) == (where, reason)


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=300))
def test_random_bytes_are_one_error(raw: bytes) -> None:
    """Nothing but the error for it comes of what is no proof."""
    with pytest.raises(AnchorProofUnreadable):
        AnchorProof.load(raw)


def test_a_leaf_without_meaning_is_refused() -> None:
    """A leaf whose particulars say what no registration can say proves no registration."""
    leaf = Leaf(content_root=b"\x01" * 32, metadata_hash=bytes(32), particulars=1 << 200)
    root = SITE.leaf_hash(leaf)
    proven = Proven(index=0, leaf=leaf, proof=())
    raw = AnchorProof(site=SITE, leaves=1, root=root, proven=proven).dump()
    with pytest.raises(AnchorProofRefused) as refused:
        AnchorProof.load(raw)
    assert refused.value.reason == "leaf-word"
