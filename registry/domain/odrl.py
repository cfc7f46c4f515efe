"""Write terms as a policy of ODRL 2.2, and read such policies: JSON-LD as plain JSON.

Each clause has its term. Where the standard has none of the same meaning, the term is of our
profile, whose prefix is `dengji`; the words stand in registry/vocabulary/*.json under `odrl`. A
term that no clause can say is an error that names it and its place: nothing is dropped.

    permission      target, assigner, assignee, action; one, since a grant has one set of conditions
    constraint      purpose, dateTime, count or meteredTime, spatial, systemDevice
    duty            what the grantee owes
    dengji:…        the other clauses
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from registry.domain import odrl_terms as words
from registry.domain.clauses import Clauses, Price, Quota, Window
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.odrl_terms import PREFIX, PROFILE, Place
from registry.domain.times import parse_time, show_time
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
from registry.errors import InvalidInputError, OdrlUnmappable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import IntEnum

CONTEXT: Final = "http://www.w3.org/ns/odrl.jsonld"
_CURRENCY: Final = "urn:iso:std:iso:4217:"
_HASHES: Final = ("text", "agreement", "scope", "filing")
_ENUMS: Final[Mapping[str, type[IntEnum]]] = {
    "form": Form,
    "template": Template,
    "mode": Mode,
    "sub_delegation": SubDelegation,
    "derived_rights": DerivedRights,
}
_NUMBERS: Final = ("version", "depth", "notice_days", "acceptance_days", "salt")
_IDS: Final[Mapping[str, type[PartyId | GrantId]]] = {
    "service_party": PartyId,
    "replaces": GrantId,
}


def to_odrl(
    clauses: Clauses, *, uid: str | None = None, parent: GrantId | None = None
) -> dict[str, Any]:
    """Return terms as a policy; `uid` names it, by default by the hash of the clauses."""
    permission: dict[str, Any] = {
        "target": words.urn(clauses.product),
        "assigner": words.urn(clauses.grantor),
        "assignee": words.urn(clauses.grantee),
        "action": words.said(clauses.actions),
        "constraint": _constraints(clauses),
    }
    if clauses.obligations:
        permission["duty"] = [{"action": one} for one in words.said(clauses.obligations)]
    return {
        "@context": [CONTEXT, {PREFIX: PROFILE + "#"}],
        "@type": "Agreement",
        "uid": uid or f"urn:dengji:clauses:0x{clauses.clauses_hash().hex()}",
        "profile": PROFILE,
        "conflict": "prohibit",
        "permission": [permission],
        **_ours(clauses, parent),
    }


def _constraints(clauses: Clauses) -> list[dict[str, Any]]:
    found = [_constraint("purpose", "isAnyOf", words.said(clauses.purposes))]
    window = clauses.window
    for operator, time in (("gteq", window.start), ("lt", window.until)):
        if time is not None:
            found.append(_constraint("dateTime", operator, _typed(show_time(time), "dateTime")))
    if clauses.quota is not None:
        found += _quota_constraints(clauses.quota)
    if clauses.territory:
        codes = [f"urn:dengji:territory:{code:09d}" for code in clauses.territory]
        found.append(_constraint("spatial", "isAnyOf", codes))
    if clauses.environment:
        found.append(_constraint("systemDevice", "isAnyOf", words.said(clauses.environment)))
    return found


def _quota_constraints(quota: Quota) -> list[dict[str, Any]]:
    total: dict[str, Any] = (
        _constraint("meteredTime", "lteq", _typed(f"PT{quota.total}S", "duration"))
        if quota.unit is QuotaUnit.SECOND
        else _constraint("count", "lteq", _typed(str(quota.total), "integer"))
        | {"unit": words.term(quota.unit)}
    )
    if not quota.period:
        return [total]
    each = _constraint(f"{PREFIX}:countPerPeriod", "lteq", _typed(str(quota.per_period), "integer"))
    each |= {"unit": words.term(quota.unit), f"{PREFIX}:period": f"PT{quota.period}S"}
    return [total, each]


def _ours(clauses: Clauses, parent: GrantId | None) -> dict[str, Any]:
    """Return the clauses that ODRL has no term for, those with a meaning alone."""
    said: dict[str, Any] = {"rights": words.said(clauses.rights)}
    said |= {key: words.term(getattr(clauses, key)) for key in _ENUMS if getattr(clauses, key)}
    said |= {key: str(getattr(clauses, key)) for key in _NUMBERS if getattr(clauses, key)}
    for key in _HASHES:
        if getattr(clauses, key) is not None:
            said[key] = "0x" + getattr(clauses, key).hex()
    for key in _IDS:
        if getattr(clauses, key) is not None:
            said[key] = words.urn(getattr(clauses, key))
    if clauses.offer_until is not None:
        said["offer_until"] = show_time(clauses.offer_until)
    if parent is not None:
        said["parent"] = words.urn(parent)
    if clauses.price is not None:
        said["price"] = _price(clauses.price)
    return {f"{PREFIX}:{words.camel(key)}": value for key, value in said.items()}


def _price(price: Price) -> dict[str, Any]:
    amounts = (("payAmount", "eq", price.unit), (f"{PREFIX}:capAmount", "lteq", price.cap))
    return {
        f"{PREFIX}:model": words.term(price.model),
        "unit": f"{_CURRENCY}{price.currency:03d}",
        "constraint": [
            _constraint(operand, operator, _typed(str(amount), "integer"))
            for operand, operator, amount in amounts
            if amount
        ],
    }


def _constraint(left: str, operator: str, right: object) -> dict[str, Any]:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}


# Reading


def from_odrl(policy: object, *, salt: int | None = None) -> tuple[Clauses, GrantId | None]:
    """Return the clauses of a policy and the parent that it names; raises `OdrlUnmappable`.

    `salt` stands in where the policy has none. What else the policy leaves out is as `Clauses` has
    it by default.
    """
    root = Place(policy).object()
    root.take_known("@context", _known_context)
    root.take_known("@type", lambda one: one.text() in ("Agreement", "Offer"))
    root.take_known("uid", lambda one: bool(one.text()))
    root.take_known("profile", lambda one: one.text() == PROFILE)
    # Another way to settle conflicts would make another policy of the same rules.
    root.take_known("conflict", lambda one: one.text() == "prohibit")
    given: dict[str, Any] = {}
    permissions = root.take("permission").list()
    if len(permissions) != 1:
        raise permissions[1].unmappable("permission") if permissions else root.missing("permission")
    _read_permission(permissions[0], given)
    if "purposes" not in given:
        raise permissions[0].missing("purpose")
    parent = _read_ours(root, given)
    root.require_empty()
    if salt is not None:
        given.setdefault("salt", salt)
    return Clauses(**given), parent


def _known_context(place: Place) -> bool:
    for one in place.list():
        if one.value not in (CONTEXT, {PREFIX: PROFILE + "#"}):
            raise one.unmappable(str(one.value))
    return True


def _read_permission(place: Place, given: dict[str, Any]) -> None:
    rule = place.object()
    given["product"] = rule.take("target").urn(ProductId)
    given["grantor"] = rule.take("assigner").urn(PartyId)
    given["grantee"] = rule.take("assignee").urn(PartyId)
    given["actions"] = rule.take("action").mask(Action)
    if (duties := rule.maybe("duty")) is not None:
        given["obligations"] = Obligation(0)
        for one in duties.list():
            duty = one.object()
            given["obligations"] |= duty.take("action").mask(Obligation)
            duty.require_empty()
    if (constraints := rule.maybe("constraint")) is not None:
        _ConstraintReader(given).read(constraints.list())
    rule.require_empty()


class _ConstraintReader:
    """Read the constraints of a permission, each left operand once for each of its bounds."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given
        self._window: dict[str, int] = {}
        self._total: tuple[QuotaUnit, int] | None = None
        self._each: tuple[Place, QuotaUnit, int, int] | None = None
        self._ways: Mapping[str, Callable[[Place, str, Place], None]] = {
            "purpose": self._purpose,
            "dateTime": self._time,
            "count": self._count,
            "meteredTime": self._metered,
            f"{PREFIX}:countPerPeriod": self._per_period,
            "spatial": self._spatial,
            "systemDevice": self._device,
        }

    def read(self, places: list[Place]) -> None:
        """Read them all, and put together what belongs together."""
        for one in places:
            rule = one.object()
            left = rule.take("leftOperand")
            operator = words.short(rule.take("operator").text())
            way = self._ways.get(words.short(left.text()))
            if way is None:
                raise left.unmappable(left.text())
            way(rule, operator, rule.take("rightOperand"))
            rule.require_empty()
        self._given["window"] = Window(**self._window)
        if self._total is not None:
            unit, total = self._total
            self._given["quota"] = self._quota(unit, total)
        elif self._each is not None:
            raise self._each[0].unmappable(f"{PREFIX}:countPerPeriod")

    def _quota(self, unit: QuotaUnit, total: int) -> Quota:
        if self._each is None:
            return Quota(unit=unit, total=total)
        place, each_unit, per_period, period = self._each
        if each_unit is not unit:
            raise place.unmappable(words.term(each_unit))
        return Quota(unit=unit, total=total, per_period=per_period, period=period)

    def _purpose(self, rule: Place, operator: str, right: Place) -> None:
        self._among(rule, operator, right, "purposes", Purpose)

    def _device(self, rule: Place, operator: str, right: Place) -> None:
        self._among(rule, operator, right, "environment", Environment)

    def _among(self, rule: Place, operator: str, right: Place, key: str, kind: type[Any]) -> None:
        _require_operator(rule, operator, ("isAnyOf", "eq", "isA"))
        self._once(rule, key, right.mask(kind))

    def _time(self, rule: Place, operator: str, right: Place) -> None:
        _require_operator(rule, operator, ("gteq", "gt", "lt", "lteq"))
        time = right.literal(("dateTime", "date"), parse_time)
        # Times are whole seconds: up to and with one is before the next.
        key = "start" if operator in ("gteq", "gt") else "until"
        if key in self._window:
            raise rule.unmappable("dateTime")
        self._window[key] = time + (operator in ("gt", "lteq"))

    def _count(self, rule: Place, operator: str, right: Place) -> None:
        _require_operator(rule, operator, ("lteq", "lt"))
        unit = rule.take("unit").member(QuotaUnit)
        amount = right.literal(("integer", "decimal"), int) - (operator == "lt")
        self._set_total(rule, QuotaUnit(unit), amount)

    def _metered(self, rule: Place, operator: str, right: Place) -> None:
        _require_operator(rule, operator, ("lteq",))
        self._set_total(rule, QuotaUnit.SECOND, right.literal(("duration",), words.seconds))

    def _per_period(self, rule: Place, operator: str, right: Place) -> None:
        _require_operator(rule, operator, ("lteq",))
        unit = QuotaUnit(rule.take("unit").member(QuotaUnit))
        period = rule.take(f"{PREFIX}:period").literal((), words.seconds)
        if self._each is not None:
            raise rule.unmappable(f"{PREFIX}:countPerPeriod")
        self._each = (rule, unit, right.literal(("integer",), int), period)

    def _spatial(self, rule: Place, operator: str, right: Place) -> None:
        _require_operator(rule, operator, ("isAnyOf", "eq", "isPartOf"))
        codes = [one.territory() for one in right.list()]
        self._once(rule, "territory", tuple(sorted(codes)))

    def _set_total(self, rule: Place, unit: QuotaUnit, amount: int) -> None:
        if self._total is not None:
            raise rule.unmappable("count")
        self._total = (unit, amount)

    def _once(self, rule: Place, key: str, value: object) -> None:
        if key in self._given:
            raise rule.unmappable(key)
        self._given[key] = value


