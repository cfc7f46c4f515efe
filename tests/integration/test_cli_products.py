"""Annotations, sources and codes of products, by the command line on a real node."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from cli.schema import RESULTS, problems
from registry.chain.bindings import CertificateRegistry
from registry.chain.deployment import find
from registry.chain.questions import Question, ask
from registry.chain.rpc import Rpc
from registry.chain.wire import to_data
from registry.domain.ids import Address, ProductId
from registry.domain.product import Profile
from tests.domain.test_codes import WRITTEN
from tests.integration.cli_world import Run, World, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anvil


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one world; its holder is the founder, registrar and regulator."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down")


def registered(world: World, folder: Path, *more: str) -> str:
    """Register some content of its own, and return the product."""
    folder.mkdir()
    (folder / "x.csv").write_text(f"{folder}\n")
    product: str = world.dengji("register", str(folder), "--json", *more).result["product"]
    return product


def shaped(topic: str, ran: Run) -> Run:
    """Return a run whose result has the shape that its command states."""
    assert problems(RESULTS[topic], ran.result) == []
    return ran


def test_a_control_stops_what_it_must_until_it_is_released(world: World, tmp_path: Path) -> None:
    """Transfer, grants and use are refused while it stands; each says why; then all goes on."""
    product = registered(world, tmp_path / "data")
    evidence = tmp_path / "order.pdf"
    evidence.write_bytes(b"the order")
    digest = sha256(b"the order").digest()
    asked = ("check", product, "--grantee", world.buyer, "--action", "READ", "--purpose")
    issue = ("grant", "issue", product, "--to", world.buyer, "--action", "READ", "--purpose")
    assert world.dengji(*issue, "RESEARCH", "--rights", "OPERATE", "--json").code == 0
    assert world.dengji(*asked, "RESEARCH").code == 0

    noted = shaped(
        "product.annotate",
        world.dengji(
            *("product", "annotate", product, "--kind", "control", "--reason", "RISK"),
            *("--evidence", str(evidence), "--json"),
        ),
    ).result
    assert (noted["index"], noted["kind"]) == (0, "CONTROL")
    assert noted["evidence"] == "0x" + digest.hex()
    shown = shaped("product.show", world.dengji("product", "show", product, "--json")).result
    assert (shown["controls"], shown["flags"]) == (1, ["CONTROLLED"])
    (annotation,) = shown["annotations"]
    assert annotation["evidence"] == "0x" + digest[:12].hex()
    assert (annotation["kind"], annotation["by"]) == ("CONTROL", world.holder)

    no = world.dengji(*asked, "RESEARCH", "--json")
    assert (no.code, no.result["verdict"]) == (1, "PRODUCT_CONTROLLED")
    transfer = ("product", "transfer", product, "--to", world.buyer, "--rights", "USE", "--json")
    for refused in (
        world.dengji(*transfer),
        world.dengji("product", "retire", product, "--json"),
        world.dengji("product", "cancel", product, "--json"),
        world.dengji(*issue, "MARKETING", "--json"),
    ):
        assert (refused.code, refused.error["code"]) == (1, "product-encumbered")
        assert refused.error["fields"]["controls"] == 1
    stranger = world.as_buyer("product", "release", product, "0", "--json")
    assert (stranger.code, stranger.error["code"]) == (1, "annotation-not-yours")

    shaped("product.release", world.dengji("product", "release", product, "0", "--json"))
    assert world.dengji(*asked, "RESEARCH").code == 0
    assert world.dengji(*transfer).code == 0
    after = world.dengji("product", "show", product, "--json").result
    assert (after["annotations"], after["released"], after["flags"]) == ([], 1, [])


def test_each_kind_is_for_those_whose_it_is(world: World, tmp_path: Path) -> None:
    """A regulator is no court; whoever holds HOLD limits, and nobody else does."""
    product = registered(world, tmp_path / "data")
    annotate = ("product", "annotate", product, "--json", "--kind")
    for kind in ("SEIZURE", "DISPUTE"):
        refused = world.dengji(*annotate, kind)
        assert (refused.code, refused.error["code"]) == (1, "role-missing")
    assert world.as_buyer(*annotate, "LIMIT").error["code"] == "role-missing"
    assert world.dengji(*annotate, "LIMIT").code == 0
    shown = world.dengji("product", "show", product, "--json").result
    assert [one["kind"] for one in shown["annotations"]] == ["LIMIT"]
    assert shown["flags"] == []
    unknown = world.dengji("product", "release", product, "7", "--json")
    assert unknown.error["code"] == "annotation-unknown"
    assert world.dengji(*annotate, "FENCE").code == 3


def test_holders_are_listed_with_their_times(world: World, tmp_path: Path) -> None:
    """The history has every holding from when to when; the product shows those of today."""
    product = registered(world, tmp_path / "data")
    (only,) = shaped(
        "product.holders", world.dengji("product", "holders", product, "--json")
    ).result["items"]
    assert (only["party"], only["until"]) == (world.holder, None)
    world.dengji("product", "transfer", product, "--to", world.buyer, "--rights", "USE")
    items = world.dengji("product", "holders", product, "--json").result["items"]
    assert [one["party"] for one in items] == [world.holder, world.holder, world.buyer]
    assert items[0]["until"] == items[1]["since"] == items[2]["since"]
    shown = world.dengji("product", "show", product, "--json").result
    assert [one["rights"] for one in shown["holders"]] == [["HOLD", "OPERATE"], ["USE"]]
    assert shown["former_holders"] == 1
    assert world.dengji("product", "holders", product, "--csv").out.count("\n") == 4
    first = world.dengji("product", "holders", product, "--limit", "1", "--json").result
    rest = world.dengji("product", "holders", product, "--after", first["after"], "--json").result
    assert len(rest["items"]) == 2


def test_rights_go_no_further_than_the_source(world: World, tmp_path: Path) -> None:
    """Crawled data carries no OPERATE by itself; what is asked for less is registered."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "x.csv").write_text("crawled\n")
    refused = world.dengji("register", str(data), "--source", "CRAWLED", "--json")
    assert (refused.code, refused.error["code"]) == (1, "rights-beyond-source")
    assert refused.error["fields"]["source"] == "CRAWLED"
    made = world.dengji(
        *("register", str(data), "--source", "CRAWLED", "--rights", "HOLD,USE", "--json")
    )
    assert made.code == 0


