"""The errors that Dengji raises.

    RegistryError
    ├── ConfigError          what was set up cannot be used
    ├── InvalidInputError    what was given cannot be used
    ├── IntegrityError       what was found contradicts what was recorded
    ├── ChainError           the node or the network is in trouble
    └── ContractRevert       the chain refused; its classes stand in `registry.reverts`

Every class has a stable `code` and typed, keyword-only fields; the sentence for a person comes from
the message catalogue by that code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

from registry import messages

if TYPE_CHECKING:
    from collections.abc import Callable

FieldValue = str | int | bool | list[str] | None
"""What a field is in JSON."""


@dataclass_transform(kw_only_default=True, eq_default=False)
class RegistryError(Exception):
    """Something that Dengji refuses or cannot do.

    A subclass states its fields as annotations and its `code`; it is constructed with the fields by
    keyword. (Not a dataclass: a hundred of those would take as long to import as click.)
    """

    code: ClassVar[str] = "registry-error"
    exit_code: ClassVar[int] = 3
    field_names: ClassVar[tuple[str, ...]] = ()
    """The names of the fields, in order."""

    def __init_subclass__(cls) -> None:
        # Read as they stand: inspect, which resolves them, is slower to import than all else here.
        own = cls.__dict__.get("__annotations__", {}).items()  # noqa: RUF063
        added = tuple(name for name, kind in own if "ClassVar" not in str(kind))
        cls.field_names = (*cls.field_names, *added)

    def __init__(self, **given: object) -> None:
        if unknown := given.keys() - set(self.field_names):
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        for name in self.field_names:
            if name not in given and not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} needs the field {name}")
        for name, value in given.items():
            setattr(self, name, value)
        super().__init__(*given.values())

    def __reduce__(self) -> tuple[object, ...]:
        # An exception crosses process borders by its arguments, which here have names.
        return _rebuilt, (type(self), {name: getattr(self, name) for name in self.field_names})

    @property
    def fields(self) -> dict[str, FieldValue]:
        """Return the fields by name, ready for JSON: ids as their text, bytes as 0x-hex."""
        return {name: _plain(getattr(self, name)) for name in self.field_names}

    def __str__(self) -> str:
        return messages.render(self, "en")

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.field_names)
        return f"{type(self).__name__}({given})"


def _rebuilt(kind: type[RegistryError], given: dict[str, object]) -> RegistryError:
    return kind(**given)


def _plain(value: object) -> FieldValue:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        # A member of the vocabulary is said by its name, which an empty mask has not.
        name = getattr(value, "name", None) or ("NONE" if hasattr(value, "name") else None)
        return value if name is None else str(name)
    if isinstance(value, (bytes, bytearray)):
        return "0x" + value.hex()
    if isinstance(value, (list, tuple)):
        return [str(_plain(item)) for item in value]
    return str(value)


class ConfigError(RegistryError):
    """What was set up cannot be used."""

    code: ClassVar[str] = "config"


class InvalidInputError(RegistryError):
    """What was given cannot be used."""

    code: ClassVar[str] = "invalid-input"


class IntegrityError(RegistryError):
    """What was found contradicts what was recorded."""

    code: ClassVar[str] = "integrity"
    exit_code: ClassVar[int] = 5


class ChainError(RegistryError):
    """The node or the network is in trouble."""

    code: ClassVar[str] = "chain"
    exit_code: ClassVar[int] = 4


class ContractRevert(RegistryError):
    """The chain refused.

    `registry.reverts` has one class for each error of the contracts, with its fields in ABI order.
    """

    code: ClassVar[str] = "contract-revert"
    exit_code: ClassVar[int] = 1
    signature: ClassVar[str] = ""
    """The error's name and types, as its selector is made of."""
    selector: ClassVar[bytes] = b""
    kinds: ClassVar[tuple[Callable[[Any], object], ...]] = ()
    """What makes each field of its decoded ABI value."""

    @classmethod
    def of(cls, *values: object) -> Self:
        """Return the error with these decoded ABI values, in ABI order."""
        given = zip(cls.field_names, cls.kinds, values, strict=True)
        return cls(**{name: kind(value) for name, kind, value in given})


class Panic(ContractRevert):
    """A contract broke off: an assertion, arithmetic or an index; `reason` is Solidity's number."""

    code: ClassVar[str] = "panic"
    signature: ClassVar[str] = "Panic(uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("4e487b71")
    kinds: ClassVar[tuple[Callable[[Any], object], ...]] = (int,)
    reason: int


