"""Say what can be wrong with anchors, their archives, and proofs of their leaves."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import IntegrityError, InvalidInputError


class AnchorTooLarge(InvalidInputError):
    """An anchor would be of no registration, or of more than `limit`."""

    code: ClassVar[str] = "anchor-too-large"
    limit: int


class LeafTwice(InvalidInputError):
    """Two registrations would make the same product; they count from 1, as they were given."""

    code: ClassVar[str] = "leaf-twice"
    first: int
    second: int


class LeafListed(InvalidInputError):
    """A registration with a series or a locator was to be a leaf, which has no place for them."""

    code: ClassVar[str] = "leaf-listed"
    content_root: str


class AnchorArchiveDamaged(IntegrityError):
    """A file is no archive of an anchor, or not a whole one, or not what was anchored."""

    code: ClassVar[str] = "anchor-archive-damaged"
    file: str


class AnchorNotKept(InvalidInputError):
    """No archive of an anchor with this root is kept here."""

    code: ClassVar[str] = "anchor-not-kept"
    root: str


class AnchorElsewhere(InvalidInputError):
    """An archive or proof is of another chain, registry or party than the one that is asked."""

    code: ClassVar[str] = "anchor-elsewhere"
    what: str
    given: str
    expected: str


class LeafUnknown(InvalidInputError):
    """An archive has no such leaf; `wanted` is the index, product or content asked for."""

    code: ClassVar[str] = "leaf-unknown"
    file: str
    wanted: str


class LeafAmbiguous(InvalidInputError):
    """Several leaves of an archive have the content asked for; `indexes` are theirs."""

    code: ClassVar[str] = "leaf-ambiguous"
    file: str
    content_root: str
    indexes: list[str]


class AnchorProofUnreadable(InvalidInputError):
    """What was given is no proof of a leaf; `where` points to the offending part.

    `reason` is the reader's word for it.
    """

    code: ClassVar[str] = "anchor-proof-unreadable"
    where: str
    reason: str


class AnchorProofRefused(IntegrityError):
    """A proof of a leaf does not hold; `reason` says why."""

    code: ClassVar[str] = "anchor-proof-refused"
    reason: str
