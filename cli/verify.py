"""`dengji verify`: find where a file or folder comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import lineage_shapes, moments, progress, shapes, slices
from cli.batch_shapes import standing_shape
from cli.files import read_bytes
from cli.grammar import argument, command, option
from cli.output import Answer
from cli.types import FILE, PRODUCT
from registry.domain.content import kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from cli.shapes import Shape
    from registry.client import Dengji
    from registry.domain.ids import ProductId
    from registry.domain.slices import SliceProof
    from registry.services.provenance import Verification


@command("verify")
@argument("path", type=FILE)
@option("--code", type=PRODUCT, metavar="PRODUCT")
@option("--manifest", type=FILE, metavar="FILE")
@option("--salt-file", type=FILE, metavar="FILE")
@option("--slice", "proof", type=FILE, metavar="PROOF")
@option("--strict", is_flag=True)
@option("--at", metavar="WHEN")
def verify(
    session: Session,
    path: Path,
    code: ProductId | None,
    manifest: Path | None,
    salt_file: Path | None,
    proof: Path | None,
    strict: bool,
    at: str | None,
) -> Answer:
    """Verify content, and answer by the exit code too."""
    session.long()
    kind_of(path)
    client = session.reading()
    provenance = client.provenance
    salt = None if salt_file is None else _salt(salt_file)
    if proof is not None:
        given = slices.proof_in(proof)
        found = provenance.verify_slice(
            path, given, slices.required(code), salt=salt, at=moments.moment(at)
        )
        return _answer(session, client, found, strict=strict, part=given)
    with progress.shown(session) as show:
        found = provenance.verify(
            path,
            code=code,
            manifest=manifest,
            salt=salt,
            at=moments.moment(at),
            progress=show,
        )
    return _answer(session, client, found, strict=strict)


def _answer(
    session: Session,
    client: Dengji,
    found: Verification,
    *,
    strict: bool,
    part: SliceProof | None = None,
) -> Answer:
    """Answer what verifying came to."""
    refused = strict and bool(found) and found.flagged
    if found and found.flagged and not refused:
        session.printer.note("cli.verify.flagged")
    return Answer(
        headline=f"cli.verify.{_headline(found, refused=refused, part=part is not None)}",
        value={
            "outcome": found.outcome.name,
            "content_root": shapes.hexed(found.content_root),
            "products": [
                {
                    **shapes.match(one),
                    "deployment": shapes.earlier(client.ledger, one.product.id),
                }
                for one in found.matches[: shapes.MOST]
            ],
            "products_count": len(found.matches),
            "compared_with": str(found.manifest) if found.manifest else None,
            "differences": shapes.differences(found.comparison),
            "forgotten": found.forgotten,
            "anchored": [standing_shape(one) for one in found.anchored[: shapes.MOST]],
            "slice": None if part is None else slices.shape(part),
            "flagged": found.flagged,
            "lineage": lineage_shapes.walked(found),
            "at": shapes.moment(found.moment),
        },
        said=_first_anchor(found),
        exit_code=1 if refused else found.outcome,
    )


def _headline(found: Verification, *, refused: bool, part: bool) -> str:
    """Return which sentence says what verifying came to."""
    if found.forgotten:
        return "FORGOTTEN"
    if found.breaks:
        return "BROKEN"
    if found.anchored:
        return "ANCHORED"
    if refused:
        return "FLAGGED"
    return "PART" if part and found else found.outcome.name


def _first_anchor(found: Verification) -> Shape:
    """Return what the headline says of the first anchor of unregistered content."""
    if not found.anchored:
        return {}
    first = standing_shape(found.anchored[0])
    return {"since": first["since"], "party": first["party"]}


def _salt(file: Path) -> bytes:
    from registry.domain.salted import salt_in  # noqa: PLC0415 (start-up time)

    return salt_in(read_bytes(file), file=str(file))
