"""Parse TOML from outside: bounded in length, depth and time, with one error for all that is wrong.

The parser of the standard library stops at the interpreter's recursion limit, reads a key of very
many parts in a time that grows with its square, and lets errors of other types through.
"""

from __future__ import annotations

import re
from typing import Any, Final

MAX_BYTES: Final = 1 << 18
"""More than anybody writes by hand."""

MAX_DEPTH: Final = 32
"""How deep values may be nested, and how many parts a key may have."""

_MARK: Final = b"\xef\xbb\xbf"
# Each string ends with its line at the latest: in a comment, a quote has no second one.
_STRINGS: Final = re.compile(rb'"(?:[^"\\\n]++|\\[^\n])*+"?' + rb"|'[^'\n]*+'")
# A key of so many parts is a table in a table in a table: the parser takes its time over it.
_LONG_KEY: Final = re.compile(rb"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){%d}" % MAX_DEPTH)
_BRACKETS: Final = re.compile(rb"[\[\]{}]")


class TomlRefused(ValueError):
    """Say what is wrong with a text that should be TOML; `reason` is a code of the catalogue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse(raw: bytes) -> dict[str, Any]:
    """Return what a TOML document says; raises `TomlRefused`.

    A byte order mark, which some editors put before all they write, is no part of it.

    >>> parse(b"a.b = 1")
    {'a': {'b': 1}}
    """
    # Imported here for start-up time: most runs read none.
    import tomllib  # noqa: PLC0415

    if len(raw) > MAX_BYTES:
        raise TomlRefused(f"too-many-bytes:{MAX_BYTES}")
    raw = raw.removeprefix(_MARK)
    if _is_deep(raw):
        raise TomlRefused(f"too-deep:{MAX_DEPTH}")
    try:
        return tomllib.loads(raw.decode())
    except UnicodeDecodeError as error:
        raise TomlRefused("not-utf-8") from error
    except (ValueError, RecursionError) as error:
        # A number of very many digits is a ValueError of another kind.
        raise TomlRefused(f"not-toml:{str(error)[:_SHOWN]}") from error


_SHOWN: Final = 200


def _is_deep(raw: bytes) -> bool:
    bare = _STRINGS.sub(b"x", raw)
    if _LONG_KEY.search(bare):
        return True
    depth = 0
    for found in _BRACKETS.finditer(bare):
        depth += 1 if found[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False
