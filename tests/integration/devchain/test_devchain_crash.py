"""The trial of kills under load, in a short form; `python -m benchmarks.devchain_crash` is long."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import devchain_crash

pytestmark = [pytest.mark.anvil, pytest.mark.slow, pytest.mark.timeout(900)]


def test_kills_under_load_lose_no_reported_write(tmp_path: Path) -> None:
    """Killed again and again under load, once with a torn state file, it loses nothing reported."""
    figures = devchain_crash.run(tmp_path, kills=6, seed=3, tear_every=3)
    assert figures.kills == 6
    assert figures.restores >= 6
    assert figures.reported > 100
    assert (figures.missing, figures.not_identical) == (0, 0)
    # Unless the node had lost something each time, the trial would show nothing.
    assert figures.recovered_writes > 0
