"""Proofs from the command line, on a dev chain: made, verified without it, refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cli.schema import RESULTS, problems
from tests.integration.cli_world import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.cli_world import World

pytestmark = [pytest.mark.anvil, pytest.mark.slow]

NOTHING = "0x" + "07" * 32


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Make a home with a dev chain, a product and a buyer."""
    made = make(tmp_path_factory.mktemp("proofs"))
    yield made
    made.dengji("chain", "down", "--force")


def test_a_grant_is_proved_and_verified_without_a_network(world: World, tmp_path: Path) -> None:
    """The file holds against its block hash and not against another, and says what it shows."""
    grant = world.grant().result["id"]
    file = tmp_path / "grant.json"
    made = world.dengji("proof", "create", grant, "--out", str(file), "--json")
    assert problems(RESULTS["proof.create"], made.result) == []
    assert made.result["subject"] == {"kind": "grant", "id": grant}
    rests_on = json.loads(file.read_bytes())["header"]["hash"]
    elsewhere = {"DENGJI_HOME": str(tmp_path / "nowhere")}
    verify = ("proof", "verify", str(file), "--json")
    shown = world.dengji(*verify, "--block-hash", rests_on, **elsewhere)
    assert shown.code == 0
    assert problems(RESULTS["proof.verify"], shown.result) == []
    assert (shown.result["rests_on"], shown.result["hash_given"]) == (rests_on, True)
    assert shown.result["facts"]["against"] == []
    assert (shown.result["directory_expected"], shown.result["local_chain"]) == (False, False)
    assert any(grant in said for said in shown.result["statement"])
    directory = shown.result["directory"]
    named = world.dengji(*verify, "--block-hash", rests_on, "--directory", directory, **elsewhere)
    assert named.result["directory_expected"] is True
    wrong = world.dengji(*verify, "--block-hash", NOTHING, **elsewhere)
    assert (wrong.code, wrong.error["fields"]["reason"]) == (5, "block-other")


def test_the_node_is_asked_where_no_hash_is_given(world: World, tmp_path: Path) -> None:
    """The network's own node tells the hash, and its directory is the one that is meant."""
    file = tmp_path / "product.json"
    made = world.dengji("proof", "create", world.product, "--out", str(file), "--json")
    assert made.code == 0
    found = world.dengji("proof", "verify", str(file), "--json")
    assert found.result["directory_expected"] is True
    assert (found.result["hash_given"], found.result["local_chain"]) == (False, True)
    said = world.dengji("proof", "verify", str(file), "--lang", "zh")
    assert "本地链" in said.out
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    assert world.dengji("proof", "verify", str(file)).code in (3, 5)
    file.write_bytes(b"{}")
    assert world.dengji("proof", "verify", str(file)).code == 3


def test_absence_is_a_subject_of_its_own(world: World, tmp_path: Path) -> None:
    """A content that nobody claims is absent; a product that is there is not."""
    file = tmp_path / "absence.json"
    asked = ("proof", "create", NOTHING, "--subject", "absence", "--out", str(file), "--json")
    assert world.dengji(*asked).result["facts"]["absent"]["kind"] == "content"
    there = world.dengji("proof", "create", world.product, "--subject", "absence", "--json")
    assert (there.code, there.error["fields"]["reason"]) == (3, "not-absent")
    version = world.dengji("proof", "create", f"{world.product}@9", "--json")
    assert (version.code, version.error["fields"]["reason"]) == (3, "version-missing")
    one = world.dengji("proof", "create", f"{world.product}@1", "--out", str(file), "--json")
    assert one.result["subject"]["version"] == 1
    for none in ("@0", "@", "@65536", "@x"):
        wrong = world.dengji("proof", "create", world.product + none, "--json")
        assert (wrong.code, wrong.error["fields"]["given"]) == (2, none)
    needed = world.dengji("proof", "create", world.product, "--subject", "version", "--json")
    assert needed.error["code"] == "options-unfit"
