"""Mirror the events of the contracts one to one: same names, fields in the same order.

`from`, which Python keeps for itself, is `from_`. Times are in seconds since 1970; hashes and roots
are 32 bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import Address, GrantId, PartyId, ProductId
    from registry.domain.party import Role, Scope, Seat
    from registry.domain.product import ParticularFlag, ProductState, Profile, Share
    from registry.domain.vocabulary import (
        Action,
        AnnotationKind,
        Environment,
        Purpose,
        Reason,
        Right,
        SecurityClass,
        Source,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Hold where an event stands: its block, its place there, the 32-byte hash of its transaction.

    `time` is its block's, None where that was not asked for; `unindexed` names fields that hold ids
    by which the event is not found.
    """

    unindexed: ClassVar[frozenset[str]] = frozenset()

    block: int
    log_index: int
    transaction: bytes
    time: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyEnrolled(Event):
    """A party came to be."""

    party: PartyId
    key: Address
    identity_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAdmitted(Event):
    """A registrar let a key enrol under an identity."""

    key: Address
    by: PartyId
    identity_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotated(Event):
    """The controller of a party handed over: `from_` is closed, `to` speaks for it."""

    party: PartyId
    from_: Address
    to: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAppointed(Event):
    """A party gave a key scopes to act for it until `valid_until`."""

    party: PartyId
    key: Address
    scopes: Scope
    valid_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDismissed(Event):
    """An agent was dismissed by the key `by`: its party's controller, or itself."""

    party: PartyId
    key: Address
    by: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryAnnounced(Event):
    """A recovery of a party was announced; `evidence` is the 32-byte digest of a document."""

    party: PartyId
    key: Address
    by: PartyId
    effective_at: int
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCancelled(Event):
    """An announced recovery was cancelled."""

    party: PartyId
    by: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRecovered(Event):
    """A party was recovered: `from_` is closed, `to` controls it, its agents are void."""

    party: PartyId
    from_: Address
    to: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySuspended(Event):
    """A party was suspended; `index` names the suspension, `evidence` is 12 bytes."""

    party: PartyId
    by: PartyId
    index: int
    reason: Reason
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyResumed(Event):
    """The suspension `index` of a party was ended."""

    party: PartyId
    by: PartyId
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesChanged(Event):
    """A party's domain roles are now `roles`."""

    party: PartyId
    roles: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrarAdmitted(Event):
    """A party was admitted as a registrar: number and seat are its own from then on."""

    party: PartyId
    number: int
    seat: Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class WritesPaused(Event):
    """New writes are paused until `until`."""

    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRegistered(Event):
    """A product was registered, at version 1.

    The contract's event has the last five in one word, `particulars`.
    """

    product: ProductId
    applicant: PartyId
    content_root: bytes
    metadata_hash: bytes
    salt: int
    rights: Right
    security_class: SecurityClass
    source: Source
    flags: ParticularFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductOpened(Event):
    """A product was opened for a workflow, at version 1; `registrar` is 0 for none yet."""

    product: ProductId
    applicant: PartyId
    profile: Profile
    state: ProductState
    registrar: int
    content_root: bytes
    metadata_hash: bytes
    salt: int
    rights: Right
    security_class: SecurityClass
    source: Source
    flags: ParticularFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldersNamed(Event):
    """Who holds which rights in a product from its start on, in place of the applicant alone."""

    product: ProductId
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSettled(Event):
    """The workflow brought a product into a state, until `until`, 0 where that is open."""

    product: ProductId
    state: ProductState
    registrar: int
    since: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductAnnotated(Event):
    """An annotation was made on a product; `index` names it, `evidence` is 32 bytes."""

    product: ProductId
    by: PartyId
    index: int
    kind: AnnotationKind
    reason: Reason
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationReleased(Event):
    """The annotation `index` of a product was released; `evidence` is 32 bytes."""

    product: ProductId
    by: PartyId
    index: int
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductListed(Event):
    """A registration told of which series its product is, and where it is described.

    `series` is None for none, `locator` empty for nowhere.
    """

    product: ProductId
    series: ProductId | None
    locator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductUpdated(Event):
    """A product has a new version."""

    product: ProductId
    by: PartyId
    version: int
    content_root: bytes
    metadata_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsTransferred(Event):
    """Rights in a product moved from one party to another."""

    product: ProductId
    from_: PartyId
    to: PartyId
    rights: Right


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRetired(Event):
    """A product was retired."""

    product: ProductId
    by: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantIssued(Event):
    """A grant was issued; `clauses` is the packed form, from which its id can be computed again."""

    grant: GrantId
    product: ProductId
    grantee: PartyId
    clauses: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SubGrantIssued(Event):
    """A grant was issued under `parent`; `consent_signer` is None where none is needed."""

    unindexed = frozenset({"parent"})

    grant: GrantId
    product: ProductId
    grantee: PartyId
    parent: GrantId
    consent_signer: Address | None
    clauses: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAgreed(Event):
    """A grant came to be by signatures; `parent` and `consent_signer` are None for none."""

    unindexed = frozenset({"parent"})

    grant: GrantId
    product: ProductId
    grantee: PartyId
    parent: GrantId | None
    grantor_signer: Address
    grantee_signer: Address
    consent_signer: Address | None
    clauses: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantReplaced(Event):
    """A grant took the place of another, which ended with that."""

    replaced: GrantId
    grant: GrantId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferVoided(Event):
    """An offer was made void by one of its sides: this grant will never come to be."""

    unindexed = frozenset({"grantor", "grantee"})

    grant: GrantId
    by: PartyId
    grantor: PartyId
    grantee: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSuspended(Event):
    """A grant was suspended; `index` names the suspension, `evidence` is 12 bytes of a digest."""

    grant: GrantId
    by: PartyId
    index: int
    reason: Reason
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantResumed(Event):
    """One suspension of a grant was ended."""

    grant: GrantId
    by: PartyId
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRevoked(Event):
    """A grant was revoked by one of its sides, with effect at `ends_at`."""

    grant: GrantId
    by: PartyId
    ends_at: int
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantEnded(Event):
    """Both sides ended a grant, with effect at `ends_at`: `by` called, `signer` signed."""

    grant: GrantId
    by: PartyId
    ends_at: int
    signer: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecorded(Event):
    """A use was recorded, and debited to the grant and all it rests on."""

    unindexed = frozenset({"by"})

    grant: GrantId
    by: PartyId
    environment: Environment
    purpose: Purpose
    action: Action
    territory: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSettled(Event):
    """A receipt was settled under the signatures of these keys; `at` is the last use's time."""

    grant: GrantId
    cumulative: int
    sequence: int
    purpose: Purpose
    action: Action
    at: int
    grantor_signer: Address
    grantee_signer: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarExtended(Event):
    """Days up to before `end_day` were loaded; `words` hold the exceptions, 256 days each."""

    from_day: int
    end_day: int
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCorrected(Event):
    """A day was made a working day, or one off."""

    day: int
    working: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysStopped(Event):
    """The days up to before `until_day` count in no time limit."""

    from_day: int
    until_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractCreated(Event):
    """A contract of the deployment was made; `name` is ASCII in 32 bytes, padded with zeros."""

    name: bytes
    location: Address
    code_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorySealed(Event):
    """The deployment of so many contracts is complete."""

    contracts: int


