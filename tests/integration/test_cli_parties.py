"""Keys, agents, recoveries and offices by the command line, on a real chain whose time is moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.schema import RESULTS, problems
from registry.chain.rpc import Rpc
from registry.domain.times import parse_time
from tests.integration.cli_world import KEYS_AND_OFFICES, Run, run

pytestmark = pytest.mark.anvil

CODE, OTHER_CODE = "91440300MA00000A9P", "11410000MB0000019W"
DAY = 86_400
REFUSED = 1
SHAPED: set[str] = set()
"""The commands whose results these tests have held against their shapes."""


@dataclass(frozen=True)
class Town:
    """A home whose dev chain runs: its first account founded and administers the ledger."""

    home: Path

    def dengji(self, *arguments: str, account: str | None = None) -> Run:
        """Run as an account, the founder's unless another is named."""
        chosen = () if account is None else ("--account", account)
        return run(self.home, *chosen, *arguments)

    def result(self, topic: str, *arguments: str, account: str | None = None) -> dict[str, Any]:
        """Run a command, and return its result, which is as its shape says."""
        ran = self.dengji(*topic.split("."), *arguments, "--json", account=account)
        found: dict[str, Any] = ran.result
        assert problems(RESULTS[topic], found) == []
        SHAPED.add(topic)
        return found

    def refusal(self, *arguments: str, account: str | None = None) -> tuple[int, str]:
        """Run a command that is refused, and return its exit code and the error's."""
        ran = self.dengji(*arguments, "--json", account=account)
        return ran.code, ran.error["code"]

    def newcomer(self) -> str:
        """Make an account that belongs to nobody."""
        return str(self.dengji("account", "new", "--json").result["address"])

    def enrolled(self) -> tuple[str, str]:
        """Make an account with a party; return both."""
        account = self.newcomer()
        return account, self.result("party.enrol", account=account)["id"]

    def register(self, account: str, content: str) -> Run:
        """Register a small file as an account."""
        file = self.home / f"{content}.csv"
        file.write_text(f"{content}\n")
        return self.dengji("register", str(file), "--json", account=account)

    def wait(self, seconds: int) -> None:
        """Let the chain's time pass."""
        url = self.dengji("chain", "status", "--json").result["endpoint"]
        with Rpc.connect(url) as rpc:
            rpc.call("evm_increaseTime", seconds)
            rpc.call("evm_mine")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Give the module a ledger that anyone may enrol on; its founder said who it is."""
    made = Town(tmp_path_factory.mktemp("town"))
    made.result("party.enrol", "--credit-code", CODE)
    yield made
    made.dengji("chain", "down")


def test_the_first_party_is_who_it_said(town: Town) -> None:
    """On an empty home the identity reaches the founder's party, and can be verified."""
    shown = town.result("party.identity.show")
    assert (shown["identity"], shown["party"]) == (CODE, town.result("party.show")["id"])
    verify = ("party.identity.verify", shown["party"], "--salt", shown["salt"])
    assert town.result(*verify, "--credit-code", CODE)["matches"] is True
    wrong = town.dengji(*verify[0].split("."), *verify[1:], "--credit-code", OTHER_CODE)
    assert wrong.code == 1
    assert town.result(*verify, "--credit-code", OTHER_CODE)["matches"] is False
    mistyped = town.refusal("party", "enrol", "--credit-code", "91440300MA00000A9Q")
    assert mistyped == (3, "credit-code-wrong")


def test_an_agent_acts_in_its_scope_until_it_expires(town: Town) -> None:
    """An agent registers for its party, is refused all else, and everything once it expired."""
    controller, party = town.enrolled()
    agent = town.newcomer()
    added = town.result(
        *("party.agent.add", agent, "--scope", "REGISTER", "--until", "2d"), account=controller
    )
    assert (added["party"], added["scopes"]) == (party, ["REGISTER"])
    registered = town.register(agent, "by-an-agent").result
    assert registered["applicant"] == party
    _, buyer = town.enrolled()
    transfer = ("product", "transfer", registered["product"], "--to", buyer, "--rights", "USE")
    assert town.refusal(*transfer, "--yes", account=agent) == (REFUSED, "scope-missing")
    assert town.refusal("party", "rotate", "--to", town.newcomer(), account=agent) == (
        REFUSED,
        "controller-only",
    )
    town.wait(2 * DAY)
    late = town.register(agent, "too-late")
    assert (late.code, late.error["code"]) == (REFUSED, "key-closed")
    (listed,) = town.result("party.agent.list", party)["items"]
    assert (listed["key"], listed["until"]) == (agent, added["until"])


def test_a_dismissed_agent_is_one_no_more(town: Town) -> None:
    """The party ends the span, and the agent's next write is refused."""
    controller, _ = town.enrolled()
    agent = town.newcomer()
    town.result(
        *("party.agent.add", agent, "--scope", "REGISTER,GRANT", "--until", "30d"),
        account=controller,
    )
    town.result("party.agent.remove", agent, account=controller)
    refused = town.register(agent, "dismissed")
    assert (refused.code, refused.error["code"]) == (REFUSED, "key-closed")


