"""Anchor the rows of a table under one root: `dengji register --from-table --route anchor`."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from cli import progress
from cli.batch_shapes import anchored_shape
from cli.output import Answer
from registry.domain.table_records import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.session import Session
    from cli.shapes import Shape
    from registry.services.anchors import Anchoring, Anchors
    from registry.services.bulk_check import Checked
    from registry.services.bulk_rows import Planned

_GAS: Final = 54_000
"""About what anchoring takes, however many rows there are."""


def anchored_table(
    session: Session, checked: Checked, out: Path | None, *, dry_run: bool
) -> Answer:
    """Anchor all rows of a table, and answer under which root; none is registered by that."""
    from registry.services.bulk_results import Results  # noqa: PLC0415 (start-up time)

    refuse_listed(checked)
    if dry_run:
        return _answer(checked, None, None)
    anchors = session.writing().anchors
    writing = nullcontext() if out is None else Results(out)
    with writing as results:
        with progress.counted(session, "anchoring", checked.count) as count:
            made = anchors.anchor((row.item for row in checked), progress=count)
        if results is not None:
            for row in _placed(checked, anchors, made):
                results.add(row)
    return _answer(checked, made, out)


def refuse_listed(checked: Checked) -> None:
    """Refuse rows with a series or a locator, which no anchor tells; raises `TableInvalid`."""
    faults = Faults()
    for row in checked:
        if row.item.listed:
            column = "locator" if row.item.locator else "series"
            faults.refuse(row.line, column, "not-anchored")
    faults.close(checked.table)


def _placed(checked: Checked, anchors: Anchors, made: Anchoring) -> Iterator[Planned]:
    """Yield each row with the product that promoting it will make."""
    from registry.domain.anchor_leaves import Leaf  # noqa: PLC0415 (start-up time)
    from registry.services.bulk_rows import Fate, Planned  # noqa: PLC0415 (start-up time)

    site = anchors.site()
    transaction, block = bytes(32), 0
    if made.receipt is not None:
        transaction, block = made.receipt.transaction, made.receipt.block
    for row in checked:
        yield Planned(
            row=row,
            fate=Fate.ANCHORED,
            product=site.product(Leaf.of(row.item)),
            transaction=transaction,
            block=block,
        )


def _answer(checked: Checked, made: Anchoring | None, out: Path | None) -> Answer:
    receipt = None if made is None else made.receipt
    value: Shape = {
        "file": str(checked.table),
        "route": "ANCHOR",
        "applicant": None if made is None else str(made.anchored.party),
        "dry_run": made is None,
        "rows": checked.count,
        "registered": 0,
        "recognised": 0,
        "fresh": checked.count,
        "contested": 0,
        "transactions": 1 if made is None or receipt is not None else 0,
        "gas_estimate": str(_GAS) if made is None else None,
        "gas_used": None if made is None else str(0 if receipt is None else receipt.gas_used),
        "out": None if out is None else str(out),
    }
    if made is None:
        return Answer(headline="cli.table.would-anchor", value=value)
    told = anchored_shape(made)
    anchor = {name: told[name] for name in ("root", "since", "leaves")}
    headline = "cli.table.anchored-before" if made.already else "cli.table.anchored"
    return Answer(headline=headline, value={**value, **anchor, "archive": told["file"]})
