"""Make text from outside safe for a terminal, and measure and wrap it, Chinese included."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from unicodedata import combining, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterator

# C0, DEL and C1 steer a terminal; the others reorder or hide what stands beside them, or show
# nothing themselves: formats, separators of lines, fillers, tags. Selectors of variants stay, which
# names in Chinese have. Lone surrogates are what undecodable file names become.
_UNSAFE: Final = (
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff]"
)
_BYTE: Final = 0xFF
_PLANE: Final = 0xFFFF
# Between Chinese characters a line may break anywhere; punctuation stays with what it follows.
_PIECE: Final = (
    r"[\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff][\u3000-\u303f\uff00-\uffef]*\s*"
    r"|[\u3000-\u303f\uff00-\uffef]+\s*"
    r"|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+[\u3000-\u303f\uff00-\uffef]*\s*|\s+"
)


def plain(text: str) -> str:
    r"""Return `text` with every character that steers a terminal written out, as in `\x1b`."""
    return text if text.isascii() and text.isprintable() else re.sub(_UNSAFE, _written_out, text)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _PLANE else f"\\U{code:08x}"


def escaped_json(text: str) -> str:
    r"""Return serialised JSON with the same characters as `\uXXXX`, which parsers read back."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_UNSAFE, lambda match: json.dumps(match[0])[1:-1], text)


def width(text: str) -> int:
    """Return the number of terminal columns that `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def padded(text: str, columns: int) -> str:
    """Return `text` filled with spaces up to `columns`."""
    return text + " " * (columns - width(text))


def wrapped(text: str, columns: int) -> list[str]:
    """Break `text` into lines of at most `columns`: at spaces, and between Chinese characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line) + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    if text.isascii():
        # Compiling the expression takes longer than a whole page.
        return (word + " " for word in text.split())
    return (match[0] for match in re.finditer(_PIECE, text))
