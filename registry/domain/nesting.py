"""Tell deeply nested JSON before it is parsed.

The parser stops at the interpreter's recursion limit, which other packages raise beyond what the
stack holds: a line of brackets would end the process.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["STRINGS", "is_deep"]

# A string without an end goes to the end of all, and is looked through once.
STRINGS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS: Final = re.compile(rb"[\[\]{}]")


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
