"""Byte strings are sorted beyond what memory should hold."""

import random

import pytest

from registry.domain.spill import SpillingSorter


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 99, 1000])
def test_sorts_as_sorted_does(count: int) -> None:
    """Runs that were spilled come back merged with what is still in memory."""
    chance = random.Random(count)
    items = [chance.randbytes(chance.randint(0, 3)) for _ in range(count)]
    with SpillingSorter(run_length=10) as sorter:
        for item in items:
            sorter.add(item)
        assert list(sorter) == sorted(items)


def test_keeps_one_run_in_memory() -> None:
    """No more strings than one run are held while they are taken."""
    with SpillingSorter(run_length=7) as sorter:
        for number in range(100):
            sorter.add(b"%d" % number)
            assert len(sorter._current) < 7


def test_leaving_deletes_what_was_spilled() -> None:
    """Once it is left, the temporary files are closed, which deletes them."""
    with SpillingSorter(run_length=1) as sorter:
        sorter.add(b"a")
        (run,) = sorter._runs
    assert run.closed
