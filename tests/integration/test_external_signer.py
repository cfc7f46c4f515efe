"""Test writing and signing by a program that holds the key apart: transactions and messages."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.schema import RESULTS, problems
from registry.chain import wire
from registry.chain.keystore import LIGHT, Keystore
from registry.client import Dengji
from registry.domain.ids import Address
from registry.domain.ledger import Deployment
from tests.integration.cli_world import Run, run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
KEY = "6c4d2f8b1e9a7053c8d4f2b6a1e3975d0c8b4a6f2e1d3c5b7a9f8e6d4c2b1a09"
WORD = "a word for the signer 印"
# Messages and rules, as the commands of the main story need them.
RULES = """
chains = [{chain}]
contracts = {contracts}
messages = ["Terms"]
most = {most}
confirm = false
"""
MOST = 10**18


class Elsewhere:
    """A home with a dev chain whose second account signs by a program apart."""

    def __init__(self, folder: Path) -> None:
        """Make the home, the chain on it, and the signer's own folder, which no home knows."""
        self.home, self.folder = folder / "home", folder / "signer"
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        (self.data / "a.csv").write_text("1,2\n")
        first = self.first("register", str(self.data), "--json").result
        self.product = first["product"]
        self.chain = self.first("chain", "status", "--json").result["chain_id"]
        keystore = Keystore(self.folder / "keys")
        self.address = keystore.import_key(KEY, WORD, cost=LIGHT)
        (self.folder / "word").write_text(f"{WORD}\n")
        self.socket = self.folder / "socket"
        self.rules(MOST)

    def rules(self, most: int) -> None:
        """Write the signer's rules: all contracts of the deployment, up to a cost."""
        (path,) = (self.home / "verified").iterdir()
        known = json.loads(path.read_text())
        named = [one.name for one in fields(Deployment) if "Address" in str(one.type)]
        contracts = [known[name] for name in named if known.get(name)]
        (self.folder / "rules.toml").write_text(
            RULES.format(chain=self.chain, contracts=json.dumps(contracts), most=most)
        )

    @contextmanager
    def signer(self) -> Iterator[subprocess.Popen[str]]:
        """Run the example's server."""
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "examples.signer.server", str(self.socket)),
                *("--keystore", str(self.folder / "keys")),
                *("--rules", str(self.folder / "rules.toml")),
                *("--password-file", str(self.folder / "word")),
            ],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            assert said.startswith("signing at"), said
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(120)
            process.stderr.close()

    def first(self, *arguments: str) -> Run:
        """Run as the home's first account, whose key is there."""
        return run(self.home, *arguments)

    def dengji(self, *arguments: str) -> Run:
        """Run as the account that signs elsewhere."""
        return run(self.home, "--account", str(self.address), *arguments, "--json")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """Make one for all tests, its account connected and enrolled."""
    made = Elsewhere(tmp_path_factory.mktemp("elsewhere"))
    try:
        with made.signer():
            connected = made.first("account", "connect", str(made.socket), "--json")
            assert connected.result == {
                "address": str(made.address),
                "keystore": None,
                "password_file": None,
                "signer_socket": str(made.socket),
            }
            assert made.dengji("party", "enrol").code == 0
        yield made
    finally:
        made.first("chain", "down")


