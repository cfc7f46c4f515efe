"""Make closed lists of values that are kept in the rule's own words and read in English as well."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


class Choice(StrEnum):
    """A closed list of values, each with an English name."""

    @property
    def english(self) -> str:
        """Return the value's English name, such as `public-crawl`."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def also(cls) -> Mapping[str, str]:
        """Return further names that are read, with the value that each stands for."""
        return {}

    @classmethod
    def allowed(cls) -> list[str]:
        """Return what may be given: each value, with its English name where that differs."""
        return [m.value if m.value == m.english else f"{m.value} ({m.english})" for m in cls]

    @classmethod
    def spellings(cls) -> list[str]:
        """Return every spelling that is read: the values, then their names."""
        known = [m.value for m in cls] + [m.english for m in cls] + list(cls.also())
        return list(dict.fromkeys(known))

    @classmethod
    def named(cls, given: str) -> Self | None:
        """Return the member that has this value or English name, None where there is none."""
        wanted = given.strip().lower().replace("_", "-")
        value = _index(cls).get(wanted)
        return None if value is None else cls(value)


@cache
def _index(choices: type[Choice]) -> Mapping[str, str]:
    """Return the value behind each spelling in lower case; a value's own comes before others."""
    found = {name.lower(): value for name, value in choices.also().items()}
    found |= {one.english: one.value for one in choices}
    return found | {one.value.lower(): one.value for one in choices}
