"""Test the judgement of certificates against the record."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.certificate import Certificate, Holder
from registry.domain.certificate_check import (
    Entry,
    Facts,
    Finding,
    Outcome,
    Place,
    Record,
    composed,
    judge,
)
from registry.domain.certificate_reader import from_json
from registry.domain.certificate_reference import Reference
from registry.domain.ids import Address, PartyId
from registry.domain.moment import Moment
from registry.domain.product import Product, ProductState
from registry.domain.vocabulary import Right, SecurityClass
from registry.errors import CertificateUnreadable
from tests.certificates import DAY, ISSUED, SAMPLE

STATUS = SAMPLE.status
PLACE = Place(
    chain_id=STATUS.chain_id,
    directory=STATUS.directory,
    products=STATUS.products,
    certificates=STATUS.certificates,
)
FACTS = Facts(
    profile=SAMPLE.profile,
    issuer=replace(SAMPLE.issuer, name=None),
    code=SAMPLE.code,
    version=SAMPLE.version,
    content_root=SAMPLE.content_root,
    metadata_hash=SAMPLE.metadata_hash,
    holders=tuple(
        Holder(party=one.party, rights=one.rights, since=one.since) for one in SAMPLE.holders
    ),
    annotations=SAMPLE.annotations,
    evidence=SAMPLE.evidence,
    valid_from=SAMPLE.valid_from,
    valid_until=SAMPLE.valid_until,
    block=SAMPLE.block,
)
PRODUCT = Product(
    id=SAMPLE.product,
    applicant=SAMPLE.holders[0].party,
    profile=SAMPLE.profile,
    state=ProductState.REGISTERED,
    security_class=SecurityClass.GENERAL,
    rights=Right.ALL,
    moved=True,
    latest=1,
    since=SAMPLE.valid_from,
    until=SAMPLE.valid_until,
    registrar=1,
)
FIRST = Entry(number=1, digest=Reference.to(SAMPLE).digest, issued_at=ISSUED + 2, version=1)
SECOND = Entry(number=2, digest=b"\7" * 24, issued_at=ISSUED + DAY, version=1)
RECORD = Record(
    place=PLACE,
    moment=Moment(block=2_000, time=ISSUED + 10 * DAY, block_hash=b"\1" * 32),
    product=PRODUCT,
    entries=(FIRST,),
    at_issue=FACTS,
    now=FACTS,
)


def found(
    record: Record = RECORD, certificate: Certificate = SAMPLE, faults: tuple[str, ...] = ()
) -> Finding:
    """Judge a document."""
    return judge(Reference.to(certificate), certificate, record, faults=faults)


def outcome(record: Record = RECORD, certificate: Certificate = SAMPLE) -> tuple[Outcome, int]:
    """Return the outcome of judging a document, with its exit code."""
    judged = found(record, certificate).outcome
    return judged, judged.exit_code


def test_what_the_registrar_certified_is_valid() -> None:
    """The newest certificate of a registration in force, unencumbered, is valid."""
    assert found() == Finding(outcome=Outcome.VALID, entry=FIRST)
    assert found().good
    alone = judge(Reference.to(SAMPLE), None, RECORD)
    assert (alone.outcome, alone.entry) == (Outcome.VALID, FIRST)


@pytest.mark.parametrize(
    ("change", "expected", "code"),
    [
        ({"state": ProductState.REVOKED}, Outcome.REVOKED, 1),
        ({"state": ProductState.CANCELLED}, Outcome.CANCELLED, 1),
        ({"state": ProductState.PENDING}, Outcome.NOT_IN_FORCE, 1),
        ({"expired": True}, Outcome.EXPIRED, 1),
        ({"seizures": 1, "disputes": 2}, Outcome.SEIZED, 1),
        ({"controls": 1, "disputes": 1}, Outcome.CONTROLLED, 1),
        ({"disputes": 1}, Outcome.DISPUTED, 0),
    ],
)
def test_what_became_of_the_registration_is_told(
    change: dict[str, object], expected: Outcome, code: int
) -> None:
    """Ended, expired and encumbered registrations are told apart."""
    changed = replace(PRODUCT, **change)  # type: ignore[arg-type]
    assert outcome(replace(RECORD, product=changed)) == (expected, code)


def test_a_later_certificate_supersedes() -> None:
    """An older certificate names the number of the newest, from that one's issue on."""
    record = replace(RECORD, entries=(FIRST, SECOND))
    assert found(record) == Finding(outcome=Outcome.SUPERSEDED, entry=FIRST, superseded_by=2)
    assert Outcome.SUPERSEDED.exit_code == 6
    before = replace(RECORD.moment, time=SECOND.issued_at - 1)
    assert found(replace(record, moment=before)).outcome is Outcome.VALID


def test_what_ended_outranks_what_was_superseded() -> None:
    """Whoever shows an old certificate of a revoked registration is told of the revocation."""
    revoked = replace(PRODUCT, state=ProductState.REVOKED)
    record = replace(RECORD, entries=(FIRST, SECOND), product=revoked)
    assert found(record).outcome is Outcome.REVOKED


