"""Mirror the errors of the contracts one to one, to be caught by name.

Fields stand in ABI order. Times are in seconds since 1970.

Generated from registry/artifacts/*.json by scripts/gen_errors.py. Do not edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from registry.domain.clauses import Clause
from registry.domain.flow_table import Act, Actor, CaseKind, Stage
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.party import Role, Scope, Seat, Standing
from registry.domain.product import ProductState, Profile
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import (
    AnnotationKind,
    Environment,
    Form,
    Purpose,
    Right,
    SecurityClass,
    Source,
)
from registry.errors import ContractRevert, Panic, PlainRevert

if TYPE_CHECKING:
    from collections.abc import Callable

    Makers = tuple[Callable[[Any], object], ...]


def _address(value: Any) -> Address:  # noqa: ANN401 (text or bytes, by decoder)
    return Address.parse(value) if isinstance(value, str) else Address(bytes(value))


class AccessManagedInvalidAuthority(ContractRevert):
    """OpenZeppelin's `AccessManagedInvalidAuthority(address)`."""

    code: ClassVar[str] = "access-managed-invalid-authority"
    signature: ClassVar[str] = "AccessManagedInvalidAuthority(address)"
    selector: ClassVar[bytes] = bytes.fromhex("c2f31e5e")
    kinds: ClassVar[Makers] = (_address,)
    authority: Address


class AccessManagedRequiredDelay(ContractRevert):
    """OpenZeppelin's `AccessManagedRequiredDelay(address,uint32)`."""

    code: ClassVar[str] = "access-managed-required-delay"
    signature: ClassVar[str] = "AccessManagedRequiredDelay(address,uint32)"
    selector: ClassVar[bytes] = bytes.fromhex("af77169d")
    kinds: ClassVar[Makers] = (_address, int)
    caller: Address
    delay: int


class AccessManagedUnauthorized(ContractRevert):
    """OpenZeppelin's `AccessManagedUnauthorized(address)`."""

    code: ClassVar[str] = "access-managed-unauthorized"
    signature: ClassVar[str] = "AccessManagedUnauthorized(address)"
    selector: ClassVar[bytes] = bytes.fromhex("068ca9d8")
    kinds: ClassVar[Makers] = (_address,)
    caller: Address


class AccessManagerAlreadyScheduled(ContractRevert):
    """OpenZeppelin's `AccessManagerAlreadyScheduled(bytes32)`."""

    code: ClassVar[str] = "access-manager-already-scheduled"
    signature: ClassVar[str] = "AccessManagerAlreadyScheduled(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("813e9459")
    kinds: ClassVar[Makers] = (bytes,)
    operation_id: bytes


class AccessManagerBadConfirmation(ContractRevert):
    """OpenZeppelin's `AccessManagerBadConfirmation()`."""

    code: ClassVar[str] = "access-manager-bad-confirmation"
    signature: ClassVar[str] = "AccessManagerBadConfirmation()"
    selector: ClassVar[bytes] = bytes.fromhex("5f159e63")


class AccessManagerExpired(ContractRevert):
    """OpenZeppelin's `AccessManagerExpired(bytes32)`."""

    code: ClassVar[str] = "access-manager-expired"
    signature: ClassVar[str] = "AccessManagerExpired(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("78a5d6e4")
    kinds: ClassVar[Makers] = (bytes,)
    operation_id: bytes


class AccessManagerInvalidInitialAdmin(ContractRevert):
    """OpenZeppelin's `AccessManagerInvalidInitialAdmin(address)`."""

    code: ClassVar[str] = "access-manager-invalid-initial-admin"
    signature: ClassVar[str] = "AccessManagerInvalidInitialAdmin(address)"
    selector: ClassVar[bytes] = bytes.fromhex("0813ada2")
    kinds: ClassVar[Makers] = (_address,)
    initial_admin: Address


class AccessManagerLockedFunction(ContractRevert):
    """OpenZeppelin's `AccessManagerLockedFunction(bytes4)`."""

    code: ClassVar[str] = "access-manager-locked-function"
    signature: ClassVar[str] = "AccessManagerLockedFunction(bytes4)"
    selector: ClassVar[bytes] = bytes.fromhex("f4744e4a")
    kinds: ClassVar[Makers] = (bytes,)
    function: bytes


class AccessManagerLockedRole(ContractRevert):
    """OpenZeppelin's `AccessManagerLockedRole(uint64)`."""

    code: ClassVar[str] = "access-manager-locked-role"
    signature: ClassVar[str] = "AccessManagerLockedRole(uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("1871a90c")
    kinds: ClassVar[Makers] = (int,)
    role_id: int


class AccessManagerNotReady(ContractRevert):
    """OpenZeppelin's `AccessManagerNotReady(bytes32)`."""

    code: ClassVar[str] = "access-manager-not-ready"
    signature: ClassVar[str] = "AccessManagerNotReady(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("18cb6b7a")
    kinds: ClassVar[Makers] = (bytes,)
    operation_id: bytes


class AccessManagerNotScheduled(ContractRevert):
    """OpenZeppelin's `AccessManagerNotScheduled(bytes32)`."""

    code: ClassVar[str] = "access-manager-not-scheduled"
    signature: ClassVar[str] = "AccessManagerNotScheduled(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("60a299b0")
    kinds: ClassVar[Makers] = (bytes,)
    operation_id: bytes


class AccessManagerUnauthorizedAccount(ContractRevert):
    """OpenZeppelin's `AccessManagerUnauthorizedAccount(address,uint64)`."""

    code: ClassVar[str] = "access-manager-unauthorized-account"
    signature: ClassVar[str] = "AccessManagerUnauthorizedAccount(address,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("f07e038f")
    kinds: ClassVar[Makers] = (_address, int)
    msgsender: Address
    role_id: int


class AccessManagerUnauthorizedCall(ContractRevert):
    """OpenZeppelin's `AccessManagerUnauthorizedCall(address,address,bytes4)`."""

    code: ClassVar[str] = "access-manager-unauthorized-call"
    signature: ClassVar[str] = "AccessManagerUnauthorizedCall(address,address,bytes4)"
    selector: ClassVar[bytes] = bytes.fromhex("81c6f24b")
    kinds: ClassVar[Makers] = (_address, _address, bytes)
    caller: Address
    target: Address
    function: bytes


class AccessManagerUnauthorizedCancel(ContractRevert):
    """OpenZeppelin's `AccessManagerUnauthorizedCancel(address,address,address,bytes4)`."""

    code: ClassVar[str] = "access-manager-unauthorized-cancel"
    signature: ClassVar[str] = "AccessManagerUnauthorizedCancel(address,address,address,bytes4)"
    selector: ClassVar[bytes] = bytes.fromhex("3fe2751c")
    kinds: ClassVar[Makers] = (_address, _address, _address, bytes)
    msgsender: Address
    caller: Address
    target: Address
    function: bytes


class AccessManagerUnauthorizedConsume(ContractRevert):
    """OpenZeppelin's `AccessManagerUnauthorizedConsume(address)`."""

    code: ClassVar[str] = "access-manager-unauthorized-consume"
    signature: ClassVar[str] = "AccessManagerUnauthorizedConsume(address)"
    selector: ClassVar[bytes] = bytes.fromhex("320ff748")
    kinds: ClassVar[Makers] = (_address,)
    target: Address


class AddressEmptyCode(ContractRevert):
    """OpenZeppelin's `AddressEmptyCode(address)`."""

    code: ClassVar[str] = "address-empty-code"
    signature: ClassVar[str] = "AddressEmptyCode(address)"
    selector: ClassVar[bytes] = bytes.fromhex("9996b315")
    kinds: ClassVar[Makers] = (_address,)
    target: Address


class AgentExpired(ContractRevert):
    """The agent's span would have ended before it began."""

    code: ClassVar[str] = "agent-expired"
    signature: ClassVar[str] = "AgentExpired(address,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("d64a847d")
    kinds: ClassVar[Makers] = (_address, int)
    key: Address
    valid_until: int


class AgentUnknown(ContractRevert):
    """The key is no agent of the party."""

    code: ClassVar[str] = "agent-unknown"
    signature: ClassVar[str] = "AgentUnknown(address,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("2cfdf47f")
    kinds: ClassVar[Makers] = (_address, PartyId.of)
    key: Address
    party: PartyId


class AgentsTooMany(ContractRevert):
    """More parties are named as those who carried it out than may be."""

    code: ClassVar[str] = "agents-too-many"
    signature: ClassVar[str] = "AgentsTooMany(uint256,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("a8340f36")
    kinds: ClassVar[Makers] = (int, int)
    given: int
    most: int


class AgreementMismatch(ContractRevert):
    """The clauses state another agreement than the one that the grants together make."""

    code: ClassVar[str] = "agreement-mismatch"
    signature: ClassVar[str] = "AgreementMismatch(bytes32,bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("92f43246")
    kinds: ClassVar[Makers] = (bytes, bytes)
    stated: bytes
    computed: bytes


class AgreementSizeInvalid(ContractRevert):
    """A joint agreement has 2 to 16 grants."""

    code: ClassVar[str] = "agreement-size-invalid"
    signature: ClassVar[str] = "AgreementSizeInvalid(uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("9fbfc30d")
    kinds: ClassVar[Makers] = (int,)
    count: int


