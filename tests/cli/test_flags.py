"""Test flags of two names, of which one says yes and the other no."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_day_is_corrected_to_what_was_said(
    dengji: Callable[..., Run], home: Path, lang: str
) -> None:
    """Without saying whether the day is worked nothing is begun, and both flags are named."""
    ran = dengji("calendar", "correct", "2026-12-25", "--lang", lang)
    assert ran.code == 2
    assert "--working|--off" in ran.err
    assert not home.exists()


@pytest.mark.parametrize(
    ("command", "flags"),
    [(("trace",), "--up|--down "), (("calendar", "correct"), "--working|--off ")],
)
def test_help_names_both(dengji: Callable[..., Run], command: tuple[str, ...], flags: str) -> None:
    """The table of options shows what says no beside what says yes."""
    assert f"\n  {flags}" in dengji(*command, "--help").out
