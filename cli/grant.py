"""`dengji grant`: issue, show, list and revoke grants."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from cli import moments, shapes
from cli.files import read_bytes
from cli.grammar import argument, command, group, option, together
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.types import (
    FILE,
    GRANT,
    PARTY,
    PARTY_OR_ME,
    PRODUCT,
    QUOTA,
    SALT,
    TERRITORY,
    VERSION,
    NumberType,
    WordType,
)
from registry.errors import ArchiveNeeded

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.client import Dengji
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.vocabulary import Reason
    from registry.services.actor import Me

grant = group("grant")


def _words(*names: str, vocabulary: str, **attributes: Any) -> Any:  # noqa: ANN401 (click's)
    return option(*names, type=WordType(vocabulary, many=True), multiple=True, **attributes)


_the_clauses = together(
    _words("--action", vocabulary="Action", required=True, metavar="ACTION"),
    _words("--purpose", vocabulary="Purpose", required=True, metavar="PURPOSE"),
    option("--from", "start", metavar="WHEN"),
    option("--until", metavar="WHEN"),
    option("--quota", type=QUOTA, metavar="AMOUNT"),
    option("--rights", type=WordType("Right", many=True), default="USE", metavar="RIGHTS"),
    option("--version", type=VERSION, default=0, metavar="NUMBER"),
    _words("--environment", vocabulary="Environment", metavar="WHERE"),
    _words("--obligation", vocabulary="Obligation", metavar="DUTY"),
    option("--territory", type=TERRITORY, multiple=True, metavar="CODE"),
    option("--template", type=WordType("Template"), default="NONE", metavar="KIND"),
    option("--notice-days", type=NumberType(0, 63), default=0, metavar="DAYS"),
    option("--text", type=FILE, metavar="FILE"),
    option("--salt", type=SALT, metavar="NUMBER"),
)


@command("grant.issue", grant)
@argument("product", type=PRODUCT)
@option("--to", type=PARTY, required=True, metavar="PARTY")
@_the_clauses
def issue(session: Session, product: ProductId, to: PartyId, **given: Any) -> Answer:  # noqa: ANN401
    """Issue a grant."""
    client = session.writing()
    wish = _wish(product, to, given)
    issued = client.grants.issue(product=product, to=to, wish=wish, **_clauses(client, given))
    value: shapes.Shape = {**shapes.grant(issued), "resumed": issued.resumed}
    return Answer(headline="cli.grant.issued", value=value)


def _wish(product: ProductId, to: PartyId, given: dict[str, Any]) -> str:
    """Return what tells this wish from another, whatever salts and times the words come to."""
    from hashlib import sha256  # noqa: PLC0415 (start-up time)

    text = given["text"]
    said = {**given, "text": text and sha256(read_bytes(text)).digest()}
    return sha256(repr((product, to, sorted(said.items()))).encode()).hexdigest()


def _clauses(client: Dengji, given: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed as the fields of clauses."""
    from registry.domain import territory, vocabulary  # noqa: PLC0415 (start-up time)

    def mask(name: str, kind: type[Any]) -> Any:  # noqa: ANN401 (as `kind` says)
        return reduce(or_, given[name], kind(0))

    text = given["text"]
    return {
        "actions": mask("action", vocabulary.Action),
        "purposes": mask("purpose", vocabulary.Purpose),
        "environment": mask("environment", vocabulary.Environment),
        "obligations": mask("obligation", vocabulary.Obligation),
        "territory": territory.normal(given["territory"]),
        "text": _kept(client, text),
        **{name: given[name] for name in ("start", "until", "quota", "rights")},
        **{name: given[name] for name in ("version", "template", "notice_days", "salt")},
    }


def _kept(client: Dengji, text: Path | None) -> bytes | None:
    """Return the salted hash of a full text, whose opening is kept at home."""
    if text is None:
        return None
    if client.archive is None:
        raise ArchiveNeeded(kind="texts")
    return client.archive.keep_salted("texts", read_bytes(text))


@command("grant.show", grant)
@argument("grant", type=GRANT)
@option("--at", metavar="WHEN")
def show(session: Session, grant: GrantId, at: str | None) -> Answer:
    """Show a grant."""
    return Answer(value=shapes.grant(session.reading().grants.get(grant, at=moments.moment(at))))


@command("grant.list", grant)
@option("--product", type=PRODUCT, metavar="PRODUCT")
@option("--grantor", type=PARTY_OR_ME, metavar="PARTY")
@option("--grantee", type=PARTY_OR_ME, metavar="PARTY")
@paged(GRANT)
def list_(
    session: Session,
    product: ProductId | None,
    grantor: PartyId | Me | None,
    grantee: PartyId | Me | None,
    limit: int,
    after: GrantId | None,
    csv: bool,
) -> Page:
    """List grants."""
    columns = ("id", "state", "product", "grantor", "grantee", "since", "ends_at")
    found = session.reading().grants.list(
        product=product, grantor=grantor, grantee=grantee, after=after
    )
    return page(found, shapes.grant, columns, limit=limit, csv=csv)


@command("grant.revoke", grant)
@argument("grants", metavar="GRANT", nargs=-1, required=True, type=GRANT)
@option("--reason", type=WordType("Reason"), default="UNSPECIFIED", metavar="REASON")
def revoke(session: Session, grants: tuple[GrantId, ...], reason: Reason) -> Answer:
    """Revoke or renounce grants, several in one transaction."""
    from registry.domain.events import GrantRevoked  # noqa: PLC0415 (start-up time)

    service = session.writing().grants
    one = len(grants) == 1
    receipt = service.revoke(grants[0], reason) if one else service.revoke_all(grants, reason)
    return Answer(
        headline="cli.grant.revoked",
        value={
            "grants": [
                {"grant": str(event.grant), "ends_at": shapes.time(event.ends_at)}
                for event in receipt.events
                if isinstance(event, GrantRevoked)
            ],
            "reason": reason.name,
            "receipt": shapes.receipt(receipt),
        },
    )