class AgreementUnordered(ContractRevert):
    """Mirror `AgreementUnordered`.

    The clauses of a joint agreement come in ascending order of their hashes without the
    agreement's; those at `index` do not.
    """

    code: ClassVar[str] = "agreement-unordered"
    signature: ClassVar[str] = "AgreementUnordered(uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("e3b12466")
    kinds: ClassVar[Makers] = (int,)
    index: int


class AlreadyExtended(ContractRevert):
    """A review is made longer once."""

    code: ClassVar[str] = "already-extended"
    signature: ClassVar[str] = "AlreadyExtended(bytes20,uint16,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("e1676c79")
    kinds: ClassVar[Makers] = (ProductId.of, int, int)
    product: ProductId
    index: int
    extension: int


class AlreadyReturned(ContractRevert):
    """A case is sent back once."""

    code: ClassVar[str] = "already-returned"
    signature: ClassVar[str] = "AlreadyReturned(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("6f6d2bc2")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    index: int


class AlreadySealed(ContractRevert):
    """The deployment is complete and takes no more."""

    code: ClassVar[str] = "already-sealed"
    signature: ClassVar[str] = "AlreadySealed(uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("609ac72a")
    kinds: ClassVar[Makers] = (int,)
    sealed_at: int


class AncestorNotInForce(ContractRevert):
    """The grant that this rests on, or one above it, cannot be used."""

    code: ClassVar[str] = "ancestor-not-in-force"
    signature: ClassVar[str] = "AncestorNotInForce(bytes32,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("bdbbc6c6")
    kinds: ClassVar[Makers] = (GrantId.of, Verdict)
    ancestor: GrantId
    verdict: Verdict


class AnchorOnly(ContractRevert):
    """Only the registry of anchors may call this."""

    code: ClassVar[str] = "anchor-only"
    signature: ClassVar[str] = "AnchorOnly(address)"
    selector: ClassVar[bytes] = bytes.fromhex("ff36789d")
    kinds: ClassVar[Makers] = (_address,)
    caller: Address


class AnchorTaken(ContractRevert):
    """The party has anchored this root before."""

    code: ClassVar[str] = "anchor-taken"
    signature: ClassVar[str] = "AnchorTaken(uint64,bytes32,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("78d39bdb")
    kinds: ClassVar[Makers] = (PartyId.of, bytes, int)
    by: PartyId
    root: bytes
    since: int


class AnchorUnknown(ContractRevert):
    """The party has anchored no such root."""

    code: ClassVar[str] = "anchor-unknown"
    signature: ClassVar[str] = "AnchorUnknown(uint64,bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("e8a85806")
    kinds: ClassVar[Makers] = (PartyId.of, bytes)
    by: PartyId
    root: bytes


class AnnotationNotYours(ContractRevert):
    """Only the maker of the annotation or a court may release it, a seizure only its own court."""

    code: ClassVar[str] = "annotation-not-yours"
    signature: ClassVar[str] = "AnnotationNotYours(bytes20,uint256,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("7a6e3f0b")
    kinds: ClassVar[Makers] = (ProductId.of, int, PartyId.of)
    product: ProductId
    index: int
    by: PartyId


class AnnotationUnknown(ContractRevert):
    """The product has no live annotation of this index."""

    code: ClassVar[str] = "annotation-unknown"
    signature: ClassVar[str] = "AnnotationUnknown(bytes20,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("9f617880")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    index: int


class AnnotationsFull(ContractRevert):
    """As many annotations of this kind stand as can be counted."""

    code: ClassVar[str] = "annotations-full"
    signature: ClassVar[str] = "AnnotationsFull(bytes20,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("d9ba822b")
    kinds: ClassVar[Makers] = (ProductId.of, AnnotationKind)
    product: ProductId
    kind: AnnotationKind


class ApplicantOnly(ContractRevert):
    """Only whoever applied for the product's registration may declare what it was made of."""

    code: ClassVar[str] = "applicant-only"
    signature: ClassVar[str] = "ApplicantOnly(bytes20,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("d251dd52")
    kinds: ClassVar[Makers] = (ProductId.of, PartyId.of)
    product: ProductId
    by: PartyId


class ApprovalMissing(ContractRevert):
    """Nobody signed for this party of the joint agreement."""

    code: ClassVar[str] = "approval-missing"
    signature: ClassVar[str] = "ApprovalMissing(uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("1a50509e")
    kinds: ClassVar[Makers] = (PartyId.of,)
    party: PartyId


class AuthorityFixed(ContractRevert):
    """The authority of this contract is `authority`, for good."""

    code: ClassVar[str] = "authority-fixed"
    signature: ClassVar[str] = "AuthorityFixed(address)"
    selector: ClassVar[bytes] = bytes.fromhex("05104196")
    kinds: ClassVar[Makers] = (_address,)
    authority: Address


class BasisUnfit(ContractRevert):
    """The product operated is not one of public data, registered and valid."""

    code: ClassVar[str] = "basis-unfit"
    signature: ClassVar[str] = "BasisUnfit(bytes20,uint8,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("c41373ce")
    kinds: ClassVar[Makers] = (ProductId.of, Profile, ProductState)
    basis: ProductId
    profile: Profile
    state: ProductState


class CalendarMissing(ContractRevert):
    """The day is not among those loaded, which end before `endDay`."""

    code: ClassVar[str] = "calendar-missing"
    signature: ClassVar[str] = "CalendarMissing(uint24,uint24)"
    selector: ClassVar[bytes] = bytes.fromhex("2d6e6f91")
    kinds: ClassVar[Makers] = (int, int)
    day: int
    end_day: int


class CalendarReaches(ContractRevert):
    """The calendar reaches to `endDay` already."""

    code: ClassVar[str] = "calendar-reaches"
    signature: ClassVar[str] = "CalendarReaches(uint24,uint24)"
    selector: ClassVar[bytes] = bytes.fromhex("2cce2c73")
    kinds: ClassVar[Makers] = (int, int)
    given: int
    end_day: int


class CaseOpen(ContractRevert):
    """The product has an open case."""

    code: ClassVar[str] = "case-open"
    signature: ClassVar[str] = "CaseOpen(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("ab7a6480")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    index: int


class CaseUnknown(ContractRevert):
    """There is no such case."""

    code: ClassVar[str] = "case-unknown"
    signature: ClassVar[str] = "CaseUnknown(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("6d90f8fc")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    index: int


class ClauseInvalid(ContractRevert):
    """The clause has a value that is not allowed, or not together with the others."""

    code: ClassVar[str] = "clause-invalid"
    signature: ClassVar[str] = "ClauseInvalid(uint8,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("06032518")
    kinds: ClassVar[Makers] = (Clause, int)
    clause: Clause
    value: int


class ClauseWider(ContractRevert):
    """The sub-grant would be wider in this clause than the grant that it rests on."""

    code: ClassVar[str] = "clause-wider"
    signature: ClassVar[str] = "ClauseWider(uint8,uint256,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("5da14c5a")
    kinds: ClassVar[Makers] = (Clause, int, int)
    clause: Clause
    parent: int
    child: int


class ClausesMalformed(ContractRevert):
    """The bytes are no packed clauses: too short, too long, or not in canonical form."""

    code: ClassVar[str] = "clauses-malformed"
    signature: ClassVar[str] = "ClausesMalformed(uint256,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("f7aeb62d")
    kinds: ClassVar[Makers] = (int, int)
    length: int
    offset: int


class CodeMissing(ContractRevert):
    """The creation code of `name` makes a contract without code."""

    code: ClassVar[str] = "code-missing"
    signature: ClassVar[str] = "CodeMissing(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("d7efeadf")
    kinds: ClassVar[Makers] = (bytes,)
    name: bytes


class CodesExhausted(ContractRevert):
    """The registrar has given all the codes of this month."""

    code: ClassVar[str] = "codes-exhausted"
    signature: ClassVar[str] = "CodesExhausted(uint16,uint24)"
    selector: ClassVar[bytes] = bytes.fromhex("753cdc69")
    kinds: ClassVar[Makers] = (int, int)
    registrar: int
    month: int


class ConsentExpired(ContractRevert):
    """The consent could be used until `deadline`."""

    code: ClassVar[str] = "consent-expired"
    signature: ClassVar[str] = "ConsentExpired(address,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("c5ac5438")
    kinds: ClassVar[Makers] = (_address, int)
    key: Address
    deadline: int


class ConsentInvalid(ContractRevert):
    """The signature is not the key's under `digest`."""

    code: ClassVar[str] = "consent-invalid"
    signature: ClassVar[str] = "ConsentInvalid(address,bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("749f45dd")
    kinds: ClassVar[Makers] = (_address, bytes)
    key: Address
    digest: bytes


class ConsentMissing(ContractRevert):
    """The party has not agreed yet."""

    code: ClassVar[str] = "consent-missing"
    signature: ClassVar[str] = "ConsentMissing(bytes20,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("26aa48a1")
    kinds: ClassVar[Makers] = (ProductId.of, PartyId.of)
    product: ProductId
    party: PartyId


class ConsentNotAwaited(ContractRevert):
    """The party's consent is not missing."""

    code: ClassVar[str] = "consent-not-awaited"
    signature: ClassVar[str] = "ConsentNotAwaited(bytes20,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("aa049527")
    kinds: ClassVar[Makers] = (ProductId.of, PartyId.of)
    product: ProductId
    party: PartyId


