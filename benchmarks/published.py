"""Read what the last published run of the benchmarks came to, from docs/benchmarks.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"


def medians(section: str) -> dict[str, float]:
    """Return the figures of a section by their names.

    :raises LookupError: where the report has no such section.
    """
    sections = json.loads((DOCS / "benchmarks.json").read_bytes())["sections"]
    for found in sections:
        if found["name"] == section:
            return {figure["name"]: figure["median"] for figure in found["figures"]}
    raise LookupError(f"docs/benchmarks.json has no section {section}")
