"""Audits by the command line on a real node."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cli.schema import RESULTS, problems
from registry.chain.deployment import find
from registry.chain.rpc import Rpc
from registry.domain.ids import Address, GrantId
from registry.domain.layout import variable
from tests.integration.cli_world import World, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anvil


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one world with a grant, which a test may damage at its end."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down")


def test_sound_then_damaged(world: World, tmp_path: Path) -> None:
    """A sound chain passes by exit 0; a word that is changed is named, and the exit is 5."""
    grant = world.grant("--salt", "1").result["id"]
    sound = world.dengji("audit", "run", "--json")
    assert (sound.code, problems(RESULTS["audit.run"], sound.result)) == (0, [])
    assert sound.result["differences"] == []
    deep = world.dengji("audit", "run", "--deep", "--json")
    assert (deep.code, deep.result["deep"]) == (0, True)
    assert deep.result["read_before"] == sound.result["at"]["block"]
    assert "no difference" in world.dengji("audit", "run").out

    block = str(deep.result["at"]["block"])
    asked = ("audit", "who", "--product", world.product, "--at", block)
    who = world.dengji(*asked, "--json")
    assert problems(RESULTS["audit.who"], who.result) == []
    assert [one["grant"] for one in who.result["items"]] == [grant]
    assert [one["party"] for one in who.result["holders"]] == [world.holder]
    said = world.dengji(*asked)
    assert f"{world.holder}, hold, use, operate" in said.err
    assert grant in said.out

    folder = tmp_path / "evidence"
    proved = world.dengji(*asked, "--proofs", str(folder), "--json")
    assert proved.result["items"] == who.result["items"]
    assert {one.name for one in folder.iterdir()} == {
        f"{world.product}.proof.json",
        f"{grant}.proof.json",
    }
    refused = world.dengji(*asked, "--proofs", str(tmp_path / "evidence" / f"{grant}.proof.json"))
    assert refused.code == 3
    assert "cannot be written" in refused.err
    assert "Name another file or folder" in refused.err
    block_hash = deep.result["at"]["block_hash"]
    for file in folder.iterdir():
        checked = world.dengji("proof", "verify", str(file), "--block-hash", block_hash)
        assert checked.code == 0, checked.out

    with Rpc.connect(world.url, chain_id=world.chain_id) as rpc:
        registry = find(rpc, Address.parse(world.directory)).grants
        place = variable("GrantRegistry", "grants").place(GrantId.parse(grant))
        rpc.call("hardhat_setStorageAt", registry.hex, "0x" + place.hex(), "0x" + "00" * 32)
        rpc.call("evm_mine")
    damaged = world.dengji("audit", "run", "--json")
    assert (damaged.code, problems(RESULTS["audit.run"], damaged.result)) == (5, [])
    (found,) = damaged.result["differences"]
    assert (found["kind"], found["what"]) == ("word-differs", f"grants[{grant}]")
    assert found["found"] == "0x" + "00" * 32
    said = world.dengji("audit", "run", "--lang", "zh")
    assert said.code == 5
    assert f"grants[{grant}]" in said.out


def test_moments_that_cannot_be(world: World) -> None:
    """A block that is not there yet, and words that are no moment, are refused by name."""
    ahead = world.dengji("audit", "run", "--to", "99999999", "--json")
    assert (ahead.code, ahead.error["code"]) == (4, "block-unknown")
    wrong = world.dengji("audit", "run", "--to", "yesterday", "--json")
    assert wrong.code == 3
    assert json.loads(wrong.out)["ok"] is False
