"""Ask a person: passwords, secrets, consent. Without a terminal nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from registry import messages
from registry.accounts import password_in
from registry.errors import ConsentNeeded, PasswordNeeded, SecretNeeded

if TYPE_CHECKING:
    from cli.session import Session


def password(session: Session, address: str, *, twice: bool = False) -> str:
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
    again = messages.text("cli.ask.password-again", session.lang) if twice else False
    given: str = click.prompt(asked, hide_input=True, confirmation_prompt=again, err=True)
    return given


def secret(session: Session) -> str:
    """Return a private key or mnemonic, asked for without showing it; raises `SecretNeeded`."""
    if not session.interactive:
        raise SecretNeeded
    asked = messages.text("cli.ask.secret", session.lang)
    given: str = click.prompt(asked, hide_input=True, err=True)
    return given


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
