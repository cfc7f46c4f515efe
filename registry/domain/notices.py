"""Word the notices (告知书) that the decisions of a registration case are handed out with.

A notice is made of typed facts; its sentences stand in the catalogue under
`notice.<kind>.<number>`, with `.property` or `.public` behind where a rule set has its own. A
sentence whose facts are not given is left out, so one list of sentences serves every case.
"""

from __future__ import annotations

import string
from dataclasses import fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from registry import messages
from registry.domain.product import Profile
from registry.domain.visible import visible
from registry.domain.vocabulary import Right
from registry.domain.words import names
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.domain.ids import PartyId, ProductId

_LISTING: Final = ("correction-list", "supplement")
_MARKDOWN: Final = str.maketrans({one: "\\" + one for one in "\\`*_{}[]<>()#+-.!|~&"})


class NoticeKind(StrEnum):
    """Name the kinds of notices."""

    ACCEPTANCE = "acceptance"
    DEEMED_ACCEPTANCE = "deemed-acceptance"
    CORRECTION_LIST = "correction-list"
    NON_ACCEPTANCE = "non-acceptance"
    SUPPLEMENT = "supplement"
    EXTENSION = "extension"
    PUBLICITY = "publicity"
    WAIVER = "waiver"
    OBJECTION = "objection"
    OBJECTION_REGISTERED = "objection-registered"
    OBJECTION_UPHELD = "objection-upheld"
    OBJECTION_REJECTED = "objection-rejected"
    OBJECTION_SETTLED = "objection-settled"
    OBJECTION_REFERRED = "objection-referred"
    REFUSAL = "refusal"
    REGISTRATION = "registration"
    CANCELLATION = "cancellation"
    REVOCATION = "revocation"
    AWARD = "award"
    WITHDRAWAL = "withdrawal"
    LAPSE = "lapse"