class PlainRevert(ContractRevert):
    """A contract that is none of ours refused with a sentence."""

    code: ClassVar[str] = "plain-revert"
    signature: ClassVar[str] = "Error(string)"
    selector: ClassVar[bytes] = bytes.fromhex("08c379a0")
    kinds: ClassVar[tuple[Callable[[Any], object], ...]] = (str,)
    reason: str


class UnknownRevert(ContractRevert):
    """The chain refused with data that none of the contracts' errors has."""

    code: ClassVar[str] = "unknown-revert"
    kinds: ClassVar[tuple[Callable[[Any], object], ...]] = (bytes,)
    data: bytes


# Content: files, folders, manifests, metadata


class ContentMissing(InvalidInputError):
    """Nothing stands at the path given."""

    code: ClassVar[str] = "content-missing"
    path: str


class FolderEmpty(InvalidInputError):
    """The folder holds no file, so there is nothing to register."""

    code: ClassVar[str] = "folder-empty"
    path: str


class PathsRefused(InvalidInputError):
    """Names in the content that two machines could not agree on.

    `offences` has the first of them as `path: reason`, `count` says how many there are. The reasons
    are `symlink`, `special-file`, `not-utf-8`, `same-name` and `path-too-long`.
    """

    code: ClassVar[str] = "paths-refused"
    offences: list[str]
    count: int


class FileUnreadable(InvalidInputError):
    """The system does not let a file or folder be read; `reason` is its own word for it."""

    code: ClassVar[str] = "file-unreadable"
    path: str
    reason: str


class FileChanged(InvalidInputError):
    """A file or folder changed while it was being read.

    `change` is one of `replaced`, `grew`, `shrank`, `rewritten`, `vanished`.
    """

    code: ClassVar[str] = "file-changed"
    path: str
    change: str


class IgnoreMalformed(InvalidInputError):
    """A line of the ignore file cannot be understood."""

    code: ClassVar[str] = "ignore-malformed"
    line: int
    pattern: str
    reason: str


class DigestUnknown(InvalidInputError):
    """A further digest was asked for that is not on offer here."""

    code: ClassVar[str] = "digest-unknown"
    digest: str
    allowed: list[str]


class MetadataInvalid(InvalidInputError):
    """A descriptive field is unknown, missing, too long or has a value that is not allowed.

    `problem` is one of `unknown-field`, `missing`, `wrong-type`, `too-long`, `empty`,
    `not-allowed`, `malformed`; `allowed` names the fields or values that would do.
    """

    code: ClassVar[str] = "metadata-invalid"
    field: str
    problem: str
    value: str
    allowed: list[str]


class ManifestMalformed(InvalidInputError):
    """A manifest is not the canonical form; `line` counts from 1."""

    code: ClassVar[str] = "manifest-malformed"
    line: int
    reason: str


class ManifestInsideContent(InvalidInputError):
    """The manifest would be written into the folder that it describes."""

    code: ClassVar[str] = "manifest-inside-content"
    path: str


class SliceOutOfRange(InvalidInputError):
    """A slice was asked for that the file does not have."""

    code: ClassVar[str] = "slice-out-of-range"
    offset: int
    length: int
    size: int


class SliceProofInvalid(IntegrityError):
    """A slice and its proof do not lead to the content root."""

    code: ClassVar[str] = "slice-proof-invalid"
    reason: str


# The journal, and what is sent through it


class JournalUnusable(ConfigError):
    """The journal cannot be opened or written; `reason` is the system's word for it."""

    code: ClassVar[str] = "journal-unusable"
    path: str
    reason: str


class JournalBusy(ConfigError):
    """Another process held the journal for longer than `seconds`."""

    code: ClassVar[str] = "journal-busy"
    path: str
    seconds: int


class JournalTooNew(ConfigError):
    """A later version wrote the journal; this one knows schemas up to `known`."""

    code: ClassVar[str] = "journal-too-new"
    path: str
    found: int
    known: int


class JournalCorrupt(IntegrityError):
    """The journal is damaged or is no journal; it is left as it is."""

    code: ClassVar[str] = "journal-corrupt"
    path: str
    reason: str


class JournalConflict(IntegrityError):
    """The journal holds something that contradicts what was to be written."""

    code: ClassVar[str] = "journal-conflict"
    transaction: str
    reason: str


class AccountBusy(ChainError):
    """Another process kept sending with the same key for longer than `seconds`."""

    code: ClassVar[str] = "account-busy"
    address: str
    seconds: int


