"""`dengji completion`: print the script that makes a shell complete dengji's commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.grammar import argument, command
from cli.output import Raw

if TYPE_CHECKING:
    from cli.session import Session


@command("completion")
@argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(session: Session, shell: str) -> Raw:
    """Print click's script for the shell."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 (start-up time)

    from cli.tree import root  # noqa: PLC0415 (the tree names this module)

    kind = get_completion_class(shell)
    if kind is None:
        raise LookupError(shell)
    script = kind(root, {"obj": session}, "dengji", "_DENGJI_COMPLETE").source()
    return Raw(text=script, value={"shell": shell, "script": script})
