"""Test that fields are called what they are where prose shows them."""

from __future__ import annotations

import io

import pytest

from cli.output import Answer, Page, Printer


def _printed(answer: Answer | Page, lang: str) -> str:
    """Return what is printed on stdout."""
    printer = Printer(lang=lang, as_json=False)
    printer.stdout = io.StringIO()
    printer.answer(answer)
    return printer.stdout.getvalue()


@pytest.mark.parametrize(("lang", "label"), [("en", "number"), ("zh", "编号")])
def test_the_number_of_a_registrar_or_refusal(lang: str, label: str) -> None:
    """Registrars and refusals have numbers, which are no versions."""
    page = Page(items=[{"number": 1, "seat": "001"}], columns=("number", "seat"))
    assert _printed(page, lang).split()[0] == label


@pytest.mark.parametrize(("lang", "label"), [("en", "registrar"), ("zh", "登记机构")])
def test_the_registrar_of_a_product_and_of_a_certificate(lang: str, label: str) -> None:
    """A product names its registrar by number, a certificate by party: both are the registrar."""
    for value in (1, "party1q0lmy4rjc4s0jvz8ndj"):
        assert _printed(Answer(value={"registrar": value}), lang).split() == [label, str(value)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_first_of_a_list_has_its_number(lang: str) -> None:
    """What `product release` and `grant resume` take is shown, the number 0 too."""
    shown = _printed(Answer(value={"annotations": [{"index": 0, "kind": "LIMIT"}]}), lang)
    assert shown.splitlines()[1].split()[0] == "-"
    assert shown.splitlines()[1].split()[2] == "0"
