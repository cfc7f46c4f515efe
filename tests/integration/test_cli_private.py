"""Private registrations by the command line on a real node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.schema import RESULTS, problems
from tests.integration.cli_world import World, make

if TYPE_CHECKING:
    from collections.abc import Iterator


pytestmark = pytest.mark.anvil


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one world."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down")


def test_registered_verified_forgotten(world: World, tmp_path: Path) -> None:
    """Content registered privately is verified by its salt until that is forgotten, then is not."""
    content, elsewhere = tmp_path / "age.txt", tmp_path / "elsewhere"
    content.write_text("42\n")
    made = world.dengji("register", str(content), "--private", "--json")
    assert problems(RESULTS["register"], made.result) == []
    assert made.result["private"] is True
    product, salts = made.result["product"], made.result["salts"]
    again = world.dengji("register", str(content), "--private", "--json").result
    assert (again["already"], again["product"]) == (True, product)

    found = world.dengji("verify", str(content), "--json")
    assert problems(RESULTS["verify"], found.result) == []
    assert (found.code, found.result["products"][0]["private"]) == (0, True)
    stranger = {"DENGJI_HOME": str(elsewhere)}
    given = ("--rpc", world.url, "--directory", world.directory, "verify", str(content), "--json")
    assert world.dengji(*given, **stranger).code == 7
    salt = tmp_path / "salt"
    salt.write_text(json.loads(Path(salts).read_text())["content_salt"])
    assert world.dengji(*given, "--salt-file", str(salt), **stranger).code == 0

    refused = world.dengji("product", "forget", product, "--json")
    assert refused.error["code"] == "consent-needed"
    forgotten = world.dengji("product", "forget", product, "--yes", "--json")
    assert problems(RESULTS["product.forget"], forgotten.result) == []
    after = world.dengji("verify", str(content), "--code", product, "--json")
    assert (after.code, after.result["forgotten"]) == (7, True)
    assert "erased" in world.dengji("verify", str(content), "--code", product).out
    shown = world.dengji("product", "show", product, "--json").result
    assert shown["state"] == "REGISTERED"
    assert [one["reason"] for one in shown["annotations"]] == ["ERASED"]
    missing = world.dengji("product", "forget", product, "--yes", "--json")
    assert missing.error["code"] == "salts-missing"


def test_what_is_plain_already_is_told(world: World, tmp_path: Path) -> None:
    """Who registers privately what they registered plainly is told on stderr, in each language."""
    content = tmp_path / "age.txt"
    content.write_text("43\n")
    first = world.dengji("register", str(content), "--private")
    assert (first.code, "without a salt" in first.err) == (0, False)
    plain = world.dengji("register", str(content), "--json").result["product"]
    for lang, said in (("en", "without a salt"), ("zh", "不加盐")):
        told = world.dengji("register", str(content), "--private", "--lang", lang)
        assert told.code == 0
        (line,) = [line for line in told.err.splitlines() if said in line]
        assert plain in line


def test_only_open_registrations_are_private(world: World) -> None:
    """Under a profile with a registrar nothing is private, which is said before all else."""
    asked = ("register", str(world.data), "--profile", "PROPERTY", "--private", "--json")
    ran = world.dengji(*asked)
    assert (ran.code, ran.error["code"]) == (3, "privacy-unfit")
