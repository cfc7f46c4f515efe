"""Keep what became of each mutant, for as long as what it was found on is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from assurance.keep import ROOT, Keep, digest
from assurance.mutation.mutant import INVALID, KILLED, SURVIVED, TIMED_OUT, Mutant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


STAGES: Final = {"near": 0, "likely": 0, "all": 1, "deployed": 2}
"""How far a survivor has come: through the tests that are near or likely, all, and those of Python
on the contracts as they are deployed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """Hold what became of a mutant.

    :ivar suite, test: what killed it: a file of tests, and the test in it.
    :ivar stage: how much of the tests a survivor has been through.
    """

    state: str
    suite: str = ""
    test: str = ""
    stage: str = ""


class Fates:
    """Hold the fates of mutants.

    A kill counts while the mutated file and the file of the test that killed it are as they were,
    a survival while the mutated file and all the tests are.

    The files are taken as they are when this is made: what changes while the mutants are judged
    is judged the next time.

    :param sources: the folder of what is mutated.
    :param tests: the folders of all tests.
    """

    __slots__ = ("_all", "_files", "_keep")

    def __init__(
        self, part: str, sources: str, tests: Sequence[str], *, smallest: bool = False
    ) -> None:
        self._keep = Keep(part, smallest=smallest)
        self._all = digest(*tests)
        folders = [ROOT / name for name in (sources, *tests)]
        paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        names = [path.relative_to(ROOT).as_posix() for path in paths]
        self._files = {name: digest(name) for name in names if "__pycache__" not in name}

    def _basis(self, mutant: Mutant, fate: Fate) -> list[str]:
        changed = self._files[mutant.path]
        if fate.state == INVALID:
            return [changed]
        killer = self._files.get(fate.suite) if fate.state in {KILLED, TIMED_OUT} else None
        return [changed, killer or self._all]

    def put(self, mutant: Mutant, fate: Fate) -> None:
        """Keep what became of a mutant."""
        self._keep.append(
            {
                "mutant": list(mutant.key),
                "basis": self._basis(mutant, fate),
                "state": fate.state,
                "suite": fate.suite,
                "test": fate.test,
                "stage": fate.stage,
            }
        )

    def of(self, mutant: Mutant) -> Fate | None:
        """Return what became of a mutant, None where it is to be found out."""
        record: dict[str, Any] | None = self._keep.found(mutant=list(mutant.key))
        if record is None:
            return None
        fate = Fate(**{name: record[name] for name in ("state", "suite", "test", "stage")})
        return fate if record["basis"] == self._basis(mutant, fate) else None

    def known(self, mutant: Mutant, stage: str) -> bool:
        """Tell whether nothing is to be found out of a mutant at this stage."""
        fate = self.of(mutant)
        if fate is None:
            return False
        return fate.state != SURVIVED or STAGES[fate.stage] >= STAGES[stage]

    def kills(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield the key of each mutant that was ever killed, and the file of the test."""
        for record in self._keep:
            if record["state"] == KILLED:
                yield tuple(record["mutant"]), record["suite"]
