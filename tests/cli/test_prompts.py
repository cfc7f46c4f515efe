"""Test what is asked of a person at a terminal, and what is never asked without one."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"
ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
NODE = ["--rpc", "http://127.0.0.1:9"]


def at_terminal(home: Path, arguments: list[str], answers: list[str]) -> tuple[int, str]:
    """Run `dengji` at a terminal, answering its prompts; return its code and all it said."""
    environ = {**os.environ, "DENGJI_HOME": str(home), "DENGJI_LANG": "en", "TERM": "dumb"}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env=environ,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said, unanswered, deadline = "", 0, time.monotonic() + 300
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            said += piece.decode()
            if answers and said[unanswered:].rstrip("\r\n ").endswith((":", "]")):
                unanswered = len(said)
                os.write(ours, answers.pop(0).encode() + b"\n")
    os.close(ours)
    return process.wait(timeout=300), said


def test_a_new_password_is_asked_twice_and_never_shown(home: Path) -> None:
    """Making an account asks for a password and for it again; neither appears on the screen."""
    code, said = at_terminal(home, ["account", "new", *NODE], ["open sesame", "open sesame"])
    assert code == 0, said
    assert "New password" in said
    assert "open sesame" not in said
    assert len(list((home / "keystore").iterdir())) == 1


def test_a_key_is_imported_by_prompt(home: Path) -> None:
    """A private key is typed at a prompt, never on the command line, and never shown."""
    answers = [KEY, "secret", "secret"]
    code, said = at_terminal(home, ["account", "import", *NODE], answers)
    assert code == 0, said
    assert ADDRESS in said
    assert KEY[2:] not in said
    (kept,) = (home / "keystore").iterdir()
    assert json.loads(kept.read_text())["address"] == ADDRESS[2:].lower()
    assert KEY[2:] not in kept.read_text()


def test_no_is_an_answer(home: Path) -> None:
    """A reset that a person does not want changes nothing, and its code is that of a no."""
    code, said = at_terminal(home, ["chain", "reset"], ["n"])
    assert code == 1, said
    assert "nothing was reset" in said


def test_end_of_input_is_an_interruption(home: Path) -> None:
    """Ending the input at a prompt ends the command."""
    code, said = at_terminal(home, ["account", "new", *NODE], ["\x04"])
    assert code in (1, 130), said
    assert not (home / "keystore").exists()
