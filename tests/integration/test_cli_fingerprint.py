"""`dengji fingerprint`, and what goes on with `--resume` after an interruption of any kind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.schema import RESULTS, problems
from registry.archive import Archive
from registry.domain.checkpoint import is_kept, standing
from registry.domain.fingerprint import fingerprint
from tests.integration.cli_world import Run, run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
MIB = 1 << 20
LARGE = 26 * MIB

# The whole program, which is sent a signal once it has kept so much: what it keeps is written at
# once, and of files that are quick to make the chunks too.
PROGRAM = """
import signal, sys
from registry.domain import checkpoint
from cli.main import entry

kind, left = signal.Signals[sys.argv[1]], int(sys.argv[2])
begin, append = checkpoint.Checkpoint.__init__, checkpoint.Checkpoint.append
checkpoint.CHUNKS_WORTH_KEEPING = 8 << 20

def begun(self, *given, **named):
    begin(self, *given, **named, write_seconds=0)

def appended(self, frame):
    global left
    append(self, frame)
    left -= 1
    if left == 0:
        signal.raise_signal(kind)

checkpoint.Checkpoint.__init__, checkpoint.Checkpoint.append = begun, appended
sys.argv[:] = ["dengji", *sys.argv[3:]]
entry()
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Make a folder whose files come in several batches, with a large one among them."""
    root = tmp_path / "data"
    for number in range(60):
        path = root / f"{number % 3}" / f"{number:02}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%d" % number * number)
    with (root / "1" / "5-large").open("wb") as file:
        file.seek(LARGE - 3)
        file.write(b"end")
    return root


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Name a home, and stop its chain at the end."""
    yield tmp_path / "home"
    run(tmp_path / "home", "chain", "down", "--force")


def interrupted(home: Path, kind: signal.Signals, after: int, *arguments: str) -> Run:
    """Run `dengji` in a process that gets a signal when it has kept so many frames."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DENGJI_")}
    environ |= {"DENGJI_HOME": str(home), "DENGJI_LANG": "en"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, kind.name, str(after), *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(ran.returncode, ran.stdout, ran.stderr)


def test_it_needs_no_chain(home: Path, data: Path, tmp_path: Path) -> None:
    """The content root is the one that would be registered; nothing is started or kept at home."""
    manifest = tmp_path / "m.jsonl"
    ran = run(home, "fingerprint", str(data), "--manifest", str(manifest), "--json")
    assert problems(RESULTS["fingerprint"], ran.result) == []
    found = fingerprint(data, manifest=tmp_path / "again.jsonl")
    assert ran.result["content_root"] == "0x" + found.content_root.hex()
    assert (ran.result["files"], ran.result["bytes"]) == (61, str(found.size))
    assert manifest.read_bytes() == (tmp_path / "again.jsonl").read_bytes()
    assert not home.exists()
    assert run(home, "fingerprint", str(tmp_path / "nowhere")).code == 3
    assert run(home, "fingerprint", str(data), "--digest", "md5").code == 3


def test_killed_again_and_again_it_ends_at_the_same(home: Path, data: Path, tmp_path: Path) -> None:
    """Each run goes on where the one before was killed, and the last one's result is right."""
    whole = run(home, "fingerprint", str(data), "--digest", "sha256", "--json").result
    known = []
    for after in (1, 2, 3):
        ran = interrupted(home, signal.SIGKILL, after, "fingerprint", str(data), "--resume")
        assert ran.code == -signal.SIGKILL
        known.append(standing(Archive(home).checkpoints, data).size)
    assert known == sorted(set(known))
    manifest = tmp_path / "m.jsonl"
    ran = run(home, "fingerprint", str(data), "--resume", "--manifest", str(manifest), "--json")
    assert {**ran.result, "manifest": None} == whole
    assert "MB were read before" in ran.err
    fingerprint(data, manifest=tmp_path / "whole.jsonl")
    assert manifest.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert not is_kept(Archive(home).checkpoints, data)


def test_an_interrupt_says_how_to_go_on(home: Path, data: Path) -> None:
    """Ctrl-C ends with what is kept; without --resume that is told, and has no part."""
    ran = interrupted(home, signal.SIGINT, 4, "fingerprint", str(data))
    assert ran.code == 130
    assert "the same command with --resume goes on" in ran.err
    assert is_kept(Archive(home).checkpoints, data)
    anew = run(home, "fingerprint", str(data), "--json")
    assert "--resume would go on" in anew.err
    assert anew.result["content_root"] == "0x" + fingerprint(data).content_root.hex()
    nothing = run(home, "fingerprint", str(data), "--resume")
    assert "nothing is kept" in nothing.err


def test_a_damaged_checkpoint_is_told_and_ignored(home: Path, data: Path) -> None:
    """Damage costs reading again, never the result, and is said in one line."""
    interrupted(home, signal.SIGKILL, 5, "fingerprint", str(data))
    (kept,) = (Archive(home).checkpoints).glob("*/*.run")
    written = bytearray(kept.read_bytes())
    written[len(written) // 2] ^= 1
    kept.write_bytes(written)
    ran = run(home, "fingerprint", str(data), "--resume", "--json")
    assert ran.err.count("is damaged") == 1
    assert ran.result["content_root"] == "0x" + fingerprint(data).content_root.hex()


@pytest.mark.anvil
@pytest.mark.parametrize("after", [2, 9])
def test_a_killed_registration_goes_on(home: Path, data: Path, after: int) -> None:
    """Killed in the middle or at the end of reading, the same command registers it once."""
    assert run(home, "chain", "up").code == 0
    killed = interrupted(home, signal.SIGKILL, after, "register", str(data))
    assert killed.code == -signal.SIGKILL
    ran = run(home, "register", str(data), "--resume", "--json")
    assert "going on" in ran.err
    assert ran.result["already"] is False
    assert ran.result["content_root"] == "0x" + fingerprint(data).content_root.hex()
    assert not is_kept(Archive(home).checkpoints, data)
    product = ran.result["product"]
    again = run(home, "product", "update", product, str(data), "--resume", "--json")
    assert again.result["already"] is True
