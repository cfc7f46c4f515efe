"""What is measured beside the registry is what it says, and is asked to do the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import registry
from benchmarks import eas, ocean
from benchmarks.packages import Contract, Package, floor
from benchmarks.payloads import LOCATOR, locator, word
from benchmarks.peer_tasks import BATCHED, ROWS, compared
from benchmarks.peers import LIMITS, RATIOS
from benchmarks.published import medians

ROOT = Path(__file__).parents[2]
ARTIFACTS = Path(registry.__file__).with_name("artifacts")


def ours(contract: str) -> list[dict[str, Any]]:
    """Return the ABI of one of our contracts."""
    found: list[dict[str, Any]] = json.loads((ARTIFACTS / f"{contract}.json").read_bytes())["abi"]
    return found


def inputs(interface: list[dict[str, Any]], kind: str, name: str) -> list[tuple[str, bool]]:
    """Return the types of what an entry of an ABI takes or tells, and which are indexed."""
    (entry,) = (one for one in interface if one["type"] == kind and one.get("name") == name)
    return [(_flat(one), one.get("indexed", False)) for one in entry["inputs"]]


def _flat(parameter: dict[str, Any]) -> str:
    parts = ",".join(map(_flat, parameter.get("components", ())))
    return f"{parameter['type']}({parts})"


@pytest.fixture(scope="module")
def least() -> Contract:
    """Return the contract that does the least."""
    return floor()


@pytest.mark.parametrize(
    ("event", "contract", "counterpart"),
    [
        ("Registered", "ProductRegistry", "ProductRegistered"),
        ("Issued", "GrantRegistry", "GrantIssued"),
        ("Revoked", "GrantRegistry", "GrantRevoked"),
    ],
)
def test_the_floor_tells_what_ours_tells(
    least: Contract, event: str, contract: str, counterpart: str
) -> None:
    """A log of the floor has the very fields of ours, indexed alike."""
    assert inputs(least.interface, "event", event) == inputs(ours(contract), "event", counterpart)


@pytest.mark.parametrize(
    ("function", "contract"),
    [
        ("register", "ProductRegistry"),
        ("registerBatch", "ProductRegistry"),
        ("issue", "GrantRegistry"),
        ("issueBatch", "GrantRegistry"),
        ("revoke", "GrantRegistry"),
        ("revokeBatch", "GrantRegistry"),
    ],
)
def test_the_floor_takes_what_ours_takes(least: Contract, function: str, contract: str) -> None:
    """A call of the floor has the very calldata of ours but for the selector."""
    mine = inputs(ours(contract), "function", function)
    assert inputs(least.interface, "function", function) == mine


@pytest.mark.parametrize("name", [eas.PACKAGE, ocean.PACKAGE])
def test_the_peers_are_as_pinned(name: str) -> None:
    """What is installed of a peer is the version that package.json names, and the page says it."""
    pinned = json.loads((ROOT / "package.json").read_bytes())["devDependencies"][name]
    package = Package.installed(name)
    assert package.version == pinned
    assert str(package) in (ROOT / "docs" / "benchmarks.md").read_text("utf-8")


def test_calls_are_encoded_as_web3_encodes_them() -> None:
    """The calldata of a function that takes structs and lists is that of web3.py."""
    from web3 import Web3  # noqa: PLC0415 (two seconds that no other test needs)

    contract = Package.installed(eas.PACKAGE).contract("EAS")
    request = (word()[:20], 0, True, word(), word() * 3 + b"x", 0)
    arguments = [(word(), [request, request])]
    known = Web3().eth.contract(abi=contract.interface)
    expected = known.encode_abi("multiAttest", [arguments])
    assert contract.data("multiAttest", arguments).hex() == expected.removeprefix("0x")
    topic = "8bf46bf4cfd674fa735a3d63ec1c9ad4153f033c290341f3a588b75685141b35"
    assert contract.topic("Attested").hex() == topic


def test_payloads_are_dear() -> None:
    """Random words have no zero byte, which would be cheaper, and an address has 60 characters."""
    assert 0 not in word()
    assert word() != word()
    assert len(locator()) == LOCATOR == 60


def test_every_row_and_target_is_in_the_report() -> None:
    """The published figures hold each task of the table, each batch, and each ratio's target."""
    figures = medians("peers")
    held = dict(compared(figures.keys()))
    for row in ROWS:
        named = {"ours": row.ours, "floor": row.floor, "eas": row.eas, "ocean": row.ocean}
        expected = {who: f"{who}: {task}" for who, task in named.items() if task}
        assert held[row.task] == expected
    assert len(held) == len(ROWS) + 2 * len(BATCHED)
    assert {f"ours: {task}_{size}" for task in BATCHED for size in (10, 100)} <= figures.keys()
    assert RATIOS.keys() | LIMITS.keys() <= figures.keys()
