"""Test how the faults of a table are told, before any chain is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.domain.table import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_columns_are_listed_by_their_names(
    dengji: Callable[..., Run], tmp_path: Path, lang: str
) -> None:
    """Where a column is unknown, every column that there is stands in the list by its name."""
    (tmp_path / "a.csv").write_text("1\n")
    (tmp_path / "table.csv").write_text("path,colour\na.csv,red\n")
    ran = dengji("register", "--from-table", "table.csv", "--dry-run", "--lang", lang)
    assert ran.code == 3
    _, _, listed = ran.err.replace("［", "[").partition("[")
    names = listed.replace("］", "]").partition("]")[0].replace("、", ", ").split(", ")
    assert sorted(names) == sorted(COLUMNS)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_content_that_holds_the_home_is_refused_in_words(
    dengji: Callable[..., Run], home: Path, tmp_path: Path, lang: str
) -> None:
    """A folder whose entries include one's own home is refused in a sentence, not by a code."""
    home.mkdir()
    (home / "a.csv").write_text("1\n")
    ran = dengji("register", "--from-table", str(tmp_path), "--lang", lang)
    assert ran.code == 3
    assert "manifest-inside-content" not in ran.err
    assert {"en": "your home", "zh": "主目录"}[lang] in ran.err