class InsufficientFunds(ChainError):
    """The account cannot pay for gas and value; both amounts are wei in decimal digits."""

    code: ClassVar[str] = "insufficient-funds"
    address: str
    balance: str
    needed: str


class FeeTooHigh(ChainError):
    """The network asks more for gas than the ceiling set; both in wei, decimal digits."""

    code: ClassVar[str] = "fee-too-high"
    asked: str
    ceiling: str


class NonceConflict(ChainError):
    """Another program sends with the same key and took the nonce of a transaction."""

    code: ClassVar[str] = "nonce-conflict"
    address: str
    nonce: int
    transaction: str


class ReceiptTimeout(ChainError):
    """A transaction was sent and not included within `seconds`; it is followed up next time."""

    code: ClassVar[str] = "receipt-timeout"
    transaction: str
    seconds: int


class UnexplainedRevert(ChainError):
    """A transaction failed in a block, and asking again for the reason gave none."""

    code: ClassVar[str] = "unexplained-revert"
    transaction: str
    block: int
    gas_used: int
    gas_limit: int


# Keys


class AccountUnknown(ConfigError):
    """No keystore holds the key of this address."""

    code: ClassVar[str] = "account-unknown"
    address: str
    directory: str


class AccountExists(InvalidInputError):
    """A keystore for this address is there already."""

    code: ClassVar[str] = "account-exists"
    address: str
    path: str


class KeystoreMalformed(ConfigError):
    """A file is not a version 3 keystore that can be read."""

    code: ClassVar[str] = "keystore-malformed"
    path: str
    reason: str


class KeystoreExposed(ConfigError):
    """Others may read a keystore or list its directory; `mode` is its permissions in octal."""

    code: ClassVar[str] = "keystore-exposed"
    path: str
    mode: str


class KeyMalformed(InvalidInputError):
    """What was given is no private key and no mnemonic.

    `problem` is one of `not-hex`, `wrong-length`, `out-of-range`, `mnemonic-invalid`; the key
    itself is never part of an error.
    """

    code: ClassVar[str] = "key-malformed"
    problem: str


class PasswordWrong(InvalidInputError):
    """The password does not open the keystore of this address."""

    code: ClassVar[str] = "password-wrong"
    address: str


# The node


class EndpointMalformed(ConfigError):
    """A node's address is neither `http://…`, `https://…` nor the path of a socket."""

    code: ClassVar[str] = "endpoint-malformed"
    url: str


class NodeUnreachable(ChainError):
    """The node cannot be reached; nothing was sent to it."""

    code: ClassVar[str] = "node-unreachable"
    url: str
    reason: str


class ConnectionLost(NodeUnreachable):
    """The connection broke before the answer was there: the node may or may not have acted."""

    code: ClassVar[str] = "connection-lost"


class NodeBusy(ChainError):
    """The node asked to come back later, in `retry_after` seconds where it said when, else 0."""

    code: ClassVar[str] = "node-busy"
    url: str
    status: int
    retry_after: int


class NodeRejected(ChainError):
    """What answers at the address is no node, or lets nobody in; `status` is of HTTP."""

    code: ClassVar[str] = "node-rejected"
    url: str
    status: int
    reason: str


class NodeAnswerMalformed(ChainError):
    """The node's answer to `method` has not the shape that it must have."""

    code: ClassVar[str] = "node-answer-malformed"
    url: str
    method: str
    reason: str


class NodeRefused(ChainError):
    """The node answered `method` with an error; `data` is what came with it, `0x…` or empty."""

    code: ClassVar[str] = "node-refused"
    url: str
    method: str
    error: int
    message: str
    data: str = ""


class WrongChain(ChainError):
    """The node is on another chain than the one expected."""

    code: ClassVar[str] = "wrong-chain"
    url: str
    expected: int
    actual: int


class BlockUnknown(ChainError):
    """The node has no block of this number."""

    code: ClassVar[str] = "block-unknown"
    url: str
    block: int


class StateUnavailable(ChainError):
    """The node no longer has the state of this block, so the question cannot be decided there."""

    code: ClassVar[str] = "state-unavailable"
    url: str
    block: int


# Ids and vocabulary


class IdMistyped(InvalidInputError):
    """What was given is no id of the kind asked for.

    `kind` is `party`, `product` or `grant`; `problem` is one of `mixed-case`, `no-prefix`,
    `wrong-length`, `bad-character`, `bad-checksum`, `bad-padding`, `other-kind`.
    """

    code: ClassVar[str] = "id-mistyped"
    kind: str
    given: str
    problem: str