def test_every_kind_of_write_is_signed_elsewhere(elsewhere: Elsewhere) -> None:
    """A registration, a grant, and both sides' typed messages go the same way as with a key."""
    (elsewhere.data / "b.csv").write_text("3,4\n")
    with elsewhere.signer():
        made = elsewhere.dengji("register", str(elsewhere.data / "b.csv"))
        assert made.code == 0, made.err
        assert f"asking the signer at {elsewhere.socket}" in made.err
        other = elsewhere.first("party", "show", "--json").result["id"]
        offer = elsewhere.folder / "offer.json"
        proposed = elsewhere.dengji(
            *("grant", "propose", made.result["product"], "--to", other, "--action", "READ"),
            *("--purpose", "RESEARCH", "--offer-until", "30d", "--out", str(offer)),
        )
        assert proposed.code == 0, proposed.out
        signed = elsewhere.dengji("grant", "sign", str(offer), "--yes")
        assert signed.result["signatures"][0]["valid"] is True
        assert elsewhere.first("grant", "sign", str(offer), "--yes", "--json").code == 0
        filed = elsewhere.dengji("grant", "submit", str(offer))
        assert filed.code == 0, filed.out
    listed = elsewhere.first("account", "list", "--json").result["items"]
    assert [one["signer_socket"] for one in listed] == [None, str(elsewhere.socket)]
    kept = [path for path in elsewhere.home.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in path.read_bytes() for path in kept)


def test_what_the_rules_forbid_is_not_signed(elsewhere: Elsewhere) -> None:
    """A refusal is said with the signer's words and code 3; nothing is sent, nothing is left."""
    elsewhere.rules(most=1)
    before = nonce(elsewhere)
    with elsewhere.signer():
        told = register(elsewhere)
    assert (told.code, told.error["code"]) == (3, "signer-refused")
    assert told.error["fields"]["problem"] == "denied"
    assert "more than 1" in told.error["fields"]["reason"]
    assert nonce(elsewhere) == before
    elsewhere.rules(MOST)


def test_a_signer_that_is_away_is_named(elsewhere: Elsewhere) -> None:
    """Without the signer a write ends with code 4, and the same command works once it is back."""
    away = register(elsewhere)
    assert (away.code, away.error["code"]) == (4, "signer-unreachable")
    with elsewhere.signer():
        assert register(elsewhere).code == 0


def test_a_socket_that_others_may_open_is_not_used(elsewhere: Elsewhere) -> None:
    """A signer whose socket others may open is not asked: code 3, in either language."""
    with elsewhere.signer():
        elsewhere.socket.chmod(0o666)
        exposed = register(elsewhere, "d.csv", "--lang", "zh")
    assert (exposed.code, exposed.error["code"]) == (3, "signer-exposed")
    assert "0666" in exposed.error["message"]


def test_an_account_is_connected_and_forgotten(elsewhere: Elsewhere) -> None:
    """An account is connected once, by a signer that has it; forgotten, it is unknown again."""
    with elsewhere.signer():
        again = elsewhere.first("account", "connect", str(elsewhere.socket), "--json")
        assert (again.code, again.error["code"]) == (3, "account-exists")
        other = str(Address(b"\5" * 20))
        none = elsewhere.first("account", "connect", str(elsewhere.socket), other, "--json")
        assert none.error["code"] == "account-ambiguous"
        gone = elsewhere.first("account", "disconnect", str(elsewhere.address), "--json")
        assert problems(RESULTS["account.disconnect"], gone.result) == []
        assert gone.result["signer_socket"] == str(elsewhere.socket)
        unknown = elsewhere.dengji("product", "retire", elsewhere.product)
        assert unknown.error["code"] == "account-unknown"
        connected = elsewhere.first(
            *("account", "connect", str(elsewhere.socket), str(elsewhere.address)),
            *("--timeout", "90", "--json"),
        )
        assert problems(RESULTS["account.connect"], connected.result) == []


def register(elsewhere: Elsewhere, name: str = "c.csv", *more: str) -> Run:
    """Register another file as the account that signs elsewhere."""
    (elsewhere.data / name).write_text(f"5,{name}\n")
    return elsewhere.dengji("register", str(elsewhere.data / name), *more)


def nonce(elsewhere: Elsewhere) -> int:
    """Return how many transactions the account has sent."""
    with Dengji.connect(home=str(elsewhere.home), writing=False) as client:
        connection = client._connection
        assert connection is not None
        asked = ("eth_getTransactionCount", str(elsewhere.address), "latest")
        return connection.rpc.ask(wire.quantity, *asked)
