"""Say what can be wrong with certificates, and with what they are made from."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import InvalidInputError


class CertificateUnreadable(InvalidInputError):
    """What was given is no certificate, no page that holds one and no reference to one.

    `field` is the path of the offending field, `document` where it is the whole; `reason` is the
    reader's word for it.
    """

    code: ClassVar[str] = "certificate-unreadable"
    field: str
    reason: str


class CertificateNotDue(InvalidInputError):
    """No certificate is issued of a product that stands so: `profile` and `state` are words."""

    code: ClassVar[str] = "certificate-not-due"
    product: str
    profile: str
    state: str


class CertificateMetadataNeeded(InvalidInputError):
    """The description of a version is not at hand; its hash on the ledger has 32 bytes."""

    code: ClassVar[str] = "certificate-metadata-needed"
    product: str
    version: int
    metadata_hash: bytes


class CertificateMetadataOther(InvalidInputError):
    """The description given is not the one that was registered; both hashes have 32 bytes."""

    code: ClassVar[str] = "certificate-metadata-other"
    product: str
    version: int
    metadata_hash: bytes
    given_hash: bytes


class CertificateMissing(InvalidInputError):
    """No certificate of the product is recorded, or its document is not kept here."""

    code: ClassVar[str] = "certificate-missing"
    product: str
    recorded: int


class CertificateMisnumbered(InvalidInputError):
    """Others recorded certificates of the product just then; `number` is what ours became."""

    code: ClassVar[str] = "certificate-misnumbered"
    product: str
    number: int