def _require_operator(rule: Place, operator: str, known: tuple[str, ...]) -> None:
    if operator not in known:
        raise OdrlUnmappable(term=operator, where=f"{rule.where}/operator")


def _read_ours(root: Place, given: dict[str, Any]) -> GrantId | None:
    """Read what our profile adds; return the parent."""
    for key, read in _OURS.items():
        found = root.maybe(f"{PREFIX}:{words.camel(key)}")
        if found is not None:
            given[key] = read(found)
    parent: GrantId | None = given.pop("parent", None)
    return parent


def _read_price(place: Place) -> Price:
    rule = place.object()
    model = PriceModel(rule.take(f"{PREFIX}:model").member(PriceModel))
    currency = rule.take("unit").literal((), lambda said: int(said.removeprefix(_CURRENCY)))
    amounts: dict[str, int | None] = {"payAmount": None, f"{PREFIX}:capAmount": None}
    for one in rule.take("constraint").list():
        inner = one.object()
        left = inner.take("leftOperand")
        operand = words.short(left.text())
        if amounts.get(operand, 0) is not None:
            raise left.unmappable(operand)
        expected = "eq" if operand == "payAmount" else "lteq"
        _require_operator(inner, words.short(inner.take("operator").text()), (expected,))
        amounts[operand] = inner.take("rightOperand").literal(("integer",), int)
        inner.require_empty()
    rule.require_empty()
    unit, cap = (amount or 0 for amount in amounts.values())
    try:
        return Price(model=model, currency=currency, unit=unit, cap=cap)
    except InvalidInputError as error:
        raise place.unmappable("payAmount") from error


_OURS: Final[Mapping[str, Callable[[Place], Any]]] = {
    "rights": lambda place: place.mask(Right),
    **{key: partial(Place.member, kind=kind) for key, kind in _ENUMS.items()},
    **{key: lambda place: place.literal(("integer",), int) for key in _NUMBERS},
    **{key: lambda place: place.literal((), words.hashed) for key in _HASHES},
    **{key: partial(Place.urn, kind=kind) for key, kind in _IDS.items()},
    "parent": lambda place: place.urn(GrantId),
    "offer_until": lambda place: place.literal(("dateTime",), parse_time),
    "price": _read_price,
}
