"""Take what a person types without showing it, straight into memory that can be wiped."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import termios
from typing import TYPE_CHECKING, Final

import click

from registry.secret import Secret, shield

if TYPE_CHECKING:
    from collections.abc import Iterator

# A terminal keeps no more of one line.
_LINE: Final = 4096
_LOCAL_MODES: Final = 3


def ask(prompt: str) -> Secret:
    """Return the line that a person types at the terminal of standard input, without its end.

    The prompt goes to standard error; where nothing is typed it is asked again. Raises
    `click.Abort` at the end of input.
    """
    shield()
    terminal = sys.stdin.fileno()
    while True:
        with _unseen(terminal):
            click.echo(f"{prompt}: ", nl=False, err=True)
            typed = _line(terminal)
        if typed:
            return _as_utf8(typed)


@contextlib.contextmanager
def _unseen(terminal: int) -> Iterator[None]:
    """Have a terminal not repeat what is typed, and end the line of the prompt afterwards."""
    modes = termios.tcgetattr(terminal)
    silent = [*modes]
    silent[_LOCAL_MODES] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSAFLUSH, silent)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, modes)
        click.echo(err=True)


def _line(terminal: int) -> Secret:
    typed, length = Secret(_LINE), 0
    while length < _LINE:
        read = os.readv(terminal, [typed.view[length:]])
        if not read:
            raise click.Abort
        length += read
        if typed.view[length - 1] in b"\r\n":
            break
    while length and typed.view[length - 1] in b"\r\n":
        length -= 1
    typed.cut(length)
    return typed


def _as_utf8(typed: Secret) -> Secret:
    """Return what was typed as other programs encrypt with it, whatever the terminal's encoding."""
    encoding = sys.stdin.encoding or "utf-8"
    if codecs.lookup(encoding).name in ("utf-8", "ascii"):
        return typed
    return Secret.of(str(typed.view, encoding, "surrogateescape").encode("utf-8", "replace"))
