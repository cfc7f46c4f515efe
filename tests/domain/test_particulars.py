"""What a registration says beside its digests, in one word: packed as the contract unpacks it."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from registry.chain.registrations import registration as struct
from registry.domain.anchor_leaves import Leaf, Site, leaf_hashes
from registry.domain.ids import Address, PartyId
from registry.domain.merkle import leaf_hash
from registry.domain.operations import Register
from registry.domain.particulars import packed, raw_registrations, registration
from registry.domain.product import ParticularFlag
from registry.domain.vocabulary import Right, SecurityClass, Source

DIGESTS = st.binary(min_size=32, max_size=32)
ITEMS = st.builds(
    Register,
    content_root=DIGESTS,
    metadata_hash=DIGESTS,
    salt=st.one_of(st.just(0), st.integers(0, 2**64 - 1)),
    rights=st.sampled_from([Right(bits) for bits in range(8)]),
    security_class=st.sampled_from(SecurityClass),
    source=st.sampled_from(Source),
    flags=st.sampled_from([ParticularFlag(bits) for bits in range(16)]),
)
SITES = st.builds(
    Site,
    chain_id=st.integers(1, 2**64 - 1),
    registry=st.binary(min_size=20, max_size=20).map(Address),
    party=st.binary(min_size=8, max_size=8).map(PartyId),
)


@given(items=st.lists(ITEMS, max_size=20))
def test_packing_and_unpacking_agree_with_the_struct_that_is_sent(items: list[Register]) -> None:
    """The 96 bytes hold the struct of the chain's calls, and give the same registration back."""
    raws = raw_registrations(items)
    for item, raw in zip(items, raws, strict=True):
        content, metadata, word = struct(item)
        assert raw == content + metadata + word.to_bytes(32)
        assert packed(item) == word
        assert registration(raw) == item


@given(site=SITES, items=st.lists(ITEMS, max_size=10))
def test_leaves_are_those_of_the_generic_encoder(site: Site, items: list[Register]) -> None:
    """The direct encoding hashes what abi.encode gives of the six words."""
    kinds = ("uint256", "address", "uint64", "bytes32", "bytes32", "uint256")
    generic = [
        leaf_hash(
            encode(
                kinds,
                (site.chain_id, site.registry.raw, int(site.party), *struct(item)),
            )
        )
        for item in items
    ]
    assert leaf_hashes(site.prefix, raw_registrations(items)) == generic
    assert [site.leaf_hash(Leaf.of(item)) for item in items] == generic


@pytest.mark.parametrize("salt", [-1, 2**64, 2**70])
def test_a_salt_that_does_not_fit_is_refused(salt: int) -> None:
    """One bit more of a salt would be one of the source."""
    item = Register(content_root=bytes(32), metadata_hash=bytes(32), salt=salt)
    with pytest.raises(ValueError, match="uint64"):
        raw_registrations([item])
    with pytest.raises(ValueError, match="uint64"):
        packed(item)


@pytest.mark.parametrize(("content", "metadata"), [(31, 33), (33, 31), (32, 31), (0, 32)])
def test_digests_of_other_lengths_are_refused(content: int, metadata: int) -> None:
    """Two digests are 32 bytes each, not 64 together."""
    item = Register(content_root=bytes(content), metadata_hash=bytes(metadata))
    with pytest.raises(ValueError, match="32 bytes"):
        raw_registrations([item])


@pytest.mark.parametrize("bit", [3, 12, 88, 255])
def test_bits_without_a_meaning_are_refused(bit: int) -> None:
    """A word with a bit that means nothing is no registration."""
    with pytest.raises(ValueError, match=r"valid|^[0-9a-f]{192}$"):
        registration(bytes(64) + (0x700 | 1 << bit).to_bytes(32))
