"""Let an interruption end a long part with what it has found, instead of with nothing told."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_asked: Final[list[int]] = []


def listen() -> None:
    """Take an interruption and a request to end alike, also where a shell has us ignore them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    _asked.append(number)
    raise KeyboardInterrupt


@contextmanager
def interruptible(part: str) -> Iterator[None]:
    """Do what can be broken off between any two of its steps; what follows counts what is kept."""
    try:
        yield
    except KeyboardInterrupt:
        _asked.append(signal.SIGINT)
        print(f"assurance: {part} was interrupted: counting what it found", file=sys.stderr)


def interrupted() -> bool:
    """Tell whether a part was broken off, so that the next one is not begun."""
    return bool(_asked)


def check() -> None:
    """Go no further where an interruption was taken for one of what is tried."""
    if _asked:
        raise KeyboardInterrupt


def forget() -> None:
    """Begin anew."""
    _asked.clear()