class ContentRootMissing(ContractRevert):
    """A registration or a new version needs a content root."""

    code: ClassVar[str] = "content-root-missing"
    signature: ClassVar[str] = "ContentRootMissing(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("4d54f9d6")
    kinds: ClassVar[Makers] = (bytes,)
    metadata_hash: bytes


class ControllerOnly(ContractRevert):
    """Only the controller of its party may do this."""

    code: ClassVar[str] = "controller-only"
    signature: ClassVar[str] = "ControllerOnly(address,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("a5d412ed")
    kinds: ClassVar[Makers] = (_address, PartyId.of)
    key: Address
    party: PartyId


class Create2EmptyBytecode(ContractRevert):
    """OpenZeppelin's `Create2EmptyBytecode()`."""

    code: ClassVar[str] = "create2-empty-bytecode"
    signature: ClassVar[str] = "Create2EmptyBytecode()"
    selector: ClassVar[bytes] = bytes.fromhex("4ca249dc")


class Create3EmptyBytecode(ContractRevert):
    """OpenZeppelin's `Create3EmptyBytecode()`."""

    code: ClassVar[str] = "create3-empty-bytecode"
    signature: ClassVar[str] = "Create3EmptyBytecode()"
    selector: ClassVar[bytes] = bytes.fromhex("fa7edf27")


class DayStopped(ContractRevert):
    """A pause stopped the day: no correction makes it count again."""

    code: ClassVar[str] = "day-stopped"
    signature: ClassVar[str] = "DayStopped(uint24)"
    selector: ClassVar[bytes] = bytes.fromhex("5a517a14")
    kinds: ClassVar[Makers] = (int,)
    day: int


class DayTooNear(ContractRevert):
    """A correction reaches days from `allowedFrom` on."""

    code: ClassVar[str] = "day-too-near"
    signature: ClassVar[str] = "DayTooNear(uint24,uint24)"
    selector: ClassVar[bytes] = bytes.fromhex("76860faa")
    kinds: ClassVar[Makers] = (int, int)
    day: int
    allowed_from: int


class DaysOutOfRange(ContractRevert):
    """A limit has at most `most` working days."""

    code: ClassVar[str] = "days-out-of-range"
    signature: ClassVar[str] = "DaysOutOfRange(uint16,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("0b3b2948")
    kinds: ClassVar[Makers] = (int, int)
    given: int
    most: int


class DeadlinePassed(ContractRevert):
    """It had to be done before `deadline`."""

    code: ClassVar[str] = "deadline-passed"
    signature: ClassVar[str] = "DeadlinePassed(bytes20,uint8,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("ea6ff186")
    kinds: ClassVar[Makers] = (ProductId.of, Act, int)
    product: ProductId
    act: Act
    deadline: int


class DeclarationClosed(ContractRevert):
    """What a product was made of is declared before its registration is decided."""

    code: ClassVar[str] = "declaration-closed"
    signature: ClassVar[str] = "DeclarationClosed(bytes20,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("3a84a903")
    kinds: ClassVar[Makers] = (ProductId.of, ProductState)
    product: ProductId
    state: ProductState


class DelayTooShort(ContractRevert):
    """The role would be held with a delay shorter than `SHORTEST_DELAY`."""

    code: ClassVar[str] = "delay-too-short"
    signature: ClassVar[str] = "DelayTooShort(uint64,address,uint32)"
    selector: ClassVar[bytes] = bytes.fromhex("ba3cae59")
    kinds: ClassVar[Makers] = (int, _address, int)
    role_id: int
    account: Address
    delay: int


class DerivationMissing(ContractRevert):
    """Mirror `DerivationMissing`.

    The version is of derived data and does not say of what: that is registered, or declared, with
    `Lineage`.
    """

    code: ClassVar[str] = "derivation-missing"
    signature: ClassVar[str] = "DerivationMissing(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("8f64ec10")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    version: int


class DerivationTaken(ContractRevert):
    """It was declared before what this version was made of."""

    code: ClassVar[str] = "derivation-taken"
    signature: ClassVar[str] = "DerivationTaken(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("9f030ec0")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    version: int


class DeskOnly(ContractRevert):
    """Only the registration desk may call this."""

    code: ClassVar[str] = "desk-only"
    signature: ClassVar[str] = "DeskOnly(address)"
    selector: ClassVar[bytes] = bytes.fromhex("f6b0d16d")
    kinds: ClassVar[Makers] = (_address,)
    caller: Address


class DigestMissing(ContractRevert):
    """A certificate is recorded by the digest of the document."""

    code: ClassVar[str] = "digest-missing"
    signature: ClassVar[str] = "DigestMissing(bytes20)"
    selector: ClassVar[bytes] = bytes.fromhex("05a11af7")
    kinds: ClassVar[Makers] = (ProductId.of,)
    product: ProductId


class DueOutOfRange(ContractRevert):
    """The time limit named must have from `least` to `most` working days."""

    code: ClassVar[str] = "due-out-of-range"
    signature: ClassVar[str] = "DueOutOfRange(uint8,uint8,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("1338e625")
    kinds: ClassVar[Makers] = (int, int, int)
    given: int
    least: int
    most: int


class EnvironmentTooOpen(ContractRevert):
    """Mirror `EnvironmentTooOpen`.

    Important and core data may be used in sandboxes, trusted hardware and multi-party computation
    only.
    """

    code: ClassVar[str] = "environment-too-open"
    signature: ClassVar[str] = "EnvironmentTooOpen(bytes20,uint8,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("618a9b3b")
    kinds: ClassVar[Makers] = (ProductId.of, SecurityClass, Environment)
    product: ProductId
    security_class: SecurityClass
    environment: Environment


class EvidenceMissing(ContractRevert):
    """The act needs the digest of what it rests on."""

    code: ClassVar[str] = "evidence-missing"
    signature: ClassVar[str] = "EvidenceMissing(uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("2c61c9cc")
    kinds: ClassVar[Makers] = (Act,)
    act: Act


class FailedCall(ContractRevert):
    """OpenZeppelin's `FailedCall()`."""

    code: ClassVar[str] = "failed-call"
    signature: ClassVar[str] = "FailedCall()"
    selector: ClassVar[bytes] = bytes.fromhex("d6bda275")


class FailedDeployment(ContractRevert):
    """OpenZeppelin's `FailedDeployment()`."""

    code: ClassVar[str] = "failed-deployment"
    signature: ClassVar[str] = "FailedDeployment()"
    selector: ClassVar[bytes] = bytes.fromhex("b06ebf3d")


class FormNeedsSignatures(ContractRevert):
    """Grants of this form come about by signatures, not by one side alone."""

    code: ClassVar[str] = "form-needs-signatures"
    signature: ClassVar[str] = "FormNeedsSignatures(uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("005aa6d2")
    kinds: ClassVar[Makers] = (Form,)
    form: Form


class FounderOnly(ContractRevert):
    """Only the founder makes the deployment."""

    code: ClassVar[str] = "founder-only"
    signature: ClassVar[str] = "FounderOnly(address,address)"
    selector: ClassVar[bytes] = bytes.fromhex("42ed068b")
    kinds: ClassVar[Makers] = (_address, _address)
    caller: Address
    founder: Address


class FunctionTooOpen(ContractRevert):
    """The role of the public would open the function to everyone, at once and for good."""

    code: ClassVar[str] = "function-too-open"
    signature: ClassVar[str] = "FunctionTooOpen(address,bytes4)"
    selector: ClassVar[bytes] = bytes.fromhex("7384df12")
    kinds: ClassVar[Makers] = (_address, bytes)
    target: Address
    function: bytes


class GrantEndsAlready(ContractRevert):
    """The grant ends, or ended, at `endsAt`; the call would not end it sooner."""

    code: ClassVar[str] = "grant-ends-already"
    signature: ClassVar[str] = "GrantEndsAlready(bytes32,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("363cc871")
    kinds: ClassVar[Makers] = (GrantId.of, int)
    grant: GrantId
    ends_at: int


class GrantMismatch(ContractRevert):
    """The clauses are those of another grant."""

    code: ClassVar[str] = "grant-mismatch"
    signature: ClassVar[str] = "GrantMismatch(bytes32,bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("a472f529")
    kinds: ClassVar[Makers] = (GrantId.of, GrantId.of)
    stated: GrantId
    computed: GrantId


class GrantNotYours(ContractRevert):
    """The party is no side of the grant, nor of an office that may do this."""

    code: ClassVar[str] = "grant-not-yours"
    signature: ClassVar[str] = "GrantNotYours(bytes32,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("8071ca62")
    kinds: ClassVar[Makers] = (GrantId.of, PartyId.of)
    grant: GrantId
    party: PartyId


class GrantSuspensionNotYours(ContractRevert):
    """Only `by`, who made the suspension, or a court may end it; a court's only that court."""

    code: ClassVar[str] = "grant-suspension-not-yours"
    signature: ClassVar[str] = "GrantSuspensionNotYours(bytes32,uint256,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("d9d891c8")
    kinds: ClassVar[Makers] = (GrantId.of, int, PartyId.of)
    grant: GrantId
    index: int
    by: PartyId


