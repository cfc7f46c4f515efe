"""Break every command that writes off at its steps, and reorganise blocks under what was sent."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assurance.interruption import interruptible
from assurance.keep import ROOT, Keep, digest
from benchmarks.report import Figure, Section, Target
from tests.integration.breakage.kills import Kind, Reference, Theatre, grid
from tests.integration.breakage.stage import Case, built, standing_clock
from tests.integration.cli_world import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Trial = tuple[str, str, Callable[[], list[str] | None]]

_SOURCES: Final = (
    *("assurance/breakage.py", "cli/main.py", "cli/session.py", "registry/connection.py"),
    *("registry/chain/devchain", "registry/services", "tests/integration/breakage"),
    *(f"registry/chain/{name}.py" for name in ("entries", "flights", "journal", "leftovers")),
    *(f"registry/chain/{name}.py" for name in ("operations", "pipeline", "recovery", "sender")),
)
_SHARE: Final = 4
"""One of so many steps is taken, chosen anew for each command and kind."""
_FEW: Final = 2
_ROOM: Final = "no file may grow beyond some bytes"
_CLOCK: Final = "the clock is wrong"
_FORK: Final = "blocks are given up, or another home sends with the key"
_ROOMS: Final = (0, 1_000, 3_000, 8_000, 20_000, 35_000, 50_000, 90_000)
_OFFSETS: Final = (-300_000_000, -86_400, -3_600, 3_600, 86_400, 300_000_000)
_FORKS: Final = (
    *("test_reorganisations.py", "test_reorganised_questions.py"),
    *("test_reorganised_reading.py", "test_two_homes.py"),
)
_NONE: Final = Target(limit=0)


def section(*, smallest: bool = False) -> Section:
    """Count what was broken, and what was not as it should be afterwards."""
    keep = Keep("breakage", sources=digest(*_SOURCES), smallest=smallest)
    with interruptible("breakage"):
        _play(keep, smallest=smallest)
        if not smallest:
            _fork(keep)
    names = {record["case"] for record in keep if not record["kind"]}
    tried: Counter[str] = Counter()
    for record in keep:
        tried[record["kind"]] += record["count"]
    wrong = [record for record in keep if record["faults"]]
    least = None if smallest else Target(limit=500, at_least=True)
    kinds = (*(kind.value for kind in Kind), _ROOM, _CLOCK, _FORK)
    return Section(
        name="breakage",
        title="What breaks around the client",
        how="Each command that writes is broken off at its questions to the node, before a "
        "question leaves or after its answer was made: the node is killed, or the client is "
        f"killed or interrupted; of the steps one in {_SHARE} is taken, chosen by a seed. Then "
        "the same command is given again, and exit codes, words, events, transactions and journal "
        "are held against a run that nothing disturbs. The same commands are given where no file "
        "may grow beyond some bytes, and where the clock is wrong by hours, days or years. Blocks "
        "are given up, one to twelve, under what was sent, under who asks and who watches; and two "
        "homes send with one key.",
        figures=(
            _counted("commands that write, with their variants", len(names)),
            *(_counted(name, tried[name]) for name in kinds),
            _counted("cases in all", sum(tried.values()), least),
            _counted("cases in which something was lost, twice, or not told", len(wrong), _NONE),
        ),
        remarks=tuple(f"{one['case']}, {one['kind']}: {one['faults']}" for one in wrong),
    )


def _play(keep: Keep, *, smallest: bool) -> None:
    """Try what was not tried before with each command."""
    with tempfile.TemporaryDirectory() as folder, standing_clock():
        stage = built(Path(folder), small=smallest)
        run(stage.home, "chain", "down")
        theatre = Theatre(Path(folder) / "copy", stage.home, stage.folder)
        try:
            for case in stage.cases:
                _try_all(theatre, case, keep, smallest=smallest)
        finally:
            theatre.close()


def _try_all(theatre: Theatre, case: Case, keep: Keep, *, smallest: bool) -> None:
    reference = theatre.reference(case)
    known = keep.found(case=case.name, kind="")
    if known is None:
        # How often it asks differs a little each time: what was chosen stays chosen.
        known = {"case": case.name, "kind": "", "steps": reference.steps, "count": 0, "faults": []}
        keep.append(known)
    for kind, step, trial in _trials(theatre, case, reference, known["steps"], smallest=smallest):
        if not keep.covers(case=case.name, kind=kind, step=step):
            found = trial()
            # A command that came to its end before the step was not broken off.
            count = int(found is not None)
            record: dict[str, Any] = {"case": case.name, "kind": kind, "step": step}
            keep.append({**record, "count": count, "faults": found or []})


def _trials(
    theatre: Theatre, case: Case, reference: Reference, steps: int, *, smallest: bool
) -> Iterator[Trial]:
    """Yield all that is tried with a command, by kind and step."""
    for kind in Kind:
        ways = list(grid(kind, steps))
        number = _FEW if smallest else -(-len(ways) // _SHARE)
        for how in random.Random(f"{case.name} {kind.name}").sample(ways, number):
            step = f"{'after' if how.answered else 'before'} {how.step}"
            yield kind.value, step, partial(theatre.faults, case, how, reference)
    for room in _ROOMS[:: len(_ROOMS) if smallest else 1]:
        yield _ROOM, str(room), partial(theatre.confined, case, room, reference)
    for offset in _OFFSETS[:: len(_OFFSETS) if smallest else 1]:
        yield _CLOCK, str(offset), partial(theatre.astray, case, offset, reference)


def _fork(keep: Keep) -> None:
    """Run the tests of reorganisations, all of whose cases count."""
    for name in _FORKS:
        path = f"tests/integration/{name}"
        with_digest = {"case": name, "kind": _FORK, "step": digest(path)}
        if keep.covers(**with_digest):
            continue
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", path],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        passed = re.search(r"(\d+) passed", ran.stdout)
        faults = [] if ran.returncode == 0 else [ran.stdout[-500:]]
        keep.append({**with_digest, "count": int(passed[1]) if passed else 0, "faults": faults})


def _counted(name: str, count: int, target: Target | None = None) -> Figure:
    return Figure(name=name, samples=(float(count),), target=target)
