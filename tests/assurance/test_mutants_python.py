"""Mutants of the domain before tests of several folders, in one process of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.keep import ROOT, VARIABLE
from assurance.mutants_python import Bench, reach_of
from assurance.mutation.python import changes

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
