"""The benchmark of sending measures what it says, at any size."""

import pytest

from benchmarks.sending import TARGETS, measure, report


@pytest.mark.anvil
@pytest.mark.only_anvil("the benchmark is one of anvil")
@pytest.mark.slow
def test_all_ways_register() -> None:
    """A tiny run ends with a rate for each way, and the ratios that have targets."""
    figures = measure(count=25, naive_count=2, rounds=1)
    assert set(figures) == {"naive", "pipelined", "batches", "ceiling", *TARGETS}
    assert all(figure > 0 for figure in figures.values())
    assert figures["pipelined × naive"] == figures["pipelined"] / figures["naive"]
    assert report(figures).count("\n") == len(figures) + 1