def test_an_open_product_needs_no_renewal_and_is_cancelled_at_once(
    world: World, tmp_path: Path
) -> None:
    """Renewal explains itself with no; cancelling ends the product."""
    product = registered(world, tmp_path / "data")
    no = shaped("product.renew", world.dengji("product", "renew", product, "--json"))
    assert (no.code, no.result["profile"]) == (1, "OPEN")
    done = shaped("product.cancel", world.dengji("product", "cancel", product, "--json"))
    assert done.code == 0
    assert world.dengji("product", "show", product, "--json").result["state"] == "RETIRED"


def test_a_catalogue_id_works_wherever_a_product_does(world: World, tmp_path: Path) -> None:
    """Every command that takes a product takes the identifier that it was registered with."""
    product = registered(world, tmp_path / "data", "--catalog", WRITTEN.lower())
    path = str(tmp_path / "data")
    assert world.dengji("product", "show", WRITTEN, "--json").result["id"] == product
    assert world.dengji("product", "show", f"ndi:{WRITTEN}", "--json").result["id"] == product
    grantee = ("--action", "READ", "--purpose", "RESEARCH")
    granted = world.dengji("grant", "issue", WRITTEN, "--to", world.buyer, *grantee, "--json")
    assert granted.result["product"] == product
    listed = world.dengji("grant", "list", "--product", WRITTEN, "--json").result["items"]
    assert [one["id"] for one in listed] == [granted.result["id"]]
    yes = world.dengji("check", WRITTEN, "--grantee", world.buyer, *grantee, "--json")
    assert (yes.code, yes.result["product"]) == (0, product)
    assert world.dengji("verify", path, "--code", WRITTEN, "--json").code == 0
    assert len(world.dengji("product", "versions", WRITTEN, "--json").result["items"]) == 1
    assert world.dengji("product", "holders", WRITTEN, "--json").code == 0
    moved = world.dengji("product", "transfer", WRITTEN, "--to", world.buyer, "--rights", "USE")
    assert moved.code == 0
    assert world.dengji("product", "retire", WRITTEN, "--json").result["product"] == product


def given_code(world: World, product: str) -> str:
    """Have the registry of certificates give a product a code, as the desk would at its end."""
    with Rpc.connect(world.url) as rpc:
        found = find(rpc, Address.parse(world.directory))
        assert found.certificates is not None
        assert found.desk is not None
        desk, registry = found.desk.hex, found.certificates
        rpc.call("hardhat_impersonateAccount", desk)
        rpc.call("hardhat_setBalance", desk, hex(10**18))
        data = CertificateRegistry.enter.call(
            ProductId.parse(product).raw, 1, int(Profile.PROPERTY)
        )
        call = {"from": desk, "to": registry.hex, "data": to_data(data), "gas": hex(1_000_000)}
        rpc.call("eth_sendTransaction", call)
        rpc.call("hardhat_stopImpersonatingAccount", desk)
        question = Question(registry, CertificateRegistry.code_of, (ProductId.parse(product).raw,))
        (answer,) = ask(rpc, [question])
    assert isinstance(answer, tuple)
    return str(answer[0].decode("ascii"))


