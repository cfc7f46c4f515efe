"""`dengji product`: show, list and change data products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli import moments, progress, prompts, shapes
from cli.deriving import made_from, made_options
from cli.descriptions import Given, description_options
from cli.files import file_digest
from cli.grammar import Group, argument, command, option
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.resuming import resumable, resume_option
from cli.types import DIGEST, FILE, GRANT, PARTY, PARTY_OR_ME, PRODUCT, NumberType, WordType
from registry.domain.words import names

if TYPE_CHECKING:
    from pathlib import Path

    from cli.output import Raw
    from cli.session import Session
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.vocabulary import AnnotationKind, Reason, Right
    from registry.services.actor import Me

product = Group(
    "product",
    topic="product",
    lazy={"slice": "cli.slices:slice_", "export": "cli.exporting:product_export"},
    no_args_is_help=True,
)
_the_product = argument("product", type=PRODUCT)


@command("product.show", product)
@_the_product
@option("--at", metavar="WHEN")
def show(session: Session, product: ProductId, at: str | None) -> Answer:
    """Show a product with its holders."""
    client, when = session.reading(), moments.moment(at)
    products = client.products
    found = products.get(product, at=when)
    holders = products.holders(product, at=when)
    annotations = products.annotations(product, at=when)
    listing = products.listing(product, at=when)
    return Answer(
        value={
            **shapes.product(found),
            "code": None if found.open else products.code(product, at=when),
            "holders": [shapes.holding(one) for one in holders if one.until is None],
            "annotations": [shapes.annotation(one) for one in annotations if one.stands],
            "former_holders": sum(1 for one in holders if one.until is not None),
            "released": sum(1 for one in annotations if not one.stands),
            "series": str(listing.series) if listing and listing.series else None,
            "locator": listing.locator or None if listing else None,
            "deployment": shapes.earlier(client.ledger, product),
        }
    )


@command("product.holders", product)
@_the_product
@option("--at", metavar="WHEN")
@paged()
def holders(
    session: Session, product: ProductId, at: str | None, limit: int, after: str | None, csv: bool
) -> Page:
    """List who held which rights in a product, from when to when."""
    columns = ("party", "rights", "since", "until")
    products, when = session.reading().products, moments.moment(at)
    products.get(product, at=when)
    numbered = enumerate(products.holders(product, at=when))
    found = ({"id": index, **shapes.holding(one)} for index, one in numbered)
    return page(found, dict, columns, limit=limit, after=after, csv=csv)


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
@made_options
@description_options
@option("--private", is_flag=True)
@resume_option
def update(
    session: Session,
    product: ProductId,
    path: Path,
    private: bool,
    resume: bool,
    **given: Any,  # noqa: ANN401 (click's)
) -> Answer:
    """Register the next version."""
    from cli.register import application_of, registered  # noqa: PLC0415 (start-up: reads content)
    from registry.domain.product import Profile  # noqa: PLC0415 (start-up time)

    sources = made_from(given)
    application = application_of(session, path, Profile.OPEN, Given(**given))
    described = application.metadata if application else None
    client = session.writing()
    with resumable(session, path, resume=resume), progress.shown(session) as show:
        made = client.products.update(
            product,
            path,
            metadata=described,
            private=private,
            made=sources,
            resume=resume,
            progress=show,
        )
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


@command("product.renew", product)
@_the_product
@option("--evidence", type=FILE, metavar="FILE")
@option("--operation", type=GRANT, metavar="GRANT")
@option("--registrar", type=NumberType(0, 65_535), default=0, metavar="NUMBER")
def renew(
    session: Session,
    product: ProductId,
    evidence: Path | None,
    operation: GrantId | None,
    registrar: int,
) -> Answer | Raw:
    """File the renewal of a registration."""
    from cli.case_acts import digest, told  # noqa: PLC0415 (start-up time)

    found = session.reading().products.get(product)
    if found.open:
        return Answer(
            headline="cli.product.no-renewal",
            value={"product": str(product), "profile": found.profile.name, "until": None},
            exit_code=1,
        )
    client = session.writing()
    packed = b"" if operation is None else client.grants.get(operation).clauses.pack()
    made = client.cases.renew(
        product, evidence=digest(evidence), operation=packed, registrar=registrar
    )
    return told(session, made)


@command("product.cancel", product)
@_the_product
@option("--evidence", type=FILE, metavar="FILE")
@option("--registrar", type=NumberType(0, 65_535), default=0, metavar="NUMBER")
def cancel(
    session: Session, product: ProductId, evidence: Path | None, registrar: int
) -> Answer | Raw:
    """File the cancellation of a registration."""
    from cli.case_acts import digest, told  # noqa: PLC0415 (start-up time)

    client = session.writing()
    if client.products.get(product).open:
        receipt = client.products.retire(product)
        return Answer(
            headline="cli.product.retired",
            value={"product": str(product), "receipt": shapes.receipt(receipt)},
        )
    made = client.cases.cancellation(product, evidence=digest(evidence), registrar=registrar)
    return told(session, made)


@command("product.forget", product)
@_the_product
def forget(session: Session, product: ProductId) -> Answer:
    """Erase what ties a private registration to its content."""
    prompts.require_consent(session, "product forget")
    made = session.writing().products.forget(product)
    return Answer(
        headline="cli.product.forgotten",
        value={
            "product": str(product),
            "versions": list(made.versions),
            "erased": made.erased,
            "index": made.index,
            "record": str(made.record),
            "evidence": shapes.hexed(made.digest),
            "receipt": shapes.receipt(made.receipt),
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


@command("product.annotate", product)
@_the_product
@option("--kind", type=WordType("AnnotationKind"), required=True, metavar="KIND")
@option("--reason", type=WordType("Reason"), default="UNSPECIFIED", metavar="REASON")
@option("--evidence", type=FILE, metavar="FILE")
def annotate(
    session: Session,
    product: ProductId,
    kind: AnnotationKind,
    reason: Reason,
    evidence: Path | None,
) -> Answer:
    """Note on a product what others must know."""
    from registry.domain.events import ProductAnnotated  # noqa: PLC0415 (start-up time)

    digest = file_digest(evidence)
    receipt = session.writing().products.annotate(product, kind, reason=reason, evidence=digest)
    made = next(event for event in receipt.events if isinstance(event, ProductAnnotated))
    return Answer(
        headline="cli.product.annotated",
        value={
            "product": str(product),
            "index": made.index,
            "kind": kind.name,
            "reason": reason.name,
            "evidence": shapes.hexed(digest),
            "receipt": shapes.receipt(receipt),
        },
    )


@command("product.release", product)
@_the_product
@argument("index", type=NumberType(min=0), metavar="NUMBER")
@option("--evidence", type=FILE, metavar="FILE")
def release(session: Session, product: ProductId, index: int, evidence: Path | None) -> Answer:
    """Release an annotation of a product."""
    digest = file_digest(evidence)
    receipt = session.writing().products.release(product, index, evidence=digest)
    return Answer(
        headline="cli.product.released",
        value={
            "product": str(product),
            "index": index,
            "evidence": shapes.hexed(digest),
            "receipt": shapes.receipt(receipt),
        },
    )
