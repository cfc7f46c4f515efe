"""The main job and a newcomer's first command, by the command line on a real node."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.schema import RESULTS, problems
from registry.chain import genesis
from registry.chain.keystore import LIGHT, Keystore
from registry.domain.calendar import WORD, official
from tests.integration.cli_world import KEYS_AND_OFFICES, Run, World, make, run

pytestmark = pytest.mark.anvil
ROOT = Path(__file__).parents[2]

AGREEMENTS = {
    *("grant.propose", "grant.sign", "grant.counter", "grant.submit", "grant.consent"),
    *("grant.void", "grant.suspend", "grant.resume", "grant.end", "grant.export"),
}
USES = {
    *("usage.record", "usage.sign", "usage.take", "usage.settle", "usage.list"),
    *("explain", "who", "what", "watch"),
}
PROCEDURES = {
    *("case.list", "case.timeline", "certificate.issue", "certificate.show", "certificate.verify"),
    *("product.annotate", "product.release", "product.renew", "product.cancel"),
}
PROOFS = {"proof.create", "proof.verify", "proof.page"}
ANCHORS = {
    *("batch.anchor", "batch.prove", "batch.check", "batch.promote", "batch.show", "batch.list"),
}
AUDITS = {"audit.run", "audit.who"}
SIGNERS = {"account.connect", "account.disconnect"}
LINEAGE = {"trace", "case.declare", "product.slice"}
EXPORTS = {"product.export", "certificate.export", "credential.verify"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one world; a test that changes a product makes its own."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down")


def test_a_newcomer_registers(tmp_path: Path) -> None:
    """On an empty home one command makes chain, account, contracts and party, each in one line."""
    home, data = tmp_path / "home", tmp_path / "data"
    data.mkdir()
    (data / "a.csv").write_text("1\n")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DENGJI_")}
    environ |= {"DENGJI_HOME": str(home), "DENGJI_LANG": "en"}
    ran = subprocess.run(
        [sys.executable, "-m", "cli", "register", str(data)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    try:
        assert ran.returncode == 0, ran.stderr
        lines = ran.stderr.splitlines()
        begins = ["started the local dev chain", "made the account", "gave 0x", "deployed the"]
        begins.append("enrolled the account as party1")
        assert [line[: len(begin)] for line, begin in zip(lines, begins, strict=True)] == begins
        assert ran.stdout.startswith("registered as product1")
        (password,) = (home / "dev-passwords").iterdir()
        assert password.stat().st_mode & 0o777 == 0o600
        again = run(home, "register", str(data), "--json")
        assert again.result["already"] is True
        assert again.err == ""
    finally:
        run(home, "chain", "down", "--force")


def test_grant_check_revoke(world: World) -> None:
    """A purpose that is granted is allowed, another is not, and none is after the revocation."""
    assert world.check().code == 1
    grant = world.grant("--until", "90d", "--quota", "1000CALL").result
    assert grant["state"] == "ACTIVE"
    assert grant["clauses"]["quota"] == {"unit": "CALL", "total": "1000"}
    yes = world.check()
    assert (yes.code, yes.result["grant"]) == (0, grant["id"])
    assert world.check("--amount", "1001").result["verdict"] == "QUOTA_EXCEEDED"
    other = world.check(purpose="MARKETING")
    assert (other.code, other.result["verdict"]) == (1, "PURPOSE_NOT_GRANTED")
    shown = world.dengji("grant", "show", grant["id"], "--json").result
    assert shown["clauses"] == grant["clauses"]
    revoked = world.dengji("grant", "revoke", grant["id"], "--reason", "BREACH", "--json").result
    assert [one["grant"] for one in revoked["grants"]] == [grant["id"]]
    no = world.check()
    assert (no.code, no.result["verdict"]) == (1, "GRANT_REVOKED")
    then = world.check("--at", str(grant["block"]))
    assert (then.code, then.result["allowed"]) == (0, True)


def test_renounced_by_the_grantee(world: World) -> None:
    """The grantee renounces a grant at once; several are revoked in one transaction."""
    first, second = world.grant().result["id"], world.grant().result["id"]
    ran = world.as_buyer("grant", "revoke", first, second, "--json")
    assert {one["grant"] for one in ran.result["grants"]} == {first, second}
    states = world.dengji("grant", "list", "--grantee", world.buyer, "--json").result["items"]
    assert {item["state"] for item in states if item["id"] in (first, second)} == {"REVOKED"}


def test_verify_says_where_content_comes_from(world: World, tmp_path: Path) -> None:
    """The folder is in force; a copy with one byte changed is unknown, and the file is named."""
    good = world.dengji("verify", str(world.data), "--json")
    assert (good.code, good.result["outcome"]) == (0, "IN_FORCE")
    assert [one["product"] for one in good.result["products"]] == [world.product]
    copy = tmp_path / "copy"
    shutil.copytree(world.data, copy)
    (copy / "a.csv").write_text("1,3\n")
    changed = world.dengji("verify", str(copy), "--json")
    assert (changed.code, changed.result["outcome"]) == (7, "UNKNOWN")
    assert changed.result["differences"]["changed"] == ["a.csv"]
    contradicted = world.dengji("verify", str(copy), "--code", world.product, "--json")
    assert (contradicted.code, contradicted.result["outcome"]) == (5, "CONTRADICTS")
    prose = world.dengji("verify", str(copy))
    assert "a.csv" in prose.out


def test_versions_transfer_and_retirement(world: World, tmp_path: Path) -> None:
    """A product gets versions, loses a right to another party and ends; verify follows."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "x.csv").write_text("1\n")
    product = world.dengji("register", str(data), "--json").result["product"]
    old = tmp_path / "old"
    shutil.copytree(data, old)
    (data / "x.csv").write_text("2\n")
    updated = world.dengji("product", "update", product, str(data), "--json").result
    assert updated["version"] == 2
    listed = world.dengji("product", "versions", product, "--json").result["items"]
    assert [item["version"] for item in listed] == [1, 2]
    assert world.dengji("verify", str(old), "--json").code == 6
    moved = world.dengji(
        *("product", "transfer", product, "--to", world.buyer, "--rights", "operate", "--json")
    )
    assert moved.code == 0
    held = world.as_buyer("product", "list", "--holder", "me", "--json").result["items"]
    assert [item["id"] for item in held] == [product]
    block = world.dengji("chain", "status", "--json").result["head"]
    assert world.dengji("product", "retire", product, "--json").code == 0
    assert world.dengji("verify", str(data), "--json").code == 1
    assert world.dengji("verify", str(data), "--at", str(block), "--json").code == 0
    before = world.dengji("product", "show", product, "--at", str(block), "--json").result
    now = world.dengji("product", "show", product, "--json").result
    assert (before["in_force"], now["in_force"]) == (True, False)


