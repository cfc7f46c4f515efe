"""Test that terms and ODRL policies say the same, and that nothing is dropped on the way."""

import contextlib
import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain.clauses import Clauses, Price, Quota, Window
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.odrl import from_odrl, to_odrl
from registry.domain.vocabulary import (
    Action,
    Environment,
    Form,
    Obligation,
    PriceModel,
    Purpose,
    QuotaUnit,
)
from registry.errors import InvalidInputError, OdrlUnmappable
from tests import strategies
from tests.proposals import terms

TERMS = Clauses(
    product=ProductId(b"\1" * 20),
    grantor=PartyId.of(1),
    grantee=PartyId.of(2),
    actions=Action.READ | Action.TRAIN,
    purposes=Purpose.RESEARCH | Purpose.AUDIT,
    window=Window(start=1_790_000_000, until=1_800_000_000),
    quota=Quota(unit=QuotaUnit.CALL, total=100),
    environment=Environment.TEE,
    territory=(156_410_000,),
    obligations=Obligation.ATTRIBUTE,
)
FOREIGN: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/odrl.jsonld",
    "@type": "Offer",
    "uid": "http://example.org/policy/1",
    "permission": {
        "target": {"@id": str(TERMS.product)},
        "assigner": str(TERMS.grantor),
        "assignee": str(TERMS.grantee),
        "action": "odrl:read",
        "constraint": [
            {"leftOperand": "purpose", "operator": "eq", "rightOperand": "dengji:audit"},
            {
                "leftOperand": "odrl:dateTime",
                "operator": "odrl:lteq",
                "rightOperand": {"@value": "2027-01-15T07:59:59Z", "@type": "xsd:dateTime"},
            },
        ],
        "duty": {"action": "http://www.w3.org/ns/odrl/2/attribute"},
    },
}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(Form).flatmap(terms), st.none() | strategies.grants)
def test_terms_come_back_from_odrl(clauses: Clauses, parent: GrantId | None) -> None:
    """What is written as a policy is read back as the same terms, through JSON too."""
    policy = to_odrl(clauses, parent=parent)
    assert from_odrl(json.loads(json.dumps(policy))) == (clauses, parent)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(Form).flatmap(terms), st.data())
def test_nothing_is_dropped(clauses: Clauses, data: st.DataObject) -> None:
    """A key that is not understood is refused wherever it stands, by its name."""
    policy = to_odrl(clauses)
    places = [one for one in _objects(policy) if "@value" not in one]
    data.draw(st.sampled_from(places))["prohibited"] = "x"
    with pytest.raises(OdrlUnmappable) as caught:
        from_odrl(policy)
    assert "prohibited" in caught.value.term


def _objects(value: Any) -> Any:  # noqa: ANN401 (a walk through JSON)
    if isinstance(value, dict):
        if value.get("dengji") is None:
            yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def test_uses_the_terms_of_the_standard() -> None:
    """Where ODRL has a term for a clause, it is that term."""
    (permission,) = to_odrl(TERMS)["permission"]
    assert permission["action"] == ["read", "dengji:train"]
    assert permission["duty"] == [{"action": "attribute"}]
    operands = [one["leftOperand"] for one in permission["constraint"]]
    expected = ["purpose", "dateTime", "dateTime", "count", "spatial", "systemDevice"]
    assert operands == expected
    metered = replace(TERMS, quota=Quota(unit=QuotaUnit.SECOND, total=90))
    (permission,) = to_odrl(metered)["permission"]
    assert permission["constraint"][3]["rightOperand"]["@value"] == "PT90S"


def test_reads_what_others_write() -> None:
    """Single values, prefixes, whole names and other bounds of the same meaning are understood."""
    clauses, parent = from_odrl(FOREIGN, salt=5)
    assert parent is None
    assert clauses == Clauses(
        product=TERMS.product,
        grantor=TERMS.grantor,
        grantee=TERMS.grantee,
        actions=Action.READ,
        purposes=Purpose.AUDIT,
        window=Window(until=1_800_000_000),
        obligations=Obligation.ATTRIBUTE,
        salt=5,
    )


def changed(*keys: str | int, to: object) -> dict[str, Any]:
    """Return the foreign policy with one value replaced."""
    policy = copy.deepcopy(FOREIGN)
    inner: Any = policy
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = to
    return policy


