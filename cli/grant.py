"""`dengji grant`: issue, show, list and revoke grants."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from cli import moments, shapes
from cli.clause_options import sub_granting, words
from cli.files import read_bytes
from cli.grammar import Group, argument, command, option, together
from cli.output import Answer, Page, Raw
from cli.paging import page, paged
from cli.types import (
    FILE,
    GRANT,
    GRANT_OR_FILE,
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
from registry.errors import ArchiveNeeded, OptionsUnfit

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.client import Dengji
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.vocabulary import Reason
    from registry.services.actor import Me
    from registry.services.provenance import Resting

_LAZY: Final = {
    **{name: f"cli.agreement:{name}" for name in ("propose", "sign", "counter", "submit")},
    **{name: f"cli.agreement:{name}" for name in ("consent", "void")},
    **{name: f"cli.ending:{name}" for name in ("suspend", "resume", "end", "export")},
}
grant = Group("grant", topic="grant", lazy=_LAZY, no_args_is_help=True)


_the_clauses = together(
    words("--action", vocabulary="Action", required=True, metavar="ACTION"),
    words("--purpose", vocabulary="Purpose", required=True, metavar="PURPOSE"),
    option("--from", "start", metavar="WHEN"),
    option("--until", metavar="WHEN"),
    option("--quota", type=QUOTA, metavar="AMOUNT"),
    option("--rights", type=WordType("Right", many=True), default="USE", metavar="RIGHTS"),
    option("--version", type=VERSION, default=0, metavar="NUMBER"),
    words("--environment", vocabulary="Environment", metavar="WHERE"),
    words("--obligation", vocabulary="Obligation", metavar="DUTY"),
    option("--territory", type=TERRITORY, multiple=True, metavar="CODE"),
    sub_granting,
    option("--template", type=WordType("Template"), default="NONE", metavar="KIND"),
    option("--notice-days", type=NumberType(0, 63), default=0, metavar="DAYS"),
    option("--text", type=FILE, metavar="FILE"),
    option("--salt", type=SALT, metavar="NUMBER"),
)


@command("grant.issue", grant)
@argument("product", type=PRODUCT)
@option("--to", type=PARTY, required=True, metavar="PARTY")
@option("--parent", type=GRANT, metavar="GRANT")
@_the_clauses
def issue(
    session: Session,
    product: ProductId,
    to: PartyId,
    parent: GrantId | None,
    **given: Any,  # noqa: ANN401 (as _the_clauses declares them)
) -> Answer:
    """Issue a grant, or a sub-grant under a parent."""
    client = session.writing()
    wish = _wish(product, to, {**given, "parent": parent})
    said = _clauses(client, given)
    if parent is None:
        issued = client.grants.issue(product=product, to=to, wish=wish, **said)
    else:
        clauses = client.grants.clauses(product=product, to=to, **said)
        issued = client.agreements.issue_under(clauses, parent, wish=wish)
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
        **_sub_granting(given),
        **{name: given[name] for name in ("start", "until", "quota", "rights")},
        **{name: given[name] for name in ("version", "template", "notice_days", "salt")},
    }


def _sub_granting(given: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed about granting further; a depth of 1 where none was."""
    names = ("sub_delegation", "depth", "derived_rights")
    said = {name: given[name] for name in names if given[name] is not None}
    if said.get("sub_delegation") and "depth" not in said:
        said["depth"] = 1
    return said


def _kept(client: Dengji, text: Path | None) -> bytes | None:
    """Return the salted hash of a full text, whose opening is kept at home."""
    if text is None:
        return None
    if client.archive is None:
        raise ArchiveNeeded(kind="texts")
    return client.archive.keep_salted("texts", read_bytes(text))


@command("grant.show", grant)
@argument("subject", metavar="GRANT|FILE", type=GRANT_OR_FILE)
@option("--at", metavar="WHEN")
@option("--words", is_flag=True)
@option("--text", type=FILE, metavar="FILE")
def show(
    session: Session, subject: GrantId | Path, at: str | None, words: bool, text: Path | None
) -> Answer | Raw:
    """Show a grant, or an offer in its file."""
    from registry.domain.ids import GrantId as Id  # noqa: PLC0415 (start-up time)

    if not isinstance(subject, Id):
        from cli import agreement  # noqa: PLC0415 (start-up: only offers need it)

        if at is not None:
            raise OptionsUnfit(rule="apart", options=["FILE", "--at"])
        return agreement.show_file(session, subject, text)
    if text is not None:
        raise OptionsUnfit(rule="apart", options=["GRANT", "--text"])
    client = session.reading()
    found = client.grants.get(subject, at=moments.moment(at))
    suspensions = client.ledger.grant_suspensions(subject, at=found.moment)
    value: shapes.Shape = {
        **shapes.grant(found),
        "suspensions": [shapes.suspension(one) for one in suspensions],
        "deployment": shapes.earlier(client.ledger, subject),
    }
    if found.parent is not None:
        value["path"] = list(map(str, client.grants.lineage(found)))
    if not words:
        return Answer(value=value)
    from cli import proposals  # noqa: PLC0415 (start-up: only words need it)

    told = proposals.words(found.clauses, session.lang, found.parent)
    return Raw(text="\n".join(told), value=value)


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
@option("--dry-run", is_flag=True)
def revoke(session: Session, grants: tuple[GrantId, ...], reason: Reason, dry_run: bool) -> Answer:
    """Revoke or renounce grants, several in one transaction, or say what that would hit."""
    if dry_run:
        return _would_hit(session, grants)
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


def _would_hit(session: Session, grants: tuple[GrantId, ...]) -> Answer:
    """Say what a revocation would hit: the grants named, all grants and products resting on them.

    Products that were made under a grant stay registered; they are flagged.
    """
    client = session.reading()
    found = client.agreements.hits(grants)
    derived = client.provenance.resting_on([one.grant for one in found])
    value: shapes.Shape = {
        "hits": [
            {
                "grant": str(one.grant.id),
                "parent": None if one.grant.parent is None else str(one.grant.parent),
                "grantee": str(one.grant.state.grantee),
                "product": str(one.grant.clauses.product),
                "state": one.grant.stand.value,
                "usable": one.usable,
                "revoked": str(one.revoked),
            }
            for one in found
        ],
        "derived": [_derived_hit(one) for one in derived],
    }
    said = {
        "count": len(found),
        "usable": sum(one.usable for one in found),
        "products": len(derived),
    }
    return Answer(headline="cli.grant.would-hit", value=value, said=said)


def _derived_hit(one: Resting) -> shapes.Shape:
    """Shape a product that a revocation would flag."""
    record = one.node.record
    return {
        "product": str(one.node.pin.product),
        "version": one.node.pin.version,
        "grant": None if one.grant is None else str(one.grant),
        "applicant": None if record is None else str(record.applicant),
        "in_force": record is not None and record.in_force,
    }
