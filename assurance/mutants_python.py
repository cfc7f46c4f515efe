"""Show how many small changes of the domain the tests notice."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from assurance.interruption import interruptible
from assurance.keep import ROOT, Keep, digest
from assurance.mutation.mutant import SURVIVED, Mutant, drawn
from assurance.mutation.python import Change, changes
from assurance.mutation.records import Fate, Fates
from assurance.mutation.score import Sample, section_of
from benchmarks.report import Section

PART: Final = "mutants_python"
PACKAGE: Final = "registry.domain"
DOMAIN: Final = "registry/domain"
ONE_IN: Final = 50
TESTS: Final = {
    "near": ("tests/domain", "tests/property", "tests/chain/test_histories.py"),
    "all": (
        *("tests/applications", "tests/chain", "tests/cli", "tests/descriptions"),
        *("tests/documents", "tests/domain", "tests/enforcement", "tests/property"),
        *("tests/services", "tests/testing"),
    ),
}
"""What every mutant is put before, and what those that survive it are put before after that."""
_SMALL: Final = "tests/domain/test_bech32.py"
_FEW: Final = (
    ("registry/domain/bech32.py", "_begun", "32"),
    ("registry/domain/bech32.py", "_polymod", "(check & 33554431) << 5 | value"),
    ("registry/domain/bech32.py", "split", "prefix"),
)
"""By their places and what they change: the second one makes no difference."""
_TITLE: Final = "Mutants of the domain"
_HOW: Final = (
    "Comparisons, arithmetic, logic, conditions, numbers, texts, slices, what is returned and"
    " raised, and statements of `registry/domain` are changed, one change at a time; a sample"
    " is drawn by a seed, from each file and kind of change as many as its share is. It is "
    "found out first which tests reach which mutant. Each is then called up in a process of "
    "its own, in which the tests that reach it run until one fails: those of the domain, of "
    "its laws and of whole histories, and, where it lives, all of the client's that need no node."
    " What lives of either sample is looked at: a test is written for it, or it is argued why it "
    "may."
)
_NEAR: Final = 300
_TOOL: Final = tuple(f"assurance/mutation/{name}.py" for name in ("python", "hook", "pytests"))


def population() -> list[Change]:
    """Return every change of every module of the domain that this tool knows."""
    paths = sorted((ROOT / DOMAIN).rglob("*.py"))
    return [
        change
        for path in paths
        for change in changes(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]


def test_files(folders: Sequence[str]) -> list[str]:
    """Return the files of tests of folders, and those that are named, from the project's root."""
    files = [name for name in folders if name.endswith(".py")]
    paths = [path for name in folders for path in (ROOT / name).rglob("test_*.py")]
    return sorted([*files, *(path.relative_to(ROOT).as_posix() for path in paths)])


@dataclass(slots=True)
class Reach:
    """Hold what each test reaches: mutants by their numbers, and modules.

    :ivar loaded: the mutants in what runs when modules are loaded.
    """

    tests: dict[str, tuple[float, frozenset[int | str]]] = field(default_factory=dict)
    loaded: set[int | str] = field(default_factory=set)

    def of(self, number: int | str) -> list[str]:
        """Return the tests that reach something, the quickest and most special first."""
        found = [
            (seconds + len(reached) / 500, name)
            for name, (seconds, reached) in self.tests.items()
            if number in reached
        ]
        return [name for _, name in sorted(found)]

    def near(self, number: int, path: str) -> list[str]:
        """Return the tests for a mutant in what runs when a module is loaded.

        Those that reach it, or anything in its module; where nothing does, those that are named
        as the module is. There are no more than a few hundred of them.
        """
        names = list(dict.fromkeys([*self.of(number), *self.of(f"@{path}")]))
        named = [name for name in self.tests if Path(path).stem in name.partition("::")[0]]
        return [*dict.fromkeys([*named[:_NEAR], *names[:_NEAR]])]

    def add(self, record: Mapping[str, Any]) -> None:
        """Take in what a file of tests reaches."""
        self.loaded |= set(record["loaded"])
        for name, (seconds, reached) in record["tests"].items():
            self.tests[name] = (seconds, frozenset(reached))


@dataclass(slots=True)
class Bench:
    """Run processes of tests with these mutants in the domain.

    :ivar mutants: the first of them has the number 1.
    :ivar files: the files of tests that they may be put before.
    """

    mutants: Sequence[Mutant]
    files: Sequence[str]
    package: str = PACKAGE

    def run(self, paths: Sequence[str], **task: object) -> Iterator[dict[str, Any]]:
        """Start a process, and yield what it tells as it does."""
        with tempfile.TemporaryDirectory() as folder:
            results, asked = Path(folder, "results"), Path(folder, "task")
            results.touch()
            told = {"mutants": [mutant.key for mutant in self.mutants], "package": self.package}
            told |= {
                "results": str(results),
                "scratch": str(Path(folder, "scratch")),
                "paths": list(paths),
            }
            asked.write_text(json.dumps(told | task), "utf-8")
            command = [sys.executable, "-m", "assurance.mutation.pytests", str(asked)]
            with Path(folder, "said").open("w+") as said:
                process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
                try:
                    with results.open() as lines:
                        yield from _followed(process, lines)
                finally:
                    process.kill()
                    process.wait()
                said.seek(0)
                if process.returncode not in {0, 1, 2, 4, 5}:
                    raise RuntimeError(said.read()[-3000:])


