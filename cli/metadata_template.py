"""Write a commented TOML document with every field of the form, and what each may be."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

from registry import messages
from registry.domain import completeness
from registry.domain.application import CONFIDENTIAL, DOCUMENT
from registry.domain.fields import Code, Day, Field, Flag, Hex, Many, Record, Shaped, Text, Word
from registry.domain.product import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.domain.fields import Member

ORDER: Final = (
    *("dataName", "summary", "kind", "industry", "sector", "source", "regionScope", "region"),
    *("regionCode", "timeScope", "updateFrequency", "volume", "form", "structure"),
    *("restrictions", "deliveryMode", "securityClass"),
    *("accessMode", "productsAndServices", "scenario", "securityRiskAssessment", "evidenceRef"),
    *("operatingSince", "catalogId"),
    *("nonSubstituting", "agreedRights", "rawPublic", "operated", "basis", "sources"),
    *("applicants", "rights", "attachments"),
)
"""The fields that a person writes, in the order in which the form asks for them."""

_WIDTH: Final = 96


def template_of(profile: Profile, lang: str) -> str:
    """Return the document, ready to be filled in; what the profile asks for is marked."""
    heading = messages.text("cli.metadata.template-head", lang, profile=profile.name)
    lines = [*_comment(heading), ""]
    tables = [name for name in ORDER if _record(DOCUMENT[name]) is not None]
    for name in (*(one for one in ORDER if one not in tables), *tables):
        lines += _field(name, DOCUMENT[name], profile, lang)
    return "\n".join(lines).rstrip("\n") + "\n"


def asked_for(name: str, profile: Profile) -> bool:
    """Tell whether a profile asks for a field of the document."""
    attributes = completeness.REQUIRED.get(profile, ())
    member = DOCUMENT[name]
    wanted = member.attribute in attributes or (name == "attachments" and bool(attributes))
    return member.required or wanted


def allowed_of(kind: Field, lang: str) -> str:
    """Return what a field may be, in words."""
    inner = kind.of if isinstance(kind, Many) else kind
    if isinstance(inner, Word):
        return " | ".join(inner.choices.allowed())
    if isinstance(inner, Flag):
        return "true | false"
    code, _, detail = _rule(inner).partition(":")
    return messages.text(f"allowed.{code}", lang, detail=detail) if code else ""


def _rule(kind: Field) -> str:
    """Return the code under which the catalogue says what a field may be."""
    if isinstance(kind, Text):
        return f"at-most-characters:{kind.limit}"
    if isinstance(kind, Code | Shaped | Hex):
        return kind.example
    return "day" if isinstance(kind, Day) else ""


def _field(name: str, member: Member, profile: Profile, lang: str) -> Iterator[str]:
    record = _record(member)
    mark = messages.text("cli.metadata.needed", lang) if asked_for(name, profile) else ""
    told = f"{messages.text(f'metadata.{name}', lang)}{mark}: "
    yield from _comment(told + messages.text(f"metadata.{name}.help", lang))
    if record is None:
        yield from _comment(allowed_of(member.kind, lang))
        yield f"# {name} = {_empty(member.kind)}"
    else:
        yield f"# [[{name}]]"
        for inner, one in record.items():
            label = messages.text(f"metadata.{name}.{inner}", lang)
            said = allowed_of(one.kind, lang)
            yield f"# {inner} = {_empty(one.kind)}  # {label}{': ' if said else ''}{said}"
        if name not in CONFIDENTIAL:
            yield from _comment(messages.text("cli.metadata.file-instead", lang))
        else:
            yield from _comment(messages.text("cli.metadata.kept-back", lang))
    yield ""


def _record(member: Member) -> Mapping[str, Member] | None:
    kind: Any = member.kind
    inner = kind.of if isinstance(kind, Many) else kind
    return inner.members if isinstance(inner, Record) else None


def _empty(kind: Field) -> str:
    if isinstance(kind, Many):
        return f"[{_empty(kind.of)}]"
    return "false" if isinstance(kind, Flag) else '""'


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]