@pytest.mark.parametrize(
    ("policy", "term", "where"),
    [
        (changed("permission", "action", to="sell"), "sell", "/permission/action"),
        (changed("permission", "action", to=["read", "play"]), "play", "/permission/action/1"),
        (changed("prohibition", to=[]), "prohibition", "/prohibition"),
        (changed("obligation", to=[]), "obligation", "/obligation"),
        (changed("conflict", to="perm"), "perm", "/conflict"),
        (changed("@type", to="Set"), "Set", "/@type"),
        (changed("profile", to="http://example.org/p"), "http://example.org/p", "/profile"),
        (changed("@context", to="http://example.org/c"), "http://example.org/c", "/@context"),
        (changed("permission", to=[{}, {}]), "permission", "/permission/1"),
        (changed("permission", "constraint", to=[]), "purpose", "/permission/purpose"),
        (
            changed("permission", "constraint", 0, "leftOperand", to="industry"),
            "industry",
            "/permission/constraint/0/leftOperand",
        ),
        (
            changed("permission", "constraint", 0, "operator", to="isNoneOf"),
            "isNoneOf",
            "/permission/constraint/0/operator",
        ),
        (
            changed("permission", "constraint", 0, "rightOperand", to="http://example.org/fun"),
            "http://example.org/fun",
            "/permission/constraint/0/rightOperand",
        ),
        (
            changed("permission", "constraint", 1, "rightOperand", to="tomorrow"),
            "tomorrow",
            "/permission/constraint/1/rightOperand",
        ),
        (changed("permission", "duty", "action", to="pay"), "pay", "/permission/duty/action"),
        (
            changed("permission", "duty", "constraint", to=[]),
            "constraint",
            "/permission/duty/constraint",
        ),
        (changed("permission", "assignee", to="Alice"), "Alice", "/permission/assignee"),
        ([], "[]", "/"),
        ({}, "permission", "/permission"),
    ],
)
def test_what_cannot_be_said_is_named(policy: object, term: str, where: str) -> None:
    """A term without an equal clause is refused with its name and its place."""
    with pytest.raises(OdrlUnmappable) as caught:
        from_odrl(policy)
    assert (caught.value.term, caught.value.where) == (term, where)


def test_a_bound_stands_once() -> None:
    """Two bounds of one kind are refused, since one of them would be dropped."""
    policy = copy.deepcopy(FOREIGN)
    policy["permission"]["constraint"].append(policy["permission"]["constraint"][1])
    with pytest.raises(OdrlUnmappable):
        from_odrl(policy)


METERED = replace(TERMS, quota=Quota(unit=QuotaUnit.CALL, total=100, per_period=10, period=90))
TOTAL, EACH, SPATIAL = 3, 4, 5
"""Where the policy of `METERED` has its two counts and its places."""


def spoilt(
    constraint: int, to: dict[str, object] | None = None, *, drop: bool = False, twice: bool = False
) -> dict[str, Any]:
    """Return the policy of a metered grant with one constraint changed, dropped or doubled."""
    policy = json.loads(json.dumps(to_odrl(METERED)))
    given = policy["permission"][0]["constraint"]
    given[constraint].update(to or {})
    if drop:
        del given[constraint]
    if twice:
        given.append(given[constraint])
    return policy  # type: ignore[no-any-return]


def value(text: str, kind: str) -> dict[str, str]:
    """Return a literal with its type."""
    return {"@value": text, "@type": f"xsd:{kind}"}


@pytest.mark.parametrize(
    ("policy", "term"),
    [
        pytest.param(spoilt(TOTAL, drop=True), "dengji:countPerPeriod", id="period-alone"),
        pytest.param(spoilt(EACH, {"unit": "dengji:byte"}), "dengji:byte", id="other-unit"),
        pytest.param(spoilt(EACH, twice=True), "dengji:countPerPeriod", id="two-periods"),
        pytest.param(spoilt(TOTAL, twice=True), "count", id="two-totals"),
        pytest.param(spoilt(SPATIAL, twice=True), "territory", id="places-twice"),
        pytest.param(spoilt(EACH, {"dengji:period": "90"}), "90", id="no-duration"),
        pytest.param(spoilt(EACH, {"dengji:period": "P"}), "P", id="empty-duration"),
        pytest.param(
            spoilt(TOTAL, {"rightOperand": value("100", "string")}), "xsd:string", id="other-type"
        ),
    ],
)
def test_a_quota_is_said_in_one_way(policy: dict[str, Any], term: str) -> None:
    """Counts that contradict each other, stand twice or have no sense are refused by name."""
    with pytest.raises(OdrlUnmappable) as caught:
        from_odrl(policy)
    assert caught.value.term == term


