"""Make the process's streams fit to print on, and tell when an answer could not be printed."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TextIO

_STREAMS: Final = ("stdin", "stdout", "stderr")


class OutputFailed(Exception):
    """Say that standard output takes no more; `reason` is the system's word for it."""

    def __init__(self, reason: str) -> None:
        """Keep the system's word."""
        super().__init__(reason)
        self.reason = reason


def prepare() -> None:
    """Open what the caller closed, and write out what a stream's encoding lacks.

    Closed descriptors would be given to the next file that is opened. A closed stdout stays one
    that cannot be written: what was asked for must not vanish unnoticed.
    """
    modes = (os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)
    for descriptor, (name, mode) in enumerate(zip(_STREAMS, modes, strict=True)):
        if getattr(sys, name) is None:
            _open(descriptor, name, mode)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str, stream: TextIO) -> None:
    """Print lines of an answer at once; raises `OutputFailed`, and `BrokenPipeError` as it is."""
    try:
        print(text + "\n", end="", file=stream, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed(error.strerror or str(error)) from error


def mention(text: str, stream: TextIO) -> None:
    """Print a line beside the answer; one that nobody can read stops nothing."""
    try:
        print(text, file=stream, flush=True)
    except OSError:
        return


def speaks_unicode(stream: TextIO) -> bool:
    """Tell whether a stream can carry every character."""
    # What stands in memory alone has no encoding.
    return (stream.encoding or "utf-8").lower().startswith("utf")


def _open(descriptor: int, name: str, mode: int) -> None:
    opened = os.open(os.devnull, mode)
    if opened != descriptor:
        os.dup2(opened, descriptor)
        os.close(opened)
    stream = open(descriptor, "r" if descriptor == 0 else "w", encoding="utf-8", closefd=False)  # noqa: SIM115 (it stays open)
    setattr(sys, name, stream)
