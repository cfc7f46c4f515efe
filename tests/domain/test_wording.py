"""Test that terms are said in plain words, whole, in both languages."""

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import messages
from registry.domain.clauses import Clauses, Price, Quota, Window
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.meanings import meanings
from registry.domain.vocabulary import (
    Action,
    DerivedRights,
    Environment,
    Form,
    Mode,
    Obligation,
    PriceModel,
    Purpose,
    QuotaUnit,
    Right,
    SubDelegation,
    Template,
)
from registry.domain.wording import sentences
from tests import strategies

PLAIN = Clauses(
    product=ProductId(b"\1" * 20),
    grantor=PartyId.of(1),
    grantee=PartyId.of(2),
    actions=Action.READ,
    purposes=Purpose.RESEARCH,
)
OTHERWISE = {
    "product": ProductId(b"\2" * 20),
    "grantor": PartyId.of(3),
    "grantee": PartyId.of(4),
    "actions": Action.READ | Action.TRAIN,
    "purposes": Purpose.RESALE,
    "rights": Right.HOLD,
    "version": 7,
    "window": Window(start=1_790_000_000, until=1_800_000_000),
    "quota": Quota(unit=QuotaUnit.CALL, total=10_000, per_period=100, period=3_600),
    "environment": Environment.TEE,
    "territory": (156_410_000,),
    "obligations": Obligation.WATERMARK,
    "sub_delegation": SubDelegation.CONSENT,
    "derived_rights": DerivedRights.JOINT,
    "notice_days": 30,
    "price": Price(model=PriceModel.METERED, currency=156, unit=80, cap=100),
    "form": Form.TWO_SIDED,
    "template": Template.PROVISION,
    "mode": Mode.SCENARIO,
    "offer_until": 1_795_000_000,
    "acceptance_days": 10,
    "service_party": PartyId.of(5),
    "replaces": GrantId(b"\3" * 32),
    "text": b"\4" * 32,
    "agreement": b"\5" * 32,
    "scope": b"\6" * 32,
    "filing": b"\7" * 32,
    "salt": 99,
}


def said(clauses: Clauses, lang: str) -> str:
    """Return all sentences as one text."""
    return "\n".join("\n".join((one.text, *one.items)) for one in sentences(clauses, lang))


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("field", OTHERWISE)
def test_every_clause_is_said(field: str, lang: str) -> None:
    """Terms that differ in any one clause are said differently."""
    changed = {field: OTHERWISE[field]} | ({"depth": 1} if field == "sub_delegation" else {})
    assert said(replace(PLAIN, **changed), lang) != said(PLAIN, lang)  # type: ignore[arg-type]


def test_no_clause_is_left_out_of_this_test() -> None:
    """Every field of clauses has another value above; depth comes with sub-delegation."""
    assert {one.name for one in fields(Clauses)} == {*OTHERWISE, "depth"}


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_words_come_with_their_exact_meaning(lang: str) -> None:
    """Each action, purpose, right and duty is said with the sentence that defines it."""
    everything = replace(
        PLAIN,
        actions=Action.ALL,
        purposes=Purpose.ALL,
        rights=Right.ALL,
        obligations=Obligation.ALL,
        environment=Environment.ALL,
    )
    text = said(everything, lang)
    for kind in (Action, Purpose, Right, Obligation, Environment):
        for meaning in meanings(kind, lang):
            assert meaning.name in text
            assert meaning.definition in text


@given(strategies.clauses(), st.sampled_from(messages.LANGUAGES))
def test_any_terms_can_be_said(clauses: Clauses, lang: str) -> None:
    """Whatever can be held can be said, with its parties, its product and its salt."""
    text = said(clauses, lang)
    for part in (clauses.grantor, clauses.grantee, clauses.product, clauses.salt):
        assert str(part) in text
    assert "{" not in text


def test_says_when_how_much_and_for_what_price() -> None:
    """Times, amounts and prices stand in words and numbers that a person reads."""
    text = said(replace(PLAIN, **{k: OTHERWISE[k] for k in ("window", "quota", "price")}), "en")  # type: ignore[arg-type]
    assert "Before 2027-01-15 08:00:00 UTC." in text
    assert "At most 10000 calls in all." in text
    assert "At most 100 calls in each 1 hour." in text
    assert "0.80 (in the currency of ISO 4217 number 156" in text


def test_chinese_is_chinese() -> None:
    """The Chinese wording has no English word besides ids, codes and units."""
    text = said(replace(PLAIN, actions=Action.ALL, purposes=Purpose.ALL), "zh")
    rest = re.sub(r"(party|product)1\w+", "", text)
    assert not re.search(r"[a-z]{4,}", rest)
