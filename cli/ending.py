"""`dengji grant suspend|resume|end|export`: what is done about a grant that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli import prompts, proposals, shapes
from cli.files import read_bytes
from cli.grammar import argument, command, option
from cli.output import Answer, Raw
from cli.types import FILE, GRANT, GRANT_OR_FILE, NumberType, WordType
from registry.errors import OptionsUnfit

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from cli.shapes import Shape
    from registry.domain.ids import GrantId
    from registry.domain.vocabulary import Reason

_DEADLINE = "14d"


@command("grant.suspend")
@argument("grant", type=GRANT)
@option("--reason", type=WordType("Reason"), default="UNSPECIFIED", metavar="REASON")
@option("--evidence", type=FILE, metavar="FILE")
def suspend(session: Session, grant: GrantId, reason: Reason, evidence: Path | None) -> Answer:
    """Suspend a grant and all that rests on it."""
    from hashlib import sha256  # noqa: PLC0415 (start-up time)

    from registry.domain.events import GrantSuspended  # noqa: PLC0415 (start-up time)

    proof = bytes(12) if evidence is None else sha256(read_bytes(evidence)).digest()[:12]
    receipt = session.writing().agreements.suspend(grant, reason, evidence=proof)
    index = next(one.index for one in receipt.events if isinstance(one, GrantSuspended))
    return Answer(
        headline="cli.grant.suspended",
        value={
            "grant": str(grant),
            "index": index,
            "reason": reason.name,
            "evidence": shapes.hexed(proof),
            "receipt": shapes.receipt(receipt),
        },
    )


@command("grant.resume")
@argument("grant", type=GRANT)
@option("--index", type=NumberType(min=0), metavar="NUMBER")
def resume(session: Session, grant: GrantId, index: int | None) -> Answer:
    """End a suspension: the one named, else each that one's own party made."""
    client = session.writing()
    wanted = client.grants.own_suspensions(grant) if index is None else [index]
    # None of one's own: the chain says what is wrong with the first.
    receipts = [client.agreements.resume(grant, one) for one in wanted or [0]]
    return Answer(
        headline="cli.grant.resumed",
        value={"grant": str(grant), "receipts": [shapes.receipt(one) for one in receipts]},
    )


@command("grant.end")
@argument("grant", type=GRANT)
@option("--at", metavar="WHEN")
@option("--deadline", default=_DEADLINE, metavar="WHEN")
@option("--out", type=FILE, metavar="FILE")
@option("--with", "other", type=FILE, metavar="FILE")
def end(
    session: Session,
    grant: GrantId,
    at: str | None,
    deadline: str,
    out: Path | None,
    other: Path | None,
) -> Answer:
    """End a grant by the will of both sides: sign one's own, or file it with the other's."""
    if other is not None:
        _require_other_alone(at, deadline, out)
        return _ended(session, grant, other)
    from registry.domain.ending_file import SignedEnding  # noqa: PLC0415 (start-up time)
    from registry.domain.signing import Ending  # noqa: PLC0415 (start-up time)
    from registry.domain.times import parse_time  # noqa: PLC0415 (start-up time)
    from registry.errors import SecondSideNeeded  # noqa: PLC0415 (start-up: seldom raised)

    if out is None:
        raise SecondSideNeeded(grant=str(grant))
    client = session.reading()
    now = client.ledger.moment(None).time
    ends_at = 0 if at is None else parse_time(at, start=now)
    ending = Ending(grant=grant, ends_at=ends_at, deadline=parse_time(deadline, start=now))
    prompts.require_consent(session, "grant end")
    approval = client.agreements.sign_ending(
        grant, ends_at=ending.ends_at, deadline=ending.deadline
    )
    signed = SignedEnding(
        domain=client.grants.domain,
        ending=ending,
        party=client.parties.mine().id,
        approval=approval,
    )
    proposals.write_whole(out, signed.dump())
    return Answer(
        headline="cli.grant.ending-signed",
        value={
            "grant": str(grant),
            "ends_at": shapes.time(ends_at),
            "deadline": shapes.time(ending.deadline),
            "signer": str(approval.signer),
            "file": str(out),
        },
    )


