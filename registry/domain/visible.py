"""Show text from outside so that nothing in it can hide, steer or reorder what stands beside it."""

from __future__ import annotations

import unicodedata
from typing import Final

# Controls, formats (the bidirectional ones among them), lone surrogates, private and unassigned
# characters, and the separators of lines and paragraphs.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BYTE: Final = 0xFF
_PLANE: Final = 0xFFFF


def visible(text: str) -> str:
    r"""Return `text` with every character that shows nothing of its own written out.

    Line ends are written out too: what is made visible is one line.

    >>> visible("a\u202eb\n")
    'a\\u202eb\\x0a'
    """
    if text.isprintable():
        return text
    return "".join(_written_out(one) if _is_hidden(one) else one for one in text)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN


def _written_out(character: str) -> str:
    code = ord(character)
    if code <= _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _PLANE else f"\\U{code:08x}"
