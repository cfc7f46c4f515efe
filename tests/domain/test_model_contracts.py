"""Test that terms begun from a template keep the rules of its kind of contract."""

from dataclasses import replace
from typing import Any

import pytest

from registry.domain import model_contracts
from registry.domain.clauses import Clauses, Window
from registry.domain.ids import PartyId, ProductId
from registry.domain.vocabulary import (
    Action,
    DerivedRights,
    Environment,
    Form,
    Mode,
    Obligation,
    Purpose,
    Right,
    SubDelegation,
    Template,
)
from registry.errors import TemplateUnmet

NOW = 1_795_305_600  # 2026-11-22 00:00 UTC, 08:00 at UTC+8
DAY = 86_400
GIVEN = {
    "product": ProductId(b"\1" * 20),
    "grantor": PartyId.of(1),
    "grantee": PartyId.of(2),
    "text": b"\4" * 32,
    "offer_until": NOW + 14 * DAY,
    "window": Window(until=NOW + 365 * DAY),
    "service_party": PartyId.of(3),
    "mode": Mode.SCENARIO,
    "scope": b"\5" * 32,
}
USE = {"actions": Action.READ, "purposes": Purpose.RESEARCH}
ALL = [one for one in Template if one]


def terms(template: Template, **other: Any) -> Clauses:  # noqa: ANN401 (fields of Clauses)
    """Return terms from a template's defaults, with all that any template wants given."""
    contract = model_contracts.load(template)
    given = GIVEN if template is Template.PUBLIC_OPERATION else {**GIVEN, "mode": Mode.NONE}
    return Clauses(**{**USE, **contract.defaults, **given, "template": template, **other})


def refused(clauses: Clauses) -> tuple[str, str]:
    """Return the clause and the problem for which terms are refused."""
    with pytest.raises(TemplateUnmet) as caught:
        model_contracts.require(clauses, now=NOW)
    assert caught.value.template == clauses.template.name
    return caught.value.clause, caught.value.problem


@pytest.mark.parametrize("template", ALL)
def test_the_defaults_keep_the_rules(template: Template) -> None:
    """With what must be given, the defaults of each template are good terms."""
    model_contracts.require(terms(template), now=NOW)


@pytest.mark.parametrize("template", ALL)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_template_has_words_in_both_languages(template: Template, lang: str) -> None:
    """Each template has a title, a summary and articles, numbered in its outline."""
    contract = model_contracts.load(template)
    assert contract.template is template
    assert len(set(contract.articles[lang])) == len(contract.articles[lang]) >= 5
    assert f"5. {contract.articles[lang][4]}" in contract.outline(lang)


@pytest.mark.parametrize("template", ALL)
def test_what_must_be_given_must_be_given(template: Template) -> None:
    """Without any one of the required clauses the terms are refused, by its name."""
    empty = {"mode": Mode.NONE, "window": Window()}
    for name in model_contracts.load(template).required:
        field = "window" if name == "valid_until" else name
        without = terms(template, **{field: empty.get(field)})
        assert refused(without) == (name.replace("_", "-"), "template-needs")


@pytest.mark.parametrize("template", ALL)
def test_one_side_alone_concludes_none(template: Template) -> None:
    """A one-sided grant is no contract of any template."""
    assert refused(terms(template, form=Form.ONE_SIDED)) == ("form", "template-form")


@pytest.mark.parametrize("template", ALL)
def test_nothing_is_passed_on_without_consent(template: Template) -> None:
    """No template takes sub-grants without consent, and none has them by default."""
    assert terms(template).sub_delegation is SubDelegation.NONE
    clause, _ = refused(terms(template, sub_delegation=SubDelegation.FREE, depth=1))
    assert clause == "sub-delegation"


@pytest.mark.parametrize("right", list(Right))
def test_a_processor_gets_no_right(right: Right) -> None:
    """An entrusted processor has no right in the data, nor in what comes of it."""
    assert terms(Template.ENTRUSTMENT).rights == 0
    assert refused(terms(Template.ENTRUSTMENT, rights=right)) == ("rights", "template-no-rights")
    for who in (DerivedRights.NONE, DerivedRights.GRANTEE, DerivedRights.JOINT):
        found = refused(terms(Template.ENTRUSTMENT, derived_rights=who))
        assert found == ("derived-rights", "template-derived")


@pytest.mark.parametrize(
    "left", [Obligation.DELETE_AT_END, Obligation.PROVE_DISPOSAL, Obligation.KEEP_LOGS]
)
def test_a_processor_proves_that_nothing_is_left(left: Obligation) -> None:
    """Deletion or return, and its proof, are owed together."""
    found = refused(terms(Template.ENTRUSTMENT, obligations=left))
    assert found == ("obligations", "template-disposal")
    kept = Obligation.RETURN_AT_END | Obligation.PROVE_DISPOSAL
    model_contracts.require(terms(Template.ENTRUSTMENT, obligations=kept), now=NOW)


def test_fusion_is_joint_and_says_whose_the_result_is() -> None:
    """Fusion is concluded by all, and who gets the rights in the product is agreed."""
    assert terms(Template.FUSION).derived_rights is DerivedRights.JOINT
    assert refused(terms(Template.FUSION, form=Form.TWO_SIDED)) == ("form", "template-form")
    without = terms(Template.FUSION, derived_rights=DerivedRights.NONE)
    assert refused(without) == ("derived-rights", "template-derived")


@pytest.mark.parametrize("side", ["grantor", "grantee"])
def test_the_intermediary_is_a_third_party(side: str) -> None:
    """Neither side can be the intermediary between both."""
    found = refused(terms(Template.INTERMEDIARY, service_party=GIVEN[side]))
    assert found == ("service-party", "template-service-party")


def test_public_operation_lasts_five_years_at_most() -> None:
    """Five years by the calendar from the start are allowed, a second more is not."""
    last = model_contracts.years_after(NOW, 5)
    assert (last - NOW) // DAY == 5 * 365 + 1
    model_contracts.require(terms(Template.PUBLIC_OPERATION, window=Window(until=last)), now=NOW)
    later = terms(Template.PUBLIC_OPERATION, window=Window(until=last + 1))
    assert refused(later) == ("valid-until", "template-five-years")
    moved = Window(start=NOW + 10, until=last + 10)
    model_contracts.require(terms(Template.PUBLIC_OPERATION, window=moved), now=NOW)


@pytest.mark.parametrize("mode", [Mode.FIELD, Mode.SCENARIO])
def test_public_operation_names_its_field_or_scenario(mode: Mode) -> None:
    """Less than the whole says which part; sub-grants with consent can be agreed."""
    without = terms(Template.PUBLIC_OPERATION, mode=mode, scope=None)
    assert refused(without) == ("scope", "template-needs")
    whole = terms(Template.PUBLIC_OPERATION, mode=Mode.WHOLE, scope=None)
    model_contracts.require(whole, now=NOW)
    with_consent = replace(whole, sub_delegation=SubDelegation.CONSENT, depth=1)
    model_contracts.require(with_consent, now=NOW)


def test_public_data_stays_where_it_is_guarded() -> None:
    """By default public data is used in guarded environments only."""
    guarded = Environment.SANDBOX | Environment.TEE | Environment.MPC
    assert terms(Template.PUBLIC_OPERATION).environment == guarded


def test_terms_without_a_template_are_free() -> None:
    """Terms of no template are held against nothing."""
    free = replace(terms(Template.PROVISION), template=Template.NONE, text=None)
    model_contracts.require(free, now=NOW)
