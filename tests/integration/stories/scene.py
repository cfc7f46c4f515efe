"""Play a story: people, each with a home and an account of their own, on one chain in one city.

Everything is done through the command line, as its people would. The chain's clock starts at a day
of the story and is moved by it, as a clock in China shows it.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from eth_account import Account

from cli.schema import RESULTS, problems
from registry.chain.rpc import Rpc
from tests.conftest import CHAIN_ID, ROOT, started, stopped
from tests.integration.cli_world import Run, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMS = ROOT / "tests" / "applications"
CHINA = timezone(timedelta(hours=8))
PASSWORD = "a story's password"
_RICH = "0x" + (10**20).to_bytes(16).hex().lstrip("0")
# A keystore's price is for secrets: these open in a hundredth of a second.
_CHEAP = 1024


def at(text: str) -> int:
    """Return the time that a clock in China shows."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp())


def topic_of(arguments: tuple[str, ...]) -> str:
    """Return the name of a command's shape; an application's is that of its submission."""
    if arguments[0] == "register" and "--profile" in arguments:
        return "case.submit"
    named = (".".join(arguments[:words]) for words in (3, 2, 1))
    return next(topic for topic in named if topic in RESULTS)


@dataclass(frozen=True, kw_only=True)
class Person:
    """One party of a story: what it types, it types at its own home."""

    name: str
    home: Path
    account: str
    party: str
    settings: dict[str, str]
    credit_code: str = ""

    def tries(self, *arguments: str) -> Run:
        """Run a command with --json, whatever comes of it."""
        return run(self.home, *arguments, "--json", **self.settings)

    def does(self, *arguments: str) -> Any:  # noqa: ANN401 (whatever JSON holds)
        """Run a command that must succeed; return its result, which is as its shape says."""
        done = self.tries(*arguments)
        assert done.code == 0, (self.name, arguments, done.out, done.err)
        assert problems(RESULTS[topic_of(arguments)], done.result) == [], arguments
        return done.result

    def fails(self, *arguments: str, code: str, exit_code: int = 1) -> dict[str, Any]:
        """Run a command that must be refused with this error, and return the error's fields."""
        done = self.tries(*arguments)
        assert done.code == exit_code, (self.name, arguments, done.code, done.out, done.err)
        assert done.error["code"] == code, (self.name, arguments, done.error)
        fields: dict[str, Any] = done.error["fields"]
        return fields

    def answers(self, *arguments: str, exit_code: int) -> Any:  # noqa: ANN401 (as `does`)
        """Run a command that answers by its exit code too, and return its result."""
        done = self.tries(*arguments)
        assert done.code == exit_code, (self.name, arguments, done.code, done.out, done.err)
        return done.result

    def form(self, name: str, *holders: Person, **changed: str) -> str:
        """Return an application form at home; of its holders the ledger knows these people.

        `changed` are fields of its first table with their values in TOML; what it lacks is added.
        """
        lines = (FORMS / f"{name}.toml").read_text().splitlines()
        parties = {holder.credit_code: holder.party for holder in holders}
        known = {line.partition(" = ")[0] for line in lines}
        told = [f"{field} = {value}" for field, value in changed.items() if field not in known]
        for line in lines:
            field, _, value = line.partition(" = ")
            told.append(f"{field} = {changed[field]}" if field in changed else line)
            if field == "creditCode" and value.strip('"') in parties:
                told.append(f'party = "{parties[value.strip(chr(34))]}"')
        return self.file(f"{name}.toml", "\n".join(told) + "\n")

    def whole_form(self) -> str:
        """Return the whole form that was filed, as the registrar is handed it."""
        kept = max((self.home / "applications").glob("*.json"), key=lambda one: one.stat().st_mtime)
        return str(kept)

    def file(self, name: str, content: str | bytes) -> str:
        """Write a file at home and return its path."""
        path = self.home / "papers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One chain with one deployment, and the people on it."""

    folder: Path
    rpc: Rpc
    url: str
    registrar: Person

    def person(self, name: str, credit_code: str | None = None) -> Person:
        """Return a new person, enrolled as a party."""
        stranger = _person(self.folder / name, name, self.rpc, self.registrar.settings)
        identity = () if credit_code is None else ("--credit-code", credit_code)
        party = stranger.does("party", "enrol", *identity)["id"]
        return _enrolled(stranger, party, credit_code or "")

    def go_to(self, text: str) -> None:
        """Move the chain's clock on to what a clock in China shows."""
        self.rpc.call("evm_setNextBlockTimestamp", at(text))
        self.rpc.call("evm_mine")

    def admit(self, person: Person, role: str, *more: str) -> None:
        """Have a party admitted to an office: announced, then done after the delay."""
        command = ("party", "admit", person.party, "--role", role, *more)
        step = self.registrar.does(*command)
        ready = int(datetime.fromisoformat(step["ready"]).timestamp())
        self.rpc.call("evm_setNextBlockTimestamp", ready + 1)
        self.rpc.call("evm_mine")
        self.registrar.does(*command)


@contextmanager
def scene(folder: Path, start: str, *, seat: str = "441") -> Iterator[Scene]:
    """Begin a story on a day, with a registrar who has deployed the contracts."""
    options = ("--chain-id", str(CHAIN_ID), "--timestamp", str(at(start)))
    process, url = started(folder / "anvil.log", *options)
    try:
        with Rpc.connect(url, chain_id=CHAIN_ID) as rpc:
            settings = {"DENGJI_NETWORK": "exchange", "DENGJI_RPC": url}
            settings["DENGJI_CHAIN_ID"] = str(CHAIN_ID)
            first = _person(folder / "registrar", "registrar", rpc, settings)
            made = first.does("deploy", "--seat", seat)
            party = first.does("party", "show")["id"]
            first.settings["DENGJI_DIRECTORY"] = made["directory"]
            yield Scene(folder=folder, rpc=rpc, url=url, registrar=_enrolled(first, party))
    finally:
        stopped(process)


def _person(home: Path, name: str, rpc: Rpc, settings: dict[str, str]) -> Person:
    home.mkdir(parents=True)
    key = hashlib.sha256(name.encode()).digest()
    secret = home / "password.txt"
    secret.write_text(PASSWORD + "\n")
    keystore = home / "import.json"
    keystore.write_text(json.dumps(Account.encrypt(key, PASSWORD, kdf="scrypt", iterations=_CHEAP)))
    own = {**settings, "DENGJI_PASSWORD_FILE": str(secret)}
    stranger = Person(name=name, home=home, account="", party="", settings=own)
    account = stranger.does("account", "import", str(keystore))["address"]
    rpc.call("hardhat_setBalance", account, _RICH)
    return Person(name=name, home=home, account=account, party="", settings=own)


def _enrolled(person: Person, party: str, credit_code: str = "") -> Person:
    return Person(
        name=person.name,
        home=person.home,
        account=person.account,
        party=party,
        settings=person.settings,
        credit_code=credit_code,
    )
