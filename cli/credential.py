"""`dengji credential`: say what credentials that are shown are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import moments, shapes
from cli.files import read_bytes
from cli.grammar import argument, command, group, option
from cli.output import Answer
from cli.types import FILE

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session

credential = group("credential")


@command("credential.verify", credential)
@argument("file", type=FILE)
@option("--at", metavar="WHEN")
def verify(session: Session, file: Path, at: str | None) -> Answer:
    """Verify a credential against the ledger, and answer by the exit code too."""
    raw = read_bytes(file)
    found = session.reading().exports.verify(raw, at=moments.moment(at))
    shown = found.credential
    return Answer(
        headline=f"cli.credential.verify.{found.status}",
        value={
            "status": found.status.name,
            "kind": shown.kind,
            "product": str(shown.subject) if shown.subject.kind == "product" else None,
            "grant": str(shown.subject) if shown.subject.kind == "grant" else None,
            "version": shown.version,
            "latest": found.latest,
            "until": shapes.time(found.until),
            "verdict": None if found.verdict is None else found.verdict.name,
            "differing": list(found.differing),
            "compared": found.compared,
            "local_chain": session.settings.local,
            "at": shapes.moment(found.moment),
        },
        said={
            "differing": list(found.differing) or ["—"],
            "chain_id": shown.chain_id,
            "block": shown.block,
        },
        exit_code=found.status.exit_code,
    )
