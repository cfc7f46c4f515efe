"""First commands on an empty home, several at once, and how a killed chain is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from registry.chain.devchain import chain as chain_module
from tests.integration.cli_world import run

pytestmark = pytest.mark.anvil
ROOT = Path(__file__).parents[2]
_AT_ONCE = 3


def _registering(home: Path, folder: Path) -> subprocess.Popen[str]:
    folder.mkdir()
    (folder / "a.csv").write_text(folder.name)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DENGJI_")}
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "register", str(folder), "--json"],
        cwd=ROOT,
        env=kept | {"DENGJI_HOME": str(home), "DENGJI_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_first_commands_at_once_make_one_account(tmp_path: Path) -> None:
    """Of several newcomers' commands one makes each thing and says so; all write as one party."""
    home = tmp_path / "home"
    running = [_registering(home, tmp_path / f"data{number}") for number in range(_AT_ONCE)]
    try:
        answers = [one.communicate(timeout=500) for one in running]
        assert [one.returncode for one in running] == [0] * _AT_ONCE, answers
        applicants = {json.loads(out)["result"]["applicant"] for out, _ in answers}
        said = "".join(err for _, err in answers)
        assert len(applicants) == 1
        for step in ("made the account", "gave 0x", "deployed the contracts", "enrolled the"):
            assert said.count(step) == 1, said
        assert len(list((home / "keystore").iterdir())) == 1
    finally:
        run(home, "chain", "down", "--force")


def test_a_chain_that_hangs_is_told_and_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`chain status` says that the process does not answer, `chain down` that no state was kept."""
    home = tmp_path / "home"
    pid = run(home, "chain", "up", "--json").result["pid"]
    monkeypatch.setattr(chain_module, "_ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(chain_module, "_STOP_SECONDS", 0.2)
    try:
        os.kill(pid, signal.SIGSTOP)
        status = run(home, "chain", "status", "--json")
        assert status.code == 1
        assert (status.result["running"], status.result["state"]) == (False, "hanging")
        assert "does not answer" in run(home, "chain", "status").out
        assert "没有应答" in run(home, "chain", "status", DENGJI_LANG="zh").out
        down = run(home, "chain", "down", "--force")
        assert "killed before its state was on disk" in down.out
        # One that does not hang is given its time.
        monkeypatch.undo()
        run(home, "chain", "up")
        again = run(home, "chain", "down", "--json").result
        assert again == {"stopped": True, "state_kept": True}
    finally:
        run(home, "chain", "down", "--force")
