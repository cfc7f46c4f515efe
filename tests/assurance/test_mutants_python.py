"""Mutants of the domain before tests of several folders, in one process of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.keep import ROOT, VARIABLE
from assurance.mutants_python import DOMAIN, PART, TESTS, Bench, judge_all, reach_of
from assurance.mutation.mutant import INVALID, KILLED
from assurance.mutation.python import changes
from assurance.mutation.records import Fates

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


def test_a_mutant_that_renames_tests_is_put_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed text that is part of the names of tests is judged by them under their new names."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    path = "registry/domain/exports/status.py"
    found = changes(path, (ROOT / path).read_text("utf-8"))
    mutants = [one.mutant for one in found if one.mutant.new == "'XXunusableXX'"]
    fates = Fates(PART, DOMAIN, TESTS["near"])
    bench = Bench(mutants=mutants, files=["tests/domain/exports/test_status.py"])
    judge_all(bench, fates, "near", {mutants[0].key})
    fate = fates.of(mutants[0])
    assert fate is not None
    assert (fate.state, fate.suite) == (KILLED, bench.files[0])


def test_a_mutant_that_does_not_load_is_not_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a module cannot be loaded there is nothing to be tested: that is no survivor."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    path = "registry/domain/replay_genesis.py"
    found = changes(path, (ROOT / path).read_text("utf-8"))
    mutants = [one.mutant for one in found if one.mutant.new == "'XXentryCountXX'"]
    fates = Fates(PART, DOMAIN, TESTS["near"])
    bench = Bench(mutants=mutants, files=["tests/chain/test_histories.py"])
    judge_all(bench, fates, "near", {mutants[0].key})
    fate = fates.of(mutants[0])
    assert fate is not None
    assert fate.state == INVALID
