"""Draw values that the application form takes, for the property tests of several layers."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from registry.domain import code_lists
from registry.domain.fields import (
    Code,
    Day,
    Field,
    Flag,
    Hex,
    Many,
    Member,
    Record,
    Shaped,
    Text,
    Word,
)
from registry.domain.ids import PartyId, ProductId
from registry.domain.metadata import MEMBERS, Metadata

LETTERS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn"], max_codepoint=0x2FFFF), max_size=30
)


def tidied(text: str) -> str:
    """Return a text as the form keeps it."""
    return unicodedata.normalize("NFC", text).strip()


def good(kind: Field) -> st.SearchStrategy[Any]:
    """Return values that a kind of field takes."""
    makers: dict[type, Callable[[Any], st.SearchStrategy[Any]]] = {
        Text: lambda one: LETTERS.map(tidied).filter(lambda text: 0 < len(text) <= one.limit),
        Word: lambda one: st.sampled_from(one.choices.spellings()),
        Code: lambda one: st.sampled_from(list(code_lists.entries(one.name))),
        Shaped: lambda one: st.sampled_from(SHAPED[one.example]),
        Hex: lambda _: st.just("ab" * 32),
        Day: lambda _: st.dates().map(str),
        Flag: lambda _: st.booleans(),
        Many: lambda one: st.one_of(good(one.of), st.lists(good(one.of), max_size=3)),
        Record: lambda one: members(one.members),
    }
    return makers[type(kind)](kind)


SHAPED = {
    "credit-code": ["91410100MA00000236", "11410000MB0000019W", "E12345678"],
    "phone": ["0371-00000000", "+86 10 0000 0000"],
    "party-id": [str(PartyId.of(7))],
    "product-id": [str(ProductId.of(7))],
}


def members(of: Mapping[str, Member]) -> st.SearchStrategy[dict[str, Any]]:
    """Return documents of good values, all that is required in them."""
    return st.fixed_dictionaries(
        {name: good(one.kind) for name, one in of.items() if one.required},
        optional={name: good(one.kind) for name, one in of.items() if not one.required},
    )


def descriptions() -> st.SearchStrategy[Metadata]:
    """Return descriptions of all kinds."""
    return members(MEMBERS).map(Metadata.from_mapping)
