"""Keep what values were made into, where the same few come again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

_MOST: Final = 4096


class Kept(dict[_Given, _Made], Generic[_Given, _Made]):
    """Make a value of another one, once for each of the first few thousand.

    :param make: returns the same for the same value, or raises.
    """

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[_Given], _Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, given: _Given) -> _Made:
        made = self._make(given)
        # Whoever sends ever new values must not fill the memory with them.
        if len(self) < _MOST:
            self[given] = made
        return made
