"""`dengji certificate`: issue, show, list and verify registration certificates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from cli import moments, shapes
from cli.descriptions import Given, applied, described
from cli.files import look_for_room, make_folder, read_bytes
from cli.grammar import Group, argument, command, option
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.types import DIGEST, FILE, PRODUCT
from registry.errors import CertificateUnreadable, ProofRefused

if TYPE_CHECKING:
    from cli.session import Session
    from cli.shapes import Shape
    from registry.client import Dengji
    from registry.documents.certificate_paper import Paper
    from registry.domain.application import Application
    from registry.domain.case_events import CertificateIssued
    from registry.domain.certificate import Certificate
    from registry.domain.certificate_check import Entry
    from registry.domain.ids import ProductId

_PAGE_LANGUAGES: Final = ("zh", "en", "zh+en", "en+zh")
_DIGEST_BYTES: Final = 24
_HIDDEN: Final = frozenset({"document"})

certificate = Group(
    "certificate",
    topic="certificate",
    lazy={"export": "cli.exporting:certificate_export"},
    no_args_is_help=True,
)


class PaperType(click.ParamType[Any, Any]):
    """A file, or the text of a QR code, which is no path that anybody has."""

    name = "paper"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path | str:
        """Return the path of a file, the text of a reference as it is."""
        # Imported here for start-up time: help converts nothing.
        from registry.domain.certificate_reference import PREFIX  # noqa: PLC0415

        text = str(value).strip()
        return text if text.startswith(PREFIX) else Path(FILE.convert(value, param, ctx))


class ProductOrFile(click.ParamType[Any, Any]):
    """A product, or the file of a certificate where there is one of this name."""

    name = "product-or-file"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path | ProductId:
        """Return what looks like a file as one, else the product."""
        path = Path(FILE.convert(value, param, ctx))
        if path.suffix in (".json", ".html") or path.is_file():
            return path
        named = PRODUCT.convert(value, param, ctx)
        return cast("ProductId", named)


PAPER: Final = PaperType()
_LANGUAGES: Final = option(
    "--page-lang", type=click.Choice(_PAGE_LANGUAGES), default="zh+en", metavar="LANGUAGES"
)


@command("certificate.issue", certificate)
@argument("product", type=PRODUCT)
@option("--form", type=FILE, metavar="FILE")
@option("--registrar-name", metavar="NAME")
@option("--out", type=FILE, default=".", metavar="FOLDER")
@option("--proof", is_flag=True)
@_LANGUAGES
def issue(
    session: Session,
    product: ProductId,
    form: Path | None,
    registrar_name: str | None,
    out: Path,
    proof: bool,
    page_lang: str,
) -> Answer:
    """Issue the certificate of a product."""
    look_for_room(out, folder=True)
    client = session.writing(enrol=False)
    application = None if form is None else _application(session, client, form, product)
    issued = client.certificates.issue(
        product, form=application, registrar_name=registrar_name, proof=proof
    )
    written = _written(issued.certificate, out, page_lang)
    return Answer(
        headline="cli.certificate.issued" if issued.receipt else "cli.certificate.issued-before",
        value={
            **_certificate(issued.certificate),
            **_entry(issued.entry),
            "files": written,
            "receipt": shapes.receipt(issued.receipt),
        },
        hidden=_HIDDEN,
    )


@command("certificate.show", certificate)
@argument("what", type=ProductOrFile(), metavar="PRODUCT|FILE")
@option("--out", type=FILE, metavar="FOLDER")
@_LANGUAGES
def show(session: Session, what: Path | ProductId, out: Path | None, page_lang: str) -> Answer:
    """Show a certificate as it is written, without judging it."""
    entry: Shape = {}
    if isinstance(what, Path):
        shown = paper_of(what).certificate
        if shown is None:
            raise CertificateUnreadable(field="document", reason="reference-only")
    else:
        shown, recorded = session.reading().certificates.newest(what)
        entry = _entry(recorded)
    files = None if out is None else _written(shown, out, page_lang)
    return Answer(value={**_certificate(shown), **entry, "files": files}, hidden=_HIDDEN)


@command("certificate.list", certificate)
@option("--product", type=PRODUCT, metavar="PRODUCT")
@paged()
def list_(
    session: Session, product: ProductId | None, limit: int, after: str | None, csv: bool
) -> Page:
    """List the certificates on record."""
    columns = ("digest", "product", "certificate", "version", "registrar", "block")
    found = session.reading().certificates.list(product=product)
    return page(found, _issued, columns, limit=limit, after=after, csv=csv, key="digest")


@command("certificate.verify", certificate)
@argument("paper", type=PAPER, metavar="FILE|CODE")
@option("--at", metavar="WHEN")
@option("--block-hash", type=DIGEST, metavar="HASH")
def verify(session: Session, paper: Path | str, at: str | None, block_hash: bytes | None) -> Answer:
    """Verify a certificate against the ledger, and answer by the exit code too."""
    read = paper_of(paper)
    if block_hash is not None:
        return _confirmed(read, block_hash)
    found = session.reading().certificates.verify(read, at=moments.moment(at))
    finding, product = found.finding, found.product
    entry: Shape = {} if finding.entry is None else _entry(finding.entry)
    return Answer(
        headline=f"cli.certificate.verify.{finding.outcome}",
        value={
            "outcome": finding.outcome.name,
            **_reference(read),
            **{name: entry.get(name) for name in ("certificate", "version", "recorded")},
            "differing": list(finding.fields),
            "superseded_by": finding.superseded_by,
            "compared": finding.compared and read.compared,
            "state": None if product is None else product.state.name,
            "until": None if product is None else shapes.time(product.until),
            "registrar_admitted": found.registrar_admitted,
            "local_chain": session.settings.local,
            "at": shapes.moment(found.moment),
        },
        said={
            "differing": list(finding.fields) or ["—"],
            "block": None if read.certificate is None else read.certificate.block.number,
        },
        exit_code=finding.outcome.exit_code,
    )


def _confirmed(paper: Paper, block_hash: bytes) -> Answer:
    """Verify the proof within a certificate; neither ledger nor network is asked."""
    from registry.chain.tries import confirmed_value_at  # noqa: PLC0415 (start-up time)
    from registry.domain.certificate_proof import confirm  # noqa: PLC0415 (start-up time)

    if paper.certificate is None:
        raise CertificateUnreadable(field="document", reason="reference-only")
    if paper.faults:
        raise ProofRefused(part=paper.faults[0], reason="certificate-other")
    shown = confirm(paper.certificate, block_hash=block_hash, read=confirmed_value_at)
    product = shown.facts["product"]
    moment = {"block": shown.block, "time": shapes.time(shown.block_time)}
    return Answer(
        headline="cli.certificate.verify.proved",
        value={
            "outcome": "PROVED",
            **_reference(paper),
            "certificate": paper.certificate.number,
            "version": paper.certificate.version,
            "recorded": None,
            "differing": [],
            "superseded_by": None,
            "compared": paper.compared,
            "state": product["state"],
            "until": product["until"],
            "registrar_admitted": None,
            "local_chain": paper.certificate.local,
            "at": {**moment, "block_hash": shapes.hexed(shown.block_hash)},
        },
    )


def paper_of(given: Path | str) -> Paper:
    """Read what was handed over: a file, or the text of a QR code."""
    # Imported here for start-up time: only papers need it.
    from registry.documents.certificate_paper import read_paper  # noqa: PLC0415

    return read_paper(given.encode() if isinstance(given, str) else read_bytes(given))


def _application(session: Session, client: Dengji, form: Path, product: ProductId) -> Application:
    """Read the application form, as the rule set of its product asks."""
    profile = client.products.get(product).profile
    return applied(session, described(session, Given(metadata=form)).mapping, profile)


def _written(made: Certificate, folder: Path, languages: str) -> list[str]:
    """Write document and page into a folder, and return their paths."""
    from registry.documents.certificate_page import certificate_page  # noqa: PLC0415 (start-up)

    make_folder(folder)
    stem = f"{made.code}-{made.number}"
    contents = {
        folder / f"{stem}.json": made.canonical() + b"\n",
        folder / f"{stem}.html": certificate_page(made, languages.split("+")).encode(),
    }
    for path, content in contents.items():
        path.write_bytes(content)
    return [str(path) for path in contents]


def _certificate(value: Certificate) -> Shape:
    """Shape a certificate, with the document itself."""
    from registry.domain.certificate import digest_of  # noqa: PLC0415 (start-up time)
    from registry.domain.words import names  # noqa: PLC0415 (start-up time)

    return {
        "product": str(value.product),
        "certificate": value.number,
        "code": value.code,
        "profile": value.profile.name,
        "version": value.version,
        "data_name": value.data_name,
        "holders": [
            {"party": str(one.party), "name": one.name, "rights": names(one.rights)}
            for one in value.holders
        ],
        "annotations": [one.kind for one in value.annotations],
        "registrar": str(value.issuer.party),
        "issued": shapes.time(value.issued),
        "valid_from": shapes.time(value.valid_from),
        "valid_until": shapes.time(value.valid_until),
        "digest": shapes.hexed(digest_of(value.canonical())),
        "local_chain": value.local,
        "document": value.to_mapping(),
    }


def _entry(value: Entry) -> Shape:
    """Shape what the ledger keeps of a certificate."""
    return {
        "certificate": value.number,
        "version": value.version,
        "digest": shapes.hexed(value.digest),
        "recorded": shapes.time(value.issued_at),
    }


def _issued(value: CertificateIssued) -> Shape:
    return {
        "digest": shapes.hexed(value.digest[:_DIGEST_BYTES]),
        "product": str(value.product),
        "certificate": value.number,
        "version": value.version,
        "registrar": str(value.by),
        "block": value.block,
        "transaction": shapes.hexed(value.transaction),
    }


def _reference(paper: Paper) -> Shape:
    """Shape what a paper says of itself."""
    reference = paper.reference
    return {
        "paper": paper.form.name,
        "product": str(reference.product),
        "code": reference.code,
        "digest": shapes.hexed(reference.digest),
        "chain_id": str(reference.chain_id),
    }