@pytest.mark.parametrize(
    ("now", "field"),
    [
        (replace(FACTS, version=2, content_root=b"\2" * 32), "credentialSubject.version"),
        (replace(FACTS, holders=FACTS.holders[1:]), "credentialSubject.holders"),
        (replace(FACTS, valid_until=ISSUED + 9_000 * DAY), "validUntil"),
    ],
)
def test_a_record_that_moved_on_overtakes(now: Facts, field: str) -> None:
    """After a change, a transfer, an award or a renewal the old certificate no longer serves."""
    judged = found(replace(RECORD, now=now))
    assert (judged.outcome, judged.fields) == (Outcome.OVERTAKEN, (field,))
    assert judged.outcome.exit_code == 6
    alone = judge(Reference.to(SAMPLE), None, replace(RECORD, now=now))
    assert alone.outcome is Outcome.OVERTAKEN


def test_an_amendment_is_told_where_old_state_is_gone() -> None:
    """The ledger knows when it last changed, also where nobody can say what it was before."""
    record = replace(RECORD, at_issue=None, amended_at=FIRST.issued_at + 1)
    judged = found(record)
    assert (judged.outcome, judged.fields) == (Outcome.OVERTAKEN, ())
    assert found(replace(record, amended_at=FIRST.issued_at)).outcome is Outcome.VALID


def test_an_annotation_since_issue_does_not_overtake() -> None:
    """A limit recorded later leaves the certificate valid."""
    now = replace(FACTS, annotations=())
    assert found(replace(RECORD, now=now)).outcome is Outcome.VALID


def test_a_certificate_is_not_yet_one_before_its_issue() -> None:
    """Asked about a time before, the ledger had no such certificate."""
    before = replace(RECORD.moment, time=FIRST.issued_at - 1)
    assert outcome(replace(RECORD, moment=before)) == (Outcome.NOT_YET, 7)


@pytest.mark.parametrize(
    ("altered", "field"),
    [
        (replace(SAMPLE, code="SJ4402026110002"), "credentialSubject.code"),
        (replace(SAMPLE, version=2), "credentialSubject.version"),
        (replace(SAMPLE, content_root=b"\0" * 32), "credentialSubject.contentRoot"),
        (replace(SAMPLE, metadata_hash=b"\0" * 32), "credentialSubject.metadataHash"),
        (replace(SAMPLE, holders=SAMPLE.holders[:1]), "credentialSubject.holders"),
        (replace(SAMPLE, annotations=()), "credentialSubject.annotations"),
        (replace(SAMPLE, evidence=None), "credentialSubject.evidence"),
        (replace(SAMPLE, valid_until=ISSUED + 9_999 * DAY), "validUntil"),
        (replace(SAMPLE, valid_from=1_700_000_000), "validFrom"),
        (replace(SAMPLE, issuer=replace(SAMPLE.issuer, party=PartyId.of(5))), "issuer.id"),
        (replace(SAMPLE, issuer=replace(SAMPLE.issuer, number=5)), "issuer.number"),
        (replace(SAMPLE, block=replace(SAMPLE.block, hash=b"\0" * 32)), "asOf.blockHash"),
        (
            replace(SAMPLE, status=replace(STATUS, certificates=Address(b"\4" * 20))),
            "credentialStatus.certificates",
        ),
        (replace(SAMPLE, status=replace(STATUS, chain_id=1)), "credentialStatus.chainId"),
        (replace(SAMPLE, status=replace(STATUS, number=7)), "credentialStatus.number"),
    ],
)
def test_what_was_altered_is_named(altered: Certificate, field: str) -> None:
    """Each fact that the ledger knows is found by its path."""
    judged = found(certificate=altered)
    assert judged.outcome is Outcome.ALTERED
    assert field in judged.fields
    assert judged.outcome.exit_code == 5


@pytest.mark.parametrize(
    "altered",
    [
        replace(SAMPLE, data_name="另一数据集"),
        replace(SAMPLE, summary=None),
        replace(SAMPLE, local=False),
        replace(SAMPLE, issuer=replace(SAMPLE.issuer, name="某中心")),
        replace(SAMPLE, holders=(replace(SAMPLE.holders[0], name="某公司"), SAMPLE.holders[1])),
    ],
)
def test_words_that_only_the_digest_holds_are_found_too(altered: Certificate) -> None:
    """A changed name is found; which word it was, the ledger cannot say."""
    judged = found(certificate=altered)
    assert (judged.outcome, judged.fields, judged.compared) == (Outcome.ALTERED, (), True)


def test_the_number_of_another_certificate_is_found() -> None:
    """A certificate that takes the number of another one is altered, not that one."""
    other = replace(SAMPLE, status=replace(STATUS, number=2))
    assert found(replace(RECORD, entries=(FIRST, SECOND)), other).outcome is Outcome.ALTERED


