"""Judge locators as `Locator.sol` does."""

from __future__ import annotations

from typing import Final

from registry import reverts

_MOST: Final = 512
_FIRST: Final = ord("!")
_LAST: Final = ord("~")


def require_locator(locator: str) -> None:
    """Refuse a locator that is too long, or has other than visible ASCII; an empty one is fit."""
    text = locator.encode()
    if len(text) > _MOST:
        raise reverts.LocatorTooLong(length=len(text), most=_MOST)
    for place, byte in enumerate(text):
        if not _FIRST <= byte <= _LAST:
            raise reverts.LocatorUnprintable(place=place)
