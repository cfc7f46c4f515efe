"""Say terms in plain sentences, clause by clause, in English or Chinese.

Every clause is said, those too that agree on nothing: whoever signs should see what is left open.
The words of the vocabulary come with their exact meanings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry import messages
from registry.domain.clauses import Clause
from registry.domain.meanings import meaning, meanings
from registry.domain.vocabulary import (
    DerivedRights,
    Form,
    Mode,
    SubDelegation,
    Template,
)
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import IntEnum, IntFlag

    from registry.domain.clauses import Clauses, Price
    from registry.domain.ids import GrantId

_MINOR: Final = 100
"""Amounts are in hundredths: every currency of the rules has two digits."""

_ANYWHERE: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Hold what one clause says, or with None what the parent does to the grant.

    `items` are the words that the clause lists, each with its meaning.
    """

    clause: Clause | None
    text: str
    items: tuple[str, ...] = ()


def sentences(
    clauses: Clauses, lang: str, *, parent: GrantId | None = None
) -> tuple[Sentence, ...]:
    """Return terms in sentences, under a parent grant or under none."""
    return tuple(_Speaker(clauses, lang).all(parent))


class _Speaker:
    """Say the clauses of one grant in one language."""

    def __init__(self, clauses: Clauses, lang: str) -> None:
        self._clauses = clauses
        self._lang = lang

    def all(self, parent: GrantId | None) -> Iterator[Sentence]:
        """Yield a sentence for each clause."""
        yield from self._subject(parent)
        yield from self._scope()
        yield from self._limits()
        yield from self._consequences()
        yield from self._papers()

    def _subject(self, parent: GrantId | None) -> Iterator[Sentence]:
        one = self._clauses
        yield self._say(Clause.GRANTOR, "grantor", party=one.grantor)
        yield self._say(Clause.GRANTEE, "grantee", party=one.grantee)
        version = "version" if one.version else "version-any"
        yield self._say(Clause.PRODUCT, "product", product=one.product)
        yield self._say(Clause.VERSION, version, version=one.version)
        if parent is not None:
            yield self._say(None, "parent", grant=parent)
        yield self._member(Clause.FORM, "form", one.form, Form)
        yield self._member(Clause.TEMPLATE, "template", one.template, Template)
        yield self._member(Clause.MODE, "mode", one.mode, Mode)

    def _scope(self) -> Iterator[Sentence]:
        one = self._clauses
        yield self._mask(Clause.RIGHTS, "rights", one.rights)
        yield self._mask(Clause.ACTIONS, "actions", one.actions)
        yield self._mask(Clause.PURPOSES, "purposes", one.purposes)
        yield self._mask(Clause.ENVIRONMENT, "environment", one.environment)
        codes = [f"{code:09d}" for code in one.territory]
        yield self._say(
            Clause.TERRITORY, "territory" if codes else "territory-any", territory=codes
        )

    def _limits(self) -> Iterator[Sentence]:
        one = self._clauses
        window = one.window
        start = "start" if window.start else "start-open"
        until = "until" if window.until else "until-open"
        yield self._say(Clause.VALID_FROM, start, time=window.start)
        yield self._say(Clause.VALID_UNTIL, until, time=window.until)
        quota = one.quota
        if quota is None:
            yield self._say(Clause.QUOTA_TOTAL, "quota-none")
        else:
            unit = meaning(quota.unit, self._lang)
            said: dict[str, Any] = {
                "total": quota.total,
                "unit": unit.name,
                "definition": unit.definition,
            }
            yield self._say(Clause.QUOTA_TOTAL, "quota", **said)
            if quota.period:
                told: dict[str, Any] = {
                    "amount": quota.per_period,
                    "unit": unit.name,
                    "period": quota.period,
                }
                yield self._say(Clause.PERIOD, "period", **told)
        offer = "offer" if one.offer_until else "offer-open"
        yield self._say(Clause.OFFER_UNTIL, offer, time=one.offer_until)

    def _consequences(self) -> Iterator[Sentence]:
        one = self._clauses
        yield self._mask(Clause.OBLIGATIONS, "obligations", one.obligations)
        yield self._member(
            Clause.SUB_DELEGATION, "sub-delegation", one.sub_delegation, SubDelegation
        )
        if one.depth:
            yield self._say(Clause.DEPTH, "depth", depth=one.depth)
        yield self._member(
            Clause.DERIVED_RIGHTS, "derived-rights", one.derived_rights, DerivedRights
        )
        notice = "notice" if one.notice_days else "notice-none"
        yield self._say(Clause.NOTICE_DAYS, notice, days=one.notice_days)
        acceptance = "acceptance" if one.acceptance_days else "acceptance-none"
        yield self._say(Clause.ACCEPTANCE_DAYS, acceptance, days=one.acceptance_days)
        yield self._price(one.price)

    def _price(self, price: Price | None) -> Sentence:
        if price is None:
            return self._say(Clause.PRICE, "price-none")
        model = meaning(price.model, self._lang)
        parts = [model.definition]
        for key, amount in (("price-unit", price.unit), ("price-cap", price.cap)):
            if amount:
                shown = f"{amount // _MINOR}.{amount % _MINOR:02d}"
                parts.append(
                    self._text(key, amount=shown, currency=f"{price.currency:03d}", minor=amount)
                )
        return self._say(Clause.PRICE, "price", model=model.name, items=tuple(parts))

    def _papers(self) -> Iterator[Sentence]:
        one = self._clauses
        for clause, value in (
            (Clause.SERVICE_PARTY, one.service_party),
            (Clause.REPLACES, one.replaces),
            (Clause.TEXT, one.text),
            (Clause.AGREEMENT, one.agreement),
            (Clause.SCOPE, one.scope),
            (Clause.FILING, one.filing),
        ):
            name = clause.name.lower().replace("_", "-")
            key = name if value is not None else f"{name}-none"
            yield self._say(clause, key, value=value)
        yield self._say(Clause.SALT, "salt", salt=one.salt)

    def _mask(self, clause: Clause, key: str, value: IntFlag) -> Sentence:
        """Say a mask: every word of it with its meaning, or what it is to have none."""
        said = [one for one in meanings(type(value), self._lang) if one.value & value]
        if not said:
            return self._say(clause, f"{key}-none")
        items = tuple(self._text("item", name=one.name, definition=one.definition) for one in said)
        return self._say(clause, key, items=items)

    def _member(self, clause: Clause, key: str, value: IntEnum, kind: type[IntEnum]) -> Sentence:
        said = meaning(kind(value), self._lang)
        return self._say(clause, key, name=said.name, definition=said.definition)

    def _say(
        self, clause: Clause | None, key: str, items: tuple[str, ...] = (), **fields: object
    ) -> Sentence:
        return Sentence(clause=clause, text=self._text(key, **fields), items=items)

    def _text(self, key: str, **fields: object) -> str:
        return messages.text(f"terms.{key}", self._lang, **fields)
