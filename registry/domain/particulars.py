"""Pack what a registration says beside its digests into the one word that contracts take.

From the lowest bit: the class 8 bits, the rights 8, the salt 64, the source 4, the flags 4.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from registry.domain.operations import Register
from registry.domain.product import ParticularFlag
from registry.domain.vocabulary import Right, SecurityClass, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DIGEST: Final = 32
LEAF: Final = 3 * DIGEST
SALT: Final = slice(LEAF - 10, LEAF - 2)
"""Where the salt stands in the 96 bytes of a registration."""

_BYTE: Final = 0xFF
_NIBBLE: Final = 0xF
_RIGHTS_SHIFT: Final = 8
_SALT_SHIFT: Final = 16
_SOURCE_SHIFT: Final = 80
_FLAGS_SHIFT: Final = 84
_SALTS: Final = 1 << 64
_NO_DIGEST: Final = bytes(DIGEST)
_named: Final = attrgetter("content_root", "metadata_hash", "salt")
_declared: Final = attrgetter("rights", "security_class", "source", "flags", "series", "locator")


def packed(item: Register) -> int:
    """Return the particulars of a registration; raises ValueError where one does not fit."""
    if not 0 <= item.salt < _SALTS:
        raise ValueError(f"{item.salt} is no uint64")
    if not 0 <= item.rights <= _BYTE:
        # One bit more would be one of the salt.
        raise ValueError(f"{int(item.rights)} is no uint8")
    return item.particulars


def raw_registrations(
    items: Iterable[Register], check: Callable[[Register], object] | None = None
) -> list[bytes]:
    """Return the 96 bytes of each registration: content root, metadata hash, particulars.

    `check` is asked of each that declares something else than the one before it, or has no content.

    :raises ValueError: where a digest is not 32 bytes, or particulars do not fit.
    """
    rows: list[bytes] = []
    last: object = None
    plain, word = 0, b""
    for item in items:
        content, described, salt = _named(item)
        # Neighbours mostly declare the same, by the same objects: that is told in one step.
        declared = _declared(item)
        if declared != last or content == _NO_DIGEST:
            last, plain = declared, packed(item) ^ salt << _SALT_SHIFT
            word = plain.to_bytes(DIGEST)
            if check is not None:
                check(item)
        if not len(content) == DIGEST == len(described):
            raise ValueError(f"a digest has {DIGEST} bytes")
        rows.append(content + described + (_salted(plain, salt) if salt else word))
    return rows


def registration(raw: bytes) -> Register:
    """Return the registration of 96 bytes; raises ValueError where a bit has no meaning."""
    word = int.from_bytes(raw[2 * DIGEST :])
    item = Register(
        content_root=raw[:DIGEST],
        metadata_hash=raw[DIGEST : 2 * DIGEST],
        salt=word >> _SALT_SHIFT & _SALTS - 1,
        rights=Right(word >> _RIGHTS_SHIFT & _BYTE),
        security_class=SecurityClass(word & _BYTE),
        source=Source(word >> _SOURCE_SHIFT & _NIBBLE),
        flags=ParticularFlag(word >> _FLAGS_SHIFT & _NIBBLE),
    )
    if len(raw) != LEAF or packed(item) != word or item.rights > Right.ALL:
        raise ValueError(raw.hex())
    return item


def _salted(plain: int, salt: int) -> bytes:
    if not 0 < salt < _SALTS:
        raise ValueError(f"{salt} is no uint64")
    return (plain | salt << _SALT_SHIFT).to_bytes(DIGEST)
