"""Name territories by number: a country, or within China a province, city or district.

A code is the ISO 3166-1 numeric code of the country × 1,000,000, plus for China the six digits of
GB/T 2260. Pairs of trailing zeros (six for a country) stand for all: 156000000 is China, 156410000
Henan, 156410100 Zhengzhou.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.errors import TerritoryMistyped

if TYPE_CHECKING:
    from collections.abc import Iterable

CHINA: Final = 156_000_000
_COUNTRY: Final = 1_000_000
_SPANS: Final = (_COUNTRY, 10_000, 100)
_COUNTRY_DIGITS: Final = 3
_GB_DIGITS: Final = 6
_FULL_DIGITS: Final = 9


def span(code: int) -> int:
    """Return how many codes a code stands for, itself included.

    >>> span(156_000_000), span(156_410_000), span(156_410_100), span(156_410_102)
    (1000000, 10000, 100, 1)
    """
    return next((size for size in _SPANS if code % size == 0), 1)


def contains(listed: int, code: int) -> bool:
    """Tell whether the territory `listed` contains the territory `code`.

    >>> contains(156_410_000, 156_410_102), contains(156_410_102, 156_410_000)
    (True, False)
    """
    return listed <= code < listed + span(listed)


def covered(listed: Iterable[int], code: int) -> bool:
    """Tell whether a list of territories covers `code`; an empty list has no limit."""
    codes = tuple(listed)
    return not codes or any(contains(one, code) for one in codes)


def normal(codes: Iterable[int]) -> tuple[int, ...]:
    """Return territories in the order that clauses need, each once, none inside another.

    >>> normal([156_410_100, 156_410_000, 702_000_000])
    (156410000, 702000000)
    """
    kept: list[int] = []
    for code in sorted(set(codes)):
        if not kept or not contains(kept[-1], code):
            kept.append(code)
    return tuple(kept)


def parse(text: str) -> int:
    """Read a territory: 3 digits of a country, 6 of a place in China, or 9 of a full code.

    Raises `TerritoryMistyped`.

    >>> parse("702"), parse("410100"), parse("156410100")
    (702000000, 156410100, 156410100)
    """
    given = text.strip()
    if not (given.isascii() and given.isdigit() and len(given) <= _FULL_DIGITS):
        raise TerritoryMistyped(given=text)
    number = int(given)
    if len(given) == _COUNTRY_DIGITS:
        number *= _COUNTRY
    elif len(given) == _GB_DIGITS:
        number += CHINA
    elif len(given) != _FULL_DIGITS:
        raise TerritoryMistyped(given=text)
    if not _exists(number):
        raise TerritoryMistyped(given=text)
    return number


def _exists(code: int) -> bool:
    """Tell whether a code is well formed; digits do not say whether the place exists today."""
    country, place = divmod(code, _COUNTRY)
    if country == 0:
        return False
    if country * _COUNTRY != CHINA:
        return place == 0
    province, city, district = place // 10_000, place // 100 % 100, place % 100
    return bool(province or not place) and bool(city or not district)
