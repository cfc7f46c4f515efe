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
from benchmarks.report import Figure, Section, Target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assurance.mutation.records import Fates

ARGUED: Final = Path(__file__).with_name("argued.json")
"""Why mutants that live may: a list of `mutant`, its key, and `why`."""
LEAST: Final = 95
"""Percent of the valid mutants that must be killed."""
FEWEST: Final = 600
"""How many must be judged where not all are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Hold a sample of mutants, and what it is called in the table."""

    name: str
    mutants: Sequence[Mutant]


def arguments() -> dict[tuple[str, ...], str]:
    """Return what is said of mutants that live, by their keys."""
    return {tuple(one["mutant"]): one["why"] for one in json.loads(ARGUED.read_bytes())}


def section_of(
    *,
    part: str,
    title: str,
    how: str,
    count: int,
    samples: Sequence[Sample],
    fates: Fates,
    fewest: int = FEWEST,
) -> Section:
    """Return what is to be said of samples of mutants.

    :param count: how many mutants they were drawn from.
    :param fewest: how many are to be judged.
    """
    judged = {
        one.key
        for sample in samples
        for one in sample.mutants
        if (fate := fates.of(one)) and fate.state in VALID
    }
    return Section(
        name=part,
        title=title,
        how=how,
        figures=(
            Figure(name="mutants there are", samples=(float(count),)),
            Figure(
                name="judged and valid",
                samples=(float(len(judged)),),
                target=Target(limit=fewest, at_least=True),
            ),
            *(one for each in samples for one in figures(each, fates)),
        ),
        remarks=("Those that live:\n\n" + listed(samples, fates),),
    )


def figures(sample: Sample, fates: Fates) -> list[Figure]:
    """Count a sample: how many were judged, and what came of them."""
    found = [fate.state for one in sample.mutants if (fate := fates.of(one)) is not None]
    valid = sum(state in VALID for state in found)
    known = arguments()
    living = survivors(sample, fates)
    silent = sum(one.key not in known for one in living)

    def named(name: str, count: float, target: Target | None = None, unit: str = "") -> Figure:
        return Figure(name=f"{sample.name}: {name}", samples=(count,), unit=unit, target=target)

    return [
        named("mutants drawn", len(sample.mutants)),
        named("of these judged and valid", valid),
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
