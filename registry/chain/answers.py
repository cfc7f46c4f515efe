"""Parse what a node answers, which may be anything."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from registry.domain.nesting import is_deep

if TYPE_CHECKING:
    from registry.chain.wire import Json

__all__ = ["read_json"]

DEEPEST: Final = 200
"""How deep an answer is nested at most; a block with all in it has some six levels."""
_SAFE: Final = 3_000
"""A recursion limit up to which the parser ends in an error before the stack does."""


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
