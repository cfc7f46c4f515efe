"""Read, write, show and shape the files that agreements travel in."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from cli import shapes
from cli.files import read_bytes
from cli.plain import plain, wrapped
from cli.streams import mention
from registry import messages
from registry.errors import FileUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.session import Session
    from cli.shapes import Shape
    from registry.domain.clauses import Clauses
    from registry.domain.ids import GrantId
    from registry.domain.proposal import Offer, Proposal, Signature

_COLUMNS = 96


def read(file: Path) -> Proposal:
    """Return the proposal in a file; raises `ProposalMalformed`, `ProposalTampered`."""
    from registry.domain import proposal_file  # noqa: PLC0415 (start-up time)

    return proposal_file.load(read_bytes(file))


def write(file: Path, proposal: Proposal) -> None:
    """Write a proposal, whole or not at all."""
    from registry.domain import proposal_file  # noqa: PLC0415 (start-up time)

    write_whole(file, proposal_file.dump(proposal))


def write_whole(file: Path, content: bytes) -> None:
    """Write a file, whole or not at all; raises `FileUnwritable` where that cannot be."""
    temporary = file.with_name(f".{file.name}.new")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, file)  # noqa: PTH105 (Path.replace loads nothing more)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise FileUnwritable(path=str(file), reason=error.strerror or str(error)) from error


def words(clauses: Clauses, lang: str, parent: GrantId | None = None) -> list[str]:
    """Return terms in plain sentences, a line or more for each clause."""
    from registry.domain.wording import sentences  # noqa: PLC0415 (start-up time)

    lines: list[str] = []
    for one in sentences(clauses, lang, parent=parent):
        lines += wrapped(plain(one.text), _COLUMNS)
        for item in one.items:
            lines += [
                ("  - " if n == 0 else "    ") + line
                for n, line in enumerate(wrapped(plain(item), _COLUMNS - 4))
            ]
    return lines


def told(proposal: Proposal, lang: str, checked: dict[Signature, bool]) -> str:
    """Return the whole proposal in plain words: each grant, then who has signed and who has not."""
    return "\n".join(_told(proposal, lang, checked))


def _told(proposal: Proposal, lang: str, checked: dict[Signature, bool]) -> Iterator[str]:
    def say(key: str, **fields: object) -> str:
        return messages.text(f"terms.{key}", lang, **fields)

    grants = zip(proposal.grants, proposal.offer.clauses, strict=True)
    for number, (grant, clauses) in enumerate(grants, 1):
        yield say("heading", number=number, count=len(proposal.grants), grant=grant)
        yield from words(clauses, lang, proposal.parent)
        yield ""
    yield say("digest", digest="0x" + proposal.digest.hex())
    domain = proposal.domain
    yield say("place", chain=domain.chain_id, contract=domain.verifying_contract)
    for count, earlier in enumerate(proposal.history, 1):
        yield say("earlier", number=count, party=earlier.by, time=earlier.time)
    for one in proposal.offer.signatures:
        key = "signed" if checked.get(one, False) else "signed-unproved"
        yield say(key, party=one.party, signer=one.signer, time=one.time)
    for party, over in proposal.missing:
        yield say(f"unsigned-{over.value}", party=party)


def checked(session: Session, proposal: Proposal) -> dict[Signature, bool]:
    """Return for each signature whether it is of the key that it names; asks no chain."""
    from registry.services.agreements import checked as judged  # noqa: PLC0415 (start-up time)

    return dict(judged(proposal, session.connection())) if proposal.offer.signatures else {}


def show_before_signing(session: Session, proposal: Proposal) -> None:
    """Show on stderr, in plain words, what is about to be signed."""
    mention(told(proposal, session.lang, checked(session, proposal)), sys.stderr)


def shape(proposal: Proposal, checked: dict[Signature, bool], file: Path | None = None) -> Shape:
    """Shape a proposal."""
    return {
        "file": None if file is None else str(file),
        "kind": proposal.kind.value,
        "chain_id": proposal.domain.chain_id,
        "contract": str(proposal.domain.verifying_contract),
        "digest": shapes.hexed(proposal.digest),
        "parent": None if proposal.parent is None else str(proposal.parent),
        "by": str(proposal.offer.by),
        "time": shapes.time(proposal.offer.time),
        "answers": shapes.hexed(proposal.offer.answers),
        "offer_until": shapes.time(proposal.offer_until),
        "grants": [
            {
                "id": str(grant),
                "product": str(one.product),
                "grantor": str(one.grantor),
                "grantee": str(one.grantee),
                "clauses": shapes.clauses(one),
            }
            for grant, one in zip(proposal.grants, proposal.offer.clauses, strict=True)
        ],
        "signatures": [
            {
                "party": str(one.party),
                "signer": str(one.signer),
                "over": one.over.value,
                "time": shapes.time(one.time),
                "valid": checked.get(one, False),
            }
            for one in proposal.offer.signatures
        ],
        "missing": [{"party": str(party), "over": over.value} for party, over in proposal.missing],
        "history": [_earlier(one) for one in proposal.history],
    }


def _earlier(offer: Offer) -> Shape:
    return {
        "by": str(offer.by),
        "time": shapes.time(offer.time),
        "answers": shapes.hexed(offer.answers),
    }
