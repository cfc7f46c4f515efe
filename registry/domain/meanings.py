"""Say what the words of the vocabulary mean, in both languages and in ODRL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry import messages

if TYPE_CHECKING:
    from enum import IntEnum, IntFlag

_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """Hold what a bit or a value of a vocabulary means, in one language.

    `odrl` is the term of ODRL 2.2 that means the same, or where that standard has none the term of
    our profile, which begins with `dengji:`; None for what is said by leaving it out.
    """

    code: str
    value: int
    name: str
    definition: str
    odrl: str | None


def meanings(kind: type[IntEnum | IntFlag], lang: str) -> tuple[Meaning, ...]:
    """Return what every member of a vocabulary means, in order.

    >>> from registry.domain.vocabulary import Right
    >>> [meaning.name for meaning in meanings(Right, "zh")]
    ['持有权', '使用权', '经营权']
    """
    entries = messages.vocabulary(_WORD.sub("_", kind.__name__).lower())["entries"]
    return tuple(
        Meaning(
            code=entry["code"],
            value=int(kind[entry["code"]]),
            name=entry[lang],
            definition=entry[f"definition_{lang}"],
            odrl=entry["odrl"],
        )
        for entry in entries
    )


def meaning(member: IntEnum | IntFlag, lang: str) -> Meaning:
    """Return what one member means; a mask of several bits has no meaning of its own.

    >>> from registry.domain.vocabulary import Action
    >>> meaning(Action.SUBLICENSE, "en").odrl
    'grantUse'
    """
    return next(found for found in meanings(type(member), lang) if found.value == member)
