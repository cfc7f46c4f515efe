"""Snapshots of storage and ABI: what differs is named, and written where it is meant alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from registry.domain.keccak import keccak
from scripts import gen_abi, gen_storage

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of what the snapshot of the ABI is made from, and of itself."""
    for folder in ("contracts", "registry/artifacts", "snapshots"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def test_the_snapshot_is_that_of_the_contracts() -> None:
    """What is committed is what the artifacts and the sources say."""
    assert gen_abi.main([]) == 0


def _change(tree: Path, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the entry of this name in the ABI of the registry of parties."""
    path = tree / "registry" / "artifacts" / "PartyRegistry.json"
    artifact = json.loads(path.read_bytes())
    (entry,) = (one for one in artifact["abi"] if one.get("name") == name)
    change(entry)
    path.write_text(json.dumps(artifact), "utf-8")


CHANGES: dict[str, tuple[str, Callable[[dict[str, Any]], None], str]] = {
    "an argument": (
        "enrol",
        lambda one: one["inputs"].append({"name": "more", "type": "uint8"}),
        "enrol(bytes32,uint8)",
    ),
    "what is returned": ("partyOf", lambda one: one["outputs"].clear(), "partyOf(address) view"),
    "whether it writes": (
        "actor",
        lambda one: one.update(stateMutability="nonpayable"),
        "actor(address,uint240) nonpayable",
    ),
    "a value of an error": ("KeyTaken", lambda one: one["inputs"].pop(), "KeyTaken(address)"),
    "what is indexed": (
        "KeyAdmitted",
        lambda one: one["inputs"][0].update(indexed=False),
        "KeyAdmitted(address key,",
    ),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_is_named_and_not_written(
    kind: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A change of the ABI fails, says what it is, and leaves the snapshot as it was."""
    name, change, named = CHANGES[kind]
    before = (tree / gen_abi.SNAPSHOT).read_bytes()
    assert gen_abi.main(["--check"], tree) == 0
    _change(tree, name, change)
    for arguments in ([], ["--check"]):
        assert gen_abi.main(arguments, tree) == 1
        said = capsys.readouterr().err
        assert "PartyRegistry" in said
        assert named in said
    assert (tree / gen_abi.SNAPSHOT).read_bytes() == before
    assert gen_abi.main(["--meant"], tree) == 0
    assert gen_abi.main(["--check"], tree) == 0


def test_a_signed_type_that_changes_is_named(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One letter in a type that is signed is a difference, with both hashes."""
    source = tree / "contracts" / "types" / "Receipt.sol"
    source.write_text(source.read_text("utf-8").replace("uint32 sequence,", "uint32 number,"))
    assert gen_abi.main([], tree) == 1
    said = capsys.readouterr().err
    assert "uint32 number," in said
    assert "uint32 sequence," in said


def test_every_type_that_is_hashed_in_the_contracts_is_found() -> None:
    """Of every string that is hashed as an EIP-712 type the snapshot has the hash."""
    told = json.loads((ROOT / gen_abi.SNAPSHOT).read_bytes())["types"]
    assert {name.partition("(")[0] for name in told} == {
        *("Agreement", "Clauses", "Consent", "EIP712Domain", "Ending", "KeyConsent"),
        *("Receipt", "Terms"),
    }
    for name, kept in told.items():
        assert kept == "0x" + keccak(name.encode()).hex()


def test_a_snapshot_is_written_where_it_is_meant_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is stale is named with the command that writes it, and stays as it was."""
    (tmp_path / "snapshots").mkdir()
    kept = tmp_path / gen_storage.SNAPSHOT
    kept.write_text("old", "utf-8")
    texts = {gen_storage.SNAPSHOT: "new"}
    assert gen_storage.settle(tmp_path, texts, write=False, command="make snapshots") == 1
    assert kept.read_text("utf-8") == "old"
    assert "run `make snapshots`" in capsys.readouterr().err
    assert gen_storage.settle(tmp_path, texts, write=True, command="make snapshots") == 0
    assert kept.read_text("utf-8") == "new"
    assert gen_storage.settle(tmp_path, texts, write=False, command="make snapshots") == 0
