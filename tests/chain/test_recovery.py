"""Nonces are chosen without holes and never twice."""

from hypothesis import given
from hypothesis import strategies as st

from registry.chain.recovery import Footing
from registry.chain.submission import Standing
from registry.chain.wire import Header

HEAD = Header(number=1, time=1, hash=bytes(32), parent=bytes(32), gas_limit=1)


def footing(pending: int, taken: set[int]) -> Footing:
    """Return where an account stands whose pool ends at `pending`."""
    standing = Standing(head=HEAD, latest=0, pending=pending, balance=0)
    return Footing(standing=standing, taken=frozenset(taken))


@given(st.integers(0, 50), st.sets(st.integers(0, 60)), st.integers(0, 20))
def test_free_nonces_are_the_lowest_that_nobody_holds(
    pending: int, taken: set[int], wanted: int
) -> None:
    """They rise, none is in a block, in the pool or in the journal, and none lower is left out."""
    free = footing(pending, taken).free(wanted)
    assert len(free) == wanted
    assert free == sorted(set(free))
    assert not taken & set(free)
    if free:
        assert [n for n in range(pending, free[-1] + 1) if n not in taken] == free


@given(st.integers(0, 50), st.sets(st.integers(0, 60)))
def test_filling_the_holes_leaves_none(pending: int, taken: set[int]) -> None:
    """Holes lie between the pool's end and the highest nonce; filled, there are no more."""
    before = footing(pending, taken)
    holes = before.holes()
    assert all(pending <= hole < max(taken) for hole in holes)
    assert before.free(len(holes)) == holes
    assert before.with_taken(holes).holes() == []
