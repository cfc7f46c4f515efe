"""Derive data, trace it and verify its lineage, by the command line on a real node."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from cli.schema import RESULTS, problems
from tests.integration.cli_world import Run, World, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anvil

DERIVE = ("--action", "DERIVE", "--purpose", "INSURANCE,RESEARCH")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one world; its holder is the founder, registrar and regulator."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down")


def shaped(topic: str, ran: Run) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return the result of a run, which has the shape that its command states."""
    assert problems(RESULTS[topic], ran.result) == []
    return ran.result


def a_file(folder: Path, text: str) -> str:
    """Return the path of a file with a text of its own."""
    path = folder / f"{text}.csv"
    path.write_text(f"{folder} {text}")
    return str(path)


def granted(world: World, product: str, *terms: str) -> str:
    """Return a grant to the buyer."""
    issued = world.dengji("grant", "issue", product, "--to", world.buyer, *terms, "--json")
    return str(issued.result["id"])


def test_derived_data_is_registered_traced_and_verified(world: World, tmp_path: Path) -> None:
    """From a grant to a flagged lineage: what a buyer of derived data sees, and when."""
    grant = granted(world, world.product, *DERIVE)
    index, method = a_file(tmp_path, "index"), a_file(tmp_path, "method")
    made = ("--from", world.product, "--activity", "MODEL_TRAINING", "--method", method)
    registered = shaped("register", world.as_buyer("register", index, *made, "--json"))
    (source,) = registered["sources"]
    assert source == {"product": world.product, "version": 1, "grant": grant}
    assert world.as_buyer("register", index, *made, "--json").result["already"]
    product = registered["product"]
    shown = shaped("product.show", world.dengji("product", "show", product, "--json"))
    assert (shown["derived"], shown["purposes"]) == (True, ["RESEARCH", "INSURANCE"])

    traced = shaped("trace", world.dengji("trace", product, "--json"))
    assert [node["product"] for node in traced["nodes"]] == [world.product, product]
    assert traced["nodes"][1]["derivation"]["activity"] == "MODEL_TRAINING"
    assert (traced["edges"][0]["grant"], traced["flags"]) == (grant, [])
    tree = world.dengji("trace", f"{product}@1").out.splitlines()
    assert tree[3].startswith(f"{product}@1")
    assert tree[4].startswith(f"└─ {world.product}@1")
    down = shaped("trace", world.dengji("trace", world.product, "--down", "--json"))
    assert {"product": product, "version": 1} in [
        {"product": node["product"], "version": node["version"]} for node in down["nodes"]
    ]

    found = shaped("verify", world.dengji("verify", index, "--json"))
    assert (found["outcome"], found["flagged"]) == ("IN_FORCE", False)
    assert found["lineage"] == {"versions": 2, "uses": 1, "breaks": [], "flags": []}

    dry = shaped("grant.revoke", world.dengji("grant", "revoke", grant, "--dry-run", "--json"))
    (hit,) = dry["derived"]
    assert (hit["product"], hit["grant"], hit["in_force"]) == (product, grant, True)
    assert "1 derived version flagged" in world.dengji("grant", "revoke", grant, "--dry-run").out
    assert world.dengji("grant", "revoke", grant).code == 0
    after = world.dengji("verify", index, "--json")
    assert (after.code, after.result["flagged"]) == (0, True)
    (flag,) = after.result["lineage"]["flags"]
    assert (flag["condition"], flag["grant"]) == ("GRANT_REVOKED", grant)
    assert "dengji trace" in world.dengji("verify", index).err
    strict = world.dengji("verify", index, "--strict", "--json")
    assert (strict.code, strict.result["outcome"]) == (1, "IN_FORCE")


