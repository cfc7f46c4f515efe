"""Say stages, acts, actors and the other words of the workflow in a person's language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from registry import messages
from registry.domain.flow_table import Act, Actor, CaseKind, Clock, Condition, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    Word = Stage | Act | Actor | CaseKind | Clock | Condition

_GROUPS: Final[dict[type, str]] = {
    Stage: "stages",
    Act: "acts",
    Actor: "actors",
    CaseKind: "kinds",
    Clock: "clocks",
    Condition: "conditions",
}


@cache
def _names(group: str, lang: str) -> Mapping[str, str]:
    return {entry["code"]: entry[lang] for entry in messages.vocabulary("flow")[group]}


def called(word: Word, lang: str) -> str:
    """Return what a word of the workflow is called; several actors with a stroke between them.

    >>> called(Stage.ACCEPTED, "en"), called(Act.REGISTER, "zh")
    ('under review', '予以登记')
    """
    names = _names(_GROUPS[type(word)], lang)
    if isinstance(word, Actor):
        return " / ".join(names[str(one.name)] for one in Actor if one in word)
    return names[word.name]
