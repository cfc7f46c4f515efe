"""Test agreements, sub-grants and their ends through the command line, on a real chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli import schema
from registry.domain.times import parse_time
from tests.integration.cli_world import Run, run

GRANTOR, GRANTEE, THIRD, RELAYER = range(4)


@dataclass(frozen=True, kw_only=True)
class Parties:
    """A home with three parties, each with a product, and an account that is none's."""

    home: Path
    accounts: tuple[str, ...]
    parties: tuple[str, ...]
    products: tuple[str, ...]
    folder: Path

    def dengji(self, who: int, *arguments: str) -> Run:
        """Run as one of the accounts."""
        return run(self.home, "--account", self.accounts[who], *arguments, "--json")

    def offer(self, name: str, *more: str) -> Path:
        """Propose terms from the first party to the second, and return the file."""
        file = self.folder / name
        done = self.dengji(
            GRANTOR,
            *("grant", "propose", self.products[0], "--to", self.parties[GRANTEE]),
            *("--action", "READ,QUERY", "--purpose", "RESEARCH", "--out", str(file), *more),
        )
        assert done.code == 0, done.out
        return file

    def sign(self, who: int, file: Path, *more: str) -> Any:  # noqa: ANN401 (whatever JSON holds)
        """Sign an offer as one of the parties."""
        return fits("grant.sign", self.dengji(who, "grant", "sign", str(file), "--yes", *more))

    def agreed(self, name: str, *more: str) -> str:
        """Return a grant from the first party to the second that both have signed."""
        file = self.offer(name, *more)
        self.sign(GRANTOR, file)
        self.sign(GRANTEE, file)
        return str(self.dengji(RELAYER, "grant", "submit", str(file)).result["grants"][0]["id"])

    def verdict(self, who: int, product: int = 0) -> str:
        """Return what the chain says of a party's reading."""
        return str(
            self.dengji(
                RELAYER,
                *("check", self.products[product], "--grantee", self.parties[who]),
                *("--action", "READ", "--purpose", "RESEARCH"),
            ).result["verdict"]
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parties]:
    """Make three parties and a relayer on a dev chain."""
    folder = tmp_path_factory.mktemp("agreements")
    home = folder / "home"
    accounts, parties, products = [], [], []
    for number in range(4):
        address = run(home, "account", "new", "--json").result["address"]
        accounts.append(address)
        if number == RELAYER:
            break
        data = folder / f"{number}.csv"
        data.write_text(str(number))
        enrolled = run(home, "--account", address, "party", "enrol", "--json").result
        parties.append(enrolled["id"])
        made = run(home, "--account", address, "register", str(data), "--json").result
        products.append(made["product"])
    yield Parties(
        home=home,
        accounts=tuple(accounts),
        parties=tuple(parties),
        products=tuple(products),
        folder=folder,
    )
    run(home, "chain", "down")


def fits(topic: str, done: Run) -> dict[str, Any]:
    """Return the result of a run, once it has the shape that is documented."""
    assert done.code == 0, done.out
    assert schema.problems(schema.RESULTS[topic], done.result) == []
    found: dict[str, Any] = done.result
    return found


@pytest.mark.parametrize("order", [(GRANTOR, GRANTEE), (GRANTEE, GRANTOR)], ids=str)
def test_either_side_signs_first_and_a_relayer_files(
    world: Parties, order: tuple[int, int]
) -> None:
    """Signed in either order and filed by an account of neither, the agreement is a grant, once."""
    file = world.offer(f"order-{order[0]}.json")
    first = world.sign(order[0], file)
    assert [one["party"] for one in first["missing"]] == [world.parties[order[1]]]
    refused = world.dengji(RELAYER, "grant", "submit", str(file))
    assert (refused.code, refused.error["code"]) == (3, "proposal-unsigned")
    world.sign(order[1], file)
    made = fits("grant.submit", world.dengji(RELAYER, "grant", "submit", str(file)))
    grant = made["grants"][0]
    assert (grant["state"], grant["grantee"]) == ("ACTIVE", world.parties[GRANTEE])
    assert world.verdict(GRANTEE) == "OK"
    again = world.dengji(GRANTOR, "grant", "submit", str(file))
    assert (again.code, again.error["code"]) == (1, "grant-taken")


