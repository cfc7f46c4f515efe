"""Files of salts, and records of their erasure, are read in their one form alone."""

from __future__ import annotations

import json

import pytest

from registry.domain.ids import PartyId, ProductId
from registry.domain.product import Version
from registry.domain.salted import Salted, erased_versions, erasure, salt_in
from registry.errors import SaltsUnreadable

KEPT = Salted(
    party=PartyId.of(1),
    content_root=b"\xab" * 32,
    content_salt=b"\xcd" * 32,
    metadata_hash=b"\xef" * 32,
    metadata_salt=b"\x03" * 32,
)


def version(number: int) -> Version:
    """Return a version of a product whose roots tell its number."""
    return Version(
        product=ProductId.of(7),
        number=number,
        content_root=bytes([number]) * 32,
        metadata_hash=bytes(32),
        digest=bytes(32),
        by=PartyId.of(1),
        time=1_800_000_000,
        block=5,
        transaction=bytes(32),
    )


def test_what_is_kept_is_read_again() -> None:
    """A file of salts gives what it was made of."""
    assert Salted.read(KEPT.canonical()) == KEPT


@pytest.mark.parametrize("name", ["content_root", "content_salt", "metadata_hash", "metadata_salt"])
@pytest.mark.parametrize("given", ["AB" * 32, "ab" * 31, "ab" * 33, " " + "ab" * 32, "", 5, None])
def test_digests_in_another_form_are_refused(name: str, given: object) -> None:
    """A digest is 64 lower-case hexadecimal digits: neither capitals nor fewer or more of them."""
    said = json.loads(KEPT.canonical()) | {name: given}
    with pytest.raises(SaltsUnreadable) as caught:
        Salted.read(json.dumps(said).encode(), file="kept.json")
    assert caught.value.file == "kept.json"


@pytest.mark.parametrize("given", [5, None, True, ["party"], {"id": "party"}])
def test_a_party_that_is_no_text_is_refused(given: object) -> None:
    """A file whose party is of another type than text cannot be read, and is said to be so."""
    said = json.loads(KEPT.canonical()) | {"party": given}
    with pytest.raises(SaltsUnreadable):
        Salted.read(json.dumps(said).encode())


@pytest.mark.parametrize(
    "content",
    [
        KEPT.canonical(),
        KEPT.content_salt.hex().encode(),
        b" " + KEPT.content_salt.hex().upper().encode() + b"\r\n",
    ],
)
def test_a_salt_is_read_from_its_file_and_from_its_digits(content: bytes) -> None:
    """The salt of the content root comes from the whole file as from its digits alone."""
    assert salt_in(content) == KEPT.content_salt


def test_an_erasure_names_the_versions_that_are_forgotten() -> None:
    """The record of an erasure is read again as the versions with their salted content roots."""
    told = [version(1), version(3)]
    record = erasure(ProductId.of(7), PartyId.of(1), told, chain_id=31337, time=1_800_000_000)
    assert erased_versions(record) == {1: b"\x01" * 32, 3: b"\x03" * 32}
    said = json.loads(record)
    assert (said["product"], said["by"]) == (str(ProductId.of(7)), str(PartyId.of(1)))
    assert (said["chain_id"], said["time"]) == ("31337", 1_800_000_000)


@pytest.mark.parametrize("given", ["01" * 31, "AB" * 32])
def test_an_erasure_with_a_root_in_another_form_is_none(given: str) -> None:
    """A root that is not 64 lower-case digits is no root of a version."""
    record = json.dumps({"versions": [{"version": 1, "content_root": given}]}).encode()
    with pytest.raises(SaltsUnreadable):
        erased_versions(record)
