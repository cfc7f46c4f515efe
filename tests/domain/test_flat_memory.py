"""Show that the memory of a fingerprint does not grow with the number of files."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from registry.domain.comparison import compare
from registry.domain.fingerprint import fingerprint

FEW, MANY = 15_000, 30_000
"""Both fill the buffers there are: what more files need beyond that would be kept for each."""

FOR_EACH_FILE = 30
"""Bytes; a path alone, kept, is more than its fifty characters."""


def _folder(path: Path, files: int) -> Path:
    for number in range(files):
        # Two levels, as folders of many files mostly are.
        place = path / f"{number % 40:02}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"a-rather-long-name-of-a-file-{number:08}.csv").write_bytes(b"x")
    return path


def _peak(folder: Path, manifest: Path) -> int:
    """Return the most bytes held at once while a folder is written down and compared again."""
    tracemalloc.start()
    try:
        fingerprint(folder, manifest=manifest, workers=1)
        assert compare(folder, manifest, workers=1).matches
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    """Twice the files need no more memory: nothing is kept for each of them."""
    few, many = _folder(tmp_path / "few", FEW), _folder(tmp_path / "many", MANY)
    small = _peak(few, tmp_path / "few.jsonl")
    large = _peak(many, tmp_path / "many.jsonl")
    assert large - small < FOR_EACH_FILE * (MANY - FEW), (small, large)
