"""`dengji register`: register a file or folder as a data product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import progress, shapes
from cli.files import look_at, read_metadata
from cli.grammar import argument, command, option
from cli.output import Answer
from cli.types import FILE, SALT, WordType

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.vocabulary import Right, SecurityClass
    from registry.services.products import Registration


@command("register")
@argument("path", type=FILE)
@option("--metadata", type=FILE, metavar="FILE")
@option("--rights", type=WordType("Right", many=True), metavar="RIGHTS")
@option("--security-class", type=WordType("SecurityClass"), metavar="CLASS")
@option("--salt", type=SALT, default=0, metavar="NUMBER")
def register(
    session: Session,
    path: Path,
    metadata: Path | None,
    rights: Right | None,
    security_class: SecurityClass | None,
    salt: int,
) -> Answer:
    """Register the content at a path."""
    # What cannot be registered is refused before a chain is started for it.
    described = read_metadata(metadata)
    look_at(path)
    client = session.writing()
    with progress.shown(session) as show:
        made = client.products.register(
            path,
            metadata=described,
            rights=rights,
            security_class=security_class,
            salt=salt,
            progress=show,
        )
    return registered(session, made)


def registered(session: Session, made: Registration) -> Answer:
    """Answer what registering came to, a claim of others included."""
    if made.others:
        session.printer.note("cli.register.others", count=len(made.others))
    return Answer(
        headline="cli.register.already" if made.already else "cli.register.done",
        value=shapes.registration(made),
    )
