"""Parse what a node answers, which may be anything."""

from __future__ import annotations

import json
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from registry.domain.nesting import is_deep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.chain.wire import Json

__all__ = ["read_json", "shallow"]

DEEPEST: Final = 200
"""How deep an answer is nested at most; a block with all in it has some six levels."""
_SAFE: Final = 3_000
"""A recursion limit up to which the parser ends in an error before the stack does."""


_LOWERED: Final = threading.Lock()
_lowered: list[int] = []
"""The recursion limit as it was, once for each that wants it lower at the moment."""


@contextmanager
def shallow() -> Iterator[None]:
    """Have a parser that is not ours stop before the stack ends, while it reads an answer.

    Libraries around web3.py raise the limit so far that a line of brackets ends the process.
    """
    with _LOWERED:
        _lowered.append(_lowered[0] if _lowered else sys.getrecursionlimit())
        sys.setrecursionlimit(min(_lowered[0], _SAFE))
    try:
        yield
    finally:
        with _LOWERED:
            before = _lowered.pop()
            if not _lowered:
                sys.setrecursionlimit(before)


def read_json(raw: bytes) -> Json:
    """Return the JSON value of an answer; raises ValueError where it is none, or nested too deep.

    The parser itself stops at the interpreter's limit, which spares looking through long answers.
    Only where another package has raised the limit beyond what the stack holds are they looked
    through first.
    """
    if sys.getrecursionlimit() > _SAFE and is_deep(raw, DEEPEST):
        raise ValueError("nested too deep")
    try:
        return json.loads(raw)
    except RecursionError as cause:
        raise ValueError("nested too deep") from cause
