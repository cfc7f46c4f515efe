"""Set a dev chain up on which every command that writes has something to write about."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from registry.chain import genesis
from registry.chain.devchain import restore
from registry.chain.ledger import ChainLedger
from registry.chain.rpc import Rpc
from registry.domain.calendar import official
from registry.domain.lineage_operations import DeclareDerivation
from registry.errors import ConnectionLost
from registry.testing import START
from tests.conftest import ROOT
from tests.integration.cli_world import beginning_at, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.ids import Address
    from registry.domain.ledger import Receipt
    from registry.domain.operations import Operation

FORMS: Final = ROOT / "tests" / "applications"
PROPERTY: Final = ("--profile", "property", "--metadata", str(FORMS / "hail_index.toml"))
PUBLIC: Final = ("--profile", "public", "--metadata", str(FORMS / "crop_plots.toml"))
CODE: Final = "91440300MA00000A9P"
UNDECIDABLE: Final = 4
_DAY: Final = 86_400
_NOT_ANNOUNCED: Final = 256
"""Days that the ledger's calendar lacks, so that there is something to load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Hold one command that writes: what it is about, how it is typed, and as whom.

    `variant` tells several of one topic apart.
    """

    topic: str
    arguments: tuple[str, ...]
    variant: str = ""

    @property
    def account(self) -> str:
        """Return the account of whoever types it."""
        return self.arguments[self.arguments.index("--account") + 1]

    @property
    def name(self) -> str:
        """Return what the case is called."""
        return self.topic + (f"[{self.variant}]" if self.variant else "")


@dataclass(kw_only=True)
class Stage:
    """A home whose dev chain runs, with people on it, and the commands that may be given there."""

    home: Path
    folder: Path
    accounts: dict[str, str] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def do(self, *arguments: str, by: str = "founder") -> Any:  # noqa: ANN401 (whatever JSON holds)
        """Run a command as somebody; return its result, once it succeeded."""
        done = run(self.home, *self.typed(arguments, by))
        assert done.code == 0, (arguments, done.out, done.err)
        return done.result

    def typed(self, arguments: tuple[str, ...], by: str) -> tuple[str, ...]:
        """Return what somebody types."""
        return ("--account", self.accounts[by], *arguments, "--json")

    def case(
        self, topic: str, *arguments: str, by: str = "founder", variant: str = "", words: str = ""
    ) -> None:
        """Note a command that may now be given once, by words of its own where it has others."""
        asked = (*(words or topic).split("."), *arguments)
        self.cases.append(Case(topic=topic, variant=variant, arguments=self.typed(asked, by)))

    def file(self, name: str, content: str | None = None) -> str:
        """Return a file with a content, its own name unless another is given."""
        path = self.folder / name
        path.write_text(f"{name}\n" if content is None else content)
        return str(path)

    def person(self, name: str, *more: str) -> str:
        """Return the party of somebody who comes along."""
        self.account(name)
        self.parties[name] = str(self.do("party", "enrol", *more, by=name)["id"])
        return self.parties[name]

    def account(self, name: str) -> str:
        """Return an account of somebody without a party."""
        made = run(self.home, "account", "new", "--json").result["address"]
        self.accounts[name] = str(made)
        return self.accounts[name]

    def product(self, name: str, *more: str, by: str = "founder") -> str:
        """Return a product of a file of its own."""
        return str(self.do("register", self.file(f"{name}.csv"), *more, by=by)["product"])

    def applied(self, name: str, *more: str, form: tuple[str, ...] = PROPERTY) -> str:
        """Return a product that the buyer applied for."""
        paper = ("--evidence", self.file("deposit.txt"), "--registrar", "1")
        return self.product(name, *form, *paper, *more, by="buyer")

    def acted(self, act: str, product: str, *more: str, by: str = "founder") -> Any:  # noqa: ANN401 (as `do`)
        """Do something with a case."""
        return self.do("case", act, product, *more, by=by)

    def accepted(self, name: str) -> str:
        """Return a product whose application was accepted."""
        product = self.applied(name)
        self.acted("accept", product)
        return product

    def registered(self, name: str) -> str:
        """Return a product under PROPERTY with a code, of the buyer."""
        product = self.accepted(name)
        paper = self.file("deposit.txt")
        self.acted("waive", product, "--cause", paper)
        self.acted("finalise", product, "--evidence", paper, "--until", "2026-06-01")
        return product

    def granted(self, name: str, *more: str) -> str:
        """Return a grant of the founder to the buyer, on a product of its own."""
        issued = self.do("grant", "issue", self.product(name), *self.terms(*more))
        return str(issued["id"])

    def terms(self, *more: str) -> tuple[str, ...]:
        """Return the terms of a grant to the buyer."""
        common = ("--action", "READ,QUERY,DERIVE", "--purpose", "RESEARCH")
        return ("--to", self.parties["buyer"], *common, *more)

    def offer(self, name: str) -> str:
        """Return the file of an offer to the buyer that both sides signed."""
        file = str(self.folder / f"{name}.json")
        self.do("grant", "propose", self.product(name), *self.terms(), "--out", file)
        for side in ("founder", "buyer"):
            self.do("grant", "sign", file, "--yes", by=side)
        return file

    def wait(self, days: int) -> None:
        """Let days pass on the chain."""
        with Rpc.connect(run(self.home, "chain", "status", "--json").result["endpoint"]) as rpc:
            rpc.call("evm_increaseTime", days * _DAY)
            rpc.call("evm_mine")


@contextlib.contextmanager
def standing_clock() -> Iterator[None]:
    """Have dev chains begin, and go on, at the time that they have, whatever the day is."""
    clock = SimpleNamespace(time=lambda: 0, monotonic=time.monotonic)
    with beginning_at(START), patch.object(restore, "time", clock):
        yield


def built(folder: Path, *, small: bool = False) -> Stage:
    """Build the stage below a folder, or a few commands of it; within `standing_clock`."""
    stage = Stage(home=folder / "home", folder=folder / "papers")
    stage.folder.mkdir(parents=True)
    stage.account("founder")
    known = official()
    shorter = replace(known, end_day=known.end_day // _NOT_ANNOUNCED * _NOT_ANNOUNCED)
    with patch.object(genesis, "official", lambda: shorter):
        stage.parties["founder"] = stage.do("party", "enrol", "--credit-code", CODE)["id"]
    for name in ("buyer", "third"):
        stage.person(name)
    if small:
        _uses(stage)
        return stage
    _begin_what_takes_long(stage)
    _products(stage)
    _grants(stage)
    _uses(stage)
    _anchors(stage)
    _filings(stage)
    _decisions(stage)
    _parties(stage)
    return stage


def _begin_what_takes_long(stage: Stage) -> None:
    """Let publicity and the delays of the administration go by."""
    stage.file("deposit.txt")
    public = [stage.applied(name, form=PUBLIC) for name in ("wheat", "rape")]
    for product in public:
        stage.acted("accept", product)
        stage.acted("publicise", product)
    stage.wait(18)
    paper = stage.file("deposit.txt")
    for product in public:
        stage.acted("finalise", product, "--evidence", paper)
    stage.case("case.revoke", public[0], "--reason", "FALSEHOOD", "--evidence", paper)
    corrected = stage.file("corrected.csv")
    stage.case(
        *("case.correct", public[1], corrected, *PUBLIC[2:], "--evidence", paper), by="buyer"
    )
    publicised = stage.accepted("publicised")
    stage.acted("publicise", publicised)
    for name in ("registrar", "leaving", "court", "newcourt", "lost"):
        stage.person(name)
    stage.account("found")
    admit = [("--seat", "441"), ("--seat", "442")]
    for name, seat in zip(("registrar", "leaving"), admit, strict=True):
        stage.do("registrar", "admit", stage.parties[name], *seat)
    for name in ("court", "newcourt"):
        stage.do("party", "admit", stage.parties[name], "--role", "COURT")
    lost = stage.parties["lost"]
    stage.do("party", "recover", "announce", lost, "--to", stage.accounts["found"])
    stage.do("calendar", "correct", "2026-09-30", "--off")
    stage.do("calendar", "load", "--until", "2026-12-31")
    stage.wait(9)
    stage.do("registrar", "admit", stage.parties["leaving"], "--seat", "442")
    stage.do("party", "admit", stage.parties["court"], "--role", "COURT")
    stage.case("case.finalise", publicised, "--evidence", paper)
    stage.case("registrar.admit", stage.parties["registrar"], "--seat", "441")
    stage.case("registrar.delist", stage.parties["leaving"], variant="announced")
    stage.case("registrar.suspend", stage.parties["leaving"], "--reason", "BREACH")
    stage.case("party.admit", stage.parties["newcourt"], "--role", "COURT")
    stage.case("party.delist", stage.parties["court"], "--role", "COURT", variant="announced")
    stage.case("party.recover.finish", lost, by="found")
    stage.case("calendar.correct", "2026-09-30", "--off")
    stage.case("calendar.correct", "2026-09-29", "--off", variant="announced")
    stage.case("calendar.load", "--until", "2026-12-31")
    stage.case("calendar.load", "--until", "2026-11-30", variant="announced")


def _products(stage: Stage) -> None:
    third = stage.parties["third"]
    stage.case("register", stage.file("new.csv"))
    stage.case("register", stage.file("hidden.csv"), "--private", variant="private")
    source = ("--from", stage.product("source"))
    stage.case("register", stage.file("derived.csv"), *source, variant="derived")
    told = (*PROPERTY, "--registrar", "1", "--evidence", stage.file("deposit.txt"))
    stage.case("register", stage.file("filed.csv"), *told, by="buyer", variant="filed")
    rows = "".join(f"{stage.file(f'row{n}.csv')},{n}\n" for n in range(3))
    table = stage.file("table.csv", f"path,salt\n{rows}")
    out = ("--out", str(stage.folder / "results.csv"))
    stage.case("register", "--from-table", table, *out, variant="table")
    by_batch = ("--route", "batches", *out)
    stage.case("register", "--from-table", table, *by_batch, variant="table, batches")
    stage.case("register", "--from-table", table, "--route", "anchor", variant="table, anchor")
    stage.case("product.update", stage.product("old"), stage.file("old.2.csv"))
    described = ("--metadata", stage.file("described.toml", 'dataName = "described"\n'))
    second = stage.file("plain.2.csv")
    stage.case(*("product.update", stage.product("plain"), second, *described), variant="described")
    moved = stage.product("moved")
    stage.case("product.transfer", moved, "--to", third, "--rights", "OPERATE", "--yes")
    stage.case("product.retire", stage.product("retired"), "--yes")
    stage.case("product.forget", stage.product("private", "--private"), "--yes")
    stage.case("product.annotate", stage.product("limited"), "--kind", "LIMIT")
    freed = stage.product("freed")
    stage.do("product", "annotate", freed, "--kind", "LIMIT")
    stage.case("product.release", freed, "0")
    stage.case("product.cancel", stage.product("open"), "--yes", variant="open")


def _grants(stage: Stage) -> None:
    stage.case("grant.issue", stage.product("issued"), *stage.terms("--until", "90d"))
    stage.case("grant.submit", stage.offer("agreed"))
    stage.case("grant.void", stage.offer("void"))
    stage.case("grant.suspend", stage.granted("suspended"), "--reason", "RISK")
    resumed = stage.granted("resumed")
    stage.do("grant", "suspend", resumed)
    stage.case("grant.resume", resumed)
    ended, will = stage.granted("ended"), str(stage.folder / "will.json")
    stage.do("grant", "end", ended, "--out", will, "--yes", by="buyer")
    stage.case("grant.end", ended, "--with", will)
    stage.case("grant.revoke", stage.granted("revoked"), "--yes")
    several = (stage.granted("several"), stage.granted("many"))
    stage.case("grant.revoke", *several, "--yes", variant="several")


def _uses(stage: Stage) -> None:
    use = ("--action", "QUERY", "--purpose", "RESEARCH", "--amount", "4")
    settled, file = stage.granted("settled", "--quota", "10CALL"), str(stage.folder / "receipt")
    stage.do("usage", "sign", "--grant", settled, *use, "--out", file, by="buyer")
    stage.do("usage", "sign", file)
    stage.case("usage.settle", settled)
    # A block after the receipt: the chain begins anew at its last one, which must not come before.
    recorded = stage.granted("recorded", "--quota", "10CALL")
    stage.case("usage.record", recorded, *use, by="buyer")


def _anchors(stage: Stage) -> None:
    def table(name: str) -> str:
        rows = "".join(f"{n:064x},{len(name):064x}\n" for n in range(1, 4))
        return stage.file(f"{name}.csv", f"content_root,metadata_hash\n{rows}")

    stage.case("batch.anchor", table("anchored"))
    root = stage.do("batch", "anchor", table("promote"))["root"]
    stage.case("batch.promote", root, "--all")
    proof = str(stage.folder / "leaf.json")
    stage.do("batch", "prove", root, "--index", "1", "--out", proof)
    stage.case("batch.promote", proof, variant="one")


def _filings(stage: Stage) -> None:
    paper = stage.file("deposit.txt")
    evidence = ("--evidence", paper)
    stage.case("case.submit", stage.applied("draft", "--draft"), *evidence, by="buyer")
    stage.case("case.withdraw", stage.applied("withdrawn"), by="buyer")
    returned, asked = stage.applied("returned"), stage.accepted("asked")
    listed = ("--list", stage.file("list.txt", "the first\n\nthe second\n"))
    stage.acted("return", returned, *listed)
    stage.case("case.resubmit", returned, by="buyer")
    stage.acted("ask", asked, *listed)
    stage.case("case.supplement", asked, *evidence, by="buyer")
    changed = stage.registered("changed")
    stage.case("case.change", changed, stage.file("changed.2.csv"), *PROPERTY[2:], by="buyer")
    to = ("--to", stage.parties["third"], "--rights", "OPERATE")
    stage.case("case.transfer", stage.registered("handed"), *to, by="buyer")
    concurred = stage.registered("concurred")
    stage.acted("transfer", concurred, *to, by="buyer")
    stage.case("case.concur", concurred, by="third")
    stage.case("product.renew", stage.registered("renewed"), by="buyer")
    stage.case("product.cancel", stage.registered("cancelled"), "--yes", by="buyer")
    stage.case("case.object", stage.registered("disliked"), *evidence, by="third")
    _broken_off_before_it_declared(stage, stage.product("origin", by="buyer"))


def _broken_off_before_it_declared(stage: Stage, source: str) -> None:
    """Leave an application of derived data that does not say yet what it was made of."""
    real, origin = ChainLedger.submit, ("--from", source)

    def submit(self: ChainLedger, operation: Operation, *, account: Address) -> Receipt:
        if isinstance(operation, DeclareDerivation):
            raise ConnectionLost(url="", reason="ordered")
        return real(self, operation, account=account)

    asked = ("register", stage.file("made.csv"), *PROPERTY, "--registrar", "1", "--draft", *origin)
    with patch.object(ChainLedger, "submit", submit):
        assert run(stage.home, *stage.typed(asked, "buyer")).code == UNDECIDABLE
    product = stage.do("product", "list")["items"][-1]["id"]
    stage.case("case.declare", product, *origin, by="buyer")


def _decisions(stage: Stage) -> None:
    paper, listed = stage.file("deposit.txt"), ("--list", stage.file("list.txt"))
    evidence, reasons = ("--evidence", paper), ("--reasons", paper)
    stage.case("case.accept", stage.applied("accepted"))
    stage.case("case.return", stage.applied("sent back"), *listed)
    stage.case("case.not-accept", stage.applied("not accepted"), *reasons)
    stage.case("case.ask", stage.accepted("questioned"), *listed)
    stage.case("case.extend", stage.accepted("extended"), "--days", "5")
    stage.case("case.publicise", stage.accepted("shown"))
    stage.case("case.waive", stage.accepted("waived"), "--cause", paper)
    stage.case("case.refuse", stage.accepted("refused"), *reasons)
    contested = stage.accepted("contested")
    stage.acted("publicise", contested)
    for objector in ("third", "registrar"):
        stage.acted("object", contested, *evidence, by=objector)
    stage.case("case.decide", contested, "--outcome", "rejected", *reasons)
    stage.case("case.cancel", stage.registered("lost data"), "--reason", "DATA_LOST", *evidence)
    award = ("--from", stage.parties["buyer"], "--to", stage.parties["third"])
    awarded = stage.registered("awarded")
    stage.case("case.award", awarded, *award, "--rights", "OPERATE", *evidence)
    kept = max((stage.home / "applications").glob("*.json"), key=lambda one: one.stat().st_mtime_ns)
    form = ("--form", stage.file("form.json", kept.read_text("utf-8")))
    out = ("--out", str(stage.folder / "certificates"))
    stage.case("certificate.issue", awarded, *form, *out)


def _parties(stage: Stage) -> None:
    stage.account("nobody")
    stage.case("party.enrol", "--credit-code", "11410000MB0000019W", by="nobody")
    for name in ("suspended", "resumed", "rotated", "leader", "master", "recovered", "spared"):
        stage.person(name)
    stage.case("party.suspend", stage.parties["suspended"], "--reason", "RISK")
    stage.do("party", "suspend", stage.parties["resumed"], "--reason", "RISK")
    stage.case("party.resume", stage.parties["resumed"])
    stage.case("party.rotate", "--to", stage.account("successor"), by="rotated")
    scope = ("--scope", "REGISTER", "--until", "30d")
    stage.case("party.agent.add", stage.account("agent"), *scope, by="leader")
    dismissed = stage.account("dismissed")
    stage.do("party", "agent", "add", dismissed, *scope, by="master")
    stage.case("party.agent.remove", dismissed, by="master")
    new = stage.account("new")
    stage.case("party.recover.announce", stage.parties["recovered"], "--to", new)
    stage.do("party", "recover", "announce", stage.parties["spared"], "--to", new)
    stage.case("party.recover.cancel", stage.parties["spared"])
    stage.case("deploy", "--seat", "443")
    known = stage.home / "deployments.json"
    ours = known.read_bytes()
    office = stage.do("deploy", "--policy", "REGISTRARS", "--seat", "442")["directory"]
    known.write_bytes(ours)
    admitted = (stage.account("admitted"), "--credit-code", CODE, "--directory", office)
    stage.case("party.admit-key", *admitted)
