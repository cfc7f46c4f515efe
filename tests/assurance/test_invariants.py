"""The long form of the invariants: nothing that must hold goes unasked, and runs are counted."""

from __future__ import annotations

import re

import pytest

from assurance import invariants
from assurance.keep import ROOT

FOLDER = ROOT / "tests" / "contracts" / "invariants"


def test_every_rule_is_asked() -> None:
    """A rule that no campaign asks would hold for ever."""
    written = [
        name
        for path in FOLDER.glob("*.t.sol")
        for name in re.findall(r"function rule([A-Z]\w+)\(", path.read_text(encoding="utf-8"))
    ]
    asked = [name for suite in invariants.SUITES for name in invariants.rules(suite)]
    assert sorted(asked) == sorted(written)
    said_of_them = [one for suite in invariants.SUITES for one in invariants.rules(suite).values()]
    assert all(one.endswith(".") and "\n" not in one for one in said_of_them)
    assert len(invariants.rules("Ledger")) >= invariants.FEWEST_RULES
    for path in FOLDER.glob("*.t.sol"):
        said = path.read_text(encoding="utf-8")
        if "abstract contract" not in said:
            assert "function afterInvariant() external view {\n        ruleEvents" in said


def test_a_slice_counts_what_it_ran() -> None:
    """Two runs of ten calls are twenty calls, none of them reverted."""
    made = invariants.section(smallest=True)
    counted = {one.name: one.median for one in made.figures}
    assert (counted["Lineage: runs"], counted["Lineage: calls"]) == (2, 20)
    assert counted["Lineage: reverts"] == 0
    assert all("**" in remark for remark in made.remarks)


def test_a_broken_invariant_ends_the_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """What forge calls a failure is no slice that counts."""
    monkeypatch.setattr(invariants, "_result", lambda _written: {"status": "Failure"})
    with pytest.raises(RuntimeError, match="Lineage, seed 7"):
        invariants.campaign("Lineage", 7, 1, 2)