def test_an_identity_comes_from_a_file(world: World, tmp_path: Path) -> None:
    """What identifies a party need not stand on the command line; an unusable file is named."""
    file = tmp_path / "identity"
    made = world.dengji("account", "new", "--json").result["address"]
    enrol = ("--account", made, "party", "enrol", "--identity-file", str(file), "--json")
    assert world.dengji(*enrol).error["code"] == "content-missing"
    for content, reason in ((b" \n", "empty"), (b"\xff", "not-utf-8")):
        file.write_bytes(content)
        refused = world.dengji(*enrol)
        assert (refused.code, refused.error["fields"]["reason"]) == (3, reason)
    file.write_text("91410100MA9ABCDEFG\n")
    digest = world.dengji(*enrol).result["identity_hash"].removeprefix("0x")
    kept = json.loads((world.home / "identities" / f"{digest}.json").read_text())
    assert bytes.fromhex(kept["content"]) == b"91410100MA9ABCDEFG"


def test_lists_page_and_write_csv(world: World) -> None:
    """A list goes on after its last item, and is the same as CSV."""
    whole = world.dengji("party", "list", "--json").result
    first = world.dengji("party", "list", "--limit", "1", "--json").result
    assert first["after"] == whole["items"][0]["id"]
    rest = world.dengji("party", "list", "--after", first["after"], "--json").result
    assert first["items"] + rest["items"] == whole["items"]
    assert rest["after"] is None
    rows = list(csv.DictReader(io.StringIO(world.dengji("party", "list", "--csv").out)))
    assert [row["id"] for row in rows] == [item["id"] for item in whole["items"]]
    lost = world.dengji("party", "list", "--after", "0x" + "77" * 8, "--json")
    assert (lost.code, lost.error["code"]) == (3, "cursor-unknown")


