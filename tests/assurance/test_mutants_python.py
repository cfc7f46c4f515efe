"""Mutants of the domain before tests of several folders, in one process of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.keep import ROOT, VARIABLE
from assurance.mutants_python import DOMAIN, PART, TESTS, Bench, judge_all, reach_of
from assurance.mutation.mutant import INVALID, KILLED
from assurance.mutation.python import changes
from assurance.mutation.records import Fate, Fates

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MUTATED = "registry/domain/bech32.py"
FILES = ["tests/chain/test_calls.py", "tests/domain/test_bech32.py"]


def test_tests_of_folders_with_a_conftest_of_their_own_are_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the tests of several folders reach is found out at once, and none of them is lost."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    source = (ROOT / MUTATED).read_text("utf-8")
    bench = Bench(mutants=[one.mutant for one in changes(MUTATED, source)], files=FILES)
    reach = reach_of(bench)
    assert {name.partition("::")[0] for name in reach.tests} == set(FILES)
    reaching = {name.partition("::")[0] for name in reach.of(f"@{MUTATED}")}
    assert reaching == {"tests/domain/test_bech32.py"}


def fate_of(path: str, new: str, file: str) -> Fate:
    """Judge the one mutant of a module that puts this in its place, by one file of tests."""
    found = changes(path, (ROOT / path).read_text("utf-8"))
    (mutant,) = [one.mutant for one in found if one.mutant.new == new]
    fates = Fates(PART, DOMAIN, TESTS["near"])
    judge_all(Bench(mutants=[mutant], files=[file]), fates, "near", {mutant.key})
    fate = fates.of(mutant)
    assert fate is not None
    return fate


def test_a_mutant_that_renames_tests_is_put_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed text that is part of the names of tests is judged by them under their new names."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    file = "tests/domain/exports/test_status.py"
    fate = fate_of("registry/domain/exports/status.py", "'XXunusableXX'", file)
    assert (fate.state, fate.suite) == (KILLED, file)


def test_a_mutant_that_does_not_load_is_not_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a module cannot be loaded there is nothing to be tested: that is no survivor."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    path, file = "registry/domain/replay_genesis.py", "tests/chain/test_histories.py"
    assert fate_of(path, "'XXentryCountXX'", file).state == INVALID
