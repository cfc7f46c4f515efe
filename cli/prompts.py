"""Ask a person: passwords, secrets, consent. Without a terminal nobody is asked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cli import streams
from registry import messages
from registry.accounts import password_in
from registry.errors import ConsentNeeded, PasswordNeeded, SecretNeeded

if TYPE_CHECKING:
    from cli.session import Session
    from registry.secret import Secret


def password(session: Session, address: str, *, twice: bool = False) -> Secret:
    """Return the password of an account: from the file that was named, else asked for.

    Raises `PasswordFileUnusable`, and `PasswordNeeded` where nobody can be asked.
    """
    file = session.settings.password_file
    if file is not None:
        return password_in(file)
    if not session.interactive:
        raise PasswordNeeded(address=address)
    key = "cli.ask.new-password" if twice else "cli.ask.password"
    asked = messages.text(key, session.lang, address=address)
    return _chosen(session, asked) if twice else _typed(asked)


def secret(session: Session) -> Secret:
    """Return a private key or mnemonic, asked for without showing it; raises `SecretNeeded`."""
    if not session.interactive:
        raise SecretNeeded
    return _typed(messages.text("cli.ask.secret", session.lang))


def _chosen(session: Session, asked: str) -> Secret:
    """Return a new password once it was typed twice alike."""
    again = messages.text("cli.ask.password-again", session.lang)
    while True:
        first = _typed(asked)
        if first == _typed(again):
            return first
        streams.mention(messages.text("cli.ask.password-differs", session.lang), sys.stderr)


def _typed(asked: str) -> Secret:
    from cli import hidden  # noqa: PLC0415 (start-up: only signing needs it)

    return hidden.ask(asked)


def consent(session: Session, step: str) -> bool:
    """Return whether a person agrees to a step; `--yes` agrees. Raises `ConsentNeeded`."""
    if session.yes:
        return True
    if not session.interactive:
        raise ConsentNeeded(step=step)
    asked = messages.text(f"cli.ask.{step.replace(' ', '-')}", session.lang)
    return click.confirm(asked, err=True)


def require_consent(session: Session, step: str) -> None:
    """Go on only where a person agrees to a step; raises `ConsentNeeded`, `click.Abort`."""
    if not consent(session, step):
        raise click.Abort
