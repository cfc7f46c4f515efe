"""Print a certificate as one self-contained A4 page, in Chinese, in English or in both.

The page carries the certificate's JSON in a block of data. Certificate, languages and layout make
every byte of it, so that what verifies can print it anew and see whether a word was changed.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from registry import messages
from registry.civil_time import day, last_day
from registry.documents.certificate_style import STYLE
from registry.documents.ornaments import CORNER, ROSETTE, qr_code
from registry.documents.paper import page, shown
from registry.domain.certificate import digest_of
from registry.domain.certificate_reference import Reference
from registry.domain.visible import visible
from registry.domain.vocabulary import Right

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.domain.certificate import Certificate, Holder, Note

LAYOUT: Final = 1
"""The number of the layout: any change of the bytes that are made needs another one."""

DATA_ID: Final = "dengji-certificate"
"""The id of the block of data that holds the JSON."""

_RIGHTS: Final = (Right.HOLD, Right.USE, Right.OPERATE)
_ESCAPED: Final = str.maketrans({one: f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"})


def certificate_page(certificate: Certificate, langs: Sequence[str] = ("zh", "en")) -> str:
    """Return the certificate as HTML to print, in one language or in two, the first one leading."""
    return _Page(certificate, tuple(langs)).html()


class _Page:
    """Lay out one certificate in the languages given."""

    def __init__(self, certificate: Certificate, langs: tuple[str, ...]) -> None:
        self._certificate = certificate
        self._langs = langs
        self._rules = certificate.profile.name.lower()

    def html(self) -> str:
        """Return the whole page."""
        one = self._certificate
        title = f"{self._said(f'title.{self._rules}')[0]} {one.code}"
        layout = f'<meta name="dengji-layout" content="{LAYOUT} {"+".join(self._langs)}">\n'
        body = "".join(
            (
                ROSETTE,
                f'<div class="frame">{CORNER * 4}</div>\n',
                self._running(),
                '<table class="sheet"><thead><tr><td></td></tr></thead>\n',
                "<tfoot><tr><td></td></tr></tfoot>\n<tbody><tr><td>\n",
                self._title(),
                self._fields(),
                self._holders(),
                self._notes(),
                self._attestation(),
                "</td></tr></tbody></table>\n",
                f'<script type="application/json" id="{DATA_ID}">{self._data()}</script>\n',
            )
        )
        return page(title, self._langs[0], STYLE, body, head=layout)

    # ---- parts -------------------------------------------------------------------------------

    def _running(self) -> str:
        """Return what stands at the head and the foot of every sheet."""
        one = self._certificate
        titles = " · ".join(self._said(f"title.{self._rules}"))
        lines = [f"<p>{line}</p>" for line in self._told("prevails")]
        if one.local:
            lines += [f'<p class="local">{" · ".join(self._told("local"))}</p>']
        return (
            f'<div class="running top">{escape(titles)} · {shown(one.code)} · №{one.number}</div>\n'
            f'<div class="running bottom">{"".join(lines)}</div>\n'
        )

    def _title(self) -> str:
        one = self._certificate
        first, *others = self._said(f"title.{self._rules}")
        under = "".join(f'<p class="subtitle">{escape(other)}</p>\n' for other in others)
        code = self._line(f"code.{self._rules}")
        return (
            f"<h1>{escape(first)}</h1>\n{under}"
            '<div class="rule"></div>\n<dl class="codes">'
            f"<div><dt>{code}</dt><dd>{shown(one.code)}</dd></div>"
            f"<div><dt>{self._line('number')}</dt><dd>{one.number}</dd></div></dl>\n"
        )

    def _fields(self) -> str:
        one = self._certificate
        effect = self._doubled([day(one.valid_from, lang) for lang in self._langs])
        rows = [
            self._row(("data", f'<span class="name">{shown(one.data_name)}</span>')),
            self._row(("summary", one.summary and shown(one.summary))),
            self._row(
                ("rules", self._doubled(self._told(f"rules.{self._rules}"))),
                ("catalog", one.catalog_id and shown(one.catalog_id)),
            ),
            self._row(("effect", effect), ("validity", self._doubled(list(self._until())))),
        ]
        return f'<table class="fields">\n{"".join(rows)}</table>\n{self._marks()}'

    def _row(self, *cells: tuple[str, str | None]) -> str:
        """Return a row of labels with their values, the last of which takes the rest."""
        told = [(label, value) for label, value in cells if value]
        last = len(told) - 1
        row = "".join(
            f"<th>{self._label(label)}</th>"
            f"<td{f' colspan={5 - 2 * len(told)}' if at == last else ''}>{value}</td>"
            for at, (label, value) in enumerate(told)
        )
        return f"<tr>{row}</tr>\n" if row else ""

    def _marks(self) -> str:
        """Return what the ledger knows the product by."""
        one = self._certificate
        version = f"{one.product} · v{one.version}"
        told = {
            "product": version,
            "content": one.content_root.hex(),
            "metadata": one.metadata_hash.hex(),
            "evidence": one.evidence.hex() if one.evidence else None,
        }
        rows = "".join(
            f"<tr><th>{self._line(label)}</th><td><code>{value}</code></td></tr>\n"
            for label, value in told.items()
            if value
        )
        return f'<table class="marks">\n{rows}</table>\n'

    def _until(self) -> Iterator[str]:
        until = self._certificate.valid_until
        for lang in self._langs:
            none = messages.text("certificate.no-end", lang)
            yield none if until is None else last_day(until, lang)

    def _holders(self) -> str:
        heads = [
            f'<th class="who">{self._label("holder")}</th>',
            f'<th class="id">{self._label("identity")}</th>',
            *(f'<th class="right">{self._right(right)}</th>' for right in _RIGHTS),
            f'<th class="term">{self._label("term")}</th>',
        ]
        rows = "".join(self._holder(one) for one in self._certificate.holders)
        return (
            f"<h2>{self._label('holders')}</h2>\n"
            f'<table class="holders">\n<thead><tr>{"".join(heads)}</tr></thead>\n'
            f"<tbody>\n{rows}</tbody></table>\n"
        )

    def _holder(self, holder: Holder) -> str:
        marks = "".join(
            f'<td class="right">{self._mark(held=right in holder.rights)}</td>' for right in _RIGHTS
        )
        credit = f"{shown(holder.credit_code)}<br>" if holder.credit_code else ""
        term = "<br>".join(shown(one) for one in (holder.term, holder.limits) if one)
        name = shown(holder.name) if holder.name else "—"
        return (
            f'<tr><td class="who">{name}</td>'
            f'<td class="id">{credit}<code>{holder.party}</code></td>'
            f'{marks}<td class="term">{term or "—"}</td></tr>\n'
        )

    def _mark(self, *, held: bool) -> str:
        said = escape(" / ".join(self._said("held" if held else "not-held")))
        sign = "<b>✓</b>" if held else '<span class="none">—</span>'
        return f'<span role="img" aria-label="{said}">{sign}</span>'

    def _notes(self) -> str:
        title = f"<h2>{self._label('notes')}</h2>\n"
        notes = self._certificate.annotations
        if not notes:
            return f'{title}<p class="plain">{self._doubled(self._told("no-notes"))}</p>\n'
        items = "".join(f"<li>{self._note(one)}</li>\n" for one in notes)
        return f'{title}<ul class="notes">\n{items}</ul>\n'

    def _note(self, note: Note) -> str:
        lines = []
        for lang in self._langs:
            key = f"certificate.annotation.{note.kind.lower()}"
            kind = messages.text(key, lang) if messages.has(key) else visible(note.kind)
            line = messages.text(
                "certificate.note",
                lang,
                kind=kind,
                since=note.since,
                by=note.by,
                reason=visible(note.reason),
                evidence=note.evidence,
            )
            lines.append(escape(line))
        return self._doubled(lines)

    def _attestation(self) -> str:
        """Return the code to verify by, what it points at, and the place of the seal."""
        one, status = self._certificate, self._certificate.status
        record = (str(status.chain_id), str(status.certificates), str(one.block.number))
        told = {
            "digest": f"<code>{digest_of(one.canonical()).hex()}</code>",
            "record": f"<code>{' · '.join(record)}</code>",
            "verify": self._doubled(self._told("verify")),
        }
        proof = "".join(
            f"<dt>{self._line(label)}</dt><dd>{value}</dd>" for label, value in told.items()
        )
        code = qr_code(str(Reference.to(one)), "QR")
        return (
            f'<section class="attest"><div class="qr">{code}</div>\n'
            f'<dl class="proof">{proof}</dl>\n{self._office()}</section>\n'
        )

    def _office(self) -> str:
        issuer = self._certificate.issuer
        number = self._told("registrar-number", number=issuer.number, seat=visible(issuer.seat))
        named = f'<p class="registrar">{shown(issuer.name)}</p>' if issuer.name else ""
        dates = [day(self._certificate.issued, lang) for lang in self._langs]
        return (
            f'<div class="office"><p>{self._line("registrar")}</p>{named}'
            f"<p>{' · '.join(dict.fromkeys(number))}</p><p><code>{issuer.party}</code></p>\n"
            f'<div class="seal"><span>{self._doubled(self._told("seal"))}</span>\n'
            f'<p class="date">{self._doubled(dates)}</p></div></div>\n'
        )

    def _data(self) -> str:
        """Return the JSON, no character of which could end the block that it stands in."""
        canonical = self._certificate.canonical().decode()
        return canonical.translate(_ESCAPED)

    # ---- words -------------------------------------------------------------------------------

    def _said(self, key: str, **fields: object) -> list[str]:
        """Return a text of the catalogue in each language."""
        return [messages.text(f"certificate.{key}", lang, **fields) for lang in self._langs]

    def _told(self, key: str, **fields: object) -> list[str]:
        """Return the same as HTML."""
        return [escape(said) for said in self._said(key, **fields)]

    def _label(self, key: str) -> str:
        return self._doubled(self._told(f"label.{key}"))

    def _line(self, key: str) -> str:
        """Return a label in one line."""
        return " ".join(self._told(f"label.{key}"))

    def _right(self, right: Right) -> str:
        names = [messages.term("right", str(right.name), lang) for lang in self._langs]
        return self._doubled([escape(name) for name in names])

    @staticmethod
    def _doubled(texts: Sequence[str]) -> str:
        """Return HTML in the leading language, with the other one small below; equal ones once."""
        first, *others = texts
        small = "".join(f"<small>{other}</small>" for other in others if other != first)
        return first + small
