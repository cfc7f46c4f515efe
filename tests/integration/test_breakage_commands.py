"""Every command that writes, broken off at its steps and given again: done once, and told."""

from __future__ import annotations

import random
import zlib
from typing import TYPE_CHECKING, Final

import pytest

from tests.integration.breakage.commands import writing_topics
from tests.integration.breakage.kills import Break, Kind, Reference, Theatre, grid
from tests.integration.breakage.stage import Case, built, standing_clock
from tests.integration.cli_world import run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.anvil, pytest.mark.slow]

SPREAD: Final = {Kind.CLIENT: 1, Kind.INTERRUPT: 1, Kind.NODE: 1}
"""At how many of its steps each command is broken off here; the report does so at all."""


class Playing:
    """Hold the theatre, the commands, and how each goes undisturbed."""

    def __init__(self, theatre: Theatre, cases: list[Case]) -> None:
        """Know no reference yet."""
        self.theatre = theatre
        self.cases = cases
        self._references: dict[str, Reference] = {}

    def reference(self, case: Case) -> Reference:
        """Return how a command goes undisturbed, found out once."""
        if case.name not in self._references:
            self._references[case.name] = self.theatre.reference(case)
        return self._references[case.name]

    def faults(self, kind: Kind) -> tuple[int, list[str]]:
        """Break each command off at some of its steps; return how often, and what went wrong."""
        count, wrong = 0, []
        for case in self.cases:
            reference = self.reference(case)
            for how in spread(case, kind, reference):
                found = self.theatre.faults(case, how, reference)
                count += found is not None
                wrong += [f"{case.name}, {how}: {one}" for one in found or ()]
        return count, wrong


def spread(case: Case, kind: Kind, reference: Reference) -> list[Break]:
    """Return some of the steps of a command, always the same of those it has."""
    chosen = random.Random(zlib.crc32(f"{case.name} {kind.name}".encode()))
    steps = list(grid(kind, reference.steps))
    # Most of what can go wrong lies in the later half: there it has sent something.
    return chosen.sample(steps[len(steps) // 3 :], SPREAD[kind])


@pytest.fixture(scope="module")
def playing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playing]:
    """Build the stage once, and play on copies of it."""
    folder = tmp_path_factory.mktemp("breakage")
    with standing_clock():
        stage = built(folder)
        run(stage.home, "chain", "down")
        theatre = Theatre(folder / "copy", stage.home, stage.folder)
        try:
            theatre.open()
            yield Playing(theatre, stage.cases)
        finally:
            theatre.close()


def test_every_command_that_writes_has_a_case(playing: Playing) -> None:
    """A new command that writes must be broken off here too, and a case be of one that is there."""
    assert {case.topic for case in playing.cases} == writing_topics()


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name.lower())
def test_a_command_that_was_broken_off_is_given_again(playing: Playing, kind: Kind) -> None:
    """It then ends well; nothing is lost or done twice, and journal and chain agree."""
    count, wrong = playing.faults(kind)
    assert wrong == []
    # Now and then a command ends before the step, since it need not look as often for its block.
    assert count > len(playing.cases) * SPREAD[kind] * 3 // 4
