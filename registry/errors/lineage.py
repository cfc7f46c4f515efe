"""Say what can go wrong with what products were made of."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import IntegrityError, InvalidInputError


class DerivationContradicted(IntegrityError):
    """A node's events say of a version's making what the ledger's digest of it denies."""

    code: ClassVar[str] = "derivation-contradicted"
    product: str
    version: int
    block: int


class SourceRepeated(InvalidInputError):
    """One version is named twice as a source."""

    code: ClassVar[str] = "source-repeated"
    product: str
    version: int


class SourceNotGranted(InvalidInputError):
    """The party has neither USE in a source nor a live grant that lets it derive from it.

    `grants` are those that it has on the product, each as `id: verdict`.
    """

    code: ClassVar[str] = "source-not-granted"
    product: str
    version: int
    party: str
    grants: list[str]


class PurposesDisjoint(InvalidInputError):
    """No purpose is allowed by all sources together; `allowed` is `product@version: purposes`."""

    code: ClassVar[str] = "purposes-disjoint"
    allowed: list[str]


class AlreadyMadeOtherwise(InvalidInputError):
    """The content is registered already, and of other sources than those named, or of none."""

    code: ClassVar[str] = "already-made-otherwise"
    product: str
    version: int


class SourcesUnnamed(InvalidInputError):
    """How data was made is said, and not of what; `option` says it."""

    code: ClassVar[str] = "sources-unnamed"
    option: str


class SliceUnnamed(InvalidInputError):
    """A slice is to be verified, and not of what; its proof alone leads to no registration."""

    code: ClassVar[str] = "slice-unnamed"
