"""Test streams that take nothing, are closed, or speak no Unicode: each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def shell(home: Path, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell in which `dengji` stands for the command line."""
    environ = {**os.environ, "DENGJI_HOME": str(home), "DENGJI_LANG": "en", **variables}
    line = line.replace("dengji", f"{sys.executable} -m cli")
    return subprocess.run(
        ["sh", "-c", line],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    "command", ["config show", "config show --json", "account list --csv", "--help", "--version"]
)
@pytest.mark.parametrize("target", [">/dev/full", ">&-"])
def test_an_answer_that_cannot_be_printed(home: Path, command: str, target: str) -> None:
    """A full or closed standard output is named in one line, with a code of its own."""
    ran = shell(home, f"dengji {command} {target}")
    assert ran.returncode == 74, ran.stderr
    first, second = ran.stderr.splitlines()
    assert first.startswith("dengji: the answer could not be printed: ")
    assert second.startswith("  hint: ")


@pytest.mark.parametrize("target", ["2>&-", "2>/dev/full"])
def test_errors_that_nobody_reads(home: Path, target: str) -> None:
    """Without a usable standard error the code stays, and nothing of it leaks into the answer."""
    prose = shell(home, f"dengji product show x {target}")
    assert (prose.returncode, prose.stdout) == (3, "")
    in_json = shell(home, f"dengji product show x --json {target}")
    assert in_json.returncode == 3
    assert json.loads(in_json.stdout)["error"]["code"] == "id-mistyped"


def test_without_standard_input(home: Path) -> None:
    """A closed standard input means that nobody can be asked."""
    ran = shell(home, "dengji chain reset <&-")
    assert ran.returncode == 3
    assert "nobody can be asked" in ran.stderr


def test_streams_without_unicode(home: Path) -> None:
    """What an encoding lacks is written out in prose, and escaped as JSON has it in JSON."""
    variables = {"PYTHONIOENCODING": "ascii", "DENGJI_LANG": "zh"}
    prose = shell(home, "dengji config show", **variables)
    assert prose.returncode == 0, prose.stderr
    assert "\\u8bbe\\u7f6e" in prose.stdout
    wrong = shell(home, "dengji product show x", **variables)
    assert (wrong.returncode, wrong.stdout) == (3, "")
    in_json = shell(home, "dengji product show x --json", **variables)
    assert in_json.returncode == 3
    assert "不是产品编号" in json.loads(in_json.stdout)["error"]["message"]
