"""`dengji metadata`: check a description, write an empty one, search the lists of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.descriptions import FORMATS, PROFILE, Given, applied, described
from cli.grammar import argument, command, group, option
from cli.output import Answer, Page, Raw
from cli.types import FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cli.output import Json
    from cli.session import Session
    from registry.domain.product import Profile

metadata = group("metadata")
_LISTS: Final = ("industry", "region")
_SHORT: Final = (
    *("sector", "product_kind", "source", "region_scope", "update_frequency", "content_form"),
    *("structure", "delivery_mode", "access_mode", "attachment", "applicant_type", "right_type"),
    "data_class",
)


@command("metadata.check", metadata)
@argument("file", type=FILE)
@option("--profile", type=PROFILE, default="OPEN", metavar="PROFILE")
@option("--metadata-format", type=click.Choice(FORMATS))
def check(session: Session, file: Path, profile: Profile, metadata_format: str | None) -> Answer:
    """Say whether a description is whole under a profile, and what becomes public of it."""
    found = described(session, Given(metadata=file, metadata_format=metadata_format))
    made = applied(session, found.mapping, profile)
    public = made.metadata.to_mapping()
    kept = [name for name in made.to_mapping() if name not in public]
    value: dict[str, Json] = {
        "profile": profile.name,
        "format": found.format,
        "metadata_hash": "0x" + made.metadata_hash.hex(),
        "evidence": "0x" + made.evidence.hex(),
        "public": public,
        "kept_back": list(kept),
        "unmapped": [_left(one) for one in found.unmapped],
    }
    return Answer(
        headline="cli.metadata.checked",
        value=value,
        form=frozenset({"public"}),
        hidden=frozenset({"unmapped"}),
    )


@command("metadata.template", metadata)
@option("--profile", type=PROFILE, default="OPEN", metavar="PROFILE")
def template(session: Session, profile: Profile) -> Raw:
    """Write a commented TOML document with every field."""
    from cli.metadata_template import template_of  # noqa: PLC0415 (start-up time)

    text = template_of(profile, session.lang)
    return Raw(text=text.rstrip("\n"), value={"profile": profile.name, "template": text})


@command("metadata.words", metadata)
@argument("name", type=click.Choice((*_LISTS, *_SHORT)))
@argument("text", required=False, default="")
def words(session: Session, name: str, text: str) -> Page:
    """Search a list of codes."""
    del session
    columns = ("code", "zh", "en")
    if name in _LISTS:
        from registry.domain import code_lists  # noqa: PLC0415 (start-up time)

        listed = code_lists.find(name, text)
        return Page(items=[_shaped(one.code, one.zh, one.en) for one in listed], columns=columns)
    return Page(items=_listed(name, text), columns=columns)


def _listed(name: str, text: str) -> list[Mapping[str, Json]]:
    from registry import messages  # noqa: PLC0415 (start-up time)

    entries = messages.vocabulary(f"metadata/{name}")["entries"]
    shown = [_shaped(one["value"], one["zh"], one["en"]) for one in entries]
    wanted = text.strip().lower()
    return [one for one in shown if any(wanted in str(said).lower() for said in one.values())]


def _shaped(code: str, zh: str, en: str) -> Mapping[str, Json]:
    return {"code": code, "zh": zh, "en": en}


def _left(one: Any) -> dict[str, Json]:  # noqa: ANN401 (an `Unmapped`)
    return {"where": one.where, "value": one.value, "reason": one.reason, "count": one.count}
