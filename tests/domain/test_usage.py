"""Receipts of use as they travel: one text, no other value accepted, and what may follow what."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.agreement_operations import Approval
from registry.domain.ids import Address, GrantId
from registry.domain.signing import UsageReceipt
from registry.domain.usage import LONGEST_TEXT, Settled, SignedReceipt, following
from registry.domain.vocabulary import Action, Purpose
from registry.errors import ReceiptMalformed, ReceiptNotNext
from tests import strategies

U32, U40, U64 = 2**32 - 1, 2**40 - 1, 2**64 - 1

purposes = st.integers(1, Purpose.ALL).map(Purpose)
actions = st.integers(1, Action.ALL).map(Action)
receipts = st.builds(
    UsageReceipt,
    grant=strategies.grants,
    cumulative=st.integers(0, U64),
    sequence=st.integers(0, U32),
    purpose=purposes,
    action=actions,
    at=st.integers(0, U40),
)
signatures = st.builds(
    Approval,
    signer=strategies.addresses,
    signature=st.binary(min_size=1, max_size=200),
)
signed_receipts = st.builds(
    SignedReceipt,
    chain_id=st.integers(0, U64),
    meter=strategies.addresses,
    receipt=receipts,
    grantor=st.none() | signatures,
    grantee=st.none() | signatures,
)


def a_receipt(sequence: int = 1, cumulative: int = 1) -> UsageReceipt:
    """Return a receipt with this number and sum."""
    return UsageReceipt(
        grant=GrantId.of(7),
        cumulative=cumulative,
        sequence=sequence,
        purpose=Purpose.RESEARCH,
        action=Action.QUERY,
        at=1_750_000_000,
    )


def signed() -> SignedReceipt:
    """Return a receipt that the grantee has signed."""
    return SignedReceipt(
        chain_id=31337,
        meter=Address.of(9),
        receipt=a_receipt(),
        grantee=Approval(signer=Address.of(5), signature=bytes(65)),
    )


@given(signed_receipts)
def test_a_receipt_is_read_back_from_its_text_and_its_header(value: SignedReceipt) -> None:
    """Both forms of a receipt give the same receipt again."""
    assert SignedReceipt.parse(value.text()) == value
    assert SignedReceipt.parse(value.header()) == value


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("format", "dengji-receipt/2", "other-format"),
        ("chainId", "-1", "out-of-range"),
        ("chainId", "9" * 300, "out-of-range"),
        ("cumulative", str(2**64), "out-of-range"),
        ("cumulative", 1.5, "out-of-range"),
        ("cumulative", True, "out-of-range"),
        ("sequence", 2**32, "out-of-range"),
        ("at", None, "out-of-range"),
        ("grant", "grant1qqqq", "mistyped"),
        ("grant", 7, "mistyped"),
        ("meter", "0x00", "mistyped"),
        ("purpose", "RESALES", "unknown-word"),
        ("purpose", "ALL", "unknown-word"),
        ("action", "QUERY|READ", "unknown-word"),
        ("action", "READ|READ", "unknown-word"),
        ("action", "", "unknown-word"),
        ("grantee", {"signer": str(Address.of(5))}, "incomplete"),
        ("grantee", {"signer": str(Address.of(5)), "signature": "0xzz"}, "bad-signature"),
        ("grantee", {"signer": str(Address.of(5)), "signature": ""}, "bad-signature"),
        ("grantee", {"signer": "me", "signature": "0x00"}, "mistyped"),
        ("more", 1, "unknown-field"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object, problem: str) -> None:
    """One wrong field of a receipt is refused by its name."""
    plain = json.loads(signed().text()) | {field: value}
    with pytest.raises(ReceiptMalformed) as refused:
        SignedReceipt.parse(json.dumps(plain))
    assert (refused.value.field, refused.value.problem) == (field, problem)


@pytest.mark.parametrize("field", sorted(json.loads(signed().text()).keys() - {"grantee"}))
def test_a_missing_field_is_named(field: str) -> None:
    """A receipt that lacks a field is refused by the field's name."""
    plain = json.loads(signed().text())
    del plain[field]
    with pytest.raises(ReceiptMalformed) as refused:
        SignedReceipt.parse(json.dumps(plain))
    assert (refused.value.field, refused.value.problem) == (field, "missing")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not-json"),
        ("{", "not-json"),
        ("!!!", "not-base64url"),
        ("W10", "not-json-object"),
        ("{" + " " * LONGEST_TEXT, "too-long"),
        ("/" * 8, "not-base64url"),
        ("{" * 3000, "not-json"),
    ],
)
def test_what_is_no_receipt_is_refused(text: str, problem: str) -> None:
    """Text that is no receipt at all is refused with one reason."""
    with pytest.raises(ReceiptMalformed) as refused:
        SignedReceipt.parse(text)
    assert refused.value.problem == problem


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_random_text_is_refused_in_one_way(text: str) -> None:
    """Whatever text comes, it is a receipt or refused as none."""
    with pytest.raises(ReceiptMalformed):
        SignedReceipt.parse(text)


@given(receipts, receipts)
def test_what_follows_rises_in_number_and_falls_in_no_sum(
    last: UsageReceipt, receipt: UsageReceipt
) -> None:
    """A receipt follows another exactly where its number rises and its sum does not fall."""
    may = receipt.sequence > last.sequence and receipt.cumulative >= last.cumulative
    if may:
        assert following(last, receipt) == receipt.cumulative - last.cumulative
    else:
        with pytest.raises(ReceiptNotNext):
            following(last, receipt)


@given(settled=receipts, receipt=receipts, same_number=st.booleans(), same_sum=st.booleans())
def test_what_is_settled_includes_what_says_no_more(
    settled: UsageReceipt, receipt: UsageReceipt, *, same_number: bool, same_sum: bool
) -> None:
    """A receipt is part of what is settled where neither its number nor its sum goes beyond."""
    if same_number:
        receipt = replace(receipt, sequence=settled.sequence)
    if same_sum:
        receipt = replace(receipt, cumulative=settled.cumulative)
    stands = Settled(cumulative=settled.cumulative, sequence=settled.sequence, at=settled.at)
    beyond = receipt.sequence > stands.sequence or receipt.cumulative > stands.cumulative
    assert stands.includes(receipt) is (stands.sequence > 0 and not beyond)
    assert not Settled().includes(receipt)


def test_the_first_receipt_has_a_number_above_zero() -> None:
    """Before the first receipt number and sum are zero."""
    assert following(None, a_receipt(1, 10)) == 10
    with pytest.raises(ReceiptNotNext):
        following(None, a_receipt(0, 10))
