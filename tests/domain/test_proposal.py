"""Test proposals: who signs what, what their file holds, and that no change goes unseen."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain.clauses import Clauses
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.proposal import FullText, Kind, Offer, Over, Proposal, agreed
from registry.domain.proposal_file import dump, load
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import Action, Form, Purpose
from registry.errors import (
    ClauseRefused,
    InvalidInputError,
    ProposalMalformed,
    ProposalTampered,
    SignerUninvolved,
)
from tests.proposals import proposals, sign

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "proposal.schema.json").read_bytes())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

A, B, C = PartyId.of(1), PartyId.of(2), PartyId.of(3)
DOMAIN = SigningDomain(chain_id=31_337, verifying_contract=Address(b"\7" * 20))
TERMS = Clauses(
    product=ProductId(b"\1" * 20),
    grantor=A,
    grantee=B,
    actions=Action.READ,
    purposes=Purpose.RESEARCH,
    form=Form.TWO_SIDED,
    offer_until=1_800_000_000,
)
PROPOSAL = Proposal(
    domain=DOMAIN, kind=Kind.TWO_SIDED, offer=Offer(clauses=(TERMS,), by=A, time=1_790_000_000)
)


def changed(raw: bytes, *keys: str | int, to: Any) -> bytes:  # noqa: ANN401 (whatever JSON holds)
    """Return the file with one value replaced, canonical again."""
    document = json.loads(raw)
    inner = document
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = to
    return rfc8785.dumps(document) + b"\n"


@SLOW
@given(proposals())
def test_a_file_gives_the_proposal_back(proposal: Proposal) -> None:
    """What was written is read back, and fits the published schema."""
    raw = dump(proposal)
    VALIDATOR.validate(json.loads(raw))
    assert load(raw) == proposal
    assert dump(load(raw)) == raw


@SLOW
@given(proposals(), st.data())
def test_no_change_goes_unseen(proposal: Proposal, data: st.DataObject) -> None:
    """A change of any value is refused, or read as another proposal with another file."""
    raw = dump(proposal)
    document = json.loads(raw)
    places = list(_leaves(document, ()))
    place = data.draw(st.sampled_from(places))
    inner = document
    for key in place[:-1]:
        inner = inner[key]
    old = inner[place[-1]]
    inner[place[-1]] = data.draw(
        st.sampled_from([None, "x", 0, 1, True, [], {}, "0x00", -1, 1.5]).filter(lambda v: v != old)
    )
    altered = rfc8785.dumps(document) + b"\n"
    try:
        other = load(altered)
    except (ProposalMalformed, ProposalTampered, ClauseRefused):
        return
    assert other != proposal
    assert dump(other) == altered


def _leaves(value: Any, at: tuple[Any, ...]) -> Any:  # noqa: ANN401 (a walk through JSON)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*at, key))
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value):
            yield from _leaves(inner, (*at, place))
    else:
        yield at


@pytest.mark.parametrize(
    ("keys", "to"),
    [
        (("offer", "grants", 0, "clauses", "salt"), "5"),
        (("offer", "grants", 0, "clauses", "actions"), ["READ", "TRAIN"]),
        (("offer", "grants", 0, "clauses", "grantee"), str(C)),
        (("offer", "grants", 0, "clauses", "offer_until"), "2030-01-01T00:00:00Z"),
        (("domain", "chain_id"), 1),
        (("domain", "grants"), str(Address(b"\x08" * 20))),
        (("offer", "digest"), "0x" + "00" * 32),
        (("offer", "answers"), "0x" + "00" * 32),
    ],
)
def test_changed_terms_are_found_out(keys: tuple[str | int, ...], to: object) -> None:
    """Terms that do not come to the digests stated beside them are refused as tampered with."""
    with pytest.raises(ProposalTampered):
        load(changed(dump(PROPOSAL), *keys, to=to))


@pytest.mark.parametrize(
    ("keys", "to", "where", "reason"),
    [
        (("format",), "dengji-proposal/2", "/format", "proposal-format"),
        (("kind",), "three-sided", "/kind", "proposal-word"),
        (("kind",), "sub-grant", "/path", "proposal-path"),
        (("extra",), 1, "/extra", "proposal-unknown-key"),
        (("offer",), [], "/offer", "proposal-not-object"),
        (("texts",), {}, "/texts", "proposal-not-list"),
        (("offer", "grants"), [], "/offer/grants", "proposal-count"),
        (("domain", "chain_id"), "1", "/domain/chain_id", "proposal-not-integer"),
        (("domain", "chain_id"), True, "/domain/chain_id", "proposal-not-integer"),
        (("domain", "grants"), "0x07", "/domain/grants", "proposal-not-address"),
        (("offer", "time"), "2026-11-22", "/offer/time", "proposal-not-time"),
        (("offer", "by"), "party1x", "/offer/by", "proposal-not-party"),
        (("offer", "by"), str(C), "/offer/by", "proposal-uninvolved"),
        (("offer", "digest"), 5, "/offer/digest", "proposal-not-text"),
        *(
            (("offer", "grants", 0, "clauses", key), to, f"/offer/grants/0/clauses/{key}", reason)
            for key, to, reason in (
                ("actions", "READ", "proposal-not-list"),
                ("territory", [0.5], "proposal-not-integer"),
                ("salt", 5, "proposal-not-text"),
                ("salt", "05", "proposal-not-amount"),
                ("salt", "x", "proposal-not-amount"),
                ("text", "0xAB", "proposal-not-hex"),
                ("text", "0xab", "proposal-length"),
                ("form", "one-sided", "proposal-word"),
                ("product", str(A), "proposal-not-product"),
            )
        ),
    ],
)
def test_bad_input_is_named(
    keys: tuple[str | int, ...], to: object, where: str, reason: str
) -> None:
    """A value that cannot be is refused with its place and what is wrong."""
    with pytest.raises(InvalidInputError) as caught:
        load(changed(dump(PROPOSAL), *keys, to=to))
    assert isinstance(caught.value, ProposalMalformed)
    assert (caught.value.where.removesuffix("/0"), caught.value.reason) == (where, reason)


@pytest.mark.parametrize(
    ("proposal", "reason"),
    [
        (
            replace(PROPOSAL, offer=replace(PROPOSAL.offer, clauses=(replace(TERMS, form=form),))),
            "proposal-form",
        )
        for form in (Form.ONE_SIDED, Form.JOINT)
    ],
)
def test_the_form_is_that_of_the_kind(proposal: Proposal, reason: str) -> None:
    """Terms of another form than the kind of proposal agrees on are refused."""
    with pytest.raises(ProposalMalformed) as caught:
        load(dump(proposal))
    assert caught.value.reason == reason


@pytest.mark.parametrize("words", [["QUERY", "READ"], ["READ", "READ"]])
def test_a_mask_has_one_form(words: list[str]) -> None:
    """Words out of order or double are refused, since they would say the same in two ways."""
    raw = changed(dump(PROPOSAL), "offer", "grants", 0, "clauses", "actions", to=words)
    with pytest.raises(ProposalMalformed) as caught:
        load(raw)
    assert caught.value.reason == "proposal-order"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"\xff", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b'{"a": 1}', "proposal-not-canonical"),
        (b'{"a":1,"a":2}\n', "proposal-not-canonical"),
        (b" " * (1 << 21), "proposal-too-long"),
        (b"5\n", "proposal-not-object"),
        (b"{}\n", "proposal-missing"),
    ],
)
def test_what_is_no_proposal_is_refused(raw: bytes, reason: str) -> None:
    """Whatever is no canonical JSON object is refused with one clear error."""
    with pytest.raises(ProposalMalformed) as caught:
        load(raw)
    assert caught.value.reason == reason


def test_both_sides_sign_in_either_order() -> None:
    """Whoever signs first, the file is the same once both have signed."""
    assert [party for party, _ in PROPOSAL.missing] == [A, B]
    first = sign(sign(PROPOSAL, A), B)
    assert first.missing == ()
    assert dump(first) == dump(sign(sign(PROPOSAL, B), A))


def signature(**to: object) -> dict[str, object]:
    """Return a signature of the offer as its file has it, with values replaced."""
    (given,) = json.loads(dump(sign(PROPOSAL, A)))["offer"]["signatures"]
    return {**given, **to}


@pytest.mark.parametrize(
    ("signatures", "where", "reason"),
    [
        ([signature(over="price")], "/offer/signatures/0/over", "proposal-word"),
        ([signature(over="consent")], "/offer/signatures/0/party", "proposal-uninvolved"),
        ([signature(party=str(C))], "/offer/signatures/0/party", "proposal-uninvolved"),
        ([signature(), signature()], "/offer/signatures", "proposal-twice"),
        ([signature()] * 3, "/offer/signatures", "proposal-count"),
    ],
)
def test_only_the_sides_sign_and_once(
    signatures: list[dict[str, object]], where: str, reason: str
) -> None:
    """A stranger's signature, one over something else, and a second one are refused."""
    with pytest.raises(ProposalMalformed) as caught:
        load(changed(dump(PROPOSAL), "offer", "signatures", to=signatures))
    assert (caught.value.where, caught.value.reason) == (where, reason)


