"""Stored words are named for people, by their variable and by what their keys are."""

from __future__ import annotations

import pytest

from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.layout import VARIABLES, variable
from registry.domain.storage import Variable
from registry.domain.word_names import differing, word_name

PRODUCT = ProductId(bytes(range(20)))
ADDRESS = Address(bytes(range(1, 21)))


def of_kind(kind: str) -> Variable:
    """Return a variable with one key, which is of this kind and no id."""
    return next(
        one
        for one in VARIABLES
        if [step.kind for step in one.keys] == [kind]
        and not {step.name for step in one.keys} & {"party", "product", "grant"}
    )


@pytest.mark.parametrize(
    ("contract", "name", "keys", "shown"),
    [
        ("PartyRegistry", "parties", PartyId.of(7).raw.rjust(32, b"\0"), str(PartyId.of(7))),
        ("ProductRegistry", "heads", PRODUCT.raw.ljust(32, b"\0"), str(PRODUCT)),
        ("GrantRegistry", "grants", b"\5" * 32, str(GrantId(b"\5" * 32))),
    ],
)
def test_ids_are_shown_as_people_write_them(
    contract: str, name: str, keys: bytes, shown: str
) -> None:
    """A key that is an id stands in its readable form, whichever side it is padded on."""
    assert word_name(variable(contract, name), keys) == f"{name}[{shown}]"


def test_addresses_numbers_and_texts_are_told_apart() -> None:
    """An address has its capitals, a number its digits, and bytes their text where it is one."""
    address = of_kind("address")
    told = word_name(address, ADDRESS.raw.rjust(32, b"\0"))
    assert told == f"{address.name}[{ADDRESS}]"
    number = next(one for one in VARIABLES if [k.kind[:4] for k in one.keys] == ["uint"])
    assert word_name(number, (260).to_bytes(32)).startswith(number.name + "[")
    text = of_kind("bytes32")
    assert word_name(text, b"GrantRegistry".ljust(32, b"\0")) == f"{text.name}[GrantRegistry]"
    assert word_name(text, b"\xff" * 32) == f"{text.name}[0x{'ff' * 32}]"


def test_several_keys_stand_one_after_the_other() -> None:
    """Each key has its brackets; more or fewer than the variable has are refused."""
    two = next(one for one in VARIABLES if len(one.keys) == 2)
    assert word_name(two, bytes(64)).count("[") == 2
    with pytest.raises(ValueError, match="argument"):
        word_name(two, bytes(32))


def test_fields_that_differ_are_named() -> None:
    """The fields in which two words differ are named; a bit without a meaning is `spare`."""
    head = variable("ProductRegistry", "heads")
    assert differing(head, bytes(32), bytes(32)) == ()
    names = {differing(head, bytes(32), (1 << bit).to_bytes(32)) for bit in range(256)}
    assert all(len(one) == 1 for one in names)
    assert ("latest",) in names
    assert {name for (name,) in names} - {"spare"} == set(head.word.unpack(bytes(32)))
