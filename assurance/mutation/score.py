"""Count what became of mutants, and list those that live with what is to be said of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assurance.mutation.mutant import (
    EQUIVALENT,
    INVALID,
    KILLED,
    SURVIVED,
    TIMED_OUT,
    VALID,
    Mutant,
    share,
)
from benchmarks.report import Figure, Target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assurance.mutation.records import Fates

ARGUED: Final = Path(__file__).with_name("argued.json")
"""Why mutants that live may: a list of `mutant`, its key, and `why`."""
LEAST: Final = 95
"""Percent of the valid mutants that must be killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Hold a sample of mutants, and what it is called in the table.

    :ivar least: how many of it are to be judged.
    """

    name: str
    mutants: Sequence[Mutant]
    least: int = 0


def arguments() -> dict[tuple[str, ...], str]:
    """Return what is said of mutants that live, by their keys."""
    return {tuple(one["mutant"]): one["why"] for one in json.loads(ARGUED.read_bytes())}


def figures(sample: Sample, fates: Fates) -> list[Figure]:
    """Count a sample: how many were judged, and what came of them."""
    found = [fate.state for one in sample.mutants if (fate := fates.of(one)) is not None]
    valid = sum(state in VALID for state in found)
    known = arguments()
    living = survivors(sample, fates)
    silent = sum(one.key not in known for one in living)

    def named(name: str, count: float, target: Target | None = None, unit: str = "") -> Figure:
        return Figure(name=f"{sample.name}: {name}", samples=(count,), unit=unit, target=target)

    least = Target(limit=sample.least, at_least=True) if sample.least else None
    return [
        named("mutants drawn", len(sample.mutants)),
        named("of these judged and valid", valid, least),
        named("not valid: refused by the compiler or not to be loaded", found.count(INVALID)),
        named("not valid: the compiler makes the same code", found.count(EQUIVALENT)),
        named("killed by a test that failed", found.count(KILLED)),
        named("killed by the time they took", found.count(TIMED_OUT)),
        named("living", found.count(SURVIVED)),
        named("living without an argument", silent, Target(limit=0)),
        named("score", round(share(found), 2), Target(limit=LEAST, at_least=True), "%"),
    ]


def survivors(sample: Sample, fates: Fates) -> list[Mutant]:
    """Return the mutants of a sample that live."""
    return [one for one in sample.mutants if (fate := fates.of(one)) and fate.state == SURVIVED]


def listed(samples: Sequence[Sample], fates: Fates) -> str:
    """Return the mutants that live as a list, each with what is said of it."""
    known: Mapping[tuple[str, ...], str] = arguments()
    living = {one.key: one for sample in samples for one in survivors(sample, fates)}
    ordered = sorted(living.values(), key=lambda one: (one.path, one.line, one.new))
    rows = [f"- {one}: {known.get(one.key, '**not argued yet**.')}" for one in ordered]
    return "\n".join(rows) if rows else "None lives."
