"""The list of what Dengji is built from says what the lock files do, in the form of CycloneDX."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from importlib.metadata import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from scripts.gen_sbom import LIST, ROOT, listed, locks, main

READ = ("contracts", "requirements", "package-lock.json", "pyproject.toml", "docs/sbom.json")


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """Return the list as it lies in the docs."""
    found: dict[str, Any] = json.loads((ROOT / LIST).read_bytes())
    return found


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy what the list is made from, so that a test may spoil it."""
    for name in READ:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def schemas() -> list[Any]:
    """Return the schema of CycloneDX 1.6 and the two that it refers to."""
    held = {path.name: path for path in files("cyclonedx-python-lib") or ()}
    names = ("bom-1.6", "spdx", "jsf-0.82")
    return [json.loads(held[f"{name}.SNAPSHOT.schema.json"].read_text()) for name in names]


def test_the_list_is_cyclonedx(written: dict[str, Any]) -> None:
    """The file keeps to the schema that CycloneDX publishes, formats included."""
    own, *others = schemas()
    known: Registry[Any] = Registry().with_resources(
        [(one["$id"], Resource.from_contents(one)) for one in others]
    )
    validator = Draft7Validator(own, registry=known, format_checker=Draft7Validator.FORMAT_CHECKER)
    assert [error.json_path for error in validator.iter_errors(written)] == []
    spoilt = {**written, "components": [{**written["components"][0], "scope": "wanted"}]}
    assert not validator.is_valid(spoilt)


def test_the_list_has_everything_that_is_locked(written: dict[str, Any]) -> None:
    """Each locked package is there once, with all of its hashes."""
    pins = {pin.purl: pin for found in locks(ROOT).values() for pin in found}
    components = {one["bom-ref"]: one for one in written["components"]}
    assert len(components) == len(written["components"])
    assert set(components) == set(pins)
    for purl, component in components.items():
        (reference,) = component.get("externalReferences", [component])
        held = {one["content"] for one in reference["hashes"]}
        assert {digest.content for digest in pins[purl].digests} <= held
        assert held


def test_the_list_says_who_needs_what(written: dict[str, Any]) -> None:
    """Everything that is required is reached from the package, which needs what it declares."""
    needs = {one["ref"]: set(one["dependsOn"]) for one in written["dependencies"]}
    own = written["metadata"]["component"]["bom-ref"]
    components = {one["bom-ref"]: one for one in written["components"]}
    assert set(needs) == {own, *components}
    reached: set[str] = set()
    waiting = [own]
    while waiting:
        reached |= (new := needs[waiting.pop()] - reached)
        waiting += new
    assert reached == {ref for ref, one in components.items() if one["scope"] == "required"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {one.split(">=")[0] for one in project["dependencies"]}
    # What is compiled into the contracts is part of the wheel as much as what it imports.
    assert {components[ref]["name"] for ref in needs[own]} == {*declared, "contracts"}
    scopes = Counter(one["scope"] for one in components.values())
    assert set(scopes) == {"required", "optional", "excluded"}
    assert components[_of(components, "rdflib")]["scope"] == "optional"
    assert components[_of(components, "pytest")]["scope"] == "excluded"


def _of(components: dict[str, Any], name: str) -> str:
    (found,) = [ref for ref, one in components.items() if one["name"] == name]
    return found


def test_the_list_is_the_same_everywhere(copied: Path) -> None:
    """Another folder, locale, zone and seed of hashes make the same file to the byte."""
    environ = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "TZ": "Asia/Shanghai",
        "PYTHONUTF8": "0",
    }
    program = f"from scripts.gen_sbom import *; main([], Path({str(copied)!r}))"
    (copied / LIST).unlink()
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environ, check=True)
    assert (copied / LIST).read_bytes() == (ROOT / LIST).read_bytes()


def test_a_changed_lock_makes_it_stale(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After another version is locked `--check` fails until the list is written anew."""
    assert main(["--check"], copied) == 0
    lock = copied / "requirements" / "runtime.txt"
    lock.write_text(lock.read_text("utf-8").replace("\nclick==", "\nclick==9."), "utf-8")
    assert main(["--check"], copied) == 1
    assert str(LIST) in capsys.readouterr().out
    assert main([], copied) == 0
    assert main(["--check"], copied) == 0
    assert any(one["version"].startswith("9.") for one in listed(copied)["components"])
