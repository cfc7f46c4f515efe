"""Test territories."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import territory
from registry.errors import TerritoryMistyped

CHAIN = (156_000_000, 156_410_000, 156_410_100, 156_410_102)
OUTSIDE = (702_000_000, 156_420_000, 156_410_200, 156_410_103)


def test_the_wider_contains_the_narrower() -> None:
    """China contains Henan, Henan Zhengzhou, Zhengzhou a district; each contains itself."""
    for place, wide in enumerate(CHAIN):
        assert all(territory.contains(wide, narrow) for narrow in CHAIN[place:])
        assert not any(territory.contains(wide, wider) for wider in CHAIN[:place])


@pytest.mark.parametrize(("inside", "outside"), list(zip(CHAIN, OUTSIDE, strict=True)))
def test_a_neighbour_is_not_contained(inside: int, outside: int) -> None:
    """A place of the same rank is not contained."""
    assert not territory.contains(inside, outside)
    assert not territory.contains(outside, inside)


def test_an_empty_list_covers_everything() -> None:
    """Without a list there is no limit; with one, only what it contains is covered."""
    assert territory.covered((), 702_000_000)
    assert territory.covered((156_410_000,), 156_410_102)
    assert not territory.covered((156_410_000,), 702_000_000)
    assert not territory.covered((156_410_000,), 0)


@given(st.lists(st.integers(1, 2**32 - 1), max_size=20), st.integers(1, 2**32 - 1))
def test_normal_form_covers_the_same(codes: list[int], asked: int) -> None:
    """The normal form ascends and covers exactly what the list covered."""
    normal = territory.normal(codes)
    assert list(normal) == sorted(set(normal))
    if codes:
        assert all(territory.covered(normal, code) for code in codes)
        assert territory.covered(normal, asked) == territory.covered(codes, asked)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("156", 156_000_000),
        ("410000", 156_410_000),
        ("410102", 156_410_102),
        ("702000000", 702_000_000),
    ],
)
def test_reads_countries_and_places_in_china(text: str, code: int) -> None:
    """Three digits are a country, six a place in China, nine a full code."""
    assert territory.parse(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "CN", "15", "000", "1564101", "000410000", "702000001", "156000100", "156410001", "٤١٠"],
)
def test_refuses_what_is_no_territory(text: str) -> None:
    """Other lengths, letters, country 0, and places under a missing parent are refused."""
    with pytest.raises(TerritoryMistyped):
        territory.parse(text)
