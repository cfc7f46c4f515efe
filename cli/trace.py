"""`dengji trace`: show what a product was made of, or what was made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from cli import lineage_shapes, moments
from cli.deriving import PIN
from cli.files import write_text
from cli.grammar import argument, command, option
from cli.output import Raw
from cli.types import FILE, NumberType

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import ProductId
    from registry.domain.lineage_graph import Graph

_FORMATS: Final = ("tree", "dot", "svg", "json", "mermaid")
_DEEPEST: Final = 1_000_000


@command("trace")
@argument("pin", metavar="PRODUCT[@VERSION]", type=PIN)
@option("--up/--down", "up", default=True)
@option("--depth", type=NumberType(0, _DEEPEST), metavar="STEPS")
@option("--format", "form", type=click.Choice(_FORMATS), default="tree")
@option("--output", type=FILE, metavar="FILE")
@option("--at", metavar="WHEN")
def trace(
    session: Session,
    pin: tuple[ProductId, int | None],
    up: bool,
    depth: int | None,
    form: str,
    output: Path | None,
    at: str | None,
) -> Raw:
    """Show a lineage, drawn as asked."""
    product, version = pin
    found = session.reading().provenance.trace(
        product,
        version=version,
        direction="up" if up else "down",
        at=moments.moment(at),
        depth=depth,
    )
    text = drawn(found, form, session.lang)
    if output is not None:
        write_text(output, text + "\n")
        text = str(output)
    value = {**lineage_shapes.lineage(found), "file": None if output is None else str(output)}
    return Raw(text=text, value=value)


def drawn(graph: Graph, form: str, lang: str) -> str:
    """Return a lineage in one of the formats."""
    if form == "svg":
        from registry.domain.lineage_svg import drawing  # noqa: PLC0415 (start-up time)

        return drawing(graph, lang)
    if form == "json":
        import json  # noqa: PLC0415 (start-up time)

        from cli.plain import escaped_json  # noqa: PLC0415 (start-up time)

        value = lineage_shapes.lineage(graph)
        return escaped_json(json.dumps(value, ensure_ascii=False))
    from registry.domain import lineage_drawing as drawings  # noqa: PLC0415 (start-up time)

    if form == "dot":
        return drawings.dot(graph, lang)
    if form == "mermaid":
        return drawings.mermaid(graph, lang)
    return "\n".join([*drawings.head(graph, lang), "", *drawings.tree(graph, lang)])