def test_a_text_that_nothing_names_is_refused() -> None:
    """A file that opens a text of no terms is refused, as nobody could tell what it belongs to."""
    text = FullText(digest=b"\5" * 32, salt=b"\6" * 16, name="terms.pdf")
    with pytest.raises(ProposalMalformed) as caught:
        load(dump(replace(PROPOSAL, texts=(text,))))
    assert (caught.value.where, caught.value.reason) == ("/texts/0", "proposal-text")


def test_a_stranger_has_nothing_to_sign() -> None:
    """A party that is neither side is told who may sign."""
    with pytest.raises(SignerUninvolved) as caught:
        PROPOSAL.asked(C)
    assert caught.value.parties == [str(A), str(B)]


def test_a_counter_offer_names_what_it_answers() -> None:
    """A counter-offer drops all signatures, keeps the earlier offer, and names its digest."""
    signed = sign(PROPOSAL, A)
    other = replace(TERMS, notice_days=30)
    countered = signed.countered((other,), by=B, time=1_790_000_100)
    assert countered.offer.answers == PROPOSAL.digest
    assert countered.offer.signatures == ()
    assert countered.history == (signed.offer,)
    assert load(dump(countered)) == countered


def test_a_forged_history_is_found_out() -> None:
    """An earlier offer that is left out or changed breaks what the next one answers."""
    countered = PROPOSAL.countered((replace(TERMS, notice_days=30),), by=B, time=1_790_000_100)
    with pytest.raises(ProposalTampered):
        load(changed(dump(countered), "history", to=[]))


