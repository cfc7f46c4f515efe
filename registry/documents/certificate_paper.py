"""Read a certificate from whatever it was handed over on: JSON, the printed page, or a QR code."""

from __future__ import annotations

import re
from enum import StrEnum
from html import unescape
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


class _Blocks:
    """Collect the blocks of data that may hold a certificate, and the layout that is named.

    A page is looked through once, from its beginning to its end: the standard library's parser
    takes a time that grows with the square of what is left open.
    """

    def __init__(self, text: str) -> None:
        self.data: list[str] = []
        self.layout = ""
        at = text.find("<")
        while at >= 0:
            at = text.find("<", self._after(text, at))

    def _after(self, text: str, at: int) -> int:
        """Take the tag or comment at a place, and return where it ends."""
        if text.startswith("<!--", at):
            closed = text.find("-->", at)
            return len(text) if closed < 0 else closed
        tag = _TAG.match(text, at)
        if tag is None:
            return at + 1
        named = {
            one[1].lower(): unescape(one[2] or one[3] or "") for one in _NAMED.finditer(tag[2])
        }
        if tag[1].lower() == "script":
            end = _SCRIPT_END.search(text, tag.end())
            last = len(text) if end is None else end.start()
            if named.get("id") == DATA_ID:
                self.data.append(text[tag.end() : last])
            return last
        if named.get("name") == "dengji-layout":
            self.layout = named.get("content", "")
        return tag.end()


# No part goes on beyond the next tag, so that all is looked through once.
_TAG: Final = re.compile(
    r"<(script|meta)(?=[\s/>])((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>", re.IGNORECASE
)
_NAMED: Final = re.compile(r"(?<![\w-])([\w-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_SCRIPT_END: Final = re.compile(r"</script", re.IGNORECASE)
