"""`dengji registrar` and `dengji party admit`: the offices that parties hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import accounts, shapes, steps
from cli.grammar import argument, command, group, option
from cli.identities import identified, text_of
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.party import suspended
from cli.types import FILE, PARTY, DigestType, WordType
from registry.errors import IdentityNeeded, OptionsUnfit

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import PartyId
    from registry.domain.keys import Registrar
    from registry.domain.party import Role
    from registry.domain.vocabulary import Reason

registrar = group("registrar")


def shape(value: Registrar) -> shapes.Shape:
    """Shape one registrar."""
    return {
        "number": value.number,
        "party": str(value.party),
        "seat": str(value.seat),
        "listed": value.listed,
    }


@command("party.admit")
@argument("party_id", metavar="PARTY", type=PARTY)
@option("--role", type=WordType("Role"), metavar="ROLE", required=True)
@option("--seat", metavar="SEAT")
def admit(session: Session, party_id: PartyId, role: Role, seat: str | None) -> Answer:
    """Take the next step of giving a party a role."""
    return _admit(session, party_id, role, seat)


@command("party.delist")
@argument("party_id", metavar="PARTY", type=PARTY)
@option("--role", type=WordType("Role"), metavar="ROLE", required=True)
def delist(session: Session, party_id: PartyId, role: Role) -> Answer:
    """Take the next step of taking a role from a party."""
    step = session.writing().registrars.take(party_id, role)
    return steps.answer("party.delist", step, party=str(party_id), role=role.name)


@command("party.admit-key")
@argument("account")
@option("--hash", "hashed", type=DigestType(), metavar="HEX")
@identified()
@option("--salt", metavar="HEX")
def admit_key(
    session: Session,
    account: str,
    hashed: bytes | None,
    credit_code: str | None,
    identity: str | None,
    identity_file: Path | None,
    salt: str | None,
) -> Answer:
    """Let a key enrol, where registrars decide who does."""
    from registry.domain.identity import parse_salt  # noqa: PLC0415 (start-up time)

    key = accounts.named(session, account)
    text = text_of(credit_code, identity, identity_file)
    registrars = session.writing().registrars
    if text is not None:
        found = registrars.hash_of(text, None if salt is None else parse_salt(salt))
        if hashed is not None and hashed != found:
            raise OptionsUnfit(rule="alike", options=["--hash", "--salt"])
        hashed = found
    if hashed is None:
        raise IdentityNeeded
    receipt = registrars.admit_key(key, hashed)
    return Answer(
        headline="cli.party.admit-key.done",
        value={
            "key": str(key),
            "identity_hash": shapes.hexed(hashed),
            "receipt": shapes.receipt(receipt),
        },
    )


@command("registrar.admit", registrar)
@argument("party_id", metavar="PARTY", type=PARTY)
@option("--seat", metavar="SEAT", required=True)
def admit_registrar(session: Session, party_id: PartyId, seat: str) -> Answer:
    """Take the next step of admitting a party as a registrar."""
    from registry.domain.party import Role  # noqa: PLC0415 (start-up time)

    return _admit(session, party_id, Role.REGISTRAR, seat)


@command("registrar.delist", registrar)
@argument("party_id", metavar="PARTY", type=PARTY)
def delist_registrar(session: Session, party_id: PartyId) -> Answer:
    """Take the next step of delisting a registrar."""
    from registry.domain.party import Role  # noqa: PLC0415 (start-up time)

    step = session.writing().registrars.take(party_id, Role.REGISTRAR)
    return steps.answer("party.delist", step, party=str(party_id), role="REGISTRAR")


@command("registrar.suspend", registrar)
@argument("party_id", metavar="PARTY", type=PARTY)
@option("--reason", type=WordType("Reason"), default="UNSPECIFIED", metavar="REASON")
@option("--evidence", type=FILE, metavar="FILE")
def suspend(session: Session, party_id: PartyId, reason: Reason, evidence: Path | None) -> Answer:
    """Suspend a registrar's party at once, as a regulator."""
    return suspended(session, party_id, reason, evidence)


@command("registrar.list", registrar)
@paged()
def list_(session: Session, limit: int, after: str | None, csv: bool) -> Page:
    """List the registrars by their numbers."""
    columns = ("number", "seat", "party", "listed")
    found = session.reading().registrars.list()
    return page(found, shape, columns, limit=limit, after=after, csv=csv, key="number")


def _admit(session: Session, party_id: PartyId, role: Role, seat: str | None) -> Answer:
    from registry.domain.keys import parse_seat  # noqa: PLC0415 (start-up time)
    from registry.domain.party import Role as Roles  # noqa: PLC0415 (start-up time)

    if (role is Roles.REGISTRAR) != (seat is not None):
        raise OptionsUnfit(rule="seat", options=["--role REGISTRAR", "--seat"])
    chosen = None if seat is None else parse_seat(seat)
    registrars = session.writing().registrars
    step = registrars.give(party_id, role) if chosen is None else registrars.admit(party_id, chosen)
    return steps.answer("party.admit", step, party=str(party_id), role=role.name, seat=seat)