def test_joint_grants_share_one_agreement() -> None:
    """Each grant carries the hash of all, each party signs once, and a changed one is found out."""
    three = agreed(
        Kind.JOINT,
        tuple(
            replace(TERMS, form=Form.JOINT, grantor=one, grantee=other)
            for one, other in ((A, B), (B, C), (C, A))
        ),
    )
    made = Proposal(domain=DOMAIN, kind=Kind.JOINT, offer=Offer(clauses=three, by=A, time=1))
    assert {one.agreement for one in three} == {three[0].agreement}
    assert made.needed == ((A, Over.OFFER), (B, Over.OFFER), (C, Over.OFFER))
    assert load(dump(made)) == made
    with pytest.raises(ProposalTampered):
        load(changed(dump(made), "offer", "grants", 1, "clauses", "salt", to="9"))


@SLOW
@given(proposals((Kind.SUB_GRANT,)))
def test_another_path_is_another_proposal(proposal: Proposal) -> None:
    """A path with a grant more above it comes to other ids than the file states."""
    assert proposal.path is not None
    above = ["0x" + one.hex() for one in (b"\1" * 32, *proposal.path.above)]
    with pytest.raises(ProposalTampered):
        load(changed(dump(proposal), "path", "above", to=above))


def test_the_schema_is_fresh() -> None:
    """What is published is what the generator writes."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.gen_schemas", "--check"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout) == (0, "")
