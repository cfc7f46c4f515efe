"""Descriptions on a real node: what is registered of a form, and what never leaves the home."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from registry.domain.manifest import read_manifest
from tests.integration.cli_world import World, make

pytestmark = pytest.mark.anvil
TESTS = Path(__file__).parents[1]
PEOPLE = ("郑示例", "028-00000008", "91510100MA0000090T", "示例气象科技有限公司", "示例路8号")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one world."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down")


def test_a_form_is_registered_without_its_people(world: World, tmp_path: Path) -> None:
    """The chain's metadata hash is that of a header without people, whose digest opens the form."""
    data = tmp_path / "hail.csv"
    data.write_text("township,index\n1,2\n")
    form = TESTS / "applications" / "hail_index.toml"
    told = world.dengji("register", str(data), "--metadata", str(form), "--json")
    made = told.result
    public = json.dumps(made, ensure_ascii=False)
    manifest = Path(made["manifest"])
    header = read_manifest(manifest).header.metadata
    assert made["metadata_hash"] == "0x" + sha256(header.canonical()).hexdigest()
    for one in PEOPLE:
        assert one not in manifest.read_text()
        assert one not in public
    kept = json.loads(
        (world.home / "applications" / f"{made['metadata_hash'][2:]}.json").read_bytes()
    )
    confidential = {
        "format": "dengji-confidential/1",
        **{name: kept["form"][name] for name in ("applicants", "confidentialSalt", "rights")},
    }
    shown = json.dumps(confidential, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    assert header.confidential_hash == sha256(shown.encode()).digest()
    shown_product = world.dengji("product", "show", made["product"], "--json").result
    assert shown_product["rights"] == ["HOLD", "USE", "OPERATE"]
    again = world.dengji("register", str(data), "--metadata", str(form), "--json").result
    assert again["already"] is True
    assert again["product"] == made["product"]


def test_the_form_says_class_and_rights(world: World, tmp_path: Path) -> None:
    """Class and rights of the form are what the chain records, unless options say otherwise."""
    data = tmp_path / "fusion.csv"
    data.write_text("a\n")
    form = tmp_path / "form.toml"
    form.write_text(
        'dataName = "x"\nsecurityClass = "important"\n'
        '[[rights]]\nholder = "甲"\ncreditCode = "91420100MA0000058W"\nrightType = "hold"\n'
        '[[rights]]\nholder = "甲"\ncreditCode = "91420100MA0000058W"\nrightType = "use"\n'
    )
    made = world.dengji("register", str(data), "--metadata", str(form), "--json").result
    shown = world.dengji("product", "show", made["product"], "--json").result
    assert (shown["rights"], shown["security_class"]) == (["HOLD", "USE"], "IMPORTANT")
    other = world.dengji(
        *("register", str(data), "--metadata", str(form), "--rights", "HOLD"),
        *("--security-class", "GENERAL", "--salt", "7", "--json"),
    ).result
    shown = world.dengji("product", "show", other["product"], "--json").result
    assert (shown["rights"], shown["security_class"]) == (["HOLD"], "GENERAL")


def test_a_version_is_described_anew(world: World, tmp_path: Path) -> None:
    """An update takes descriptions of other formats, beside the data when that is asked."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "yield.csv").write_text("a\n")
    first = world.dengji("register", str(folder), "--json").result
    shutil.copy(TESTS / "descriptions" / "datapackage.json", folder)
    ran = world.dengji(
        "product", "update", first["product"], str(folder), "--find-metadata", "--json"
    )
    assert ran.result["version"] == 2
    assert "Not taken over: contributors" in ran.err
    header = read_manifest(Path(ran.result["manifest"])).header.metadata
    assert header.data_name == "2024年河南省冬小麦产量表"