def test_an_offer_is_shown_in_plain_words_before_it_is_signed(world: Parties) -> None:
    """Without --yes nothing is signed where nobody can be asked, and the words stand on stderr."""
    file = world.offer("words.json")
    before = file.read_bytes()
    for lang, words in (("en", "This may be done, and nothing else:"), ("zh", "可从事下列行为")):
        refused = run(
            *(world.home, "--account", world.accounts[GRANTOR], "--lang", lang),
            *("grant", "sign", str(file)),
        )
        assert refused.code == 3
        assert words in refused.err
    assert file.read_bytes() == before


def test_a_signature_is_told_alike_before_signing_and_after(world: Parties) -> None:
    """Who signs second is told of the first signature what `grant show` says of it."""
    file = world.offer("second.json")
    world.sign(GRANTOR, file)
    shown = run(world.home, "grant", "show", str(file)).out
    said = f"Signed by {world.parties[GRANTOR]} with the key {world.accounts[GRANTOR]}"
    assert said in shown
    done = run(
        world.home, "--account", world.accounts[GRANTEE], "grant", "sign", str(file), "--yes"
    )
    assert done.code == 0, done.err
    assert said in done.err
    assert "the chain alone can tell" not in done.err


def test_a_folders_settings_are_said_in_one_line(
    world: Parties, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """However often a command connects, what the working folder decides is said once."""
    file = world.offer("folder.json")
    (tmp_path / "dengji.toml").write_text("confirmations = 1\n")
    monkeypatch.chdir(tmp_path)
    done = run(
        world.home, "--account", world.accounts[GRANTEE], "grant", "sign", str(file), "--yes"
    )
    assert done.code == 0, done.err
    assert done.err.count("dengji.toml") == 1


def test_signing_needs_no_node(world: Parties) -> None:
    """With --as the party is known, so that an offer is signed while no node can be reached."""
    file = world.offer("offline.json")
    done = run(
        *(world.home, "--network", "far", "--rpc", "http://127.0.0.1:9", "--json"),
        *("--account", world.accounts[GRANTOR], "--as", world.parties[GRANTOR]),
        *("--password-file", str(_password(world, GRANTOR))),
        *("grant", "sign", str(file), "--yes"),
    )
    assert done.code == 0, done.out
    assert done.result["signatures"][0]["valid"] is True


def _password(world: Parties, who: int) -> Path:
    """Return a file with the password that the dev chain keeps for an account."""
    shown = world.dengji(who, "account", "show").result
    return Path(shown["password_file"])


def test_a_counter_offer_is_agreed_on(world: Parties) -> None:
    """The other side answers with other terms, which both sign; the first offer stays in it."""
    file = world.offer("counter.json", "--until", "90d")
    world.sign(GRANTOR, file)
    countered = fits(
        "grant.counter",
        world.dengji(
            GRANTEE, "grant", "counter", str(file), "--until", "30d", "--notice-days", "7"
        ),
    )
    assert len(countered["history"]) == 1
    assert countered["signatures"] == []
    assert countered["grants"][0]["clauses"]["notice_days"] == 7
    world.sign(GRANTEE, file)
    world.sign(GRANTOR, file)
    made = world.dengji(RELAYER, "grant", "submit", str(file)).result["grants"][0]
    assert made["clauses"]["notice_days"] == 7


def test_a_changed_offer_is_refused(world: Parties) -> None:
    """One clause changed in the file is found out, by whoever reads it."""
    file = world.offer("changed.json")
    text = file.read_text()
    file.write_text(text.replace('"notice_days":0', '"notice_days":1'))
    for command in ("show", "sign", "submit", "void", "counter"):
        refused = world.dengji(GRANTEE, "grant", command, str(file), "--yes")
        assert (refused.code, refused.error["code"]) == (5, "proposal-tampered")


def test_a_foreign_signature_is_refused(world: Parties) -> None:
    """A signature of another agreement does not count for this one."""
    one, two = world.offer("one.json"), world.offer("two.json")
    for file in (one, two):
        world.sign(GRANTOR, file)
    signed = world.sign(GRANTEE, two)
    assert [entry["valid"] for entry in signed["signatures"]] == [True, True]
    stolen = json.loads(two.read_text())["offer"]["signatures"][1]
    attached = world.dengji(
        GRANTEE,
        *("grant", "sign", str(one), "--signature", stolen["signature"]),
        *("--signer", stolen["signer"]),
    ).result
    assert [entry["valid"] for entry in attached["signatures"]] == [True, False]
    refused = world.dengji(RELAYER, "grant", "submit", str(one))
    assert (refused.code, refused.error["code"]) == (1, "signature-invalid")


def test_an_offer_on_another_ledger_is_refused(world: Parties, tmp_path: Path) -> None:
    """A second chain's contracts take no offer that was made for the first's."""
    file = world.offer("elsewhere.json")
    world.sign(GRANTOR, file)
    world.sign(GRANTEE, file)
    other = tmp_path / "other"
    run(other, "party", "enrol", "--json")
    try:
        refused = run(other, "grant", "submit", str(file), "--json")
    finally:
        run(other, "chain", "down")
    assert (refused.code, refused.error["code"]) == (3, "proposal-elsewhere")


def test_a_voided_offer_is_never_filed(world: Parties) -> None:
    """Either side takes back what both signed, before it is filed."""
    file = world.offer("void.json")
    world.sign(GRANTOR, file)
    world.sign(GRANTEE, file)
    fits("grant.void", world.dengji(GRANTEE, "grant", "void", str(file)))
    refused = world.dengji(RELAYER, "grant", "submit", str(file))
    assert (refused.code, refused.error["code"]) == (1, "offer-is-void")


def test_a_text_is_the_one_that_was_agreed(world: Parties) -> None:
    """Whoever has the offer can tell whether a document is the full text that its terms name."""
    text = world.folder / "agreement.txt"
    text.write_text("We agree.\n")
    file = world.offer("text.json", "--template", "provision", "--text", str(text))
    shown = world.dengji(GRANTEE, "grant", "show", str(file), "--text", str(text))
    assert fits("grant.show", shown)["grants"][0]["clauses"]["template"] == "PROVISION"
    text.write_text("We do not agree.\n")
    refused = world.dengji(GRANTEE, "grant", "show", str(file), "--text", str(text))
    assert (refused.code, refused.error["code"]) == (5, "text-mismatch")


FUSION = """
template = "FUSION"
[clauses]
actions = ["READ", "AGGREGATE", "DERIVE"]
purposes = ["RESEARCH", "PRODUCT_DEVELOPMENT"]
environment = []
valid_until = "365d"
offer_until = "3d"
text = "0x{text}"
"""


def test_three_parties_agree_on_fusion(world: Parties) -> None:
    """Six grants under one agreement: none is active until all three have signed."""
    rows = [
        f'[[grants]]\nproduct = "{world.products[by]}"\ngrantor = "{world.parties[by]}"\n'
        f'grantee = "{world.parties[to]}"\n'
        for by in range(3)
        for to in range(3)
        if by != to
    ]
    terms = world.folder / "fusion.toml"
    terms.write_text(FUSION.format(text="ab" * 32) + "\n".join(rows))
    file = world.folder / "fusion.json"
    done = world.dengji(THIRD, "grant", "propose", "--terms", str(terms), "--out", str(file))
    proposed = fits("grant.propose", done)
    assert (proposed["kind"], len(proposed["grants"])) == ("joint", 6)
    days = parse_time(proposed["offer_until"]) - parse_time(proposed["time"])
    assert days // 86_400 in (2, 3)
    for who in (GRANTEE, GRANTOR, THIRD):
        refused = world.dengji(RELAYER, "grant", "submit", str(file))
        assert refused.error["code"] == "proposal-unsigned"
        assert world.verdict(GRANTOR, product=2) == "GRANT_UNKNOWN"
        world.sign(who, file)
    made = world.dengji(RELAYER, "grant", "submit", str(file)).result["grants"]
    assert [one["state"] for one in made] == ["ACTIVE"] * 6
    assert len({one["clauses"]["agreement"] for one in made}) == 1
    for product in range(3):
        for who in range(3):
            if who != product:
                assert world.verdict(who, product=product) == "OK"


def test_a_sub_grant_with_consent(world: Parties) -> None:
    """Where the parent asks for it, its grantor consents; without, the chain's owner is named."""
    parent = world.agreed("parent.json", "--sub-delegation", "CONSENT", "--depth", "2")
    file = world.folder / "sub.json"
    made = world.dengji(
        GRANTEE,
        *("grant", "propose", world.products[0], "--to", world.parties[THIRD]),
        *("--parent", parent, "--action", "READ", "--purpose", "RESEARCH", "--out", str(file)),
    )
    assert fits("grant.propose", made)["kind"] == "sub-grant"
    world.sign(GRANTEE, file)
    world.sign(THIRD, file)
    refused = world.dengji(RELAYER, "grant", "submit", str(file))
    assert refused.error["fields"]["parties"] == [world.parties[GRANTOR]]
    fits("grant.consent", world.dengji(GRANTOR, "grant", "consent", str(file), "--yes"))
    grant = world.dengji(RELAYER, "grant", "submit", str(file)).result["grants"][0]
    assert grant["parent"] == parent
    assert world.verdict(THIRD) == "OK"


def test_a_wider_sub_grant_names_its_clause(world: Parties) -> None:
    """A sub-grant beyond its parent is refused before anything is sent, by the clause."""
    parent = world.agreed("narrow.json", "--sub-delegation", "FREE")
    refused = world.dengji(
        GRANTEE,
        *("grant", "issue", world.products[0], "--to", world.parties[THIRD], "--parent", parent),
        *("--action", "READ,TRAIN", "--purpose", "RESEARCH"),
    )
    assert (refused.code, refused.error["code"]) == (1, "clause-wider")
    assert refused.error["fields"]["clause"] == "ACTIONS"


def test_a_dry_run_lists_what_a_revocation_hits(world: Parties) -> None:
    """Nothing changes in a dry run; what it lists as usable is what then cannot be used."""
    root = world.agreed("root.json", "--sub-delegation", "FREE", "--depth", "3")
    sub = world.dengji(
        GRANTEE,
        *("grant", "issue", world.products[0], "--to", world.parties[THIRD], "--parent", root),
        *("--action", "READ", "--purpose", "RESEARCH", "--sub-delegation", "FREE"),
    ).result["id"]
    leaf = world.dengji(
        THIRD,
        *("grant", "issue", world.products[0], "--to", world.parties[GRANTOR], "--parent", sub),
        *("--action", "READ", "--purpose", "RESEARCH"),
    ).result["id"]
    listed = fits("grant.revoke", world.dengji(GRANTOR, "grant", "revoke", root, "--dry-run"))
    assert [one["grant"] for one in listed["hits"]] == [root, sub, leaf]
    assert all(one["usable"] for one in listed["hits"])
    assert world.dengji(GRANTOR, "grant", "show", leaf).result["state"] == "ACTIVE"
    world.dengji(GRANTOR, "grant", "revoke", root)
    after = world.dengji(GRANTOR, "grant", "revoke", root, "--dry-run").result["hits"]
    assert [one["usable"] for one in after] == [False] * 3


def test_a_grant_is_shown_with_its_suspensions(world: Parties) -> None:
    """Each is there by the number that `grant resume --index` takes, ended ones too."""
    grant = world.agreed("shown.json")
    for reason in ("RISK", "BREACH"):
        world.dengji(GRANTOR, "grant", "suspend", grant, "--reason", reason)
    world.dengji(GRANTOR, "grant", "resume", grant, "--index", "0")
    shown = fits("grant.show", world.dengji(THIRD, "grant", "show", grant))
    told = [(one["index"], one["reason"], one["until"] is None) for one in shown["suspensions"]]
    assert told == [(0, "RISK", False), (1, "BREACH", True)]
    wrong = world.dengji(GRANTOR, "grant", "resume", grant, "--index", "7")
    assert f"`dengji grant show {grant}` lists" in wrong.error["hint"]


def test_suspending_and_resuming(world: Parties) -> None:
    """A suspended grant cannot be used until its grantor resumes it."""
    grant = world.agreed("suspended.json", "--version", "1")
    made = fits(
        "grant.suspend", world.dengji(GRANTOR, "grant", "suspend", grant, "--reason", "RISK")
    )
    assert made["index"] == 0
    assert world.dengji(GRANTOR, "grant", "show", grant).result["state"] == "SUSPENDED"
    refused = world.dengji(THIRD, "grant", "suspend", grant)
    assert (refused.code, refused.error["code"]) == (1, "grant-not-yours")
    fits("grant.resume", world.dengji(GRANTOR, "grant", "resume", grant))
    assert world.dengji(GRANTOR, "grant", "show", grant).result["state"] == "ACTIVE"


def test_both_sides_end_a_grant(world: Parties) -> None:
    """One side signs its will into a file, the other files it; the wrong grant is refused."""
    grant, other = world.agreed("ended.json"), world.agreed("kept.json")
    will = world.folder / "will.json"
    signed = world.dengji(GRANTEE, "grant", "end", grant, "--out", str(will), "--yes")
    fits("grant.end", signed)
    refused = world.dengji(GRANTOR, "grant", "end", other, "--with", str(will))
    assert (refused.code, refused.error["code"]) == (3, "grant-other")
    own = world.dengji(GRANTEE, "grant", "end", grant, "--with", str(will))
    assert (own.code, own.error["code"]) == (1, "signer-mismatch")
    done = fits("grant.end", world.dengji(GRANTOR, "grant", "end", grant, "--with", str(will)))
    assert done["receipt"] is not None
    assert world.dengji(GRANTOR, "grant", "show", grant).result["state"] == "ENDED"
    assert world.dengji(GRANTOR, "grant", "show", other).result["state"] == "ACTIVE"


def test_terms_travel_as_odrl(world: Parties) -> None:
    """A grant's policy in ODRL proposes the same terms again."""
    grant = world.agreed("odrl.json", "--quota", "100CALL", "--obligation", "ATTRIBUTE")
    exported = fits("grant.export", world.dengji(GRANTOR, "grant", "export", grant))
    policy = world.folder / "policy.json"
    policy.write_text(json.dumps(exported["odrl"]))
    file = world.folder / "again.json"
    again = world.dengji(
        GRANTOR, "grant", "propose", "--odrl", str(policy), "--salt", "7", "--out", str(file)
    )
    before = world.dengji(GRANTOR, "grant", "show", grant).result["clauses"]
    after = fits("grant.propose", again)["grants"][0]["clauses"]
    same = {key: value for key, value in before.items() if key != "salt"}
    assert {key: value for key, value in after.items() if key != "salt"} == same
    policy.write_text(json.dumps({**exported["odrl"], "prohibition": []}))
    refused = world.dengji(GRANTOR, "grant", "propose", "--odrl", str(policy), "--out", str(file))
    assert refused.error["code"] == "odrl-unmappable"
    assert refused.error["fields"]["term"] == "prohibition"


def test_a_wallet_signs_the_typed_data(world: Parties) -> None:
    """What is exported for wallets names the offer's own digest."""
    file = world.offer("wallet.json")
    done = world.dengji(GRANTEE, "grant", "export", str(file), "--format", "typed-data")
    typed = fits("grant.export", done)["typed_data"]
    assert typed["primaryType"] == "Terms"
    assert typed["message"]["clauses"]["grantee"] == str(
        int.from_bytes(_party(world.parties[GRANTEE]))
    )


def _party(text: str) -> bytes:
    from registry.domain.ids import PartyId  # noqa: PLC0415 (this test alone needs it)

    return PartyId.parse(text).raw