def test_a_rotation_leaves_who_signed_provable(town: Town) -> None:
    """The old key is refused from then on, and its span still says what it spoke for."""
    old, party = town.enrolled()
    product = town.register(old, "before-rotation").result
    signed_at = product["receipt"]["time"]
    new = town.newcomer()
    town.wait(DAY)
    done = town.result("party.rotate", "--to", new, account=old)
    assert (done["party"], done["from"], done["to"]) == (party, old, new)
    refused = town.register(old, "after-rotation")
    assert (refused.code, refused.error["code"]) == (REFUSED, "key-closed")
    assert town.register(new, "after-rotation").result["applicant"] == party

    then = town.result("party.signer", old, "--at", signed_at)
    assert (then["spoke"], then["party"]) == (True, party)
    now = town.dengji("party", "signer", old, "--json")
    assert (now.code, now.result["spoke"]) == (1, False)
    assert town.result("party.signer", new)["party"] == party
    first, second = town.result("party.keys", party)["items"]
    assert (first["key"], second["key"]) == (old, new)
    assert first["until"] == second["since"] == done["receipt"]["time"]
    again = town.dengji("party", "enrol", "--json", account=old)
    assert again.result["id"] == party


def test_a_key_elsewhere_consents_in_a_file(town: Town, tmp_path: Path) -> None:
    """A key that is not at this home signs a file on its machine, which counts once and here."""
    controller, party = town.enrolled()
    elsewhere = town.newcomer()
    (keystore,) = (town.home / "keystore").glob(f"*{elsewhere[2:].lower()}")
    file = tmp_path / "consent.json"
    signed = town.result(
        *("party.consent", party, "--scope", "GRANT", "--until", "30d", "--out", str(file)),
        account=elsewhere,
    )
    assert (signed["kind"], signed["scopes"]) == ("AGENT", ["GRANT"])
    kept = keystore.read_bytes()
    keystore.unlink()
    try:
        add = ("party", "agent", "add", elsewhere, "--scope", "GRANT", "--until", "30d")
        assert town.refusal(*add, account=controller) == (3, "key-consent-needed")
        rotate = ("party", "rotate", "--consent", str(file))
        assert town.refusal(*rotate, account=controller) == (3, "consent-for-other")
        altered = tmp_path / "altered.json"
        altered.write_text(file.read_text().replace('"GRANT"', '"DECIDE"'))
        take = ("party", "agent", "add", "--consent")
        assert town.refusal(*take, str(altered), account=controller)[1] == "consent-forged"
        added = town.result("party.agent.add", "--consent", str(file), account=controller)
        assert (added["key"], added["scopes"]) == (elsewhere, ["GRANT"])
        assert town.refusal(*take, str(file), account=controller) == (REFUSED, "key-taken")
    finally:
        keystore.write_bytes(kept)


def test_a_suspended_party_may_revoke_and_not_write(town: Town) -> None:
    """A suspension stops a party's writes and not its revoking; its end frees it."""
    account, party = town.enrolled()
    _, buyer = town.enrolled()
    product = town.register(account, "suspended").result["product"]
    grant = town.dengji(
        *("grant", "issue", product, "--to", buyer, "--action", "READ", "--purpose", "RESEARCH"),
        *("--json",),
        account=account,
    ).result["id"]
    town.result("party.suspend", party, "--reason", "RISK")
    refused = town.register(account, "while-suspended")
    assert (refused.code, refused.error["code"]) == (REFUSED, "party-inactive")
    revoked = town.dengji("grant", "revoke", grant, "--yes", "--json", account=account)
    assert revoked.result["grants"][0]["grant"] == grant
    town.result("party.resume", party)
    assert town.register(account, "while-suspended").code == 0


def test_a_lost_key_is_recovered_after_the_delay(town: Town, tmp_path: Path) -> None:
    """Announced by the registrar, a recovery waits seven days, then takes the party over."""
    lost, party = town.enrolled()
    agent, new = town.newcomer(), town.newcomer()
    town.result(*("party.agent.add", agent, "--scope", "REGISTER", "--until", "90d"), account=lost)
    evidence = tmp_path / "decision.txt"
    evidence.write_text("the key was lost")
    announced = town.result(
        *("party.recover.announce", party, "--to", new, "--evidence", str(evidence))
    )
    assert announced["key"] == new
    shown = town.result("party.show", party)["recovery"]
    assert parse_time(shown["effective_at"]) - parse_time(announced["receipt"]["time"]) == 7 * DAY
    finish = ("party", "recover", "finish", party)
    assert town.refusal(*finish, account=new) == (REFUSED, "recovery-too-early")
    town.wait(7 * DAY)
    done = town.result("party.recover.finish", party, account=new)
    assert (done["from"], done["to"]) == (lost, new)
    for closed in (lost, agent):
        refused = town.register(closed, "after-recovery")
        assert (refused.code, refused.error["code"]) == (REFUSED, "key-closed")
    assert town.register(new, "after-recovery").result["applicant"] == party
    assert town.result("party.show", party)["recovery"] is None


