"""Tell deeply nested JSON before it is parsed.

The parser stops at the interpreter's recursion limit, which other packages raise beyond what the
stack holds: a line of brackets would end the process.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

__all__ = ["STRINGS", "is_deep", "read_shallow"]

# A string without an end goes to the end of all, and is looked through once.
STRINGS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS: Final = re.compile(rb"[\[\]{}]")
_MOST: Final = 64


def is_deep(raw: bytes, most: int) -> bool:
    """Tell whether JSON is nested more than ``most`` deep."""
    if raw.count(b"[") + raw.count(b"{") <= most:
        return False
    depth = 0
    for found in _BRACKETS.finditer(STRINGS.sub(b"", raw)):
        depth += 1 if found[0] in b"[{" else -1
        if depth > most:
            return True
    return False


def read_shallow(raw: bytes | str) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return the value of JSON that is nested at most 64 deep; raises ValueError for all else."""
    if is_deep(raw.encode() if isinstance(raw, str) else raw, _MOST):
        raise ValueError("nested too deep")
    try:
        return json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
