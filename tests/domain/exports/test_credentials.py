"""Credentials that are shown: what is read of them, what is refused where, what differs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from registry.domain.certificate import Certificate
from registry.domain.exports import credentials
from registry.domain.exports.credentials import Granted, differing, of_grant, of_product
from registry.domain.exports.prov import to_prov
from registry.domain.ids import GrantId, Identifier
from registry.domain.vocabulary import Purpose
from registry.errors import CredentialUnreadable
from tests.certificates import SAMPLE
from tests.golden_terms import RICH
from tests.recorded import DERIVATIONS, FULL, GRANT, OWN, START, digest, record

ROOT = Path(__file__).parents[3]
PROOF = (ROOT / "tests/fixtures/proofs/1/product.proof.json").read_bytes()
SCHEMA = Draft202012Validator(
    json.loads((ROOT / "docs/schemas/credential.schema.json").read_bytes()),
    format_checker=FormatChecker(),
)


def of_a_grant(grant: GrantId = GRANT) -> dict[str, Any]:
    """Return the credential of a grant."""
    return of_grant(
        Granted(
            place=record().place,
            moment=record().moment,
            grant=grant,
            parent=None,
            clauses=RICH,
            since=START,
            until=None,
            block=12,
            transaction=digest("transaction"),
        )
    )


def read(document: dict[str, Any]) -> credentials.Credential:
    """Read a credential from its bytes."""
    return credentials.read(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("document", "subject", "version"),
    [(of_a_grant(), GRANT, None), (of_product(record(), FULL), OWN, 3)],
    ids=["grant", "product"],
)
def test_a_credential_is_read_as_what_it_is_of(
    document: dict[str, Any], subject: Identifier, version: int | None
) -> None:
    """A grant's names the grant and no version, a product's the product and the version."""
    found = read(document)
    assert (found.subject, found.version) == (subject, version)
    assert found.block == record().moment.block


@pytest.mark.parametrize(("number", "held"), [(2**53 - 1, True), (2**53, False)])
def test_a_number_that_readers_of_json_do_not_know_exactly_is_refused(
    number: int, *, held: bool
) -> None:
    """A version or a block beyond it could be another one to whoever else reads the credential."""
    for place, name in (("credentialStatus", "version"), ("asOf", "block")):
        document = of_product(record(), FULL)
        document[place][name] = number
        if held:
            found = read(document)
            assert number in (found.version, found.block)
            continue
        with pytest.raises(CredentialUnreadable) as caught:
            read(document)
        assert caught.value.fields["field"] == f"{place}.{name}"


def test_holders_that_are_no_list_are_refused_by_their_place() -> None:
    """The place is told as the document has it."""
    document = credentials.of_certificate(SAMPLE)
    document["credentialSubject"]["holders"] = {"party": "nobody"}
    with pytest.raises(CredentialUnreadable) as caught:
        credentials.to_certificate(read(document))
    assert caught.value.fields == {
        "field": "credentialSubject.holders",
        "reason": "wrong-type",
    }


@pytest.mark.parametrize(
    ("given", "true", "paths"),
    [
        ({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 2}}, ()),
        ({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3}}, ("b.c",)),
        ({"a": {"b": 1}}, {"a": "text"}, ("a",)),
        ({"a": "text"}, {"a": {"b": 1}}, ("a",)),
        ({"a": None}, {}, ("a",)),
        ({}, {"a": {"b": 1}}, ("a",)),
        ({"a": 1}, {"a": True}, ("a",)),
        ({"a": [1, 2]}, {"a": [2, 1]}, ("a",)),
    ],
)
def test_each_place_that_differs_is_told(
    given: object, true: object, paths: tuple[str, ...]
) -> None:
    """Within objects the innermost place is named; an object in place of a text differs itself."""
    assert differing(given, true) == paths


def test_one_purpose_stands_alone_and_several_in_a_list() -> None:
    """PROV-JSON has a list for several values of an attribute, and a value for one."""
    alone = replace(DERIVATIONS[1], purposes=Purpose.INSURANCE)
    only = to_prov(record(derivations=(alone,)))
    activity = f"registration:{OWN}.2"
    insurance = {"$": "dengji:insurance", "type": "xsd:QName"}
    assert only["activity"][activity]["dengji:purpose"] == insurance
    several = to_prov(record())["activity"][activity]["dengji:purpose"]
    assert insurance in several
    assert len(several) == 2


@pytest.mark.parametrize(
    "certificate",
    [
        SAMPLE,
        replace(SAMPLE, state_proof=PROOF, valid_until=None),
        replace(SAMPLE, state_proof=b'{"long":"%s"}' % bytes(1 << 20).hex().encode()),
    ],
    ids=["plain", "proved", "long"],
)
def test_a_certificate_comes_back_whole_from_its_credential(certificate: Certificate) -> None:
    """To the byte, the proof within too: its digest is what the ledger has."""
    document = credentials.of_certificate(certificate)
    assert list(SCHEMA.iter_errors(document)) == []
    assert credentials.to_certificate(read(document)).canonical() == certificate.canonical()
