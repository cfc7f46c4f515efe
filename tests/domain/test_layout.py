"""Where contracts keep what: as the compiler says, and words taken apart and put together."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import layout
from registry.domain.ids import PartyId, ProductId
from registry.domain.keccak import keccak
from registry.domain.storage import (
    Items,
    Key,
    KeyInvalid,
    Member,
    Part,
    Variable,
    Word,
    WordInvalid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SAID: dict[str, Any] = json.loads((ROOT / "snapshots" / "storage.json").read_text("utf-8"))
# The second code of the registry of grants runs on the registry's own storage.
SERVING = {"GrantOffice": "GrantRegistry"}
WORDS = {one.word.name: one.word for one in layout.VARIABLES}.values()


@pytest.mark.parametrize("variable", layout.VARIABLES, ids=lambda one: f"{one.contract}.{one.name}")
def test_every_place_is_where_the_compiler_puts_it(variable: Variable) -> None:
    """Each variable stands at the slot of its label, and each step goes through its type."""
    said = SAID[variable.contract]
    found = [one for one in said["variables"] if one["slot"] == variable.slot]
    labels = [one["label"] for one in found]
    assert variable.label in labels
    kind = found[labels.index(variable.label)]["type"]
    for step in variable.path:
        kind = _entered(step, kind, said)
    while said["bytes"][kind] > 32:
        kind = _entered(Member(said["structs"][kind][0]["label"], 0), kind, said)


def _entered(step: Key | Items | Member, kind: str, said: dict[str, Any]) -> str:
    """Return the type that a step leads to."""
    if isinstance(step, Key):
        matched = re.fullmatch(r"mapping\((\S+)(?: \w+)? => (.+)\)", kind)
        assert matched is not None, kind
        key, value = matched.groups()
        expected = 20 if step.kind == "address" else int(re.sub(r"\D", "", step.kind))
        size = expected // 8 if step.kind.startswith("uint") else expected
        assert said["bytes"][key] == size
        return value
    if isinstance(step, Items):
        item = kind.removesuffix("[]")
        assert item != kind
        assert said["bytes"][item] == 32 * step.size
        return item
    (member,) = [one for one in said["structs"][kind] if one["label"] == step.name]
    assert member["slot"] == step.after
    return str(member["type"])


def _covered() -> Iterator[tuple[str, str]]:
    for name, said in SAID.items():
        for one in said["variables"]:
            yield SERVING.get(name, name), one["label"]


def test_nothing_that_a_contract_keeps_is_left_out() -> None:
    """Every variable that the compiler knows of is described, in the slots that it has."""
    packed = {("PartyRegistry", "_consumingSchedule"), ("WorkCalendar", "_consumingSchedule")}
    packed |= {("WorkCalendar", "_stoppedFrom"), ("WorkCalendar", "_stoppedUntil")}
    described = {(one.contract, one.label) for one in layout.VARIABLES}
    assert set(_covered()) - packed == described


def test_both_codes_of_the_registry_of_grants_keep_things_alike() -> None:
    """The office runs on the storage of the registry: its variables have the same places."""
    assert SAID["GrantOffice"]["variables"] == SAID["GrantRegistry"]["variables"]


@pytest.mark.parametrize(
    ("contract", "struct", "word"),
    [
        ("PartyRegistry", "struct Registrar", "Registrar"),
        ("RegistrationDesk", "struct Docket", "Docket"),
        ("CertificateRegistry", "struct CodeRecord", "CodeRecord"),
        ("CertificateRegistry", "struct Certificate", "Certificate"),
        ("Authority", "struct AccessManager.Access", "Access"),
        ("Authority", "struct AccessManager.Schedule", "Schedule"),
    ],
)
def test_words_that_the_compiler_packs_are_divided_as_it_says(
    contract: str, struct: str, word: str
) -> None:
    """Each field of a struct lies where the compiler has it, the first one lowest."""
    members = {one["label"]: one["offset"] * 8 for one in SAID[contract]["structs"][struct]}
    (found,) = [one for one in WORDS if one.name == word]
    assert _lows(found) == members


def _lows(word: Word) -> dict[str, int]:
    """Return how far above the lowest bit each field begins."""
    left, lows = 256, {}
    for part in word.parts:
        left -= part.bits
        if part.name:
            lows[part.name] = left
    return lows


def test_names_are_unique_in_their_contract() -> None:
    """A contract and a name lead to one variable, and a wrong name to none."""
    names = [(one.contract, one.name) for one in layout.VARIABLES]
    assert len(set(names)) == len(names)
    for contract, name in names:
        assert layout.variable(contract, name).name == name
    with pytest.raises(LookupError):
        layout.variable("GrantRegistry", "heads")
    assert {one.contract for one in layout.variables("UsageMeter")} == {"UsageMeter"}


def test_places_follow_the_rules_of_mappings_lists_and_structs() -> None:
    """Keys are filled up at the side of their type, and hashed before the mapping's own place."""
    party, product = PartyId.of(7), ProductId.of(9)
    numbered = keccak((7).to_bytes(32) + (4).to_bytes(32))
    assert layout.variable("PartyRegistry", "parties").place(party) == numbered
    outer = keccak(product.raw + bytes(12) + (6).to_bytes(32))
    inner = int.from_bytes(outer) + 1
    told = keccak((2).to_bytes(32) + inner.to_bytes(32))
    assert layout.variable("ProductRegistry", "annotations").place(product, 2) == told
    first = int.from_bytes(keccak(bytes(32)))
    located = layout.variable("Directory", "entryLocations").place(5)
    assert int.from_bytes(located) == first + 3 * 5 + 1
    assert layout.variable("Directory", "sealedAt").place() == (2).to_bytes(32)


@pytest.mark.parametrize("keys", [(), (1, 2), (b"\x01" * 7,), (-1,), (1 << 64,)])
def test_keys_that_do_not_fit_are_refused(keys: tuple[int, ...]) -> None:
    """Too few, too many, too short, negative and too large keys have no place."""
    with pytest.raises(KeyInvalid):
        layout.variable("PartyRegistry", "parties").place(*keys)


def test_numbers_are_no_keys_of_bytes() -> None:
    """A number does not say at which end it is to be filled up."""
    with pytest.raises(KeyInvalid):
        layout.variable("GrantRegistry", "grants").place(5)


@given(st.data())
def test_words_are_put_together_as_they_are_taken_apart(data: st.DataObject) -> None:
    """Any fields that fit make a word, and the word gives the fields."""
    word = data.draw(st.sampled_from(sorted(WORDS, key=lambda one: one.name)))
    fields = {
        part.name: data.draw(st.integers(0, (1 << part.bits) - 1), part.name)
        for part in word.parts
        if part.name
    }
    assert word.unpack(word.pack(**fields)) == fields


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
def test_a_set_spare_bit_is_refused(word: Word) -> None:
    """No contract sets a spare bit: a word that has one is none of theirs."""
    left = 256
    for part in word.parts:
        left -= part.bits
        if not part.name:
            for bit in (left, left + part.bits - 1):
                with pytest.raises(WordInvalid):
                    word.unpack((1 << bit).to_bytes(32))


def test_values_that_do_not_fit_a_word_are_refused() -> None:
    """A field too large, a field that the word has not, and bytes of another length."""
    word = Word("pair", (Part("one", 255), Part("two", 1)))
    with pytest.raises(WordInvalid):
        word.pack(two=2)
    with pytest.raises(WordInvalid):
        word.pack(three=1)
    with pytest.raises(WordInvalid):
        word.unpack(bytes(31))
    with pytest.raises(ValueError, match="has 2 bits"):
        Word("short", (Part("one", 2),))
