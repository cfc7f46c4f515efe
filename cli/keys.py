"""`dengji party rotate`, `consent`, `keys`, `signer`: the keys that speak for a party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import accounts, moments, shapes
from cli.files import read_bytes
from cli.grammar import argument, command, option
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.types import FILE, PARTY, PARTY_OR_ME, WordType
from registry.domain.words import names
from registry.errors import OptionsUnfit

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.consents import SignedConsent
    from registry.domain.ids import PartyId
    from registry.domain.keys import PartyKey
    from registry.domain.ledger import Ledger
    from registry.domain.party import Scope
    from registry.services.actor import Me


def shape(value: PartyKey) -> shapes.Shape:
    """Shape one key of a party."""
    return {
        "key": str(value.address),
        "party": str(value.party),
        "kind": value.kind.name,
        "standing": value.standing.name,
        "scopes": names(value.scopes),
        "since": shapes.time(value.since),
        "until": shapes.time(value.until),
        "from_block": value.from_block,
        "until_block": value.until_block,
    }


def consent_in(file: Path) -> SignedConsent:
    """Return the consent in a file; raises `ConsentMalformed` and what reading files raises."""
    from registry.domain import consents  # noqa: PLC0415 (start-up time)

    return consents.load(read_bytes(file), file=str(file))


def later(ledger: Ledger, given: str) -> int:
    """Return a time given as ISO 8601 or as a duration from the ledger's now."""
    from registry.domain.times import parse_time  # noqa: PLC0415 (start-up time)

    return parse_time(given, start=ledger.moment().time)


@command("party.keys")
@argument("party_id", metavar="PARTY", required=False, type=PARTY_OR_ME)
@option("--at", metavar="WHEN")
@paged()
def keys(
    session: Session,
    party_id: PartyId | Me | None,
    at: str | None,
    limit: int,
    after: str | None,
    csv: bool,
) -> Page:
    """List the keys of a party with the spans in which they spoke for it."""
    found = session.reading().keys.list(party_id or "me", at=moments.moment(at))
    columns = ("key", "kind", "standing", "since", "until")
    return page(found, shape, columns, limit=limit, after=after, csv=csv, key="key")


@command("party.signer")
@argument("key", metavar="KEY")
@option("--at", metavar="WHEN")
def signer(session: Session, key: str, at: str | None) -> Answer:
    """Tell which party a key speaks for, or spoke for at a past time."""
    client = session.reading()
    moment = client.ledger.moment(moments.moment(at))
    address = accounts.named(session, key)
    found = client.keys.record(address)
    spoke = found is not None and found.spoke_at(moment.time)
    headline = "spoke" if spoke else "silent" if found is not None else "nobody"
    record = {} if found is None else shape(found)
    return Answer(
        headline=f"cli.party.signer.{headline}",
        value={**record, "key": str(address), "spoke": spoke, "at": shapes.moment(moment)},
        exit_code=0 if spoke else 1,
    )


@command("party.consent")
@argument("party_id", metavar="PARTY", type=PARTY)
@option("--scope", "scopes", type=WordType("Scope", many=True), metavar="SCOPES")
@option("--until", metavar="WHEN")
@option("--deadline", default="7d", metavar="WHEN")
@option("--out", type=FILE, metavar="FILE")
def consent(
    session: Session,
    party_id: PartyId,
    scopes: Scope | None,
    until: str | None,
    deadline: str,
    out: Path | None,
) -> Answer:
    """Sign that one's account will be a party's controller or, with scopes, its agent."""
    from registry.archive import write_private  # noqa: PLC0415 (start-up time)
    from registry.domain import consents  # noqa: PLC0415 (start-up time)
    from registry.errors import AccountNeeded  # noqa: PLC0415 (start-up time)

    if (scopes is None) != (until is None):
        raise OptionsUnfit(rule="together", options=["--scope", "--until"])
    client = session.reading()
    account = client.account
    if account is None:
        raise AccountNeeded(known=[])
    made = client.keys.consent(
        party_id,
        account,
        scopes=scopes,
        valid_until=0 if until is None else later(client.ledger, until),
        deadline=later(client.ledger, deadline),
    )
    if out is not None:
        write_private(out, consents.dump(made))
    said = consents.mapping(made)
    return Answer(
        headline="cli.party.consent.signed",
        value={**said, "file": None if out is None else str(out)},
        hidden=frozenset({"format"}),
    )


@command("party.rotate")
@option("--to", metavar="ACCOUNT")
@option("--consent", type=FILE, metavar="FILE")
def rotate(session: Session, to: str | None, consent: Path | None) -> Answer:
    """Hand the party over to another key."""
    if (to is None) == (consent is None):
        raise OptionsUnfit(rule="one-of", options=["--to", "--consent"])
    given = accounts.named(session, to) if to is not None else None
    signed = consent_in(consent) if consent is not None else None
    client = session.writing()
    party = client.parties.mine()
    receipt = client.keys.rotate(signed or given)  # type: ignore[arg-type]
    after = client.parties.get(party.id)
    return Answer(
        headline="cli.party.rotate.done",
        value={
            "party": str(party.id),
            "from": str(party.controller),
            "to": str(after.controller),
            "receipt": shapes.receipt(receipt),
        },
    )
