"""Read a certificate from whatever it was handed over on: JSON, the printed page, or a QR code."""

from __future__ import annotations

import re
from enum import StrEnum
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from registry import messages
from registry.documents.certificate_page import DATA_ID, LAYOUT, certificate_page
from registry.domain.certificate import digest_of
from registry.domain.certificate_reader import from_json
from registry.domain.certificate_reference import PREFIX, Reference
from registry.errors import CertificateUnreadable
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.certificate import Certificate

_LAYOUT: Final = re.compile(r"([0-9]{1,9}) ([a-z]{2}(?:\+[a-z]{2})?)")


class Form(StrEnum):
    """Name what a certificate was handed over on."""

    JSON = "json"
    PAGE = "page"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Hold what was read: the reference that leads to its record, and the document if it is there.

    `digest` of the reference is that of the very bytes given. `faults` names what is wrong with
    the paper itself: `canonical-form` where the JSON was written differently, `page` where the
    visible page is not what its JSON makes. `compared` says whether the page could be made anew:
    that of another layout cannot.
    """

    form: Form
    reference: Reference
    certificate: Certificate | None = None
    faults: tuple[str, ...] = ()
    compared: bool = True


def read_paper(given: bytes) -> Paper:
    """Read a certificate from the bytes of a file or of a QR code.

    :raises CertificateUnreadable: it is none of the three, or its JSON is no certificate.
    """
    start = given.lstrip()[:16]
    if start.startswith(PREFIX.encode()):
        try:
            return Paper(form=Form.REFERENCE, reference=Reference.parse(given.decode("ascii")))
        except UnicodeDecodeError as error:
            raise CertificateUnreadable(field="document", reason="no-reference") from error
    return _page(given) if start.startswith(b"<") else _json(given)


def _json(given: bytes) -> Paper:
    """Read the document itself; one line end may follow it."""
    canonical = given.removesuffix(b"\n")
    certificate = from_json(canonical)
    fits = certificate.canonical() == canonical
    return Paper(
        form=Form.JSON,
        reference=_reference(certificate, canonical),
        certificate=certificate,
        faults=() if fits else ("canonical-form",),
    )


def _page(given: bytes) -> Paper:
    """Read the page: its block of data, and whether all else on it says the same."""
    try:
        text = given.decode()
    except UnicodeDecodeError as error:
        raise CertificateUnreadable(field="document", reason="not-utf-8") from error
    found = _Blocks(text)
    if len(found.data) != 1:
        reason = "several-certificates" if found.data else "no-certificate"
        raise CertificateUnreadable(field="document", reason=reason)
    certificate = from_json(found.data[0].encode("utf-8", "surrogatepass"))
    layout = _LAYOUT.fullmatch(found.layout)
    if layout is None:
        raise CertificateUnreadable(field="document", reason="layout-unknown")
    compared = int(layout[1]) == LAYOUT
    same = not compared or _printed(certificate, layout[2]) == text
    return Paper(
        form=Form.PAGE,
        reference=Reference.to(certificate),
        certificate=certificate,
        faults=() if same else ("page",),
        compared=compared,
    )


def _printed(certificate: Certificate, langs: str) -> str | None:
    chosen = langs.split("+")
    if not set(chosen) <= set(messages.LANGUAGES):
        return None
    return certificate_page(certificate, chosen)


def _reference(certificate: Certificate, canonical: bytes) -> Reference:
    return Reference(
        chain_id=certificate.status.chain_id,
        product=certificate.product,
        digest=digest_of(canonical),
        code=certificate.code,
    )


class _Blocks(HTMLParser):
    """Collect the blocks of data that may hold a certificate, and the layout that is named."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.data: list[str] = []
        self.layout = ""
        self._inside = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look for the block and for the layout."""
        named = dict(attrs)
        if tag == "script" and named.get("id") == DATA_ID:
            self._inside = True
            self.data.append("")
        if tag == "meta" and named.get("name") == "dengji-layout":
            self.layout = named.get("content") or ""

    def handle_endtag(self, tag: str) -> None:
        """Leave the block."""
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        """Keep what stands in the block."""
        if self._inside:
            self.data[-1] += data
