"""Print a notice as one self-contained page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from registry.documents.paper import page, shown

if TYPE_CHECKING:
    from registry.domain.notices import Notice

_STYLE: Final = """\
@page { size: A4; margin: 28mm 26mm 24mm; }
body { margin: 12mm auto; max-width: 158mm; color: #111; background: #fff;
  font: 11.5pt/1.85 "Noto Serif CJK SC", "Songti SC", SimSun, "Times New Roman", serif; }
h1 { margin: 0 0 9mm; font-size: 20pt; letter-spacing: .08em; text-align: center; }
p { margin: 0 0 3.2mm; overflow-wrap: anywhere; }
p.body:lang(zh) { text-indent: 2em; }
ol { margin: 0 0 4mm; padding-left: 3em; }
li { overflow-wrap: anywhere; }
footer { margin-top: 12mm; padding-top: 4mm; border-top: .3mm solid #999; font-size: 9.5pt;
  line-height: 1.6; break-inside: avoid; }
footer p { margin: 0; }
@media print { body { margin: 0; max-width: none; } }
"""


def notice_page(notice: Notice, lang: str) -> str:
    """Return a notice as HTML to print; what was given is shown as text, never as markup."""
    listed = "".join(f"<li>{shown(item)}</li>\n" for item in notice.items())
    head, *rest = notice.paragraphs(lang)
    body = [
        f"<h1>{escape(notice.title(lang))}</h1>\n",
        f"<p>{escape(notice.addressee(lang))}</p>\n",
        _paragraph(head),
        f"<ol>\n{listed}</ol>\n" if listed else "",
        *map(_paragraph, rest),
        "<footer>\n",
        *(f"<p>{escape(line)}</p>\n" for line in notice.closing(lang)),
        "</footer>\n",
    ]
    return page(notice.title(lang), lang, _STYLE, f"<main>\n{''.join(body)}</main>\n")


def _paragraph(text: str) -> str:
    return f'<p class="body">{escape(text)}</p>\n'