class GrantSuspensionUnknown(ContractRevert):
    """The grant has no live suspension of this index."""

    code: ClassVar[str] = "grant-suspension-unknown"
    signature: ClassVar[str] = "GrantSuspensionUnknown(bytes32,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("dfeee499")
    kinds: ClassVar[Makers] = (GrantId.of, int)
    grant: GrantId
    index: int


class GrantTaken(ContractRevert):
    """A grant of these terms exists: the same cannot be issued twice."""

    code: ClassVar[str] = "grant-taken"
    signature: ClassVar[str] = "GrantTaken(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("def300d2")
    kinds: ClassVar[Makers] = (GrantId.of,)
    grant: GrantId


class GrantUnknown(ContractRevert):
    """There is no such grant."""

    code: ClassVar[str] = "grant-unknown"
    signature: ClassVar[str] = "GrantUnknown(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("2d48d855")
    kinds: ClassVar[Makers] = (GrantId.of,)
    grant: GrantId


class GranteeIsGrantor(ContractRevert):
    """A party cannot grant to itself."""

    code: ClassVar[str] = "grantee-is-grantor"
    signature: ClassVar[str] = "GranteeIsGrantor(uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("1eb5ee60")
    kinds: ClassVar[Makers] = (PartyId.of,)
    party: PartyId


class GrantorMismatch(ContractRevert):
    """The clauses name `named` as grantor, the caller speaks for `caller`."""

    code: ClassVar[str] = "grantor-mismatch"
    signature: ClassVar[str] = "GrantorMismatch(uint64,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("0e4078c5")
    kinds: ClassVar[Makers] = (PartyId.of, PartyId.of)
    named: PartyId
    caller: PartyId


class InsufficientBalance(ContractRevert):
    """OpenZeppelin's `InsufficientBalance(uint256,uint256)`."""

    code: ClassVar[str] = "insufficient-balance"
    signature: ClassVar[str] = "InsufficientBalance(uint256,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("cf479181")
    kinds: ClassVar[Makers] = (int, int)
    balance: int
    needed: int


class InvalidShortString(ContractRevert):
    """OpenZeppelin's `InvalidShortString()`."""

    code: ClassVar[str] = "invalid-short-string"
    signature: ClassVar[str] = "InvalidShortString()"
    selector: ClassVar[bytes] = bytes.fromhex("b3512b0c")


class KeyClosed(ContractRevert):
    """Mirror `KeyClosed`.

    The key spoke for its party until `endedAt`: it was closed, expired, or voided by a recovery.
    """

    code: ClassVar[str] = "key-closed"
    signature: ClassVar[str] = "KeyClosed(address,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("b9c8e50d")
    kinds: ClassVar[Makers] = (_address, int)
    key: Address
    ended_at: int


class KeyNotAdmitted(ContractRevert):
    """The key may not enrol under `identityHash`: no registrar admitted it so."""

    code: ClassVar[str] = "key-not-admitted"
    signature: ClassVar[str] = "KeyNotAdmitted(address,bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("0366d7e3")
    kinds: ClassVar[Makers] = (_address, bytes)
    key: Address
    identity_hash: bytes


class KeyTaken(ContractRevert):
    """The key belongs to `party` already, and for ever."""

    code: ClassVar[str] = "key-taken"
    signature: ClassVar[str] = "KeyTaken(address,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("e328c4b9")
    kinds: ClassVar[Makers] = (_address, PartyId.of)
    key: Address
    party: PartyId


class KeyUnknown(ContractRevert):
    """The key belongs to no party."""

    code: ClassVar[str] = "key-unknown"
    signature: ClassVar[str] = "KeyUnknown(address)"
    selector: ClassVar[bytes] = bytes.fromhex("d20c8569")
    kinds: ClassVar[Makers] = (_address,)
    key: Address


class LeafUnproven(ContractRevert):
    """The proof does not lead from the registration, as the leaf at `index`, to the root."""

    code: ClassVar[str] = "leaf-unproven"
    signature: ClassVar[str] = "LeafUnproven(bytes32,bytes32,uint32)"
    selector: ClassVar[bytes] = bytes.fromhex("ff75e88a")
    kinds: ClassVar[Makers] = (bytes, bytes, int)
    root: bytes
    leaf: bytes
    index: int


class LeavesOutOfRange(ContractRevert):
    """An anchor is of one leaf to `most`."""

    code: ClassVar[str] = "leaves-out-of-range"
    signature: ClassVar[str] = "LeavesOutOfRange(uint32,uint32)"
    selector: ClassVar[bytes] = bytes.fromhex("1a4ad860")
    kinds: ClassVar[Makers] = (int, int)
    leaves: int
    most: int


class LineageMismatch(ContractRevert):
    """The lineage leads to another grant, or there is none where the grant is a sub-grant."""

    code: ClassVar[str] = "lineage-mismatch"
    signature: ClassVar[str] = "LineageMismatch(bytes32,bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("808d1d02")
    kinds: ClassVar[Makers] = (GrantId.of, GrantId.of)
    grant: GrantId
    computed: GrantId


class LineageOnly(ContractRevert):
    """Only the registry of derivations may call this."""

    code: ClassVar[str] = "lineage-only"
    signature: ClassVar[str] = "LineageOnly(address)"
    selector: ClassVar[bytes] = bytes.fromhex("8f137716")
    kinds: ClassVar[Makers] = (_address,)
    caller: Address


class ListingEmpty(ContractRevert):
    """A listing names a series, a locator or both."""

    code: ClassVar[str] = "listing-empty"
    signature: ClassVar[str] = "ListingEmpty()"
    selector: ClassVar[bytes] = bytes.fromhex("4fd299aa")


class LocatorTooLong(ContractRevert):
    """A locator has at most so many bytes."""

    code: ClassVar[str] = "locator-too-long"
    signature: ClassVar[str] = "LocatorTooLong(uint256,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("4664a980")
    kinds: ClassVar[Makers] = (int, int)
    length: int
    most: int


class LocatorUnprintable(ContractRevert):
    """Mirror `LocatorUnprintable`.

    The byte at `place`, counted from 0, is not one that a locator has: these are the visible ones
    of ASCII.
    """

    code: ClassVar[str] = "locator-unprintable"
    signature: ClassVar[str] = "LocatorUnprintable(uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("1fda9659")
    kinds: ClassVar[Makers] = (int,)
    place: int


class MeterOnly(ContractRevert):
    """Only the meter may call this."""

    code: ClassVar[str] = "meter-only"
    signature: ClassVar[str] = "MeterOnly(address)"
    selector: ClassVar[bytes] = bytes.fromhex("4b40ee36")
    kinds: ClassVar[Makers] = (_address,)
    caller: Address


class NameMissing(ContractRevert):
    """A contract of `codeLength` bytes of creation code was given no name."""

    code: ClassVar[str] = "name-missing"
    signature: ClassVar[str] = "NameMissing(uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("e9d56c1a")
    kinds: ClassVar[Makers] = (int,)
    code_length: int


class NameTaken(ContractRevert):
    """The name is in use in this deployment."""

    code: ClassVar[str] = "name-taken"
    signature: ClassVar[str] = "NameTaken(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("d66f4bcf")
    kinds: ClassVar[Makers] = (bytes,)
    name: bytes


class NotRegistrar(ContractRevert):
    """The case, or the product, is not the caller's to decide on: its registrar is `registrar`."""

    code: ClassVar[str] = "not-registrar"
    signature: ClassVar[str] = "NotRegistrar(bytes20,uint64,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("7ae53214")
    kinds: ClassVar[Makers] = (ProductId.of, PartyId.of, int)
    product: ProductId
    by: PartyId
    registrar: int


class NothingToSeal(ContractRevert):
    """A directory without contracts cannot be sealed."""

    code: ClassVar[str] = "nothing-to-seal"
    signature: ClassVar[str] = "NothingToSeal(address)"
    selector: ClassVar[bytes] = bytes.fromhex("5c877197")
    kinds: ClassVar[Makers] = (_address,)
    directory: Address


class ObjectionOpen(ContractRevert):
    """The party's objection of this index is open; it may object again once that is decided."""

    code: ClassVar[str] = "objection-open"
    signature: ClassVar[str] = "ObjectionOpen(bytes20,uint64,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("c3023c36")
    kinds: ClassVar[Makers] = (ProductId.of, PartyId.of, int)
    product: ProductId
    by: PartyId
    index: int


class ObjectionUnknown(ContractRevert):
    """The product has no open objection of this index."""

    code: ClassVar[str] = "objection-unknown"
    signature: ClassVar[str] = "ObjectionUnknown(bytes20,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("64c57f8d")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    index: int


class ObjectionsFull(ContractRevert):
    """As many objections are open as can be counted."""

    code: ClassVar[str] = "objections-full"
    signature: ClassVar[str] = "ObjectionsFull(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("c431bbe5")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    open: int


class OfferIsVoid(ContractRevert):
    """One of the sides made this offer void."""

    code: ClassVar[str] = "offer-is-void"
    signature: ClassVar[str] = "OfferIsVoid(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("6f8b06c4")
    kinds: ClassVar[Makers] = (GrantId.of,)
    grant: GrantId


