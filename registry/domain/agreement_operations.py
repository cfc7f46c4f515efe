"""Say what can be done about agreements and sub-grants, as values that any ledger carries out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ancestry import Path
    from registry.domain.clauses import Clauses
    from registry.domain.ids import Address, GrantId
    from registry.domain.vocabulary import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Hold a signature and the key or contract wallet that it is said to be of."""

    signer: Address
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueUnder:
    """Issue a sub-grant of one's own accord; `wish` as in `Issue`.

    `consent` is the parent's grantor's, None where the parent asks for none.
    """

    path: Path
    clauses: Clauses
    consent: Approval | None = None
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree:
    """File what both sides signed, on a product or under a parent; whoever files need be neither.

    `consent` is the parent's grantor's, None where there is no parent or it asks for none.
    """

    clauses: Clauses
    grantor: Approval
    grantee: Approval
    path: Path | None = None
    consent: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeJointly:
    """File several grants under one agreement that each party signed once, all or none."""

    items: tuple[Clauses, ...]
    approvals: tuple[Approval, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidOffer:
    """Make an offer void that was not filed yet, as either side of it."""

    clauses: Clauses
    parent: GrantId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendGrant:
    """Suspend a grant and all that rests on it; `evidence` is 12 bytes of a document's digest."""

    grant: GrantId
    reason: Reason
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeGrant:
    """End the suspension `index` of a grant."""

    grant: GrantId
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndByConsent:
    """End a grant by the will of both sides: the caller's, and the other's by its signature.

    `ends_at`, in seconds since 1970, is 0 for at once; the signature is good until `deadline`.
    """

    grant: GrantId
    ends_at: int
    deadline: int
    other: Approval


AgreementOperation: TypeAlias = (
    IssueUnder | Agree | AgreeJointly | VoidOffer | SuspendGrant | ResumeGrant | EndByConsent
)
"""Anything that can be written about agreements and sub-grants."""
