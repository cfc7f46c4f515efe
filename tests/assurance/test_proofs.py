"""What is proved is written down in full, and every planted bug can be planted."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from assurance import analysis
from assurance.keep import ROOT
from assurance.planted_bugs import PLANTED, Planted
from assurance.proofs import properties
from assurance.trees import ToolFailed

if TYPE_CHECKING:
    from pathlib import Path


def test_every_property_says_what_is_symbolic() -> None:
    """No property goes by without a sentence, and without a word on what stands for all values."""
    found = properties()
    names = Counter(one.name for one in found)
    assert len(found) >= 20
    assert [name for name, count in names.items() if count > 1] == []
    assert [one.name for one in found if " — Symbolic: " not in one.said] == []


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.name)
def test_every_bug_can_be_planted(bug: Planted) -> None:
    """The place of each planted bug is there once, and the property that must fail is there."""
    assert (ROOT / bug.file).read_text("utf-8").count(bug.before) == 1
    assert bug.before != bug.after
    assert bug.finder in {one.name for one in properties()}


def test_every_finding_is_argued_once() -> None:
    """The arguments are read, and each is of some length."""
    told = dict(analysis.explanations())
    assert told
    assert min(map(len, told.values())) > 40


def test_every_rule_that_is_off_is_argued() -> None:
    """No rule has both a place among those that are on and an argument for being off."""
    told = tomllib.loads((ROOT / "assurance" / "explained.toml").read_text("utf-8"))["solhint"]
    on = json.loads((ROOT / ".solhint.json").read_bytes())["rules"]
    assert told.keys() & on.keys() == set()
    assert min(map(len, told.values())) > 20
    assert len(on) > 30


def test_a_finding_without_a_reason_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An entry with an empty reason does not count as an argument."""
    path = tmp_path / "explained.toml"
    path.write_text('[[finding]]\ncheck = "timestamp"\nwhy = " "\nplaces = ["A.b()"]\n', "utf-8")
    monkeypatch.setattr(analysis, "_EXPLAINED", path)
    with pytest.raises(ToolFailed):
        dict(analysis.explanations())


def test_an_excuse_without_a_reason_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A linter that is silenced with no comment on the line above is told of."""
    bare = "contract A {\n    // forge-lint: disable-next-line(unsafe-typecast)\n}\n"
    said = "contract A {\n    // It fits.\n    // solhint-disable-next-line quotes\n}\n"
    monkeypatch.setattr(analysis, "sources", lambda _: {"a.sol": bare, "b.sol": said})
    assert list(analysis.unexplained_excuses()) == ["a.sol:2"]
