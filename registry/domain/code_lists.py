"""Look up the long lists of codes: industries (GB/T 4754) and regions (GB/T 2260).

A list is read from registry/vocabulary/metadata when it is first asked for.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from registry import messages
from registry.domain import metadata_values
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.domain.choice import Choice

NAMES: Final = ("industry", "region")
_SHOWN: Final = 5
_ALIKE: Final = 0.5
# What stands between a province and its counties without being a place.
_NO_PLACES: Final = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one code with its names; a region below the province has no English name of its own."""

    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        """Return the code and its Chinese name, such as `A01 农业`."""
        return f"{self.code} {self.zh}"


@cache
def entries(name: str) -> Mapping[str, Entry]:
    """Return the entries of a list by their codes, in ascending order."""
    raw = messages.vocabulary(f"metadata/{name}")
    if name == "industry":
        found = (Entry(code=one["code"], zh=one["zh"], en=one["en"]) for one in raw["entries"])
    else:
        codes = (item for within in raw["entries"].values() for item in within.items())
        found = (Entry(code=code, zh=zh, en=_english(raw["en"], code)) for code, zh in codes)
    return {one.code: one for one in found}


@cache
def named(name: str) -> Mapping[str, tuple[Entry, ...]]:
    """Return the entries of a list by each of their names, and by their codes."""
    found: dict[str, tuple[Entry, ...]] = {}
    for one in entries(name).values():
        for word in {one.code, one.zh, one.en} - {""}:
            found[word] = (*found.get(word, ()), one)
    return found


def find(name: str, text: str) -> list[Entry]:
    """Return the entries whose code begins so, or one of whose names holds the text.

    >>> [str(entry) for entry in find("industry", "渔业")][:2]
    ['A 农、林、牧、渔业', 'A04 渔业']
    """
    wanted = text.strip().lower()
    return [
        one
        for one in entries(name).values()
        if one.code.lower().startswith(wanted) or wanted in one.zh or wanted in one.en.lower()
    ]


def nearest(name: str, given: str) -> list[Entry]:
    """Return the entries most like what was given, the likeliest first, at most five."""
    known = entries(name)
    same = list(named(name).get(given.strip(), ()))
    found = same or find(name, given) or _beside(known.values(), given)
    return (found or _spelt_like(known.values(), given))[:_SHOWN]


def place(code: str) -> str:
    """Return the whole name of a region, from its province down.

    >>> place("410105")
    '河南省郑州市金水区'
    """
    known = entries("region")
    parts = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
    named = (known[part].zh for part in parts if part in known)
    return "".join(name for name in named if name not in _NO_PLACES)


def called(member: Choice, lang: str) -> str:
    """Return what a value of a short list is called in a language.

    >>> called(metadata_values.ProductKind.ELEMENT, "zh")
    '数据元件'
    """
    raw = messages.vocabulary(f"metadata/{metadata_values.FILES[type(member).__name__]}")
    return next(str(one[lang]) for one in raw["entries"] if one["value"] == member.value)


def _beside(among: Iterable[Entry], given: str) -> list[Entry]:
    """Return what lies where a code that is none would lie: in its prefecture, else province."""
    code = given.strip()
    if not (code.isascii() and code.isdigit()):
        return []
    listed = list(among)
    near = (code[:size] for size in (4, 2))
    return next((found for start in near if (found := _starting(listed, start))), [])


def _starting(among: list[Entry], start: str) -> list[Entry]:
    return [one for one in among if one.code.startswith(start)]


def _spelt_like(among: Iterable[Entry], given: str) -> list[Entry]:
    # Imported here for start-up time: only a mistake needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    words: dict[str, Entry] = {}
    for one in among:
        words.setdefault(one.zh, one)
        words.setdefault(one.en.lower() or one.zh, one)
        words.setdefault(one.code.lower(), one)
    close = get_close_matches(given.strip().lower(), words, n=_SHOWN, cutoff=_ALIKE)
    return list({words[word].code: words[word] for word in close}.values())


def _english(names: Mapping[str, str], code: str) -> str:
    return names[code[:2]] if code.endswith("0000") else ""
