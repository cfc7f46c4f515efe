"""`dengji audit`: hold storage against events, and list who could use a product."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli import moments, shapes
from cli.files import make_folder
from cli.grammar import command, group, option
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.proposals import write_whole
from cli.types import FILE, GRANT, PRODUCT
from cli.who import entitlement
from registry import messages
from registry.domain.words import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cli.session import Session
    from cli.shapes import Shape
    from registry.client import Dengji
    from registry.domain.audit import Difference
    from registry.domain.ids import GrantId, ProductId
    from registry.domain.moment import At
    from registry.services.audits import AuditProgress

audit = group("audit")
_CLEAR = "\r\x1b[K"
_FAILED = 5


@command("audit.run", audit)
@option("--to", metavar="WHEN")
@option("--deep", is_flag=True)
@option("--anew", is_flag=True)
def run(session: Session, to: str | None, deep: bool, anew: bool) -> Answer:
    """Replay all events, and compare every word with storage."""
    session.long()
    audits = session.reading().audits
    with _shown(session) as show:
        found = audits.run(to=moments.moment(to), deep=deep, anew=anew, progress=show)
    for code in found.unseen:
        session.printer.note(f"cli.audit.unseen-{code}")
    digest = shapes.hexed(found.moment.block_hash)
    session.printer.note("cli.audit.rests", block=found.moment.block, hash=digest)
    outcome = "sound" if found else "differs"
    return Answer(
        headline=f"cli.audit.{outcome}",
        value={
            "at": shapes.moment(found.moment),
            "first": found.first,
            "read_before": found.resumed,
            "events": found.events,
            "words": found.words,
            "deep": found.deep,
            "unseen": list(found.unseen),
            "differences": [difference(one) for one in found.differences],
            "differences_count": found.differences_count,
        },
        exit_code=0 if found else _FAILED,
    )


@command("audit.who", audit)
@option("--product", type=PRODUCT, required=True, metavar="PRODUCT")
@option("--at", metavar="WHEN", required=True)
@option("--proofs", type=FILE, metavar="FOLDER")
@paged(GRANT)
def who(
    session: Session,
    product: ProductId,
    at: str,
    proofs: Path | None,
    limit: int,
    after: GrantId | None,
    csv: bool,
) -> Page:
    """List who could use a product at a moment."""
    columns = ("grant", "grantee", "actions", "purposes", "remaining", "ends_at")
    client = session.reading()
    when = moments.moment(at)
    found = client.audits.who(product, at=when)
    if proofs is not None:
        grants = [one.grant for one in found.entitlements]
        _prove(client, proofs, [product, *grants], when)
        session.printer.note("cli.audit.proofs", count=len(grants) + 1, folder=str(proofs))
    place = {"block": found.moment.block, "time": shapes.time(found.moment.time)}
    session.notice("from-events", place)
    for one in found.holders:
        rights = "|".join(names(one.rights))
        session.printer.note("cli.audit.holder", party=str(one.party), rights=rights)
    return page(
        found.entitlements,
        entitlement,
        columns,
        limit=limit,
        csv=csv,
        after=None if after is None else str(after),
        key="grant",
        value={
            "at": shapes.moment(found.moment),
            "holders": [shapes.holding(one) for one in found.holders],
        },
    )


def difference(value: Difference) -> Shape:
    """Shape one difference between what was told and what is there."""
    return {
        "kind": str(value.kind),
        "contract": value.contract,
        "block": value.block,
        "log_index": value.log_index,
        "what": value.what,
        "place": shapes.hexed(value.place),
        "expected": None if value.expected is None else "0x" + value.expected,
        "found": None if value.found is None else "0x" + value.found,
        "fields": list(value.fields),
    }


def _prove(
    client: Dengji, folder: Path, subjects: Sequence[ProductId | GrantId], at: At | None
) -> None:
    """Write a proof of each product or grant as of a moment, under its id."""
    from registry.domain.ids import GrantId  # noqa: PLC0415 (start-up time)
    from registry.domain.proof import OfGrant, OfProduct  # noqa: PLC0415 (start-up time)

    make_folder(folder)
    for one in subjects:
        subject = OfGrant(grant=one) if isinstance(one, GrantId) else OfProduct(product=one)
        made = client.proofs.create(subject, at=at)
        write_whole(folder / f"{one}.proof.json", made.raw)


@contextmanager
def _shown(session: Session) -> Iterator[Callable[[AuditProgress], None] | None]:
    """Yield what shows how far an audit is on one line of stderr, None where nobody sees it."""
    if not sys.stderr.isatty():
        yield None
        return

    def show(progress: AuditProgress) -> None:
        said = {"done": progress.done, "total": progress.total}
        line = messages.text(f"cli.audit.progress-{progress.step}", session.lang, **said)
        sys.stderr.write(_CLEAR + line)
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write(_CLEAR)
        sys.stderr.flush()
