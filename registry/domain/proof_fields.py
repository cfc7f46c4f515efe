"""Write the fields of storage words as JSON that a person can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.times import show_time
from registry.domain.words import names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import IntEnum, IntFlag

    from registry.domain.lineage import Derivation
    from registry.domain.storage import Part, Word

_EXACT_BITS: Final = 48
_IDS: Final = {"party": PartyId, "product": ProductId, "address": Address}


def shown(word: Word, values: Mapping[str, int]) -> dict[str, Any]:
    """Return the fields of a word: ids and times in text, null for none; numbers as they are.

    Numbers of more than 48 bits are texts, since readers of JSON know no larger ones exactly.
    """
    return {part.name: _field(part, values[part.name]) for part in word.parts if part.name}


def derivation_json(value: Derivation) -> dict[str, Any]:
    """Return what a version was made of, as JSON: all that its digest is made of but the version.

    Purposes and agents are lists, empty for none; a source without a grant was the registrant's.
    """
    return {
        "by": str(value.by),
        "at": show_time(value.time),
        "activity": value.activity.name,
        "purposes": names(value.purposes),
        "method": None if value.method is None else "0x" + value.method.hex(),
        "agents": [str(one) for one in value.agents],
        "sources": [
            {
                "product": str(one.product),
                "version": one.version,
                "grant": None if one.grant is None else str(one.grant),
            }
            for one in value.sources
        ],
    }


def _field(part: Part, value: int) -> Any:  # noqa: ANN401 (whatever JSON holds)
    if part.kind in _IDS:
        return str(_IDS[part.kind].of(value)) if value else None
    if part.kind == "time":
        return show_time(value) if value else None
    if part.kind == "flag":
        return bool(value)
    if part.kind == "bytes":
        return "0x" + value.to_bytes(part.bits // 8).hex()
    if part.kind[0].isupper():
        return _named(part.kind, value)
    return value if part.bits <= _EXACT_BITS else str(value)


def _named(kind: str, value: int) -> str | list[str]:
    """Return the word of an enumeration, or the words of a mask; raises ValueError for none."""
    from enum import IntFlag  # noqa: PLC0415 (start-up time)

    found = enumeration(kind)(value)
    return names(found) if isinstance(found, IntFlag) else str(found.name)


def enumeration(kind: str) -> type[IntEnum | IntFlag]:
    """Return the enumeration or mask of a name."""
    from registry.domain import flow_table, grant, party, product, vocabulary  # noqa: PLC0415

    for module in (vocabulary, party, product, grant, flow_table):
        if hasattr(module, kind):
            found: type[IntEnum | IntFlag] = getattr(module, kind)
            return found
    raise LookupError(kind)
