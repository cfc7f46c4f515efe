"""Pack clauses into their one wire form and read them back, as `ClausesCodec.sol` does.

Big-endian. Three words are always there, then the optional parts that the last two bytes of the
third announce, from the lowest bit on; a part is there exactly when it is not all zero, so that one
set of clauses has one packed form. What stands in the parts is not judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.errors import ClausesUnreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.terms import Raw

LAYOUT: Final = 1
HEAD: Final = 96
MAX_TERRITORIES: Final = 16
_CODE_BYTES: Final = 4

FIXED: Final = (
    ("form", 1),
    ("template", 1),
    ("mode", 1),
    ("rights", 1),
    ("subDelegation", 1),
    ("depth", 1),
    ("noticeDays", 1),
    ("environment", 1),
    ("quotaUnit", 1),
    ("version", 2),
    ("product", 20),
    ("grantor", 8),
    ("grantee", 8),
    ("quotaTotal", 8),
    ("salt", 8),
    ("validFrom", 5),
    ("validUntil", 5),
    ("actions", 4),
    ("purposes", 4),
    ("obligations", 4),
    ("offerUntil", 5),
    ("acceptanceDays", 2),
    ("derivedRights", 1),
)
"""Name and length of the parts that are always there, between the layout and the options."""

OPTIONAL: Final = (
    (("text", 32),),
    (("agreement", 32),),
    (("replaces", 32),),
    (("scope", 32),),
    (("filing", 32),),
    (("serviceParty", 8),),
    (("periodQuota", 8), ("periodLength", 4)),
    (("priceModel", 1), ("currency", 2), ("unitPrice", 8), ("capPrice", 8)),
)
"""The fields of each optional part, by its bit; the territory follows at the next one."""

_TERRITORY: Final = 1 << len(OPTIONAL)
BYTES: Final = frozenset({"product", "text", "agreement", "replaces", "scope", "filing"})
"""What is bytes in the type; everything else is a number."""


def pack(raw: Mapping[str, Raw]) -> bytes:
    """Return the packed form of clauses, given by their names in the EIP-712 type."""
    options = 0
    parts = bytearray()
    for bit, group in enumerate(OPTIONAL):
        part = b"".join(_field(raw[name], length) for name, length in group)
        if any(part):
            options |= 1 << bit
            parts += part
    territory = raw["territory"]
    if isinstance(territory, tuple) and territory:
        options |= _TERRITORY
        parts.append(len(territory))
        parts += b"".join(code.to_bytes(_CODE_BYTES) for code in territory)
    head = b"".join(_field(raw[name], length) for name, length in FIXED)
    return bytes([LAYOUT]) + head + options.to_bytes(2) + parts


def unpack(packed: bytes) -> dict[str, Raw]:
    """Return the clauses in a packed form by their names; raises `ClausesUnreadable`."""
    if len(packed) < HEAD or packed[0] != LAYOUT:
        raise ClausesUnreadable(length=len(packed), offset=0)
    reader = _Reader(packed)
    raw: dict[str, Raw] = {name: reader.field(name, length) for name, length in FIXED}
    options = int.from_bytes(packed[HEAD - 2 : HEAD])
    if options >= _TERRITORY << 1:
        raise reader.unreadable(HEAD - 2)
    reader.offset = HEAD
    for bit, group in enumerate(OPTIONAL):
        if options >> bit & 1:
            reader.require_part(sum(length for _, length in group))
            raw |= {name: reader.field(name, length) for name, length in group}
        else:
            raw |= {name: _zero(name, length) for name, length in group}
    raw["territory"] = reader.territory() if options & _TERRITORY else ()
    if reader.offset != len(packed):
        raise reader.unreadable(reader.offset)
    return raw


class _Reader:
    """Read parts one after the other."""

    __slots__ = ("_packed", "offset")

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self.offset = 1

    def unreadable(self, offset: int) -> ClausesUnreadable:
        """Return the error for a part that does not fit at `offset`."""
        return ClausesUnreadable(length=len(self._packed), offset=offset)

    def field(self, name: str, length: int) -> Raw:
        """Take the next field, which is there."""
        value = self._packed[self.offset : self.offset + length]
        self.offset += length
        return value if name in BYTES else int.from_bytes(value)

    def require_part(self, length: int) -> None:
        """Make sure that an optional part is there in full and not all zero."""
        part = self._packed[self.offset : self.offset + length]
        if len(part) < length or not any(part):
            raise self.unreadable(self.offset)

    def territory(self) -> tuple[int, ...]:
        """Take the list of territories, which ends the packed form."""
        self.require_part(1)
        count = self._packed[self.offset]
        end = self.offset + 1 + _CODE_BYTES * count
        if count > MAX_TERRITORIES or end != len(self._packed):
            raise self.unreadable(self.offset)
        self.offset += 1
        codes: list[int] = []
        for _ in range(count):
            code = int.from_bytes(self._packed[self.offset : self.offset + _CODE_BYTES])
            if code <= (codes[-1] if codes else 0):
                raise self.unreadable(self.offset)
            codes.append(code)
            self.offset += _CODE_BYTES
        return tuple(codes)


def _field(value: Raw, length: int) -> bytes:
    if isinstance(value, int):
        return value.to_bytes(length)
    return value if isinstance(value, bytes) else b""


def _zero(name: str, length: int) -> Raw:
    return bytes(length) if name in BYTES else 0
