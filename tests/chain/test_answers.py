"""What a node answers is parsed within bounds, whatever other packages did to the interpreter."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from registry.chain.answers import DEEPEST, read_json, shallow

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["usual", "raised"])
def _limit(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have the interpreter's recursion limit as it is, or as some packages leave it."""
    before = sys.getrecursionlimit()
    if request.param == "raised":
        sys.setrecursionlimit(10_000_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("_limit")
@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 1_000_000,
        b'{"a":' * 1_000_000,
        b"[" * 1_000_000 + b"]" * 1_000_000,
        b'{"jsonrpc":"2.0","id":1,"result":' + b'[{"a":' * 500_000 + b"0" + b"}]" * 500_000 + b"}",
        b'["' + b"[" * 300 + b'",' + b"[" * 300_000,
    ],
)
def test_what_is_nested_beyond_measure_is_refused(raw: bytes) -> None:
    """Brackets without end are an error, and end no process."""
    with pytest.raises(ValueError, match="deep"):
        read_json(raw)


def test_the_limit_of_others_is_lowered_only_meanwhile() -> None:
    """Nested and by several threads: the last that leaves puts it back."""
    before = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(100_000)
        with shallow():
            with shallow(), pytest.raises(RecursionError):
                json.loads("[" * 1_000_000)
            assert sys.getrecursionlimit() < 100_000
        assert sys.getrecursionlimit() == 100_000
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.usefixtures("_limit")
def test_what_is_nested_as_answers_are_is_read() -> None:
    """Depth counts, not how many brackets there are, nor those in text."""
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)
    assert read_json(b'[{"a":"[[["},' * 1 + b"[]," * 10_000 + b"[]]")
