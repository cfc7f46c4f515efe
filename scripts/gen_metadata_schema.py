"""Write docs/schemas/metadata.schema.json from the fields of the application form.

`python -m scripts.gen_metadata_schema` writes it, `--check` says whether it is stale (exit code 1).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry import messages
from registry.domain import code_lists
from registry.domain.application import DOCUMENT
from registry.domain.completeness import (
    APPLICANT_REQUIRED,
    MATERIALS,
    REQUIRED,
    RIGHT_REQUIRED,
    name_of,
)
from registry.domain.fields import Field, Many, Record, object_schema
from registry.domain.product import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.fields import Member

ROOT: Final = Path(__file__).resolve().parent.parent
TARGET: Final = ROOT / "docs" / "schemas" / "metadata.schema.json"
Schema = dict[str, Any]
_NOTE: Final = (
    "The fields of an application for registration. Only the descriptive ones become public; "
    "docs/metadata.md says which. Closed lists are given by the rule's word or in English. What a "
    "profile asks for stands under $defs as PROPERTY and PUBLIC. Formats of our own: "
    "identity-number (18 characters have the check characters of GB 32100 or GB 11643), party-id "
    "and product-id (bech32m with check characters)."
)


def schema() -> Schema:
    """Return the schema (JSON Schema 2020-12)."""
    document = object_schema(DOCUMENT)
    _entitle(document["properties"], DOCUMENT, "metadata")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:dengji:metadata:1",
        "title": "Dengji description of a data product",
        "description": _NOTE,
        **document,
        "$defs": {
            **{name: {"enum": list(code_lists.entries(name))} for name in code_lists.NAMES},
            **{profile.name: _whole(profile) for profile in REQUIRED},
        },
    }


def text() -> str:
    """Return the file: the lists of codes many to a line, the rest as JSON is laid out."""
    made = json.dumps(schema(), ensure_ascii=False, indent=2)
    return re.sub(r'"enum": \[[^\]]*\]', _compact, made) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` tell whether it is stale."""
    made = text()
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == made:
        return 0
    check = "--check" in arguments
    print(f"{'stale' if check else 'written'}: {TARGET.relative_to(ROOT)}")
    if not check:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(made, encoding="utf-8")
    return int(check)


def _entitle(properties: Schema, members: Mapping[str, Member], lead: str) -> None:
    """Give each property its names and meaning, from the catalogue."""
    for name, property_ in properties.items():
        key = f"{lead}.{name}"
        property_["title"] = messages.text(key, "en")
        property_["description"] = messages.text(f"{key}.help", "en")
        property_["x-title-zh"] = messages.text(key, "zh")
        inner = _record(members[name].kind)
        if inner is not None:
            shape = next(one for one in property_["anyOf"] if one.get("type") == "object")
            _entitle(shape["properties"], inner.members, key)


def _record(kind: Field) -> Record | None:
    inner = kind.of if isinstance(kind, Many) else kind
    return inner if isinstance(inner, Record) else None


def _whole(profile: Profile) -> Schema:
    """Return what a profile asks for beyond the fields' own shapes."""
    given: Schema = {"not": {"enum": [None, []]}}
    names = [name_of(attribute) for attribute in REQUIRED[profile]]
    properties: Schema = dict.fromkeys(names, given)
    properties["applicants"] = _each(APPLICANT_REQUIRED)
    if profile is Profile.PROPERTY:
        properties["rights"] = _each(RIGHT_REQUIRED)
    documents = [one.value for one in MATERIALS[profile]]
    properties["attachments"] = {
        "type": "array",
        "allOf": [
            {"contains": {"type": "object", "properties": {"kind": {"const": kind}}}}
            for kind in documents
        ],
    }
    return {"required": [*names, "attachments"], "properties": properties}


def _each(attributes: tuple[str, ...]) -> Schema:
    names = [name_of(attribute) for attribute in attributes]
    one = {"required": names, "properties": {name: {"not": {"const": None}} for name in names}}
    return {"type": ["array", "object"], "minItems": 1, "items": one, **one}


def _compact(match: re.Match[str]) -> str:
    return re.sub(r"\s*\n\s*", " ", match[0]).replace("[ ", "[").replace(" ]", "]")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
