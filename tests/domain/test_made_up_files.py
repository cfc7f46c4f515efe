"""Files that the system makes up as they are read: their size says nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from registry.domain.chunks import hash_in_place, hash_tiny
from registry.domain.stamps import OpenFile
from registry.errors import FileChanged

MADE_UP = Path("/proc/version")


@pytest.mark.skipif(not MADE_UP.exists(), reason="no system that makes up files")
def test_a_file_with_bytes_and_no_size_is_not_empty() -> None:
    """The quick way leaves it to the careful one, which refuses it as one that grew."""
    assert MADE_UP.stat().st_size == 0
    path = bytes(MADE_UP)
    assert hash_tiny(path, time.time_ns()) is None
    with OpenFile(path) as file, pytest.raises(FileChanged) as caught:
        hash_in_place(file)
    assert caught.value.change == "grew"
