"""Calls name their wishes, and notices have their sentences."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import messages
from registry.chain.calls import Call, Notice
from registry.domain.ids import Address

ADDRESSES = st.binary(min_size=20, max_size=20).map(Address)
CALLS = st.builds(
    Call,
    to=st.none() | ADDRESSES,
    data=st.binary(max_size=64),
    value=st.integers(0, 2**256 - 1),
    purpose=st.sampled_from(["register", "issue"]),
)


@given(CALLS, CALLS)
def test_a_derived_intent_tells_calls_apart(one: Call, other: Call) -> None:
    """Two calls have the same intent only if purpose, target, value and data are the same."""
    assert (one.key == other.key) == (one == other)


@given(CALLS)
def test_a_given_intent_is_kept_and_gas_is_no_part_of_a_derived_one(call: Call) -> None:
    """The caller's own name for a wish stands; the gas limit does not make it another wish."""
    assert dataclasses.replace(call, intent="mine").key == "mine"
    assert dataclasses.replace(call, gas=1).key == call.key


def test_a_creation_is_not_a_call_of_the_address_in_its_data() -> None:
    """Target and data are told apart even where their bytes together are the same."""
    raw = b"\x01" * 20
    created, called = Call(to=None, data=raw), Call(to=Address(raw))
    assert created.key != called.key


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize(
    "notice",
    [
        Notice(code="account-waits", fields={"address": "0xaa"}),
        Notice(code="transactions-resent", fields={"count": 2}),
        Notice(code="transactions-reorganised", fields={"count": 1}),
        Notice(code="transaction-replaced", fields={"transaction": "0xbb", "fee": "7"}),
        Notice(code="nonce-refilled", fields={"nonce": 4}),
    ],
)
def test_every_notice_has_a_sentence(notice: Notice, lang: str) -> None:
    """What the sender tells is in the catalogue of each language, with its fields."""
    sentence = messages.text(f"cli.notice.{notice.code}", lang, **notice.fields)
    assert all(str(value) in sentence for value in notice.fields.values())