def test_a_registration_code_works_wherever_a_product_does(world: World, tmp_path: Path) -> None:
    """The code that the registry gave names the product in every command, in any case."""
    product = registered(world, tmp_path / "data")
    code = given_code(world, product)
    assert (code[:5], code[-4:]) == ("SJ001", "0001")
    shown = world.dengji("product", "show", code, "--json").result
    assert shown["id"] == product
    assert world.dengji("product", "show", code.lower(), "--json").result["id"] == product
    grantee = ("--action", "READ", "--purpose", "RESEARCH")
    granted = world.dengji("grant", "issue", code, "--to", world.buyer, *grantee, "--json")
    assert granted.result["product"] == product
    yes = world.dengji("check", code, "--grantee", world.buyer, *grantee, "--json")
    assert (yes.code, yes.result["product"]) == (0, product)
    assert world.dengji("verify", str(tmp_path / "data"), "--code", code, "--json").code == 0
    wrong = world.dengji("verify", str(world.data), "--code", code, "--json")
    assert (wrong.code, wrong.result["outcome"]) == (5, "CONTRADICTS")
    assert world.dengji("product", "annotate", code, "--kind", "LIMIT").code == 0
    assert world.dengji("product", "release", code, "0").code == 0
    assert world.dengji("product", "retire", code, "--json").result["product"] == product


def test_codes_that_name_nothing_are_refused(world: World, tmp_path: Path) -> None:
    """A mistyped code is told from an unknown one, and both from a mistyped id."""
    wrong = WRITTEN[:-1] + ("0" if WRITTEN[-1] != "0" else "1")
    (tmp_path / "x.csv").write_text("1\n")
    for given, code in (
        ("SJ4412026070001", "product-code-unknown"),
        ("GG0012026070001", "product-code-unknown"),
        ("SJ4412026130001", "product-code-mistyped"),
        (wrong, "product-code-mistyped"),
        ("nowhere:1", "id-mistyped"),
    ):
        refused = world.dengji("product", "show", given, "--json")
        assert (refused.code, refused.error["code"]) == (3, code), given
    mistyped = world.dengji("register", str(tmp_path / "x.csv"), "--catalog", wrong, "--json")
    assert mistyped.error["code"] == "product-code-mistyped"
    unknown = world.dengji("register", str(tmp_path / "x.csv"), "--catalog", "X1", "--json")
    assert unknown.error["code"] == "catalogue-scheme-unknown"


def test_a_successor_reads_what_was_written_before(tmp_path: Path) -> None:
    """After `deploy --succeeds` old products, grants and contents are known, and said to be old."""
    world = make(tmp_path / "world")
    try:
        grant = world.grant().result["id"]
        done = shaped(
            "deploy", world.dengji("deploy", "--succeeds", world.directory, "--json")
        ).result
        assert done["predecessor"] == world.directory != done["directory"]
        shown = world.dengji("product", "show", world.product, "--json").result
        assert (shown["deployment"], shown["in_force"]) == (world.directory, True)
        assert shown["ledger"]["directory"] == done["directory"]
        told = world.dengji("grant", "show", grant, "--json").result
        assert (told["deployment"], told["state"]) == (world.directory, "ACTIVE")
        party = world.dengji("party", "show", world.holder, "--json").result
        assert party["deployment"] == world.directory
        yes = world.check()
        assert (yes.code, yes.result["deployment"]) == (0, world.directory)
        found = world.dengji("verify", str(world.data), "--json")
        assert found.code == 0
        assert [one["deployment"] for one in found.result["products"]] == [world.directory]

        again = world.dengji("register", str(world.data), "--json").result
        assert again["already"] is False
        assert [one["product"] for one in again["others"]] == [world.product]
        new = world.dengji("product", "show", again["product"], "--json").result
        assert new["deployment"] is None
        refused = world.dengji("product", "retire", world.product, "--json")
        assert (refused.code, refused.error["code"]) == (1, "product-unknown")
        nowhere = world.dengji("deploy", "--succeeds", "0x" + "11" * 20, "--json")
        assert nowhere.error["code"] == "contract-missing"
    finally:
        world.dengji("chain", "down")
