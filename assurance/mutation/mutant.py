"""Hold small changes of the sources, and draw a sample of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KILLED: Final = "killed"
TIMED_OUT: Final = "timed out"
SURVIVED: Final = "survived"
EQUIVALENT: Final = "equivalent"
"""The compiler makes the same code of it."""
INVALID: Final = "invalid"
"""It does not compile, or cannot be loaded."""
VALID: Final = (KILLED, TIMED_OUT, SURVIVED)
"""What counts for the score: a killed one for it, a survivor against it."""

SEEDS: Final = (20261123, 20261124)
"""What the first sample is drawn by, and the second one."""
_SHOWN: Final = 60
_MOST: Final = 2**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """Hold one change of a source file.

    :ivar path: the file, from the project's root.
    :ivar place: what it lies in, such as `UsageMeter._advance`.
    :ivar operator: what kind of change it is.
    :ivar start, end: what it replaces, in bytes of the file.
    :ivar old, new: the text there, and what takes its place.
    :ivar repetition: how many before it are the same, at the same place.
    """

    path: str
    line: int
    place: str
    operator: str
    start: int
    end: int
    old: str
    new: str
    repetition: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        """Return what it is known by, also when the lines around it have moved."""
        told = (self.path, self.place, self.operator, self.old, self.new)
        return (*told, str(self.repetition)) if self.repetition else told

    def applied(self, source: bytes) -> bytes:
        """Return the source with the change."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def __str__(self) -> str:
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        shown = [text if len(text) <= _SHOWN else text[:_SHOWN] + "…" for text in (old, new)]
        return f"{self.path}:{self.line} {self.place}: `{shown[0]}` → `{shown[1]}`"


def told_apart(mutants: Iterable[Mutant]) -> list[Mutant]:
    """Return the mutants of a file, numbered where they would otherwise be the same."""
    seen: Counter[tuple[str, ...]] = Counter()
    apart = []
    for mutant in mutants:
        apart.append(replace(mutant, repetition=seen[mutant.key]))
        seen[mutant.key] += 1
    return apart


def sample(mutants: Iterable[Mutant], one_in: int, seed: int) -> list[Mutant]:
    """Draw one mutant in so many, of each file and kind of change as many as its share is.

    What is drawn of a file depends on nothing but the file, the number and the seed. They come
    in no order of files, so that what was judged of them at any time is a fair sample as well.
    """
    strata: dict[tuple[str, str], list[Mutant]] = {}
    for mutant in mutants:
        strata.setdefault((mutant.path, mutant.operator), []).append(mutant)
    chosen: list[Mutant] = []
    for stratum, members in sorted(strata.items()):
        members.sort(key=lambda one: _drawn(seed, *one.key))
        # Where a share is no whole number, as often rounded up as its fraction says.
        count = len(members) / one_in + _drawn(seed, *stratum) / _MOST
        chosen += members[: int(count)]
    return sorted(chosen, key=lambda one: _drawn(seed, *one.key))


def drawn(found: Sequence[Mutant], one_in: int) -> tuple[list[Mutant], list[Mutant]]:
    """Return the first sample, one mutant in so many, and a second one of what is left."""
    first = sample(found, one_in, SEEDS[0])
    taken = {mutant.key for mutant in first}
    rest = [mutant for mutant in found if mutant.key not in taken]
    return first, sample(rest, one_in, SEEDS[1])


def _drawn(seed: int, *words: object) -> int:
    named = repr((seed, *words)).encode()
    return int.from_bytes(hashlib.sha256(named).digest()[:8], "big")


def share(states: Sequence[str]) -> float:
    """Return how many percent of the valid mutants were killed.

    >>> share([KILLED, TIMED_OUT, SURVIVED, KILLED, INVALID])
    75.0
    """
    valid = [state for state in states if state in VALID]
    return 100 * sum(state != SURVIVED for state in valid) / len(valid) if valid else 0.0
