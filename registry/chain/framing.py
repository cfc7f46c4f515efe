"""Find where a reply ends that has neither length nor end mark: where its brackets have closed."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

_ESCAPES: Final = re.compile(rb"\\.", re.DOTALL)
_FILLER: Final = b"xx"
_BACKSLASH: Final = b"\\"
_QUOTE: Final = b'"'
_BRACKETS: Final = re.compile(rb"[\[\]{}]")
_OPENING: Final = b"[{"


class JsonEnd:
    """Find the end of the first JSON object or list in bytes that come in parts.

    Each byte is looked at once, whatever the parts are. Whether what has ended is JSON is for the
    parser to say: only brackets outside strings are counted.
    """

    __slots__ = ("_depth", "_escaped", "_within")

    def __init__(self) -> None:
        """Begin before the first byte."""
        self._depth = 0
        self._within = self._escaped = False

    def feed(self, part: bytes) -> int | None:
        """Return after how many bytes of the next part it ends, None where it goes on.

        :raises ValueError: where a bracket closes that was never opened.
        """
        pieces = self._plain(part).split(_QUOTE)
        first = int(self._within)
        outside = b"".join(islice(pieces, first, None, 2))
        closing = outside.count(b"]") + outside.count(b"}")
        if closing < self._depth or not closing:
            # Nothing here can close the outermost bracket.
            self._depth += outside.count(b"[") + outside.count(b"{") - closing
        elif (end := self._closed(pieces, first)) is not None:
            return end
        self._within ^= len(pieces) % 2 == 0
        return None

    def _plain(self, part: bytes) -> bytes:
        """Return a part with what is escaped, and so neither a quote nor a bracket, filled in."""
        if self._escaped and part:
            part, self._escaped = b"x" + part[1:], False
        if _BACKSLASH not in part:
            return part
        plain = _ESCAPES.sub(_FILLER, part)
        # One that is left is the last byte: what it escapes is still to come.
        self._escaped = plain.endswith(_BACKSLASH)
        return plain

    def _closed(self, pieces: list[bytes], first: int) -> int | None:
        """Count bracket by bracket, and return where the outermost closes."""
        start = 0
        for number, piece in enumerate(pieces):
            for found in _BRACKETS.finditer(piece) if number % 2 == first else ():
                self._depth += 1 if found[0] in _OPENING else -1
                if self._depth < 0:
                    raise ValueError("a bracket closes that was never opened")
                if not self._depth:
                    return start + found.end()
            start += len(piece) + len(_QUOTE)
        return None
