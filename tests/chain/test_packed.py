"""Packed logs are those that were packed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.chain.packed import PackedLogs

LOGS = st.lists(
    st.dictionaries(st.text(), st.one_of(st.text(), st.booleans(), st.lists(st.text()))), max_size=5
)


@given(logs=LOGS)
def test_what_is_packed_comes_out_again(logs: list[dict[str, object]]) -> None:
    """Length, order and content are kept, by iteration, by place and by comparison."""
    packed = PackedLogs(logs)
    assert list(packed) == logs
    assert len(packed) == len(logs)
    assert [packed[place] for place in range(len(packed))] == logs
    assert packed[1:] == logs[1:]
    assert packed == tuple(logs)
    assert packed == PackedLogs(logs)
    assert hash(packed) == hash(PackedLogs(logs))
    assert packed != [*logs, {}]


def test_much_takes_little_room() -> None:
    """The logs of a batch take a fraction of their text."""
    log = {"address": "0x" + "1" * 40, "topics": ["0x" + "2" * 64] * 3, "data": "0x" + "3" * 192}
    packed = PackedLogs([log] * 240)
    assert len(packed._packed) < 10_000
