"""`dengji party agent`: appoint, dismiss and list the agents (经办人) of a party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import accounts, moments, shapes
from cli.grammar import argument, command, group, option
from cli.keys import consent_in, later, shape
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.types import FILE, PARTY_OR_ME, WordType
from registry.errors import OptionsUnfit

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import PartyId
    from registry.domain.party import Scope
    from registry.services.actor import Me

agent = group("party.agent")


@command("party.agent.add", agent)
@argument("account", required=False)
@option("--scope", "scopes", type=WordType("Scope", many=True), metavar="SCOPES")
@option("--until", metavar="WHEN")
@option("--consent", type=FILE, metavar="FILE")
def add(
    session: Session,
    account: str | None,
    scopes: Scope | None,
    until: str | None,
    consent: Path | None,
) -> Answer:
    """Let another key act for the party within scopes until a time."""
    if (account is None) == (consent is None):
        raise OptionsUnfit(rule="one-of", options=["ACCOUNT", "--consent"])
    if account is not None and (scopes is None or until is None):
        raise OptionsUnfit(rule="together", options=["ACCOUNT", "--scope", "--until"])
    key = None if account is None else accounts.named(session, account)
    signed = None if consent is None else consent_in(consent)
    client = session.writing()
    ends = 0 if until is None else later(client.ledger, until)
    said = until or ""
    receipt = client.keys.appoint(signed or key, scopes, ends, said=said)  # type: ignore[arg-type]
    address = signed.message.key if signed is not None else key
    made = None if address is None else client.keys.record(address)
    record = {} if made is None else shape(made)
    return Answer(
        headline="cli.party.agent.added", value={**record, "receipt": shapes.receipt(receipt)}
    )


@command("party.agent.remove", agent)
@argument("account")
def remove(session: Session, account: str) -> Answer:
    """End an agent's span at once."""
    key = accounts.named(session, account)
    client = session.writing()
    receipt = client.keys.dismiss(key)
    return Answer(
        headline="cli.party.agent.removed",
        value={"key": str(key), "receipt": shapes.receipt(receipt)},
    )


@command("party.agent.list", agent)
@argument("party_id", metavar="PARTY", required=False, type=PARTY_OR_ME)
@option("--at", metavar="WHEN")
@paged()
def list_(
    session: Session,
    party_id: PartyId | Me | None,
    at: str | None,
    limit: int,
    after: str | None,
    csv: bool,
) -> Page:
    """List the agents of a party."""
    found = session.reading().keys.agents(party_id or "me", at=moments.moment(at))
    columns = ("key", "scopes", "standing", "since", "until")
    return page(found, shape, columns, limit=limit, after=after, csv=csv, key="key")
