"""Show certificates from their files, without any ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli.schema import RESULTS, problems
from registry.documents.certificate_page import certificate_page
from registry.documents.certificate_paper import read_paper
from registry.domain.certificate_reference import Reference
from tests.certificates import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run


def test_a_file_is_shown_as_it_is_written(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """JSON and page show the same certificate, in the shape that is promised."""
    document, page = tmp_path / "one.json", tmp_path / "one.html"
    document.write_bytes(SAMPLE.canonical() + b"\n")
    page.write_text(certificate_page(SAMPLE), "utf-8")
    shown = [dengji("certificate", "show", str(one), "--json") for one in (document, page)]
    assert [one.code for one in shown] == [0, 0]
    first, second = (one.json["result"] for one in shown)
    assert first == second
    assert problems(RESULTS["certificate.show"], first) == []
    assert first["document"] == SAMPLE.to_mapping()
    said = dengji("certificate", "show", str(document)).out
    assert "SJ4402026110001" in said
    assert "certificate No." in said
    assert "issuer" not in said


def test_a_page_can_be_printed_again(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """From the document alone the page is made anew, in another language too."""
    document, folder = tmp_path / "one.json", tmp_path / "again"
    document.write_bytes(SAMPLE.canonical())
    run = dengji(
        *("certificate", "show", str(document), "--out", str(folder), "--page-lang", "en"),
        "--json",
    )
    assert [Path(one).name for one in run.json["result"]["files"]] == [
        "SJ4402026110001-1.json",
        "SJ4402026110001-1.html",
    ]
    page = (folder / "SJ4402026110001-1.html").read_bytes()
    assert page.decode() == certificate_page(SAMPLE, ("en",))
    assert read_paper(page).certificate == SAMPLE


def test_what_is_no_certificate_is_refused(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """Other files, a reference alone and missing files are named, with exit code 3."""
    other, reference = tmp_path / "other.html", tmp_path / "code.txt"
    other.write_text("<p>")
    reference.write_text(str(Reference.to(SAMPLE)))
    for given, word in (
        (other, "the page holds no certificate"),
        (reference, "reference alone"),
        (tmp_path / "none.json", "Nothing stands"),
    ):
        run = dengji("certificate", "show", str(given))
        assert run.code == 3
        assert word in run.err
    run = dengji("certificate", "verify", "DENGJI:C1:1:2:3")
    assert run.code == 3
    assert "no reference" in run.err


def test_help_is_complete_in_both_languages(dengji: Callable[..., Run]) -> None:
    """Each command explains itself, with examples and exit codes."""
    for name in ("issue", "show", "list", "verify"):
        for lang, word in (("en", "Examples:"), ("zh", "示例")):
            run = dengji("--lang", lang, "certificate", name, "--help")
            assert run.code == 0
            assert word in run.out
