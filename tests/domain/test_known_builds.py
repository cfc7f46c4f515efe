"""The contracts that this release deploys are known by their code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.chain import builds
from registry.domain import known_builds, layout
from registry.domain.keccak import keccak

LIST = json.loads((Path(known_builds.__file__).parents[1] / "known_builds.json").read_bytes())
NAMES = (builds.DIRECTORY, *builds.MADE)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_deployed_now_is_known(name: str) -> None:
    """Where this fails, a contract has changed: run `python -m scripts.gen_storage`."""
    build = builds.build(name)
    blank = bytearray(build.runtime)
    for start, length in build.immutables:
        blank[start : start + length] = bytes(length)
    known = LIST.get(keccak(bytes(blank)).hex())
    assert known is not None
    assert (known["contract"], known["current"]) == (name, True)
    assert [start for start, _ in known["filled"]] == [start for start, _ in build.immutables]
    assert known["layout"] == known_builds.LAYOUT


def test_what_keeps_anything_is_described() -> None:
    """Each contract of the layout is one that is deployed."""
    assert {one.contract for one in layout.VARIABLES} <= set(NAMES)


def test_a_contract_that_is_not_deployed_now_is_one_of_before() -> None:
    """What is kept in the list beside the builds of now was deployed once, and is marked so."""
    assert all(one["kept"] or one["current"] for one in LIST.values())