class AddressMistyped(InvalidInputError):
    """What was given is no address; `problem` is one of the words of `IdMistyped`."""

    code: ClassVar[str] = "address-mistyped"
    given: str
    problem: str


class TermUnknown(InvalidInputError):
    """A word is not in the vocabulary named; `known` lists the words that are."""

    code: ClassVar[str] = "term-unknown"
    vocabulary: str
    given: str
    known: list[str]


class TerritoryMistyped(InvalidInputError):
    """What was given is no territory code."""

    code: ClassVar[str] = "territory-mistyped"
    given: str


# Terms of grants


class ClausesUnreadable(InvalidInputError):
    """Bytes are not clauses in their one packed form; `offset` is where they stop being so."""

    code: ClassVar[str] = "clauses-unreadable"
    length: int
    offset: int


class ClauseRefused(InvalidInputError):
    """A clause has a value that the terms of a grant cannot have.

    `clause` is its name; `problem` is one of `out-of-range`, `empty`, `unknown-bits`,
    `end-before-start`, `needs-sub-delegation`, `needs-unit`, `needs-model`, `incomplete`,
    `free-has-no-price`, `unsorted`, `too-many`, `not-32-bytes`, `zero`.
    """

    code: ClassVar[str] = "clause-refused"
    clause: str
    given: str
    problem: str


# Settings, accounts in use, and what a person types


class SettingUnknown(ConfigError):
    """A settings file has a key that means nothing."""

    code: ClassVar[str] = "setting-unknown"
    key: str
    file: str


class SettingInvalid(ConfigError):
    """A setting has a value that it cannot have; `origin` is where it was given."""

    code: ClassVar[str] = "setting-invalid"
    key: str
    given: str
    origin: str


class SettingsUnreadable(ConfigError):
    """A settings file cannot be read or understood; `reason` is the reader's word for it."""

    code: ClassVar[str] = "settings-unreadable"
    file: str
    reason: str


class NetworkUnknown(ConfigError):
    """No settings file describes the network; `known` names those that are described."""

    code: ClassVar[str] = "network-unknown"
    network: str
    known: list[str]


class EndpointMissing(ConfigError):
    """The network is described without the URL of a node."""

    code: ClassVar[str] = "endpoint-missing"
    network: str


class NotDeployed(ConfigError):
    """It is not known where the contracts of the network are."""

    code: ClassVar[str] = "not-deployed"
    network: str
    chain_id: int


class AccountNeeded(ConfigError):
    """A write needs an account, and none was chosen; `known` lists those at home."""

    code: ClassVar[str] = "account-needed"
    known: list[str]


class AccountAmbiguous(InvalidInputError):
    """What was given begins the addresses of several accounts, or of none; `matches` lists them."""

    code: ClassVar[str] = "account-ambiguous"
    given: str
    matches: list[str]


class PartyNeeded(ConfigError):
    """The question is about one's own party, and the account in use belongs to none."""

    code: ClassVar[str] = "party-needed"
    account: str


class PartyMismatch(ConfigError):
    """The account in use speaks for the party `actual`, not for the one named."""

    code: ClassVar[str] = "party-mismatch"
    account: str
    party: str
    actual: str


class PasswordNeeded(ConfigError):
    """A password is needed and nobody can be asked for it."""

    code: ClassVar[str] = "password-needed"
    address: str


class PasswordFileUnusable(ConfigError):
    """The file that should hold the password cannot be read, or its first line is empty."""

    code: ClassVar[str] = "password-file-unusable"
    file: str
    reason: str


class ConsentNeeded(ConfigError):
    """A step needs a person's yes and nobody can be asked; `step` names it."""

    code: ClassVar[str] = "consent-needed"
    step: str


class TimeMalformed(InvalidInputError):
    """What was given is no time: neither ISO 8601, nor a duration, nor a block number."""

    code: ClassVar[str] = "time-malformed"
    given: str


class TimeOutOfRange(InvalidInputError):
    """A time lies before 1970 or after the year 2106, where the contracts' clock ends."""

    code: ClassVar[str] = "time-out-of-range"
    given: str


class QuotaMalformed(InvalidInputError):
    """What was given is no amount with a unit; `units` lists the units."""

    code: ClassVar[str] = "quota-malformed"
    given: str
    units: list[str]


class DigestMalformed(InvalidInputError):
    """What was given is no digest of 32 bytes in hexadecimal digits."""

    code: ClassVar[str] = "digest-malformed"
    given: str


