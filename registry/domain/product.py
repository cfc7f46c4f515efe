"""Describe products, their versions, and who holds or claims what, as the ledger keeps them."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

from registry.domain.keccak import keccak
from registry.domain.vocabulary import Purpose
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.vocabulary import Right, SecurityClass, Source

MAX_LOCATOR = 512
"""How many characters a locator can have."""

MAX_VERSION = 2**16 - 1
"""The highest number a version can have."""


class Profile(IntEnum):
    """Name the rule set that a product is registered under."""

    NONE = 0
    OPEN = 1
    PROPERTY = 2
    PUBLIC = 3


class ProductState(IntEnum):
    """Say where a product stands.

    An `OPEN` product is registered, then retired. In the other profiles a draft is pending while
    its initial case runs, then registered or declined, and ends cancelled or revoked. Expiry is no
    state: it is computed of the times.
    """

    NONE = 0
    REGISTERED = 1
    RETIRED = 2
    DRAFT = 3
    PENDING = 4
    DECLINED = 5
    CANCELLED = 6
    REVOKED = 7


class ParticularFlag(IntFlag):
    """Say what else is true of the data of a product."""

    # A product of crawled data that does not replace its source.
    NON_SUBSTITUTING = 1 << 0
    # An agreement on the rights is among the materials.
    AGREED_RIGHTS = 1 << 1
    # Raw government data, which takes the PUBLIC profile only.
    RAW_PUBLIC = 1 << 2
    # It comes from the operation of public data.
    OPERATED = 1 << 3
    # All bits that have a meaning.
    ALL = (1 << 4) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Hold a product as it stood at a moment.

    `rights` are those declared at registration, the applicant's own until rights first `moved`.
    `since` and `until` are in seconds since 1970: `until` is when it ended or will expire, None
    while that is open, and `since` of a promoted leaf when it was anchored; `expired` says whether
    its validity was over at the moment asked about. `registrar` is the number of the one that has
    it, 0 for none. The three counts are of the annotations that stood. `derived` says that it names
    what it was made of, or has to before it is registered; `purposes` are those it may be granted
    for at most, none of them for no limit.
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
    operated: bool = False
    registrar: int = 0
    seizures: int = 0
    controls: int = 0
    disputes: int = 0
    derived: bool = False
    purposes: Purpose = Purpose(0)
    expired: bool = False

    @property
    def in_force(self) -> bool:
        """Tell whether the product stood: registered, and in its validity."""
        return self.state is ProductState.REGISTERED and not self.expired

    @property
    def open(self) -> bool:
        """Tell whether it is registered under `OPEN`, without cases and without a code."""
        return self.profile is Profile.OPEN

    @property
    def may_expire(self) -> bool:
        """Tell whether it depends on the time whether the product stood."""
        return self.state is ProductState.REGISTERED and self.until is not None

    def as_of(self, time: int) -> Product:
        """Return the product with its expiry judged at a time, in seconds since 1970."""
        expired = self.may_expire and self.until is not None and self.until <= time
        return self if expired is self.expired else replace(self, expired=expired)

    @property
    def frozen(self) -> bool:
        """Tell whether a seizure or a control stood: no transfer, retirement, grant or use."""
        return bool(self.seizures or self.controls)

    @property
    def encumbered(self) -> bool:
        """Tell whether a seizure, a control or a dispute stood: no transfer and no new grant."""
        return self.frozen or bool(self.disputes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Hold one version of a product; roots, hashes and `digest` are 32 bytes.

    `time` is that of the block in which it was written, in seconds since 1970: of a promoted leaf
    the product's `since` is earlier.
    """

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
class Share:
    """Hold what one of several holders gets in a product that is opened."""

    party: PartyId
    rights: Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Hold one registration of a content root; `first_at` is in seconds since 1970."""

    product: ProductId
    version: int
    first_at: int


def within_source(source: Source, flags: ParticularFlag, rights: Right) -> bool:
    """Tell whether rights are no wider than the source of the data allows.

    OPERATE in crawled data needs a product that does not replace its source; whoever processed for
    another has nothing without an agreement.
    """
    # Imported here for start-up time: the names of states are needed far more often.
    from registry.domain.vocabulary import Right, Source  # noqa: PLC0415

    if source is Source.CRAWLED:
        return not rights & Right.OPERATE or bool(flags & ParticularFlag.NON_SUBSTITUTING)
    return source is not Source.ENTRUSTED or bool(flags & ParticularFlag.AGREED_RIGHTS)


def is_locator(text: str) -> bool:
    """Tell whether text can be told as a locator: visible ASCII without spaces, not too long."""
    return len(text) <= MAX_LOCATOR and all("!" <= character <= "~" for character in text)


def first_digest(product: ProductId) -> bytes:
    """Return what stands for the digest of version 1: the id itself, filled up with zeros."""
    return product.raw.ljust(32, b"\0")


def next_digest(content_root: bytes, metadata_hash: bytes, previous: bytes) -> bytes:
    """Return the digest of a later version from its digests and the one before, 32 bytes each."""
    return keccak(content_root + metadata_hash + previous)
