"""`dengji case`: what applicants and others do with cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli import progress
from cli.case_acts import digest, evidence_option, product_argument, told
from cli.deriving import made_from, made_options
from cli.descriptions import Given, description_options
from cli.files import look_at
from cli.grammar import Command, argument, command, option, together
from cli.types import FILE, PARTY, NumberType, WordType
from registry.domain.case_operations import NO_DIGEST
from registry.domain.flow_table import Act
from registry.domain.lineage_events import ProductDerived
from registry.errors import SourcesUnnamed

if TYPE_CHECKING:
    from pathlib import Path

    from cli.output import Answer, Raw
    from cli.session import Session
    from registry.client import Dengji
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.vocabulary import Right

_the_content = together(argument("path", type=FILE, required=False), description_options)
_registrar = option("--registrar", type=NumberType(0, 65_535), default=0, metavar="NUMBER")


@command("case.submit")
@product_argument
@evidence_option()
def submit(session: Session, product: ProductId, evidence: Path | None) -> Answer | Raw:
    """Submit a draft."""
    made = session.writing().cases.submit_draft(product, digest(evidence))
    return told(session, made, evidence=digest(evidence))


@command("case.declare")
@product_argument
@made_options
def declare(
    session: Session,
    product: ProductId,
    **given: Any,  # noqa: ANN401 (click's)
) -> Answer:
    """Declare what a product is made of."""
    from cli import shapes  # noqa: PLC0415 (start-up time)
    from cli.output import Answer  # noqa: PLC0415 (start-up time)

    made = made_from(given)
    if made is None:
        raise SourcesUnnamed(option="case declare")
    receipt = session.writing().provenance.declare(product, made)
    told_of = next(one for one in receipt.events if isinstance(one, ProductDerived))
    return Answer(
        headline="cli.case.declare.done",
        value={
            "product": str(product),
            "version": told_of.version,
            "sources": [shapes.source(one) for one in told_of.sources],
            "receipt": shapes.receipt(receipt),
        },
    )


def _handed_in(name: str, act: Act) -> Command:
    """Return the command that hands something in, with other content where a path is given."""

    @command(f"case.{name}")
    @product_argument
    @_the_content
    @evidence_option()
    def hand_in(
        session: Session,
        product: ProductId,
        path: Path | None,
        evidence: Path | None,
        **described: Any,  # noqa: ANN401 (click's)
    ) -> Answer | Raw:
        client = session.writing()
        pending = NO_DIGEST
        if path is not None:
            from registry.domain.case import change_pending  # noqa: PLC0415 (start-up time)

            pending = change_pending(*_digests(session, client, path, described))
        given = digest(evidence)
        made = client.cases.proceed(product, act, evidence=given, pending=pending)
        return told(session, made, evidence=given)

    return hand_in


def _changed(name: str, *, correction: bool) -> Command:
    """Return the command that files a change or a correction."""

    @command(f"case.{name}")
    @product_argument
    @argument("path", type=FILE)
    @description_options
    @evidence_option()
    @_registrar
    def change(
        session: Session,
        product: ProductId,
        path: Path,
        evidence: Path | None,
        registrar: int,
        **described: Any,  # noqa: ANN401 (click's)
    ) -> Answer | Raw:
        client = session.writing()
        root, metadata = _digests(session, client, path, described)
        made = client.cases.change(
            product,
            root,
            metadata,
            correction=correction,
            evidence=digest(evidence),
            registrar=registrar,
        )
        session.printer.note(
            "cli.case.digests", root="0x" + root.hex(), metadata="0x" + metadata.hex()
        )
        return told(session, made, evidence=digest(evidence))

    return change


def _digests(
    session: Session, client: Dengji, path: Path, described: dict[str, Any]
) -> tuple[bytes, bytes]:
    """Return content root and metadata hash of what stands at a path; its manifest is kept."""
    from cli.register import application_of  # noqa: PLC0415 (start-up: it reads content)
    from registry.domain.product import Profile  # noqa: PLC0415 (start-up time)

    form = application_of(session, path, Profile.OPEN, Given(**described))
    look_at(path)
    with progress.shown(session) as show:
        metadata = form.metadata if form else None
        found = client.products.fingerprint(path, metadata=metadata, progress=show)
    return found.content_root, found.metadata_hash


@command("case.transfer")
@product_argument
@option("--to", type=PARTY, required=True, metavar="PARTY")
@option("--rights", type=WordType("Right", many=True), required=True, metavar="RIGHTS")
@evidence_option()
@_registrar
def transfer(
    session: Session,
    product: ProductId,
    to: PartyId,
    rights: Right,
    evidence: Path | None,
    registrar: int,
) -> Answer | Raw:
    """File a transfer of rights."""
    made = session.writing().cases.transfer(
        product, to, rights, evidence=digest(evidence), registrar=registrar
    )
    return told(session, made, to=to, rights=rights)


@command("case.concur")
@product_argument
def concur(session: Session, product: ProductId) -> Answer | Raw:
    """Agree to a case, as a holder or as who receives rights."""
    return told(session, session.writing().cases.concur(product))


@command("case.withdraw")
@product_argument
def withdraw(session: Session, product: ProductId) -> Answer | Raw:
    """Take a case back."""
    return told(session, session.writing().cases.proceed(product, Act.WITHDRAW))


@command("case.object")
@product_argument
@evidence_option(required=True)
def object_(session: Session, product: ProductId, evidence: Path) -> Answer | Raw:
    """Object to an application in publicity, or to a registration."""
    client = session.writing()
    made = client.cases.object(product, digest(evidence))
    return told(session, made, evidence=digest(evidence), objector=client.parties.mine().id)


COMMANDS: Final[tuple[Command, ...]] = (
    submit,
    declare,
    _handed_in("resubmit", Act.RESUBMIT),
    _handed_in("supplement", Act.SUPPLEMENT),
    _changed("change", correction=False),
    _changed("correct", correction=True),
    transfer,
    concur,
    withdraw,
    object_,
)
"""The commands of applicants and others, in the order of help."""