class OfferLapsed(ContractRevert):
    """The offer stood until `offerUntil`."""

    code: ClassVar[str] = "offer-lapsed"
    signature: ClassVar[str] = "OfferLapsed(uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("12b443a7")
    kinds: ClassVar[Makers] = (int, int)
    offer_until: int
    time: int


class OperationMissing(ContractRevert):
    """Data from the operation of public data names the grant of operation."""

    code: ClassVar[str] = "operation-missing"
    signature: ClassVar[str] = "OperationMissing(uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("4197a1d4")
    kinds: ClassVar[Makers] = (PartyId.of,)
    applicant: PartyId


class OperationTooLong(ContractRevert):
    """Public data is operated for at most five years."""

    code: ClassVar[str] = "operation-too-long"
    signature: ClassVar[str] = "OperationTooLong(uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("874dc309")
    kinds: ClassVar[Makers] = (int, int)
    valid_until: int
    limit: int


class OperationUncalled(ContractRevert):
    """Mirror `OperationUncalled`.

    A grant of operation is named for data not declared as operated, or in a case that renews
    nothing.
    """

    code: ClassVar[str] = "operation-uncalled"
    signature: ClassVar[str] = "OperationUncalled(uint64,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("413b9757")
    kinds: ClassVar[Makers] = (PartyId.of, CaseKind)
    by: PartyId
    kind: CaseKind


class OperationUnfit(ContractRevert):
    """The grant is no standing grant of operation to the applicant."""

    code: ClassVar[str] = "operation-unfit"
    signature: ClassVar[str] = "OperationUnfit(bytes32,uint64,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("0ef1fd85")
    kinds: ClassVar[Makers] = (GrantId.of, PartyId.of, Verdict)
    grant: GrantId
    grantee: PartyId
    verdict: Verdict


class OriginNotGranted(ContractRevert):
    """The grant shown does not let the applicant derive from the origin, which is of `granted`."""

    code: ClassVar[str] = "origin-not-granted"
    signature: ClassVar[str] = "OriginNotGranted(bytes20,bytes20,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("3f650a64")
    kinds: ClassVar[Makers] = (ProductId.of, ProductId.of, Verdict)
    origin: ProductId
    granted: ProductId
    verdict: Verdict


class OriginUnfit(ContractRevert):
    """The origin is not registered and valid."""

    code: ClassVar[str] = "origin-unfit"
    signature: ClassVar[str] = "OriginUnfit(bytes20,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("6368c0f6")
    kinds: ClassVar[Makers] = (ProductId.of, ProductState)
    origin: ProductId
    state: ProductState


class OriginsMissing(ContractRevert):
    """Derived data names what it was made of."""

    code: ClassVar[str] = "origins-missing"
    signature: ClassVar[str] = "OriginsMissing(uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("b4067591")
    kinds: ClassVar[Makers] = (PartyId.of,)
    applicant: PartyId


class OriginsTooMany(ContractRevert):
    """There are more origins than an application may have."""

    code: ClassVar[str] = "origins-too-many"
    signature: ClassVar[str] = "OriginsTooMany(uint256,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("46de7ec9")
    kinds: ClassVar[Makers] = (int, int)
    given: int
    most: int


class OutcomeMissing(ContractRevert):
    """An objection is decided with an outcome."""

    code: ClassVar[str] = "outcome-missing"
    signature: ClassVar[str] = "OutcomeMissing(bytes20,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("d80c7f5d")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    index: int


class OutsideWindow(ContractRevert):
    """A renewal is filed from `from` on and before `until`."""

    code: ClassVar[str] = "outside-window"
    signature: ClassVar[str] = "OutsideWindow(bytes20,uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("638fffb2")
    kinds: ClassVar[Makers] = (ProductId.of, int, int)
    product: ProductId
    from_: int
    until: int


class ParentNotYours(ContractRevert):
    """The parent was not granted to the party that grants further."""

    code: ClassVar[str] = "parent-not-yours"
    signature: ClassVar[str] = "ParentNotYours(bytes32,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("709efc43")
    kinds: ClassVar[Makers] = (GrantId.of, PartyId.of)
    parent: GrantId
    grantor: PartyId


class ParticularsInvalid(ContractRevert):
    """The rights of a registration leave out HOLD, or a bit of its particulars has no meaning."""

    code: ClassVar[str] = "particulars-invalid"
    signature: ClassVar[str] = "ParticularsInvalid(uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("b12117b1")
    kinds: ClassVar[Makers] = (int,)
    particulars: int


class PartyInactive(ContractRevert):
    """The party does not stand as the call needs."""

    code: ClassVar[str] = "party-inactive"
    signature: ClassVar[str] = "PartyInactive(uint64,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("cf6768fc")
    kinds: ClassVar[Makers] = (PartyId.of, Standing)
    party: PartyId
    standing: Standing


class PartyRegistryOnly(ContractRevert):
    """Only the registry of parties, when it pauses the ledger, stops days."""

    code: ClassVar[str] = "party-registry-only"
    signature: ClassVar[str] = "PartyRegistryOnly(address)"
    selector: ClassVar[bytes] = bytes.fromhex("64bf1db3")
    kinds: ClassVar[Makers] = (_address,)
    caller: Address


class PartyTaken(ContractRevert):
    """The id derived for `key` names another party, or nobody."""

    code: ClassVar[str] = "party-taken"
    signature: ClassVar[str] = "PartyTaken(uint64,address)"
    selector: ClassVar[bytes] = bytes.fromhex("9cebe79b")
    kinds: ClassVar[Makers] = (PartyId.of, _address)
    party: PartyId
    key: Address


class PartyUnknown(ContractRevert):
    """There is no such party."""

    code: ClassVar[str] = "party-unknown"
    signature: ClassVar[str] = "PartyUnknown(uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("4d7ace20")
    kinds: ClassVar[Makers] = (PartyId.of,)
    party: PartyId


class PauseOutOfRange(ContractRevert):
    """The pause would end in the past or last longer than `limit` allows."""

    code: ClassVar[str] = "pause-out-of-range"
    signature: ClassVar[str] = "PauseOutOfRange(uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("3b3308fe")
    kinds: ClassVar[Makers] = (int, int)
    until: int
    limit: int


class PauseTooSoon(ContractRevert):
    """The next pause may begin at `allowedFrom` at the earliest."""

    code: ClassVar[str] = "pause-too-soon"
    signature: ClassVar[str] = "PauseTooSoon(uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("bea78b4c")
    kinds: ClassVar[Makers] = (int,)
    allowed_from: int


class PendingInvalid(ContractRevert):
    """A case of this kind cannot have this pending."""

    code: ClassVar[str] = "pending-invalid"
    signature: ClassVar[str] = "PendingInvalid(bytes20,uint8,bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("2ae8f6b0")
    kinds: ClassVar[Makers] = (ProductId.of, CaseKind, bytes)
    product: ProductId
    kind: CaseKind
    pending: bytes


class PendingMismatch(ContractRevert):
    """What is to be entered is not what the case has pending."""

    code: ClassVar[str] = "pending-mismatch"
    signature: ClassVar[str] = "PendingMismatch(bytes20,bytes32,bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("c55c0c74")
    kinds: ClassVar[Makers] = (ProductId.of, bytes, bytes)
    product: ProductId
    pending: bytes
    given: bytes


class ProductEncumbered(ContractRevert):
    """Annotations stand in the way."""

    code: ClassVar[str] = "product-encumbered"
    signature: ClassVar[str] = "ProductEncumbered(bytes20,uint8,uint8,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("6016886a")
    kinds: ClassVar[Makers] = (ProductId.of, int, int, int)
    product: ProductId
    seizures: int
    controls: int
    disputes: int


class ProductExpired(ContractRevert):
    """The validity of the product has ended."""

    code: ClassVar[str] = "product-expired"
    signature: ClassVar[str] = "ProductExpired(bytes20,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("36b9c5f9")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    until: int


class ProductNotInForce(ContractRevert):
    """The product does not stand, or no longer."""

    code: ClassVar[str] = "product-not-in-force"
    signature: ClassVar[str] = "ProductNotInForce(bytes20,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("39a47dde")
    kinds: ClassVar[Makers] = (ProductId.of, ProductState)
    product: ProductId
    state: ProductState


class ProductTaken(ContractRevert):
    """The same party registered the same digests with the same salt before."""

    code: ClassVar[str] = "product-taken"
    signature: ClassVar[str] = "ProductTaken(bytes20)"
    selector: ClassVar[bytes] = bytes.fromhex("e4eb452d")
    kinds: ClassVar[Makers] = (ProductId.of,)
    product: ProductId


class ProductUnknown(ContractRevert):
    """There is no such product."""

    code: ClassVar[str] = "product-unknown"
    signature: ClassVar[str] = "ProductUnknown(bytes20)"
    selector: ClassVar[bytes] = bytes.fromhex("cb58f729")
    kinds: ClassVar[Makers] = (ProductId.of,)
    product: ProductId


class ProfileNeedsCase(ContractRevert):
    """Products of this profile change by cases of the registration desk."""

    code: ClassVar[str] = "profile-needs-case"
    signature: ClassVar[str] = "ProfileNeedsCase(bytes20,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("f6777a17")
    kinds: ClassVar[Makers] = (ProductId.of, Profile)
    product: ProductId
    profile: Profile


