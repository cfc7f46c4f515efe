"""Stages, acts and actors have the numbers that the contracts know them by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from registry.domain.flow_table import Act, Actor, CaseKind, Stage

SOLIDITY = Path(__file__).resolve().parents[2] / "contracts" / "types" / "Flow.sol"


def constants(kind: str, name: str) -> list[tuple[str, str]]:
    """Return the members of an enumeration or a library of Solidity, with what they are set to."""
    (body,) = re.findall(
        rf"^{kind} {name} \{{(.*?)^\}}", SOLIDITY.read_text(), re.MULTILINE | re.DOTALL
    )
    lines = [one.strip() for one in body.splitlines() if not one.strip().startswith("//")]
    found = (re.fullmatch(r"(?:.* )?([A-Z_]+)(?: = (.*);)?,?", one) for one in lines if one)
    return [(one[1], one[2] or "") for one in found if one]


@pytest.mark.parametrize("mirror", [Act, Stage, CaseKind])
def test_what_cases_know_has_the_numbers_of_the_contracts(
    mirror: type[Act | Stage | CaseKind],
) -> None:
    """An event tells of an act by its number, as Solidity counts the members from zero."""
    named = [name for name, _ in constants("enum", mirror.__name__)]
    assert named
    assert {one.name: one.value for one in mirror} == {one: at for at, one in enumerate(named)}


def test_actors_have_the_bits_of_the_contracts() -> None:
    """Each is a bit of its own, so that whoever may act is never taken for the clock."""
    shifts = {name: value.removeprefix("1 << ") for name, value in constants("library", "Actor")}
    assert {one.name: one.value for one in Actor} == {
        name: 1 << int(shift) for name, shift in shifts.items()
    }
