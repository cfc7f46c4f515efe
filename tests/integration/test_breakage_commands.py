"""Every command that writes, broken off at its steps and given again: done once, and told."""

from __future__ import annotations

import random
import zlib
from typing import TYPE_CHECKING, Final

import pytest

from tests.integration.breakage.commands import writing_topics
from tests.integration.breakage.forks import DEEPEST
from tests.integration.breakage.kills import Break, Kind, Reference, Theatre, grid
from tests.integration.breakage.stage import Case, built, standing_clock
from tests.integration.cli_world import run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.anvil,
    pytest.mark.slow,
    pytest.mark.only_anvil("each case begins from a state file"),
]

PARTS: Final = 6
"""Into so many tests the commands are dealt, so that none takes long on a busy machine."""
EVERY: Final = {Kind.CLIENT: 1, Kind.INTERRUPT: 2, Kind.NODE: 3}
"""Of so many commands one is broken off in this way here; the report does so with all."""
OFFSETS: Final = (-300_000_000, -3_600, 3_600, 300_000_000)
"""By how many seconds the clock is wrong: hours and years."""
ROOMS: Final = (0, 3_000, 20_000, 50_000)
"""How many bytes a file may have where the disk counts as full."""
RARE: Final = 4
"""Of so many commands one is tried here where the report tries all."""


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


def chosen(case: Case, what: str) -> random.Random:
    """Return what chooses for a command, always the same."""
    return random.Random(zlib.crc32(f"{case.name} {what}".encode()))


def a_break(case: Case, kind: Kind, reference: Reference) -> Break:
    """Return one of the steps of a command at which it is broken off."""
    steps = list(grid(kind, reference.steps))
    # Most of what can go wrong lies in the later part: there it has sent something.
    return chosen(case, kind.name).choice(steps[len(steps) // 3 :])


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


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name.lower())
def test_a_command_that_was_broken_off_is_given_again(
    playing: Playing, kind: Kind, part: int
) -> None:
    """It then ends well; nothing is lost or done twice, and journal and chain agree."""
    cases = playing.cases[part :: PARTS * EVERY[kind]]
    count, wrong = 0, []
    for case in cases:
        reference = playing.reference(case)
        how = a_break(case, kind, reference)
        found = playing.theatre.faults(case, how, reference)
        count += found is not None
        wrong += [f"{case.name}, {how}: {one}" for one in found or ()]
    assert wrong == []
    # Now and then a command ends before the step, since it need not look as often for its block.
    assert count > len(cases) // 2


@pytest.mark.parametrize("part", range(RARE))
def test_a_full_disk_stops_a_command_and_harms_nothing(playing: Playing, part: int) -> None:
    """One clear error; nothing half-written, nothing sent unjournalled; later it goes on."""
    wrong = []
    for case in playing.cases[part :: RARE * RARE]:
        for room in chosen(case, "room").sample(ROOMS, 2):
            found = playing.theatre.confined(case, room, playing.reference(case))
            wrong += [f"{case.name}, {room} bytes: {one}" for one in found]
    assert wrong == []


def test_what_was_given_up_is_done_when_it_is_asked_again(playing: Playing) -> None:
    """Told as done, then in no block: the same command does it, once, at any depth to twelve."""
    wrong = []
    for number, case in enumerate(playing.cases[1::RARE]):
        depth = 1 + number % DEEPEST
        found = playing.theatre.forked(case, depth, playing.reference(case))
        wrong += [f"{case.name}, {depth} blocks: {one}" for one in found]
    assert wrong == []


@pytest.mark.parametrize("depth", [1, DEEPEST])
def test_a_certificate_counts_as_long_as_its_block_does(playing: Playing, depth: int) -> None:
    """A paper whose record was given up is not vouched for, until it is issued again."""
    theatre = playing.theatre
    (issue,) = [case for case in playing.cases if case.topic == "certificate.issue"]
    theatre.open()
    files = run(theatre.home, *issue.arguments).result["files"]
    verify = (
        "certificate",
        "verify",
        next(one for one in files if one.endswith(".json")),
        "--json",
    )
    assert run(theatre.home, *verify).code == 0
    theatre.give_up(depth)
    refused = run(theatre.home, *verify)
    assert (refused.code, refused.result["outcome"]) != (0, "VALID")
    again = run(theatre.home, *issue.arguments)
    assert (again.code, run(theatre.home, *verify).code) == (0, 0)


def test_a_clock_that_is_wrong_changes_nothing(playing: Playing) -> None:
    """Hours or years ahead or behind, commands do and tell what the ledger's time says."""
    wrong = []
    for case in playing.cases[::RARE]:
        offset = chosen(case, "clock").choice(OFFSETS)
        found = playing.theatre.astray(case, offset, playing.reference(case))
        wrong += [f"{case.name}, {offset} seconds: {one}" for one in found]
    assert wrong == []