class ProfileNotPublic(ContractRevert):
    """Only products under the `PUBLIC` profile are given into operation."""

    code: ClassVar[str] = "profile-not-public"
    signature: ClassVar[str] = "ProfileNotPublic(bytes20,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("47e09bcd")
    kinds: ClassVar[Makers] = (ProductId.of, Profile)
    product: ProductId
    profile: Profile


class ProfileUnfit(ContractRevert):
    """The profile does not take such data: raw government data goes with `PUBLIC` alone."""

    code: ClassVar[str] = "profile-unfit"
    signature: ClassVar[str] = "ProfileUnfit(uint8,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("4cf8249a")
    kinds: ClassVar[Makers] = (Profile, int)
    profile: Profile
    particulars: int


class PublicityMissing(ContractRevert):
    """Publicity was neither held nor waived."""

    code: ClassVar[str] = "publicity-missing"
    signature: ClassVar[str] = "PublicityMissing(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("5e8a65c7")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    index: int


class PublicityWaived(ContractRevert):
    """Publicity was waived already."""

    code: ClassVar[str] = "publicity-waived"
    signature: ClassVar[str] = "PublicityWaived(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("83dfad2a")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    index: int


class PurposesBeyondProduct(ContractRevert):
    """Mirror `PurposesBeyondProduct`.

    The product is made of data that may be used for the purposes `allowed`; the clauses state
    others.
    """

    code: ClassVar[str] = "purposes-beyond-product"
    signature: ClassVar[str] = "PurposesBeyondProduct(bytes20,uint32,uint32)"
    selector: ClassVar[bytes] = bytes.fromhex("6ebe0e99")
    kinds: ClassVar[Makers] = (ProductId.of, Purpose, Purpose)
    product: ProductId
    allowed: Purpose
    wanted: Purpose


class PurposesBeyondSources(ContractRevert):
    """Mirror `PurposesBeyondSources`.

    The source may be used for the purposes `allowed`; `declared` are others, or none, which is
    without limit.
    """

    code: ClassVar[str] = "purposes-beyond-sources"
    signature: ClassVar[str] = "PurposesBeyondSources(bytes20,uint32,uint32)"
    selector: ClassVar[bytes] = bytes.fromhex("dd1b54b9")
    kinds: ClassVar[Makers] = (ProductId.of, Purpose, Purpose)
    source: ProductId
    allowed: Purpose
    declared: Purpose


class PurposesNarrowed(ContractRevert):
    """Mirror `PurposesNarrowed`.

    The new version would allow less than what the product may be granted for, `allowed`, 0 without
    limit.
    """

    code: ClassVar[str] = "purposes-narrowed"
    signature: ClassVar[str] = "PurposesNarrowed(bytes20,uint32,uint32)"
    selector: ClassVar[bytes] = bytes.fromhex("a20bb86e")
    kinds: ClassVar[Makers] = (ProductId.of, Purpose, Purpose)
    product: ProductId
    allowed: Purpose
    declared: Purpose


class PurposesUnknown(ContractRevert):
    """The mask names purposes that do not exist."""

    code: ClassVar[str] = "purposes-unknown"
    signature: ClassVar[str] = "PurposesUnknown(uint32)"
    selector: ClassVar[bytes] = bytes.fromhex("000b7719")
    kinds: ClassVar[Makers] = (int,)
    purposes: int


class ReceiptDecreased(ContractRevert):
    """`last` units were settled; this receipt does not say more."""

    code: ClassVar[str] = "receipt-decreased"
    signature: ClassVar[str] = "ReceiptDecreased(bytes32,uint64,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("c87dc5ea")
    kinds: ClassVar[Makers] = (GrantId.of, int, int)
    grant: GrantId
    cumulative: int
    last: int


class ReceiptInvalid(ContractRevert):
    """The receipt has bits that lack a meaning."""

    code: ClassVar[str] = "receipt-invalid"
    signature: ClassVar[str] = "ReceiptInvalid(bytes32,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("42da2d7c")
    kinds: ClassVar[Makers] = (GrantId.of, int)
    grant: GrantId
    receipt: int


class ReceiptStale(ContractRevert):
    """A receipt of the number `last` was settled; this one does not come after it."""

    code: ClassVar[str] = "receipt-stale"
    signature: ClassVar[str] = "ReceiptStale(bytes32,uint32,uint32)"
    selector: ClassVar[bytes] = bytes.fromhex("567783c5")
    kinds: ClassVar[Makers] = (GrantId.of, int, int)
    grant: GrantId
    sequence: int
    last: int


class ReceiptTimeInvalid(ContractRevert):
    """A receipt's time lies between that of the one before and now."""

    code: ClassVar[str] = "receipt-time-invalid"
    signature: ClassVar[str] = "ReceiptTimeInvalid(bytes32,uint40,uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("bd4ea0ff")
    kinds: ClassVar[Makers] = (GrantId.of, int, int, int)
    grant: GrantId
    time: int
    earliest: int
    latest: int


class RecoveryNotYours(ContractRevert):
    """Neither the party's controller nor who announced the recovery, nor a regulator."""

    code: ClassVar[str] = "recovery-not-yours"
    signature: ClassVar[str] = "RecoveryNotYours(uint64,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("02984c90")
    kinds: ClassVar[Makers] = (PartyId.of, PartyId.of)
    party: PartyId
    by: PartyId


class RecoveryOfOwn(ContractRevert):
    """Nobody recovers itself."""

    code: ClassVar[str] = "recovery-of-own"
    signature: ClassVar[str] = "RecoveryOfOwn(uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("5edd1841")
    kinds: ClassVar[Makers] = (PartyId.of,)
    party: PartyId


class RecoveryPending(ContractRevert):
    """A recovery of the party was announced, and may take effect from `effectiveAt` on."""

    code: ClassVar[str] = "recovery-pending"
    signature: ClassVar[str] = "RecoveryPending(uint64,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("b5850455")
    kinds: ClassVar[Makers] = (PartyId.of, int)
    party: PartyId
    effective_at: int


class RecoveryTooEarly(ContractRevert):
    """The recovery may take effect from `allowedFrom` on."""

    code: ClassVar[str] = "recovery-too-early"
    signature: ClassVar[str] = "RecoveryTooEarly(uint64,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("3ecd5268")
    kinds: ClassVar[Makers] = (PartyId.of, int)
    party: PartyId
    allowed_from: int


class RecoveryUnknown(ContractRevert):
    """No recovery of the party was announced, or it has lapsed."""

    code: ClassVar[str] = "recovery-unknown"
    signature: ClassVar[str] = "RecoveryUnknown(uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("fbd426bd")
    kinds: ClassVar[Makers] = (PartyId.of,)
    party: PartyId


class RedevelopmentForbidden(ContractRevert):
    """Whoever operates public data does not develop its own products further."""

    code: ClassVar[str] = "redevelopment-forbidden"
    signature: ClassVar[str] = "RedevelopmentForbidden(bytes20)"
    selector: ClassVar[bytes] = bytes.fromhex("1b54d29d")
    kinds: ClassVar[Makers] = (ProductId.of,)
    source: ProductId


class RegistrarOwnData(ContractRevert):
    """A registrar does not register what is its own."""

    code: ClassVar[str] = "registrar-own-data"
    signature: ClassVar[str] = "RegistrarOwnData(uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("683bdce2")
    kinds: ClassVar[Makers] = (PartyId.of,)
    registrar: PartyId


class RegistrarStays(ContractRevert):
    """Later cases go to the registrar that has the product, as long as it is one."""

    code: ClassVar[str] = "registrar-stays"
    signature: ClassVar[str] = "RegistrarStays(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("9b2888c4")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    registrar: int


class RegistrarUnknown(ContractRevert):
    """There is no registrar of this number."""

    code: ClassVar[str] = "registrar-unknown"
    signature: ClassVar[str] = "RegistrarUnknown(uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("58f7dbc8")
    kinds: ClassVar[Makers] = (int,)
    registrar: int


class RegistryOnly(ContractRevert):
    """This code runs at the address of the registry alone."""

    code: ClassVar[str] = "registry-only"
    signature: ClassVar[str] = "RegistryOnly(address)"
    selector: ClassVar[bytes] = bytes.fromhex("ec94e458")
    kinds: ClassVar[Makers] = (_address,)
    location: Address


class ReplacedSidesDiffer(ContractRevert):
    """The grant to be replaced is between other sides."""

    code: ClassVar[str] = "replaced-sides-differ"
    signature: ClassVar[str] = "ReplacedSidesDiffer(bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("43c80d36")
    kinds: ClassVar[Makers] = (GrantId.of,)
    replaced: GrantId


class RightsBeyondSource(ContractRevert):
    """Data from this source does not carry these rights without what the particulars leave out."""

    code: ClassVar[str] = "rights-beyond-source"
    signature: ClassVar[str] = "RightsBeyondSource(uint8,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("fb4a272f")
    kinds: ClassVar[Makers] = (Source, Right)
    source: Source
    rights: Right


class RightsInvalid(ContractRevert):
    """The mask is empty or names rights that do not exist."""

    code: ClassVar[str] = "rights-invalid"
    signature: ClassVar[str] = "RightsInvalid(uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("1d10435f")
    kinds: ClassVar[Makers] = (Right,)
    rights: Right


