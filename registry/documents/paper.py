"""Make self-contained pages: every value is escaped, and nothing is loaded or run."""

from __future__ import annotations

from html import escape
from typing import Final

from registry.domain.visible import visible

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_TAGS: Final = {"en": "en", "zh": "zh-Hans"}


def shown(text: str) -> str:
    """Return text from outside as HTML: escaped, made visible, and kept to its own direction."""
    return f"<bdi>{escape(visible(text))}</bdi>"


def page(title: str, lang: str, style: str, body: str, *, head: str = "") -> str:
    """Return a whole page; `head` and `body` are HTML, `title` is text.

    The policy in its head keeps a browser from loading or running anything, whatever the page says.
    """
    return (
        f'<!DOCTYPE html>\n<html lang="{_TAGS[lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width">\n{head}'
        f"<title>{escape(visible(title))}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )
