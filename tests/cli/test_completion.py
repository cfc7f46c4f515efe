"""Test what shells are told to complete."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def completed(words: str) -> list[str]:
    """Return what a shell is offered after these words."""
    environ = {
        **os.environ,
        "_DENGJI_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "cli"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return [line.partition(",")[2] for line in ran.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("dengji pro", ["product", "proof"]),
        ("dengji product ver", ["versions"]),
        ("dengji completion z", ["zsh"]),
        ("dengji check x --action AN", ["ANALYSE", "ANONYMISE", "ANNOTATE"]),
        ("dengji grant issue x --purpose RESEARCH,MARK", ["RESEARCH,MARKETING"]),
        ("dengji party enrol --iden", ["--identity", "--identity-file"]),
    ],
)
def test_offers_commands_options_and_words(words: str, offered: list[str]) -> None:
    """Commands, options and the words of the vocabulary are completed."""
    assert completed(words) == offered