def test_each_later_version_names_its_sources(world: World, tmp_path: Path) -> None:
    """A derived product is updated with its sources, and not without."""
    one = world.dengji("register", a_file(tmp_path, "v1"), "--from", world.product, "--json")
    product = one.result["product"]
    path = a_file(tmp_path, "v2")
    refused = world.dengji("product", "update", product, path, "--json")
    assert refused.error["code"] == "derivation-missing"
    made = ("--from", f"{product}@1", "--activity", "CLEANING", "--agent", world.buyer)
    updated = world.dengji("product", "update", product, path, *made, "--json")
    assert shaped("product.update", updated)["version"] == 2
    derivation = world.dengji("trace", product, "--json").result["nodes"][-1]["derivation"]
    assert (derivation["version"], derivation["agents"]) == (2, [world.buyer])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--activity", "FUSION"], "sources-unnamed"),
        (["--from", "{product}@9"], "version-unknown"),
        (["--from", "{product}", "--from", "{product}@1"], "source-repeated"),
        (["--from", "{product}:grant1qq"], "id-mistyped"),
        (["--from", "product1qq"], "id-mistyped"),
        (["--from", "{product}", "--method", "nowhere"], "content-missing"),
    ],
)
def test_what_cannot_be_derived_is_refused_by_name(
    world: World, tmp_path: Path, arguments: list[str], code: str
) -> None:
    """Each wrong way to name sources has its own error, and nothing is registered."""
    given = [one.format(product=world.product) for one in arguments]
    ran = world.dengji("register", a_file(tmp_path, "x"), *given, "--json")
    assert ran.error["code"] == code
    assert ran.code in (1, 3)


def test_without_a_right_the_grants_are_told(world: World, tmp_path: Path) -> None:
    """Who may only read is told which grant does not let them derive."""
    grant = granted(world, world.product, "--action", "READ", "--purpose", "RESEARCH")
    path = a_file(tmp_path, "x")
    own = ("--from", world.product, "--json")
    refused = world.as_buyer("register", path, *own)
    assert (refused.code, refused.error["code"]) == (3, "source-not-granted")
    assert f"{grant}: ACTION_NOT_GRANTED" in refused.error["fields"]["grants"]
    named = world.as_buyer("register", path, "--from", f"{world.product}@1:{grant}", "--json")
    assert named.error["code"] == "origin-not-granted"


