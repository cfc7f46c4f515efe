"""`dengji product`: show, list and change data products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli import moments, progress, shapes
from cli.descriptions import Given, description_options
from cli.grammar import argument, command, group, option
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.types import DIGEST, FILE, PARTY, PARTY_OR_ME, PRODUCT, WordType
from registry.domain.words import names

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.vocabulary import Right
    from registry.services.actor import Me

product = group("product")
_the_product = argument("product", type=PRODUCT)


@command("product.show", product)
@_the_product
@option("--at", metavar="WHEN")
def show(session: Session, product: ProductId, at: str | None) -> Answer:
    """Show a product with its holders."""
    products, when = session.reading().products, moments.moment(at)
    found = products.get(product, at=when)
    holders = [shapes.holding(one) for one in products.holders(product, at=when)]
    return Answer(value={**shapes.product(found), "holders": holders})


@command("product.list", product)
@option("--holder", type=PARTY_OR_ME, metavar="PARTY")
@option("--content", type=DIGEST, metavar="ROOT")
@paged(PRODUCT)
def list_(
    session: Session,
    holder: PartyId | Me | None,
    content: bytes | None,
    limit: int,
    after: ProductId | None,
    csv: bool,
) -> Page:
    """List products."""
    columns = ("id", "state", "latest", "security_class", "applicant", "since")
    found = session.reading().products.list(holder=holder, content=content, after=after)
    return page(found, shapes.product, columns, limit=limit, csv=csv)


@command("product.versions", product)
@_the_product
@paged()
def versions(
    session: Session,
    product: ProductId,
    limit: int,
    after: str | None,
    csv: bool,
) -> Page:
    """List the versions of a product."""
    columns = ("version", "content_root", "time", "by", "block")
    found = session.reading().products.versions(product)
    return page(found, shapes.version, columns, limit=limit, after=after, csv=csv, key="version")


@command("product.update", product)
@_the_product
@argument("path", type=FILE)
@description_options
def update(
    session: Session,
    product: ProductId,
    path: Path,
    **given: Any,  # noqa: ANN401 (click's)
) -> Answer:
    """Register the next version."""
    from cli.register import application_of, registered  # noqa: PLC0415 (start-up: reads content)
    from registry.domain.product import Profile  # noqa: PLC0415 (start-up time)

    application = application_of(session, path, Profile.OPEN, Given(**given))
    described = application.metadata if application else None
    client = session.writing()
    with progress.shown(session) as show:
        made = client.products.update(product, path, metadata=described, progress=show)
    return registered(session, made)


@command("product.transfer", product)
@_the_product
@option("--to", type=PARTY, required=True, metavar="PARTY")
@option("--rights", type=WordType("Right", many=True), required=True, metavar="RIGHTS")
def transfer(session: Session, product: ProductId, to: PartyId, rights: Right) -> Answer:
    """Move rights to another party."""
    receipt = session.writing().products.transfer(product, to, rights)
    return Answer(
        headline="cli.product.transferred",
        value={
            "product": str(product),
            "to": str(to),
            "rights": names(rights),
            "receipt": shapes.receipt(receipt),
        },
    )


@command("product.retire", product)
@_the_product
def retire(session: Session, product: ProductId) -> Answer:
    """End a product."""
    receipt = session.writing().products.retire(product)
    return Answer(
        headline="cli.product.retired",
        value={"product": str(product), "receipt": shapes.receipt(receipt)},
    )
