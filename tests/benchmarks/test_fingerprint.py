"""The benchmark of fingerprints runs at any size."""

from pathlib import Path

import pytest

from benchmarks import fingerprint
from benchmarks.watching import AnonymousMemory


def test_tiny_run_answers_every_question(tmp_path: Path) -> None:
    """A run at a ten-thousandth of the size has a row for each figure and cleans up."""
    rows = fingerprint.run(0.0001, rounds=1, folder=tmp_path)
    assert [row.question.split(",")[0] for row in rows] == [
        "0.001 GB file",
        "0.001 GB file",
        "0.001 GB file",
        "0.001 GB file",
        "10 small files",
        "100 files",
        "100 files",
        "100 files",
        "Merkle root of 100 leaves",
    ]
    assert not list(tmp_path.iterdir())
    table = fingerprint.report(rows).splitlines()
    assert len(table) == 11


def test_memory_is_watched(tmp_path: Path) -> None:
    """Memory that is taken while it is watched shows in the peak."""
    with AnonymousMemory() as memory:
        held = bytearray(b"x" * 100_000_000)
        fingerprint.measure(size=1, files=1, many=1, leaves=1, rounds=1, folder=tmp_path)
    assert len(held) == 100_000_000
    assert memory.peak_mb > 100


@pytest.mark.parametrize(("text", "size"), [("10G", 10**10), ("1.5m", 1_500_000), ("7", 7)])
def test_sizes_are_read(text: str, size: int) -> None:
    """Sizes are given with their unit."""
    assert fingerprint._size(text) == size