OPERATORS = {
    "purpose": ("isAnyOf", "eq", "isA"),
    "systemDevice": ("isAnyOf", "eq", "isA"),
    "dateTime": ("gteq", "gt", "lt", "lteq"),
    "count": ("lteq", "lt"),
    "dengji:countPerPeriod": ("lteq",),
    "spatial": ("isAnyOf", "eq", "isPartOf"),
}
"""Which comparisons each kind of bound may be said with, of all those of the standard."""
ALL_OPERATORS = (
    *("eq", "gt", "gteq", "hasPart", "isA", "isAllOf", "isAnyOf", "isNoneOf", "isPartOf", "lt"),
    *("lteq", "neq"),
)


@pytest.mark.parametrize("constraint", range(7))
@pytest.mark.parametrize("operator", ALL_OPERATORS)
def test_a_bound_is_compared_in_the_ways_that_have_a_meaning(
    constraint: int, operator: str
) -> None:
    """Each kind of bound takes the comparisons that clauses can say, and refuses all others."""
    policy = json.loads(json.dumps(to_odrl(METERED)))
    given = policy["permission"][0]["constraint"]
    assert {one["leftOperand"] for one in given} == set(OPERATORS)
    rule = given[constraint]
    takes = operator in OPERATORS[rule["leftOperand"]]
    # The other bound of the time would stand twice.
    if rule["leftOperand"] == "dateTime":
        takes = takes and (operator[0] == rule["operator"][0])
    rule["operator"] = operator
    if takes:
        assert from_odrl(policy)[0].product == METERED.product
    else:
        with pytest.raises(OdrlUnmappable) as caught:
            from_odrl(policy)
        assert caught.value.term in (operator, "dateTime")


@pytest.mark.parametrize("place", ["1", "15", "1564100", "156410001000", "156410001", "CN"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    """Digits that are no code of a territory are refused by name, as are letters."""
    with pytest.raises(OdrlUnmappable) as caught:
        from_odrl(spoilt(SPATIAL, {"rightOperand": [place]}))
    assert caught.value.term == place


def test_places_may_stand_as_codes() -> None:
    """A territory is read from its name and from the bare code."""
    assert from_odrl(spoilt(SPATIAL, {"rightOperand": ["156410000"]})) == (METERED, None)


@pytest.mark.parametrize(
    ("constraint", "term"),
    [
        ({"leftOperand": "discount"}, "discount"),
        ({"operator": "gteq"}, "gteq"),
        ({"rightOperand": value("9" * 30, "integer")}, "payAmount"),
    ],
)
def test_a_price_that_no_grant_can_have_is_refused(
    constraint: dict[str, object], term: str
) -> None:
    """Another kind of amount, another bound, and more than fits are each named."""
    priced = replace(TERMS, price=Price(model=PriceModel.METERED, currency=156, unit=5, cap=90))
    policy = json.loads(json.dumps(to_odrl(priced)))
    assert from_odrl(policy) == (priced, None)
    policy["dengji:price"]["constraint"][0].update(constraint)
    with pytest.raises(OdrlUnmappable) as caught:
        from_odrl(policy)
    assert caught.value.term == term


@pytest.mark.parametrize("place", [0, 1])
def test_an_amount_that_stands_twice_is_refused(place: int) -> None:
    """Of two prices, or of two caps, neither is dropped."""
    priced = replace(TERMS, price=Price(model=PriceModel.METERED, currency=156, unit=5, cap=90))
    policy = json.loads(json.dumps(to_odrl(priced)))
    amounts = policy["dengji:price"]["constraint"]
    amounts.insert(0, {**amounts[place], "rightOperand": value("1", "integer")})
    with pytest.raises(OdrlUnmappable) as caught:
        from_odrl(policy)
    assert caught.value.term == amounts[0]["leftOperand"]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(
    st.sampled_from(
        [
            ("permission",),
            ("permission", "target"),
            ("permission", "action"),
            ("permission", "constraint"),
            ("permission", "constraint", 0, "rightOperand"),
            ("permission", "constraint", 1, "rightOperand"),
            ("permission", "constraint", 1, "operator"),
            ("permission", "duty"),
            ("dengji:price",),
            ("dengji:salt",),
            ("dengji:rights",),
            ("@context",),
        ]
    ),
    _json,
)
def test_nonsense_is_refused(keys: tuple[str | int, ...], to: object) -> None:
    """Whatever stands somewhere, there are terms or one clear error, never another failure."""
    with contextlib.suppress(InvalidInputError):
        from_odrl(changed(*keys, to=to))
