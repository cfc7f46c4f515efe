"""The lock files: complete, of one mind, and silent about where they were resolved."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def pins(lock: Path) -> dict[str, str]:
    """Return the exact version of each package in a lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_hashes(lock: Path) -> None:
    """A package without a hash would make pip refuse the whole file: none is without."""
    entries = re.split(r"^(?=[a-z0-9-]+==)", lock.read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(lock)) > 0
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", [*LOCKS, ROOT / "package-lock.json"], ids=lambda lock: lock.name)
def test_no_lock_says_where_it_was_resolved(lock: Path) -> None:
    """A person's own index or mirror serves: no address stands in the way."""
    text = lock.read_text("utf-8")
    addresses = re.findall(r"^--.*|\"resolved\".*", text, re.MULTILINE)
    if lock.suffix == ".txt":
        addresses += re.findall(r"\w+://\S+", text)
    assert addresses == []


def test_the_tools_do_not_move_what_the_package_runs_on() -> None:
    """What is tested is what is installed: both lists pin the same versions."""
    runtime, dev = (pins(ROOT / "requirements" / f"{name}.txt") for name in ("runtime", "dev"))
    assert {name: dev.get(name) for name in runtime} == runtime


def test_the_lock_holds_every_declared_dependency() -> None:
    """A dependency that was added without `make lock` is found."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[<>=!~;\[ ]", line)[0] for line in declared}
    assert names - pins(ROOT / "requirements/dev.txt").keys() == set()


def test_the_chain_tools_are_of_one_version() -> None:
    """The machine that forge tests on is the one that anvil runs."""
    manifest = json.loads((ROOT / "package.json").read_text("utf-8"))
    versions = {
        version
        for name, version in manifest["optionalDependencies"].items()
        if name.startswith("@foundry-rs/")
    }
    assert len(versions) == 1
