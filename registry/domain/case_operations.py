"""Say what a party wants done with cases of registration, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from registry.domain.flow_table import Act
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.case import Outcome
    from registry.domain.flow_table import CaseKind
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.operations import Register
    from registry.domain.product import Profile, Share
    from registry.domain.vocabulary import Reason, Right

NO_DIGEST: Final = bytes(32)
"""Stands for no document, and for nothing pending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Name a product that another was made of, and by what right.

    `clauses` are the packed clauses of a grant with the action DERIVE, empty where the applicant
    itself holds USE; `above` are the ancestors of a sub-grant, 32 bytes each.
    """

    product: ProductId
    clauses: bytes = b""
    above: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """Apply for a first registration, or with `draft` only write the application down.

    `evidence` is the 32-byte digest of the evidence deposited. Without `shares` the applicant holds
    all rights. `operation` are the packed clauses of the grant of operation, for data from the
    operation of public data.
    """

    registration: Register
    profile: Profile
    registrar: int
    evidence: bytes = NO_DIGEST
    shares: tuple[Share, ...] = ()
    origins: tuple[Origin, ...] = ()
    operation: bytes = b""
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitDraft:
    """Submit a draft."""

    product: ProductId
    evidence: bytes = NO_DIGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCase:
    """File a case on a registered product, with its registrar where `registrar` is 0.

    `pending` is what it would change, 32 bytes: see `registry.domain.case`.
    """

    product: ProductId
    kind: CaseKind
    registrar: int = 0
    pending: bytes = NO_DIGEST
    evidence: bytes = NO_DIGEST
    operation: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceed:
    """Do one act with a case that needs no more than a document, and perhaps a number of days.

    `act` is one of `PROCEEDING`. `evidence` is the digest of what the act rests on, `days` are the
    working days that it gives, and `pending` is what the applicant now asks for instead.
    """

    product: ProductId
    index: int
    act: Act
    evidence: bytes = NO_DIGEST
    days: int = 0
    pending: bytes = NO_DIGEST


PROCEEDING: Final = (
    Act.ACCEPT,
    Act.RETURN,
    Act.NOT_ACCEPT,
    Act.RESUBMIT,
    Act.WITHDRAW,
    Act.EXTEND,
    Act.ASK,
    Act.SUPPLEMENT,
    Act.PUBLICISE,
    Act.WAIVE,
    Act.REFUSE,
    Act.LAPSE,
)
"""The acts of `Proceed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concur:
    """Agree to a registration as the holder at a place among the holdings, or to a transfer."""

    product: ProductId
    index: int
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCase:
    """Enter what a case asks for in the record.

    `valid_until` is in seconds since 1970, 0 for a case that changes no validity; root and metadata
    hash are those whose hash the case has pending, else zero. `wish` as in `Issue`.
    """

    product: ProductId
    index: int
    evidence: bytes
    valid_until: int = 0
    content_root: bytes = NO_DIGEST
    metadata_hash: bytes = NO_DIGEST
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """Object to an application in publicity, or to a registration."""

    product: ProductId
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Decide an objection; `reasons` is the digest of the decision, `wish` as in `Issue`."""

    product: ProductId
    index: int
    outcome: Outcome
    reasons: bytes
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certify:
    """Record a certificate by the 32-byte SHA-256 of its document."""

    product: ProductId
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRegistration:
    """End a registration as its registrar; `act` is CANCEL or REVOKE."""

    product: ProductId
    act: Act
    reason: Reason
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecuteAward:
    """Move rights as a court or arbitrator decided."""

    product: ProductId
    from_: PartyId
    to: PartyId
    rights: Right
    evidence: bytes


CaseOperation: TypeAlias = (
    Apply
    | SubmitDraft
    | FileCase
    | Proceed
    | Concur
    | EnterCase
    | Object
    | Decide
    | Certify
    | EndRegistration
    | ExecuteAward
)
"""Anything that can be written about cases."""
