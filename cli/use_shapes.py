"""Shape uses: receipts, what is counted by them, and the evidence of refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cli import shapes
from registry.domain.words import names

if TYPE_CHECKING:
    from pathlib import Path

    from cli.output import Json
    from cli.shapes import Shape
    from registry.domain.ledger import Receipt
    from registry.domain.usage import SignedReceipt
    from registry.services.usages import Counted

_LIST_FIELDS = (
    *("number", "sequence", "cumulative", "settled", "open", "remaining", "complete", "time"),
    *("verdict", "action", "purpose", "amount", "block", "statement"),
)


def signed(value: SignedReceipt, file: Path | None) -> Shape:
    """Shape a receipt and who has signed it; `file` is where it stands."""
    told = value.receipt
    return {
        "grant": str(told.grant),
        "cumulative": str(told.cumulative),
        "sequence": told.sequence,
        "actions": names(told.action),
        "purposes": names(told.purpose),
        "time": shapes.time(told.at),
        "grantor": None if value.grantor is None else str(value.grantor.signer),
        "grantee": None if value.grantee is None else str(value.grantee.signer),
        "complete": value.complete,
        "header": value.header(),
        "file": None if file is None else str(file),
    }


def settled(receipt: Receipt) -> list[Shape]:
    """Shape what a transaction settled, a record for each grant."""
    from registry.domain.events import ReceiptSettled  # noqa: PLC0415 (start-up time)

    return [
        {
            "grant": str(event.grant),
            "cumulative": str(event.cumulative),
            "sequence": event.sequence,
        }
        for event in receipt.events
        if isinstance(event, ReceiptSettled)
    ]


def counted(value: Counted) -> Shape:
    """Shape what was used under a grant by receipts, here and on the chain."""
    last = None if value.kept is None else value.kept.receipt
    shown = value.settled if last is None else last.receipt
    return _line(
        str(value.grant),
        sequence=shown.sequence,
        cumulative=str(shown.cumulative),
        settled=str(value.settled.cumulative),
        open=str(value.open),
        remaining=None if value.remaining is None else str(value.remaining),
        complete=last is None or last.complete,
        time=shapes.time(shown.at),
    )


def refusal(numbered: tuple[int, str]) -> Shape:
    """Shape the evidence of a refused use: its number, and the signed statement."""
    number, text = numbered
    told = json.loads(text)
    return _line(
        told["grant"],
        number=number,
        time=shapes.time(told["at"]),
        verdict=told["verdict"],
        action=told["action"],
        purpose=told["purpose"],
        amount=told["amount"],
        block=told["block"],
        statement=told,
    )


def _line(grant: str, **fields: Json) -> Shape:
    """Return a line of a list, whose lines of either kind have the same fields."""
    return {"grant": grant, **dict.fromkeys(_LIST_FIELDS), **fields}
