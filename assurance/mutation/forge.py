"""Run the contracts' tests against a mutant, those first that are likeliest to see it."""

from __future__ import annotations

import os
import re
import resource
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from assurance.mutation.mutant import KILLED, SURVIVED, TIMED_OUT, Mutant
from assurance.mutation.tree import CONTRACTS, TESTS, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS: Final = 120
"""Of processor time, for one group of suites: a loop without end takes longer."""
_GROUPS: Final = (1, 5)
"""How many suites run before the next ones are started, and then all that are left."""
_UNFIT: Final = ("Gas.t.sol", "KeysGas.t.sol")
"""What costs is not what is done: gas is no reason to call a mutant killed."""
_SUITE: Final = re.compile(r"^Ran \d+ tests? for ([^:\s]+):\w+$", re.MULTILINE)
_IMPORT: Final = re.compile(r"from \"[^\"]*/(\w+)\.sol\";")
_INTERFACE: Final = re.compile(r"I[A-Z]")
_FAILED: Final = re.compile(r"^\[FAIL.*$", re.MULTILINE)
_NAME: Final = re.compile(r"\]\s+(\w+)\(")
_SETTINGS: Final = {
    "FOUNDRY_FUZZ_RUNS": "32",
    "FOUNDRY_INVARIANT_RUNS": "4",
    "FOUNDRY_INVARIANT_DEPTH": "32",
    "FOUNDRY_PROFILE": "default",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Hold how the tests took a mutant, and the test that failed first."""

    state: str
    suite: str = ""
    test: str = ""


@dataclass(slots=True)
class Suites:
    """Hold the files of tests, and which of them have seen mutants of what.

    :ivar related: the names of the contracts that a contract, or its interface, is imported by.
    """

    texts: dict[str, str]
    related: dict[str, set[str]] = field(default_factory=dict)
    kills: Counter[tuple[str, str]] = field(default_factory=Counter)

    def learn(self, mutant: Mutant, suite: str) -> None:
        """Remember which suite killed a mutant."""
        self.kills[mutant.place, suite] += 4
        self.kills[mutant.path, suite] += 1

    def ordered(self, mutant: Mutant) -> list[str]:
        """Return the suites, the likeliest to see a mutant first."""
        owner, _, function = mutant.place.rpartition(".")
        stem = mutant.path.rpartition("/")[2].removesuffix(".sol")

        words = {stem, *self.related.get(stem, ())}

        def rank(suite: str) -> tuple[float, int, int, str]:
            text = self.texts[suite]
            known = self.kills[mutant.place, suite] + self.kills[mutant.path, suite]
            named = (stem in suite or owner in suite) + (f".{function}(" in text)
            return (-known, -named, -sum(map(text.count, words)), suite)

        return sorted(self.texts, key=rank)


def suites(tree: Tree) -> Suites:
    """Return the suites of the contracts, without those that measure gas alone."""
    found = sorted((tree.folder / TESTS).rglob("*.sol"))
    texts = {path.relative_to(tree.folder).as_posix(): path.read_text("utf-8") for path in found}
    kept = {
        name: text
        for name, text in texts.items()
        if re.search(r"^    function (test|invariant)", text, re.MULTILINE)
        and not name.endswith(_UNFIT)
    }
    return Suites(texts=kept, related=_importers(tree))


def _importers(tree: Tree) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in (tree.folder / CONTRACTS).rglob("*.sol"):
        for imported in _IMPORT.findall(path.read_text("utf-8")):
            name = imported[1:] if _INTERFACE.match(imported) else imported
            found.setdefault(name, set()).add(path.stem)
    return found


def judged(
    tree: Tree, number: int, known: Suites, mutant: Mutant | None = None, *, wide: bool = True
) -> Outcome:
    """Run the tests against the mutant of this number, 0 for none, until one fails.

    :param wide: runs all suites, and otherwise those that are likely to see it. Which are likely is
        learned on the way, so that what was not likely before may be among them later.
    """
    tree.call_up(number)
    names = known.ordered(mutant) if mutant else sorted(known.texts)
    likely = sum(_GROUPS)
    chosen = names if wide else names[:likely]
    for group in _grouped(chosen):
        outcome = _ran(tree, group)
        if outcome.state != SURVIVED:
            return outcome
    return Outcome(state=SURVIVED)


def _grouped(names: Sequence[str]) -> Iterator[Sequence[str]]:
    start = 0
    for size in (*_GROUPS, len(names)):
        if names[start : start + size]:
            yield names[start : start + size]
        start += size


def _ran(tree: Tree, names: Sequence[str]) -> Outcome:
    command = ["forge", "test", "--fail-fast", "--threads", "1"]
    command += ["--match-path", "{" + ",".join(names) + "}" if len(names) > 1 else names[0]]
    environ = os.environ | _SETTINGS
    persisted = tree.folder / "failures"
    environ["FOUNDRY_FUZZ_FAILURE_PERSIST_DIR"] = str(persisted)
    environ["FOUNDRY_INVARIANT_FAILURE_PERSIST_DIR"] = str(persisted)
    ran = subprocess.run(
        command,
        cwd=tree.folder,
        env=environ,
        capture_output=True,
        text=True,
        preexec_fn=_limited,
        check=False,
    )
    said = ran.stdout + ran.stderr
    if ran.returncode == 0 and _SUITE.search(said):
        return Outcome(state=SURVIVED)
    failed = _FAILED.search(said)
    if failed:
        before = _SUITE.findall(said[: failed.start()])
        name = _NAME.search(failed[0])
        return Outcome(state=KILLED, suite=before[-1], test=name[1] if name else "setUp")
    if ran.returncode < 0:
        return Outcome(state=TIMED_OUT, suite=names[0])
    raise RuntimeError(f"forge ended with {ran.returncode}: {said[-2000:]}")


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
