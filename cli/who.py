"""`dengji who` and `dengji what`: list who may use a product, and what a party may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cli import moments, shapes
from cli.grammar import command, option, together
from cli.paging import page, paged
from cli.types import GRANT, PARTY_OR_ME, PRODUCT
from registry.domain.words import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.output import Page
    from cli.session import Session
    from cli.shapes import Shape
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.moment import Moment
    from registry.services.actor import Me
    from registry.services.questions import Entitlement

F = TypeVar("F", bound="Callable[..., object]")


def _asking() -> Callable[[F], F]:
    """Declare what both questions take."""
    return together(option("--usable", is_flag=True), option("--at", metavar="WHEN"), paged(GRANT))


@command("who")
@option("--product", type=PRODUCT, required=True, metavar="PRODUCT")
@_asking()
def who(
    session: Session,
    product: ProductId,
    usable: bool,
    at: str | None,
    limit: int,
    after: GrantId | None,
    csv: bool,
) -> Page:
    """List every grant on a product and whether it can be used."""
    columns = ("grant", "grantee", "verdict", "actions", "purposes", "remaining", "ends_at")
    found = session.reading().questions.who(product, at=moments.moment(at), usable=usable)
    return _page(session, found, columns, limit=limit, after=after, csv=csv)


@command("what")
@option("--party", "party_id", type=PARTY_OR_ME, required=True, metavar="PARTY")
@_asking()
def what(
    session: Session,
    party_id: PartyId | Me,
    usable: bool,
    at: str | None,
    limit: int,
    after: GrantId | None,
    csv: bool,
) -> Page:
    """List every grant to a party and whether it can be used."""
    columns = ("grant", "product", "verdict", "actions", "purposes", "remaining", "ends_at")
    found = session.reading().questions.what(party_id, at=moments.moment(at), usable=usable)
    return _page(session, found, columns, limit=limit, after=after, csv=csv)


def _page(
    session: Session,
    found: tuple[Moment, tuple[Entitlement, ...]],
    columns: tuple[str, ...],
    *,
    limit: int,
    after: GrantId | None,
    csv: bool,
) -> Page:
    moment, entitlements = found
    place = {"block": moment.block, "time": shapes.time(moment.time)}
    session.notice("from-events", place)
    return page(
        entitlements,
        entitlement,
        columns,
        limit=limit,
        csv=csv,
        after=None if after is None else str(after),
        key="grant",
        value={"at": shapes.moment(moment)},
    )


def entitlement(value: Entitlement) -> Shape:
    """Shape a grant as it stands at a moment, and whether it can be used."""
    clauses, state = value.clauses, value.state
    return {
        "grant": str(value.grant),
        "product": str(clauses.product),
        "grantor": str(clauses.grantor),
        "grantee": str(clauses.grantee),
        "usable": value.usable,
        "verdict": value.verdict.name,
        "actions": names(clauses.actions),
        "purposes": names(clauses.purposes),
        "since": shapes.time(state.since),
        "ends_at": shapes.time(state.ends_at),
        "remaining": None if state.remaining is None else str(state.remaining),
        "parent": None if value.parent is None else str(value.parent),
        "clauses": shapes.clauses(clauses),
    }
