"""How long what an application says may be: exactly the limit, and one character more."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from registry.domain.application import problems
from registry.domain.product import Profile

STORY = Path(__file__).parents[1] / "applications" / "sea_rail_fusion.toml"
NAMED = (
    *(("applicants", name) for name in ("name", "contact", "businessStatus")),
    ("rights", "holder"),
)


def told(part: str, name: str, value: str) -> list[dict[str, Any]]:
    """Return the problems of an application with another value in the first of some parts."""
    document: dict[str, Any] = tomllib.loads(STORY.read_text("utf-8"))
    document[part][0][name] = value
    return [dict(one) for one in problems(document, Profile.PROPERTY)]


@pytest.mark.parametrize(("part", "name"), NAMED)
def test_a_name_has_a_hundred_characters_at_most(part: str, name: str) -> None:
    """A hundred are taken, in Chinese as in English, and one more is refused with its field."""
    for letter in ("x", "\u6d77"):
        assert told(part, name, letter * 100) == []
        (flaw,) = told(part, name, letter * 101)
        assert (flaw["field"], flaw["problem"]) == (f"{part}[0].{name}", "too-long")
        assert flaw["allowed"] == ["at-most-characters:100"]
