"""Say what a party wants written, as values: any ledger carries them out, whatever it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from registry.domain.agreement_operations import AgreementOperation
from registry.domain.anchor_operations import AnchorOperation
from registry.domain.case_operations import CaseOperation
from registry.domain.key_operations import KeyOperation
from registry.domain.lineage_operations import LineageOperation
from registry.domain.product import ParticularFlag
from registry.domain.usage_operations import UsageOperation
from registry.domain.vocabulary import Right, SecurityClass, Source
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.clauses import Clauses
    from registry.domain.ids import Address, GrantId, PartyId, ProductId
    from registry.domain.vocabulary import AnnotationKind, Reason

_RIGHTS_SHIFT: Final = 8
_SALT_SHIFT: Final = 16
_SOURCE_SHIFT: Final = 80
_FLAGS_SHIFT: Final = 84


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrol:
    """Enrol the account's key as the controller of a new party.

    The hash is 32 bytes. `wish` as in `Issue`: its salt may differ each time it is asked for.
    """

    identity_hash: bytes
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmitKey:
    """Let a key enrol under an identity: for registrars, where they admit."""

    key: Address
    identity_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend:
    """Suspend a party; `evidence` is the first 12 bytes of the digest of a document."""

    party: PartyId
    reason: Reason
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """End the suspension `index` of a party."""

    party: PartyId
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Register a product by its 32-byte content root and metadata hash.

    `series` is a product of one's own that it belongs to, `locator` an address at which it is
    described: 512 visible ASCII characters at most. An event tells both, and nothing keeps them;
    so what has either is registered by itself, in no batch, under no anchor, and not by a case.
    """

    content_root: bytes
    metadata_hash: bytes
    salt: int = 0
    rights: Right = Right.ALL
    security_class: SecurityClass = SecurityClass.GENERAL
    source: Source = Source.UNSPECIFIED
    flags: ParticularFlag = ParticularFlag(0)
    series: ProductId | None = None
    locator: str = ""

    @property
    def listed(self) -> bool:
        """Tell whether it says a series or a locator."""
        return self.series is not None or bool(self.locator)

    @property
    def particulars(self) -> int:
        """Return what it says beside its digests as one number (contracts/types/Product.sol)."""
        rare = int(self.flags) << _FLAGS_SHIFT | int(self.source) << _SOURCE_SHIFT
        plain = int(self.rights) << _RIGHTS_SHIFT | int(self.security_class)
        return rare | self.salt << _SALT_SHIFT | plain


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterBatch:
    """Register several products in one transaction, all or none."""

    items: tuple[Register, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Add a version after `latest`, the latest one that the caller has seen."""

    product: ProductId
    latest: int
    content_root: bytes
    metadata_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Move rights in a product to another party, keeping none of them."""

    product: ProductId
    to: PartyId
    rights: Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Retire:
    """End a product: it takes no more versions, transfers or grants."""

    product: ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotate:
    """Note on a product; `evidence` is the 32-byte digest of the document it rests on."""

    product: ProductId
    kind: AnnotationKind
    reason: Reason
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Release the annotation `index` of a product; `evidence` is a 32-byte digest."""

    product: ProductId
    index: int
    evidence: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Issue a grant of one's own accord.

    `wish` are the words it was asked in, which are not written: asked for in the same words before
    its outcome was told, the grant is the one issued before, though its salt and times may differ.
    """

    clauses: Clauses
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueBatch:
    """Issue several grants in one transaction, all or none; `wish` as in `Issue`."""

    items: tuple[Clauses, ...]
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke:
    """End a grant for good, as its grantor after the notice agreed, as its grantee at once."""

    grant: GrantId
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeBatch:
    """End several grants in one transaction, all or none."""

    grants: tuple[GrantId, ...]
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Announce an operation of the administration, which can be carried out after a delay."""

    operation: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendCalendar:
    """Load the working days up to before `end_day`: 256 exceptions a word, from the present end.

    `wish` as in `Issue`.
    """

    end_day: int
    words: tuple[int, ...]
    wish: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDay:
    """Make a day, two or more ahead, a working day or one off."""

    day: int
    working: bool


Operation: TypeAlias = (
    AgreementOperation
    | UsageOperation
    | Announce
    | KeyOperation
    | CaseOperation
    | LineageOperation
    | AnchorOperation
    | ExtendCalendar
    | CorrectDay
    | Enrol
    | AdmitKey
    | Suspend
    | Resume
    | Register
    | RegisterBatch
    | Update
    | Transfer
    | Retire
    | Annotate
    | Release
    | Issue
    | IssueBatch
    | Revoke
    | RevokeBatch
)
"""Anything that can be written."""
