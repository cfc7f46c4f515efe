"""Lists of named tuples, sent to another process."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.chunks import FileHash, FileHashes
from registry.domain.columns import Rows
from registry.domain.stamps import Stamp, Stamps

HASHES = st.builds(FileHash, st.integers(0), st.binary(), st.lists(st.binary()).map(tuple))
# Times before 1970 are below nought.
STAMPS = st.builds(Stamp, *[st.integers()] * 5)


@given(
    st.one_of(
        st.lists(HASHES, max_size=5).map(FileHashes), st.lists(STAMPS, max_size=5).map(Stamps)
    )
)
def test_rows_are_the_same_in_another_process(rows: Rows[Any]) -> None:
    """They are packed by column, and come out one by one as they were, none included."""
    there = pickle.loads(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL))  # noqa: S301 - packed just now
    assert type(there) is type(rows)
    assert there == rows
    assert list(map(type, there)) == list(map(type, rows))


def test_columns_are_as_long_as_each_other() -> None:
    """A row that lacks a field is not left out in silence."""
    with pytest.raises(ValueError, match="shorter"):
        FileHashes.of_columns([1, 2], [b""], [(), ()])
