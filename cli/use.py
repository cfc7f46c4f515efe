"""`dengji usage …`: record uses, sign and settle receipts of them, and show what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import shapes, use_shapes
from cli.files import read_text
from cli.grammar import argument, command, group, option
from cli.output import Answer, Raw
from cli.paging import page, paged
from cli.types import FILE, GRANT, TERRITORY, NumberType, WordType
from registry.errors import OptionsUnfit, UseUnnamed

if TYPE_CHECKING:
    from pathlib import Path

    from cli.output import Page
    from cli.session import Session
    from registry.client import Dengji
    from registry.domain.ids import GrantId
    from registry.domain.usage import SignedReceipt
    from registry.domain.vocabulary import Action, Environment, Purpose
    from registry.services.usages import Counted

usage = group("usage")


@command("usage.record", usage)
@argument("grant", type=GRANT)
@option("--action", type=WordType("Action"), required=True, metavar="ACTION")
@option("--purpose", type=WordType("Purpose"), required=True, metavar="PURPOSE")
@option("--amount", type=NumberType(min=1), default=1, metavar="NUMBER")
@option("--environment", type=WordType("Environment"), metavar="WHERE")
@option("--territory", type=TERRITORY, default=0, metavar="CODE")
def record(
    session: Session,
    grant: GrantId,
    action: Action,
    purpose: Purpose,
    amount: int,
    environment: Environment | None,
    territory: int,
) -> Answer:
    """Record a use on the chain; of a refusal evidence is kept."""
    from registry.domain.vocabulary import Environment as Where  # noqa: PLC0415 (start-up time)

    client = session.writing()
    found = client.usages.record(
        client.grants.get(grant),
        action=action,
        purpose=purpose,
        amount=amount,
        environment=environment or Where(0),
        territory=territory,
        noticed=lambda number: session.notice("refusal-kept", {"number": number}),
    )
    return Answer(
        headline="cli.usage.recorded" if found.remaining is None else "cli.usage.recorded-of",
        value={
            "grant": str(found.grant),
            "action": action.name,
            "purpose": purpose.name,
            "amount": str(found.amount),
            "remaining": None if found.remaining is None else str(found.remaining),
            "receipt": shapes.receipt(found.receipt),
        },
    )


@command("usage.sign", usage)
@argument("file", type=FILE, required=False)
@option("--grant", type=GRANT, metavar="GRANT")
@option("--action", type=WordType("Action"), metavar="ACTION")
@option("--purpose", type=WordType("Purpose"), metavar="PURPOSE")
@option("--amount", type=NumberType(min=1), default=1, metavar="NUMBER")
@option("--header", is_flag=True)
@option("--out", type=FILE, metavar="FILE")
def sign(
    session: Session,
    file: Path | None,
    grant: GrantId | None,
    action: Action | None,
    purpose: Purpose | None,
    amount: int,
    header: bool,
    out: Path | None,
) -> Answer | Raw:
    """Sign the next receipt of a grant, or countersign one that the other side signed."""
    client = session.reading()
    if file is not None:
        if grant is not None or action is not None or purpose is not None:
            raise UseUnnamed(file=str(file))
        given = _read(file)
        signed = client.usages.countersign(given, client.grants.get(given.receipt.grant))
        return _signed("cli.usage.countersigned", signed, out or file, header=header)
    if grant is None or action is None or purpose is None:
        raise UseUnnamed(file="")
    signed = client.usages.sign(
        client.grants.get(grant), action=action, purpose=purpose, amount=amount
    )
    return _signed("cli.usage.signed", signed, out, header=header)


def _read(file: Path) -> SignedReceipt:
    from registry.domain.usage import SignedReceipt as Kind  # noqa: PLC0415 (start-up time)

    return Kind.parse(read_text(file))


def _signed(
    headline: str, signed: SignedReceipt, out: Path | None, *, header: bool
) -> Answer | Raw:
    """Answer with a receipt: as its header, in a file, or as it is."""
    if out is not None:
        from cli.proposals import write_whole  # noqa: PLC0415 (start-up time)

        write_whole(out, signed.text().encode() + b"\n")
    value = use_shapes.signed(signed, out)
    if header:
        return Raw(text=signed.header(), value=value)
    if out is None:
        return Raw(text=signed.text(), value=value)
    return Answer(headline=headline, value=value, hidden=frozenset({"header"}))


@command("usage.take", usage)
@argument("file", type=FILE)
def take(session: Session, file: Path) -> Answer:
    """Note that a receipt was taken, with the other side's signature where it stands there."""
    client = session.reading()
    given = _read(file)
    if given.grantor is not None:
        grant = client.grants.get(given.receipt.grant)
        client.usages.require_signed(given, "grantor", grant)
    client.usages.take(given)
    return Answer(
        headline="cli.usage.taken",
        value=use_shapes.signed(given, file),
        hidden=frozenset({"header"}),
    )


