"""Test the codes by which products are known off the ledger."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_97_10

from registry.domain import codes
from registry.domain.catalogue_ndi import NDI
from registry.domain.codes import (
    CatalogueId,
    RegistrationCode,
    parse_catalogue_id,
    parse_code,
    parse_reference,
)
from registry.domain.ids import ProductId
from registry.domain.product import Profile
from registry.errors import CatalogueSchemeUnknown, IdMistyped, ProductCodeMistyped

BODY: Final = "410000MB0000019/P000001"
WRITTEN: Final = BODY + NDI.check(BODY)


@given(
    profile=st.sampled_from((Profile.PROPERTY, Profile.PUBLIC)),
    region=st.sampled_from(("00", "11", "41", "44", "65")),
    registrar=st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    year=st.integers(1970, 9999),
    month=st.integers(1, 12),
    serial=st.integers(1, codes.MOST),
)
def test_a_code_reads_back(
    profile: Profile, region: str, registrar: str, year: int, month: int, serial: int
) -> None:
    """What is written is fifteen characters, and is read as what it was."""
    code = RegistrationCode(
        profile=profile, region=region, registrar=registrar, year=year, month=month, serial=serial
    )
    assert len(str(code)) == codes.LENGTH
    assert parse_code(str(code)) == parse_code(str(code).lower()) == code
    assert parse_reference(str(code)) == code
    assert code.seat == region + registrar


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SJ441202607000", "wrong-length"),
        ("SJ44120260700011", "wrong-length"),
        ("XX4412026070001", "no-prefix"),
        ("SJ44-2026070001", "bad-character"),
        ("SJ441202607OOO1", "bad-character"),
        ("SJ4412026130001", "out-of-range"),
        ("SJ4412026000001", "out-of-range"),
        ("SJ4412026070000", "out-of-range"),
        ("SJ9912026070001", "unknown-region"),
    ],
)
def test_a_code_that_is_none_is_refused(text: str, problem: str) -> None:
    """Each mistake is told from the others."""
    with pytest.raises(ProductCodeMistyped) as refused:
        parse_code(text)
    assert (refused.value.given, refused.value.problem) == (text, problem)
    if problem != "no-prefix":
        with pytest.raises(ProductCodeMistyped):
            parse_reference(text)


def test_a_catalogue_id_has_one_written_form() -> None:
    """Small letters, spaces around and the scheme's name before a colon mean the same."""
    wanted = CatalogueId(scheme="ndi", text=WRITTEN)
    for text in (WRITTEN, WRITTEN.lower(), f" {WRITTEN} ", f"ndi:{WRITTEN}", f"NDI:{WRITTEN}"):
        assert parse_catalogue_id(text) == parse_reference(text) == wanted


@given(st.integers(0, len(WRITTEN) - 1), st.sampled_from("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
def test_a_mistyped_catalogue_id_is_refused(place: int, other: str) -> None:
    """No single character can be another without being noticed."""
    text = WRITTEN[:place] + other + WRITTEN[place + 1 :]
    if text == WRITTEN:
        return
    with pytest.raises(ProductCodeMistyped):
        NDI.parse(text)


@given(st.from_regex(r"[0-9A-Z]{22}", fullmatch=True))
def test_the_check_digits_are_those_of_the_standard(body: str) -> None:
    """ISO 7064 MOD 97-10 as another implementation has it accepts what is written here."""
    assert mod_97_10.is_valid(body + NDI.check(body))


def test_regions_and_organisations_are_looked_at() -> None:
    """Check digits that are right do not excuse a region or an organisation that cannot be."""
    for body, problem in (
        ("990000MB0000019/P000001", "unknown-region"),
        ("410000MB0000018/P000001", "bad-checksum"),
    ):
        with pytest.raises(ProductCodeMistyped) as refused:
            NDI.parse(body + NDI.check(body))
        assert refused.value.problem == problem


def test_other_schemes_can_be_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheme that is registered is known by its name and by its looks; others stay unknown."""

    class Harbour:
        """Identifiers that begin with `HB-`."""

        name = "harbour"

        def looks_so(self, text: str) -> bool:
            """Tell by the beginning."""
            return text.startswith("HB-")

        def parse(self, text: str) -> str:
            """Take it as it is."""
            return text

    monkeypatch.setattr(codes, "schemes", lambda known={"ndi": NDI}: known)
    with pytest.raises(CatalogueSchemeUnknown) as refused:
        parse_catalogue_id("HB-1")
    assert refused.value.known == ["ndi"]
    codes.register(Harbour())
    assert parse_reference("HB-1") == CatalogueId(scheme="harbour", text="HB-1")
    assert parse_reference("harbour:anything") == CatalogueId(scheme="harbour", text="anything")


def test_a_reference_may_be_our_own_id() -> None:
    """The id is read in either of its forms; what is nothing is a mistyped id."""
    product = ProductId(bytes(range(20)))
    assert parse_reference(str(product)) == product
    assert parse_reference("0x" + product.raw.hex()) == product
    for text in ("", "nothing", "product1xyz", "SJ", "HB-1"):
        with pytest.raises(IdMistyped):
            parse_reference(text)
