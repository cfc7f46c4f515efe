"""`dengji party`: enrol, show, list, suspend and resume parties; the rest stands beside this."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, cast

from cli import moments, shapes
from cli.files import read_bytes
from cli.grammar import Group, argument, command, option
from cli.identities import identified, text_of
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.recover import shape
from cli.types import FILE, PARTY, PARTY_OR_ME, WordType

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import PartyId
    from registry.domain.vocabulary import Reason
    from registry.services.actor import Me

party = Group(
    "party",
    topic="party",
    no_args_is_help=True,
    lazy={
        **{name: f"cli.party:{name}" for name in ("enrol", "show", "suspend", "resume")},
        "list": "cli.party:list_",
        "identity": "cli.identity:identity",
        **{name: f"cli.keys:{name}" for name in ("keys", "signer", "consent", "rotate")},
        "agent": "cli.agent:agent",
        "recover": "cli.recover:recover",
        "admit": "cli.registrar:admit",
        "delist": "cli.registrar:delist",
        "admit-key": "cli.registrar:admit_key",
    },
)

_EVIDENCE_BYTES = 12


@command("party.enrol")
@identified()
def enrol(
    session: Session, credit_code: str | None, identity: str | None, identity_file: Path | None
) -> Answer:
    """Enrol the account, or show the party it belongs to."""
    text = text_of(credit_code, identity, identity_file)
    parties = session.writing(enrol=False, founding=text).parties
    made = parties.enrol(text)
    if made.receipt is None and text is not None and not parties.opens(made.party, text):
        session.printer.note("cli.party.identity-stays")
    return Answer(
        headline="cli.party.already" if made.receipt is None else "cli.party.enrolled",
        value={**shapes.party(made.party), "receipt": shapes.receipt(made.receipt)},
    )


@command("party.show")
@argument("party_id", metavar="PARTY", required=False, type=PARTY_OR_ME)
@option("--at", metavar="WHEN")
def show(session: Session, party_id: PartyId | Me | None, at: str | None) -> Answer:
    """Show a party with its suspensions."""
    client, when = session.reading(), moments.moment(at)
    parties = client.parties
    found = parties.get(party_id or "me", at=when)
    suspensions = [shapes.suspension(one) for one in parties.suspensions(found.id, at=when)]
    announced = shape(parties.recovery(found.id, at=when))
    return Answer(
        value={
            **shapes.party(found),
            "suspensions": suspensions,
            "recovery": announced,
            "deployment": shapes.earlier(client.ledger, found.id),
        }
    )


@command("party.list")
@paged(PARTY)
def list_(session: Session, limit: int, after: PartyId | None, csv: bool) -> Page:
    """List the parties."""
    columns = ("id", "standing", "controller", "since")
    found = session.reading().parties.list(after=after)
    return page(found, shapes.party, columns, limit=limit, csv=csv)


@command("party.suspend")
@argument("party_id", metavar="PARTY", type=PARTY)
@option("--reason", type=WordType("Reason"), default="UNSPECIFIED", metavar="REASON")
@option("--evidence", type=FILE, metavar="FILE")
def suspend(session: Session, party_id: PartyId, reason: Reason, evidence: Path | None) -> Answer:
    """Suspend a party."""
    return suspended(session, party_id, reason, evidence)


def suspended(session: Session, party_id: PartyId, reason: Reason, evidence: Path | None) -> Answer:
    """Suspend a party for a reason and tell so."""
    digest = sha256(read_bytes(evidence)).digest() if evidence else bytes(_EVIDENCE_BYTES)
    receipt = session.writing().parties.suspend(party_id, reason, digest[:_EVIDENCE_BYTES])
    return Answer(
        headline="cli.party.suspended",
        value={"party": str(party_id), "reason": reason.name, "receipt": shapes.receipt(receipt)},
    )


@command("party.resume")
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
