"""Deep JSON is refused before it is parsed, whatever the recursion limit is."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from registry.domain.nesting import read_shallow

if TYPE_CHECKING:
    from collections.abc import Iterator

_RAISED = 100_000
"""What libraries around web3.py raise the limit to: far more than the stack holds."""


@pytest.fixture(autouse=True)
def _raised() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(_RAISED)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize("opening", ["[", '{"a":', '["[",', "[{"])
def test_what_would_end_the_process_is_refused(opening: str) -> None:
    """A value nested deeper than the stack holds is refused, as text and as bytes."""
    deep = opening * 200_000
    for given in (deep, deep.encode()):
        with pytest.raises(ValueError, match="too deep"):
            read_shallow(given)


def test_brackets_in_strings_are_no_nesting() -> None:
    """What is read is what the parser reads, however many brackets its strings hold."""
    value = {"[" * 100: ["{" * 100, '"[' * 100, {"a": [1, None, True]}]}
    assert read_shallow(json.dumps(value)) == value


def test_sixty_four_levels_are_read() -> None:
    """The bound itself is allowed, one more is not."""
    assert read_shallow("[" * 64 + "]" * 64)
    with pytest.raises(ValueError, match="too deep"):
        read_shallow("[" * 65 + "]" * 65)
