"""Test the page that a certificate is printed on, and reading it back."""

from __future__ import annotations

import re
import shutil
import subprocess
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import messages
from registry.documents.certificate_page import LAYOUT, certificate_page
from registry.documents.certificate_paper import Form, read_paper
from registry.documents.ornaments import qr_code
from registry.domain.certificate import Certificate
from registry.domain.certificate_reference import Reference
from registry.errors import CertificateUnreadable
from tests.certificates import PUBLIC, SAMPLE, hostile, names

PAGE = certificate_page(SAMPLE)
BYTES = PAGE.encode()
PINNED = "b1a41b868014bd7cddb8d3a93509d64506242180fa39a0fc89dc34e8d098da44"

LANGS = (("zh",), ("en",), ("zh", "en"), ("en", "zh"))


class Read(HTMLParser):
    """Collect the tags with their attributes, and the text outside of styles and data."""

    def __init__(self, page: str) -> None:
        """Read the page."""
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.text = ""
        self._silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag and the names of its attributes."""
        self._silent = tag in ("style", "script")
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for name, value in attrs if name not in ("d", "aria-label")]

    def handle_endtag(self, tag: str) -> None:
        """Hear again after a style or data."""
        del tag
        self._silent = False

    def handle_data(self, data: str) -> None:
        """Remember text."""
        if not self._silent:
            self.text += data


@pytest.mark.parametrize("langs", LANGS)
@pytest.mark.parametrize("one", [SAMPLE, PUBLIC])
def test_a_page_says_what_the_certificate_says(one: Certificate, langs: tuple[str, ...]) -> None:
    """Code, data, holders, digests and what outranks the paper stand on it, in each language."""
    read = Read(certificate_page(one, langs)).text
    for told in (one.code, one.data_name, one.content_root.hex(), one.metadata_hash.hex()):
        assert told in read
    for holder in one.holders:
        assert str(holder.party) in read
        assert str(holder.name) in read
    for lang in langs:
        assert messages.text("certificate.prevails", lang) in read
        said = messages.text("certificate.local", lang) in read
        assert said is one.local
    if "zh" in langs:
        assert "2031年11月21日" in read
    if "en" in langs:
        assert "21 November 2031" in read
    assert "None" not in read


def test_a_page_loads_and_runs_nothing() -> None:
    """No link, source or style points outside; the one script is data; the policy forbids more."""
    read = Read(PAGE)
    attributes = {name for _, given in read.tags for name in given}
    assert not {"src", "href", "onload", "style"} & attributes
    tags = [tag for tag, _ in read.tags]
    assert tags.count("script") == 1
    assert not {"link", "img", "iframe", "object"} & set(tags)
    assert '<script type="application/json"' in PAGE
    assert "default-src 'none'" in PAGE
    assert "url(" not in PAGE
    assert "@import" not in PAGE
    assert "http" not in PAGE.replace("http-equiv", "")


@given(names)
def test_names_add_no_markup(name: str) -> None:
    """Whatever a name holds, the tags and attributes stay, and no control is let through."""
    read, plain = Read(certificate_page(hostile(name))), Read(certificate_page(hostile("x")))
    assert read.tags == plain.tags
    assert read.values == plain.values
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200f\x07\x1b\x00") & set(read.text)


@pytest.mark.parametrize(
    "name",
    [
        "</script><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</title></style><b>",
        "<!--",
        "a\u202eb\u2066c\x00d",
        "&lt;b&gt;",
    ],
)
def test_hostile_names_are_shown_as_they_are(name: str) -> None:
    """Markup is text, and what would reorder or hide is written out."""
    page = certificate_page(hostile(name))
    read = Read(page).text
    assert page.count("</script>") == 1
    shown = name.replace("\u202e", "\\u202e").replace("\u2066", "\\u2066").replace("\0", "\\x00")
    assert shown in read
    assert read_paper(page.encode()).certificate == hostile(name)


@given(names)
def test_a_page_is_read_back(name: str) -> None:
    """The block of data holds the whole certificate, whatever its names are."""
    one = hostile(name)
    paper = read_paper(certificate_page(one).encode())
    assert (paper.form, paper.certificate, paper.faults) == (Form.PAGE, one, ())
    assert paper.reference == Reference.to(one)


def test_json_is_read_with_or_without_a_line_end() -> None:
    """The document alone, as it was written, is the certificate."""
    for given_ in (SAMPLE.canonical(), SAMPLE.canonical() + b"\n"):
        paper = read_paper(given_)
        assert (paper.form, paper.certificate, paper.faults) == (Form.JSON, SAMPLE, ())
        assert paper.reference == Reference.to(SAMPLE)


def test_a_qr_code_is_read() -> None:
    """The text of the code alone leads to the record, without the document."""
    text = str(Reference.to(SAMPLE))
    paper = read_paper(f" {text}\n".encode())
    assert paper.form is Form.REFERENCE
    assert paper.certificate is None
    assert paper.reference == Reference.to(SAMPLE)


@given(st.integers(0, len(BYTES) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_page_is_found(place: int, change: int) -> None:
    """A word changed on the page, or in its data, shows: as a fault, or as another digest."""
    altered = bytearray(BYTES)
    altered[place] ^= change
    try:
        paper = read_paper(bytes(altered))
    except CertificateUnreadable:
        return
    intact = paper.reference == Reference.to(SAMPLE) and paper.compared and not paper.faults
    assert not intact


@given(st.integers(0, len(SAMPLE.canonical()) - 1), st.integers(1, 255))
def test_any_changed_byte_of_the_json_is_found(place: int, change: int) -> None:
    """A changed byte leads to another digest, or to no certificate at all."""
    altered = bytearray(SAMPLE.canonical())
    altered[place] ^= change
    try:
        paper = read_paper(bytes(altered))
    except CertificateUnreadable:
        return
    assert paper.reference.digest != Reference.to(SAMPLE).digest


def test_rewritten_json_is_told_from_changed_json() -> None:
    """Spaces change the digest; that only the form differs is said."""
    paper = read_paper(SAMPLE.canonical().replace(b'":', b'" :', 1))
    assert paper.faults == ("canonical-form",)
    assert paper.certificate == SAMPLE
    assert paper.reference.digest != Reference.to(SAMPLE).digest


def test_a_page_of_another_layout_cannot_be_compared() -> None:
    """A page that another release laid out is read, and it is said that its words were not."""
    other = PAGE.replace(f'content="{LAYOUT} ', f'content="{LAYOUT + 1} ')
    paper = read_paper(other.encode())
    assert (paper.compared, paper.faults) == (False, ())


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        (b"<html></html>", "no-certificate"),
        (BYTES.replace(b"</body>", BYTES[BYTES.index(b"<script") :], 1), "several-certificates"),
        (BYTES.replace(b"dengji-layout", b"x"), "layout-unknown"),
        (b"<\xff", "not-utf-8"),
        (b"DENGJI:C1:\xff", "no-reference"),
        (b"DENGJI:C1:1:2:3", "no-reference"),
        (b"%PDF-1.7", "not-utf-8"),
        (b"", "not-json"),
    ],
)
def test_what_is_no_certificate_is_refused(given_: bytes, reason: str) -> None:
    """Other pages, files and codes are named for what is wrong with them."""
    with pytest.raises(CertificateUnreadable) as caught:
        read_paper(given_)
    assert caught.value.reason in (reason, "not-json")


def test_the_layout_has_its_number() -> None:
    """Whatever changes a byte of the page takes a new layout number, or old pages look altered."""
    printed = "".join(certificate_page(one, langs) for one in (SAMPLE, PUBLIC) for langs in LANGS)
    assert (LAYOUT, sha256(printed.encode()).hexdigest()) == (1, PINNED)


def test_the_qr_code_is_drawn_from_its_modules() -> None:
    """The dark bars of the drawing are the modules of the code, inside a light border of four."""
    drawn = qr_code("DENGJI", "QR")
    size = int(re.findall(r'viewBox="0 0 (\d+)', drawn)[0])
    dark = {
        (int(x) + step, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawn)
        for step in range(int(length))
    }
    finder = [(4, 4), (10, 4), (4, 10), (7, 7), (size - 5, 4), (4, size - 5)]
    assert all(place in dark for place in finder)
    assert (5, 5) not in dark
    assert all(4 <= x < size - 4 and 4 <= y < size - 4 for x, y in dark)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
@pytest.mark.slow
def test_a_usual_certificate_fits_one_sheet(tmp_path: Path) -> None:
    """Two holders and one annotation are printed on one sheet of A4, in both languages."""
    page, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(certificate_page(SAMPLE), "utf-8")
    subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
            *(f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}"),
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    assert re.findall(rb"/Type\s*/Page\b", printed.read_bytes()) == [b"/Type /Page"]