def _followed(process: subprocess.Popen[bytes], lines: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    held = ""
    while True:
        ended = process.poll() is not None
        for line in lines:
            held += line
            if held.endswith("\n"):
                yield json.loads(held)
                held = ""
        if ended:
            return
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue


def reach_of(bench: Bench, *, smallest: bool = False) -> Reach:
    """Find out what the tests reach, file by file."""
    sources = digest(DOMAIN, *_TOOL)
    keep = Keep(f"{PART}-reach", sources=sources, smallest=smallest)
    keys = digest_of(bench.mutants)
    names = bench.files
    wanted = [
        name for name in names if not keep.covers(reach=name, keys=keys, content=digest(name))
    ]
    for told in bench.run(wanted, reach=wanted) if wanted else ():
        if "tests" not in told:
            # Every mutant would seem killed by what ended this process.
            raise RuntimeError(f"without a mutant: {told}")
        keep.append(told | {"keys": keys, "content": digest(told["reach"])})
        print(f"{PART}: reach of {told['reach']}", file=sys.stderr, flush=True)
        if told.get("failed", True):
            print(f"{PART}: without a mutant: {told}"[:2000], file=sys.stderr, flush=True)
    reach = Reach()
    for name in names:
        record = keep.found(reach=name, keys=keys, content=digest(name))
        if record is not None and "tests" in record:
            reach.add(record)
    return reach


def digest_of(mutants: Sequence[Mutant]) -> str:
    """Return what tells one choice of mutants from another."""
    told = json.dumps([one.key for one in mutants])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def judge_all(
    bench: Bench, fates: Fates, stage: str, loading: set[tuple[str, ...]], *, smallest: bool = False
) -> None:
    """Find out what becomes of every mutant that it is not known of at this stage."""
    wanted = [
        (number, one) for number, one in enumerate(bench.mutants, 1) if not fates.known(one, stage)
    ]
    if not wanted:
        return
    reach = reach_of(bench, smallest=smallest)
    seconds = {name: spent for name, (spent, _) in reach.tests.items()}
    early = {number for number, one in wanted if one.key in loading or number in reach.loaded}
    forked = {str(number): reach.of(number) for number, _ in wanted if number not in early}
    files = sorted({name.partition("::")[0] for names in forked.values() for name in names})
    if files:
        for told in bench.run(files, judge=forked, seconds=seconds):
            _put(bench, fates, stage, told)
    for number, one in wanted:
        names = reach.near(number, one.path) if number in early else forked[str(number)]
        if number in early and names:
            task: dict[str, Any] = {"live": [number], "judge": {str(number): names}}
            paths = sorted({name.partition("::")[0] for name in names})
            for told in bench.run(paths, **task, seconds=seconds):
                _put(bench, fates, stage, told)
        if not fates.known(one, stage):
            _put(bench, fates, stage, {"number": number, "state": SURVIVED, "test": ""})


def _put(bench: Bench, fates: Fates, stage: str, told: Mapping[str, Any]) -> None:
    mutant = bench.mutants[told["number"] - 1]
    suite = told["test"].partition("::")[0]
    fates.put(mutant, Fate(state=told["state"], suite=suite, test=told["test"], stage=stage))
    print(f"{PART}: {told['state']} {told['test']} {mutant}", file=sys.stderr, flush=True)


def section(*, smallest: bool = False) -> Section:
    """Judge both samples, and count; at its smallest three mutants of one module."""
    found = population()
    loading = {change.mutant.key for change in found if change.loading}
    mutants = [change.mutant for change in found]
    if smallest:
        return _smallest(mutants, loading)
    first, second = drawn(mutants, ONE_IN)
    fates = Fates(PART, DOMAIN, TESTS["all"])
    with interruptible(PART):
        for stage, folders in TESTS.items():
            bench = Bench(mutants=[*first, *second], files=test_files(folders))
            judge_all(bench, fates, stage, loading)
    samples = (
        Sample(name="first sample", mutants=first),
        Sample(name="second sample", mutants=second),
    )
    return section_of(
        part=PART, title=_TITLE, how=_HOW, count=len(mutants), samples=samples, fates=fates
    )


def _smallest(mutants: Sequence[Mutant], loading: set[tuple[str, ...]]) -> Section:
    chosen = [one for one in mutants if (one.path, one.place, one.new) in _FEW]
    fates = Fates(PART, DOMAIN, TESTS["near"], smallest=True)
    bench = Bench(mutants=chosen, files=[_SMALL])
    judge_all(bench, fates, "near", loading, smallest=True)
    few = Sample(name="first sample", mutants=chosen)
    count = len(chosen)
    return section_of(
        part=PART, title=_TITLE, how=_HOW, count=count, samples=[few], fates=fates, fewest=count
    )