@command("usage.settle", usage)
@argument("grants", metavar="GRANT", nargs=-1, type=GRANT)
@option("--sign", "signs", is_flag=True)
def settle(session: Session, grants: tuple[GrantId, ...], signs: bool) -> Answer:
    """Settle on the chain what both sides signed, in batches; countersign it first where asked."""
    client = session.writing()
    open_ = [one for one in _counted(client, grants) if one.kept is not None and one.open]
    total = sum(1 for one in open_ if signs or (one.kept and one.kept.receipt.complete))
    settled: list[shapes.Shape] = []
    receipts: list[shapes.Shape | None] = []
    for receipt in client.usages.settle(grants or None, sign=signs):
        settled += use_shapes.settled(receipt)
        receipts.append(shapes.receipt(receipt))
        session.notice("settling", {"done": len(settled), "all": max(total, len(settled))})
    kept = client.usages.kept([one.grant for one in open_])
    lacking = [one.receipt.receipt.grant for one in kept if not one.receipt.complete]
    if lacking and not signs:
        session.notice("unsigned", {"count": len(lacking)})
    return Answer(
        headline="cli.usage.settled" if settled else "cli.usage.nothing-to-settle",
        value={"settled": settled, "unsigned": list(map(str, lacking)), "receipts": receipts},
        said={"count": len(settled)},
    )


@command("usage.list", usage)
@option("--grant", type=GRANT, metavar="GRANT")
@option("--open", "open_only", is_flag=True)
@option("--refusals", is_flag=True)
@option("--out", type=FILE, metavar="FILE")
@paged()
def list_(
    session: Session,
    grant: GrantId | None,
    open_only: bool,
    refusals: bool,
    out: Path | None,
    limit: int,
    after: str | None,
    csv: bool,
) -> Page:
    """List what is counted of uses, or the evidence of those refused."""
    if refusals and open_only:
        raise OptionsUnfit(rule="apart", options=["--refusals", "--open"])
    if out is not None and not refusals:
        raise OptionsUnfit(rule="together", options=["--refusals", "--out"])
    client = session.reading()
    if refusals:
        return _refusals(session, client, grant, out, limit=limit, after=after, csv=csv)
    columns = ("grant", "sequence", "cumulative", "settled", "open", "remaining", "complete")
    found = _counted(client, () if grant is None else (grant,))
    shown = (one for one in found if one.open or not open_only)
    return page(shown, use_shapes.counted, columns, limit=limit, csv=csv, after=after, key="grant")


def _counted(client: Dengji, grants: tuple[GrantId, ...]) -> list[Counted]:
    """Return what is counted under the grants given, else under all with a receipt here."""
    wanted = grants or [one.receipt.receipt.grant for one in client.usages.kept()]
    return [client.usages.counted(one) for one in wanted]


def _refusals(
    session: Session,
    client: Dengji,
    grant: GrantId | None,
    out: Path | None,
    *,
    limit: int,
    after: str | None,
    csv: bool,
) -> Page:
    columns = ("number", "time", "grant", "verdict", "action", "purpose", "amount", "block")
    if out is not None:
        from cli.proposals import write_whole  # noqa: PLC0415 (start-up time)

        lines = [text for _, text in client.usages.refusals(grant)]
        write_whole(out, "".join(f"{line}\n" for line in lines).encode())
        session.notice("refusals-written", {"count": len(lines), "file": out})
    return page(
        client.usages.refusals(grant),
        use_shapes.refusal,
        columns,
        limit=limit,
        csv=csv,
        after=after,
        key="number",
    )
