"""Describe products, their versions, and who holds or claims what, as the ledger keeps them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from registry.domain.keccak import keccak
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.vocabulary import Right, SecurityClass

MAX_VERSION = 2**16 - 1
"""The highest number a version can have."""


class Profile(IntEnum):
    """Name the rule set that a product is registered under."""

    NONE = 0
    OPEN = 1
    PROPERTY = 2
    PUBLIC = 3


class ProductState(IntEnum):
    """Say where a product stands."""

    NONE = 0
    REGISTERED = 1
    RETIRED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Hold a product as it stood at a moment.

    `rights` are those declared at registration, the applicant's own until rights first `moved`.
    `since` and `until` are in seconds since 1970, `until` None while the product stands.
    """

    id: ProductId
    applicant: PartyId
    profile: Profile
    state: ProductState
    security_class: SecurityClass
    rights: Right
    moved: bool
    latest: int
    since: int
    until: int | None = None

    @property
    def in_force(self) -> bool:
        """Tell whether the product stands: registered and not retired."""
        return self.state is ProductState.REGISTERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Hold one version of a product; roots, hashes and `digest` are 32 bytes, `time` seconds."""

    product: ProductId
    number: int
    content_root: bytes
    metadata_hash: bytes
    digest: bytes
    by: PartyId
    block: int
    time: int
    transaction: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Hold the rights of one party in a product for a time; `until` is None while they last."""

    party: PartyId
    rights: Right
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Hold one registration of a content root; `first_at` is in seconds since 1970."""

    product: ProductId
    version: int
    first_at: int


def first_digest(product: ProductId) -> bytes:
    """Return what stands for the digest of version 1: the id itself, filled up with zeros."""
    return product.raw.ljust(32, b"\0")


def next_digest(content_root: bytes, metadata_hash: bytes, previous: bytes) -> bytes:
    """Return the digest of a later version from its digests and the one before, 32 bytes each."""
    return keccak(content_root + metadata_hash + previous)
