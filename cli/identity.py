"""`dengji party identity`: show, prepare and verify the identity that a party is bound to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import shapes
from cli.grammar import argument, command, group, option
from cli.identities import identified, needed_of
from cli.output import Answer
from cli.types import PARTY, PARTY_OR_ME

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import PartyId
    from registry.services.actor import Me
    from registry.services.identities import Opening

identity = group("party.identity")


@command("party.identity.show", identity)
@argument("party_id", metavar="PARTY", required=False, type=PARTY_OR_ME)
def show(session: Session, party_id: PartyId | Me | None) -> Answer:
    """Show the hash of a party's identity, and what opens it where that is kept here."""
    return Answer(value=_opening(session.reading().parties.identity(party_id or "me")))


@command("party.identity.prepare", identity)
@identified()
def prepare(
    session: Session, credit_code: str | None, identity: str | None, identity_file: Path | None
) -> Answer:
    """Make the hash of an identity before it is enrolled."""
    made = session.reading().parties.prepare_identity(
        needed_of(credit_code, identity, identity_file)
    )
    return Answer(headline="cli.party.identity.prepared", value=_opening(made))


@command("party.identity.verify", identity)
@argument("party_id", metavar="PARTY", type=PARTY)
@identified()
@option("--salt", metavar="HEX", required=True)
def verify(
    session: Session,
    party_id: PartyId,
    credit_code: str | None,
    identity: str | None,
    identity_file: Path | None,
    salt: str,
) -> Answer:
    """Check that a code or text with a salt is what a party enrolled with."""
    from registry.domain.identity import parse_salt  # noqa: PLC0415 (start-up time)

    text = needed_of(credit_code, identity, identity_file)
    parties = session.reading().parties
    same = parties.verify_identity(party_id, text, parse_salt(salt))
    return Answer(
        headline="cli.party.identity.verified" if same else "cli.party.identity.differs",
        value={"party": str(party_id), "matches": same},
        exit_code=0 if same else 1,
    )


def _opening(value: Opening) -> shapes.Shape:
    return {
        "party": None if value.party is None else str(value.party),
        "identity_hash": shapes.hexed(value.identity_hash),
        "identity": value.text,
        "salt": shapes.hexed(value.salt),
    }