def test_a_party_cancels_a_recovery_that_it_did_not_ask_for(town: Town) -> None:
    """The controller cancels, and nothing can be finished afterwards."""
    account, party = town.enrolled()
    town.result("party.recover.announce", party, "--to", town.newcomer())
    stranger, _ = town.enrolled()
    cancel = ("party", "recover", "cancel", party)
    assert town.refusal(*cancel, account=stranger) == (REFUSED, "recovery-not-yours")
    town.result("party.recover.cancel", account=account)
    finish = ("party", "recover", "finish", party)
    assert town.refusal(*finish) == (REFUSED, "recovery-unknown")


def test_a_registrar_is_admitted_after_five_days(town: Town) -> None:
    """The administrator announces, waits and carries out; the registrar then decides."""
    account, party = town.enrolled()
    _, other = town.enrolled()
    suspend = ("party", "suspend", other, "--reason", "RISK")
    assert town.refusal(*suspend, account=account) == (REFUSED, "role-missing")
    admit = ("registrar.admit", party, "--seat", "441")
    assert town.refusal("registrar", *admit[0].split(".")[1:], *admit[1:], account=account) == (
        REFUSED,
        "access-manager-unauthorized-call",
    )
    announced = town.result(*admit)
    assert announced["step"] == "announced"
    waiting = town.dengji("registrar", "admit", *admit[1:], "--json")
    assert (waiting.code, waiting.result["step"]) == (1, "waiting")
    town.wait(5 * DAY)
    assert town.result(*admit)["step"] == "done"
    listed = town.result("registrar.list")["items"]
    assert [(one["number"], one["seat"]) for one in listed][:2] == [(1, "001"), (2, "441")]
    assert town.dengji(*suspend, account=account).code == 0
    # A registrar with a role of its own is a regulator's to suspend.
    town.result("registrar.suspend", party, "--reason", "BREACH")
    assert town.refusal("party", "resume", other, account=account)[1] == "party-inactive"
    town.result("party.resume", party)
    assert town.result("registrar.delist", party)["step"] == "announced"
    town.wait(5 * DAY)
    assert town.result("registrar.delist", party)["step"] == "done"
    assert town.result("registrar.list")["items"][1]["listed"] is False
    assert town.refusal("registrar", "admit", party, "--seat", "44a") == (3, "seat-mistyped")


def test_an_office_is_given_and_taken_in_two_steps(town: Town) -> None:
    """A court is admitted five days after it was announced, and is one no more as long after."""
    _, party = town.enrolled()
    for topic, held in (("party.admit", ["COURT"]), ("party.delist", [])):
        assert town.result(topic, party, "--role", "COURT")["step"] == "announced"
        town.wait(5 * DAY)
        assert town.result(topic, party, "--role", "COURT")["step"] == "done"
        assert town.result("party.show", party)["roles"] == held
    seatless = ("party", "admit", party, "--role", "REGISTRAR")
    assert town.refusal(*seatless) == (3, "options-unfit")


def test_enrolment_by_registrars(tmp_path: Path) -> None:
    """Under REGISTRARS an account enrols once it was admitted, under the identity checked."""
    office = Town(tmp_path / "office")
    try:
        deployed = office.dengji(
            *("deploy", "--policy", "REGISTRARS", "--seat", "442", "--credit-code", OTHER_CODE),
            "--json",
        )
        assert deployed.code == 0, deployed.err
        assert office.result("registrar.list")["items"][0]["seat"] == "442"
        assert office.result("party.identity.show")["identity"] == OTHER_CODE
        applicant = office.newcomer()
        enrol = ("party", "enrol", "--credit-code", CODE)
        assert office.refusal(*enrol, account=applicant) == (REFUSED, "key-not-admitted")
        prepared = office.result("party.identity.prepare", "--credit-code", CODE, account=applicant)
        admitted = office.result(
            *("party.admit-key", applicant, "--credit-code", CODE, "--salt", prepared["salt"])
        )
        assert admitted["identity_hash"] == prepared["identity_hash"]
        made = office.result("party.enrol", "--credit-code", CODE, account=applicant)
        assert made["identity_hash"] == prepared["identity_hash"]
        admit = ("party", "admit-key", office.newcomer(), "--credit-code", CODE)
        assert office.refusal(*admit, account=applicant) == (REFUSED, "role-missing")
    finally:
        office.dengji("chain", "down")


def test_every_answer_about_keys_and_offices_has_its_documented_shape() -> None:
    """The tests before this one held each command's result against its shape."""
    assert not KEYS_AND_OFFICES - set(RESULTS)
    assert not KEYS_AND_OFFICES - SHAPED
