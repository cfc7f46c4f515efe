"""Let an interruption end a long part with what it has found, instead of with nothing told."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_interrupted: Final[list[str]] = []


def listen() -> None:
    """Take an interruption and a request to end alike, also where a shell has us ignore them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


@contextmanager
def interruptible(part: str) -> Iterator[None]:
    """Do what can be broken off between any two of its steps; what follows counts what is kept."""
    try:
        yield
    except KeyboardInterrupt:
        _interrupted.append(part)
        print(f"assurance: {part} was interrupted: counting what it found", file=sys.stderr)


def interrupted() -> bool:
    """Tell whether a part was broken off, so that the next one is not begun."""
    return bool(_interrupted)


def forget() -> None:
    """Begin anew."""
    _interrupted.clear()
