"""Say what can be wrong with what is exported, and with credentials that are shown."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import IntegrityError, InvalidInputError


class DescriptionNeeded(InvalidInputError):
    """The description of a version is not at hand; its hash on the ledger has 32 bytes."""

    code: ClassVar[str] = "description-needed"
    product: str
    version: int
    metadata_hash: bytes


class DescriptionOther(InvalidInputError):
    """The description given is not the one that was registered; both hashes have 32 bytes."""

    code: ClassVar[str] = "description-other"
    product: str
    version: int
    metadata_hash: bytes
    given_hash: bytes


class ManifestNeeded(InvalidInputError):
    """The manifest of a version is not kept here; its content root has 32 bytes."""

    code: ClassVar[str] = "manifest-needed"
    product: str
    version: int
    content_root: bytes


class SyntaxUnfit(InvalidInputError):
    """A format is not written in this syntax; `known` are those that it is written in."""

    code: ClassVar[str] = "syntax-unfit"
    format: str
    given: str
    known: list[str]


class AccessUrlUnfit(InvalidInputError):
    """Where the data is said to be had is no absolute address of the web."""

    code: ClassVar[str] = "access-url-unfit"
    given: str


class OfferUnrecorded(InvalidInputError):
    """An offer is on no ledger yet, so that no credential says anything of it."""

    code: ClassVar[str] = "offer-unrecorded"
    file: str


class ShapesUnreadable(InvalidInputError):
    """A file of SHACL shapes cannot be used; `reason` is the library's word for it."""

    code: ClassVar[str] = "shapes-unreadable"
    file: str
    reason: str


class ShapesViolated(IntegrityError):
    """What would be exported departs from the shapes; `violations` says how, `count` how often."""

    code: ClassVar[str] = "shapes-violated"
    file: str
    violations: list[str]
    count: int


class CredentialUnreadable(InvalidInputError):
    """What was given is no credential of ours.

    `field` is the path of the offending field, `document` where it is the whole; `reason` is the
    reader's word for it.
    """

    code: ClassVar[str] = "credential-unreadable"
    field: str
    reason: str
