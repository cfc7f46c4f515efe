"""Keep what opens an identity's salted hash, and check a hash against what is shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.identity import identity_bytes, identity_hash
from registry.errors import ArchiveNeeded
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.archive import Archive
    from registry.domain.ids import PartyId
    from registry.services.actor import Actor

KIND = "identities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Hold what opens an identity's hash; text and salt are None where they are not kept here."""

    party: PartyId | None
    identity_hash: bytes
    text: str | None = None
    salt: bytes | None = None


def keep_identity(actor: Actor, text: str) -> bytes:
    """Return the salted hash of an identity, one kept before if there is one.

    The salt is drawn once for each text, so that a step made again after a crash is the same step.
    Raises `ArchiveNeeded` where a salt could not be kept.
    """
    if actor.archive is None:
        raise ArchiveNeeded(kind=KIND)
    return kept_or_made(actor.archive, text)


def fresh_identity(actor: Actor, text: str) -> bytes:
    """Return a salted hash of an identity under a new salt, so that nobody links it to another.

    Raises `ArchiveNeeded` where a salt could not be kept.
    """
    if actor.archive is None:
        raise ArchiveNeeded(kind=KIND)
    return actor.archive.keep_salted(KIND, identity_bytes(text))


def kept_or_made(archive: Archive, text: str) -> bytes:
    """Return the salted hash of an identity that an archive keeps, made now if there is none."""
    content = identity_bytes(text)
    known = next(archive.kept_digests(KIND, content), None)
    return archive.keep_salted(KIND, content) if known is None else known


def opening(actor: Actor, party: PartyId, hashed: bytes) -> Opening:
    """Return what is kept here of a party's identity."""
    kept = None if actor.archive is None else actor.archive.kept(KIND, hashed)
    if kept is None:
        return Opening(party=party, identity_hash=hashed)
    salt, content = kept
    text = content.decode(errors="replace")
    return Opening(party=party, identity_hash=hashed, text=text, salt=salt)


def opens(hashed: bytes, text: str, salt: bytes) -> bool:
    """Tell whether a text and a salt give a hash."""
    return identity_hash(text, salt) == hashed
