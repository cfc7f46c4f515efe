"""The history keeps every block's values and forgets refused writes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.testing.history import History, Timeline

Writes = list[tuple[int, int]]

writes = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), max_size=5)
blocks = st.lists(st.tuples(writes, st.booleans()), max_size=8)


def test_an_unwritten_key_reads_as_the_default() -> None:
    """A key that was never written reads as the default, now and at any block."""
    timeline: Timeline[str, int] = Timeline(History(), 0)
    assert timeline.get("a") == 0
    assert timeline.get("a", 7) == 0


def test_the_last_write_of_a_block_counts() -> None:
    """A key written twice in one block reads as its second value at that block."""
    history = History()
    timeline: Timeline[str, int] = Timeline(history, 0)
    history.begin(1)
    timeline.set("a", 1)
    timeline.set("a", 2)
    assert timeline.get("a", 0) == 0
    assert timeline.get("a", 1) == 2


@given(blocks)
def test_every_block_reads_as_it_ended(sequence: list[tuple[Writes, bool]]) -> None:
    """Reading at a block gives what a copy of the mapping then gives, refused blocks left out."""
    history = History()
    timeline: Timeline[int, int] = Timeline(history, 0)
    copies: list[dict[int, int]] = [{}]
    for written, refused in sequence:
        history.begin(len(copies))
        model = dict(copies[-1])
        for key, value in written:
            timeline.set(key, value)
            model[key] = value
        if refused:
            history.rollback()
        else:
            copies.append(model)
    for block, model in enumerate(copies):
        assert {key: timeline.get(key, block) for key in range(5)} == {
            key: model.get(key, 0) for key in range(5)
        }
    assert all(timeline.get(key) == copies[-1].get(key, 0) for key in range(5))
