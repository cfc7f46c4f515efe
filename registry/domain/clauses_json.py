"""Write clauses as JSON that a person can read, and read them back: one form for one meaning.

Words stand in the order of their bits, amounts as text, times in ISO 8601 in UTC; what is not
agreed is null or empty. Every key is always there.
"""

from __future__ import annotations

from typing import Any, Final

from registry.domain.clauses import MAX_TIME, Clause, Clauses, Price, Quota, Window
from registry.domain.documents import Node
from registry.domain.times import show_time
from registry.domain.vocabulary import Action, Environment, Obligation, Purpose, QuotaUnit, Right
from registry.domain.words import names
from registry.errors import ClauseRefused

_U16: Final = 2**16 - 1
_U32: Final = 2**32 - 1
_U64: Final = 2**64 - 1
_MOST_TERRITORIES: Final = 16
_HASH_BYTES: Final = 32

_MASKS: Final = {
    "rights": Right,
    "actions": Action,
    "purposes": Purpose,
    "environment": Environment,
    "obligations": Obligation,
}
_ENUMS: Final = {
    "form": "Form",
    "template": "Template",
    "mode": "Mode",
    "sub_delegation": "SubDelegation",
    "derived_rights": "DerivedRights",
}
_HASHES: Final = ("text", "agreement", "scope", "filing")
KEYS: Final = (
    *("product", "version", "grantor", "grantee", *_MASKS, *_ENUMS, *_HASHES, "valid_from"),
    *("valid_until", "quota", "territory", "depth", "notice_days", "price", "offer_until"),
    *("acceptance_days", "service_party", "replaces", "salt"),
)
"""Every key, in the order in which one that is missing is told; canonical JSON sorts them."""


def to_json(clauses: Clauses) -> dict[str, Any]:
    """Return clauses as JSON; raises `ClauseRefused` for an offer beyond the times that can be."""
    if (clauses.offer_until or 0) > MAX_TIME:
        given = str(clauses.offer_until)
        name = Clause.OFFER_UNTIL.name.lower().replace("_", "-")
        raise ClauseRefused(clause=name, given=given, problem="out-of-range")
    return {
        **{key: names(getattr(clauses, key)) for key in _MASKS},
        **{key: getattr(clauses, key).name for key in _ENUMS},
        **{key: _hexed(getattr(clauses, key)) for key in _HASHES},
        "product": str(clauses.product),
        "version": clauses.version,
        "grantor": str(clauses.grantor),
        "grantee": str(clauses.grantee),
        "valid_from": _time(clauses.window.start),
        "valid_until": _time(clauses.window.until),
        "quota": _quota(clauses.quota),
        "territory": list(clauses.territory),
        "depth": clauses.depth,
        "notice_days": clauses.notice_days,
        "price": _price(clauses.price),
        "offer_until": _time(clauses.offer_until),
        "acceptance_days": clauses.acceptance_days,
        "service_party": _text(clauses.service_party),
        "replaces": _text(clauses.replaces),
        "salt": str(clauses.salt),
    }


def from_json(node: Node) -> Clauses:
    """Read clauses; raises `ProposalMalformed` with the place, `ClauseRefused` with the clause."""
    given = node.object(KEYS)
    start, until = given["valid_from"].maybe(Node.time), given["valid_until"].maybe(Node.time)
    read: dict[str, Any] = {
        **{key: given[key].mask(kind.__name__, kind) for key, kind in _MASKS.items()},
        **{key: given[key].word(kind) for key, kind in _ENUMS.items()},
        **{key: given[key].maybe(_read_hash) for key in _HASHES},
    }
    return Clauses(
        product=given["product"].product(),
        version=given["version"].integer(_U16),
        grantor=given["grantor"].party(),
        grantee=given["grantee"].party(),
        window=Window(start=start, until=until),
        quota=given["quota"].maybe(_read_quota),
        territory=tuple(n.integer(_U32) for n in given["territory"].list(_MOST_TERRITORIES)),
        depth=given["depth"].integer(_U16),
        notice_days=given["notice_days"].integer(_U16),
        price=given["price"].maybe(_read_price),
        offer_until=given["offer_until"].maybe(Node.time),
        acceptance_days=given["acceptance_days"].integer(_U16),
        service_party=given["service_party"].maybe(Node.party),
        replaces=given["replaces"].maybe(Node.grant),
        salt=given["salt"].amount(_U64),
        **read,
    )


def _quota(quota: Quota | None) -> dict[str, Any] | None:
    if quota is None:
        return None
    return {
        "unit": quota.unit.name,
        "total": str(quota.total),
        "per_period": str(quota.per_period),
        "period": quota.period,
    }


def _read_quota(node: Node) -> Quota:
    given = node.object(("unit", "total", "per_period", "period"))
    return Quota(
        unit=QuotaUnit(given["unit"].word("QuotaUnit")),
        total=given["total"].amount(_U64),
        per_period=given["per_period"].amount(_U64),
        period=given["period"].integer(_U32),
    )


def _price(price: Price | None) -> dict[str, Any] | None:
    if price is None:
        return None
    return {
        "model": price.model.name,
        "currency": price.currency,
        "unit_price": str(price.unit),
        "cap_price": str(price.cap),
    }


def _read_price(node: Node) -> Price:
    given = node.object(("model", "currency", "unit_price", "cap_price"))
    model: Any = given["model"].word("PriceModel")
    return Price(
        model=model,
        currency=given["currency"].integer(_U16),
        unit=given["unit_price"].amount(_U64),
        cap=given["cap_price"].amount(_U64),
    )


def _read_hash(node: Node) -> bytes:
    return node.bytes(_HASH_BYTES)


def _hexed(raw: bytes | None) -> str | None:
    return None if raw is None else "0x" + raw.hex()


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else show_time(seconds)


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
