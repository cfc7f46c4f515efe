"""Run the tests of Python against mutants, in a process of its own.

    python -m assurance.mutation.pytests TASK

where TASK is a file of JSON. Everything is collected once; each mutant is called up in a fork, in
which the tests that reach it run, the quickest first, until one fails. A mutant in what runs when
a module is loaded gets a process of its own. One line of JSON is written for each result.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest

from assurance.mutation.hook import Hook, Reached
from assurance.mutation.mutant import INVALID, KILLED, SURVIVED, TIMED_OUT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SECONDS: Final = 20.0
"""Of processor time, for one test, beside twenty times what it takes without a mutant."""
_PATIENCE: Final = 900.0
"""Of waiting for a mutant whose tests do nothing."""
_MEMORY: Final = 6 << 30
_OPTIONS: Final = (
    *("-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly"),
    *("-o", "timeout=0", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
)


@dataclass(slots=True, eq=False)
class Campaign:
    """Hold what one process has to do, as a plugin of pytest, which wants to hash it.

    :ivar reach: writes down which mutants each test of a file reaches, for these files.
    :ivar judge: for each number of a mutant the tests that it is put before, in their order.
    :ivar seconds: how long tests take without a mutant.
    """

    results: Path
    live: set[int | str]
    reach: Sequence[str] = ()
    judge: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    parent: int = field(default_factory=os.getppid)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the tests that need a node or a browser.

        Those say nothing of the domain alone, and a browser cannot run in the memory that a mutant
        has: it would seem to kill whatever it met.
        """
        items[:] = [
            one
            for one in items
            if not {"anvil", "browser", "chain", "world"} & set(getattr(one, "fixturenames", ()))
        ]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the tests that failed."""
        if report.failed:
            self.failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do what is to be done in the place of running all tests.

        :raises pytest.Session.Interrupted: a file of tests could not be collected.
        """
        if session.testsfailed:
            raise session.Interrupted("not all tests could be collected")
        items = {item.nodeid: item for item in session.items}
        for name in self.reach:
            chosen = [item for item in session.items if item.nodeid.startswith(f"{name}::")]
            self.write({"reach": name} | _forked(partial(self._reached, chosen)))
        for number, names in self.judge.items():
            if os.getppid() != self.parent:
                break
            chosen = _chosen(items, names)
            told = _forked(partial(self._judged, int(number), chosen))
            self.write({"number": int(number)} | told)
        return True

    def write(self, told: Mapping[str, object]) -> None:
        """Tell one result."""
        with self.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")

    def _run(self, items: Sequence[pytest.Item]) -> Any:  # noqa: ANN401 (a generator's own)
        followed: list[pytest.Item | None] = [*items[1:], None]
        for item, following in zip(items, followed, strict=False):
            before = len(self.failed)
            started = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            yield item, time.process_time() - started, len(self.failed) == before

    def _reached(self, items: Sequence[pytest.Item]) -> dict[str, object]:
        live = self.live
        if not isinstance(live, Reached):
            raise TypeError("these do not remember what was asked")
        loaded = sorted(live.asked, key=str)
        tests = {}
        live.asked = set()
        for item, seconds, passed in self._run(items):
            if passed:
                tests[item.nodeid] = (round(seconds, 3), sorted(live.asked, key=str))
            live.asked = set()
        return {"loaded": loaded, "tests": tests, "failed": self.failed}

    def _judged(self, number: int, items: Sequence[pytest.Item]) -> dict[str, object]:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        self.live.add(number)
        running = self._run(items)
        for item in items:
            # Ends the process: a loop without end cannot be reasoned with.
            signal.setitimer(signal.ITIMER_PROF, _SECONDS + 20 * self.seconds.get(item.nodeid, 1))
            _, _, passed = next(running)
            if not passed:
                return {"state": KILLED, "test": item.nodeid}
        return {"state": SURVIVED, "test": ""}


def _chosen(items: Mapping[str, pytest.Item], names: Sequence[str]) -> list[pytest.Item]:
    """Return the tests of these names, and each of a test whose parameters a mutant has renamed."""
    lost = {name.partition("[")[0] for name in names if name not in items}
    renamed = [name for name in items if name not in names and name.partition("[")[0] in lost]
    return [items[name] for name in (*names, *renamed) if name in items]


def _forked(task: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Do something in a child, and return what it returns."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _do(task, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        ready, _, _ = select.select([pipe], [], [], _PATIENCE)
        if not ready:
            os.killpg(child, signal.SIGKILL)
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {"state": TIMED_OUT, "test": ""}
    if not said:
        return {"state": KILLED, "test": "the process of the tests"}
    told: dict[str, object] = json.loads(said)
    return told


def _do(task: Callable[[], dict[str, object]], writing: int) -> NoReturn:
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    os.setpgid(0, 0)
    try:
        answer = json.dumps(task()).encode()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
        os._exit(0)
    except BaseException:  # noqa: BLE001 (nothing may come back into the parent's loop)
        with Path(os.environ.get("DENGJI_MUTATION_LOG", os.devnull)).open("a") as log:
            traceback.print_exc(file=log)
    finally:
        os._exit(3)


def main(arguments: Sequence[str]) -> int:
    """Do what a task says; 4 where the modules cannot be loaded with a mutant that is called up."""
    task = json.loads(Path(arguments[0]).read_text("utf-8"))
    live: set[int | str] = Reached() if task.get("reach") else set()
    numbers = {tuple(key): number for number, key in enumerate(task["mutants"], 1)}
    live |= set(task.get("live", ()))
    Hook(task["package"], numbers, live).install()
    campaign = Campaign(
        results=Path(task["results"]),
        live=live,
        reach=task.get("reach", ()),
        judge=task.get("judge", {}),
        seconds=task.get("seconds", {}),
    )
    options = [*_OPTIONS, f"--basetemp={task['scratch']}"]
    ended = pytest.main([*options, *task["paths"]], plugins=[campaign])
    if ended in {pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR} and task.get("live"):
        # Nothing could be collected: the mutant does not load.
        told = {"number": task["live"][0], "state": INVALID, "test": ""}
        campaign.write(told)
    return int(ended)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
