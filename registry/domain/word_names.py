"""Name stored words for people: the variable, and the keys as ids, addresses and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.storage import WordInvalid

if TYPE_CHECKING:
    from registry.domain.storage import Variable

_WORD: Final = 32
_IDS: Final = {"party": PartyId, "product": ProductId, "grant": GrantId}
_BYTES: Final = "bytes"


def word_name(variable: Variable, keys: bytes) -> str:
    """Return the name of a word whose keys are given as 32 bytes each, one after the other."""
    parts = [
        _shown(step.name, step.kind, keys[place : place + _WORD])
        for step, place in zip(variable.keys, range(0, len(keys), _WORD), strict=True)
    ]
    return variable.name + "".join(f"[{part}]" for part in parts)


def differing(variable: Variable, expected: bytes, found: bytes) -> tuple[str, ...]:
    """Return the names of the fields in which two words differ, `spare` for bits of no meaning."""
    mine = variable.word.unpack(expected)
    try:
        other = variable.word.unpack(found)
    except WordInvalid:
        return ("spare",)
    return tuple(name for name, value in mine.items() if other[name] != value)


def _shown(name: str, kind: str, padded: bytes) -> str:
    known = _IDS.get(name)
    if known is not None:
        raw = padded[: known.length] if kind.startswith(_BYTES) else padded[-known.length :]
        return str(known(raw))
    if kind == "address":
        return str(Address(padded[-Address.length :]))
    if kind.startswith(_BYTES):
        raw = padded[: int(kind.removeprefix(_BYTES))]
        text = raw.rstrip(b"\0")
        return text.decode("ascii") if text.isalnum() and len(text) < _WORD else "0x" + raw.hex()
    return str(int.from_bytes(padded))
