"""`dengji party`: enrol, show, list, suspend and resume parties."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, cast

from cli import moments, shapes
from cli.files import read_bytes, read_text
from cli.grammar import argument, command, group, option
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.types import FILE, PARTY, PARTY_OR_ME, WordType

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import PartyId
    from registry.domain.vocabulary import Reason
    from registry.services.actor import Me

party = group("party")

_EVIDENCE_BYTES = 12


@command("party.enrol", party)
@option("--identity", metavar="TEXT")
@option("--identity-file", type=FILE, metavar="FILE")
def enrol(session: Session, identity: str | None, identity_file: Path | None) -> Answer:
    """Enrol the account, or show the party it belongs to."""
    if identity_file is not None:
        identity = read_text(identity_file)
    made = session.writing(enrol=False).parties.enrol(identity)
    if made.receipt is None and identity is not None:
        session.printer.note("cli.party.identity-stays")
    return Answer(
        headline="cli.party.already" if made.receipt is None else "cli.party.enrolled",
        value={**shapes.party(made.party), "receipt": shapes.receipt(made.receipt)},
    )


@command("party.show", party)
@argument("party_id", metavar="PARTY", required=False, type=PARTY_OR_ME)
@option("--at", metavar="WHEN")
def show(session: Session, party_id: PartyId | Me | None, at: str | None) -> Answer:
    """Show a party with its suspensions."""
    parties, when = session.reading().parties, moments.moment(at)
    found = parties.get(party_id or "me", at=when)
    suspensions = [shapes.suspension(one) for one in parties.suspensions(found.id, at=when)]
    return Answer(value={**shapes.party(found), "suspensions": suspensions})


@command("party.list", party)
@paged(PARTY)
def list_(session: Session, limit: int, after: PartyId | None, csv: bool) -> Page:
    """List the parties."""
    columns = ("id", "standing", "controller", "since")
    found = session.reading().parties.list(after=after)
    return page(found, shapes.party, columns, limit=limit, csv=csv)


@command("party.suspend", party)
@argument("party_id", metavar="PARTY", type=PARTY)
@option("--reason", type=WordType("Reason"), default="UNSPECIFIED", metavar="REASON")
@option("--evidence", type=FILE, metavar="FILE")
def suspend(session: Session, party_id: PartyId, reason: Reason, evidence: Path | None) -> Answer:
    """Suspend a party."""
    digest = sha256(read_bytes(evidence)).digest() if evidence else bytes(_EVIDENCE_BYTES)
    receipt = session.writing().parties.suspend(party_id, reason, digest[:_EVIDENCE_BYTES])
    return Answer(
        headline="cli.party.suspended",
        value={"party": str(party_id), "reason": reason.name, "receipt": shapes.receipt(receipt)},
    )


@command("party.resume", party)
@argument("party_id", metavar="PARTY", type=PARTY)
def resume(session: Session, party_id: PartyId) -> Answer:
    """End suspensions of a party."""
    receipts = session.writing().parties.resume(party_id)
    return Answer(
        headline="cli.party.resumed" if receipts else "cli.party.nothing-to-resume",
        value={
            "party": str(party_id),
            "receipts": [cast("shapes.Shape", shapes.receipt(one)) for one in receipts],
        },
        exit_code=0 if receipts else 1,
    )
