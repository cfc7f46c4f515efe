"""The demo tells the main job on real data, and leaves nothing behind however it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.published import medians
from scripts import demo

pytestmark = [pytest.mark.anvil, pytest.mark.slow]
ROOT = Path(__file__).parents[2]


def started(folder: Path, lang: str) -> subprocess.Popen[str]:
    """Start the demo with `folder` for its temporary files."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DENGJI_")}
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "scripts.demo"],
        cwd=ROOT,
        env=kept | {"TMPDIR": str(folder), "DENGJI_LANG": lang},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def node_answers(said: str) -> bool:
    """Tell whether anybody listens where the demo's chain was."""
    found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
    assert found is not None, said
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(found[1]))) == 0


def outputs(said: str) -> list[tuple[str, str]]:
    """Return each command line that the demo showed, with its output."""
    parts = re.split(r"(?m)^\$ (dengji .*)$", said)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def gas_reported(output: str) -> int:
    """Return the gas that a command said it used."""
    return int(re.findall(r"gas used +(\d+)", output)[-1])


def row(said: str, name: str) -> int:
    """Return our gas in a row of the closing table."""
    return int(re.findall(rf"(?m)^ +{name} +([\d,]+)", said)[0].replace(",", ""))


def test_the_story(tmp_path: Path) -> None:
    """Registered, granted, used, derived, revoked, verified; the proof holds with no chain left."""
    process = started(tmp_path, "en")
    said, _ = process.communicate(timeout=500)
    assert process.returncode == 0, said
    shown = outputs(said)
    headlines = [output.splitlines()[1].strip() for _, output in shown]
    assert [line.split()[1] for line, _ in shown if "--account" not in line] == [
        *("register", "account", "grant", "check", "check", "trace", "proof"),
        *("grant", "check", "trace", "verify", "verify", "chain", "proof"),
    ]
    assert "registered as product1" in shown[0][1]
    assert headlines[3].startswith("granted as grant1")
    assert headlines[4] == "yes: the use is allowed"
    assert headlines[5] == "no: MARKETING is not among the purposes granted"
    assert "exit code 1" in shown[5][1]
    assert re.match(r"recorded a use of 10 under grant1\w+; 990 remain", headlines[6])
    assert headlines[11] == "no: the grant was revoked"
    assert headlines[13] == "in force: this very content is registered"
    assert re.search(r"changed +areas\.csv\n", shown[14][1])
    assert "exit code 7" in shown[14][1]
    derived = re.findall(r"registered as (product1\w+)", shown[7][1])
    assert [shown[at][0] for at in (8, 12)] == [f"dengji trace {one}" for one in derived * 2]
    assert "grant revoked since" not in shown[8][1]
    assert "grant revoked since" in shown[12][1]
    assert headlines[15] == "the dev chain was stopped; its state is on disk"
    assert re.match(r"shown, if block 0x\w{64} is of the chain that is meant:", headlines[16])
    assert "Nothing stood against the use of the grant" in shown[16][1]
    used = {name: row(said, name) for name in ("register a product", "revoke the grant")}
    assert used["register a product"] == gas_reported(shown[0][1])
    assert used["revoke the grant"] == gas_reported(shown[10][1])
    assert used["revoke the grant"] < row(said, "grant its use") < used["register a product"]
    assert list(tmp_path.iterdir()) == []
    assert not node_answers(said)


def test_the_close_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The close stands in Chinese too, each number of ours beside what others take."""
    stage = demo.Stage(folder=tmp_path, lang="zh")
    (tmp_path / demo.FOLDER).mkdir()
    demo.close(stage, {"register": 77_000, "grant": 68_000, "revoke": 35_000})
    said = capsys.readouterr().out
    taken = medians("peers")
    rows = {
        ("登记产品", 77_000): ("eas: digests", "ocean: product"),
        ("授权使用", 68_000): ("eas: grant", "ocean: order"),
        ("撤销授权", 35_000): ("eas: revoke",),
    }
    for (task, ours), others in rows.items():
        cells = [f"{taken[name]:,.0f} ({taken[name] / ours:.1f}×)" for name in others]
        row = " +".join(map(re.escape, [task, f"{ours:,}", *cells]))
        assert re.search(row + ("" if len(cells) > 1 else " +–"), said), row


def test_another_ending_breaks_the_story(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that ends otherwise than told is shown, and ends the demo."""
    stage = demo.Stage(folder=tmp_path, lang="en")
    with pytest.raises(demo.StoryBrokenError) as caught:
        stage.run("verify", "nothing-here")
    assert caught.value.args == ("verify nothing-here", 3, 0)
    assert "$ dengji verify nothing-here" in capsys.readouterr().out


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    """Interrupted while its chain runs, the demo stops the chain and removes its folder."""
    process = started(tmp_path, "en")
    assert process.stdout is not None
    said = ""
    while "registered as product1" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=300)
    assert process.returncode == 130, rest
    assert "interrupted" in rest
    assert list(tmp_path.iterdir()) == []
    assert not node_answers(said)


def test_a_command_that_starts_meanwhile_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal that comes while a command starts ends it, and is heeded once it has ended."""
    starts: list[subprocess.Popen[str]] = []
    real = subprocess.Popen

    def interrupted(command: list[str], **options: Any) -> subprocess.Popen[str]:  # noqa: ANN401 (as given)
        starts.append(real(command, **options))
        os.kill(os.getpid(), signal.SIGTERM)
        return starts[-1]

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    before = signal.signal(signal.SIGTERM, demo._stop)
    try:
        with pytest.raises(demo.InterruptedRunError):
            demo.Stage(folder=tmp_path, lang="en").run("--help")
        assert signal.getsignal(signal.SIGTERM) is demo._stop
    finally:
        signal.signal(signal.SIGTERM, before)
    assert [one.returncode is not None for one in starts] == [True]
