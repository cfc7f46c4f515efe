"""`dengji batch`: anchor many registrations under one root, prove each, and promote leaves."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli import moments, paging, progress, shapes
from cli.batch_shapes import NO_LEAF, anchored_shape, kept_shape, leaf_shape, promoted_shape
from cli.files import make_folder, read_bytes
from cli.grammar import argument, command, group, option, together
from cli.output import Answer, Page
from cli.proposals import write_whole
from cli.types import DIGEST, FILE, PRODUCT, NumberType, WordType
from registry.errors import OptionsUnfit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cli.session import Session
    from registry.client import Dengji
    from registry.domain.anchor_archive import AnchorArchive
    from registry.domain.anchor_proof import AnchorProof
    from registry.domain.ids import ProductId
    from registry.domain.vocabulary import Right, SecurityClass, Source
    from registry.services.anchors import Promoted

_MOST_INDEX: Final = 2**20 - 1
_NAMED: Final = 16

batch = group("batch")


class ReferenceType(click.ParamType[Any, Any]):
    """The root of an anchor, or a file."""

    name = "reference"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> bytes | Path:
        """Take what is there for a file, else what looks like a root for one."""
        if isinstance(value, (bytes, Path)):
            return value
        path: Path = FILE.convert(value, param, ctx)
        if path.exists() or any(mark in str(value) for mark in (".", "/")):
            return path
        return DIGEST.convert(value, param, ctx)


class ContentType(ReferenceType):
    """The root of a content, or the file or folder that holds it."""

    name = "content"


_REFERENCE: Final = ReferenceType()
_CONTENT: Final = ContentType()

_leaf_options: Final = together(
    option("--index", type=NumberType(0, _MOST_INDEX), metavar="NUMBER"),
    option("--product", type=PRODUCT, metavar="PRODUCT"),
    option("--content", type=_CONTENT, metavar="HASH|PATH"),
)


@command("batch.anchor", batch)
@argument("table", type=FILE, metavar="TABLE|FOLDER")
@option("--rights", type=WordType("Right", many=True), metavar="RIGHTS")
@option("--security-class", type=WordType("SecurityClass"), metavar="CLASS")
@option("--source", type=WordType("Source"), metavar="SOURCE")
def anchor(
    session: Session,
    table: Path,
    rights: Right | None,
    security_class: SecurityClass | None,
    source: Source | None,
) -> Answer:
    """Anchor the rows of a table under one root."""
    # Imported here for start-up time.
    from cli.register_anchor import refuse_listed  # noqa: PLC0415
    from registry.archive import Archive  # noqa: PLC0415
    from registry.domain.table import Defaults  # noqa: PLC0415
    from registry.services.bulk_check import check  # noqa: PLC0415

    session.long()
    defaults = Defaults(rights=rights, security_class=security_class, source=source)
    with ExitStack() as opened:
        with progress.counted(session, "checking") as count:
            archive = Archive(session.settings.home)
            checked = check(table, defaults, archive=archive, progress=count)
        rows = opened.enter_context(checked)
        refuse_listed(rows)
        anchors = session.writing().anchors
        show = opened.enter_context(progress.counted(session, "anchoring", rows.count))
        made = anchors.anchor((row.item for row in rows), progress=show)
    headline = "cli.batch.anchored-before" if made.already else "cli.batch.anchored"
    return Answer(headline=headline, value=anchored_shape(made))


@command("batch.prove", batch)
@argument("reference", type=_REFERENCE, metavar="ROOT|FILE")
@_leaf_options
@option("--out", type=FILE, metavar="FILE")
def prove(
    session: Session,
    reference: bytes | Path,
    index: int | None,
    product: ProductId | None,
    content: bytes | Path | None,
    out: Path | None,
) -> Answer:
    """Write the proof of one leaf to a file."""
    _require_one({"--index": index, "--product": product, "--content": content})
    client = session.reading()
    with client.anchors.open(reference) as archive:
        found = _leaf(session, client, archive, index, product, content)
        proof = client.anchors.prove(archive, found)
    raw = proof.dump()
    path = out or Path(f"{proof.root.hex()[:_NAMED]}-{found}.proof.json")
    make_folder(path.parent)
    write_whole(path, raw)
    value = {**leaf_shape(proof), "file": str(path), "bytes": len(raw)}
    return Answer(headline="cli.batch.proved", value=value)


@command("batch.check", batch)
@argument("file", type=FILE, metavar="FILE")
@option("--path", type=FILE, metavar="PATH")
@option("--at", metavar="WHEN")
def check(session: Session, file: Path, path: Path | None, at: str | None) -> Answer:
    """Check a proof of a leaf against the chain, or all of an archive."""
    proof = _proof_in(file)
    client = session.reading()
    if proof is None:
        if path is not None or at is not None:
            raise OptionsUnfit(rule="apart", options=["ARCHIVE", "--path", "--at"])
        return _whole(session, client, file)
    standing = client.anchors.check(proof, at=moments.moment(at))
    same = path is None or _root_of(session, path) == proof.proven.leaf.content_root
    state = "anchored" if standing.product is None else "promoted"
    return Answer(
        headline=f"cli.batch.leaf-{state}" if same else "cli.batch.content-other",
        value={
            "kind": "PROOF",
            **leaf_shape(proof),
            "since": shapes.time(standing.anchored.since),
            "promoted": standing.product is not None,
            "content_checked": None if path is None else same,
            "file": str(file),
            "at": shapes.moment(standing.moment),
        },
        exit_code=0 if same else 5,
    )


@command("batch.promote", batch)
@argument("reference", type=_REFERENCE, metavar="ROOT|FILE")
@_leaf_options
@option("--all", "everything", is_flag=True)
def promote(
    session: Session,
    reference: bytes | Path,
    index: int | None,
    product: ProductId | None,
    content: bytes | Path | None,
    everything: bool,
) -> Answer:
    """Make products of leaves."""
    named = {"--index": index, "--product": product, "--content": content}
    given = {**named, "--all": everything or None}
    proof = None if isinstance(reference, bytes) else _proof_in(reference)
    if proof is not None:
        if any(one is not None for one in given.values()):
            raise OptionsUnfit(rule="apart", options=["PROOF", *given])
        return _promotion(proof.root, [session.writing().anchors.promote(proof)])
    _require_one(given)
    client = session.writing()
    with client.anchors.open(reference) as archive:
        if everything:
            return _promote_all(session, client, archive)
        found = _leaf(session, client, archive, index, product, content)
        one = client.anchors.promote(client.anchors.prove(archive, found))
        return _promotion(archive.root, [one])


@command("batch.show", batch)
@argument("reference", type=_REFERENCE, metavar="ROOT|FILE")
def show(session: Session, reference: bytes | Path) -> Answer:
    """Show whose anchor an archive is, and since when it stands."""
    client = session.reading()
    with client.anchors.open(reference) as archive:
        kept = client.anchors.kept(archive)
        promoted = None if kept.anchored is None else client.anchors.promoted(archive)
    return Answer(value={**kept_shape(kept), "promoted": promoted})


@command("batch.list", batch)
@paging.paged(DIGEST)
def list_(session: Session, limit: int, after: bytes | None, csv: bool) -> Page:
    """List the anchors whose archives are kept here."""
    client = session.reading()
    for path in client.anchors.damaged():
        session.printer.note("cli.batch.damaged", file=path)
    return paging.page(
        client.anchors.list(),
        kept_shape,
        ("root", "party", "since", "leaves"),
        limit=limit,
        csv=csv,
        after=None if after is None else "0x" + after.hex(),
        key="root",
    )


def _require_one(given: Mapping[str, object]) -> None:
    """Refuse no way, or several ways, of naming leaves; raises `OptionsUnfit`."""
    if sum(one is not None for one in given.values()) != 1:
        raise OptionsUnfit(rule="one-of", options=list(given))


def _leaf(
    session: Session,
    client: Dengji,
    archive: AnchorArchive,
    index: int | None,
    product: ProductId | None,
    content: bytes | Path | None,
) -> int:
    """Return the index of the leaf that is named."""
    if index is not None:
        return index
    root = None if content is None else _root_of(session, content)
    return client.anchors.index(archive, product=product, content_root=root)


def _root_of(session: Session, content: bytes | Path) -> bytes:
    """Return a content root, that of a file or folder once it is read."""
    if isinstance(content, bytes):
        return content
    from registry.domain.fingerprint import fingerprint  # noqa: PLC0415 (start-up time)

    session.long()
    with progress.shown(session) as shown:
        return fingerprint(content, progress=shown).content_root


def _proof_in(file: Path) -> AnchorProof | None:
    """Return the proof in a file, None for an archive; raises as `AnchorProof.load` does."""
    from registry.domain.anchor_archive import is_archive  # noqa: PLC0415 (start-up time)
    from registry.domain.anchor_proof import AnchorProof  # noqa: PLC0415 (start-up time)

    return None if is_archive(file) else AnchorProof.load(read_bytes(file))


def _whole(session: Session, client: Dengji, file: Path) -> Answer:
    """Answer that an archive is whole; raises `AnchorArchiveDamaged`."""
    session.long()
    with client.anchors.open(file) as archive:
        archive.check()
        kept = client.anchors.kept(archive)
    value = {"kind": "ARCHIVE", **NO_LEAF, **kept_shape(kept)}
    return Answer(headline="cli.batch.archive-whole", value=value)


def _promote_all(session: Session, client: Dengji, archive: AnchorArchive) -> Answer:
    with progress.counted(session, "promoting", archive.size) as count:
        done = client.anchors.promote_all(archive, progress=count)
        return _promotion(archive.root, done)


def _promotion(root: bytes, done: Iterable[Promoted]) -> Answer:
    """Answer what promoting came to, naming as many leaves as an answer holds."""
    promoted, recognised = 0, 0
    named: list[Promoted] = []
    for one in done:
        promoted, recognised = (
            promoted + (one.receipt is not None),
            recognised + (one.receipt is None),
        )
        if len(named) < shapes.MOST:
            named.append(one)
    return Answer(
        headline="cli.batch.promoted",
        value={
            "root": "0x" + root.hex(),
            "promoted": promoted,
            "recognised": recognised,
            "products": [promoted_shape(one) for one in named],
        },
        hidden=frozenset({"products"} if promoted + recognised > 1 else ()),
    )