def _require_other_alone(at: str | None, deadline: str, out: Path | None) -> None:
    """Refuse to file the other's will at another time than it says; raises `OptionsUnfit`."""
    given = {"--at": at, "--deadline": deadline if deadline != _DEADLINE else None, "--out": out}
    typed = [name for name, value in given.items() if value is not None]
    if typed:
        raise OptionsUnfit(rule="apart", options=["--with", *typed])


def _ended(session: Session, grant: GrantId, other: Path) -> Answer:
    from registry.domain import ending_file  # noqa: PLC0415 (start-up time)
    from registry.domain.events import GrantEnded  # noqa: PLC0415 (start-up time)
    from registry.errors import GrantOther  # noqa: PLC0415 (start-up: seldom raised)

    signed = ending_file.load(read_bytes(other))
    if signed.ending.grant != grant:
        raise GrantOther(given=str(grant), signed=str(signed.ending.grant))
    ending = signed.ending
    receipt = session.writing().agreements.end(
        grant, ends_at=ending.ends_at, deadline=ending.deadline, other=signed.approval
    )
    at = next(one.ends_at for one in receipt.events if isinstance(one, GrantEnded))
    return Answer(
        headline="cli.grant.ended",
        value={
            "grant": str(grant),
            "ends_at": shapes.time(at),
            "deadline": shapes.time(ending.deadline),
            "signer": str(signed.approval.signer),
            "file": str(other),
            "receipt": shapes.receipt(receipt),
        },
    )


@command("grant.export")
@argument("subject", metavar="GRANT|FILE", type=GRANT_OR_FILE)
@option("--format", "form", type=click.Choice(["odrl", "typed-data", "vc"]), default="odrl")
@option("--number", type=NumberType(min=1), default=1, metavar="NUMBER")
def export(session: Session, subject: GrantId | Path, form: str, number: int) -> Raw:
    """Write terms as ODRL or a credential, or what is signed as wallets take it."""
    import json  # noqa: PLC0415 (start-up time)

    found = _exported(session, subject, form, number)
    value: Shape = {form.replace("-", "_"): found}
    return Raw(text=json.dumps(found, indent=2, ensure_ascii=False), value=value)


def _exported(session: Session, subject: GrantId | Path, form: str, number: int) -> dict[str, Any]:
    from registry.domain.ids import GrantId as Id  # noqa: PLC0415 (start-up time)
    from registry.domain.odrl import to_odrl  # noqa: PLC0415 (start-up time)
    from registry.domain.odrl_terms import urn  # noqa: PLC0415 (start-up time)

    if form == "vc":
        return _credential(session, subject)
    if isinstance(subject, Id):
        grants = session.reading().grants
        known = grants.get(subject)
        if form == "odrl":
            return to_odrl(known.clauses, uid=urn(known.id), parent=known.parent)
        return known.clauses.typed_data(grants.domain, known.parent)
    proposal = proposals.read(subject)
    if form == "odrl":
        clauses = proposal.offer.clauses
        one = min(number, len(clauses)) - 1
        return to_odrl(clauses[one], uid=urn(proposal.grants[one]), parent=proposal.parent)
    return proposal.message.typed_data(proposal.domain)


def _credential(session: Session, subject: GrantId | Path) -> dict[str, Any]:
    """Return a grant as a credential; an offer is on no record yet."""
    from registry.domain.ids import GrantId as Id  # noqa: PLC0415 (start-up time)
    from registry.errors import OfferUnrecorded  # noqa: PLC0415 (start-up: seldom raised)

    if not isinstance(subject, Id):
        raise OfferUnrecorded(file=str(subject))
    return session.reading().exports.grant(subject)
