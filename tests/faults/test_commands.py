"""What a person is told of a network that fails, in both languages, and that no answer is wrong."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain import rpc, sender, wire
from registry.chain.sender import Patience
from registry.messages import text
from tests.faults.cases import ASKING, WRITING, asked, expected, identities, seen, written
from tests.faults.control import Proxy, proxy
from tests.faults.trial import DONE
from tests.integration.cli_world import Run, World, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.trial import Fault

pytestmark = pytest.mark.anvil
TROUBLE = 4


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one world, which questions do not change."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down", "--force")


@pytest.fixture(scope="module")
def grant(world: World) -> str:
    """Give the module a grant of the world's product."""
    return str(world.grant().result["id"])


@pytest.fixture(scope="module")
def between(world: World) -> Iterator[Proxy]:
    """Stand a proxy before the world's chain."""
    with proxy(world.url) as made:
        yield made


def timeless(said: str) -> str:
    """Return what was said without the moments in it."""
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "MOMENT", said)


def words(world: World, grant: str, command: str, file: str = "") -> list[str]:
    """Return a command with what the world has."""
    meant = {
        "PRODUCT": world.product,
        "BUYER": world.buyer,
        "HOLDER": world.holder,
        "GRANT": grant,
        "DATA": str(world.data),
        "FILE": file,
    }
    return [meant.get(word, word) for word in command.split()]


ANSWERS: dict[str, Run] = {}
"""What each command answers where nothing goes wrong, once it was asked."""


def answered(world: World, grant: str, name: str, url: str, lang: str = "en") -> Run:
    """Run a command against the node, or what stands for it."""
    where = ("--rpc", url, "--directory", world.directory, "--json")
    return world.dengji(*words(world, grant, ASKING[name]), *where, DENGJI_LANG=lang)


@pytest.mark.parametrize(("name", "fault"), asked(), ids=str)
def test_a_question_has_its_answer_or_an_error(
    world: World,
    grant: str,
    between: Proxy,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    fault: Fault,
) -> None:
    """What passes changes no answer; what lasts is told by its code, in English and Chinese."""
    monkeypatch.setattr(rpc, "_FIRST_DELAY", 0.0)
    if name not in ANSWERS:
        plain = answered(world, grant, name, world.url)
        assert '"ok": false' not in plain.out, (name, plain)
        ANSWERS[name] = plain
    between.calm()
    fault.arm(between)
    ran = answered(world, grant, name, between.url)
    code = seen(fault.kind)
    if not fault.ever and code != DONE:
        code = DONE
    if code == DONE:
        assert (ran.code, timeless(ran.out)) == (ANSWERS[name].code, timeless(ANSWERS[name].out))
        return
    assert between.calm().done
    assert (ran.code, ran.error["code"]) == (TROUBLE, code)
    fault.arm(between)
    said = answered(world, grant, name, between.url, "zh").error
    between.calm()
    for lang, error in (("en", ran.error), ("zh", said)):
        explained(error, code, lang)


def explained(error: dict[str, Any], code: str, lang: str) -> None:
    """Assert that an error says what its code means, and what can be done, in a language."""
    assert error["code"] == code
    assert error["message"] == text(f"error.{code}", lang, **error["fields"])
    assert error["hint"] == text(f"hint.{code}", lang, **error["fields"])


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("name", "fault"), written(), ids=str)
def test_a_command_that_writes_does_so_once(
    world: World,
    grant: str,
    between: Proxy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    fault: Fault,
    lang: str,
) -> None:
    """It is done, or the error is explained in the language; run again, it was done once."""
    monkeypatch.setattr(rpc, "_FIRST_DELAY", 0.0)
    monkeypatch.setattr(sender, "Patience", partial(Patience, resend=0.1))
    (tmp_path / "new.csv").write_text(f"{name} {fault} {lang}")
    account = world.dengji("account", "list", "--json").result["items"][0]
    command = [
        *words(world, grant, WRITING[name], str(tmp_path / "new.csv")),
        *("--account", account["address"], "--password-file", account["password_file"]),
        *("--directory", world.directory, "--json"),
    ]
    with rpc.Rpc.connect(world.url) as node:
        before = nonce(node, account["address"])
        between.calm()
        fault.arm(between)
        ran = world.dengji(*command, "--rpc", between.url, DENGJI_LANG=lang)
        assert between.calm().done
        code = expected(fault)
        if code == DONE:
            assert (ran.code, json.loads(ran.out)["ok"]) == (0, True)
        else:
            assert ran.code == TROUBLE
            explained(ran.error, code, lang)
            assert world.dengji(*command, "--rpc", world.url).code == 0
        assert nonce(node, account["address"]) == before + 1


def nonce(node: rpc.Rpc, account: str) -> int:
    """Return how many transactions of an account are in blocks."""
    return node.ask(wire.quantity, "eth_getTransactionCount", account, "latest")


def test_there_are_more_than_five_hundred_cases() -> None:
    """Each is of another operation, fault, question or turn."""
    told = identities()
    assert len(told) == len(set(told))
    assert len(told) >= 500