def test_every_answer_has_its_documented_shape(world: World, tmp_path: Path) -> None:
    """What the commands print under --json is what the schema says, field by field."""
    text = tmp_path / "text"
    text.write_text("the full text")
    metadata = tmp_path / "metadata.json"
    metadata.write_text(json.dumps({"dataName": "shapes"}))
    extra = tmp_path / "extra.csv"
    extra.write_text("e\n")
    grant = world.grant("--text", str(text), "--territory", "156410000", "--notice-days", "2")
    made = world.dengji("register", str(extra), "--metadata", str(metadata), "--json")
    product = made.result["product"]
    grant_id = grant.result["id"]
    extra.write_text("f\n")
    keystore, password = Keystore(tmp_path / "elsewhere"), tmp_path / "password"
    password.write_text("of the import\n")
    foreign = str(keystore.path_of(keystore.create("of the import", cost=LIGHT)))
    runs: dict[str, Run] = {
        "register": made,
        "grant.issue": grant,
        "product.update": world.dengji("product", "update", product, str(extra), "--json"),
        "product.transfer": world.dengji(
            *("product", "transfer", product, "--to", world.buyer, "--rights", "USE", "--json")
        ),
        "grant.revoke": world.dengji("grant", "revoke", grant_id, "--json"),
        "check": world.check(),
        "verify": world.dengji("verify", str(extra), "--json"),
        "product.show": world.dengji("product", "show", product, "--json"),
        "product.list": world.dengji("product", "list", "--json"),
        "product.versions": world.dengji("product", "versions", product, "--json"),
        "product.retire": world.dengji("product", "retire", product, "--json"),
        "grant.show": world.dengji("grant", "show", grant_id, "--json"),
        "grant.list": world.dengji("grant", "list", "--json"),
        "product.holders": world.dengji("product", "holders", product, "--json"),
        "certificate.list": world.dengji("certificate", "list", "--json"),
        "calendar.show": world.dengji("calendar", "show", "--days", "10", "--json"),
        "calendar.correct": world.dengji("calendar", "correct", "2026-12-31", "--off", "--json"),
        "party.enrol": world.dengji("party", "enrol", "--json"),
        "party.suspend": world.dengji("party", "suspend", world.buyer, "--json"),
        "party.show": world.dengji("party", "show", world.buyer, "--json"),
        "party.resume": world.dengji("party", "resume", world.buyer, "--json"),
        "party.list": world.dengji("party", "list", "--json"),
        "account.new": world.dengji("account", "new", "--json"),
        "account.import": world.dengji(
            *("account", "import", foreign, "--password-file", str(password), "--json")
        ),
        "account.list": world.dengji("account", "list", "--json"),
        "account.show": world.dengji("account", "show", "--json"),
        "fingerprint": world.dengji("fingerprint", str(world.data), "--json"),
        "metadata.check": world.dengji("metadata", "check", str(metadata), "--json"),
        "metadata.template": world.dengji("metadata", "template", "--json"),
        "metadata.words": world.dengji("metadata", "words", "region", "郑州", "--json"),
        "chain.up": world.dengji("chain", "up", "--json"),
        "chain.status": world.dengji("chain", "status", "--json"),
        "config.show": world.dengji("config", "show", "--json"),
        "completion": world.dengji("completion", "zsh", "--json"),
    }
    found = {topic: problems(RESULTS[topic], ran.result) for topic, ran in runs.items()}
    assert {topic: wrong for topic, wrong in found.items() if wrong} == {}
    assert all(ran.out.count("\n") == 1 for ran in runs.values())
    # Those end the chain or a secret, or begin a chain, and have a test of their own; so have
    # agreements, uses, procedures, exports, audits, proofs, anchors, keys, signers and offices.
    # Every act of a case has the shape of its submission, to which the tests of cases and the
    # stories hold what they get.
    acts = {topic for topic, shape in RESULTS.items() if shape == RESULTS["case.submit"]}
    elsewhere = AGREEMENTS | KEYS_AND_OFFICES | USES | PROCEDURES | EXPORTS | acts
    elsewhere |= AUDITS | PROOFS | LINEAGE | ANCHORS | SIGNERS
    own = {"chain.down", "chain.reset", "deploy", "calendar.load", "product.forget"}
    assert set(RESULTS) - set(runs) - elsewhere == own


def test_days_announced_later_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the ledger's calendar ends before the official one, the first call announces a load."""
    known = official()
    early = {
        word: days
        for word, days in known.exceptions.items()
        if (word + 1) * WORD <= known.end_day - 2 * WORD
    }
    shorter = replace(known, end_day=(max(early) + 1) * WORD, exceptions=early)
    monkeypatch.setattr(genesis, "official", lambda: shorter)
    home = tmp_path / "home"
    try:
        run(home, "chain", "up")
        assert run(home, "deploy", "--json").code == 0
        loaded = run(home, "calendar", "load", "--json")
        assert problems(RESULTS["calendar.load"], loaded.result) == []
        assert loaded.result["ready"]
    finally:
        run(home, "chain", "down", "--force")


def test_chain_goes_down_comes_up_and_is_reset(tmp_path: Path) -> None:
    """What was registered survives down and up; a reset keeps a copy and begins anew."""
    home, file = tmp_path / "home", tmp_path / "a.csv"
    file.write_text("1\n")
    product = run(home, "register", str(file), "--json").result["product"]
    stopped = run(home, "chain", "down", "--json")
    assert problems(RESULTS["chain.down"], stopped.result) == []
    assert run(home, "chain", "status").code == 1
    shown = run(home, "product", "show", product)
    assert shown.code == 0
    assert shown.err.startswith("started the local dev chain")
    refused = run(home, "chain", "reset", "--json")
    assert (refused.code, refused.error["code"]) == (3, "consent-needed")
    reset = run(home, "chain", "reset", "--yes", "--json")
    assert problems(RESULTS["chain.reset"], reset.result) == []
    assert Path(reset.result["copy"]).is_dir()
    gone = run(home, "product", "list", "--json")
    assert (gone.code, gone.error["code"]) == (3, "dev-chain-absent")
    try:
        deployed = run(home, "deploy", "--json")
        assert problems(RESULTS["deploy"], deployed.result) == []
        unknown = run(home, "product", "show", product, "--json")
        assert (unknown.code, unknown.error["code"]) == (1, "product-unknown")
    finally:
        run(home, "chain", "down", "--force")
