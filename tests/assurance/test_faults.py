"""The campaign's patience with its client: as long as it gets on, and no longer."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from assurance import faults
from assurance.faults import CampaignBrokenError, awaited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Started = subprocess.Popen[bytes]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Callable[[str], Started]]:
    """Return what starts a client that does what a line of Python says, in the folder."""
    begun: list[Started] = []

    def start(line: str) -> Started:
        said = "import pathlib, sys, time\nnoted = lambda name, times: open(name, 'a').write("
        code = f"{said}'x\\n' * times)\n{line}\n"
        begun.append(subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path))
        return begun[-1]

    yield start
    for one in begun:
        one.kill()
        one.wait()


def test_a_client_that_gets_on_is_awaited(
    tmp_path: Path, client: Callable[[str], Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors between writes are borne with, more in all than between any two."""
    monkeypatch.setattr(faults, "_MOST_TRIES", 50)
    line = "for _ in range(4): noted('errors', 20), time.sleep(0.1), noted('reported', 1)"
    awaited(tmp_path, 4, client(line))
    assert (tmp_path / "errors").read_bytes().count(b"\n") == 80


def test_a_client_that_tries_in_vain_is_given_up(
    tmp_path: Path, client: Callable[[str], Started], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many errors without a write are a state in which nothing progresses."""
    monkeypatch.setattr(faults, "_MOST_TRIES", 30)
    line = "noted('reported', 2)\nwhile True: noted('errors', 1), time.sleep(0.01)"
    with pytest.raises(CampaignBrokenError, match="2 of 4 writes, then no more"):
        awaited(tmp_path, 4, client(line))


def test_a_client_that_ended_is_not_said_to_wait(
    tmp_path: Path, client: Callable[[str], Started]
) -> None:
    """What ended it is told apart from what goes on for ever."""
    with pytest.raises(CampaignBrokenError, match="the client ended with 3: 2 of 4 writes"):
        awaited(tmp_path, 4, client("noted('reported', 2)\nsys.exit(3)"))


def test_a_campaign_depends_on_how_it_is_carried_out() -> None:
    """Findings of another campaign than this one count for nothing."""
    assert "assurance/faults.py" in faults._SOURCES
