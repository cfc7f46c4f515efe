"""Run the command line against a real dev chain with a holder, a buyer and a stranger on it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from cli.main import main
from registry.chain.devchain import starting
from registry.testing import START

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS_AND_OFFICES = {
    *("party.identity.show", "party.identity.prepare", "party.identity.verify", "party.keys"),
    *("party.signer", "party.consent", "party.rotate", "party.agent.add", "party.agent.remove"),
    *("party.agent.list", "party.recover.announce", "party.recover.cancel"),
    *("party.recover.finish", "party.admit", "party.delist", "party.admit-key"),
    *("registrar.admit", "registrar.suspend", "registrar.delist", "registrar.list"),
}
"""The commands whose shapes `test_cli_parties` looks after."""


@dataclass(frozen=True)
class Run:
    """What one run came to."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> Any:  # noqa: ANN401 (whatever JSON holds)
        """Return the result of a run with --json."""
        answer = json.loads(self.out)
        assert answer["ok"] is True, answer
        return answer["result"]

    @property
    def error(self) -> dict[str, Any]:
        """Return the error of a run with --json."""
        answer = json.loads(self.out)
        assert answer["ok"] is False, answer
        found: dict[str, Any] = answer["error"]
        return found


def run(home: Path, *arguments: str, **variables: str) -> Run:
    """Run `dengji` in this process, at a home of its own, in English, without a terminal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DENGJI_")}
    if "DENGJI_ANVIL" in os.environ:
        kept["DENGJI_ANVIL"] = os.environ["DENGJI_ANVIL"]
    environ = kept | {"DENGJI_HOME": str(home), "DENGJI_LANG": "en", **variables}
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environ, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main([str(argument) for argument in arguments])
    return Run(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def beginning_at(seconds: int) -> Iterator[None]:
    """Have a dev chain that is made meanwhile begin at a time, whatever the day is."""
    clock = SimpleNamespace(time=lambda: seconds, strftime=time.strftime, gmtime=time.gmtime)
    with patch.object(starting, "time", clock):
        yield


@dataclass(frozen=True, kw_only=True)
class World:
    """A home whose dev chain runs, with two parties and an account of neither."""

    home: Path
    data: Path
    url: str
    chain_id: int
    directory: str
    holder: str
    buyer: str
    buyer_account: str
    stranger_account: str
    product: str

    def dengji(self, *arguments: str, **variables: str) -> Run:
        """Run as the holder, whose account is the home's first."""
        return run(self.home, *arguments, **variables)

    def as_buyer(self, *arguments: str) -> Run:
        """Run as the buyer."""
        return run(self.home, "--account", self.buyer_account, *arguments)

    def grant(self, *more: str) -> Run:
        """Issue a grant to the buyer."""
        return self.dengji(
            *("grant", "issue", self.product, "--to", self.buyer, "--action", "READ"),
            *("--purpose", "RESEARCH", "--json", *more),
        )

    def check(self, *more: str, purpose: str = "RESEARCH") -> Run:
        """Ask whether the buyer may read."""
        return self.dengji(
            *("check", self.product, "--grantee", self.buyer, "--action", "READ"),
            *("--purpose", purpose, "--json", *more),
        )


def make(folder: Path) -> World:
    """Make a world below a folder, whose chain begins with the year that the calendar has."""
    home, data = folder / "home", folder / "data"
    data.mkdir(parents=True)
    (data / "a.csv").write_text("1,2\n")
    (data / "b.csv").write_text("3,4\n")
    with beginning_at(START):
        product = run(home, "register", str(data), "--json").result["product"]
    status = run(home, "chain", "status", "--json").result
    buyer_account = run(home, "account", "new", "--json").result["address"]
    buyer = run(home, "--account", buyer_account, "party", "enrol", "--json").result["id"]
    known = json.loads((home / "deployments.json").read_text())
    return World(
        home=home,
        data=data,
        url=status["endpoint"],
        chain_id=status["chain_id"],
        directory=next(iter(known.values())),
        holder=run(home, "party", "show", "--json").result["id"],
        buyer=buyer,
        buyer_account=buyer_account,
        stranger_account=run(home, "account", "new", "--json").result["address"],
        product=product,
    )
