"""The search for planted secrets finds them, wherever and in whatever form they come out."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from assurance.keys import examples
from assurance.keys_world import KeysWorld
from assurance.planted import Planted, Search

PLANTED = Planted()


@pytest.mark.parametrize(
    "leak",
    [
        PLANTED.key,
        PLANTED.key.hex().encode(),
        b"0x" + PLANTED.key.hex().upper().encode(),
        PLANTED.key.hex()[:40].encode(),
        str(int.from_bytes(PLANTED.typed)).encode(),
        base64.b64encode(b"x" + PLANTED.key + b"yy"),
        base64.urlsafe_b64encode(b"xx" + PLANTED.typed),
        repr(list(PLANTED.key)).encode(),
        repr(PLANTED.key).encode(),
        PLANTED.password.encode(),
        json.dumps({"password": PLANTED.password}).encode(),
        PLANTED.guess.encode("utf-16"),
        base64.b64encode(b"me:" + PLANTED.password.encode() + b"\n"),
        PLANTED.words.encode(),
        b"https://node/v3/" + PLANTED.token.encode(),
    ],
)
def test_every_form_is_found(leak: bytes) -> None:
    """A secret is found amid other bytes, in each form that a program might write."""
    search = Search(PLANTED.needles())
    search.look("streams", "nothing", b"before " * 9 + b"after")
    assert search.leaks == []
    search.look("streams", "something", b"before " + leak + b" after")
    assert search.leaks
    assert (search.outputs, search.searched) == ({"streams": 2}, 68 + 14 - 1 + len(leak))


def test_a_leak_is_found_wherever_it_is(tmp_path: Path) -> None:
    """What a command prints, and what lies in the home, the working folder or a temporary one."""
    world = KeysWorld(tmp_path / "world")
    world.run("account", "list", "--json")
    world.look_at_files()
    assert world.search.leaks == []
    assert world.search.outputs["files"] >= 2
    # A person's own mistake, which Dengji does print: an argument that is no secret to it.
    world.run("register", world.planted.token)
    assert any("register" in one and "errors" in one for one in world.search.leaks)
    for place in ("home", "work", "tmp"):
        found = len(world.search.leaks)
        (tmp_path / "world" / place / "left").write_bytes(world.planted.key)
        world.look_at_files()
        assert any(f"{place}/left" in one for one in world.search.leaks[found:])
        (tmp_path / "world" / place / "left").unlink()


def test_the_examples_are_those_of_every_command() -> None:
    """Each command that is no group has its examples run."""
    topics = {topic for topic, _ in examples()}
    assert {"register", "grant.issue", "account.connect", "party.agent.add"} <= topics
    assert "grant" not in topics
    assert len(topics) > 90
