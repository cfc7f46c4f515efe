"""`dengji party recover`: give a party whose key is lost another one, after a delay."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from cli import accounts, shapes
from cli.files import read_bytes
from cli.grammar import argument, command, group, option
from cli.keys import consent_in
from cli.output import Answer
from cli.types import FILE, PARTY, PARTY_OR_ME

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import PartyId
    from registry.domain.keys import Recovery
    from registry.services.actor import Me

recover = group("party.recover")


def shape(value: Recovery | None) -> shapes.Shape | None:
    """Shape an announced recovery."""
    if value is None:
        return None
    return {
        "party": str(value.party),
        "key": str(value.key),
        "by": str(value.by),
        "effective_at": shapes.time(value.effective_at),
        "lapses": shapes.time(value.lapses),
    }


@command("party.recover.announce", recover)
@argument("party_id", metavar="PARTY", type=PARTY)
@option("--to", metavar="ACCOUNT", required=True)
@option("--evidence", type=FILE, metavar="FILE")
def announce(session: Session, party_id: PartyId, to: str, evidence: Path | None) -> Answer:
    """Announce that another key shall control a party."""
    key = accounts.named(session, to)
    digest = sha256(read_bytes(evidence)).digest() if evidence else bytes(32)
    client = session.writing()
    receipt = client.keys.announce_recovery(party_id, key, digest)
    announced = shape(client.keys.recovery(party_id)) or {}
    return Answer(
        headline="cli.party.recover.announced",
        value={**announced, "receipt": shapes.receipt(receipt)},
    )


@command("party.recover.cancel", recover)
@argument("party_id", metavar="PARTY", required=False, type=PARTY_OR_ME)
def cancel(session: Session, party_id: PartyId | Me | None) -> Answer:
    """Cancel an announced recovery."""
    client = session.writing()
    party = client.parties.get(party_id or "me").id
    receipt = client.keys.cancel_recovery(party)
    return Answer(
        headline="cli.party.recover.cancelled",
        value={"party": str(party), "receipt": shapes.receipt(receipt)},
    )


@command("party.recover.finish", recover)
@argument("party_id", metavar="PARTY", type=PARTY)
@option("--consent", type=FILE, metavar="FILE")
def finish(session: Session, party_id: PartyId, consent: Path | None) -> Answer:
    """Carry out a recovery that was announced long enough ago."""
    signed = None if consent is None else consent_in(consent)
    client = session.writing(enrol=False)
    before = client.parties.get(party_id)
    receipt = client.keys.recover(party_id, signed)
    return Answer(
        headline="cli.party.recover.done",
        value={
            "party": str(party_id),
            "from": str(before.controller),
            "to": str(client.parties.get(party_id).controller),
            "receipt": shapes.receipt(receipt),
        },
    )