@pytest.mark.parametrize("form", ["tree", "dot", "svg", "json", "mermaid"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_format_is_drawn_into_a_file_or_the_terminal(
    world: World, tmp_path: Path, form: str, lang: str
) -> None:
    """Whatever its format a drawing is printed, or written into the file named."""
    made = world.dengji("register", a_file(tmp_path, "d"), "--from", world.product, "--json")
    product = made.result["product"]
    asked = ("trace", product, "--format", form, "--lang", lang)
    printed = world.dengji(*asked).out
    target = tmp_path / "drawing"
    written = world.dengji(*asked, "--output", str(target))
    assert (written.code, written.out.strip()) == (0, str(target))
    text = target.read_text()
    begins = {"dot": "digraph", "svg": "<svg", "mermaid": "flowchart", "json": "{"}.get(form, "")
    assert text.startswith(begins)
    assert product[-4:] in text

    def still(drawn: str) -> str:
        # The moment goes on between two runs.
        return re.sub(r"\d{4}-\d\d-\d\d[T ][0-9:]{8}", "", drawn)

    if form == "json":
        assert json.loads(printed)["nodes"] == json.loads(text)["nodes"]
    else:
        assert still(printed) == still(text)


def test_names_cannot_steer_the_terminal(world: World, tmp_path: Path) -> None:
    """A name with escape sequences is shown, written out, in every drawing."""
    source = tmp_path / '\x1b]0;owned\x07\u202e<b>".csv'
    source.write_text("evil")
    named = world.dengji("register", str(source), "--json")
    product = named.result["product"]
    for form in ("tree", "dot", "svg", "json", "mermaid"):
        for more in ((), ("--json",)):
            out = world.dengji("trace", product, "--format", form, *more).out
            assert not set(out) & {"\x1b", "\x07", "\u202e"}
            assert "owned" in out


def test_only_what_is_applied_for_is_declared(world: World) -> None:
    """Of what is registered, or another's, nothing can be declared any more."""
    refused = world.dengji("case", "declare", world.product, "--from", world.product, "--json")
    assert refused.error["code"] == "declaration-closed"
    other = world.as_buyer("case", "declare", world.product, "--from", world.product, "--json")
    assert other.error["code"] in ("applicant-only", "source-not-granted")
    unnamed = world.dengji("case", "declare", world.product, "--json")
    assert unnamed.error["code"] == "sources-unnamed"


def test_past_and_unknown_are_told(world: World, tmp_path: Path) -> None:
    """A lineage is asked of a past block too; of what is not there, by name."""
    made = world.dengji("register", a_file(tmp_path, "p"), "--from", world.product, "--json")
    product = made.result["product"]
    before = made.result["receipt"]["block"] - 1
    early = world.dengji("trace", product, "--at", str(before), "--json")
    assert (early.code, early.error["code"]) == (1, "product-unknown")
    late = world.dengji("trace", f"{product}@2", "--json")
    assert (late.code, late.error["code"]) == (1, "version-unknown")
    for none in ("@0", "@", "@65536", "@999999999", "@-1", "@x"):
        for asked in (
            ("trace", product + none),
            ("register", a_file(tmp_path, "n"), "--from", product + none),
        ):
            wrong = world.dengji(*asked, "--json")
            assert (wrong.code, wrong.error["code"]) == (2, "bad-value")
            assert wrong.error["fields"]["given"] == none
    shallow = world.dengji("trace", product, "--depth", "0", "--json").result
    assert [node["more"] for node in shallow["nodes"]] == [True]


def test_a_part_of_a_file_is_verified_alone(world: World, tmp_path: Path) -> None:
    """Whoever gets two chunks of a file proves them to be the registered version's, or is told."""
    whole, proof, part = tmp_path / "big.bin", tmp_path / "proof.json", tmp_path / "part.bin"
    whole.write_bytes(bytes(range(256)) * 4096 * 9 + b"end")
    product = world.dengji("register", str(whole), "--json").result["product"]
    asked = ("product", "slice", str(whole), "--offset", "3000000", "--length", "1000000")
    proved = world.dengji(*asked, "--out", str(proof), "--part", str(part), "--json")
    result = shaped("product.slice", proved)
    assert (result["offset"], result["length"]) == (str(2 << 20), str(2 << 20))
    assert part.read_bytes() == whole.read_bytes()[2 << 20 : 4 << 20]
    verify = ("verify", str(part), "--slice", str(proof))
    found = world.dengji(*verify, "--code", product, "--json")
    assert shaped("verify", found)["outcome"] == "IN_FORCE"
    assert (found.code, found.result["slice"]["size"]) == (0, str(whole.stat().st_size))
    said = world.dengji(*verify, "--code", product)
    assert "part of registered content" in said.out
    assert world.dengji(*verify, "--json").error["code"] == "slice-unnamed"
    assert world.dengji(*verify, "--code", world.product).code == 5

    longer = tmp_path / "next.bin"
    longer.write_bytes(whole.read_bytes() + b"more")
    assert world.dengji("product", "update", product, str(longer)).code == 0
    assert world.dengji(*verify, "--code", product).code == 6
    changed = bytearray(part.read_bytes())
    changed[77] ^= 1
    part.write_bytes(changed)
    assert world.dengji(*verify, "--code", product, "--json").code == 5
    proof.write_text("[" * 40)
    malformed = world.dengji(*verify, "--code", product, "--json")
    assert malformed.error["code"] == "slice-proof-invalid"


def test_a_part_of_a_folder_is_verified_alone(world: World, tmp_path: Path) -> None:
    """A file of a folder is proved by the folder's manifest."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.csv").write_text(name * 1000)
    registered = world.dengji("register", str(folder), "--json").result
    proof, part = tmp_path / "proof.json", tmp_path / "part"
    named = ("--file", "b.csv", "--manifest", registered["manifest"], "--length", "10")
    made = ("product", "slice", str(folder), *named, "--out", str(proof), "--part", str(part))
    assert shaped("product.slice", world.dengji(*made, "--json"))["path"] == "b.csv"
    given = ("--slice", str(proof), "--code", registered["product"])
    assert world.dengji("verify", str(part), *given).code == 0
    assert world.dengji("verify", str(folder / "a.csv"), *given).code == 5
