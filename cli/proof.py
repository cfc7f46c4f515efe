"""`dengji proof`: make proofs of what the ledger keeps, and verify them without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from cli import moments, shapes
from cli.files import make_folder, read_bytes
from cli.grammar import argument, command, group, option
from cli.output import Answer
from cli.proposals import write_whole
from cli.types import DIGEST, FILE, GRANT, PRODUCT, version_after
from registry.domain.ids import Address, GrantId, ProductId
from registry.errors import OptionsUnfit

if TYPE_CHECKING:
    from cli.session import Session
    from cli.shapes import Shape
    from registry.domain.proof import Shown, Subject

_SUBJECTS: Final = ("product", "version", "grant", "absence")

proof = group("proof")


@command("proof.create", proof)
@argument("subject_id", metavar="ID")
@option("--subject", type=click.Choice(_SUBJECTS), metavar="KIND")
@option("--at", metavar="WHEN")
@option("--out", type=FILE, metavar="FILE")
def create(
    session: Session, subject_id: str, subject: str | None, at: str | None, out: Path | None
) -> Answer:
    """Make a proof, and write it to a file."""
    asked = _subject(subject_id, subject)
    made = session.reading().proofs.create(asked, at=moments.moment(at))
    shown = made.shown
    name = subject_id.replace("@", "-")[:24]
    path = out or Path(f"{name}-{shown.block}.proof.json")
    make_folder(path.parent)
    write_whole(path, made.raw)
    local = session.settings.local
    told = _told(session, shown, expected=True, hash_given=False, local=local)
    value = {**told, "file": str(path), "bytes": len(made.raw)}
    return Answer(headline="cli.proof.created", value=value, hidden=frozenset({"facts"}))


@command("proof.verify", proof)
@argument("file", type=FILE)
@option("--block-hash", type=DIGEST, metavar="HASH")
def verify(session: Session, file: Path, block_hash: bytes | None) -> Answer:
    """Verify a proof against a block hash: the one given, or the node's."""
    # Imported here for start-up time: they bring the libraries that read state.
    from registry.chain.tries import confirmed_value_at  # noqa: PLC0415
    from registry.domain.proof_check import check  # noqa: PLC0415

    raw = read_bytes(file)
    trusted, directory = (
        _asked(session, raw) if block_hash is None else (block_hash, _named(session))
    )
    shown = check(raw, block_hash=trusted, directory=directory, read=confirmed_value_at)
    told = _told(
        session,
        shown,
        expected=directory is not None,
        hash_given=block_hash is not None,
        local=_is_own(session, shown),
    )
    return Answer(headline="cli.proof.shown", value=told, hidden=frozenset({"facts"}))


@command("proof.page", proof)
@option("--out", type=FILE, metavar="FILE")
def page(session: Session, out: Path | None) -> Answer:
    """Write the page that verifies proofs in a browser."""
    # Imported here for start-up time.
    from hashlib import sha256  # noqa: PLC0415

    from registry.documents import verifier  # noqa: PLC0415

    del session

    path, content = out or Path(verifier.NAME), verifier.page()
    make_folder(path.parent)
    write_whole(path, content)
    digest = shapes.hexed(sha256(content).digest())
    told: Shape = {"file": str(path), "bytes": len(content), "sha256": digest}
    return Answer(headline="cli.proof.page.written", value=told)


def _named(session: Session) -> Address | None:
    """Return the directory that the settings name, None for none."""
    given = session.settings.directory
    return None if given is None else Address.parse(given)


def _asked(session: Session, raw: bytes) -> tuple[bytes, Address]:
    """Return the hash that the network's node tells of the block, and the subject's directory.

    That is the network's own, or of a deployment that it succeeds.
    """
    from registry.domain.proof_file import load  # noqa: PLC0415 (start-up time)

    stated, _ = load(raw)
    client = session.reading()
    number = (stated.neighbour or stated.header).number
    return client.proofs.block_hash(number), client.proofs.deployment(stated.subject).directory


def _is_own(session: Session, shown: Shown) -> bool:
    """Tell whether a proof is of the dev chain of this home."""
    from registry.chain.devchain import record  # noqa: PLC0415 (start-up time)

    known = record.load(session.settings.home / "dev" / record.FILE_NAME)
    return known is not None and known.chain_id == shown.chain_id


def _subject(given: str, kind: str | None) -> Subject:
    """Return what a proof is asked of, as the id and the option say."""
    from registry.domain.proof import OfAbsence, OfGrant, OfProduct  # noqa: PLC0415 (start-up)

    context = click.get_current_context()
    if kind == "absence":
        return OfAbsence(absent=_absent(given))
    if kind == "grant" or (kind is None and given.startswith(GrantId.kind)):
        return OfGrant(grant=cast("GrantId", GRANT.convert(given, None, context)))
    name, at, number = given.partition("@")
    if kind == "version" and not number:
        raise OptionsUnfit(rule="together", options=["--subject version", "ID@VERSION"])
    (named,) = (one for one in context.command.params if one.name == "subject_id")
    version = version_after(number, named, context) if at else None
    product = cast("ProductId", PRODUCT.convert(name, None, context))
    return OfProduct(product=product, version=version or 0)


def _absent(given: str) -> ProductId | GrantId | bytes:
    """Return what is said to be absent: what is no id is a content root."""
    for kind in (ProductId, GrantId):
        if given.startswith(kind.kind):
            return kind.parse(given)
    return DIGEST.convert(given, None, None)


def _told(
    session: Session, shown: Shown, *, expected: bool, hash_given: bool, local: bool
) -> Shape:
    """Shape what a proof shows."""
    from registry.domain.proof_file import subject_json  # noqa: PLC0415 (start-up time)
    from registry.domain.proof_wording import sentences  # noqa: PLC0415 (start-up time)

    return {
        "subject": subject_json(shown.subject),
        "chain_id": str(shown.chain_id),
        "directory": str(shown.directory),
        "directory_expected": expected,
        "block": shown.block,
        "block_hash": shapes.hexed(shown.block_hash),
        "block_time": shapes.time(shown.block_time),
        "asked": shapes.time(shown.asked),
        "rests_on": shapes.hexed(shown.rests_on),
        "hash_given": hash_given,
        "local_chain": local,
        "statement": list(sentences(shown, session.lang, expected=expected, local=local)),
        "facts": shown.facts,
    }
