"""What is published of the stored words is how they are divided, and all of it can be read."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.domain.proof_fields import shown

if TYPE_CHECKING:
    from registry.domain.storage import Variable, Word

DOCS = Path(__file__).resolve().parents[2] / "docs"


def published() -> dict[str, list[tuple[str, str, str]]]:
    """Return the fields of each word as the page of storage has them: name, bits, what it is."""
    _, _, words = (DOCS / "storage.md").read_text("utf-8").partition("\n## Words\n")
    found = {}
    for section in words.split("\n### ")[1:]:
        name, *lines = section.splitlines()
        rows = [line.strip("|").split("|") for line in lines if line.startswith("|")][2:]
        found[name] = [(cells[0].strip(" `"), cells[1].strip(), cells[2].strip()) for cells in rows]
    return found


@pytest.fixture(scope="module")
def variables() -> tuple[Variable, ...]:
    """Return all that is stored.

    It is loaded here, since a word that does not add up is refused when its module is loaded: that
    is to fail each test, and not to hide them all.
    """
    found: tuple[Variable, ...] = import_module("registry.domain.layout").VARIABLES
    return found


@pytest.fixture(scope="module")
def words(variables: tuple[Variable, ...]) -> dict[str, Word]:
    """Return the stored words by their names."""
    return {one.word.name: one.word for one in variables}


def test_the_words_that_are_published_are_those_that_are_kept(words: dict[str, Word]) -> None:
    """The page of storage has every word by its name, and no other."""
    assert set(published()) == set(words)


@pytest.mark.parametrize("name", published())
def test_each_word_is_published_as_it_is_divided(name: str, words: dict[str, Word]) -> None:
    """A word has on the page its fields from the highest to the lowest, their bits and kinds."""
    assert published()[name] == [
        (part.name or "spare", str(part.bits), part.kind if part.name else "")
        for part in words[name].parts
    ]


@pytest.mark.parametrize("name", published())
def test_fields_of_every_word_can_be_shown(name: str, words: dict[str, Word]) -> None:
    """Each field of a word is of a kind that JSON is written for: a number, a text, or words."""
    fields = {part.name: int(part.kind[0].isupper()) for part in words[name].parts if part.name}
    assert list(shown(words[name], fields)) == list(fields)


def test_proofs_name_the_words_that_are_kept(variables: tuple[Variable, ...]) -> None:
    """The schema of proofs allows the names of all that is stored, and no others."""
    schema = json.loads((DOCS / "schemas" / "proof.schema.json").read_text("utf-8"))
    allowed = schema["$defs"]["word"]["properties"]["name"]["enum"]
    assert set(allowed) == {one.name for one in variables}
