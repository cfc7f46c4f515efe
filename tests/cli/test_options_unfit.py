"""Test that an option which would be passed over is refused before anything is begun."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.domain.ids import GrantId, ProductId

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run

GRANT, PRODUCT = str(GrantId.of(1)), str(ProductId.of(1))
SIGNER = "0x0000000000000000000000000000000000000001"


@pytest.mark.parametrize(
    "option",
    [
        ("--draft",),
        ("--registrar", "1"),
        ("--evidence", "a.csv"),
        ("--operation", GRANT),
    ],
    ids=lambda option: option[0],
)
def test_what_a_case_needs_is_not_registered_at_once(
    dengji: Callable[..., Run], home: Path, tmp_path: Path, option: tuple[str, ...]
) -> None:
    """Who asks for a draft, or names a registrar, and forgets --profile, registers nothing."""
    (tmp_path / "a.csv").write_text("1\n")
    _refused(dengji("register", "a.csv", *option, "--json"), ["--profile", option[0]])
    assert not home.exists()


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (("--at", "30d"), ["--with", "--at"]),
        (("--deadline", "3d"), ["--with", "--deadline"]),
        (("--out", "mine.json"), ["--with", "--out"]),
    ],
    ids=str,
)
def test_the_others_will_is_filed_as_it_is(
    dengji: Callable[..., Run], more: tuple[str, ...], named: list[str]
) -> None:
    """When a grant ends is what the other side signed: another time beside it is refused."""
    _refused(dengji("grant", "end", GRANT, "--with", "will.json", *more, "--json"), named)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("usage", "list", "--out", "refusals.jsonl"), ["--refusals", "--out"]),
        (("usage", "list", "--refusals", "--open"), ["--refusals", "--open"]),
        (("grant", "sign", "offer.json", "--signer", SIGNER), ["--signature", "--signer"]),
        (
            ("product", "export", PRODUCT, "--format", "prov", "--access-url", "https://a.example"),
            ["--format dcat", "--access-url"],
        ),
        (("grant", "show", GRANT, "--text", "agreement.pdf"), ["GRANT", "--text"]),
        (("grant", "show", "offer.json", "--at", "5"), ["FILE", "--at"]),
    ],
    ids=str,
)
def test_options_of_another_kind_of_question(
    dengji: Callable[..., Run], arguments: tuple[str, ...], named: list[str]
) -> None:
    """No file is promised, no key or text named, that the command would not look at."""
    _refused(dengji(*arguments, "--json"), named)


def _refused(ran: Run, named: list[str]) -> None:
    """Expect both options to be named, with the code of bad input."""
    error = ran.json["error"]
    assert (ran.code, error["code"], error["fields"]["options"]) == (3, "options-unfit", named)
