"""Run the command line in this process, away from the user's own home."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Run:
    """What one run came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 (whatever JSON holds)
        """Return stdout as the one object it must be."""
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a home, a folder to stand in, and English."""
    for name in ("NETWORK", "RPC", "ACCOUNT", "PARTY", "PASSWORD_FILE", "DIRECTORY"):
        monkeypatch.delenv(f"DENGJI_{name}", raising=False)
    home = tmp_path / "home"
    monkeypatch.setenv("DENGJI_HOME", str(home))
    monkeypatch.setenv("DENGJI_LANG", "en")
    monkeypatch.chdir(tmp_path)
    return home


@pytest.fixture
def dengji(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Return what runs `dengji` with arguments."""

    def run(*arguments: str) -> Run:
        code = main(arguments)
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return run