KEY_EVENTS: Final[tuple[type[Event], ...]] = (
    PartyEnrolled,
    KeyRotated,
    AgentAppointed,
    PartyRecovered,
)
"""Every kind of event that brings a party a key."""

EVENTS: Final[tuple[type[Event], ...]] = (
    PartyEnrolled,
    KeyAdmitted,
    KeyRotated,
    AgentAppointed,
    AgentDismissed,
    RecoveryAnnounced,
    RecoveryCancelled,
    PartyRecovered,
    PartySuspended,
    PartyResumed,
    RolesChanged,
    RegistrarAdmitted,
    WritesPaused,
    ProductRegistered,
    ProductListed,
    ProductOpened,
    HoldersNamed,
    ProductSettled,
    ProductAnnotated,
    AnnotationReleased,
    ProductUpdated,
    RightsTransferred,
    ProductRetired,
    GrantIssued,
    SubGrantIssued,
    GrantAgreed,
    GrantReplaced,
    OfferVoided,
    GrantSuspended,
    GrantResumed,
    GrantRevoked,
    GrantEnded,
    UsageRecorded,
    ReceiptSettled,
    CalendarExtended,
    DayCorrected,
    DaysStopped,
    ContractCreated,
    DirectorySealed,
)
"""Every kind of event."""
