"""Test the certificate as a document: its form, its digest, its short reference."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from registry.domain.certificate import Certificate, differences, digest_of
from registry.domain.certificate_reader import from_json
from registry.domain.certificate_reference import Reference
from registry.domain.ids import PartyId
from registry.errors import CertificateUnreadable
from tests.certificates import PUBLIC, SAMPLE, hostile, names

WHOLE = SAMPLE.canonical()


@pytest.mark.parametrize("one", [SAMPLE, PUBLIC, replace(SAMPLE, summary=None, valid_until=None)])
def test_a_certificate_is_read_back_as_it_was_written(one: Certificate) -> None:
    """What canonical JSON says is all that there is."""
    assert from_json(one.canonical()) == one


@given(names)
def test_any_name_is_read_back(name: str) -> None:
    """Names in any script, with quotes, controls and markup, keep their bytes."""
    assert from_json(hostile(name).canonical()) == hostile(name)


def test_the_digest_is_the_start_of_sha256() -> None:
    """The chain keeps 24 bytes of the SHA-256 of the canonical bytes."""
    assert digest_of(WHOLE) == sha256(WHOLE).digest()[:24]


def test_the_document_has_the_outline_of_a_credential() -> None:
    """Issuer, subject, validity and status stand where Verifiable Credentials have them."""
    read = SAMPLE.to_mapping()
    assert read["issuer"]["id"] == str(SAMPLE.issuer.party)
    assert read["credentialSubject"]["id"] == str(SAMPLE.product)
    assert read["validFrom"] == "2026-11-22T02:00:00Z"
    assert read["credentialStatus"]["chainId"] == "31337"
    assert read["credentialStatus"]["number"] == 1
    assert read["termsOfUse"] == [{"type": "LedgerPrevails"}, {"type": "LocalChainNoEvidence"}]


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
@example(0, 1)
def test_any_changed_byte_is_found(place: int, change: int) -> None:
    """However a byte changes, the document is another one, or none: its digest never stays."""
    altered = bytearray(WHOLE)
    altered[place] ^= change
    assert digest_of(bytes(altered)) != digest_of(WHOLE)
    try:
        read = from_json(bytes(altered))
    except CertificateUnreadable:
        return
    assert read != SAMPLE or bytes(altered) != read.canonical()


@pytest.mark.parametrize(
    ("path", "value", "field", "reason"),
    [
        (["format"], "dengji-certificate/2", "format", "not-allowed"),
        (["type"], "Diploma", "type", "not-allowed"),
        (["extra"], 1, "extra", "unknown-field"),
        (["id"], "urn:x", "id", "contradicts"),
        (["validFrom"], "2026-11-22", "validFrom", "malformed"),
        (["validUntil"], None, "validUntil", "wrong-type"),
        (["issuer", "number"], True, "issuer.number", "wrong-type"),
        (["issuer", "id"], "party1x", "issuer.id", "malformed"),
        (["credentialSubject", "profile"], "PUBLIC", "credentialSubject.profile", "not-allowed"),
        (["credentialSubject", "version"], -1, "credentialSubject.version", "wrong-type"),
        (["credentialSubject", "holders"], {}, "credentialSubject.holders", "wrong-type"),
        (["credentialSubject", "dataName"], 4, "credentialSubject.dataName", "wrong-type"),
        (
            ["credentialSubject", "contentRoot"],
            "0x7C",
            "credentialSubject.contentRoot",
            "malformed",
        ),
        (["credentialStatus", "chainId"], "007", "credentialStatus.chainId", "malformed"),
        (["termsOfUse"], [], "termsOfUse", "not-allowed"),
        (["asOf"], 3, "asOf", "not-json-object"),
    ],
)
def test_a_field_that_cannot_be_is_named(
    path: list[str], value: object, field: str, reason: str
) -> None:
    """What is missing, unknown or of another type is refused by its path."""
    read = json.loads(WHOLE)
    inner = read
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(CertificateUnreadable) as caught:
        from_json(json.dumps(read).encode())
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_missing_fields_and_rights_out_of_order_are_named() -> None:
    """Each holder has rights, in the order of the vocabulary; no field may be left out."""
    read = json.loads(WHOLE)
    read["credentialSubject"]["holders"][1]["rights"] = ["USE", "HOLD"]
    with pytest.raises(CertificateUnreadable) as caught:
        from_json(json.dumps(read).encode())
    assert caught.value.field == "credentialSubject.holders[1].rights"
    del read["issuer"]["seat"]
    with pytest.raises(CertificateUnreadable) as caught:
        from_json(json.dumps(read).encode())
    assert (caught.value.field, caught.value.reason) == ("issuer.seat", "missing")


@pytest.mark.parametrize("given", [b"", b"{", b"\xff", b"[]", b'{"a":' * 5_000, b"\xef\xbb\xbf{}"])
def test_what_is_no_json_is_refused(given: bytes) -> None:
    """Broken, deep or foreign bytes are refused, never a fault."""
    with pytest.raises(CertificateUnreadable):
        from_json(given)


def test_half_a_character_is_refused() -> None:
    """JSON can name lone halves of a character, which have no bytes."""
    with pytest.raises(CertificateUnreadable):
        from_json(WHOLE.replace("华南".encode(), b"\\ud800"))


def test_differences_are_told_by_their_paths() -> None:
    """Of two certificates one learns which fields are not the same."""
    other = replace(
        SAMPLE, code="SJ4402026110002", issuer=replace(SAMPLE.issuer, party=PartyId.of(4))
    )
    assert differences(SAMPLE, SAMPLE) == ()
    assert differences(SAMPLE, other) == ("issuer.id", "credentialSubject.code")
    gone = replace(SAMPLE, valid_until=None)
    assert differences(SAMPLE, gone) == differences(gone, SAMPLE) == ("validUntil",)


def test_a_reference_is_read_back() -> None:
    """What the QR code holds leads to the digest of the whole document."""
    reference = Reference.to(SAMPLE)
    text = str(reference)
    assert Reference.parse(text) == reference
    assert reference.digest == digest_of(WHOLE)
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org",
        str(Reference.to(SAMPLE))[:-40],
        str(Reference.to(SAMPLE)).replace("PRODUCT1", "PRODUCT1Q"),
        str(Reference.to(SAMPLE)).lower(),
    ],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    """A cut, mistyped or foreign text is refused."""
    with pytest.raises(CertificateUnreadable):
        Reference.parse(text)


SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/schemas/certificate.schema.json").read_bytes()
)


def fits(document: object) -> bool:
    """Tell whether the published schema takes a document."""
    return bool(Draft202012Validator(SCHEMA).is_valid(document))


def test_the_published_schema_takes_every_certificate() -> None:
    """Whatever is written fits the schema, with and without what may be left out."""
    Draft202012Validator.check_schema(SCHEMA)
    bare = replace(
        SAMPLE,
        summary=None,
        catalog_id=None,
        evidence=None,
        valid_until=None,
        annotations=(),
        issuer=replace(SAMPLE.issuer, name=None),
        holders=tuple(
            replace(one, name=None, credit_code=None, term=None, limits=None)
            for one in SAMPLE.holders
        ),
    )
    for one in (SAMPLE, PUBLIC, bare):
        assert fits(json.loads(one.canonical()))
        assert from_json(one.canonical()) == one


def paths(value: object, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every value inside a JSON value."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    found = [path for name, one in inner for path in paths(one, (*above, name))]
    return [*found, above] if above else found


@given(
    path=st.sampled_from(paths(json.loads(WHOLE))),
    value=st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.just([]), st.just({})),
)
def test_what_is_read_fits_the_schema(path: tuple[str | int, ...], value: object) -> None:
    """Nothing that the reader takes is refused by the schema."""
    document = json.loads(WHOLE)
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    try:
        read = from_json(json.dumps(document).encode())
    except CertificateUnreadable:
        return
    assert fits(document)
    assert fits(json.loads(read.canonical()))
