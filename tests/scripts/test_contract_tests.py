"""The contracts' own tests: every error is expected with its values, every function is called.

Read from the ABIs that the package ships, so that what is added without a test is noticed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ARTIFACTS = ROOT / "registry" / "artifacts"
CONTRACTS = ROOT / "contracts"
TESTS = ROOT / "tests" / "contracts"

DEFINED = re.compile(r"^\s*error (\w+)\(", re.MULTILINE)
"""An error of ours; what OpenZeppelin's contracts refuse by is tested there."""
INHERITED = {"Authority"}
"""All but the constant is OpenZeppelin's `AccessManager`, tested there; what is changed of it is in
`Authority.t.sol`."""
FOREIGN = {"isConsumingScheduledOp"}
"""Of OpenZeppelin's `AccessManaged`, for its manager alone."""
NOT_EXPECTED: dict[str, str] = {}
"""Errors that no test can bring about, with the reason."""


def entries(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entries of a kind with their contract, of every ABI."""
    for path in sorted(ARTIFACTS.glob("*.json")):
        artifact = json.loads(path.read_text(encoding="utf-8"))
        for entry in artifact["abi"]:
            if entry["type"] == kind:
                yield artifact["contractName"], entry


def ours() -> set[str]:
    """Return the names of the errors that our contracts define."""
    sources = (path.read_text(encoding="utf-8") for path in CONTRACTS.rglob("*.sol"))
    return {name for source in sources for name in DEFINED.findall(source)}


@pytest.fixture(scope="module", name="written")
def written_() -> str:
    """Return what all tests of the contracts say, without their comments."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("*.sol"))]
    return re.sub(r"//[^\n]*", "", "\n".join(texts))


def test_every_error_is_in_an_abi() -> None:
    """An error that no contract of the deployment can answer with is left over."""
    assert ours() <= {entry["name"] for _, entry in entries("error")}


def test_every_error_is_expected_with_its_values(written: str) -> None:
    """Each is expected by its selector and, where it has any, with all of its arguments."""
    known = {entry["name"]: len(entry["inputs"]) for _, entry in entries("error")}
    missing = [
        name
        for name in sorted(ours() & known.keys())
        if name not in NOT_EXPECTED and not expected(written, name, known[name])
    ]
    assert missing == []


def expected(written: str, name: str, count: int) -> bool:
    """Tell whether some test expects this error with so many values."""
    if count == 0:
        return bool(re.search(rf"\b{name}\.selector", written))
    return any(
        arguments(written, found.end()) == count
        for found in re.finditer(rf"encodeWithSelector\(\s*(?:\w+\.)?{name}\.selector", written)
    )


def arguments(written: str, start: int) -> int:
    """Count what follows a selector, up to the bracket that closes its call."""
    depth, count = 0, 0
    for sign in written[start:]:
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if depth < 0:
                return count
        elif sign == "," and depth == 0:
            count += 1
    return count


def test_every_function_is_called(written: str) -> None:
    """Each is called, or encoded to be called, by a test."""
    missing = sorted(
        {
            f"{contract}.{entry['name']}"
            for contract, entry in entries("function")
            if contract not in INHERITED
            and entry["name"] not in FOREIGN
            and not re.search(rf"\.{entry['name']}\s*[(,{{]", written)
        }
    )
    assert missing == []


def test_arguments_are_counted() -> None:
    """A comma within brackets is none between arguments."""
    assert arguments(", a, f(b, c), [d, e]));", 0) == 3
    assert arguments("));", 0) == 0


def test_an_error_without_its_values_is_noticed() -> None:
    """A selector alone does not do where there are values."""
    bare = "vm.expectPartialRevert(I.GrantTaken.selector);"
    whole = "vm.expectRevert(abi.encodeWithSelector(I.GrantTaken.selector, grant));"
    assert not expected(bare, "GrantTaken", 1)
    assert not expected(whole, "GrantTaken", 2)
    assert expected(whole, "GrantTaken", 1)
