"""The flags of a lineage, by the names that its page promises."""

from __future__ import annotations

import re
from pathlib import Path

from registry.domain.lineage_graph import Condition

DOCS = Path(__file__).parents[2] / "docs"


def test_flags_have_the_names_that_are_told() -> None:
    """What is written in JSON is what both languages of the page list, of versions and grants."""
    for name in ("provenance.md", "provenance.zh.md"):
        lines = (DOCS / name).read_text("utf-8").splitlines()
        flags = [line for line in lines if line.startswith("- ") and "`" in line]
        told = re.findall(r"`([A-Z_]+)`", " ".join(one for one in flags if _of_flags(one)))
        assert sorted(told) == sorted(Condition)


def _of_flags(line: str) -> bool:
    return "`PENDING`" in line or "`GRANT_REVOKED`" in line
