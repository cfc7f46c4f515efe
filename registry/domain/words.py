"""Read words of the vocabulary as people type them."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from registry.domain import party, vocabulary
from registry.errors import TermUnknown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import IntEnum, IntFlag

_WITHOUT: Final = frozenset({"ALL"})
_OF_PARTIES: Final = frozenset({"Role", "Scope"})


def known(name: str) -> tuple[str, ...]:
    """Return the words of one vocabulary, named as its class in `registry.domain`.

    >>> known("Right")
    ('HOLD', 'USE', 'OPERATE')
    """
    kind = _kind(name)
    return tuple(word for word in kind.__members__ if word not in _WITHOUT)


def parse(name: str, given: str, *, many: bool = False) -> IntEnum | IntFlag:
    """Return the value of a word, or with `many` of several between commas; case does not count.

    Raises `TermUnknown`.

    >>> parse("Right", "hold,USE", many=True)
    <Right.HOLD|USE: 3>
    """
    kind = _kind(name)
    words = given.split(",") if many else [given]
    values = [kind[_word(name, word)] for word in words]
    return kind(reduce(or_, values))


def union(values: Iterable[IntFlag]) -> int:
    """Return the mask of all values together, 0 for none."""
    return reduce(or_, map(int, values), 0)


def names(value: IntFlag) -> list[str]:
    """Return the words of a mask, in the order of their bits.

    >>> names(vocabulary.Right.ALL)
    ['HOLD', 'USE', 'OPERATE']
    """
    kind = type(value)
    return [word for word in known(kind.__name__) if value & kind[word]]


def _kind(name: str) -> type[IntEnum | IntFlag]:
    """Return the class of a vocabulary; roles and scopes are not among those shipped as data."""
    found: type[IntEnum | IntFlag] = getattr(party if name in _OF_PARTIES else vocabulary, name)
    return found


def _word(name: str, given: str) -> str:
    word = given.strip().upper().replace("-", "_").replace(" ", "_")
    listed = known(name)
    if word not in listed:
        raise TermUnknown(vocabulary=name, given=given, known=_closest_first(word, listed))
    return word


def _closest_first(word: str, listed: tuple[str, ...]) -> list[str]:
    """Return all words, those most like the one given first."""
    # Imported here for start-up time: only a mistake needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(word, listed, n=3, cutoff=0.6)
    return close + [one for one in listed if one not in close]
