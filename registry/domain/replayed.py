"""Hold the words that the contracts must keep, as their events have told so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.storage import KeyValue, Variable

_MOST_PLACES: Final = 50_000
_ZERO: Final = bytes(32)


class Shelf(Protocol):
    """Keep words by contract and place, and notes beside them; in memory or on disk."""

    def word(self, contract: str, place: bytes) -> bytes | None:
        """Return a word (32 bytes) that was put, None for none."""

    def put(self, contract: str, place: bytes, word: bytes, name: str, keys: bytes) -> None:
        """Keep a word; `name` and `keys` (32 bytes each) say which one of the contract it is."""

    def note(self, key: bytes) -> bytes | None:
        """Return what was noted under a key, None for nothing."""

    def keep(self, key: bytes, value: bytes) -> None:
        """Note something that events told and no word holds."""


class Book:
    """Read and change words by the names of their fields; what was never told of is zero."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep everything on a shelf."""
        self.shelf = shelf
        self._places: dict[tuple[str, str, tuple[KeyValue, ...]], bytes] = {}

    def raw(self, variable: Variable, *keys: KeyValue) -> bytes:
        """Return a word as it is, 32 bytes."""
        return self.shelf.word(variable.contract, self._place(variable, keys)) or _ZERO

    def fields(self, variable: Variable, *keys: KeyValue) -> dict[str, int]:
        """Return the fields of a word by name."""
        return variable.word.unpack(self.raw(variable, *keys))

    def value(self, variable: Variable, *keys: KeyValue) -> int:
        """Return the one value of a word."""
        return self.fields(variable, *keys)["value"]

    def write(self, variable: Variable, *keys: KeyValue, word: bytes) -> None:
        """Put a whole word, 32 bytes."""
        place = self._place(variable, keys)
        padded = b"".join(variable.padded(*keys))
        self.shelf.put(variable.contract, place, word, variable.name, padded)

    def put(self, variable: Variable, *keys: KeyValue, **fields: int) -> None:
        """Put a word of these fields, the others zero.

        :raises WordInvalid: where they do not fit.
        """
        self.write(variable, *keys, word=variable.word.pack(**fields))

    def change(self, variable: Variable, *keys: KeyValue, fields: Mapping[str, int]) -> None:
        """Change some fields of a word.

        :raises WordInvalid: where they do not fit.
        """
        self.put(variable, *keys, **{**self.fields(variable, *keys), **fields})

    def _place(self, variable: Variable, keys: tuple[KeyValue, ...]) -> bytes:
        named = variable.contract, variable.name, keys
        place = self._places.get(named)
        if place is None:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            place = self._places[named] = variable.place(*keys)
        return place


class ShelfInMemory:
    """Keep words and notes in memory."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.words: dict[tuple[str, bytes], tuple[bytes, str, bytes]] = {}
        self._notes: dict[bytes, bytes] = {}

    def word(self, contract: str, place: bytes) -> bytes | None:
        """Return a word that was put, None for none."""
        found = self.words.get((contract, place))
        return None if found is None else found[0]

    def put(self, contract: str, place: bytes, word: bytes, name: str, keys: bytes) -> None:
        """Keep a word."""
        self.words[contract, place] = (word, name, keys)

    def note(self, key: bytes) -> bytes | None:
        """Return what was noted under a key, None for nothing."""
        return self._notes.get(key)

    def keep(self, key: bytes, value: bytes) -> None:
        """Note something that no word holds."""
        self._notes[key] = value
