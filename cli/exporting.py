"""`dengji product export` and `dengji certificate export`: write records in the words of others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import click

from cli import moments, shapes
from cli.certificate import ProductOrFile, paper_of
from cli.descriptions import Given, applied, described
from cli.files import read_bytes
from cli.grammar import argument, command, option
from cli.output import Answer, Raw
from cli.proposals import write_whole
from cli.types import FILE, PRODUCT
from registry.errors import CertificateUnreadable, OptionsUnfit, ShapesViolated, SyntaxUnfit

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import ProductId
    from registry.domain.metadata import Metadata

FORMATS: Final = ("prov", "dcat", "vc", "openlineage", "datapackage", "croissant")
SYNTAXES: Final = ("json", "turtle", "xml", "ntriples", "provn")
_SHAPED: Final = "dcat"
_MOST: Final = 100
_QUIET: Final = frozenset({"documents", "text"})


@command("product.export")
@argument("product", type=PRODUCT)
@option("--format", "form", type=click.Choice(FORMATS), required=True)
@option("--syntax", type=click.Choice(SYNTAXES), default="json")
@option("--at", metavar="WHEN")
@option("--metadata", type=FILE, metavar="FILE")
@option("--access-url", metavar="URL")
@option("--shapes", "shapes_file", type=FILE, metavar="FILE")
@option("--out", type=FILE, metavar="FILE")
def product_export(
    session: Session,
    product: ProductId,
    form: str,
    **given: Any,  # noqa: ANN401 (as the options declare them)
) -> Answer | Raw:
    """Write where a product stands and comes from in a format of others."""
    syntax, shapes_file, out = (given[name] for name in ("syntax", "shapes_file", "out"))
    _require_fit(form, syntax, shapes_file)
    if given["access_url"] is not None:
        if form != _SHAPED:
            raise OptionsUnfit(rule="together", options=[f"--format {_SHAPED}", "--access-url"])
        from registry.domain.exports.dcat import require_url  # noqa: PLC0415 (start-up time)

        require_url(given["access_url"])
    client = session.reading()
    described_in = given["metadata"]
    made = client.exports.product(
        product,
        form,
        at=moments.moment(given["at"]),
        metadata=None if described_in is None else _description(session, described_in),
        access_url=given["access_url"],
    )
    documents = made if isinstance(made, list) else [made]
    if shapes_file is not None:
        _require_shape(documents[0], shapes_file)
    text = _written(documents, form, syntax)
    value: shapes.Shape = {
        "product": str(product),
        "format": form,
        "syntax": syntax,
        "documents": list(documents),
        "text": None if syntax == "json" else text,
        "conforms": None if shapes_file is None else True,
        "file": None if out is None else str(out),
    }
    if out is None:
        return Raw(text=text.rstrip("\n"), value=value)
    write_whole(out, text.encode())
    return Answer(headline="cli.product.exported", value=value, hidden=_QUIET)


@command("certificate.export")
@argument("what", type=ProductOrFile(), metavar="PRODUCT|FILE")
@option("--out", type=FILE, metavar="FILE")
def certificate_export(session: Session, what: Path | ProductId, out: Path | None) -> Answer | Raw:
    """Write a certificate as a Verifiable Credential."""
    from pathlib import Path as Given  # noqa: PLC0415 (start-up: told apart at run time alone)

    from registry.domain.exports.credentials import of_certificate  # noqa: PLC0415 (start-up time)

    if isinstance(what, Given):
        shown = paper_of(what).certificate
        if shown is None:
            raise CertificateUnreadable(field="document", reason="reference-only")
    else:
        shown, _ = session.reading().certificates.newest(what)
    document = of_certificate(shown)
    value: shapes.Shape = {"document": document, "file": None if out is None else str(out)}
    text = _json(document)
    if out is None:
        return Raw(text=text, value=value)
    write_whole(out, text.encode() + b"\n")
    return Answer(
        headline="cli.certificate.exported",
        value=value,
        said={"code": shown.code, "certificate": shown.number},
        hidden=frozenset({"document"}),
    )


def _require_fit(form: str, syntax: str, shapes_file: Path | None) -> None:
    """Refuse what no format is written in, before anything is asked."""
    from registry.domain.exports.rdf import SYNTAXES as WRITTEN  # noqa: PLC0415 (start-up time)

    known = WRITTEN.get(form, ("json",))
    if syntax not in known:
        raise SyntaxUnfit(format=form, given=f"--syntax {syntax}", known=list(known))
    if shapes_file is not None and form != _SHAPED:
        raise SyntaxUnfit(format=form, given="--shapes", known=list(known))


def _require_shape(document: dict[str, Any], file: Path) -> None:
    from registry.domain.exports.rdf import violations  # noqa: PLC0415 (an extra)

    found = violations(document, read_bytes(file), file=str(file))
    if found:
        raise ShapesViolated(file=str(file), violations=list(found[:_MOST]), count=len(found))


def _written(documents: list[dict[str, Any]], form: str, syntax: str) -> str:
    """Return the text; events stand one in a line, as they are sent."""
    if form == "openlineage":
        return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in documents)
    if syntax == "json":
        return _json(documents[0]) + "\n"
    from registry.domain.exports import rdf  # noqa: PLC0415 (an extra)

    write = rdf.written_prov if form == "prov" else rdf.written_rdf
    return write(documents[0], syntax)


def _description(session: Session, file: Path) -> Metadata:
    """Return the description in a file: a whole application, or its descriptive fields alone."""
    from registry.domain.metadata import MEMBERS, Metadata  # noqa: PLC0415 (start-up time)
    from registry.domain.product import Profile  # noqa: PLC0415 (start-up time)

    mapping = described(session, Given(metadata=file)).mapping
    if mapping.keys() <= MEMBERS.keys():
        return Metadata.from_mapping(mapping)
    return applied(session, mapping, Profile.OPEN).metadata


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)
