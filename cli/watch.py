"""`dengji watch`: tell what changes on the ledger, a line for each event, as it comes."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import click

from cli import event_shapes
from cli.grammar import command, option
from cli.output import Raw
from cli.plain import plain
from cli.types import GRANT, PARTY_OR_ME, PRODUCT, NumberType
from registry import messages
from registry.domain.moment import AtBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.session import Session
    from cli.shapes import Shape
    from registry.client import Dengji
    from registry.domain.events import Event
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.services.actor import Me

_INTERRUPTED: Final = 130


@command("watch")
@option("--product", type=PRODUCT, metavar="PRODUCT")
@option("--party", "party_id", type=PARTY_OR_ME, metavar="PARTY")
@option("--grant", type=GRANT, metavar="GRANT")
@option("--from", "first", type=NumberType(min=0), metavar="BLOCK")
@option("--until", "last", type=NumberType(min=0), metavar="BLOCK")
def watch(
    session: Session,
    product: ProductId | None,
    party_id: PartyId | Me | None,
    grant: GrantId | None,
    first: int | None,
    last: int | None,
) -> None:
    """Print each event, until it is stopped or the last block is told."""
    session.long()
    client = session.reading()
    following = client.ledger.moment(None).block + 1 if first is None else first
    printer, place = session.printer, session.ledger()
    try:
        for event in client.questions.watch(
            product=product,
            party=party_id,
            grant=grant,
            first=following,
            last=last,
            wait=_waiting(session, last),
        ):
            value = event_shapes.event(_timed(client, event))
            printer.answer(Raw(text=_line(value, session.lang), value=value), place)
            # What is told twice does no harm; what is left out does.
            following = event.block
    except KeyboardInterrupt:
        sys.stdout.flush()
        session.notice("watch-stopped", {"block": following})
        raise click.exceptions.Exit(_INTERRUPTED) from None


def _waiting(session: Session, last: int | None) -> Callable[[float], None]:
    """Return how to wait: silently, but where an end was asked for that lies ahead, said once."""
    said = last is None

    def wait(seconds: float) -> None:
        nonlocal said
        if not said:
            session.notice("watch-waiting", {"block": last})
            said = True
        time.sleep(seconds)

    return wait


def _timed(client: Dengji, event: Event) -> Event:
    """Return an event with the time of its block."""
    return replace(event, time=client.ledger.moment(AtBlock(event.block)).time)


def _line(value: Shape, lang: str) -> str:
    """Return an event in one line: where it stands, what happened, and its fields."""
    fields = value["fields"]
    shown = fields.items() if isinstance(fields, dict) else ()
    told = "  ".join(
        f"{messages.text(f'cli.field.{name}', lang)} {_cell(one)}"
        for name, one in shown
        if one not in (None, []) and not isinstance(one, dict)
    )
    called = messages.text(f"event.{value['event']}", lang)
    when = value["time"] or ""
    return plain(f"{value['block']}  {when}  {called}  {told}".rstrip())


def _cell(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return ",".join(map(_cell, value))
        case dict():
            return " ".join(_cell(one) for one in value.values() if one is not None)
    return str(value)
