"""`dengji case`: file cases of registration, decide them, and see where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from cli import case_acts, case_filing, case_shapes, moments
from cli.grammar import argument, command, group, option
from cli.output import Page, Raw
from cli.paging import page, paged
from cli.types import FILE, PARTY_OR_ME, PRODUCT
from registry.domain.times import parse_time

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import PartyId, ProductId
    from registry.services.actor import Me

case = group("case")

for _made in (*case_filing.COMMANDS, *case_acts.COMMANDS):
    case.add_command(_made)

_FORMATS: Final = ("text", "svg")


@command("case.timeline", case)
@argument("product", type=PRODUCT)
@option("--format", "form", type=click.Choice(_FORMATS), default="text")
@option("--output", type=FILE, metavar="FILE")
@option("--at", metavar="WHEN")
def timeline(
    session: Session, product: ProductId, form: str, output: Path | None, at: str | None
) -> Raw:
    """Show where a case stands, what happened, and what may happen next."""
    found = session.reading().cases.timeline(product, at=moments.moment(at))
    if form == "svg":
        from cli.timeline_svg import drawing  # noqa: PLC0415 (start-up time)

        text = drawing(found, session.lang)
    else:
        from cli.timeline import drawn  # noqa: PLC0415 (start-up time)

        text = drawn(found, session.lang)
    if output is not None:
        case_acts.write(output, text + "\n")
        text = str(output)
    return Raw(text=text, value=case_shapes.timeline(found))


@command("case.list", case)
@option("--awaiting", type=PARTY_OR_ME, metavar="PARTY")
@option("--due", metavar="WHEN")
@option("--registrar", type=PARTY_OR_ME, metavar="PARTY")
@option("--all", "every", is_flag=True)
@paged(PRODUCT)
def list_(
    session: Session,
    awaiting: PartyId | Me | None,
    due: str | None,
    registrar: PartyId | Me | None,
    every: bool,
    limit: int,
    after: ProductId | None,
    csv: bool,
) -> Page:
    """List cases: a clerk's desk."""
    client = session.reading()
    by = None if due is None else parse_time(due, start=client.ledger.moment().time)
    found = client.cases.desk(awaiting=awaiting, due=by, registrar=registrar, open_only=not every)
    columns = ("product", "kind", "stage", "since", "due", "overdue", "awaiting")
    cursor = None if after is None else str(after)
    return page(
        found, case_shapes.pending, columns, limit=limit, csv=csv, after=cursor, key="product"
    )
