"""The threat model: each test that it names as showing a defence is there."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
PAGE = TESTS.parent / "docs" / "threat-model.md"
NAMED = re.compile(r"`([\w/]+\.(?:py|t\.sol))::(\w+)`")
FEW = 60
"""Less would mean that the page is written in another way than is looked for."""


def test_every_test_that_is_named_exists() -> None:
    """A defence whose test was renamed or taken out is noticed."""
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) > FEW
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not re.search(rf"(?:def|function) {test}\(", _text(TESTS / file))
    ]
    assert missing == []


def test_every_attack_has_its_test() -> None:
    """No row of the tables of attacks is without a test that shows its defence."""
    page = PAGE.read_text(encoding="utf-8")
    attacks = [
        line
        for table in page.split("| Attack | Defence | Shown by |\n|---|---|---|\n")[1:]
        for line in table.split("\n\n")[0].splitlines()
    ]
    assert [line for line in attacks if not NAMED.search(line)] == []


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""
