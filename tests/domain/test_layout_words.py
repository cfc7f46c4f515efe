"""What is published of the stored words is how they are divided, and all of it can be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.domain.layout import VARIABLES
from registry.domain.proof_fields import shown
from registry.domain.storage import Word

DOCS = Path(__file__).resolve().parents[2] / "docs"
WORDS = {one.word.name: one.word for one in VARIABLES}


def published() -> dict[str, list[tuple[str, str, str]]]:
    """Return the fields of each word as the page of storage has them: name, bits, what it is."""
    _, _, words = (DOCS / "storage.md").read_text("utf-8").partition("\n## Words\n")
    found = {}
    for section in words.split("\n### ")[1:]:
        name, *lines = section.splitlines()
        rows = [line.strip("|").split("|") for line in lines if line.startswith("|")][2:]
        found[name] = [(cells[0].strip(" `"), cells[1].strip(), cells[2].strip()) for cells in rows]
    return found


def test_each_word_is_published_as_it_is_divided() -> None:
    """The page of storage has every word by its name, with its fields, their bits and kinds."""
    divided = {
        name: [
            (part.name or "spare", str(part.bits), part.kind if part.name else "")
            for part in word.parts
        ]
        for name, word in WORDS.items()
    }
    assert divided == published()


@pytest.mark.parametrize("word", WORDS.values(), ids=lambda word: word.name)
def test_fields_of_every_word_can_be_shown(word: Word) -> None:
    """Each field of a word is of a kind that JSON is written for: a number, a text, or words."""
    fields = {part.name: int(part.kind[0].isupper()) for part in word.parts if part.name}
    assert list(shown(word, fields)) == [part.name for part in word.parts if part.name]


def test_proofs_name_the_words_that_are_kept() -> None:
    """The schema of proofs allows the names of the stored words, and no others."""
    schema = json.loads((DOCS / "schemas" / "proof.schema.json").read_text("utf-8"))
    allowed = schema["$defs"]["word"]["properties"]["name"]["enum"]
    assert set(allowed) == {one.name for one in VARIABLES}
