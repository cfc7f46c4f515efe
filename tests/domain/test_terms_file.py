"""Test terms that a person writes in TOML."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from registry.domain import terms_file
from registry.domain.clauses import Clauses, Price, Quota, Window
from registry.domain.ids import PartyId, ProductId
from registry.domain.vocabulary import (
    Action,
    DerivedRights,
    Form,
    Obligation,
    PriceModel,
    Purpose,
    QuotaUnit,
    Template,
)
from registry.errors import ClauseRefused, TemplateMalformed

NOW = 1_795_305_600
DAY = 86_400
PRODUCT, A, B = ProductId(b"\1" * 20), PartyId.of(1), PartyId.of(2)
ONE = f"""
[clauses]
product = "{PRODUCT}"
grantor = "{A}"
grantee = "{B}"
actions = "read,query"
purposes = ["RESEARCH"]
"""


def read(text: str, **given: Any) -> tuple[Clauses, ...]:  # noqa: ANN401 (keys of clauses)
    """Return the clauses of a file, salts counted from 0."""
    salts = count()
    document = terms_file.parse(text, file="t.toml")
    return terms_file.build(
        document, file="t.toml", now=NOW, salts=lambda: next(salts), given=given
    )


def test_plain_terms() -> None:
    """What is left out is not agreed; words may be a text or a list, in either case."""
    assert read(ONE) == (
        Clauses(
            product=PRODUCT,
            grantor=A,
            grantee=B,
            actions=Action.READ | Action.QUERY,
            purposes=Purpose.RESEARCH,
            form=Form.TWO_SIDED,
        ),
    )


def test_times_amounts_and_prices() -> None:
    """A duration counts from now, that of an end from the start; amounts may be numbers."""
    text = ONE + (
        'valid_from = "1d"\nvalid_until = "30d"\noffer_until = "7d"\n'
        'quota = {unit = "CALL", total = 100, per_period = 10, period = 60}\n'
        'price = {model = "METERED", unit_price = 80, cap_price = 100}\n'
    )
    (one,) = read(text)
    assert one.window == Window(start=NOW + DAY, until=NOW + 31 * DAY)
    assert one.offer_until == NOW + 7 * DAY
    assert one.quota == Quota(unit=QuotaUnit.CALL, total=100, per_period=10, period=60)
    assert one.price == Price(model=PriceModel.METERED, currency=156, unit=80, cap=100)


def test_several_grants_from_a_template() -> None:
    """Each grant has what is common, then its own; the template gives what neither says."""
    text = f"""
template = "fusion"
[clauses]
offer_until = "14d"
text = "0x{"ab" * 32}"
obligations = ["ATTRIBUTE"]
[[grants]]
product = "{PRODUCT}"
grantor = "{A}"
grantee = "{B}"
[[grants]]
product = "{PRODUCT}"
grantor = "{B}"
grantee = "{A}"
notice_days = 7
"""
    one, two = read(text)
    assert (one.grantor, two.grantor) == (A, B)
    assert (one.notice_days, two.notice_days) == (30, 7)
    assert (one.salt, two.salt) == (0, 1)
    for each in (one, two):
        assert (each.form, each.template) == (Form.JOINT, Template.FUSION)
        assert each.derived_rights is DerivedRights.JOINT
        assert each.obligations == Obligation.ATTRIBUTE


def test_what_is_given_stands_above() -> None:
    """What the command line says counts more than what the file says."""
    (one,) = read(ONE + "notice_days = 5\n", notice_days=9, actions=["TRAIN"])
    assert (one.notice_days, one.actions) == (9, Action.TRAIN)


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("x = ", "/", "not-toml"),
        ("extra = 1", "extra", "proposal-unknown-key"),
        ('template = "lease"', "template", "proposal-word"),
        ("grants = []", "grants", "proposal-count"),
        ("grants = 5", "grants", "proposal-count"),
        ("clauses = 5", "clauses", "proposal-not-object"),
        (ONE + "extra = 1", "grants/0/extra", "proposal-unknown-key"),
        (ONE + 'valid_until = "soon"', "grants/0/valid_until", "proposal-not-time"),
        (ONE + 'obligations = ["PRAY"]', "grants/0/obligations", "proposal-word"),
        (ONE + "territory = 5", "grants/0/territory", "proposal-not-list"),
        (ONE + 'quota = {unit = "CALL"}', "grants/0/quota/total", "proposal-missing"),
        (ONE + 'mode = "most"', "grants/0/mode", "proposal-word"),
    ],
)
def test_bad_input_is_named(text: str, where: str, reason: str) -> None:
    """A file that cannot be used is refused with the key and what is wrong with it."""
    with pytest.raises(TemplateMalformed) as caught:
        read(text)
    assert caught.value.file == "t.toml"
    assert (caught.value.where, caught.value.reason.partition(":")[0]) == (where, reason)


def test_clauses_that_cannot_be_are_refused_by_name() -> None:
    """What is well written and yet no clause is refused by the clause."""
    with pytest.raises(ClauseRefused) as caught:
        read(ONE + "notice_days = 64\n")
    assert caught.value.clause == "notice-days"


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 50_000, "a" + ".a" * 50_000 + " = 1", "a = " + "9" * 5_000, "x" * 300_000],
)
def test_terms_without_end_are_refused(text: str) -> None:
    """Nesting, keys, numbers and files beyond all measure are one clear error."""
    with pytest.raises(TemplateMalformed):
        read(text)
