"""Test what a person sees and is asked while a table is registered."""

from __future__ import annotations

import io
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import click
import pytest

from cli import progress
from cli.register_table import _say_cost
from cli.session import Session
from registry.services.bulk import Plan, Route

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, kw_only=True)
class Case:
    """Who is there, where it is, and whether that person agrees."""

    local: bool = False
    interactive: bool = True
    yes: bool = False
    answer: bool = False
    stopped: bool = False


class Screen(io.StringIO):
    """A stderr that someone looks at."""

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Give a clock that shows what it is told."""
    told = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: told[0])
    yield told
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("lang", "total", "line"),
    [
        ("en", 1_000, "registered 250 of 1000  50/s  15 seconds left"),
        ("zh", 1_000, "已登记 250/1000  50 行/秒  剩余 15 秒"),
        ("en", 0, "checked 250 rows  50/s"),
    ],
)
def test_progress_has_a_rate_and_the_time_left(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], lang: str, total: int, line: str
) -> None:
    """A line says how many, how fast and how long; at the end it is gone."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    session = Session({"DENGJI_LANG": lang})
    with progress.counted(session, "registering" if total else "checking", total) as show:
        assert show is not None
        show(1)
        assert screen.getvalue() == ""
        clock[0] += 5
        show(250)
        assert screen.getvalue().endswith(line)
    assert screen.getvalue().endswith("\r\x1b[K")


def test_nobody_looking_sees_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where stderr is no terminal nothing is shown."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress.counted(Session({}), "registering", 5) as show:
        assert show is None


@pytest.mark.parametrize(
    "case",
    [
        Case(stopped=True),
        Case(answer=True),
        Case(yes=True),
        Case(interactive=False),
        Case(local=True),
    ],
)
def test_a_person_may_stop_what_costs(monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    """On a network that is not one's own a person is told the cost and asked, but for --yes."""
    told: list[dict[str, Any]] = []
    session = SimpleNamespace(
        lang="en",
        yes=case.yes,
        interactive=case.interactive,
        settings=SimpleNamespace(local=case.local),
        printer=SimpleNamespace(note=lambda key, **fields: told.append({"key": key, **fields})),
    )
    monkeypatch.setattr(click, "confirm", lambda *_, **__: case.answer)
    plan = Plan(Path("t.csv"), Route.BATCHES, None, None)
    _say_cost(session, plan)  # type: ignore[arg-type]
    assert told == []
    plan.fresh, plan.transactions, plan.gas = 300, 2, 14_730_000
    if case.stopped:
        with pytest.raises(click.Abort):
            _say_cost(session, plan)  # type: ignore[arg-type]
    else:
        _say_cost(session, plan)  # type: ignore[arg-type]
    cost = {"fresh": 300, "transactions": 2, "gas": 14_730_000}
    assert told == [{"key": "cli.table.cost", **cost}]
