"""The published schema and our own reading agree on every document."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from stdnum.cn import ric, uscc

from registry.domain.application import DOCUMENT, problems
from registry.domain.completeness import MATERIALS, REQUIRED, name_of
from registry.domain.fields import Text
from registry.domain.ids import PartyId, ProductId
from registry.domain.product import Profile
from registry.errors import IdMistyped
from scripts.gen_metadata_schema import schema
from tests.form_values import LETTERS, members, tidied

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "metadata.schema.json").read_bytes())
FORMATS = FormatChecker(["date"])
STORIES = sorted((ROOT / "tests" / "applications").glob("*.toml"))


@FORMATS.checks("identity-number")
def _identity(value: object) -> bool:
    return (
        not isinstance(value, str)
        or len(value) != 18
        or uscc.is_valid(value)
        or ric.is_valid(value)
    )


@FORMATS.checks("party-id", raises=IdMistyped)
def _party(value: object) -> bool:
    return not isinstance(value, str) or bool(PartyId.parse(value))


@FORMATS.checks("product-id", raises=IdMistyped)
def _product(value: object) -> bool:
    return not isinstance(value, str) or bool(ProductId.parse(value))


VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FORMATS)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    LETTERS.map(tidied),
    st.sampled_from(["x" * 39, "x" * 41, "数" * 401, "a\x07b", "A99", "419999", "2026-02-30"]),
    st.sampled_from(["91410100MA00000237", "110101199003070011", "ab" * 31, "party1qqqqqq"]),
    st.lists(st.sampled_from(["表格", "smell", "", "A01"]), max_size=3),
    st.just(["x"] * 33),
    st.dictionaries(
        st.sampled_from(["kind", "sha256", "name", "holder", "x"]), LETTERS, max_size=3
    ),
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Return a good document, with some of its fields put wrong."""
    made = draw(members(DOCUMENT))
    for name in draw(st.lists(st.sampled_from([*DOCUMENT, "sumary"]), max_size=2)):
        made[name] = draw(ANYTHING)
    for name in draw(
        st.lists(st.sampled_from(["applicants", "rights", "attachments"]), max_size=1)
    ):
        if isinstance(made.get(name), dict):
            inner = draw(st.sampled_from([*made[name], "fax"]))
            made[name][inner] = draw(ANYTHING)
    if draw(st.integers(0, 9)) == 0:
        made.pop("dataName", None)
    return made


@settings(max_examples=400, deadline=None)
@given(documents())
def test_schema_and_reading_agree(document: dict[str, Any]) -> None:
    """What the schema takes we take, and what it refuses we refuse."""
    flaws = problems(document, None)
    errors = [
        f"{error.json_path}: {error.message[:80]}" for error in VALIDATOR.iter_errors(document)
    ]
    assert bool(flaws) == bool(errors), (flaws, errors)


@settings(max_examples=100, deadline=None)
@given(members(DOCUMENT))
def test_good_documents_are_good(document: dict[str, Any]) -> None:
    """Documents made of good values are taken by both."""
    assert problems(document, None) == []
    assert VALIDATOR.is_valid(document)


def test_the_published_schema_is_that_of_the_fields() -> None:
    """What stands in the documentation is what the fields of the form make of themselves."""
    assert schema() == SCHEMA


def _story(path: Path) -> dict[str, Any]:
    found = tomllib.loads(path.read_text())
    return found | (
        {"operatingSince": str(found["operatingSince"])} if "operatingSince" in found else {}
    )


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_stories_fit_the_schema_of_their_profile(path: Path) -> None:
    """Each story's document fits, and no longer where one of the required fields is left out."""
    profile = Profile.PUBLIC if path.stem == "crop_plots" else Profile.PROPERTY
    whole = SCHEMA | {"allOf": [{"$ref": f"#/$defs/{profile.name}"}]}
    validator = Draft202012Validator(whole, format_checker=FORMATS)
    story = _story(path)
    assert [error.message for error in validator.iter_errors(story)] == []
    for attribute in REQUIRED[profile]:
        name = name_of(attribute)
        assert not validator.is_valid({key: story[key] for key in story if key != name})
        assert not validator.is_valid(story | {name: None})
    for kind in MATERIALS[profile]:
        left = [one for one in story["attachments"] if one["kind"] != kind.value]
        assert not validator.is_valid(story | {"attachments": left})


@pytest.mark.parametrize("name", [n for n, one in DOCUMENT.items() if isinstance(one.kind, Text)])
def test_lengths_end_at_the_same_character(name: str) -> None:
    """The longest text that the schema takes is the longest that we take."""
    kind = DOCUMENT[name].kind
    assert isinstance(kind, Text)
    for length, fits in ((kind.limit, True), (kind.limit + 1, False)):
        document = {"dataName": "x", name: "数" * length}
        assert VALIDATOR.is_valid(document) is fits
        assert (problems(document, None) == []) is fits
