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


@given(CALLS, st.text(min_size=1), st.binary(max_size=64))
def test_the_words_of_a_wish_stand_for_its_data(call: Call, words: str, data: bytes) -> None:
    """Asked for in the same words it is the same wish with other data, and another in others."""
    said = dataclasses.replace(call, wish=words)
    assert dataclasses.replace(said, data=data).key == said.key
    assert dataclasses.replace(said, wish=words + "!").key != said.key
    assert call.key != said.key


def test_only_the_function_of_a_said_wish_must_be_the_same() -> None:
    """A transaction stands for a call of its data; for a said one of its function's selector."""
    call = Call(to=Address(b"\x01" * 20), data=b"abcdone")
    said = dataclasses.replace(call, wish="w")
    other = (b"\x01" * 20, 0, b"abcdtwo")
    assert said.stands(*other)
    assert not call.stands(*other)
    assert not said.stands(b"\x01" * 20, 0, b"xbcdone")
    assert not said.stands(b"\x01" * 20, 1, b"abcdone")
    assert not said.stands(b"\x02" * 20, 0, b"abcdone")


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
        Notice(code="transactions-adopted", fields={"count": 2, "named": "issue 0xcc"}),
        Notice(code="transactions-finished", fields={"count": 2, "named": "fund 0xdd"}),
        Notice(code="transactions-undone", fields={"count": 2, "named": "fund 0xee"}),
    ],
)
def test_every_notice_has_a_sentence(notice: Notice, lang: str) -> None:
    """What the sender tells is in the catalogue of each language, with its fields."""
    sentence = messages.text(f"cli.notice.{notice.code}", lang, **notice.fields)
    assert all(str(value) in sentence for value in notice.fields.values())