class RightsMissing(ContractRevert):
    """The party does not hold all the rights that the call needs."""

    code: ClassVar[str] = "rights-missing"
    signature: ClassVar[str] = "RightsMissing(bytes20,uint64,uint8,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("735ef6cd")
    kinds: ClassVar[Makers] = (ProductId.of, PartyId.of, Right, Right)
    product: ProductId
    party: PartyId
    held: Right
    needed: Right


class RightsUnassigned(ContractRevert):
    """Nobody was named for these of the registered rights."""

    code: ClassVar[str] = "rights-unassigned"
    signature: ClassVar[str] = "RightsUnassigned(uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("90394118")
    kinds: ClassVar[Makers] = (Right,)
    rights: Right


class RoleMissing(ContractRevert):
    """The party was not admitted to any of the roles in `needed`."""

    code: ClassVar[str] = "role-missing"
    signature: ClassVar[str] = "RoleMissing(uint64,uint16,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("2c0c4ddc")
    kinds: ClassVar[Makers] = (PartyId.of, Role, Role)
    party: PartyId
    held: Role
    needed: Role


class RolesUnknown(ContractRevert):
    """The mask names roles that do not exist."""

    code: ClassVar[str] = "roles-unknown"
    signature: ClassVar[str] = "RolesUnknown(uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("98324edc")
    kinds: ClassVar[Makers] = (Role,)
    roles: Role


class SafeCastOverflowedUintDowncast(ContractRevert):
    """OpenZeppelin's `SafeCastOverflowedUintDowncast(uint8,uint256)`."""

    code: ClassVar[str] = "safe-cast-overflowed-uint-downcast"
    signature: ClassVar[str] = "SafeCastOverflowedUintDowncast(uint8,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("6dfcc650")
    kinds: ClassVar[Makers] = (int, int)
    bits: int
    value: int


class ScopeMissing(ContractRevert):
    """The key's party did not give it this scope."""

    code: ClassVar[str] = "scope-missing"
    signature: ClassVar[str] = "ScopeMissing(address,uint16,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("9a6fd2a3")
    kinds: ClassVar[Makers] = (_address, Scope, Scope)
    key: Address
    held: Scope
    needed: Scope


class ScopesInvalid(ContractRevert):
    """The mask names no scope, or one that does not exist."""

    code: ClassVar[str] = "scopes-invalid"
    signature: ClassVar[str] = "ScopesInvalid(uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("072c4e0d")
    kinds: ClassVar[Makers] = (Scope,)
    scopes: Scope


class SeatFixed(ContractRevert):
    """The party is the registrar of this number already, and keeps the seat it has."""

    code: ClassVar[str] = "seat-fixed"
    signature: ClassVar[str] = "SeatFixed(uint64,uint16,bytes3)"
    selector: ClassVar[bytes] = bytes.fromhex("d82d9345")
    kinds: ClassVar[Makers] = (PartyId.of, int, Seat.of)
    party: PartyId
    number: int
    seat: Seat


class SeatInvalid(ContractRevert):
    """A seat is two digits and then a digit or capital letter."""

    code: ClassVar[str] = "seat-invalid"
    signature: ClassVar[str] = "SeatInvalid(bytes3)"
    selector: ClassVar[bytes] = bytes.fromhex("5c682728")
    kinds: ClassVar[Makers] = (Seat.of,)
    seat: Seat


class SeatMissing(ContractRevert):
    """The party has no seat: it becomes a registrar by `admitRegistrar`, not by its roles alone."""

    code: ClassVar[str] = "seat-missing"
    signature: ClassVar[str] = "SeatMissing(uint64,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("bcf86e21")
    kinds: ClassVar[Makers] = (PartyId.of, Role)
    party: PartyId
    roles: Role


class SeatTaken(ContractRevert):
    """The seat belongs to the registrar of this number."""

    code: ClassVar[str] = "seat-taken"
    signature: ClassVar[str] = "SeatTaken(bytes3,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("11644761")
    kinds: ClassVar[Makers] = (Seat.of, int)
    seat: Seat
    number: int


class ShareInvalid(ContractRevert):
    """Mirror `ShareInvalid`.

    The share at `index` names a party for the second time, or no rights, or rights not registered.
    """

    code: ClassVar[str] = "share-invalid"
    signature: ClassVar[str] = "ShareInvalid(uint256,uint64,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("bb4a304f")
    kinds: ClassVar[Makers] = (int, PartyId.of, Right)
    index: int
    party: PartyId
    rights: Right


class SharesTooMany(ContractRevert):
    """There are more shares than a product may have."""

    code: ClassVar[str] = "shares-too-many"
    signature: ClassVar[str] = "SharesTooMany(uint256,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("939face7")
    kinds: ClassVar[Makers] = (int, int)
    shares: int
    most: int


class SignatureInvalid(ContractRevert):
    """Mirror `SignatureInvalid`.

    The signature is not the signer's over `digest`: of another key or message, malleable, of the
    wrong length, or refused by the signer's wallet.
    """

    code: ClassVar[str] = "signature-invalid"
    signature: ClassVar[str] = "SignatureInvalid(address,bytes32)"
    selector: ClassVar[bytes] = bytes.fromhex("2a09901e")
    kinds: ClassVar[Makers] = (_address, bytes)
    signer: Address
    digest: bytes


class SignatureLapsed(ContractRevert):
    """The signature had to be submitted by `deadline`."""

    code: ClassVar[str] = "signature-lapsed"
    signature: ClassVar[str] = "SignatureLapsed(uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("b1e1a433")
    kinds: ClassVar[Makers] = (int, int)
    deadline: int
    time: int


class SignerMismatch(ContractRevert):
    """A signature of the party `named` is needed, and `signer` speaks for another."""

    code: ClassVar[str] = "signer-mismatch"
    signature: ClassVar[str] = "SignerMismatch(uint64,address)"
    selector: ClassVar[bytes] = bytes.fromhex("e564aa55")
    kinds: ClassVar[Makers] = (PartyId.of, _address)
    named: PartyId
    signer: Address


class SourcesOutOfRange(ContractRevert):
    """A derivation names at least one source, and at most `most`."""

    code: ClassVar[str] = "sources-out-of-range"
    signature: ClassVar[str] = "SourcesOutOfRange(uint256,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("6efed9d1")
    kinds: ClassVar[Makers] = (int, int)
    given: int
    most: int


class SourcesUnordered(ContractRevert):
    """Mirror `SourcesUnordered`.

    The sources come in ascending order of product and version, none twice; the one at `index` does
    not.
    """

    code: ClassVar[str] = "sources-unordered"
    signature: ClassVar[str] = "SourcesUnordered(uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("ac11daca")
    kinds: ClassVar[Makers] = (int,)
    index: int


class StringTooLong(ContractRevert):
    """OpenZeppelin's `StringTooLong(string)`."""

    code: ClassVar[str] = "string-too-long"
    signature: ClassVar[str] = "StringTooLong(string)"
    selector: ClassVar[bytes] = bytes.fromhex("305a27a9")
    kinds: ClassVar[Makers] = (str,)
    str: str


class SuspensionNotYours(ContractRevert):
    """Only the maker of the suspension or a regulator may end it."""

    code: ClassVar[str] = "suspension-not-yours"
    signature: ClassVar[str] = "SuspensionNotYours(uint64,uint256,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("a78bbb1c")
    kinds: ClassVar[Makers] = (PartyId.of, int, PartyId.of)
    party: PartyId
    index: int
    by: PartyId


class SuspensionUnknown(ContractRevert):
    """The party has no live suspension of this index."""

    code: ClassVar[str] = "suspension-unknown"
    signature: ClassVar[str] = "SuspensionUnknown(uint64,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("6ca6d511")
    kinds: ClassVar[Makers] = (PartyId.of, int)
    party: PartyId
    index: int


class TimeBeforeBlock(ContractRevert):
    """The question is about a time before this block, whose state cannot answer it."""

    code: ClassVar[str] = "time-before-block"
    signature: ClassVar[str] = "TimeBeforeBlock(uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("1276abbe")
    kinds: ClassVar[Makers] = (int, int)
    time: int
    block_time: int


class TooEarly(ContractRevert):
    """It can be done from `allowedFrom` on."""

    code: ClassVar[str] = "too-early"
    signature: ClassVar[str] = "TooEarly(bytes20,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("1d01c367")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    allowed_from: int


class TransferToSelf(ContractRevert):
    """A party cannot transfer to itself."""

    code: ClassVar[str] = "transfer-to-self"
    signature: ClassVar[str] = "TransferToSelf(bytes20,uint64)"
    selector: ClassVar[bytes] = bytes.fromhex("838a77fa")
    kinds: ClassVar[Makers] = (ProductId.of, PartyId.of)
    product: ProductId
    party: PartyId


class TransitionForbidden(ContractRevert):
    """At this stage nobody that the caller is may do that."""

    code: ClassVar[str] = "transition-forbidden"
    signature: ClassVar[str] = "TransitionForbidden(bytes20,uint8,uint8,uint8,uint8,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("3af2239b")
    kinds: ClassVar[Makers] = (ProductId.of, Profile, CaseKind, Stage, Actor, Act)
    product: ProductId
    profile: Profile
    kind: CaseKind
    stage: Stage
    actors: Actor
    act: Act