class CursorUnknown(InvalidInputError):
    """The list has no such item to go on after."""

    code: ClassVar[str] = "cursor-unknown"
    after: str


class DevChainOnly(ConfigError):
    """The step exists on the dev chain alone."""

    code: ClassVar[str] = "dev-chain-only"
    network: str
    step: str


# The dev chain


class AnvilMissing(ConfigError):
    """No anvil is installed where the dev chain looks for it: `looked` names the places."""

    code: ClassVar[str] = "anvil-missing"
    looked: list[str]


class AnvilFailed(ChainError):
    """Anvil ended, or did not answer in time; `lines` are the last of its log."""

    code: ClassVar[str] = "anvil-failed"
    log: str
    lines: list[str]


class DevChainStopped(ChainError):
    """The dev chain of this home is not running."""

    code: ClassVar[str] = "dev-chain-stopped"
    home: str


class DevChainStale(ChainError):
    """The process recorded for the dev chain is gone; its number may belong to another by now."""

    code: ClassVar[str] = "dev-chain-stale"
    pid: int


class DevChainBusy(ChainError):
    """Another process has been starting or stopping the dev chain for too long."""

    code: ClassVar[str] = "dev-chain-busy"
    seconds: int


class DevChainHanging(ChainError):
    """The dev chain's process does not end, or does not answer."""

    code: ClassVar[str] = "dev-chain-hanging"
    pid: int
    seconds: int


class DevChainDamaged(IntegrityError):
    """A file of the dev chain cannot be read; it is left as it is."""

    code: ClassVar[str] = "dev-chain-damaged"
    path: str
    reason: str


class DevChainLost(IntegrityError):
    """No state file and no replay led to a chain that works; nothing was changed on disk."""

    code: ClassVar[str] = "dev-chain-lost"
    home: str
    reasons: list[str]


class PortTaken(ConfigError):
    """Another program listens on the port that was asked for."""

    code: ClassVar[str] = "port-taken"
    port: int


class ForeignChain(ChainError):
    """At the dev chain's address another chain answers; `found` is its id, or its genesis."""

    code: ClassVar[str] = "foreign-chain"
    url: str
    expected: str
    found: str


# The in-memory ledger


class OperationNotCovered(InvalidInputError):
    """The in-memory ledger carries out the kinds of operations in `covered`, not this one."""

    code: ClassVar[str] = "operation-not-covered"
    operation: str
    covered: list[str]


class MetadataUnreadable(InvalidInputError):
    """A file of descriptive fields is no JSON object; `reason` is the reader's word for it."""

    code: ClassVar[str] = "metadata-unreadable"
    file: str
    reason: str


class ArchiveNeeded(ConfigError):
    """Something is to be kept beside the chain, and the client has no home to keep it in."""

    code: ClassVar[str] = "archive-needed"
    kind: str


class EventContradicted(IntegrityError):
    """The clauses in an event do not lead to the id of the grant that it names."""

    code: ClassVar[str] = "event-contradicted"
    grant: str
    transaction: bytes


# Reading the chain


class ArgumentUnfit(InvalidInputError):
    """A value does not fit into the parameter of a contract's function that it was given for."""

    code: ClassVar[str] = "argument-unfit"
    function: str
    reason: str


class VersionsContradicted(IntegrityError):
    """The events of a product do not lead to the digest of its versions that the chain stores."""

    code: ClassVar[str] = "versions-contradicted"
    product: str
    version: int
    block: int


# Deployments


class ContractMissing(ConfigError):
    """At the address there is no contract, where the one named should be."""

    code: ClassVar[str] = "contract-missing"
    name: str
    address: str
    url: str


class CodeUnknown(IntegrityError):
    """The contract's code is of no build that this version knows; `code_hash` is its Keccak-256."""

    code: ClassVar[str] = "code-unknown"
    name: str
    address: str
    code_hash: bytes


class DeploymentUnfinished(ConfigError):
    """The directory was never sealed; `made` names the contracts that it has so far."""

    code: ClassVar[str] = "deployment-unfinished"
    directory: str
    made: list[str]


class InterfaceUnsupported(ConfigError):
    """The contracts speak version `found` of their interfaces, this client version `known`."""

    code: ClassVar[str] = "interface-unsupported"
    directory: str
    found: int
    known: int


class DeploymentContradicted(IntegrityError):
    """A contract is not the one that the directory recorded, or is tied to another deployment's."""

    code: ClassVar[str] = "deployment-contradicted"
    contract: str
    address: str
