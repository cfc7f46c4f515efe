"""Mirror the events of the registration desk one to one: same names, fields in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.events import Event
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.case import Outcome
    from registry.domain.flow_table import Act
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.product import Profile
    from registry.domain.vocabulary import Reason, Right


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiled(Event):
    """A case was drafted or filed; `word` is its record, see `registry.domain.case`."""

    product: ProductId
    by: PartyId
    index: int
    pending: bytes
    evidence: bytes
    word: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMoved(Event):
    """Something was done with a case, whose record is `word` from then on."""

    product: ProductId
    by: PartyId
    index: int
    act: Act
    overdue: bool
    evidence: bytes
    word: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingReplaced(Event):
    """The applicant corrected what a case would enter."""

    product: ProductId
    index: int
    pending: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginsNamed(Event):
    """The applicant named what derived data was made of."""

    product: ProductId
    origins: tuple[ProductId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationNamed(Event):
    """The data comes from the operation of the public product `basis`; `end` is a day."""

    product: ProductId
    basis: ProductId
    grant: GrantId
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised(Event):
    """Somebody objected: in publicity, or after registration."""

    product: ProductId
    by: PartyId
    index: int
    after_registration: bool
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided(Event):
    """An objection was decided."""

    product: ProductId
    by: PartyId
    index: int
    outcome: Outcome
    overdue: bool
    reasons: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGiven(Event):
    """A registration has its code, 15 bytes of ASCII; `month` is year and month, as 202607."""

    product: ProductId
    code: bytes
    registrar: int
    month: int
    serial: int
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAmended(Event):
    """What a certificate says has changed: those handed out before are out of date."""

    product: ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued(Event):
    """A certificate was handed out; `digest` is the SHA-256 of the document."""

    product: ProductId
    by: PartyId
    number: int
    digest: bytes
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationEnded(Event):
    """A registration was ended by its registrar: `act` is CANCEL or REVOKE."""

    product: ProductId
    by: PartyId
    act: Act
    reason: Reason
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardExecuted(Event):
    """Rights were moved as a court or arbitrator decided."""

    product: ProductId
    from_: PartyId
    to: PartyId
    by: PartyId
    rights: Right
    evidence: bytes


CASE_EVENTS: tuple[type[Event], ...] = (
    CaseFiled,
    CaseMoved,
    PendingReplaced,
    OriginsNamed,
    OperationNamed,
    ObjectionRaised,
    ObjectionDecided,
    CodeGiven,
    RecordAmended,
    CertificateIssued,
    RegistrationEnded,
    AwardExecuted,
)
"""Every kind of event of the desk."""