_OF_ACT: Final = {
    "ACCEPT": NoticeKind.ACCEPTANCE,
    "DEEMED_ACCEPTED": NoticeKind.DEEMED_ACCEPTANCE,
    "RETURN": NoticeKind.CORRECTION_LIST,
    "NOT_ACCEPT": NoticeKind.NON_ACCEPTANCE,
    "ASK": NoticeKind.SUPPLEMENT,
    "EXTEND": NoticeKind.EXTENSION,
    "PUBLICISE": NoticeKind.PUBLICITY,
    "WAIVE": NoticeKind.WAIVER,
    "OBJECT": NoticeKind.OBJECTION,
    "UPHOLD": NoticeKind.OBJECTION_UPHELD,
    "REJECT": NoticeKind.OBJECTION_REJECTED,
    "SETTLE": NoticeKind.OBJECTION_SETTLED,
    "REFER": NoticeKind.OBJECTION_REFERRED,
    "REFUSE": NoticeKind.REFUSAL,
    "REGISTER": NoticeKind.REGISTRATION,
    "CANCEL": NoticeKind.CANCELLATION,
    "REVOKE": NoticeKind.REVOCATION,
    "AWARD": NoticeKind.AWARD,
    "WITHDRAW": NoticeKind.WITHDRAWAL,
    "LAPSE": NoticeKind.LAPSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hold what a notice may tell; None is what there is nothing to tell of.

    Times are in seconds since 1970; `due` is the first second that is too late, `days` its working
    days. `applicant`, `registrar` and `objector` are names, their parties' ids where none is known.
    `items` are those of a correction list or of a request for supplements; `evidence` and `cause`
    are digests of documents. `renew_from` is when the window of renewal opens; `registered` says
    that an objection is to a registration that stands, `local` that the ledger is a local chain.
    """

    product: ProductId
    applicant: str | PartyId
    registrar: str | PartyId
    decided: int
    data: str | None = None
    summary: str | None = None
    submitted: int | None = None
    due: int | None = None
    days: int | None = None
    items: tuple[str, ...] | None = None
    reason: str | None = None
    evidence: bytes | None = None
    cause: bytes | None = None
    objector: str | PartyId | None = None
    rights: Right | None = None
    version: int | None = None
    code: str | None = None
    valid_from: int | None = None
    valid_until: int | None = None
    renew_from: int | None = None
    to: str | PartyId | None = None
    case: int | None = None
    chain_id: int | None = None
    block: int | None = None
    transaction: bytes | None = None
    registered: bool = False
    local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Hold one notice: its kind, the rule set and the kind of case, and its facts.

    `case_kind` is a word such as `INITIAL` or `RENEWAL`.
    """

    kind: NoticeKind
    profile: Profile
    case_kind: str
    facts: Facts

    def title(self, lang: str) -> str:
        """Return what the notice is called."""
        return messages.text(self._key("title"), lang)

    def addressee(self, lang: str) -> str:
        """Return whom it speaks to: the public, both sides of an objection, or the applicant."""
        name = "notice.to"
        if self.kind is NoticeKind.PUBLICITY:
            name = "notice.to-the-public"
        elif self.facts.objector is not None and self.kind.startswith("objection"):
            name = "notice.to-both"
        return messages.text(name, lang, **self._fields(lang))

    def paragraphs(self, lang: str) -> list[str]:
        """Return its sentences: what was decided, the deadlines, and what can be done."""
        return list(self._sentences(lang, str(self.kind)))

    def items(self) -> tuple[str, ...]:
        """Return the items that it lists, each one line: those to correct or to supply."""
        given = self.facts.items if self.kind in _LISTING else None
        return tuple(visible(item) for item in given or ())

    def closing(self, lang: str) -> list[str]:
        """Return who decided when, where the record stands, and what outranks the paper."""
        local = [messages.text("notice.local", lang)] if self.facts.local else []
        return [*self._sentences(lang, "closing"), *local]

    def text(self, lang: str) -> str:
        """Return the notice as plain text."""
        numbered = [f"  {number}. {item}" for number, item in enumerate(self.items(), 1)]
        head, *rest = self.paragraphs(lang)
        listed = ["\n".join(numbered)] if numbered else []
        blocks = [self.title(lang), self.addressee(lang), head, *listed, *rest]
        return "\n\n".join([*blocks, "\n".join(self.closing(lang))])

    def markdown(self, lang: str) -> str:
        """Return the notice as Markdown; what was given is shown as it is, never as markup."""
        escaped = replace(self, facts=_in_markdown(self.facts))
        numbered = [f"{number}. {item}" for number, item in enumerate(escaped.items(), 1)]
        head, *rest = escaped.paragraphs(lang)
        listed = ["\n".join(numbered)] if numbered else []
        blocks = [f"# {escaped.title(lang)}", escaped.addressee(lang), head, *listed, *rest]
        return "\n\n".join([*blocks, "---", "  \n".join(escaped.closing(lang))]) + "\n"

    def _key(self, part: str) -> str:
        own = f"notice.{self.kind}.{part}.{self.profile.name.lower()}"
        return own if messages.has(own) else f"notice.{self.kind}.{part}"

    def _sentences(self, lang: str, under: str) -> Iterator[str]:
        given = self._fields(lang)
        number = 1
        while key := _numbered(under, number, self.profile):
            if _needed(messages.catalogue(lang)[key]) <= given.keys():
                yield messages.text(key, lang, **given)
            number += 1

    def _fields(self, lang: str) -> Mapping[str, object]:
        told = {one.name: getattr(self.facts, one.name) for one in fields(self.facts)}
        shown = {name: _shown(value) for name, value in told.items() if value is not None}
        case = f"notice.case.{self.case_kind.lower()}"
        own = f"{case}.{self.profile.name.lower()}"
        shown["case_kind"] = messages.text(own if messages.has(own) else case, lang)
        return {"data": shown["product"], **shown}


def notice_for(act: str, *, profile: Profile, case_kind: str, facts: Facts) -> Notice | None:
    """Return the notice that an act of a case is told with, None for one that needs none.

    `act` and `case_kind` are the names of the vocabulary, such as `ACCEPT` and `INITIAL`.
    """
    kind = _OF_ACT.get(act)
    if kind is None:
        return None
    if kind is NoticeKind.OBJECTION and facts.registered:
        kind = NoticeKind.OBJECTION_REGISTERED
    if kind is NoticeKind.REGISTRATION and case_kind == "CANCELLATION":
        kind = NoticeKind.CANCELLATION
    return Notice(kind=kind, profile=profile, case_kind=case_kind, facts=facts)


def _numbered(under: str, number: int, profile: Profile) -> str | None:
    key = f"notice.{under}.{number}"
    own = f"{key}.{profile.name.lower()}"
    return next((one for one in (own, key) if messages.has(one)), None)


def _needed(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _shown(value: object) -> object:
    """Return a value as sentences take it: numbers for their formats, text made visible."""
    if isinstance(value, Right):
        return "|".join(names(value))
    if isinstance(value, bytes | int):
        return value
    if isinstance(value, tuple):
        return [visible(str(one)) for one in value]
    return visible(str(value))


def _in_markdown(facts: Facts) -> Facts:
    told = {one.name: getattr(facts, one.name) for one in fields(facts)}
    texts = {name: value for name, value in told.items() if isinstance(value, str)}
    escaped: dict[str, Any] = {name: _escaped(value) for name, value in texts.items()}
    items = None if facts.items is None else tuple(map(_escaped, facts.items))
    return replace(facts, items=items, **escaped)


def _escaped(value: str) -> str:
    return visible(value).translate(_MARKDOWN)
