"""What the ledger said is remembered for so many blocks and seconds, and for no longer."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.enforcement.answers import Answers


@dataclass(frozen=True)
class Said:
    """An answer as of a block."""

    block: int


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        """Return the time set."""
        return self.time


@given(st.integers(0, 5), st.integers(0, 20), st.integers(0, 20))
def test_an_answer_counts_for_its_blocks_and_not_backwards(
    blocks: int, asked: int, head: int
) -> None:
    """An answer counts from its own block to so many after it, never before it."""
    answers: Answers[Said] = Answers(blocks=blocks, seconds=10, size=4, clock=Clock())
    answers.keep("q", Said(asked), answers.now())
    assert (answers.find("q", head) is not None) == (asked <= head <= asked + blocks)


def test_an_answer_counts_for_its_seconds() -> None:
    """On an idle chain an answer ends with its seconds, counted from when it was asked."""
    clock = Clock()
    answers: Answers[Said] = Answers(blocks=2, seconds=10, size=4, clock=clock)
    answers.keep("q", Said(1), since=0.0)
    clock.time = 10.0
    assert answers.find("q", 1) == Said(1)
    clock.time = 10.1
    assert answers.find("q", 1) is None


def test_the_answer_unused_for_longest_makes_room() -> None:
    """The memory holds so many answers and no more, however many are asked for."""
    answers: Answers[Said] = Answers(blocks=2, seconds=10, size=3, clock=Clock())
    for number in range(1000):
        answers.keep(number, Said(1), answers.now())
        answers.find(0, 1)
    assert len(answers) == 3
    assert answers.find(0, 1) == Said(1)
    assert answers.find(1, 1) is None


@pytest.mark.parametrize("bounds", [(-1, 1.0, 1), (0, -1.0, 1), (0, 1.0, 0)])
def test_bounds_that_make_no_sense_are_refused(bounds: tuple[int, float, int]) -> None:
    """Neither negative times nor no room at all."""
    blocks, seconds, size = bounds
    with pytest.raises(ValueError, match="kept"):
        Answers(blocks=blocks, seconds=seconds, size=size)
