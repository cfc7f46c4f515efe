"""Compute where contracts keep their values, and take storage words apart into fields.

The rules of places are the compiler's: a mapping's value stands at the Keccak-256 of the key and
the mapping's own place, a list's items from the Keccak-256 of its place on. Which contract keeps
what is said in `registry.domain.layout`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, SupportsBytes

from registry.domain.keccak import keccak

if TYPE_CHECKING:
    from collections.abc import Sequence

WORD_BITS: Final = 256
WORD_BYTES: Final = 32
_PLACES: Final = 1 << WORD_BITS
_BYTES: Final = "bytes"
_SPARE: Final = ""


KeyValue = int | SupportsBytes
"""What a key can be given as: a number, bytes, or an id."""


class WordInvalid(ValueError):
    """Say that a word of storage has bits set that no contract of this ledger sets."""


class KeyInvalid(ValueError):
    """Say that a value cannot be a key of the mapping that it was given for."""


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one field of a storage word: its name, how many bits it has, and what it is.

    `kind` is the name of an enumeration or a mask of the ledger, or one of party, product, grant,
    address, time (seconds since 1970), day, block, count, number, flag, bytes. A part without a
    name is spare: its bits are zero.
    """

    name: str
    bits: int
    kind: str = "number"


@dataclass(frozen=True)
class Word:
    """Hold how a storage word is divided, from its highest bits to its lowest."""

    name: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        bits = sum(part.bits for part in self.parts)
        if bits != WORD_BITS:
            raise ValueError(f"{self.name} has {bits} bits")

    @cached_property
    def _places(self) -> tuple[tuple[Part, int], ...]:
        """Return each part with how far it is shifted up."""
        left, placed = WORD_BITS, []
        for part in self.parts:
            left -= part.bits
            placed.append((part, left))
        return tuple(placed)

    def unpack(self, raw: bytes) -> dict[str, int]:
        """Return the fields of a word, 32 bytes, as numbers by name.

        :raises WordInvalid: where a spare bit is set.
        """
        number, values = int.from_bytes(_exactly(raw)), {}
        for part, low in self._places:
            value = number >> low & (1 << part.bits) - 1
            if part.name != _SPARE:
                values[part.name] = value
            elif value:
                raise WordInvalid(f"spare bits of {self.name}: {raw.hex()}")
        return values

    def pack(self, **values: int) -> bytes:
        """Return the word, 32 bytes, of fields by name; those not given are zero.

        :raises WordInvalid: for a field that the word has not, or a value that does not fit.
        """
        number, left = 0, dict(values)
        for part, low in self._places:
            value = 0 if part.name == _SPARE else int(left.pop(part.name, 0))
            if value < 0 or value >> part.bits:
                raise WordInvalid(f"{value} as {part.name} of {self.name}")
            number |= value << low
        if left:
            raise WordInvalid(f"no {', '.join(left)} in {self.name}")
        return number.to_bytes(WORD_BYTES)


@dataclass(frozen=True, slots=True)
class Key:
    """Step from a mapping to the value of a key; `kind` is the key's type in Solidity."""

    name: str
    kind: str

    def padded(self, value: KeyValue) -> bytes:
        """Return a key as 32 bytes: numbers and addresses at the low end, other bytes at the high.

        :param value: a number, or bytes, or an id, of the key's own size.
        :raises KeyInvalid: where it does not fit.
        """
        size = _size(self.kind)
        if isinstance(value, int):
            if self.kind.startswith(_BYTES) or value < 0 or value >> 8 * size:
                raise KeyInvalid(f"{value} as {self.kind}")
            return value.to_bytes(WORD_BYTES)
        raw = bytes(value)
        if len(raw) != size:
            raise KeyInvalid(f"{len(raw)} bytes as {self.kind}")
        return (
            raw.ljust(WORD_BYTES, b"\0") if self.kind.startswith(_BYTES) else raw.rjust(32, b"\0")
        )

    def moved(self, place: int, word: bytes) -> int:
        """Return the place of the value of a key, a word, in the mapping at `place`."""
        return int.from_bytes(keccak(word + place.to_bytes(WORD_BYTES)))


@dataclass(frozen=True, slots=True)
class Items:
    """Step from a list to the item of an index; an item takes `size` words."""

    name: str
    size: int

    kind: str = "uint256"

    def padded(self, value: KeyValue) -> bytes:
        """Return an index as a word; raises `KeyInvalid`."""
        return Key(self.name, self.kind).padded(value)

    def moved(self, place: int, word: bytes) -> int:
        """Return the place of the item of an index, a word, in the list at `place`."""
        start = int.from_bytes(keccak(place.to_bytes(WORD_BYTES)))
        return start + self.size * int.from_bytes(word)


@dataclass(frozen=True, slots=True)
class Member:
    """Step from a struct to the word `after` its first one."""

    name: str
    after: int


Step = Key | Items | Member


@dataclass(frozen=True)
class Variable:
    """Hold one kind of stored word: of which contract, under which name, where, and what it is.

    `label` is the name in Solidity of the variable at `slot`; `path` the steps from there. `about`
    says in a sentence what the word is.
    """

    contract: str
    name: str
    label: str
    slot: int
    path: tuple[Step, ...]
    word: Word
    about: str

    @cached_property
    def keys(self) -> tuple[Key | Items, ...]:
        """Return the steps that take a key."""
        return tuple(step for step in self.path if not isinstance(step, Member))

    def padded(self, *keys: KeyValue) -> tuple[bytes, ...]:
        """Return keys, numbers, bytes or ids, as words of 32 bytes; raises `KeyInvalid`."""
        if len(keys) != len(self.keys):
            raise KeyInvalid(f"{len(keys)} keys for {self.contract}.{self.name}")
        return tuple(step.padded(key) for step, key in zip(self.keys, keys, strict=True))

    def place(self, *keys: KeyValue) -> bytes:
        """Return the place of the word with these keys, 32 bytes; raises `KeyInvalid`."""
        return self.place_of(self.padded(*keys))

    def place_of(self, words: Sequence[bytes]) -> bytes:
        """Return the place of the word with these keys, given as `padded` returns them.

        :raises KeyInvalid: where there are more or fewer than steps that take one.
        """
        if len(words) != len(self.keys):
            raise KeyInvalid(f"{len(words)} keys for {self.contract}.{self.name}")
        given, place = iter(words), self.slot
        for step in self.path:
            if isinstance(step, Member):
                place += step.after
            else:
                place = step.moved(place, next(given))
        return (place % _PLACES).to_bytes(WORD_BYTES)


def _size(kind: str) -> int:
    """Return how many bytes a value of a Solidity type has."""
    if kind == "address":
        return 20
    if kind.startswith(_BYTES):
        return int(kind.removeprefix(_BYTES))
    return int(kind.removeprefix("uint")) // 8


def _exactly(raw: bytes) -> bytes:
    if len(raw) != WORD_BYTES:
        raise WordInvalid(f"{len(raw)} bytes are no word")
    return raw
