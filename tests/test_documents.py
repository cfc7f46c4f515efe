"""The documents name what there is."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if path.name != "benchmarks.md"
)
COLUMNS = {3: "*.sol", 4: "*.py", 5: "*.md"}


@cache
def words(pattern: str) -> frozenset[str]:
    """Return every identifier and option in the contracts, in the packages, or in commands.md."""
    folders = {"*.sol": ("contracts",), "*.py": ("registry", "cli"), "*.md": ("docs",)}[pattern]
    files = [file for folder in folders for file in (ROOT / folder).rglob(pattern)]
    if pattern == "*.md":
        files = [ROOT / "docs" / "commands.md"]
    return frozenset(
        word for file in files for word in re.findall(r"--[a-z-]+|\w+", file.read_text("utf-8"))
    )


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Whatever a page links to in the repository is there."""
    text = re.sub(r"(?ms)^```.*?^```", "", (ROOT / page).read_text("utf-8"))
    targets = re.findall(r"\]\((?!\w+:)([^)#]+)(?:#[^)]*)?\)", text)
    assert [one for one in targets if not ((ROOT / page).parent / one).exists()] == []


def test_the_glossary_names_what_there_is() -> None:
    """Each name in the glossary's columns for Solidity, Python and commands exists there."""
    missing = []
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 6 or cells[0] in {"Term", "---"}:
            continue
        for column, pattern in COLUMNS.items():
            for name in re.findall(r"`([^`]+)`", cells[column]):
                parts = re.findall(r"--[a-z-]+|\w+", name)
                missing += [(cells[0], name) for part in parts if part not in words(pattern)]
    assert missing == []


def test_the_architecture_names_files_there_are() -> None:
    """Each path in the tree and in the slices of docs/architecture.md exists."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    paths = re.findall(
        r"`((?:contracts|registry|cli|scripts|benchmarks|assurance|tests)/[\w./*-]*)`", text
    )
    assert paths
    assert [path for path in paths if not list(ROOT.glob(path.rstrip("/")))] == []
    slices = re.findall(r"(?m)^\| \w+ \| (.+) \|$", text.split("## Slices")[1].split("\n## ")[0])
    names = [name for row in slices[1:] for name in re.findall(r"`([\w.]+)`", row)]
    known = {path.name for path in (ROOT / "registry").rglob("*.py")}
    known |= words("*.sol") | words("*.py") | words("*.md")
    assert [name for name in names if name not in known] == []