class UsageInvalid(ContractRevert):
    """A use has bits that lack a meaning, or no amount."""

    code: ClassVar[str] = "usage-invalid"
    signature: ClassVar[str] = "UsageInvalid(uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("3a97fd65")
    kinds: ClassVar[Makers] = (int,)
    usage: int


class UsageRefused(ContractRevert):
    """The use is not allowed: `verdict` says why.

    `grant` is the one that it failed on, which may be one above.
    """

    code: ClassVar[str] = "usage-refused"
    signature: ClassVar[str] = "UsageRefused(bytes32,uint8)"
    selector: ClassVar[bytes] = bytes.fromhex("fe901b6e")
    kinds: ClassVar[Makers] = (GrantId.of, Verdict)
    grant: GrantId
    verdict: Verdict


class ValidityOutOfRange(ContractRevert):
    """Mirror `ValidityOutOfRange`.

    A validity is a 00:00 at UTC+8, later than `least` and not later than `most`; a case that
    changes none names none, and both are 0.
    """

    code: ClassVar[str] = "validity-out-of-range"
    signature: ClassVar[str] = "ValidityOutOfRange(bytes20,uint40,uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("f0009491")
    kinds: ClassVar[Makers] = (ProductId.of, int, int, int)
    product: ProductId
    given: int
    least: int
    most: int


class VersionStale(ContractRevert):
    """The product has moved on: its latest version is `latest`, not `given`."""

    code: ClassVar[str] = "version-stale"
    signature: ClassVar[str] = "VersionStale(bytes20,uint16,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("5706e537")
    kinds: ClassVar[Makers] = (ProductId.of, int, int)
    product: ProductId
    given: int
    latest: int


class VersionUnknown(ContractRevert):
    """The product has no such version."""

    code: ClassVar[str] = "version-unknown"
    signature: ClassVar[str] = "VersionUnknown(bytes20,uint16,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("d1da361a")
    kinds: ClassVar[Makers] = (ProductId.of, int, int)
    product: ProductId
    version: int
    latest: int


class VersionsExhausted(ContractRevert):
    """The product has as many versions as it can have."""

    code: ClassVar[str] = "versions-exhausted"
    signature: ClassVar[str] = "VersionsExhausted(bytes20,uint16)"
    selector: ClassVar[bytes] = bytes.fromhex("77fbdd29")
    kinds: ClassVar[Makers] = (ProductId.of, int)
    product: ProductId
    latest: int


class WindowEnded(ContractRevert):
    """The window ended before the grant was issued."""

    code: ClassVar[str] = "window-ended"
    signature: ClassVar[str] = "WindowEnded(uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("cf02842c")
    kinds: ClassVar[Makers] = (int, int)
    valid_until: int
    time: int


class WindowInverted(ContractRevert):
    """The window ends before or when it starts."""

    code: ClassVar[str] = "window-inverted"
    signature: ClassVar[str] = "WindowInverted(uint40,uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("16061f93")
    kinds: ClassVar[Makers] = (int, int)
    valid_from: int
    valid_until: int


class WordCountWrong(ContractRevert):
    """The days to be loaded fill `needed` words."""

    code: ClassVar[str] = "word-count-wrong"
    signature: ClassVar[str] = "WordCountWrong(uint256,uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("c2334f62")
    kinds: ClassVar[Makers] = (int, int)
    given: int
    needed: int


class WritesArePaused(ContractRevert):
    """New writes are paused until `until`."""

    code: ClassVar[str] = "writes-are-paused"
    signature: ClassVar[str] = "WritesArePaused(uint40)"
    selector: ClassVar[bytes] = bytes.fromhex("82f175bc")
    kinds: ClassVar[Makers] = (int,)
    until: int


REVERTS: Final[tuple[type[ContractRevert], ...]] = (
    AccessManagedInvalidAuthority,
    AccessManagedRequiredDelay,
    AccessManagedUnauthorized,
    AccessManagerAlreadyScheduled,
    AccessManagerBadConfirmation,
    AccessManagerExpired,
    AccessManagerInvalidInitialAdmin,
    AccessManagerLockedFunction,
    AccessManagerLockedRole,
    AccessManagerNotReady,
    AccessManagerNotScheduled,
    AccessManagerUnauthorizedAccount,
    AccessManagerUnauthorizedCall,
    AccessManagerUnauthorizedCancel,
    AccessManagerUnauthorizedConsume,
    AddressEmptyCode,
    AgentExpired,
    AgentUnknown,
    AgentsTooMany,
    AgreementMismatch,
    AgreementSizeInvalid,
    AgreementUnordered,
    AlreadyExtended,
    AlreadyReturned,
    AlreadySealed,
    AncestorNotInForce,
    AnchorOnly,
    AnchorTaken,
    AnchorUnknown,
    AnnotationNotYours,
    AnnotationUnknown,
    AnnotationsFull,
    ApplicantOnly,
    ApprovalMissing,
    AuthorityFixed,
    BasisUnfit,
    CalendarMissing,
    CalendarReaches,
    CaseOpen,
    CaseUnknown,
    ClauseInvalid,
    ClauseWider,
    ClausesMalformed,
    CodeMissing,
    CodesExhausted,
    ConsentExpired,
    ConsentInvalid,
    ConsentMissing,
    ConsentNotAwaited,
    ContentRootMissing,
    ControllerOnly,
    Create2EmptyBytecode,
    Create3EmptyBytecode,
    DayStopped,
    DayTooNear,
    DaysOutOfRange,
    DeadlinePassed,
    DeclarationClosed,
    DelayTooShort,
    DerivationMissing,
    DerivationTaken,
    DeskOnly,
    DigestMissing,
    DueOutOfRange,
    EnvironmentTooOpen,
    EvidenceMissing,
    FailedCall,
    FailedDeployment,
    FormNeedsSignatures,
    FounderOnly,
    FunctionTooOpen,
    GrantEndsAlready,
    GrantMismatch,
    GrantNotYours,
    GrantSuspensionNotYours,
    GrantSuspensionUnknown,
    GrantTaken,
    GrantUnknown,
    GranteeIsGrantor,
    GrantorMismatch,
    InsufficientBalance,
    InvalidShortString,
    KeyClosed,
    KeyNotAdmitted,
    KeyTaken,
    KeyUnknown,
    LeafUnproven,
    LeavesOutOfRange,
    LineageMismatch,
    LineageOnly,
    ListingEmpty,
    LocatorTooLong,
    LocatorUnprintable,
    MeterOnly,
    NameMissing,
    NameTaken,
    NotRegistrar,
    NothingToSeal,
    ObjectionOpen,
    ObjectionUnknown,
    ObjectionsFull,
    OfferIsVoid,
    OfferLapsed,
    OperationMissing,
    OperationTooLong,
    OperationUncalled,
    OperationUnfit,
    OriginNotGranted,
    OriginUnfit,
    OriginsMissing,
    OriginsTooMany,
    OutcomeMissing,
    OutsideWindow,
    ParentNotYours,
    ParticularsInvalid,
    PartyInactive,
    PartyRegistryOnly,
    PartyTaken,
    PartyUnknown,
    PauseOutOfRange,
    PauseTooSoon,
    PendingInvalid,
    PendingMismatch,
    ProductEncumbered,
    ProductExpired,
    ProductNotInForce,
    ProductTaken,
    ProductUnknown,
    ProfileNeedsCase,
    ProfileNotPublic,
    ProfileUnfit,
    PublicityMissing,
    PublicityWaived,
    PurposesBeyondProduct,
    PurposesBeyondSources,
    PurposesNarrowed,
    PurposesUnknown,
    ReceiptDecreased,
    ReceiptInvalid,
    ReceiptStale,
    ReceiptTimeInvalid,
    RecoveryNotYours,
    RecoveryOfOwn,
    RecoveryPending,
    RecoveryTooEarly,
    RecoveryUnknown,
    RedevelopmentForbidden,
    RegistrarOwnData,
    RegistrarStays,
    RegistrarUnknown,
    RegistryOnly,
    ReplacedSidesDiffer,
    RightsBeyondSource,
    RightsInvalid,
    RightsMissing,
    RightsUnassigned,
    RoleMissing,
    RolesUnknown,
    SafeCastOverflowedUintDowncast,
    ScopeMissing,
    ScopesInvalid,
    SeatFixed,
    SeatInvalid,
    SeatMissing,
    SeatTaken,
    ShareInvalid,
    SharesTooMany,
    SignatureInvalid,
    SignatureLapsed,
    SignerMismatch,
    SourcesOutOfRange,
    SourcesUnordered,
    StringTooLong,
    SuspensionNotYours,
    SuspensionUnknown,
    TimeBeforeBlock,
    TooEarly,
    TransferToSelf,
    TransitionForbidden,
    UsageInvalid,
    UsageRefused,
    ValidityOutOfRange,
    VersionStale,
    VersionUnknown,
    VersionsExhausted,
    WindowEnded,
    WindowInverted,
    WordCountWrong,
    WritesArePaused,
)
"""Every error of the contracts."""

_ALL: Final[tuple[type[ContractRevert], ...]] = (Panic, PlainRevert, *REVERTS)

BY_SELECTOR: Final = {kind.selector: kind for kind in _ALL}
"""The class of an error by the first four bytes of its data."""