def test_a_page_or_code_that_says_otherwise_is_altered() -> None:
    """The digest may be right and the words beside it not."""
    assert found(faults=("page",)).fields == ("page",)
    assert found(faults=("page",)).outcome is Outcome.ALTERED
    reference = replace(Reference.to(SAMPLE), code="SJ4402026119999")
    assert judge(reference, None, RECORD).fields == ("credentialSubject.code",)
    elsewhere = replace(Reference.to(SAMPLE), chain_id=5)
    assert judge(elsewhere, None, RECORD).outcome is Outcome.ALTERED


def test_a_registrar_that_certified_what_is_not_so_is_contradicted() -> None:
    """The record outranks even a certificate whose digest is on the ledger."""
    lie = replace(SAMPLE, holders=SAMPLE.holders[:1])
    entry = replace(FIRST, digest=Reference.to(lie).digest)
    judged = found(replace(RECORD, entries=(entry,)), lie)
    assert judged.outcome is Outcome.CONTRADICTED
    assert judged.fields == ("credentialSubject.holders",)
    assert judged.outcome.exit_code == 5


def test_without_old_state_the_digest_still_decides() -> None:
    """Where the block of issue can no longer be read, it is said that less was compared."""
    record = replace(RECORD, at_issue=None)
    judged = found(record)
    assert (judged.outcome, judged.compared) == (Outcome.VALID, False)
    altered = found(record, replace(SAMPLE, data_name="x"))
    assert (altered.outcome, altered.compared) == (Outcome.ALTERED, False)


def test_what_this_ledger_does_not_know_is_told_apart() -> None:
    """Another chain, no record, no certificate yet, and no registrar are four answers."""
    nothing = replace(RECORD, product=None, entries=(), at_issue=None, now=None)
    elsewhere = replace(SAMPLE, status=replace(STATUS, chain_id=1))
    sibling = replace(SAMPLE, status=replace(STATUS, directory=Address(b"\4" * 20)))
    assert outcome(nothing) == (Outcome.UNKNOWN, 7)
    assert outcome(nothing, elsewhere) == (Outcome.OTHER_CHAIN, 4)
    assert outcome(nothing, sibling) == (Outcome.OTHER_CHAIN, 4)
    assert outcome(replace(nothing, admitted=False)) == (Outcome.NOT_ADMITTED, 7)
    assert outcome(replace(RECORD, entries=())) == (Outcome.UNKNOWN, 7)
    assert outcome(replace(RECORD, entries=(), admitted=False)) == (Outcome.NOT_ADMITTED, 7)


@pytest.mark.parametrize(
    ("record", "number"),
    [
        (replace(RECORD, product=None, entries=(), now=None, admitted=False), 1),
        (replace(RECORD, entries=()), 1),
        (RECORD, 2),
    ],
    ids=["no product", "no certificate", "one before it"],
)
def test_of_a_block_that_the_node_has_not_nothing_is_said(record: Record, number: int) -> None:
    """Whatever it lacks else, a paper of a later block is undecidable; one at odds is altered."""
    ahead = replace(record, at_issue=None, ahead=True)
    paper = replace(SAMPLE, status=replace(STATUS, number=number))
    assert outcome(ahead, paper) == (Outcome.AHEAD, 4)
    assert not found(ahead, paper).compared
    assert found(ahead, paper, faults=("page",)).outcome is Outcome.ALTERED
    sibling = replace(paper, status=replace(STATUS, directory=Address(b"\4" * 20)))
    assert found(ahead, sibling).outcome is not Outcome.AHEAD


def test_a_number_that_is_given_is_known_whatever_block_is_named() -> None:
    """A paper under the number of another is altered, and what is on record is valid."""
    ahead = replace(RECORD, at_issue=None, ahead=True)
    assert found(ahead).outcome is Outcome.VALID
    assert outcome(ahead, replace(SAMPLE, data_name="x")) == (Outcome.ALTERED, 5)


def test_the_end_of_the_registrars_office_changes_nothing() -> None:
    """Whatever became of its office, what a registrar certified stays certified."""
    assert found(replace(RECORD, admitted=False)).outcome is Outcome.VALID


def test_every_outcome_has_its_exit_code() -> None:
    """The table of exit codes is complete."""
    assert {one.exit_code for one in Outcome} == {0, 1, 4, 5, 6, 7}


def test_the_record_makes_the_same_certificate_again() -> None:
    """Composed of the facts at issue, with its own words, the certificate is what it was."""
    made = composed(FACTS, SAMPLE, place=PLACE, product=SAMPLE.product, number=1)
    assert made == SAMPLE


@given(st.integers(0, len(SAMPLE.canonical()) - 1), st.integers(1, 255))
def test_no_changed_byte_is_judged_valid(place: int, change: int) -> None:
    """However one byte of the JSON is changed, the answer is not that it is valid."""
    altered = bytearray(SAMPLE.canonical())
    altered[place] ^= change
    try:
        read = from_json(bytes(altered))
    except CertificateUnreadable:
        return
    reference = replace(
        Reference.to(read), digest=Reference.to(read).digest if read != SAMPLE else b"\0" * 24
    )
    assert not judge(reference, read, RECORD).good
    assert json.loads(bytes(altered)) is not None
